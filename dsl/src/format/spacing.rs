//! Whether a space stands between two words that follow each other.

/// `apart`: whether anything stood between them in the source.
pub(super) fn is_spaced(before: &str, word: &str, apart: bool) -> bool {
    match (before, word) {
        ("(" | "[", _) | (_, "," | ")" | "]" | ":") => false,
        ("," | ":", _) => true,
        ("..", _) | (_, "..") => false,
        _ if is_key(word) => false,
        _ => apart || stands_free(before) || stands_free(word),
    }
}

/// What leads into a value, as in `last "purchase".items[0]`.
fn is_key(word: &str) -> bool {
    word.starts_with('.') || word.len() > 1 && word.starts_with('[')
}

/// What has a space on both sides even where nobody wrote one.
fn stands_free(word: &str) -> bool {
    word.starts_with('"')
        || word.ends_with(['"', ']'])
        || matches!(word, "(" | ")" | "[" | "]" | "{" | "}")
        || is_operator(word)
}

fn is_operator(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| "=<>!+-*/&|".contains(c))
}

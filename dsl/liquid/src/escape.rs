//! Escaping for HTML, shared by the output and the filters.

use std::fmt;

/// Writes `text` so that HTML shows it as it is; what needs no escaping goes out in whole stretches.
pub(crate) fn html(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (plain, tail) = rest.split_at(at);
        out.write_str(plain)?;
        let mut letters = tail.chars();
        out.write_str(letters.next().and_then(entity).unwrap_or_default())?;
        rest = letters.as_str();
    }
    out.write_str(rest)
}

/// The length of the text once it is escaped.
pub(crate) fn html_len(text: &str) -> usize {
    let grown: usize = text.chars().filter_map(entity).map(|entity| entity.len() - 1).sum();
    text.len() + grown
}

/// What stands for this letter in HTML, where the letter itself may not.
pub(crate) fn entity(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

fn special(letter: char) -> bool {
    entity(letter).is_some()
}

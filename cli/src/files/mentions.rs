//! Which files a source may refer to, found before it is parsed: the compiler reads no files, so
//! their contents have to be there when it starts.
//!
//! What looks like a reference in a comment or a string is found too; that does no harm.

/// The word before the path.
const WORD: &str = "file";

/// The paths of everything that looks like `file "…"`, as written.
pub(super) fn mentions(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices(WORD) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let rest = text.get(at + WORD.len()..).unwrap_or_default();
        if let Some(path) = rest.trim_start().strip_prefix('"').and_then(string)
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    paths
}

/// The text up to the closing quote, with its escapes undone.
fn string(text: &str) -> Option<String> {
    let mut path = String::new();
    let mut letters = text.chars();
    loop {
        match letters.next()? {
            '"' => return (!path.is_empty()).then_some(path),
            '\n' => return None,
            '\\' => path.push(letters.next()?),
            letter => path.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn references_are_found() {
        let cases: [(&str, &[&str]); 8] = [
            ("body: file \"a.html\"", &["a.html"]),
            ("body:file\n  \"b/a.html\" text: file \"c.txt\"", &["b/a.html", "c.txt"]),
            ("file \"a\" file \"a\"", &["a"]),
            (r#"file "a \"b\".html""#, &["a \"b\".html"]),
            ("profile \"a.html\"", &[]),
            ("file: \"a.html\"", &[]),
            ("file \"never closed\n", &[]),
            ("file \"\" file", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(mentions(text), expected, "{text}");
        }
    }
}

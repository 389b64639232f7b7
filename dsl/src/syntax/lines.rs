//! Text as lines: one-line forms, indentation, line ends.

use super::scan;

/// The text without comments and line breaks, one space wherever there was any outside strings.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in scan::pieces(text) {
        let part = text.get(piece.start..piece.end).unwrap_or_default();
        match piece.kind {
            scan::PieceKind::Comment => {}
            scan::PieceKind::Text => {
                line.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            scan::PieceKind::Blank => {
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            scan::PieceKind::Sign(_) | scan::PieceKind::Other => line.push_str(part),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// The tokens of the text with one space between any two: the same for any layout.
pub(crate) fn tokens(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in scan::pieces(text) {
        if matches!(piece.kind, scan::PieceKind::Comment | scan::PieceKind::Blank) {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(text.get(piece.start..piece.end).unwrap_or_default());
    }
    line
}

/// Where the line with byte `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Where the line with byte `at` ends, its line break apart.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    at + rest.get(..length).unwrap_or_default().trim_end_matches('\r').len()
}

/// Columns of white space at the beginning of the line with byte `at`.
pub(super) fn indentation(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..).unwrap_or_default();
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).count()
}

/// Whether nothing but white space stands before byte `at` on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    text.get(line_start(text, at)..at).is_some_and(|before| before.chars().all(scan::is_blank))
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn any_white_space_is_one_space() {
        for text in ["a b", " a \n\t b ", "a # c\n b", "\u{FEFF}a\u{FEFF}b\u{FEFF}", "a\u{A0}b"] {
            assert_eq!(one_line(text), "a b", "{text:?}");
        }
    }
}

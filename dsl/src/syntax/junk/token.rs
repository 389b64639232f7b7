//! The words and signs of a line that nothing took.

use crate::span::Span;
use crate::syntax::scan::{self, PieceKind};

/// The first line under a span.
pub(super) fn first_line(span: Span, text: &str) -> Span {
    let length = span.text(text).lines().next().map_or(0, str::len);
    Span::new(span.file, span.start, span.start + length)
}

/// The word at the beginning.
pub(super) fn first_word(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().filter(|word| !word.is_empty())
}

/// Length of `label: ` at the beginning, 0 without one.
pub(super) fn label_length(text: &str) -> usize {
    let word = first_word(text)
        .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .map_or(0, str::len);
    match text.get(word..).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) if word > 0 && !rest.trim_start().is_empty() => {
            text.len() - rest.trim_start().len()
        }
        _ => 0,
    }
}

/// The token at the beginning of `span`; an empty span at the end of a line where there is none.
/// A time, a date and a path are one token each.
pub(crate) fn token_at(text: &str, span: Span) -> Span {
    let rest = text.get(span.start..).unwrap_or_default();
    let mut at = span.start;
    for piece in scan::pieces(rest.get(..line_limit(rest)).unwrap_or_default()) {
        at = span.start + piece.start;
        match piece.kind {
            PieceKind::Blank => {}
            PieceKind::Comment => break,
            PieceKind::Text | PieceKind::Sign(_) => {
                return Span::new(span.file, at, span.start + piece.end);
            }
            PieceKind::Other => {
                let end = span.start + piece.end;
                return Span::new(
                    span.file,
                    at,
                    end + joined(text.get(at..).unwrap_or_default(), end - at),
                );
            }
        }
    }
    let end = span.start + rest.get(..at - span.start).unwrap_or_default().trim_end().len();
    Span::new(span.file, end, end)
}

/// How much of what follows the word at the beginning belongs to it: `:00` after `09`, `.plan`
/// after `customer`.
fn joined(rest: &str, word: usize) -> usize {
    let signs: &[char] = match rest.chars().next() {
        Some(first) if first.is_ascii_digit() => &[':', '-'],
        Some(first) if first.is_alphabetic() => &['.'],
        Some('=' | '!' | '<' | '>' | '&' | '|') => {
            return rest.get(word..).map_or(0, |rest| {
                rest.find(|c| !matches!(c, '=' | '<' | '>' | '&' | '|')).unwrap_or(rest.len())
            });
        }
        _ => return 0,
    };
    let mut end = word;
    while let Some(after) = rest.get(end..).and_then(|rest| rest.strip_prefix(signs)) {
        let length =
            after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
        if length == 0 {
            break;
        }
        end += 1 + length;
    }
    end - word
}

/// Far enough to see the next token, which may be a block string.
fn line_limit(rest: &str) -> usize {
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let line = rest.get(blank..).unwrap_or_default();
    if line.starts_with("\"\"\"") {
        rest.len()
    } else {
        blank + line.find('\n').unwrap_or(line.len())
    }
}

/// The token as a message shows it.
pub(super) fn quoted(text: &str, token: Span) -> String {
    match token.text(text) {
        "" if token.start >= text.len() => "the end of the file".to_owned(),
        "" => "the end of the line".to_owned(),
        word => match word.chars().next() {
            Some(first) if first.is_control() => {
                format!("the invisible character U+{:04X}", u32::from(first))
            }
            _ => format!("`{}`", word.lines().next().unwrap_or_default()),
        },
    }
}

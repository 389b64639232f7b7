//! Double quotes inside `{{ … }}` or `{% … %}` of a string on one line. They would end the string;
//! here they are taken for the single quotes that are meant, in a copy that keeps every offset.

use super::lines::line_end;
use super::scan::{self, PieceKind};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::{FileIndex, Span};

/// Text in which such strings are whole, and a message for each.
pub(super) struct Mended {
    pub(super) text: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

pub(super) fn mend(text: &str, file: FileIndex) -> Mended {
    let mut bytes = text.as_bytes().to_vec();
    let mut diagnostics = Vec::new();
    let mut from = 0;
    for piece in scan::pieces(text) {
        let string = text.get(piece.start..piece.end).unwrap_or_default();
        if piece.start < from
            || piece.kind != PieceKind::Text
            || !string.starts_with('"')
            || string.starts_with("\"\"\"")
        {
            continue;
        }
        let line = text.get(piece.start..line_end(text, piece.start)).unwrap_or_default();
        let inner = quotes_inside(line);
        let (Some(first), Some(last)) = (inner.first(), inner.last()) else {
            continue;
        };
        from = piece.start + last + 1;
        let place = |at: &usize| Span::new(file, piece.start + at, piece.start + at + 1);
        let escaped = line.get(*first..*last).is_some_and(|inside| inside.contains('\''));
        let quote = if escaped { "\\\"" } else { "'" };
        let edits = inner.iter().map(|at| Edit { span: place(at), text: quote.to_owned() });
        for at in &inner {
            if let Some(byte) = bytes.get_mut(piece.start + at) {
                *byte = b'\'';
            }
        }
        let shown = Span::new(file, piece.start + first, piece.start + last + 1);
        diagnostics.push(
            Diagnostic::new(
                Code::J0129,
                shown,
                "double quotes inside `{{ … }}` would end the text",
            )
            .here("quotes inside quotes")
            .fix(
                format!("write {} inside", if escaped { "`\\\"`" } else { "single quotes" }),
                edits.collect(),
            ),
        );
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned());
    Mended { text, diagnostics }
}

/// Offsets of the quotes that stand inside the tags of the string at the beginning of `line`. None
/// where the string ends before its tag does and no other quote ends it.
fn quotes_inside(line: &str) -> Vec<usize> {
    let mut inside = Vec::new();
    let mut closer: Option<&str> = None;
    let mut pending: Vec<usize> = Vec::new();
    let mut at = 1;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.chars().next().map_or(1, char::len_utf8);
        match closer {
            None if rest.starts_with("{{") => closer = Some("}}"),
            None if rest.starts_with("{%") => closer = Some("%}"),
            None if rest.starts_with('"') => return inside,
            Some(end) if rest.starts_with(end) => {
                if pending.len() % 2 == 1 {
                    return Vec::new();
                }
                inside.append(&mut pending);
                closer = None;
            }
            Some(_) if rest.starts_with('"') => pending.push(at),
            _ => {}
        }
        at += if rest.starts_with('\\') {
            1 + rest.chars().nth(1).map_or(0, char::len_utf8)
        } else {
            length
        };
    }
    Vec::new()
}

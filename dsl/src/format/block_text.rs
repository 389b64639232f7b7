//! Texts in `""" … """`: indented anew where that leaves what they say as it is.

use crate::ast::block_lines;

const QUOTES: &str = "\"\"\"";

/// The same text, its lines and its closing quotes `indent` columns deep.
pub(super) fn indented(raw: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let inside = inside(raw);
    let mut text = QUOTES.to_owned();
    let ends_blank = inside.rsplit('\n').next().is_some_and(|last| last.trim().is_empty());
    let begins_blank = inside.split('\n').next().is_some_and(|first| first.trim().is_empty());
    for (index, (_, line)) in block_lines(inside).into_iter().enumerate() {
        if index > 0 || begins_blank {
            text.push('\n');
            if !line.is_empty() {
                text.push_str(&margin);
            }
        }
        text.push_str(line);
    }
    if ends_blank {
        text.push('\n');
        text.push_str(&margin);
    }
    text.push_str(QUOTES);
    if value(&text) == value(raw) { text } else { raw.to_owned() }
}

/// What a block text says.
pub(super) fn value(raw: &str) -> String {
    let lines: Vec<&str> = block_lines(inside(raw)).into_iter().map(|(_, line)| line).collect();
    lines.join("\n")
}

fn inside(raw: &str) -> &str {
    raw.strip_prefix(QUOTES).and_then(|raw| raw.strip_suffix(QUOTES)).unwrap_or_default()
}

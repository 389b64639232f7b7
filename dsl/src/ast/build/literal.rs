//! Strings: their forms, escapes and common indentation.

use super::Builder;
use crate::ast::Template;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{Node, Rule};

/// A text as it grows, with the way back to the source.
struct Growing {
    text: String,
    origin: Vec<(usize, usize)>,
}

impl Growing {
    const fn new() -> Self {
        Self { text: String::new(), origin: Vec::new() }
    }

    fn push(&mut self, part: &str, source: usize) {
        let at = self.text.len();
        let goes_on = self.origin.last().is_some_and(|(text, from)| from + at - text == source);
        if !goes_on {
            self.origin.push((at, source));
        }
        self.text.push_str(part);
    }
}

impl Builder<'_> {
    /// What a `text` says.
    pub(super) fn string(&mut self, node: &Node) -> Template {
        let rule = node.children.first().map_or(Rule::string, |form| form.rule);
        let span = node.span;
        let raw = span.text(self.text);
        match rule {
            Rule::block_string => self.block(span, 3),
            Rule::open_block => {
                let opener = Span::new(span.file, span.start, span.start + 3);
                self.report(
                    Diagnostic::new(Code::J0102, opener, "this block string does not end")
                        .here("opened here")
                        .help("end it with `\"\"\"` on a line of its own"),
                );
                self.block(span, 0)
            }
            Rule::open_string => {
                let end = Span::new(span.file, span.end, span.end);
                self.report(
                    Diagnostic::new(Code::J0102, span, "this string does not end on its line")
                        .here("a `\"` is missing")
                        .replace(
                            "end it with `\"`; longer texts stand in `\"\"\" … \"\"\"`",
                            end,
                            "\"",
                        )
                        .guessed(),
                );
                self.escaped(span, 1, 0)
            }
            Rule::curly_string | Rule::single_string => {
                let open = raw.chars().next().map_or(1, char::len_utf8);
                let close = raw.chars().last().map_or(1, char::len_utf8);
                let inside = raw.get(open..raw.len() - close).unwrap_or_default().to_owned();
                let kind = if rule == Rule::curly_string { "typographic" } else { "single" };
                self.report(
                    Diagnostic::new(
                        Code::J0103,
                        span,
                        format!("{kind} quotes do not make a string"),
                    )
                    .here("written in quotes of another kind")
                    .replace(
                        format!("write `\"{inside}\"`"),
                        span,
                        format!("\"{}\"", inside.replace('\\', "\\\\").replace('"', "\\\"")),
                    ),
                );
                let start = span.start + open;
                Template { text: inside, span, origin: vec![(0, start)] }
            }
            _ => self.escaped(span, 1, 1),
        }
    }

    fn escaped(&mut self, span: Span, open: usize, close: usize) -> Template {
        let raw = span.text(self.text).to_owned();
        let inside = raw.get(open..raw.len().saturating_sub(close)).unwrap_or_default();
        let mut out = Growing::new();
        let mut rest = inside;
        while let Some(first) = rest.chars().next() {
            let at = span.start + open + inside.len() - rest.len();
            let length = if first == '\\' {
                let (character, length) = escape(rest);
                match character {
                    Some(character) => out.push(character.encode_utf8(&mut [0; 4]), at),
                    None => self.unknown_escape(Span::new(span.file, at, at + length)),
                }
                length
            } else {
                let plain = rest.find('\\').unwrap_or(rest.len());
                out.push(rest.get(..plain).unwrap_or_default(), at);
                plain
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        Template { text: out.text, span, origin: out.origin }
    }

    fn unknown_escape(&mut self, span: Span) {
        let written = span.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0119, span, format!("unknown escape `{written}` in a string"))
                .here("not one of the escapes")
                .help("there are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{1F600}`; a backslash itself is `\\\\`"),
        );
    }

    fn block(&mut self, span: Span, close: usize) -> Template {
        let raw = span.text(self.text);
        let inside = raw.get(3..raw.len().saturating_sub(close)).unwrap_or_default();
        let from = span.start + 3;
        let mut out = Growing::new();
        let mut line_break = None;
        for (start, line) in block_lines(inside) {
            if let Some(at) = line_break {
                out.push("\n", at);
            }
            out.push(line, from + start);
            line_break = Some(from + start + line.len());
        }
        Template { text: out.text, span, origin: out.origin }
    }
}

/// What stands between `"""` and `"""`, by lines and with the place of each: the first and the last
/// line go where they are blank, and so does the indentation that all lines share.
pub(crate) fn block_lines(inside: &str) -> Vec<(usize, &str)> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in inside.split('\n') {
        lines.push((at, line.strip_suffix('\r').unwrap_or(line)));
        at += line.len() + 1;
    }
    let indent = lines
        .iter()
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(_, line)| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    if lines.len() > 1 && lines.last().is_some_and(|(_, line)| line.trim().is_empty()) {
        lines.pop();
    }
    let mut kept = Vec::new();
    for (index, (start, line)) in lines.into_iter().enumerate() {
        if index == 0 && line.trim().is_empty() {
            continue;
        }
        let cut = if index == 0 { 0 } else { indent.min(line.len()) };
        kept.push((start + cut, line.get(cut..).unwrap_or_default()));
    }
    kept
}

/// The character of the escape at the beginning of `rest`, and its length in the source.
fn escape(rest: &str) -> (Option<char>, usize) {
    let second = rest.chars().nth(1);
    let length = 1 + second.map_or(0, char::len_utf8);
    let character = match second {
        Some('"') => Some('"'),
        Some('\\') => Some('\\'),
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('u') => return unicode_escape(rest),
        _ => None,
    };
    (character, length)
}

fn unicode_escape(rest: &str) -> (Option<char>, usize) {
    let digits =
        rest.strip_prefix("\\u{").and_then(|inner| inner.split_once('}')).map(|(digits, _)| digits);
    match digits {
        Some(digits) if digits.len() <= 6 => {
            let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            (character, digits.len() + 4)
        }
        _ => (None, 2),
    }
}

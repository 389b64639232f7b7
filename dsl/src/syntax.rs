//! Text to a tree that keeps everything: comments, blank lines, and what could not be understood.
//!
//! Parsing never fails. What stands in the tree as junk or as a slip is named by a diagnostic,
//! either here (whatever keeps text from being read) or where the tree becomes [`crate::ast`].

mod balance;
mod grammar;
mod junk;
mod lines;
mod parts;
mod scan;
mod slips;
mod templates;
mod tree;
mod words;

pub use grammar::Rule;
pub use lines::one_line;
pub(crate) use lines::tokens;
pub use tree::{Node, Tree};
pub use words::KEYWORDS;
pub(crate) use words::nearest;

use pest::Parser as _;

use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileIndex, Span};
use grammar::Grammar;

/// Bytes of one source file.
pub const SOURCE_BYTES_MAX: usize = 1 << 20;
/// Brackets and braces that may be open at once.
pub const NESTING_MAX: usize = 32;

/// A tree and what is wrong with its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Covers the whole text; without children where the text is beyond a limit.
    pub tree: Tree,
    /// In source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses one file.
#[must_use]
pub fn parse(text: &str, file: FileIndex) -> Parsed {
    parse_rule(Rule::file, text, file)
}

/// Parses one condition, as the API takes it. The root is a `condition_only`, without children
/// where there are diagnostics.
#[must_use]
pub fn parse_condition(text: &str, file: FileIndex) -> Parsed {
    parse_rule(Rule::condition_only, text, file)
}

fn parse_rule(rule: Rule, text: &str, file: FileIndex) -> Parsed {
    let whole = Span::new(file, 0, text.len());
    let nothing =
        |diagnostic| Parsed { tree: Tree::empty(rule, whole), diagnostics: vec![diagnostic] };
    if text.len() > SOURCE_BYTES_MAX {
        return nothing(too_large(text, file));
    }
    let templates::Mended { text: mended, diagnostics: quotes } = templates::mend(text, file);
    let text = mended.as_str();
    let pieces = scan::pieces(text);
    let marks = scan::marks(&pieces);
    if let Some(at) = scan::first_beyond(&marks, NESTING_MAX) {
        return nothing(too_deep(Span::new(file, at, at + 1)));
    }
    let balanced = balance::balance(text, &marks, file);
    let whole_text = std::iter::once(0..text.len());
    let parts = match rule {
        Rule::file => parts::parts(text, &pieces),
        _ => whole_text.collect(),
    };
    let mut growing = tree::Growing::new(text, file);
    for part in parts {
        let span = Span::new(file, part.start, part.end);
        match Grammar::parse(rule, balanced.text.get(part).unwrap_or_default()) {
            Ok(pairs) => growing.add(rule, pairs, span.start),
            Err(error) => return nothing(junk::expectation(&error, text, span, &[])),
        }
    }
    let tree = growing.tree(rule);
    let mut diagnostics = quotes;
    diagnostics.extend(balanced.diagnostics);
    diagnostics.extend(junk::explain(&tree, text, file));
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
    Parsed { tree, diagnostics }
}

fn too_large(text: &str, file: FileIndex) -> Diagnostic {
    let mut end = SOURCE_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Diagnostic::new(
        Code::J0902,
        Span::new(file, end, end),
        format!("this file has {} bytes, the most is {SOURCE_BYTES_MAX}", text.len()),
    )
    .here("the limit is here")
    .help("spread the declarations over several files; they are compiled together")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::J0903,
        span,
        format!("more than {NESTING_MAX} brackets and braces are open at once"),
    )
    .here("one too many")
    .help("put inner steps into a campaign of their own, or inner conditions into a segment")
}

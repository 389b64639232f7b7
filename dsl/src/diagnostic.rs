//! Problems as data. Text, JSON and GraphQL are views of the same [`Diagnostic`].

mod build;
mod code;
mod excerpt;
pub mod fix;
pub mod render;

pub use code::{Code, explain};
pub use excerpt::visible;
use serde::Serialize;

use crate::span::Span;

/// How bad it is. Warnings alone do not fail a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is compiled from source text that has one.
    Error,
    /// Probably not what was meant.
    Warning,
}

/// One problem in source text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable for ever, with a page of its own.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One sentence in plain words: lower case, no full stop, the author's text in back-ticks.
    pub message: String,
    /// Where, and what is wrong just there.
    pub primary: Label,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
    /// Why it is so.
    pub note: Option<String>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}

/// A place and a word about it; the word may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// Edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What they do, as an order: `write ==`.
    pub title: String,
    /// Whether they may be made unasked.
    pub applicability: Applicability,
    /// Do not overlap.
    pub edits: Vec<Edit>,
}

/// How sure it is that a fix says what the author meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicability {
    /// Nothing else can be meant, so that a program may make the edits by itself.
    Safe,
    /// Something else may be meant: only the author can tell.
    Guess,
}

/// Replace a range by a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What goes; may be empty.
    pub span: Span,
    /// What comes.
    pub text: String,
}

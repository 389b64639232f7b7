//! What can be wrong with a template, before and while it renders; always with a place in its source.

use std::ops::Range;

use thiserror::Error;

/// Why a source text is not a template; nothing of it can be rendered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ParseError {
    /// What was expected and what was found, fit to be shown to the author.
    pub message: String,
    /// The offending bytes of the source.
    pub span: Range<usize>,
    /// What the author can do about it, where that is known.
    pub help: Option<String>,
}

impl ParseError {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span, help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Why a template could not be rendered with this data; what was written until then is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// A variable without a value was printed or filtered, and no `default` stood behind it.
    #[error("`{path}` is missing")]
    Missing {
        /// The variable as the template writes it.
        path: String,
        /// Where the template reads it.
        span: Range<usize>,
    },
    /// The template costs more than its caller allows.
    #[error("the template needs more than {limit} {what}")]
    Limit {
        /// What ran out, as a plural.
        what: &'static str,
        /// How much of it was allowed.
        limit: u64,
        /// The part of the template that asked for more.
        span: Range<usize>,
    },
    /// A filter or a loop was given something it cannot work with.
    #[error("{message}")]
    Filter {
        /// What was expected and what was found.
        message: String,
        /// The filter with its arguments, or the argument of the loop.
        span: Range<usize>,
    },
}

/// A fault that does not know its place yet.
#[derive(Debug)]
pub(crate) enum Fault {
    Message(String),
    Limit { what: &'static str, limit: u64 },
}

impl Fault {
    pub(crate) fn at(self, span: &Range<usize>) -> RenderError {
        match self {
            Self::Message(message) => RenderError::Filter { message, span: span.clone() },
            Self::Limit { what, limit } => RenderError::Limit { what, limit, span: span.clone() },
        }
    }
}

impl<T: Into<String>> From<T> for Fault {
    fn from(message: T) -> Self {
        Self::Message(message.into())
    }
}

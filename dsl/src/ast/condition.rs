//! Conditions, values and paths as written.

use super::{Name, Spanned, Template};
use crate::expr::{CompareOp, Count, Key, Presence, Scope, TextOp};
use crate::span::Span;
use crate::time::Length;

/// A question with the answer yes or no.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The question.
    pub kind: ConditionKind,
    /// All of it.
    pub span: Span,
}

/// See [`crate::expr::Condition`].
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionKind {
    /// `a and b`
    All(Vec<Condition>),
    /// `a or b`
    Any(Vec<Condition>),
    /// `not a`
    Not(Box<Condition>),
    /// Two values side by side.
    Compare {
        /// Left side.
        left: Expr,
        /// The comparison.
        op: Spanned<CompareOp>,
        /// Right side.
        right: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `between A and B`
    Between {
        /// What is judged.
        value: Expr,
        /// Lower end.
        low: Expr,
        /// Upper end.
        high: Expr,
    },
    /// `in [ … ]`
    In {
        /// What is looked for.
        value: Expr,
        /// Where.
        list: Vec<Expr>,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// Text predicates.
    Text {
        /// What is searched.
        left: Expr,
        /// The comparison.
        op: Spanned<TextOp>,
        /// What for.
        right: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `exists`, `is missing`, `is empty`
    Presence {
        /// Of what.
        path: Path,
        /// The question.
        test: Presence,
    },
    /// `in segment "x"`
    InSegment(Name),
    /// `performed "x" …`
    Performed {
        /// Name of the event.
        event: Name,
        /// `where (…)`
        filter: Option<Box<Condition>>,
        /// How often.
        count: Count,
        /// When.
        window: Spanned<Window>,
    },
    /// Reported already.
    Unknown,
}

/// See [`crate::expr::Window`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// From the beginning.
    Ever,
    /// `in the last D`
    Last(Length),
    /// `since entry`
    SinceEntry,
}

/// Something that has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `"…"`
    Text(Template),
    /// `10`, `2.5`
    Number(f64),
    /// `true`, `false`
    Boolean(bool),
    /// `[ … ]`
    List(Vec<Expr>),
    /// `{ … }`
    Object(Vec<(Name, Expr)>),
    /// `customer.plan`
    Path(Path),
    /// Reported already.
    Unknown,
}

/// `customer.address.city`
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The first word.
    pub scope: Name,
    /// The rest.
    pub keys: Vec<Key>,
    /// All of it.
    pub span: Span,
}

/// The words a path can begin with.
pub const SCOPES: [(&str, Scope); 6] = [
    ("customer", Scope::Customer),
    ("event", Scope::Event),
    ("trigger", Scope::Trigger),
    ("journey", Scope::Journey),
    ("with", Scope::With),
    ("message", Scope::Message),
];

/// The scope of this word.
#[must_use]
pub fn scope_of(word: &str) -> Option<Scope> {
    SCOPES.iter().find(|(name, _)| *name == word).map(|(_, scope)| *scope)
}

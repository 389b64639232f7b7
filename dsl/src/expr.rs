//! Values and conditions as data: what `language.md` calls expressions and predicates, after names
//! and durations were understood. Evaluation is in [`eval`].

pub mod eval;
pub mod reads;
mod text;
pub mod value;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::Length;

/// Everything a person's attributes, events and variables can hold. Numbers are doubles to the
/// language; `null` is the same as missing.
pub type Value = serde_json::Value;
/// An object of values; keeps the order in which keys came.
pub type Object = serde_json::Map<String, Value>;

/// The closed list of what a path can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The person's attributes.
    Customer,
    /// The event under judgement, only in `where` of triggers, signals and behaviour.
    Event,
    /// What started the run.
    Trigger,
    /// Variables of the run.
    Journey,
    /// Data given to a message by its `send`.
    With,
    /// The rendered message, only in tests.
    Message,
}

/// One step of a path behind its scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// `.name` or `["name"]`.
    Name(String),
    /// `[0]`.
    Index(usize),
}

/// `customer.address.city`, `event.items[0]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Where it begins.
    pub scope: Scope,
    /// The way from there; empty means the whole scope.
    pub keys: Vec<Key>,
}

/// Something that has a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// Written out: string, number, boolean, list or object.
    Literal(Value),
    /// Looked up.
    Path(Path),
    /// A string with Liquid in it, rendered on use.
    Template(String),
}

/// How two scalars are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`: the negation of `==`, so true where a side is missing.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// How texts (and `contains` for lists) are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextOp {
    /// Text in text, or element in list.
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches "glob*"`: `*` stands for any text, `?` for one character.
    Matches,
}

/// What `exists`, `is missing` and `is empty` ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Has a value that is not null.
    Exists,
    /// Has none, or null.
    Missing,
    /// Missing, `""`, `[]` or `{}`.
    Empty,
}

/// Which number of times counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// `at least N times`; plain `performed` is at least 1.
    AtLeast(u32),
    /// `at most N times`.
    AtMost(u32),
    /// `exactly N times`, also plain `N times`.
    Exactly(u32),
}

/// Which span of time behaviour is looked at in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// From the beginning.
    Ever,
    /// `in the last D`: an event at `t` counts from `t` until just before `t + D`.
    Last(Length),
    /// `since entry`: strictly after the run began.
    SinceEntry,
}

/// A question with the answer yes or no.
///
/// Three-valued rules of the language are folded in: a predicate on a missing value is false,
/// [`Condition::Not`] negates that plainly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// `a and b`; true when empty.
    All(Vec<Condition>),
    /// `a or b`; false when empty.
    Any(Vec<Condition>),
    /// `not a`.
    Not(Box<Condition>),
    /// Scalars side by side. Values of different types are not equal and have no order.
    Compare {
        /// Left side.
        left: Expr,
        /// The comparison.
        op: CompareOp,
        /// Right side.
        right: Expr,
        /// `ignoring case` at the end.
        ignoring_case: bool,
    },
    /// `between A and B`, both ends included.
    Between {
        /// What is judged.
        value: Expr,
        /// Lower end.
        low: Expr,
        /// Upper end.
        high: Expr,
    },
    /// `in ["a", "b"]`.
    In {
        /// What is looked for.
        value: Expr,
        /// Where.
        list: Vec<Expr>,
        /// `ignoring case` at the end.
        ignoring_case: bool,
    },
    /// Text predicates.
    Text {
        /// The text (or list) that is searched.
        left: Expr,
        /// The comparison.
        op: TextOp,
        /// What is searched for.
        right: Expr,
        /// `ignoring case` at the end.
        ignoring_case: bool,
    },
    /// `exists`, `is missing`, `is empty`.
    Presence {
        /// What is asked about.
        path: Path,
        /// The question.
        test: Presence,
    },
    /// `in segment "S"`.
    InSegment(Arc<str>),
    /// `performed "x" [where (…)] [count] [window]`.
    Performed {
        /// What is counted.
        atom: Atom,
        /// How often.
        count: Count,
        /// When.
        window: Window,
    },
}

/// An event name with the filter on `event.*` under which a person's timestamps are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Atom {
    /// Name of the event, exact.
    pub event: Arc<str>,
    /// Filter; reads `event.*` only.
    pub filter: Option<Box<Condition>>,
}

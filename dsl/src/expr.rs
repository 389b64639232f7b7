//! Values and conditions as data: what `language.md` calls expressions and predicates, after names
//! and durations were understood. Evaluation is in [`eval`].

mod behaviour;
pub mod eval;
mod moment;
pub mod reads;
mod text;
pub mod value;

pub(crate) use value::number;

pub use behaviour::{
    Activity, ActivityKind, Atom, Interaction, InteractionKind, Occurrence, Platform, Total,
    TotalFunction, Which,
};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::{Length, MomentLiteral, TimeOfDay, Unit, Zone};

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
    /// A row of a collection, only in `lookup`.
    Row,
    /// A member of a list, only in `any … where`.
    Item,
    /// A thing that people are related to.
    Object,
    /// What joins a person and an object.
    Relationship,
    /// The person or object before the change that is judged, only in triggers.
    Old,
    /// What an operator keeps for `call`, and nobody reads.
    Secret,
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
    /// `[…]` with a member that is not written out.
    List(Vec<Expr>),
    /// `{ … }` with a member that is not written out.
    Object(Vec<(String, Expr)>),
    /// Two values joined by a sign; missing where a side is.
    Arithmetic {
        /// Left side: a number, a text, a moment or a duration.
        left: Box<Expr>,
        /// The sign.
        op: ArithmeticOp,
        /// Right side.
        right: Box<Expr>,
    },
    /// `PATH default LIT`: the literal where the path is missing.
    Default {
        /// What is looked up.
        value: Box<Expr>,
        /// What stands in for it.
        default: Value,
    },
    /// A length of time, only beside a moment.
    Duration(Duration),
    /// A moment written out.
    Moment(MomentLiteral),
    /// `EXPR at 09:00 [in ZONE]`: days and weeks before it are days of that zone's calendar.
    At {
        /// A moment on the day that is meant.
        day: Box<Expr>,
        /// The time of that day.
        time: TimeOfDay,
        /// Whose clock shows it.
        zone: Zone,
    },
    /// A number made of all events of a kind.
    Total(Box<Total>),
    /// One event of a person's past.
    Occurrence(Box<Occurrence>),
}

impl Expr {
    /// Adds the texts in it that are rendered.
    pub(crate) fn templates<'e>(&'e self, found: &mut Vec<&'e str>) {
        match self {
            Self::Template(source) => found.push(source),
            Self::List(members) => members.iter().for_each(|member| member.templates(found)),
            Self::Object(entries) => {
                entries.iter().for_each(|(_, value)| value.templates(found));
            }
            Self::Arithmetic { left, right, .. } => {
                left.templates(found);
                right.templates(found);
            }
            Self::Default { value, .. } | Self::At { day: value, .. } => value.templates(found),
            Self::Literal(_)
            | Self::Path(_)
            | Self::Duration(_)
            | Self::Moment(_)
            | Self::Total(_)
            | Self::Occurrence(_) => {}
        }
    }
}

/// `+ - * /`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArithmeticOp {
    /// `+`; also joins texts, and adds a duration to a moment.
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero it is missing.
    Divide,
}

impl ArithmeticOp {
    /// As it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// `2 days`
    Fixed(Length),
    /// `(trigger.days_supply - 5) days`; none where the number is missing or negative.
    Computed {
        /// How many.
        amount: Box<Expr>,
        /// Of what.
        unit: Unit,
    },
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// From the beginning.
    Ever,
    /// `in the last D`: an event at `t` counts from `t` until just before `t + D`.
    Last(Length),
    /// `since entry`: strictly after the run began.
    SinceEntry,
    /// `before MOMENT`
    Before(Box<Expr>),
    /// `after MOMENT`
    After(Box<Expr>),
}

/// How a moment is placed in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentTest {
    /// `before MOMENT`; before the whole day where that is a bare date.
    Before(Expr),
    /// `after MOMENT`; after the whole day where that is a bare date.
    After(Expr),
    /// `between A and B`, both included.
    Between(Expr, Expr),
    /// `in the last D`, half-open: `now - D < x <= now`.
    InTheLast(Length),
    /// `in the next D`, half-open: `now <= x < now + D`.
    InTheNext(Length),
    /// `more than D ago`, strict.
    MoreThanAgo(Length),
    /// `more than D from now`, strict.
    MoreThanFromNow(Length),
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
    /// A value as a moment in time.
    Moment {
        /// What is placed.
        value: Expr,
        /// Where it must lie.
        test: MomentTest,
    },
    /// `any customer.orders where (item.total > 50)`
    AnyItem {
        /// The list.
        path: Path,
        /// Reads `item`.
        filter: Box<Condition>,
    },
    /// `opened email "m"` and the like.
    Interaction(Box<Interaction>),
    /// `in campaign "C"`: a run is live.
    InCampaign(Arc<str>),
    /// `entered campaign "C"`
    EnteredCampaign(Arc<str>),
    /// `finished campaign "C"`
    FinishedCampaign(Arc<str>),
    /// `subscribed to topic "T"`
    SubscribedTo(Arc<str>),
    /// `unsubscribed`: from everything.
    Unsubscribed,
    /// `suppressed`
    Suppressed,
    /// `has [ios|android|web] device`
    HasDevice(Option<Platform>),
    /// `related to "account" where (…)`
    RelatedTo {
        /// The type of the object.
        object: Arc<str>,
        /// Reads `object` and `relationship`.
        filter: Option<Box<Condition>>,
    },
    /// `random 10% "seed"`: the same answer for a person and seed at any time.
    Random {
        /// 0 to 100.
        percent: f64,
        /// What is drawn for.
        seed: Arc<str>,
    },
}

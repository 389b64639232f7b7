//! Conditions, values and paths as written.

use super::{Name, Spanned, Template};
use crate::expr::{
    ActivityKind, ArithmeticOp, CompareOp, Count, InteractionKind, Key, Platform, Presence, Scope,
    TextOp, TotalFunction, Which,
};
use crate::graph::Channel;
use crate::span::Span;
use crate::time::{Length, MomentLiteral, TimeOfDay, Unit, Zone};

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
    /// `performed "x" …`, `viewed page "x" …`, `viewed screen "x" …`
    Performed {
        /// Which kind of activity.
        activity: ActivityKind,
        /// Its name or pattern.
        name: Name,
        /// `where (…)`
        filter: Option<Box<Condition>>,
        /// How often.
        count: Count,
        /// When.
        window: Spanned<Window>,
    },
    /// `before`, `after`, `in the last` and the like.
    Moment {
        /// What is placed.
        value: Expr,
        /// Where it must lie, and the words for it.
        test: Spanned<MomentTest>,
    },
    /// `any PATH where (…)`
    AnyItem {
        /// The list.
        path: Path,
        /// Reads `item`.
        filter: Box<Condition>,
    },
    /// `opened email "m" …` and the like.
    Interaction(Box<Interaction>),
    /// `in campaign "x"`
    InCampaign(Name),
    /// `entered campaign "x"`
    EnteredCampaign(Name),
    /// `finished campaign "x"`
    FinishedCampaign(Name),
    /// `subscribed to topic "x"`
    SubscribedTo(Name),
    /// `unsubscribed`
    Unsubscribed,
    /// `suppressed`
    Suppressed,
    /// `has [ios|android|web] device`
    HasDevice(Option<Platform>),
    /// `related to "account" [where (…)]`
    RelatedTo {
        /// The type of the object.
        object: Name,
        /// Reads `object` and `relationship`.
        filter: Option<Box<Condition>>,
    },
    /// `random 10% "seed"`
    Random {
        /// 0 to 100.
        percent: Spanned<f64>,
        /// What is drawn for.
        seed: Name,
    },
    /// Reported already.
    Unknown,
}

/// See [`crate::expr::Window`].
#[derive(Debug, Clone, PartialEq)]
pub enum Window {
    /// From the beginning.
    Ever,
    /// `in the last D`
    Last(Length),
    /// `since entry`
    SinceEntry,
    /// `before MOMENT`
    Before(Box<Expr>),
    /// `after MOMENT`
    After(Box<Expr>),
}

/// See [`crate::expr::MomentTest`].
#[derive(Debug, Clone, PartialEq)]
pub enum MomentTest {
    /// `before MOMENT`
    Before(Expr),
    /// `after MOMENT`
    After(Expr),
    /// `in the last D`
    InTheLast(Length),
    /// `in the next D`
    InTheNext(Length),
    /// `more than D ago`
    MoreThanAgo(Length),
    /// `more than D from now`
    MoreThanFromNow(Length),
}

/// `opened email "m" [link "…"] [count] [window | in this journey | ever]`
#[derive(Debug, Clone, PartialEq)]
pub struct Interaction {
    /// What became of it.
    pub kind: InteractionKind,
    /// Which way it went.
    pub channel: Channel,
    /// Which message; `None` is `any`.
    pub message: Option<Name>,
    /// `link "…"`
    pub link: Option<Name>,
    /// How often.
    pub count: Count,
    /// When.
    pub window: Spanned<Window>,
    /// What is said of the run, if anything.
    pub reach: Option<Spanned<Reach>>,
}

/// Whose deliveries an interaction asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// `in this journey`
    ThisJourney,
    /// `ever`
    Ever,
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
    /// `null`, only inside JSON.
    Null,
    /// `a + b`
    Arithmetic {
        /// Left side.
        left: Box<Expr>,
        /// The sign.
        op: Spanned<ArithmeticOp>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `PATH default LIT`
    Default {
        /// What is looked up.
        value: Box<Expr>,
        /// What stands in for it.
        default: Box<Expr>,
    },
    /// `2 days`
    Duration(Duration),
    /// `now`, `2026-03-01`, `monday 09:00`
    Moment(MomentLiteral),
    /// `EXPR at 09:00 [in ZONE]`
    At {
        /// A moment on the day that is meant.
        day: Box<Expr>,
        /// The time of that day.
        time: TimeOfDay,
        /// Whose clock shows it.
        zone: Zone,
    },
    /// `sum "x".value where (…) in the last 30 days`
    Total(Box<Total>),
    /// `last "x".value`
    Occurrence(Box<Occurrence>),
    /// Reported already.
    Unknown,
}

/// A length of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Duration {
    /// How long.
    pub kind: DurationKind,
    /// Where.
    pub span: Span,
}

/// See [`crate::expr::Duration`].
#[derive(Debug, Clone, PartialEq)]
pub enum DurationKind {
    /// `2 days`
    Fixed(Length),
    /// `(EXPR) days`
    Computed(Box<Expr>, Unit),
}

/// See [`crate::expr::Total`].
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// What is made of them.
    pub function: TotalFunction,
    /// Which events.
    pub event: Name,
    /// The part of each that counts.
    pub keys: Vec<Key>,
    /// `where (…)`
    pub filter: Option<Condition>,
    /// When.
    pub window: Spanned<Window>,
}

/// See [`crate::expr::Occurrence`].
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// `last` or `first`.
    pub which: Which,
    /// Which event.
    pub event: Name,
    /// The way into its data.
    pub keys: Vec<Key>,
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
pub const SCOPES: [(&str, Scope); 12] = [
    ("customer", Scope::Customer),
    ("event", Scope::Event),
    ("trigger", Scope::Trigger),
    ("journey", Scope::Journey),
    ("with", Scope::With),
    ("message", Scope::Message),
    ("row", Scope::Row),
    ("item", Scope::Item),
    ("object", Scope::Object),
    ("relationship", Scope::Relationship),
    ("old", Scope::Old),
    ("secret", Scope::Secret),
];

/// The scope of this word.
#[must_use]
pub fn scope_of(word: &str) -> Option<Scope> {
    SCOPES.iter().find(|(name, _)| *name == word).map(|(_, scope)| *scope)
}

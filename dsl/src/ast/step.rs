//! Steps as written; see [`crate::graph::StepKind`].

use super::{Condition, Duration, Expr, Name, Part, Path, Signal, Spanned};
use crate::graph::{Channel, Method, WinnerBy};
use crate::span::Span;
use crate::time::{Length, TimeWindow};

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `label:`
    pub label: Option<Name>,
    /// What it does.
    pub kind: StepKind,
    /// All of it, blocks included.
    pub span: Span,
    /// Without label and blocks.
    pub head: Span,
}

/// The kinds of steps.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// `send|draft CHANNEL "x" [to EXPR] [with {…}]`
    Send {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Name,
        /// Another address.
        to: Option<Expr>,
        /// Data for the template.
        with: Vec<(Name, Expr)>,
        /// `draft`.
        draft: bool,
    },
    /// `wait D`
    Wait(Duration),
    /// `wait until MOMENT`
    WaitUntil(Expr),
    /// `wait until WINDOW`
    WaitWindow(Spanned<TimeWindow>),
    /// `wait for SIGNAL [up to D | until MOMENT | forever]`
    WaitFor {
        /// What for.
        signal: Signal,
        /// How long.
        limit: Limit,
    },
    /// `wait [up to D | until MOMENT | forever] { … }`
    Listen {
        /// How long.
        limit: Limit,
        /// In written order.
        arms: Vec<Arm>,
        /// `on timeout { … }`, and where its head stands.
        timeouts: Vec<Spanned<Vec<Part>>>,
    },
    /// `at MOMENT { … } [late { … }]`
    At {
        /// When.
        moment: Expr,
        /// What happens then.
        on_time: Vec<Part>,
        /// `late { … }`
        late: Option<Vec<Part>>,
    },
    /// `if … else …`
    If {
        /// In written order.
        arms: Vec<(Condition, Vec<Part>)>,
        /// `else { … }`
        otherwise: Option<Vec<Part>>,
    },
    /// `match EXPR { … }`
    Match {
        /// What is compared.
        value: Expr,
        /// Literals and what they lead to, in written order.
        arms: Vec<(Vec<Expr>, Vec<Part>)>,
        /// `else { … }`, as often as it is said, and where its head stands.
        otherwise: Vec<Spanned<Vec<Part>>>,
    },
    /// `split "name" [fresh] { … }`
    Split {
        /// Its name.
        name: Name,
        /// `fresh`.
        fresh: bool,
        /// In written order.
        arms: Vec<Share>,
    },
    /// `experiment "name" winner by … after D { … }`
    Experiment {
        /// Its name.
        name: Name,
        /// `winner by …`
        by: Spanned<WinnerBy>,
        /// `after D`
        after: Spanned<Length>,
        /// In written order.
        arms: Vec<Share>,
    },
    /// `repeat up to N times [every D] [until COND] [as round] { … }`
    Repeat {
        /// The most rounds.
        times: Spanned<f64>,
        /// The pause.
        every: Option<Duration>,
        /// Judged before each round.
        until: Option<Condition>,
        /// `as round`.
        round: Option<Name>,
        /// One round.
        body: Vec<Part>,
    },
    /// `set PATH = EXPR`
    Set(Path, Expr),
    /// `unset PATH`
    Unset(Path),
    /// `add EXPR to PATH`
    Add(Expr, Path),
    /// `remove EXPR from PATH`
    Remove(Expr, Path),
    /// `add to segment "x"`
    AddToSegment(Name),
    /// `remove from segment "x"`
    RemoveFromSegment(Name),
    /// `subscribe to topic "x"`
    Subscribe(Name),
    /// `unsubscribe [from topic "x"]`
    Unsubscribe(Option<Name>),
    /// `suppress`
    Suppress,
    /// `emit event "x" [for person EXPR] [with {…}]`
    Emit {
        /// Which event.
        event: Name,
        /// Whose.
        person: Option<Expr>,
        /// Its data.
        with: Vec<(Name, Expr)>,
    },
    /// `call METHOD "url" { … } [as reply]`
    Call(Box<Call>),
    /// `lookup "x" where COND [order by PATH] as name`
    Lookup(Box<Lookup>),
    /// `start campaign "x" [with {…}]`
    StartCampaign {
        /// Which.
        campaign: Name,
        /// Its data.
        with: Vec<(Name, Expr)>,
    },
    /// `note "…"`
    Note(String),
    /// `exit`
    Exit,
    /// Reported already; the blocks that could be read nevertheless.
    Broken(Vec<Vec<Part>>),
}

/// How long a wait for signals lasts.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// Nothing is said.
    None,
    /// `forever`
    Forever,
    /// `up to D`
    UpTo(Duration),
    /// `until MOMENT`
    Until(Expr),
}

/// `on SIGNAL[, SIGNAL] [as name] { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Any of them.
    pub signals: Vec<Signal>,
    /// `as name`
    pub name: Option<Name>,
    /// Its steps.
    pub body: Vec<Part>,
    /// Without its block.
    pub head: Span,
}

/// `50% "control" { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// 0 to 100.
    pub percent: Spanned<f64>,
    /// Its name.
    pub name: Name,
    /// Its steps.
    pub body: Vec<Part>,
    /// Without its block.
    pub head: Span,
}

/// `call METHOD "url" { … } [as reply]`
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// How it is asked.
    pub method: Spanned<Method>,
    /// Whom.
    pub url: Expr,
    /// In written order.
    pub fields: Vec<CallField>,
    /// `as reply`.
    pub reply: Option<Name>,
}

/// A field of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallField {
    /// `headers`, `json`, `timeout`, or a name that was reported.
    pub name: Name,
    /// Its value; a duration for `timeout`.
    pub value: Expr,
}

/// `lookup "x" where COND [order by PATH [descending]] as name`
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The collection.
    pub collection: Name,
    /// Which rows.
    pub filter: Condition,
    /// `order by PATH`
    pub order: Option<Path>,
    /// `descending`
    pub descending: bool,
    /// `as name`
    pub name: Option<Name>,
}

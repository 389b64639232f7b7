//! A campaign as a graph of steps: what the compiler makes of source text, what the machine walks,
//! and what pictures are drawn from.

mod parts;
mod step;
mod trigger;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
pub use step::{
    Arm, Call, Channel, ListenLimit, Method, Order, Share, Step, StepKind, Target, WinnerBy,
};
pub use trigger::{Enter, Every, HowOften, ObjectTrigger, ScheduleDays, Trigger, WhileActive};

use crate::expr::{Activity, Condition, Expr};
use crate::span::Span;
use crate::time::{Length, TimeWindow};

/// Index into [`Graph::steps`].
pub type StepIndex = usize;

/// A campaign, compiled. Names stand for segments and messages; the machine links them to ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Unique in its workspace.
    pub name: Arc<str>,
    /// The `##` lines above it, joined by line breaks.
    pub description: Option<String>,
    /// Any of them lets a person enter.
    pub triggers: Vec<Trigger>,
    /// `only if`.
    pub only_if: Option<Condition>,
    /// `enter …`, or the default of the trigger.
    pub enter: Enter,
    /// `exit when …`, in written order.
    pub exits: Vec<Exit>,
    /// `goal …`, in written order.
    pub goals: Vec<Goal>,
    /// How its messages go out.
    pub delivery: DeliveryRules,
    /// `holdout 5%`, 0 without one.
    pub holdout: f64,
    /// The steps.
    pub graph: Graph,
    /// Where it is declared.
    pub span: Span,
}

/// `broadcast "x" { … }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Broadcast {
    /// Unique among broadcasts.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// `to COND`: fixed when it starts.
    pub audience: Condition,
    /// `at MOMENT`; `None` starts by the API.
    pub at: Option<Expr>,
    /// `goal …`, in written order.
    pub goals: Vec<Goal>,
    /// How its messages go out.
    pub delivery: DeliveryRules,
    /// `holdout 5%`, 0 without one.
    pub holdout: f64,
    /// The steps; none of them waits.
    pub graph: Graph,
    /// Where it is declared.
    pub span: Span,
}

/// What holds deliveries back; runs go on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeliveryRules {
    /// `topic "…"`, for messages without one of their own.
    pub topic: Option<Arc<str>>,
    /// `send only WINDOW`
    pub send_only: Option<TimeWindow>,
    /// `limit N per hour`
    pub limit_per_hour: Option<u32>,
}

/// One `exit when`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exit {
    /// What ends the run.
    pub when: ExitWhen,
    /// The clause as written, without line breaks: `exit when in segment "Paying"`.
    pub text: String,
}

/// What ends a run early.
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitWhen {
    /// An activity or a condition.
    Signal(Signal),
    /// `unmatched`: the trigger's condition or the filter no longer holds.
    Unmatched,
    /// `goal`: a goal of the campaign is reached.
    Goal,
}

/// `goal "Name" when SIGNAL [within D of entry|send|open|click]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Its name.
    pub name: Arc<str>,
    /// What reaches it: an activity, or a condition that comes to hold.
    pub signal: Signal,
    /// How long after `of` it counts.
    pub within: Option<Length>,
    /// What the time is counted from, and the credit goes to.
    pub of: Attribution,
}

/// What a goal is credited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// The entry.
    Entry,
    /// The last message that was sent.
    Send,
    /// The last message that was opened.
    Open,
    /// The last message in which a link was followed.
    Click,
}

impl Attribution {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Entry, Self::Send, Self::Open, Self::Click];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Send => "send",
            Self::Open => "open",
            Self::Click => "click",
        }
    }
}

/// What a clause or a wait listens for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// `event "x" [where COND]`: arrives after listening began.
    Activity {
        /// What is done.
        activity: Activity,
        /// Reads `event.*`, `customer.*`, `trigger.*`, `journey.*`.
        filter: Option<Condition>,
    },
    /// A condition that holds now or comes to hold.
    Condition(Condition),
}

/// The steps of a campaign; `start` is `None` for a campaign without steps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Graph {
    /// Step 0 need not be the first one walked.
    pub steps: Vec<Step>,
    /// Where a run begins.
    pub start: Option<StepIndex>,
}

//! A campaign as a graph of steps: what the compiler makes of source text, what the machine walks,
//! and what pictures are drawn from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expr::{Condition, Expr, Key};
use crate::span::Span;
use crate::time::Length;

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
    /// `topic "…"`.
    pub topic: Option<Arc<str>>,
    /// The steps.
    pub graph: Graph,
    /// Where it is declared.
    pub span: Span,
}

/// What lets a person enter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// `on event "x" [where COND]`; the condition reads `event.*` and `customer.*`.
    Event {
        /// Name of the event, exact.
        name: Arc<str>,
        /// Judged once, when the event comes.
        filter: Option<Condition>,
    },
}

/// How often a person may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// `once`, `once per D`, `every time`.
    pub how_often: HowOften,
    /// What happens while a run of this campaign is live.
    pub while_active: WhileActive,
}

/// The first half of an `enter` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowOften {
    /// `enter once`.
    Once,
    /// `enter once per 30 days`: not while an entry lies less than that back.
    OncePer(Length),
    /// `enter every time`.
    EveryTime,
}

/// The second half of an `enter` clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhileActive {
    /// Another run begins beside the live one (only `every time` on an event).
    Alongside,
    /// `unless active`.
    Refuse,
    /// `replacing active`: the live run ends, then the new one begins.
    Replace,
}

/// One `exit when`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exit {
    /// What ends the run.
    pub signal: Signal,
    /// The clause as written, without line breaks: `exit when in segment "Paying"`.
    pub text: String,
}

/// What a clause or a wait listens for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// `event "x" [where COND]`: arrives after listening began.
    Event {
        /// Name of the event, exact.
        name: Arc<str>,
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

/// One step. Where a way leads to `None`, the run is finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Stable across versions: the label, else kind, content and place among equals.
    pub id: Arc<str>,
    /// `label:` before the step.
    pub label: Option<Arc<str>>,
    /// What it does.
    pub kind: StepKind,
    /// Where it goes on; arms name their own ways.
    pub next: Option<StepIndex>,
    /// One line for people: `send email "welcome"`, `wait 2 days`.
    pub title: String,
    /// Where it stands.
    pub span: Span,
}

/// By which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
}

impl Channel {
    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// `send email "m" [to EXPR] [with {…}]`
    Send {
        /// Which way.
        channel: Channel,
        /// Name of the message within its channel.
        message: Arc<str>,
        /// Another address than the person's own.
        to: Option<Expr>,
        /// Data for the template, in written order.
        with: Vec<(String, Expr)>,
    },
    /// `wait 2 days`, from arrival.
    Wait(Length),
    /// `wait [up to D | forever] { on … { } on timeout { } }`
    Listen {
        /// `None` waits without limit.
        limit: Option<Length>,
        /// In written order; the first that hears wins.
        arms: Vec<Arm>,
        /// Where the time-out leads.
        timeout: Option<StepIndex>,
    },
    /// `if … else if … else`, judged on arrival.
    If {
        /// In written order.
        arms: Vec<(Condition, Option<StepIndex>)>,
        /// Where it leads when no arm holds.
        otherwise: Option<StepIndex>,
    },
    /// `set customer.x = EXPR`, `set journey.x = EXPR`; a missing value unsets.
    Set {
        /// What is set.
        target: Target,
        /// To what.
        value: Expr,
    },
    /// `unset customer.x`
    Unset(Target),
    /// `exit`
    Exit,
}

/// One `on SIGNAL[, SIGNAL] [as name] { … }` of a wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Any of them.
    pub signals: Vec<Signal>,
    /// Keeps the event's data in `journey.NAME`.
    pub name: Option<String>,
    /// Where it leads.
    pub to: Option<StepIndex>,
    /// The head as written: `on performed "project_created"`.
    pub title: String,
}

/// What `set` and `unset` change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An attribute, by its path.
    Customer(Vec<Key>),
    /// A variable of the run, by its path.
    Journey(Vec<Key>),
}

//! Steps, and what each of them holds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Signal, StepIndex};
use crate::expr::{Condition, Duration, Expr, Key, Value};
use crate::span::Span;
use crate::time::{Length, TimeWindow};

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
    /// A text message.
    Sms,
    /// A notification on a device.
    Push,
    /// Inside an app or a site.
    InApp,
    /// A message to a team.
    Slack,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Email, Self::Sms, Self::Push, Self::InApp, Self::Slack];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::InApp => "in_app",
            Self::Slack => "slack",
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
        /// `draft`: a person approves it before it leaves.
        draft: bool,
    },
    /// `wait 2 days`, from arrival.
    Wait(Duration),
    /// `wait until MOMENT`; a past or missing one passes at once.
    WaitUntil(Expr),
    /// `wait until WINDOW`; inside it passes at once.
    WaitWindow(TimeWindow),
    /// `wait for SIGNAL …`, `wait [up to D | until MOMENT | forever] { on … { } on timeout { } }`
    Listen {
        /// How long.
        limit: ListenLimit,
        /// In written order; the first that hears wins.
        arms: Vec<Arm>,
        /// Where the time-out leads.
        timeout: Option<StepIndex>,
    },
    /// `at MOMENT { … } [late { … }]`
    At {
        /// The moment that is waited for.
        moment: Expr,
        /// Where it leads when the moment comes.
        on_time: Option<StepIndex>,
        /// Where it leads when the moment has passed or is missing.
        late: Option<StepIndex>,
    },
    /// `if … else if … else`, judged on arrival.
    If {
        /// In written order.
        arms: Vec<(Condition, Option<StepIndex>)>,
        /// Where it leads when no arm holds.
        otherwise: Option<StepIndex>,
    },
    /// `match EXPR { "free" { } "team", "pro" { } else { } }`
    Match {
        /// What is compared.
        value: Expr,
        /// In written order; the first that equals wins.
        arms: Vec<(Vec<Value>, Option<StepIndex>)>,
        /// Where it leads when no arm equals.
        otherwise: Option<StepIndex>,
    },
    /// `split "name" { 50% "a" { } … }`
    Split {
        /// Decides with the person's id which arm it is.
        name: Arc<str>,
        /// `fresh`: drawn anew on each entry.
        fresh: bool,
        /// In written order; the shares add up to 100.
        arms: Vec<Share>,
    },
    /// `experiment "name" winner by opens after 2 days { 10% "a" { } … }`
    Experiment {
        /// Its name.
        name: Arc<str>,
        /// What the winner has most of.
        by: WinnerBy,
        /// When the winner is chosen, from the first who came.
        after: Length,
        /// In written order; the rest waits for the winner.
        arms: Vec<Share>,
    },
    /// `repeat up to 3 times [every 2 days] [until COND] [as round] { … }`; the last step of its
    /// block leads back here.
    Repeat {
        /// The most rounds.
        times: u32,
        /// The pause between rounds.
        every: Option<Duration>,
        /// Judged before each round.
        until: Option<Condition>,
        /// Keeps the number of the round in `journey.NAME`, from 1.
        round: Option<String>,
        /// Where a round begins; the step itself for an empty block.
        body: Option<StepIndex>,
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
    /// `add "x" to customer.tags`; no doubles.
    Add {
        /// What is put in.
        value: Expr,
        /// The list.
        target: Target,
    },
    /// `remove "x" from customer.tags`
    Remove {
        /// What is taken out.
        value: Expr,
        /// The list.
        target: Target,
    },
    /// `add to segment "VIP"`
    AddToSegment(Arc<str>),
    /// `remove from segment "VIP"`
    RemoveFromSegment(Arc<str>),
    /// `subscribe to topic "T"`
    Subscribe(Arc<str>),
    /// `unsubscribe from topic "T"`; without a topic from everything.
    Unsubscribe(Option<Arc<str>>),
    /// `suppress`
    Suppress,
    /// `emit event "x" [for person EXPR] [with {…}]`
    Emit {
        /// Name of the event.
        event: Arc<str>,
        /// Whose event it is; `None` is this person's.
        person: Option<Expr>,
        /// Its data, in written order.
        with: Vec<(String, Expr)>,
    },
    /// `call POST "https://…" { … } [as reply]`
    Call(Box<Call>),
    /// `lookup "coupons" where COND [order by row.x] as name`
    Lookup {
        /// The collection.
        collection: Arc<str>,
        /// Reads `row.*` and what a step reads.
        filter: Condition,
        /// `order by row.x [descending]`
        order: Option<Order>,
        /// Keeps the row in `journey.NAME`.
        name: String,
    },
    /// `start campaign "Other" [with {…}]`
    StartCampaign {
        /// Which.
        campaign: Arc<str>,
        /// Read there as `trigger.*`, in written order.
        with: Vec<(String, Expr)>,
    },
    /// `note "text"`
    Note(String),
    /// `exit`
    Exit,
}

/// How long a wait for signals lasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenLimit {
    /// Without end.
    Forever,
    /// `up to D`, from arrival.
    UpTo(Duration),
    /// `until MOMENT`
    Until(Expr),
}

/// One arm of a split or an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// 0 to 100.
    pub percent: f64,
    /// Its name.
    pub name: Arc<str>,
    /// Where it leads.
    pub to: Option<StepIndex>,
}

/// What an experiment is won by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WinnerBy {
    /// `opens`
    Opens,
    /// `clicks`
    Clicks,
    /// `goal`
    Goal,
}

impl WinnerBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Opens, Self::Clicks, Self::Goal];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opens => "opens",
            Self::Clicks => "clicks",
            Self::Goal => "goal",
        }
    }
}

/// A request to another system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// How it is asked.
    pub method: Method,
    /// Whom.
    pub url: Expr,
    /// In written order.
    pub headers: Vec<(String, Expr)>,
    /// The body.
    pub json: Option<Expr>,
    /// How long an answer may take.
    pub timeout: Option<Length>,
    /// `as reply`: the run waits and keeps the answer in `journey.NAME`.
    pub reply: Option<String>,
}

/// The methods of HTTP that a call may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// `order by row.x [descending]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The column.
    pub by: Vec<Key>,
    /// The greatest first.
    pub descending: bool,
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

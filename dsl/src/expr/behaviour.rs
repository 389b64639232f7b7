//! What people did and what became of messages, as far as conditions ask about it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Condition, Count, Key, Window};
use crate::graph::Channel;

/// `sum "order_placed".value where (…) in the last 30 days`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// What is made of them.
    pub function: TotalFunction,
    /// Which events.
    pub atom: Atom,
    /// The part of each event that counts; empty for `count`.
    pub keys: Vec<Key>,
    /// When.
    pub window: Window,
}

/// What a total is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalFunction {
    /// `sum`; 0 where there are none.
    Sum,
    /// `average`
    Average,
    /// `smallest`
    Smallest,
    /// `largest`
    Largest,
    /// `distinct`: how many different values.
    Distinct,
    /// `count`: how many events.
    Count,
}

impl TotalFunction {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Sum, Self::Average, Self::Smallest, Self::Largest, Self::Distinct, Self::Count];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "average",
            Self::Smallest => "smallest",
            Self::Largest => "largest",
            Self::Distinct => "distinct",
            Self::Count => "count",
        }
    }
}

/// `last "purchase".total`; without keys it is the moment of the event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// `last` or `first`.
    pub which: Which,
    /// Name of the event.
    pub event: Arc<str>,
    /// The way into its data.
    pub keys: Vec<Key>,
}

/// Which event of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The earliest.
    First,
    /// The latest.
    Last,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    /// It arrived.
    Received,
    /// A person opened it.
    Opened,
    /// A person followed a link in it.
    Clicked,
    /// It came back.
    Bounced,
    /// A goal was credited to it.
    Converted,
}

impl InteractionKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Received, Self::Opened, Self::Clicked, Self::Bounced, Self::Converted];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Opened => "opened",
            Self::Clicked => "clicked",
            Self::Bounced => "bounced",
            Self::Converted => "converted",
        }
    }
}

/// `opened email "m" [link "…"] [count] [window | in this journey | ever]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// What became of it.
    pub kind: InteractionKind,
    /// Which way it went.
    pub channel: Channel,
    /// Which message; `None` is `any email`.
    pub message: Option<Arc<str>>,
    /// `link "https://…"`, a pattern.
    pub link: Option<String>,
    /// How often.
    pub count: Count,
    /// When.
    pub window: Window,
    /// Only deliveries of the run that asks.
    pub this_run: bool,
}

/// The kinds of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Apple's phones and tablets.
    Ios,
    /// Android.
    Android,
    /// A browser.
    Web,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ios, Self::Android, Self::Web];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ios => "ios",
            Self::Android => "android",
            Self::Web => "web",
        }
    }
}

/// The kinds of things that people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// An event by its exact name.
    Event,
    /// A page of a site, by a pattern of its path.
    Page,
    /// A screen of an app.
    Screen,
    /// A form that was sent in.
    Form,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Event, Self::Page, Self::Screen, Self::Form];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Form => "form",
        }
    }
}

/// Something that people do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Activity {
    /// Which kind.
    pub kind: ActivityKind,
    /// Its name, or a pattern of it for pages.
    pub name: Arc<str>,
}

impl Activity {
    /// An event of this name.
    #[must_use]
    pub fn event(name: impl Into<Arc<str>>) -> Self {
        Self { kind: ActivityKind::Event, name: name.into() }
    }

    /// The name, if it is an event.
    #[must_use]
    pub fn event_name(&self) -> Option<&Arc<str>> {
        (self.kind == ActivityKind::Event).then_some(&self.name)
    }
}

/// An activity with the filter on `event.*` under which a person's timestamps are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Atom {
    /// What is counted.
    pub activity: Activity,
    /// Filter; reads `event.*` only.
    pub filter: Option<Box<Condition>>,
}

//! What a set of `.journey` files declares, after every name was understood.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expr::{Condition, Object, Value};
use crate::graph::{Campaign, Channel};
use crate::message::Email;
use crate::span::Span;
use crate::time::{Instant, Length};

/// All declarations of the files that were compiled together, each kind in written order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definitions {
    /// `workspace { … }`, or the defaults.
    pub settings: Settings,
    /// `segment "x" = …`
    pub segments: Vec<Segment>,
    /// `email "x" { … }`
    pub emails: Vec<EmailDefinition>,
    /// `campaign "x" { … }`
    pub campaigns: Vec<Campaign>,
    /// `test "x" { … }`
    pub tests: Vec<Test>,
}

/// `workspace { … }`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// IANA name; `None` is UTC.
    pub timezone: Option<String>,
    /// Default sender of messages.
    pub from: Option<String>,
    /// Default language of messages.
    pub language: Option<String>,
}

/// A segment whose members are found by a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Unique among segments.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Who is in it.
    pub condition: Condition,
    /// Where it is declared.
    pub span: Span,
}

/// An e-mail and where it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailDefinition {
    /// The message.
    pub email: Email,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// `test "x" { … }`: a story under a virtual clock.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// Unique among tests.
    pub name: Arc<str>,
    /// The campaign that `finished`, `at step` and `exit when` speak of.
    pub campaign: Arc<str>,
    /// In written order.
    pub lines: Vec<TestLine>,
    /// Where it is declared.
    pub span: Span,
}

/// One line of a test, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestLine {
    /// What it says.
    pub kind: TestLineKind,
    /// As written, without line breaks.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a line of a test says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestLineKind {
    /// `given customer with {…}`: before the start, silently.
    GivenCustomer(Object),
    /// `given segment "S"`: is in it at the start.
    GivenSegment(Arc<str>),
    /// `given events "x" 3 times at MOMENT`
    GivenEvents {
        /// Name of the event.
        name: Arc<str>,
        /// How many.
        times: u32,
        /// When; `None` is an hour before the start.
        at: Option<Instant>,
    },
    /// `given unsubscribed`
    GivenUnsubscribed,
    /// `at 2026-03-02T10:00`: the start.
    Start(Instant),
    /// `event "x" [with {…}]`
    Event {
        /// Name of the event.
        name: Arc<str>,
        /// Its data.
        data: Value,
    },
    /// `customer with {…}`: an attribute change.
    Customer(Object),
    /// `wait D`: moves the clock.
    Wait(Length),
    /// `wait until MOMENT`, an absolute one.
    WaitUntil(Instant),
    /// `expect …`
    Expect(Expectation),
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// `expect [no] email "m" [where (…)] [within D]`
    Message {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Arc<str>,
        /// `no`: not in the test so far.
        negated: bool,
        /// On the rendered fields, as `message.*`.
        filter: Option<Condition>,
        /// Runs the clock up to this long, stops at the hit.
        within: Option<Length>,
    },
    /// `expect skipped|failed email "m" [because "…"]`
    NotSent {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Arc<str>,
        /// `skipped` or `failed`.
        failed: bool,
        /// Part of the reason.
        because: Option<String>,
    },
    /// `expect at step NAME`
    AtStep(Arc<str>),
    /// `expect finished`
    Finished,
    /// `expect exit when …`: the text of the clause that ended the run.
    ExitWhen(String),
    /// `expect COND`
    Condition(Condition),
}

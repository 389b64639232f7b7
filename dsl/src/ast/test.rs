//! Tests as written; see [`crate::definition::TestLineKind`].

use super::{Condition, Expr, Name, Spanned};
use crate::definition::Fate;
use crate::expr::{ActivityKind, InteractionKind, Platform};
use crate::graph::{Channel, Method};
use crate::span::Span;
use crate::time::{Instant, Length};

/// One line of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestLine {
    /// What it says.
    pub kind: TestLineKind,
    /// All of it.
    pub span: Span,
}

/// What a line says.
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq)]
pub enum TestLineKind {
    /// `campaign "x"`
    Campaign(Name),
    /// `given …`
    Given(Given),
    /// `at MOMENT`
    Start(Moment),
    /// What happens.
    Input(Input),
    /// `wait D`
    Wait(Length),
    /// `wait until MOMENT`
    WaitUntil(Moment),
    /// `expect …`
    Expect(Expected),
    /// Reported already.
    Unknown,
}

/// See [`crate::definition::Given`].
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// `given customer with {…}`
    Customer(Vec<(Name, Expr)>),
    /// `given segment "x"`
    Segment(Name),
    /// `given events "x" [N times] [with {…}] [at MOMENT]`
    Events {
        /// Name of the event.
        name: Name,
        /// How many.
        times: u32,
        /// Their data.
        with: Vec<(Name, Expr)>,
        /// When.
        at: Option<Moment>,
    },
    /// `given reply 200 [with {…}]`
    Reply(Spanned<f64>, Vec<(Name, Expr)>),
    /// `given row "x" with {…}`
    Row(Name, Vec<(Name, Expr)>),
    /// `given device ios`
    Device(Platform),
    /// `given related to "account" [with {…}]`
    RelatedTo(Name, Vec<(Name, Expr)>),
    /// `given arm "split" "arm"`
    Arm(Name, Name),
    /// `given held out`
    HeldOut,
    /// `given no email`
    No(Channel),
    /// `given unsubscribed`
    Unsubscribed,
}

/// See [`crate::definition::TestInput`].
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// `event|page|screen|form "x" [with {…}] [at MOMENT]`
    Activity {
        /// Which kind.
        kind: ActivityKind,
        /// Its name.
        name: Name,
        /// Its data.
        with: Vec<(Name, Expr)>,
        /// Its own time.
        at: Option<Moment>,
    },
    /// `customer with {…}`
    Customer(Vec<(Name, Expr)>),
    /// `opens|clicks|bounces|converts email "m" [link "…"] [by machine]`
    Interaction {
        /// What becomes of it.
        kind: InteractionKind,
        /// Which way it went.
        channel: Channel,
        /// Which message.
        message: Name,
        /// Which link.
        link: Option<Name>,
        /// `by machine`
        by_machine: bool,
    },
    /// `subscribes to topic "x"`
    Subscribes(Name),
    /// `unsubscribes [from topic "x"]`
    Unsubscribes(Option<Name>),
    /// `call with {…}`
    Call(Vec<(Name, Expr)>),
    /// `object "account" with {…}`
    Object(Name, Vec<(Name, Expr)>),
    /// `broadcast "x"`
    Broadcast(Name),
}

/// See [`crate::definition::Expectation`].
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// `expect [no] CHANNEL "x" [where (…)] [within D]`
    Message {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Name,
        /// `no`
        negated: bool,
        /// `where (…)`
        filter: Option<Condition>,
        /// `within D`
        within: Option<Length>,
    },
    /// `expect held|drafted|skipped|failed CHANNEL "x" [because "…"]`
    NotSent {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Name,
        /// What became of it.
        fate: Fate,
        /// `because "…"`
        because: Option<String>,
    },
    /// `expect [no] event "x" [where (…)] [within D]`
    Event {
        /// Its name.
        name: Name,
        /// `no`
        negated: bool,
        /// `where (…)`
        filter: Option<Condition>,
        /// `within D`
        within: Option<Length>,
    },
    /// `expect [no] call METHOD "url" [within D]`
    Call {
        /// How it is asked.
        method: Spanned<Method>,
        /// Whom.
        url: Name,
        /// `no`
        negated: bool,
        /// `within D`
        within: Option<Length>,
    },
    /// `expect at step NAME`
    AtStep(Name),
    /// `expect finished`
    Finished,
    /// `expect exit when …`
    ExitWhen {
        /// What the clause says.
        when: super::ExitWhen,
        /// The clause, without `expect`.
        clause: Span,
    },
    /// `expect goal "x"`
    Goal(Name),
    /// `expect COND`
    Condition(Condition),
}

/// A date and time of day as written, before its zone is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// With `Z`.
    Exact(Instant),
    /// By a clock on the wall.
    Local {
        /// As if the clock showed UTC.
        clock: Instant,
        /// `in "Europe/Paris"`; the workspace's zone without it.
        zone: Option<Name>,
    },
    /// Reported already.
    Unknown,
}

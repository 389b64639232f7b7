//! Tests as written.

use super::{Condition, Expr, Name, Signal};
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

/// See [`crate::definition::TestLineKind`].
#[derive(Debug, Clone, PartialEq)]
pub enum TestLineKind {
    /// `campaign "x"`
    Campaign(Name),
    /// `given customer with {…}`
    GivenCustomer(Vec<(Name, Expr)>),
    /// `given segment "x"`
    GivenSegment(Name),
    /// `given events "x" [N times] [at MOMENT]`
    GivenEvents {
        /// Name of the event.
        name: Name,
        /// How many.
        times: u32,
        /// When.
        at: Option<Moment>,
    },
    /// `given unsubscribed`
    GivenUnsubscribed,
    /// `at MOMENT`
    Start(Moment),
    /// `event "x" [with {…}]`
    Event(Name, Vec<(Name, Expr)>),
    /// `customer with {…}`
    Customer(Vec<(Name, Expr)>),
    /// `wait D`
    Wait(Length),
    /// `wait until MOMENT`
    WaitUntil(Moment),
    /// `expect [no] email "x" [where (…)] [within D]`
    ExpectEmail {
        /// Which message.
        email: Name,
        /// `no`
        negated: bool,
        /// `where (…)`
        filter: Option<Condition>,
        /// `within D`
        within: Option<Length>,
    },
    /// `expect skipped|failed email "x" [because "…"]`
    ExpectNotSent {
        /// Which message.
        email: Name,
        /// `failed`
        failed: bool,
        /// `because "…"`
        because: Option<String>,
    },
    /// `expect at step NAME`
    ExpectAtStep(Name),
    /// `expect finished`
    ExpectFinished,
    /// `expect exit when …`
    ExpectExit {
        /// What the clause says.
        signal: Signal,
        /// The clause, without `expect`.
        clause: Span,
    },
    /// `expect COND`
    ExpectCondition(Condition),
    /// Reported already.
    Unknown,
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

//! Running the tests of `.journey` files: the real machine and the real rendering, one made-up
//! person, and a clock that jumps from one thing that is due to the next.

mod begin;
mod expect;
pub mod report;
mod runnable;
mod stage;
mod timeline;

use std::sync::Arc;

use serde::Serialize;

use crate::definition::{Definitions, Test, TestInput, TestLineKind};
use crate::expr::{Object, Value};
use crate::gate::UNSUBSCRIBED_ATTRIBUTE;
use crate::machine::Support;
use crate::span::Span;
use crate::time::Instant;
use begin::Before;
use stage::Stage;

/// When a test begins that does not say so: a Monday, nine o'clock UTC.
pub const DEFAULT_START: Instant = 1_767_603_600_000;
/// Where the made-up person of a test gets mail, unless the test says otherwise.
pub const DEFAULT_EMAIL: &str = "person@example.test";

/// What became of one test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestReport {
    /// Name of the test.
    pub name: Arc<str>,
    /// Where it is declared.
    pub span: Span,
    /// Whether it was played and all went as expected.
    pub passed: bool,
    /// Why it was not played: this version cannot run something that it needs.
    pub not_run: Option<String>,
    /// How many of its lines were played.
    pub lines_run: usize,
    /// The first thing that did not go as expected.
    pub failure: Option<Failure>,
}

/// What did not go as expected, and how it came to that.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// The line of the test as written; empty where the test could not begin.
    pub line: String,
    /// Where that line stands.
    pub span: Span,
    /// What was expected, and what was found.
    pub message: String,
    /// Everything that happened until then; the line that failed is the last entry.
    pub timeline: Vec<TimelineEntry>,
}

/// One thing that happened in a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// When, in the person's zone: `Mon 2026-03-02 10:00`.
    pub local: String,
    /// Whose run it was; `None` for what happened to the person.
    pub campaign: Option<Arc<str>>,
    /// What happened: `wait 2 days: over`.
    pub what: String,
    /// The values that decided it, by the path or predicate that read them.
    pub deciding: Object,
}

impl TestReport {
    /// Whether something did not go as expected; a test that was not played has not failed.
    #[must_use]
    pub const fn has_failed(&self) -> bool {
        self.failure.is_some()
    }
}

/// Plays the tests of `definitions`, all or the one named `only`, with all campaigns live that
/// this version can run. A test that needs another is not played.
#[must_use]
pub fn run_tests(definitions: &Definitions, only: Option<&str>) -> Vec<TestReport> {
    let support = Support::of(definitions);
    let live = support.runnable(definitions);
    let chosen =
        definitions.tests.iter().filter(|test| only.is_none_or(|only| *test.name == *only));
    chosen
        .map(|test| match runnable::obstacle(&support, definitions, test) {
            Some(reason) => TestReport {
                name: test.name.clone(),
                span: test.span,
                passed: false,
                not_run: Some(reason),
                lines_run: 0,
                failure: None,
            },
            None => run_test(&live, test),
        })
        .collect()
}

fn run_test(definitions: &Definitions, test: &Test) -> TestReport {
    let mut lines_run = 0;
    let failure = play(definitions, test, &mut lines_run).err().map(|failure| *failure);
    TestReport {
        name: test.name.clone(),
        span: test.span,
        passed: failure.is_none(),
        not_run: None,
        lines_run,
        failure,
    }
}

fn play(definitions: &Definitions, test: &Test, lines_run: &mut usize) -> Result<(), Box<Failure>> {
    let mut given = Before::default();
    let mut lines = test.lines.iter().peekable();
    while let Some(line) = lines.peek()
        && given.take(&line.kind)
    {
        *lines_run += 1;
        lines.next();
    }
    let mut stage = given.begin(definitions, test).map_err(|message| {
        Box::new(Failure { line: String::new(), span: test.span, message, timeline: Vec::new() })
    })?;
    for line in lines {
        *lines_run += 1;
        if let Err(message) = act(&mut stage, &line.kind) {
            stage.note(stage.now, line.text.clone());
            return Err(Box::new(Failure {
                line: line.text.clone(),
                span: line.span,
                message,
                timeline: stage.timeline,
            }));
        }
    }
    Ok(())
}

fn act(stage: &mut Stage, line: &TestLineKind) -> Result<(), String> {
    match line {
        TestLineKind::Given(_) | TestLineKind::Start(_) => {
            Err("`given` and `at` come before everything else in a test".to_owned())
        }
        TestLineKind::Input(input) => take(stage, input),
        TestLineKind::Wait(length) => {
            let until = stage.after(*length);
            stage.run_until(until)
        }
        TestLineKind::WaitUntil(until) if *until < stage.now => {
            Err(format!("this moment is over; the clock shows {}", stage.show(stage.now)))
        }
        TestLineKind::WaitUntil(until) => stage.run_until(*until),
        TestLineKind::Expect(expectation) => expect::judge(stage, expectation),
    }
}

fn take(stage: &mut Stage, input: &TestInput) -> Result<(), String> {
    match input {
        TestInput::Activity { activity, data, at } => stage.event(&activity.name, data, *at),
        TestInput::Customer(attributes) => stage.identify(attributes),
        TestInput::Unsubscribes(None) => {
            let refusal = (UNSUBSCRIBED_ATTRIBUTE.to_owned(), Value::Bool(true));
            stage.identify(&Object::from_iter([refusal]))
        }
        TestInput::Interaction { .. }
        | TestInput::Subscribes(_)
        | TestInput::Unsubscribes(Some(_))
        | TestInput::Call(_)
        | TestInput::Object { .. }
        | TestInput::Broadcast(_) => Err("this version cannot play this line yet".to_owned()),
    }
}

//! Tests: the campaign first, then what is given, the start, and what happens.

use super::Check;
use crate::ast::{
    Declaration, Expected, Expr, ExprKind, Given, Input, Name, TestLine, TestLineKind,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::time::MomentLiteral;

/// The parts of a test, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Campaign,
    Given,
    Start,
    Story,
}

impl Check<'_> {
    pub(super) fn test(&mut self, declaration: &Declaration, lines: &[TestLine]) {
        if !declaration.broken {
            self.test_campaign(declaration, lines);
            self.test_order(lines);
        }
        for line in lines {
            match &line.kind {
                TestLineKind::Given(given) => self.given(given),
                TestLineKind::Input(input) => self.input(input),
                TestLineKind::Expect(expected) => self.expected(expected),
                TestLineKind::Campaign(_)
                | TestLineKind::Start(_)
                | TestLineKind::Wait(_)
                | TestLineKind::WaitUntil(_)
                | TestLineKind::Unknown => {}
            }
        }
    }

    fn given(&mut self, given: &Given) {
        match given {
            Given::Customer(data) | Given::Row(_, data) | Given::RelatedTo(_, data) => {
                self.data(data)
            }
            Given::Events { with, .. } => self.data(with),
            Given::Reply(status, data) => {
                if status.value.fract() != 0.0 || !(100.0..=599.0).contains(&status.value) {
                    self.not_between(
                        status.span,
                        "a reply has a status from 100 to 599",
                        "given reply 200 with { ok: true }",
                    );
                }
                self.data(data);
            }
            Given::Segment(_)
            | Given::Device(_)
            | Given::Arm(..)
            | Given::HeldOut
            | Given::No(_)
            | Given::Unsubscribed => {}
        }
    }

    fn input(&mut self, input: &Input) {
        match input {
            Input::Activity { with, .. } => self.data(with),
            Input::Customer(data) | Input::Call(data) | Input::Object(_, data) => self.data(data),
            Input::Interaction { .. }
            | Input::Subscribes(_)
            | Input::Unsubscribes(_)
            | Input::Broadcast(_) => {}
        }
    }

    fn expected(&mut self, expected: &Expected) {
        match expected {
            Expected::Message { filter: Some(condition), .. }
            | Expected::Event { filter: Some(condition), .. }
            | Expected::Condition(condition) => self.condition(condition),
            Expected::Message { filter: None, .. }
            | Expected::Event { filter: None, .. }
            | Expected::NotSent { .. }
            | Expected::Call { .. }
            | Expected::AtStep(_)
            | Expected::Finished
            | Expected::ExitWhen { .. }
            | Expected::Goal(_) => {}
        }
    }

    /// What a test says of people and events is written out: nobody is there yet to read it from.
    fn data(&mut self, entries: &[(Name, Expr)]) {
        for (_, value) in entries {
            self.written_out(value);
        }
    }

    fn written_out(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Text(text) => self.no_template(text),
            ExprKind::List(members) => {
                for member in members {
                    self.written_out(member);
                }
            }
            ExprKind::Object(entries) => self.data(entries),
            ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::Null
            | ExprKind::Moment(MomentLiteral::Exact(_) | MomentLiteral::Date { .. })
            | ExprKind::Unknown => {}
            ExprKind::Path(_)
            | ExprKind::Total(_)
            | ExprKind::Occurrence(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Default { .. }
            | ExprKind::Duration(_)
            | ExprKind::Moment(MomentLiteral::Now | MomentLiteral::Next { .. })
            | ExprKind::At { .. } => self.report(
                Diagnostic::new(Code::J0403, value.span, "the data of a test is written out")
                    .here("expected a text, a number, true, false, a date, a list or an object")
                    .help(
                        "write the value itself: the test begins with nothing that could be read",
                    ),
            ),
        }
    }

    fn test_campaign(&mut self, declaration: &Declaration, lines: &[TestLine]) {
        let mut named = lines.iter().filter(|line| matches!(line.kind, TestLineKind::Campaign(_)));
        let broadcasts =
            lines.iter().any(|line| matches!(line.kind, TestLineKind::Input(Input::Broadcast(_))));
        match (named.next(), named.next()) {
            (None, _) if broadcasts => {}
            (None, _) => self.report(
                Diagnostic::new(Code::J0213, declaration.name.span, format!("the test `{}` names no campaign", declaration.name.value))
                    .here("which campaign is tested?")
                    .help("begin it with `campaign \"name\"`"),
            ),
            (Some(first), Some(second)) => self.report(
                Diagnostic::new(Code::J0213, second.span, "a test names one campaign")
                    .here("again")
                    .also(first.span, "first here")
                    .help("all campaigns of the files are live in a test; take one of the two lines out"),
            ),
            (Some(_), None) => {}
        }
    }

    fn test_order(&mut self, lines: &[TestLine]) {
        let mut reached: Option<(Stage, &TestLine)> = None;
        let mut campaigns = 0;
        for line in lines {
            let Some(stage) = stage_of(&line.kind) else {
                continue;
            };
            if stage == Stage::Campaign {
                campaigns += 1;
            }
            match reached {
                _ if stage == Stage::Campaign && campaigns > 1 => {}
                Some((Stage::Start, before)) if stage == Stage::Start => self.late(
                    line,
                    before,
                    "the start is said twice",
                    "take one of the two lines out",
                ),
                Some((at, before)) if stage < at => {
                    let (message, help) = match stage {
                        Stage::Campaign => {
                            ("`campaign` is the first line of a test", "move it to the beginning")
                        }
                        Stage::Given => (
                            "what is given stands before the start",
                            "move it before `at` and before all that happens",
                        ),
                        Stage::Start | Stage::Story => (
                            "`at` sets the start, before anything happens",
                            "later moments are reached by `wait until`",
                        ),
                    };
                    self.late(line, before, message, help);
                }
                _ => reached = Some((stage, line)),
            }
        }
    }

    fn late(&mut self, line: &TestLine, before: &TestLine, message: &str, help: &str) {
        self.report(
            Diagnostic::new(Code::J0214, line.span, message)
                .here("too late")
                .also(before.span, "this came before")
                .help(help),
        );
    }
}

const fn stage_of(kind: &TestLineKind) -> Option<Stage> {
    Some(match kind {
        TestLineKind::Campaign(_) => Stage::Campaign,
        TestLineKind::Given(_) => Stage::Given,
        TestLineKind::Start(_) => Stage::Start,
        TestLineKind::Unknown => return None,
        TestLineKind::Input(_)
        | TestLineKind::Wait(_)
        | TestLineKind::WaitUntil(_)
        | TestLineKind::Expect(_) => Stage::Story,
    })
}

//! Tests: the campaign first, then what is given, the start, and what happens.

use super::Check;
use crate::ast::{Declaration, Expr, Name, TestLine, TestLineKind};
use crate::diagnostic::{Code, Diagnostic};

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
                TestLineKind::GivenCustomer(entries)
                | TestLineKind::Customer(entries)
                | TestLineKind::Event(_, entries) => {
                    self.data(entries);
                }
                TestLineKind::ExpectEmail { filter: Some(filter), .. } => self.condition(filter),
                TestLineKind::ExpectCondition(condition) => self.condition(condition),
                _ => {}
            }
        }
    }

    fn data(&mut self, entries: &[(Name, Expr)]) {
        for (_, value) in entries {
            self.written_out(value, "in the data of a test");
        }
    }

    fn test_campaign(&mut self, declaration: &Declaration, lines: &[TestLine]) {
        let mut named = lines.iter().filter(|line| matches!(line.kind, TestLineKind::Campaign(_)));
        match (named.next(), named.next()) {
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
        TestLineKind::GivenCustomer(_)
        | TestLineKind::GivenSegment(_)
        | TestLineKind::GivenEvents { .. }
        | TestLineKind::GivenUnsubscribed => Stage::Given,
        TestLineKind::Start(_) => Stage::Start,
        TestLineKind::Unknown => return None,
        _ => Stage::Story,
    })
}

//! Tests, line by line.

use super::Builder;
use super::length::Calendar;
use crate::ast::{Moment, StepKind, TestLine, TestLineKind};
use crate::expr::Count;
use crate::span::Span;
use crate::syntax::{Node, Rule};

impl Builder<'_> {
    pub(super) fn test(&mut self, node: &Node) -> Vec<TestLine> {
        let Some(block) = node.child(Rule::test_block) else {
            return Vec::new();
        };
        block.all(Rule::test_line).map(|line| self.test_line(line)).collect()
    }

    fn test_line(&mut self, line: &Node) -> TestLine {
        let Some(node) = line.children.first() else {
            return TestLine { kind: TestLineKind::Unknown, span: line.span };
        };
        let kind = match node.rule {
            Rule::test_campaign => TestLineKind::Campaign(self.name_in(node)),
            Rule::given_customer => TestLineKind::GivenCustomer(self.with(node)),
            Rule::given_segment => TestLineKind::GivenSegment(self.name_in(node)),
            Rule::given_events => self.given_events(node),
            Rule::given_unsubscribed => TestLineKind::GivenUnsubscribed,
            Rule::test_at => TestLineKind::Start(self.moment_in(node).unwrap_or(Moment::Unknown)),
            Rule::test_event => self.test_event(node),
            Rule::test_customer => TestLineKind::Customer(self.with(node)),
            Rule::wait => TestLineKind::Wait(self.length_in(node, Calendar::Exact).value),
            Rule::slip_wait => match self.slip_wait(node) {
                StepKind::Wait(length) => TestLineKind::Wait(length.value),
                _ => TestLineKind::Unknown,
            },
            Rule::test_wait_until => {
                TestLineKind::WaitUntil(self.moment_in(node).unwrap_or(Moment::Unknown))
            }
            _ => self.expectation(node),
        };
        TestLine { kind, span: line.span }
    }

    fn test_event(&mut self, node: &Node) -> TestLineKind {
        let name = self.name_in(node);
        TestLineKind::Event(name, self.with(node))
    }

    fn given_events(&mut self, node: &Node) -> TestLineKind {
        let name = self.name_in(node);
        let times = match node.child(Rule::count).map(|count| self.count(count)) {
            Some(Count::Exactly(times) | Count::AtLeast(times) | Count::AtMost(times)) => times,
            None => 1,
        };
        let at = node.child(Rule::at_moment).and_then(|at| self.moment_in(at));
        TestLineKind::GivenEvents { name, times, at }
    }

    fn expectation(&mut self, node: &Node) -> TestLineKind {
        match node.rule {
            Rule::expect_message => self.expect_email(node),
            Rule::expect_not_sent => {
                let because =
                    node.child(Rule::because).and_then(|because| because.child(Rule::text));
                TestLineKind::ExpectNotSent {
                    email: self.name_in(node),
                    failed: node.has(Rule::kw_failed),
                    because: because.map(|text| self.string(text).text),
                }
            }
            Rule::expect_at_step => match node.child(Rule::identifier) {
                Some(word) => TestLineKind::ExpectAtStep(self.word(word)),
                None => TestLineKind::Unknown,
            },
            Rule::expect_finished => TestLineKind::ExpectFinished,
            Rule::expect_exit => self.expect_exit(node),
            Rule::expect_condition => TestLineKind::ExpectCondition(self.condition_in(node)),
            _ => TestLineKind::Unknown,
        }
    }

    fn expect_email(&mut self, node: &Node) -> TestLineKind {
        let email = self.name_in(node);
        let filter = node.child(Rule::bracketed_where).or_else(|| node.child(Rule::slip_where));
        let filter = filter.map(|filter| self.where_brackets(filter));
        let within =
            node.child(Rule::within).map(|within| self.length_in(within, Calendar::Exact).value);
        TestLineKind::ExpectEmail { email, negated: node.has(Rule::kw_no), filter, within }
    }

    fn expect_exit(&mut self, node: &Node) -> TestLineKind {
        let signal = node.child(Rule::signal).and_then(|signal| self.signal(signal));
        let start = node.child(Rule::kw_exit_when).map_or(node.span.start, |word| word.span.start);
        match signal {
            Some(signal) => TestLineKind::ExpectExit {
                signal,
                clause: Span::new(node.span.file, start, node.span.end),
            },
            None => TestLineKind::Unknown,
        }
    }
}

//! Tests, line by line.

use super::Builder;
use super::length::Calendar;
use crate::ast::{
    DurationKind, Expected, Given, Input, Moment, Name, Spanned, StepKind, TestLine, TestLineKind,
};
use crate::definition::Fate;
use crate::expr::{Count, InteractionKind};
use crate::span::Span;
use crate::syntax::{Node, Rule};
use crate::time::Length;

/// Words that `expect` may go on with.
const EXPECTATIONS: [&str; 12] = [
    "finished", "goal", "email", "sms", "push", "in_app", "slack", "event", "held", "drafted",
    "skipped", "failed",
];

impl Builder<'_> {
    pub(super) fn test(&mut self, node: &Node) -> Vec<TestLine> {
        let Some(block) = node.child(Rule::test_block) else {
            return Vec::new();
        };
        block.all(Rule::test_line).map(|line| self.test_line(line)).collect()
    }

    fn test_line(&mut self, line: &Node) -> TestLine {
        let kind = line.children.first().map_or(TestLineKind::Unknown, |node| self.said(node));
        TestLine { kind, span: line.span }
    }

    fn said(&mut self, node: &Node) -> TestLineKind {
        match node.rule {
            Rule::test_campaign => TestLineKind::Campaign(self.name_in(node)),
            Rule::test_at => TestLineKind::Start(self.moment_in(node).unwrap_or(Moment::Unknown)),
            Rule::wait => TestLineKind::Wait(self.length_in(node, Calendar::Exact).value),
            Rule::slip_wait => match self.slip_wait(node) {
                StepKind::Wait(duration) => match duration.kind {
                    DurationKind::Fixed(length) => TestLineKind::Wait(length),
                    DurationKind::Computed(..) => TestLineKind::Unknown,
                },
                _ => TestLineKind::Unknown,
            },
            Rule::test_wait_until => {
                TestLineKind::WaitUntil(self.moment_in(node).unwrap_or(Moment::Unknown))
            }
            _ => {
                if let Some(given) = self.given(node) {
                    TestLineKind::Given(given)
                } else if let Some(input) = self.input(node) {
                    TestLineKind::Input(input)
                } else {
                    self.expectation(node).map_or(TestLineKind::Unknown, TestLineKind::Expect)
                }
            }
        }
    }

    /// `given …`; `None` for another line.
    fn given(&mut self, node: &Node) -> Option<Given> {
        Some(match node.rule {
            Rule::given_customer => Given::Customer(self.with(node)),
            Rule::given_segment => Given::Segment(self.name_in(node)),
            Rule::given_events => self.given_events(node),
            Rule::given_reply => {
                let status = self.number_of(node.child(Rule::count_number)?);
                Given::Reply(status, self.with(node))
            }
            Rule::given_row => {
                let collection = self.name_in(node);
                Given::Row(collection, self.with(node))
            }
            Rule::given_device => Given::Device(self.platform_in(node)?),
            Rule::given_related => {
                let object = self.name_in(node);
                Given::RelatedTo(object, self.with(node))
            }
            Rule::given_arm => {
                let mut names = node.all(Rule::name);
                let (split, arm) = (names.next()?, names.next()?);
                Given::Arm(self.name(split), self.name(arm))
            }
            Rule::given_held_out => Given::HeldOut,
            Rule::given_no => Given::No(self.channel_in(node)),
            Rule::given_unsubscribed => Given::Unsubscribed,
            _ => return None,
        })
    }

    fn given_events(&mut self, node: &Node) -> Given {
        let name = self.name_in(node);
        let times = match node.child(Rule::count).map(|count| self.count(count)) {
            Some(Count::Exactly(times) | Count::AtLeast(times) | Count::AtMost(times)) => times,
            None => 1,
        };
        let with = self.with(node);
        Given::Events { name, times, with, at: self.at_moment(node) }
    }

    fn at_moment(&mut self, node: &Node) -> Option<Moment> {
        node.child(Rule::at_moment).and_then(|at| self.moment_in(at))
    }

    /// What happens; `None` for another line.
    fn input(&mut self, node: &Node) -> Option<Input> {
        Some(match node.rule {
            Rule::test_activity => {
                let kind = self.activity_in(node);
                let name = self.name_in(node);
                let with = self.with(node);
                Input::Activity { kind, name, with, at: self.at_moment(node) }
            }
            Rule::test_customer => Input::Customer(self.with(node)),
            Rule::test_interaction => Input::Interaction {
                kind: interaction(node.child(Rule::test_interaction_word)?),
                channel: self.channel_in(node),
                message: self.name_in(node),
                link: node.child(Rule::link).and_then(|link| self.text_in(link)),
                by_machine: node.has(Rule::kw_by_machine),
            },
            Rule::test_subscribes => Input::Subscribes(self.name_in(node)),
            Rule::test_unsubscribes => {
                Input::Unsubscribes(node.has(Rule::name).then(|| self.name_in(node)))
            }
            Rule::test_call => Input::Call(self.with(node)),
            Rule::test_object => {
                let object = self.name_in(node);
                Input::Object(object, self.with(node))
            }
            Rule::test_broadcast => Input::Broadcast(self.name_in(node)),
            _ => return None,
        })
    }

    /// `expect …`
    fn expectation(&mut self, node: &Node) -> Option<Expected> {
        Some(match node.rule {
            Rule::expect_message => Expected::Message {
                channel: self.channel_in(node),
                message: self.name_in(node),
                negated: node.has(Rule::kw_no),
                filter: self.filter_in(node),
                within: self.within(node),
            },
            Rule::expect_not_sent => Expected::NotSent {
                channel: self.channel_in(node),
                message: self.name_in(node),
                fate: fate(node.child(Rule::fate)?),
                because: node
                    .child(Rule::because)
                    .and_then(|because| self.text_in(because))
                    .map(|because| because.value),
            },
            Rule::expect_event => Expected::Event {
                name: self.name_in(node),
                negated: node.has(Rule::kw_no),
                filter: self.filter_in(node),
                within: self.within(node),
            },
            Rule::expect_call => Expected::Call {
                method: self.method_in(node),
                url: self.name_in(node),
                negated: node.has(Rule::kw_no),
                within: self.within(node),
            },
            Rule::expect_at_step => Expected::AtStep(self.word(node.child(Rule::identifier)?)),
            Rule::expect_finished => Expected::Finished,
            Rule::expect_exit => {
                let start = node.child(Rule::kw_exit_when)?.span.start;
                Expected::ExitWhen {
                    when: self.exit_signal(node.child(Rule::exit_signal)?)?,
                    clause: Span::new(node.span.file, start, node.span.end),
                }
            }
            Rule::expect_goal => Expected::Goal(self.name_in(node)),
            Rule::expect_condition => {
                let condition = node.child(Rule::condition)?;
                if self.misspelt_first_word(condition, &EXPECTATIONS) {
                    return None;
                }
                Expected::Condition(self.condition(condition))
            }
            _ => return None,
        })
    }

    fn within(&mut self, node: &Node) -> Option<Length> {
        node.child(Rule::within).map(|within| self.length_in(within, Calendar::Exact).value)
    }

    /// The text below `node`, taken as it is.
    fn text_in(&mut self, node: &Node) -> Option<Name> {
        let text = node.child(Rule::text)?;
        Some(Spanned { value: self.string(text).text, span: text.span })
    }
}

fn interaction(word: &Node) -> InteractionKind {
    match word.children.first().map(|word| word.rule) {
        Some(Rule::kw_clicks) => InteractionKind::Clicked,
        Some(Rule::kw_bounces) => InteractionKind::Bounced,
        Some(Rule::kw_converts) => InteractionKind::Converted,
        _ => InteractionKind::Opened,
    }
}

fn fate(word: &Node) -> Fate {
    match word.children.first().map(|word| word.rule) {
        Some(Rule::kw_held) => Fate::Held,
        Some(Rule::kw_drafted) => Fate::Drafted,
        Some(Rule::kw_failed) => Fate::Failed,
        _ => Fate::Skipped,
    }
}

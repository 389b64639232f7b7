//! Tests, with their moments placed in a zone.

use chrono::DateTime;

use super::campaign::whole;
use super::condition::Reading;
use super::{Lowering, named_zone};
use crate::ast::{self, Expected, Moment, TestLineKind};
use crate::definition::{Expectation, Given, Test, TestInput, TestLine, TestLineKind as Made};
use crate::expr::{Activity, Value};
use crate::syntax::one_line;
use crate::time::{self, Instant, at_local};

impl Lowering<'_> {
    pub(super) fn test(&self, declaration: &ast::Declaration, lines: &[ast::TestLine]) -> Test {
        let campaign = lines.iter().find_map(|line| match &line.kind {
            TestLineKind::Campaign(name) => Some(name.value.as_str()),
            _ => None,
        });
        Test {
            name: declaration.name.value.as_str().into(),
            campaign: campaign.unwrap_or_default().into(),
            lines: lines.iter().filter_map(|line| self.test_line(line)).collect(),
            span: declaration.span,
        }
    }

    fn test_line(&self, line: &ast::TestLine) -> Option<TestLine> {
        let kind = match &line.kind {
            TestLineKind::Campaign(_) | TestLineKind::Unknown => return None,
            TestLineKind::Given(given) => Made::Given(self.given(given)),
            TestLineKind::Start(moment) => Made::Start(self.instant(moment)),
            TestLineKind::Input(input) => Made::Input(self.input(input)),
            TestLineKind::Wait(length) => Made::Wait(*length),
            TestLineKind::WaitUntil(moment) => Made::WaitUntil(self.instant(moment)),
            TestLineKind::Expect(expected) => Made::Expect(self.expectation(expected)),
        };
        Some(TestLine { kind, text: one_line(self.text(line.span)), span: line.span })
    }

    fn data(&self) -> Reading<'static> {
        Reading { sends: None, zone: named_zone(&self.settings) }
    }

    fn given(&self, given: &ast::Given) -> Given {
        let data = self.data();
        match given {
            ast::Given::Customer(entries) => Given::Customer(data.object(entries)),
            ast::Given::Segment(name) => Given::Segment(name.value.as_str().into()),
            ast::Given::Events { name, times, with, at } => Given::Events {
                name: name.value.as_str().into(),
                times: *times,
                at: at.as_ref().map(|at| self.instant(at)),
                data: data.object(with),
            },
            ast::Given::Reply(status, body) => Given::Reply {
                status: whole(status.value)
                    .and_then(|status| u16::try_from(status).ok())
                    .unwrap_or_default(),
                body: data.object(body),
            },
            ast::Given::Row(name, row) => {
                Given::Row { collection: name.value.as_str().into(), row: data.object(row) }
            }
            ast::Given::Device(platform) => Given::Device(*platform),
            ast::Given::RelatedTo(name, with) => {
                Given::RelatedTo { object: name.value.as_str().into(), data: data.object(with) }
            }
            ast::Given::Arm(split, arm) => {
                Given::Arm { split: split.value.as_str().into(), arm: arm.value.as_str().into() }
            }
            ast::Given::HeldOut => Given::HeldOut,
            ast::Given::No(channel) => Given::No(*channel),
            ast::Given::Unsubscribed => Given::Unsubscribed,
        }
    }

    fn input(&self, input: &ast::Input) -> TestInput {
        let data = self.data();
        match input {
            ast::Input::Activity { kind, name, with, at } => TestInput::Activity {
                activity: Activity { kind: *kind, name: name.value.as_str().into() },
                data: Value::Object(data.object(with)),
                at: at.as_ref().map(|at| self.instant(at)),
            },
            ast::Input::Customer(entries) => TestInput::Customer(data.object(entries)),
            ast::Input::Interaction { kind, channel, message, link, by_machine } => {
                TestInput::Interaction {
                    kind: *kind,
                    channel: *channel,
                    message: message.value.as_str().into(),
                    link: link.as_ref().map(|link| link.value.clone()),
                    by_machine: *by_machine,
                }
            }
            ast::Input::Subscribes(name) => TestInput::Subscribes(name.value.as_str().into()),
            ast::Input::Unsubscribes(name) => {
                TestInput::Unsubscribes(name.as_ref().map(|name| name.value.as_str().into()))
            }
            ast::Input::Call(entries) => TestInput::Call(data.object(entries)),
            ast::Input::Object(name, with) => {
                TestInput::Object { object: name.value.as_str().into(), data: data.object(with) }
            }
            ast::Input::Broadcast(name) => TestInput::Broadcast(name.value.as_str().into()),
        }
    }

    fn expectation(&self, expected: &Expected) -> Expectation {
        let reading = self.data();
        match expected {
            Expected::Message { channel, message, negated, filter, within } => {
                Expectation::Message {
                    channel: *channel,
                    message: message.value.as_str().into(),
                    negated: *negated,
                    filter: filter.as_ref().map(|filter| reading.condition(filter)),
                    within: *within,
                }
            }
            Expected::NotSent { channel, message, fate, because } => Expectation::NotSent {
                channel: *channel,
                message: message.value.as_str().into(),
                fate: *fate,
                because: because.clone(),
            },
            Expected::Event { name, negated, filter, within } => Expectation::Event {
                name: name.value.as_str().into(),
                negated: *negated,
                filter: filter.as_ref().map(|filter| reading.condition(filter)),
                within: *within,
            },
            Expected::Call { method, url, negated, within } => Expectation::Call {
                method: method.value,
                url: url.value.clone(),
                negated: *negated,
                within: *within,
            },
            Expected::AtStep(name) => Expectation::AtStep(name.value.as_str().into()),
            Expected::Finished => Expectation::Finished,
            Expected::ExitWhen { clause, .. } => {
                Expectation::ExitWhen(one_line(self.text(*clause)))
            }
            Expected::Goal(name) => Expectation::Goal(name.value.as_str().into()),
            Expected::Condition(question) => Expectation::Condition(reading.condition(question)),
        }
    }

    fn instant(&self, moment: &Moment) -> Instant {
        match moment {
            Moment::Exact(at) => *at,
            Moment::Local { clock, zone } => {
                let named = zone.as_ref().and_then(|zone| time::named_zone(&zone.value));
                let zone = named.unwrap_or_else(|| named_zone(&self.settings));
                DateTime::from_timestamp_millis(*clock)
                    .map_or(*clock, |clock| at_local(clock.naive_utc(), zone))
            }
            Moment::Unknown => 0,
        }
    }
}

//! Tests, with their moments placed in a zone.

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Lowering, condition};
use crate::ast::{self, Moment, TestLineKind};
use crate::definition::{self, Expectation, Test, TestLine};
use crate::expr::Value;
use crate::graph::Channel;
use crate::syntax::one_line;
use crate::time::{Instant, at_local, named_zone};

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
        use definition::TestLineKind as Made;
        let kind = match &line.kind {
            TestLineKind::Campaign(_) | TestLineKind::Unknown => return None,
            TestLineKind::GivenCustomer(entries) => Made::GivenCustomer(condition::object(entries)),
            TestLineKind::GivenSegment(name) => Made::GivenSegment(name.value.as_str().into()),
            TestLineKind::GivenEvents { name, times, at } => Made::GivenEvents {
                name: name.value.as_str().into(),
                times: *times,
                at: at.as_ref().map(|at| self.instant(at)),
            },
            TestLineKind::GivenUnsubscribed => Made::GivenUnsubscribed,
            TestLineKind::Start(moment) => Made::Start(self.instant(moment)),
            TestLineKind::Event(name, data) => Made::Event {
                name: name.value.as_str().into(),
                data: Value::Object(condition::object(data)),
            },
            TestLineKind::Customer(entries) => Made::Customer(condition::object(entries)),
            TestLineKind::Wait(length) => Made::Wait(*length),
            TestLineKind::WaitUntil(moment) => Made::WaitUntil(self.instant(moment)),
            _ => Made::Expect(self.expectation(&line.kind)?),
        };
        Some(TestLine { kind, text: one_line(self.text(line.span)), span: line.span })
    }

    fn expectation(&self, kind: &TestLineKind) -> Option<Expectation> {
        Some(match kind {
            TestLineKind::ExpectEmail { email, negated, filter, within } => Expectation::Message {
                channel: Channel::Email,
                message: email.value.as_str().into(),
                negated: *negated,
                filter: filter.as_ref().map(condition::lower),
                within: *within,
            },
            TestLineKind::ExpectNotSent { email, failed, because } => Expectation::NotSent {
                channel: Channel::Email,
                message: email.value.as_str().into(),
                failed: *failed,
                because: because.clone(),
            },
            TestLineKind::ExpectAtStep(name) => Expectation::AtStep(name.value.as_str().into()),
            TestLineKind::ExpectFinished => Expectation::Finished,
            TestLineKind::ExpectExit { clause, .. } => {
                Expectation::ExitWhen(one_line(self.text(*clause)))
            }
            TestLineKind::ExpectCondition(question) => {
                Expectation::Condition(condition::lower(question))
            }
            _ => return None,
        })
    }

    fn instant(&self, moment: &Moment) -> Instant {
        match moment {
            Moment::Exact(at) => *at,
            Moment::Local { clock, zone } => {
                let named = zone
                    .as_ref()
                    .map(|zone| zone.value.as_str())
                    .or(self.settings.timezone.as_deref());
                let zone = named.and_then(named_zone).unwrap_or(Tz::UTC);
                DateTime::from_timestamp_millis(*clock)
                    .map_or(*clock, |clock| at_local(clock.naive_utc(), zone))
            }
            Moment::Unknown => 0,
        }
    }
}

//! What is given before a test starts, made into a person and a workspace.

use std::sync::Arc;

use super::stage::Stage;
use super::{DEFAULT_EMAIL, DEFAULT_START};
use crate::definition::{Definitions, Expectation, Given, Segment, Test, TestLineKind};
use crate::expr::eval::{Context, NoFacts, evaluate};
use crate::expr::reads::Reads;
use crate::expr::{Condition, Object, Value};
use crate::gate::{EMAIL_ATTRIBUTE, UNSUBSCRIBED_ATTRIBUTE};
use crate::graph::Channel;
use crate::machine::{
    ATOM_TIMES_MAX, LinkedCampaign, Linking, Person, Workspace, advance, named, place_in,
};
use crate::time::{self, HOUR, Instant};

/// The version of the definitions in a test.
const VERSION: i64 = 1;

/// The lines of a test before its start.
#[derive(Debug, Default)]
pub(super) struct Before {
    attributes: Object,
    segments: Vec<Arc<str>>,
    events: Vec<Past>,
    start: Option<Instant>,
}

/// Events of the past.
#[derive(Debug)]
struct Past {
    name: Arc<str>,
    times: u32,
    at: Option<Instant>,
    data: Object,
}

impl Before {
    /// Takes a line that belongs before the start; false for any other.
    pub(super) fn take(&mut self, line: &TestLineKind) -> bool {
        match line {
            TestLineKind::Given(given) => self.given(given),
            TestLineKind::Start(start) => self.start = Some(*start),
            TestLineKind::Input(_)
            | TestLineKind::Wait(_)
            | TestLineKind::WaitUntil(_)
            | TestLineKind::Expect(_) => return false,
        }
        true
    }

    fn given(&mut self, given: &Given) {
        match given {
            Given::Customer(attributes) => self.attributes.extend(attributes.clone()),
            Given::Segment(name) => self.segments.push(name.clone()),
            Given::Events { name, times, at, data } => self.events.push(Past {
                name: name.clone(),
                times: *times,
                at: *at,
                data: data.clone(),
            }),
            Given::Unsubscribed => {
                self.attributes.insert(UNSUBSCRIBED_ATTRIBUTE.to_owned(), Value::Bool(true));
            }
            Given::No(Channel::Email) => {
                self.attributes.insert(EMAIL_ATTRIBUTE.to_owned(), Value::Null);
            }
            // A test that says one of these is not played.
            Given::No(Channel::Sms | Channel::Push | Channel::InApp | Channel::Slack)
            | Given::Reply { .. }
            | Given::Row { .. }
            | Given::Device(_)
            | Given::RelatedTo { .. }
            | Given::Arm { .. }
            | Given::HeldOut => {}
        }
    }

    /// Sets the stage.
    pub(super) fn begin(self, definitions: &Definitions, test: &Test) -> Result<Stage, String> {
        let linking = link(definitions, &self.segments);
        let mut workspace = Workspace::link(linking).map_err(|error| error.to_string())?;
        for line in &test.lines {
            if let TestLineKind::Expect(Expectation::Condition(condition)) = &line.kind {
                workspace.keep_atoms(condition);
            }
        }
        let campaign = workspace
            .campaigns()
            .iter()
            .find(|on| on.campaign.name == test.campaign)
            .map(|on| on.id)
            .ok_or_else(|| format!("there is no campaign `{}`", test.campaign))?;
        let start = self.start.unwrap_or(DEFAULT_START);
        let mut attributes =
            Object::from_iter([(EMAIL_ATTRIBUTE.to_owned(), DEFAULT_EMAIL.into())]);
        attributes.extend(self.attributes);
        attributes.retain(|_, value| !value.is_null());
        let id = named(&test.name, start);
        let mut person = Person { id, attributes, ..Person::default() };
        for past in &self.events {
            let at = past.at.unwrap_or(start - HOUR).min(start);
            remember(&workspace, &mut person, past, at);
        }
        advance(&workspace, &mut person, &[], start);
        let given = self.segments.iter().filter_map(|name| workspace.segment_named(name));
        let given: Vec<_> = given.map(|segment| segment.id).collect();
        place_in(&workspace, &mut person, &given, start);
        Ok(Stage::new(workspace, (person, campaign), start))
    }
}

/// All definitions of the files, live. A segment that is given and asks for behaviour is one the
/// person is in throughout: nobody writes down the behaviour of a year to be a regular customer.
fn link(definitions: &Definitions, given: &[Arc<str>]) -> Linking {
    let segment = |segment: &Segment| {
        let reads = Reads::of(&segment.condition);
        let fixed = given.contains(&segment.name) && !reads.events.is_empty();
        let condition = if fixed { Condition::All(Vec::new()) } else { segment.condition.clone() };
        Segment { condition, ..segment.clone() }
    };
    let settings = definitions.settings.clone();
    let zone = settings.timezone.as_deref().and_then(time::named_zone);
    Linking {
        version: VERSION,
        zone: zone.unwrap_or_default(),
        segments: (1..).zip(definitions.segments.iter().map(segment)).collect(),
        campaigns: (1..)
            .zip(&definitions.campaigns)
            .map(|(id, campaign)| LinkedCampaign {
                id,
                version: id,
                accepting: true,
                campaign: campaign.clone(),
            })
            .collect(),
        emails: definitions.emails.iter().map(|definition| definition.email.clone()).collect(),
        settings,
    }
}

/// Keeps events as performed at `at`.
fn remember(workspace: &Workspace, person: &mut Person, past: &Past, at: Instant) {
    let data = Value::Object(past.data.clone());
    for (id, spec) in workspace.atoms() {
        let context = Context {
            event: Some(&data),
            ..Context::of(person.id, &person.attributes, (at, workspace.zone()), &NoFacts)
        };
        let counts = spec.filter.as_ref().is_none_or(|filter| evaluate(filter, &context).holds);
        if spec.event != past.name || !counts {
            continue;
        }
        let times = usize::try_from(past.times).unwrap_or(ATOM_TIMES_MAX);
        let kept = person.atoms.entry(*id).or_default();
        kept.extend(std::iter::repeat_n(at, times.min(spec.keep)));
        kept.sort_unstable();
        kept.drain(..kept.len().saturating_sub(spec.keep));
    }
}

//! What the pure core makes of one person's inputs, without database, worker or crash.

use std::collections::BTreeMap;

use dsl::compile::{Catalog, Source, compile};
use dsl::expr::{Object, Value};
use dsl::gate::Verdict;
use dsl::machine::{self, Effect, Input, LinkedCampaign, Linking, Person, Workspace};
use dsl::time::{Instant, SECOND};
use uuid::Uuid;

/// An input is accepted a moment before it lies in the inbox. A wake-up that is due in between may
/// overtake it; nothing takes longer than this.
const LATE_MAX_MS: i64 = 5 * SECOND;

/// All that is compared of one person, from the core or from the database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Story {
    /// By run and ordinal.
    pub history: BTreeMap<(Uuid, i64), Line>,
    /// Every delivery that was decided.
    pub deliveries: BTreeMap<Uuid, Decision>,
    /// Attributes in the end.
    pub attributes: Object,
    /// Segments in the end, and since when.
    pub memberships: BTreeMap<i64, Instant>,
    /// What is kept of behaviour.
    pub atoms: BTreeMap<String, Vec<Instant>>,
    /// Campaign, when and by which run.
    pub entries: Vec<(i64, Instant, Uuid)>,
    /// Changes of attributes: when, which, to what, by which run; sorted.
    pub changes: Vec<(Instant, String, String, Option<Uuid>)>,
}

/// One line of a journey's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub campaign: i64,
    pub version: i64,
    pub step: String,
    pub outcome: String,
    pub deciding: Value,
    pub at: Instant,
}

/// One delivery as it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub run: Uuid,
    pub message: String,
    pub is_ready: bool,
    pub at: Instant,
}

/// The definitions compiled anew from their source, with the ids that the database gave them.
pub fn workspace(source: &str, ids: &Ids) -> Workspace {
    let source = Source { path: "all.journey".to_owned(), text: source.to_owned() };
    let compilation = compile(&[source], &Catalog::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    let definitions = compilation.definitions;
    let campaigns = definitions.campaigns.into_iter().map(|campaign| {
        let (id, version) = ids.campaigns[campaign.name.as_ref()];
        LinkedCampaign { id, version, accepting: true, campaign }
    });
    let segments = definitions.segments.into_iter();
    let linking = Linking {
        version: ids.version,
        zone: dsl::time::named_zone("UTC").expect("UTC is a zone"),
        campaigns: campaigns.collect(),
        segments: segments.map(|one| (ids.segments[one.name.as_ref()], one)).collect(),
        emails: definitions.emails.into_iter().map(|one| one.email).collect(),
        settings: definitions.settings,
    };
    Workspace::link(linking).expect("what compiles can be linked")
}

/// What the database calls the definitions.
#[derive(Debug, Clone)]
pub struct Ids {
    pub version: i64,
    /// By name: campaign and version.
    pub campaigns: BTreeMap<String, (i64, i64)>,
    pub segments: BTreeMap<String, i64>,
}

/// How what happened compares with what the core says.
#[derive(Debug)]
pub enum Comparison {
    /// Line for line, each at its instant.
    Same,
    /// The same, but that a wake-up overtook an input which was accepted so many milliseconds
    /// before it.
    Overtaken(i64),
    /// This should have happened.
    Different(Box<Story>),
}

/// Looks for a way in which these inputs come to `actual`.
pub fn compare(
    workspace: &Workspace,
    id: Uuid,
    inputs: &[Input],
    now: Instant,
    actual: &Story,
) -> Comparison {
    let person = Person { id, ..Person::default() };
    let start = Teller { person, story: Story::default(), overtaken_ms: 0 };
    let mut expected = start.clone();
    expected.advance(workspace, inputs, now);
    let expected = expected.end(workspace, now);
    if expected == *actual {
        return Comparison::Same;
    }
    let mut open = vec![(start, 0)];
    while let Some((mut teller, next)) = open.pop() {
        if let Some(input) = inputs.get(next).filter(|input| teller.person.due <= Some(input.at)) {
            teller.wake(workspace, input.at);
        }
        if !teller.fits(actual) {
            continue;
        }
        let Some(input) = inputs.get(next) else {
            let overtaken_ms = teller.overtaken_ms;
            if teller.end(workspace, now) == *actual {
                return Comparison::Overtaken(overtaken_ms);
            }
            continue;
        };
        let due = teller.person.due.filter(|due| (input.at..=input.at + LATE_MAX_MS).contains(due));
        if let Some(due) = due {
            let mut late = teller.clone();
            late.overtaken_ms = late.overtaken_ms.max(due - input.at);
            late.wake(workspace, due);
            open.push((late, next));
        }
        let mut on_time = teller;
        on_time.advance(workspace, std::slice::from_ref(input), input.at);
        open.push((on_time, next + 1));
    }
    Comparison::Different(Box::new(expected))
}

#[derive(Clone)]
struct Teller {
    person: Person,
    story: Story,
    overtaken_ms: i64,
}

impl Teller {
    /// Whether all it told so far has happened.
    fn fits(&self, actual: &Story) -> bool {
        self.story.history.iter().all(|(key, line)| actual.history.get(key) == Some(line))
    }

    fn advance(&mut self, workspace: &Workspace, inputs: &[Input], until: Instant) {
        let outcome = machine::advance(workspace, &mut self.person, inputs, until);
        assert!(!outcome.more, "these journeys are short");
        outcome.effects.into_iter().for_each(|effect| self.story.tell(effect));
    }

    /// Lets happen what is due, if anything is.
    fn wake(&mut self, workspace: &Workspace, until: Instant) {
        if self.person.due.is_some() {
            self.advance(workspace, &[], until);
        }
    }

    fn end(mut self, workspace: &Workspace, now: Instant) -> Story {
        self.advance(workspace, &[], now);
        assert!(self.person.runs.is_empty(), "by now every journey is over");
        let person = self.person;
        self.story.attributes = person.attributes;
        self.story.memberships = person.memberships;
        self.story.atoms =
            person.atoms.into_iter().map(|(id, times)| (id.to_string(), times)).collect();
        self.story.entries.sort();
        self.story.changes.sort();
        self.story
    }
}

impl Story {
    fn tell(&mut self, effect: Effect) {
        match effect {
            Effect::History(line) => {
                let kept = Line {
                    campaign: line.campaign,
                    version: line.version,
                    step: line.step.to_string(),
                    outcome: line.outcome.word().to_owned(),
                    deciding: Value::Object(line.deciding),
                    at: line.at,
                };
                let before = self.history.insert((line.run, line.ordinal), kept);
                assert_eq!(before, None, "the core takes no step twice");
            }
            Effect::Delivery(delivery) => {
                let decision = Decision {
                    run: delivery.run,
                    message: delivery.message.to_string(),
                    is_ready: delivery.verdict == Verdict::Ready,
                    at: delivery.at,
                };
                self.deliveries.insert(delivery.id, decision);
            }
            Effect::Entered { run, campaign, at } => self.entries.push((campaign, at, run)),
            Effect::Attribute { path, to, at, run, .. } => {
                self.changes.push((at, path, to.to_string(), run));
            }
            Effect::Cut { what, .. } => panic!("nothing is to be cut: {what}"),
            // Events and memberships are compared on their own.
            Effect::Event { .. } | Effect::Membership { .. } => {}
        }
    }
}

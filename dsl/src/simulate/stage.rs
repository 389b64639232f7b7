//! The world of one test: a person, a clock, and what has happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::TimelineEntry;
use crate::expr::eval::RunView;
use crate::expr::{Key, Object, Value};
use crate::gate::{self, Verdict};
use crate::machine::{
    CampaignId, Delivery, Effect, History, Input, Person, Piece, StepOutcome, Workspace, advance,
    derive, write_value,
};
use crate::message::{Reader, Rendered};
use crate::time::{self, Instant, Length};

/// A test that takes more calls than this at one instant does not come to rest.
const CALLS_MAX: usize = 1_000;

/// Everything in one test.
pub(super) struct Stage {
    pub(super) workspace: Workspace,
    pub(super) person: Person,
    /// The campaign the test speaks of.
    pub(super) campaign: CampaignId,
    pub(super) now: Instant,
    pub(super) messages: Vec<Message>,
    pub(super) timeline: Vec<TimelineEntry>,
    /// The latest run of the campaign the test speaks of.
    pub(super) run: Option<Watched>,
    names: BTreeMap<CampaignId, Arc<str>>,
    /// Data of the event that came last; a run that begins was started by it.
    last_event: Value,
    inputs: i64,
}

/// A message and what became of it.
pub(super) struct Message {
    pub(super) name: Arc<str>,
    pub(super) at: Instant,
    pub(super) fate: Fate,
}

/// What became of a message.
pub(super) enum Fate {
    /// It has left; its rendered fields.
    Left(Object),
    /// The gate kept it back; the reason.
    Skipped(&'static str),
    /// It could not be rendered; why.
    Failed(String),
}

/// A run that is looked at from outside.
pub(super) struct Watched {
    pub(super) id: Uuid,
    pub(super) end: Option<History>,
    trigger: Value,
    vars: Object,
    since: Instant,
}

impl Stage {
    pub(super) fn new(
        workspace: Workspace,
        (person, campaign): (Person, CampaignId),
        now: Instant,
    ) -> Self {
        let names =
            workspace.campaigns().iter().map(|on| (on.id, on.campaign.name.clone())).collect();
        Self {
            workspace,
            person,
            campaign,
            now,
            messages: Vec::new(),
            timeline: Vec::new(),
            run: None,
            names,
            last_event: Value::Null,
            inputs: 0,
        }
    }

    /// Something the person does; `at` is its own time, if not now.
    pub(super) fn event(
        &mut self,
        name: &Arc<str>,
        data: &Value,
        at: Option<Instant>,
    ) -> Result<(), String> {
        let time = at.map_or(self.now, |at| at.min(self.now));
        let (name, data) = (name.clone(), data.clone());
        self.input(Piece::Event { name, data, time })
    }

    pub(super) fn identify(&mut self, attributes: &Object) -> Result<(), String> {
        self.input(Piece::Identify { patch: attributes.clone() })
    }

    /// The moment `length` from now.
    pub(super) fn after(&self, length: Length) -> Instant {
        time::add(self.now, length, self.zone())
    }

    /// Moves the clock from one thing that is due to the next, up to `until`.
    pub(super) fn run_until(&mut self, until: Instant) -> Result<(), String> {
        while self.step_until(until)? {}
        Ok(())
    }

    /// Moves the clock to the next thing that is due, or to `until`; false once it is there.
    pub(super) fn step_until(&mut self, until: Instant) -> Result<bool, String> {
        match self.person.due.filter(|due| *due <= until) {
            Some(due) => {
                self.now = self.now.max(due);
                self.call(&[]).map(|()| true)
            }
            None => {
                self.now = self.now.max(until);
                Ok(false)
            }
        }
    }

    /// An instant as the person reads it.
    pub(super) fn show(&self, at: Instant) -> String {
        time::show(at, self.zone())
    }

    pub(super) fn zone(&self) -> chrono_tz::Tz {
        time::zone_of(&self.person.attributes, self.workspace.zone())
    }

    /// Name of a campaign.
    pub(super) fn name(&self, campaign: CampaignId) -> Option<&Arc<str>> {
        self.names.get(&campaign)
    }

    fn input(&mut self, piece: Piece) -> Result<(), String> {
        self.inputs += 1;
        let id = derive(self.person.id, self.inputs, self.now);
        self.call(&[Input { id, at: self.now, depth: 0, piece }])
    }

    fn call(&mut self, inputs: &[Input]) -> Result<(), String> {
        let mut inputs = inputs;
        for _ in 0..CALLS_MAX {
            let outcome = advance(&self.workspace, &mut self.person, inputs, self.now);
            for effect in &outcome.effects {
                self.absorb(effect);
            }
            self.look_at_run();
            inputs = inputs.get(outcome.inputs_taken..).unwrap_or_default();
            if !outcome.more {
                return Ok(());
            }
        }
        Err("the campaigns do not come to rest: they step on without a wait".to_owned())
    }

    fn absorb(&mut self, effect: &Effect) {
        match effect {
            Effect::Delivery(delivery) => self.deliver(delivery),
            Effect::Event { data, .. } => {
                self.tell(effect);
                self.last_event.clone_from(data);
            }
            Effect::History(line) => {
                self.tell(effect);
                self.follow(line);
            }
            Effect::Attribute { .. }
            | Effect::Membership { .. }
            | Effect::Entered { .. }
            | Effect::Cut { .. } => self.tell(effect),
        }
    }

    /// Keeps up with the latest run of the campaign that the test speaks of.
    fn follow(&mut self, line: &History) {
        if line.campaign != self.campaign {
            return;
        }
        if line.outcome == StepOutcome::Entered {
            self.run = Some(Watched {
                id: line.run,
                end: None,
                trigger: self.last_event.clone(),
                vars: Object::new(),
                since: line.at,
            });
        }
        let Some(run) = self.run.as_mut().filter(|run| run.id == line.run) else { return };
        match line.outcome {
            StepOutcome::Exited | StepOutcome::Finished | StepOutcome::Replaced => {
                run.end = Some(line.clone());
            }
            StepOutcome::Set | StepOutcome::Unset => {
                for (path, value) in &line.deciding {
                    let mut keys = path.split('.').map(|key| Key::Name(key.to_owned()));
                    if keys.next() == Some(Key::Name("journey".to_owned())) {
                        let keys: Vec<Key> = keys.collect();
                        write_value(&mut run.vars, &keys, value.clone());
                    }
                }
            }
            StepOutcome::Entered
            | StepOutcome::Sent
            | StepOutcome::Waiting
            | StepOutcome::Elapsed
            | StepOutcome::Signalled
            | StepOutcome::TimedOut
            | StepOutcome::Branched => {}
        }
    }

    /// While a run is live, its own data is the best to be had.
    fn look_at_run(&mut self) {
        let Some(watched) = &mut self.run else { return };
        if let Some(run) = self.person.runs.iter().find(|run| run.id == watched.id) {
            watched.trigger.clone_from(&run.trigger);
            watched.vars.clone_from(&run.vars);
        }
    }

    fn deliver(&mut self, delivery: &Delivery) {
        let fate = match &delivery.verdict {
            Verdict::Skipped { reason } => Fate::Skipped(reason.word()),
            Verdict::Ready => self.render(delivery),
        };
        self.tell_fate(delivery, &fate);
        self.messages.push(Message { name: delivery.message.clone(), at: delivery.at, fate });
    }

    fn render(&self, delivery: &Delivery) -> Fate {
        let Some(compiled) = self.workspace.email(&delivery.message) else {
            return Fate::Failed(format!("there is no email `{}`", delivery.message));
        };
        let reader = Reader {
            attributes: &self.person.attributes,
            frozen: &delivery.frozen,
            to: delivery.to.as_deref(),
            now: delivery.at,
        };
        match compiled.render(&reader, self.workspace.settings()) {
            Err(failure) => Fate::Failed(failure.to_string()),
            Ok(rendered) => {
                let attributes = &self.person.attributes;
                match gate::judge(attributes, &compiled.email, Some(&rendered.to)) {
                    Verdict::Ready => Fate::Left(fields(rendered)),
                    Verdict::Skipped { reason } => Fate::Skipped(reason.word()),
                }
            }
        }
    }
}

impl Watched {
    /// What conditions can read of it.
    pub(super) const fn view(&self) -> RunView<'_> {
        RunView { trigger: &self.trigger, vars: &self.vars, since: self.since }
    }
}

/// The rendered fields as `message.*`; `body` is whichever part the message has.
fn fields(rendered: Rendered) -> Object {
    let Rendered { from, to, reply_to, subject, preheader, html, text } = rendered;
    let body = html.clone().or_else(|| text.clone());
    let fields = [
        ("from", Some(from)),
        ("to", Some(to)),
        ("reply_to", reply_to),
        ("subject", Some(subject)),
        ("preheader", preheader),
        ("html", html),
        ("text", text),
        ("body", body),
    ];
    fields
        .into_iter()
        .filter_map(|(name, field)| field.map(|field| (name.to_owned(), Value::String(field))))
        .collect()
}

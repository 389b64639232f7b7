//! The order of things: what is due acts before an input that comes after it, each at its own
//! instant, however late the call.

use std::sync::Arc;

use super::attributes;
use super::ids::{EVENT_ORDINAL, derive};
use super::react::Touch;
use super::workspace::{CampaignVersion, Workspace};
use super::{
    CAUSE_DEPTH_MAX, Changed, Effect, History, Input, Outcome, Person, Piece, Run,
    STEPS_PER_CALL_MAX, StepOutcome,
};
use crate::expr::eval::{self, Context, Facts, RunView, earliest};
use crate::expr::{Atom, Object, Value};
use crate::graph::{Step, StepIndex, StepKind};
use crate::time::{self, Instant};

/// Takes `person` through `inputs` and everything that is due until `now`.
///
/// Inputs should come in the order of their `at`; one that is out of order acts together with the
/// one before it. Called once with many inputs or many times with one, early or hours late, the
/// person ends in the same state by the same steps.
pub fn advance(
    workspace: &Workspace,
    person: &mut Person,
    inputs: &[Input],
    now: Instant,
) -> Outcome {
    let due = person.due;
    let mut engine = Engine::new(workspace, person);
    engine.wake_stranded();
    engine.take_along(inputs.first().map_or(now, |input| input.at.min(now)));
    let mut clock = Instant::MIN;
    for input in inputs {
        clock = clock.max(input.at.min(now));
        engine.wake(clock);
        if engine.outcome.more {
            break;
        }
        engine.take(input, clock);
        engine.outcome.inputs_taken += 1;
    }
    engine.wake(now);
    engine.finish(due)
}

/// A decision while it is taken.
pub(super) struct Engine<'w, 'p> {
    pub(super) workspace: &'w Workspace,
    pub(super) person: &'p mut Person,
    /// The person's runs, oldest first, with those that ended in this call.
    pub(super) walkers: Vec<Walker<'w>>,
    pub(super) outcome: Outcome,
    /// Depth of the cause that is at work.
    pub(super) cause: u32,
    steps: usize,
}

/// A run and where it stands.
pub(super) struct Walker<'w> {
    pub(super) run: Run,
    pub(super) on: &'w CampaignVersion,
    pub(super) step: StepIndex,
    pub(super) live: bool,
    pub(super) touched: bool,
}

/// An event while conditions are asked about it.
#[derive(Clone, Copy)]
pub(super) struct Happening<'e> {
    pub(super) input: &'e Input,
    pub(super) name: &'e Arc<str>,
    pub(super) data: &'e Value,
    /// Its own time.
    pub(super) time: Instant,
}

impl<'w, 'p> Engine<'w, 'p> {
    pub(super) fn new(workspace: &'w Workspace, person: &'p mut Person) -> Self {
        let mut outcome = Outcome::default();
        let mut walkers = Vec::with_capacity(person.runs.len());
        for run in std::mem::take(&mut person.runs) {
            let stand = workspace
                .campaign(run.version)
                .and_then(|on| on.step(&run.place).map(|step| (on, step)));
            match stand {
                Some((on, step)) => {
                    walkers.push(Walker { run, on, step, live: true, touched: false });
                }
                None => cut_off(run, &mut outcome),
            }
        }
        Self { workspace, person, walkers, outcome, cause: 0, steps: 0 }
    }

    /// A run that should move and whose person is not due would wait for ever.
    fn wake_stranded(&mut self) {
        for walker in &self.walkers {
            let due = if walker.pending() { Some(walker.run.arrived) } else { walker.run.due };
            self.person.due = earliest(self.person.due, due);
        }
    }

    /// Takes the person to the workspace's version of the definitions, as of `first` or the
    /// earlier moment at which something is due. Nobody enters a campaign by that.
    fn take_along(&mut self, first: Instant) {
        if self.person.version >= self.workspace.version {
            return;
        }
        let at = self.person.due.map_or(first, |due| due.min(first));
        let before = self.person.atoms.len();
        self.person.atoms.retain(|atom, _| self.workspace.atoms.contains_key(atom));
        self.outcome.changed.atoms |= self.person.atoms.len() != before;
        let gone: Vec<_> = self.person.memberships.keys().copied().collect();
        for segment in gone {
            if !self.workspace.segment_ids.contains_key(&segment) {
                self.person.memberships.remove(&segment);
                self.outcome.effects.push(Effect::Membership { segment, entered: false, at });
            }
        }
        self.person.version = self.workspace.version;
        self.outcome.changed.person = true;
        self.react(Touch::everything(), at, None);
        self.settle();
    }

    /// Lets everything happen that is due until `until`, at its own instant.
    fn wake(&mut self, until: Instant) {
        while let Some(due) = self.person.due.filter(|due| *due <= until) {
            if self.outcome.more {
                return;
            }
            self.wake_at(due);
        }
    }

    /// Asks every condition that time can change, and arms the clock anew.
    fn wake_at(&mut self, at: Instant) {
        self.person.due = None;
        self.cause = 0;
        let mut touch = Touch::clock();
        self.judge_segments(&mut touch, at);
        self.judge_exits(&touch, at, None);
        for index in 0..self.walkers.len() {
            self.elapse(index, at);
        }
        self.judge_arms(&touch, at, None);
        self.settle();
        for index in 0..self.walkers.len() {
            if let Some(due) = self.walkers.get(index).filter(|w| w.live).and_then(|w| w.run.due) {
                self.arm(Some(due));
            }
        }
    }

    fn take(&mut self, input: &Input, at: Instant) {
        self.cause = input.depth;
        match &input.piece {
            Piece::Identify { patch } => {
                let changes = attributes::patch(&mut self.person.attributes, patch);
                if changes.is_empty() {
                    return;
                }
                let touch = self.record_changes(changes, None, at);
                self.react(touch, at, None);
                self.settle();
            }
            Piece::Event { name, data, time } => {
                let time = (*time).min(at);
                self.happen(Happening { input, name, data, time }, at);
            }
        }
    }

    fn happen(&mut self, event: Happening<'_>, at: Instant) {
        self.outcome.effects.push(Effect::Event {
            id: derive(event.input.id, EVENT_ORDINAL, event.input.at),
            name: event.name.clone(),
            data: event.data.clone(),
            time: event.time,
            at,
        });
        self.keep_times(&event, at);
        self.react(Touch::event(event.name), at, Some(&event));
        self.settle();
        if event.input.depth > CAUSE_DEPTH_MAX {
            let what = format!("event `{}` starts nothing: too many causes", event.name);
            self.outcome.effects.push(Effect::Cut { what, at });
            return;
        }
        self.enter_by(&event, at);
        self.settle();
    }

    /// Adds the event's time to the behaviour that is kept of the person.
    fn keep_times(&mut self, event: &Happening<'_>, at: Instant) {
        for id in self.workspace.atoms_of.get(event.name).into_iter().flatten() {
            let Some(spec) = self.workspace.atoms.get(id) else { continue };
            let counts = spec.filter.as_ref().is_none_or(|filter| {
                let context = Context { event: Some(event.data), ..self.context(at, None) };
                eval::evaluate(filter, &context).holds
            });
            if counts {
                let times = self.person.atoms.entry(*id).or_default();
                times.insert(times.partition_point(|kept| *kept <= event.time), event.time);
                times.drain(..times.len().saturating_sub(spec.keep));
                self.outcome.changed.atoms = true;
            }
        }
    }

    /// Records written attributes and returns what they can touch.
    pub(super) fn record_changes(
        &mut self,
        changes: Vec<attributes::Change>,
        run: Option<uuid::Uuid>,
        at: Instant,
    ) -> Touch {
        self.outcome.changed.person = true;
        let mut touch = Touch::default();
        for attributes::Change { path, from, to } in changes {
            touch.attribute(path.split('.').next().unwrap_or_default());
            self.outcome.effects.push(Effect::Attribute { path, from, to, at, run });
        }
        touch
    }

    /// Walks all runs that can move, one step each in turn, until all stand or the limit is met.
    fn settle(&mut self) {
        let mut moving = true;
        while moving {
            moving = false;
            for index in 0..self.walkers.len() {
                if !self.walkers.get(index).is_some_and(|w| w.live && w.pending()) {
                    continue;
                }
                if self.steps >= STEPS_PER_CALL_MAX {
                    self.outcome.more = true;
                    let arrived = self.walkers.get(index).map(|walker| walker.run.arrived);
                    self.arm(arrived);
                    return;
                }
                self.steps += 1;
                moving = true;
                self.walk(index);
            }
        }
    }

    /// The person is to be looked at again at `due` at the latest.
    pub(super) fn arm(&mut self, due: Option<Instant>) {
        self.person.due = earliest(self.person.due, due);
    }

    /// What conditions can read; of a run too, where one is asked for.
    pub(super) fn context<'c>(&'c self, now: Instant, run: Option<&'c Run>) -> Context<'c> {
        let zone = time::zone_of(&self.person.attributes, self.workspace.zone);
        let run =
            run.map(|run| RunView { trigger: &run.trigger, vars: &run.vars, since: run.since });
        Context { run, ..Context::of(self.person.id, &self.person.attributes, (now, zone), self) }
    }

    /// Writes a line of the history of a run.
    pub(super) fn record(
        &mut self,
        index: usize,
        (step, outcome): (&Arc<str>, StepOutcome),
        deciding: Object,
        at: Instant,
    ) {
        let Some(walker) = self.walkers.get_mut(index) else { return };
        let ordinal = walker.run.ordinal;
        walker.run.ordinal += 1;
        walker.touched = true;
        self.outcome.effects.push(Effect::History(History {
            run: walker.run.id,
            campaign: walker.run.campaign,
            version: walker.run.version,
            ordinal,
            step: step.clone(),
            outcome,
            deciding,
            at,
        }));
    }

    /// Takes a run from the person.
    pub(super) fn end(&mut self, index: usize) {
        if let Some(walker) = self.walkers.get_mut(index) {
            walker.live = false;
            self.outcome.ended.push(walker.run.id);
        }
    }

    pub(super) fn finish(mut self, due: Option<Instant>) -> Outcome {
        for walker in self.walkers {
            if walker.live {
                if walker.touched {
                    self.outcome.touched.push(walker.run.id);
                }
                self.person.runs.push(walker.run);
            }
        }
        self.outcome.changed = Changed { due: self.person.due != due, ..self.outcome.changed };
        self.outcome
    }
}

impl Facts for Engine<'_, '_> {
    fn member(&self, segment: &str) -> bool {
        let names = &self.workspace.segment_names;
        names
            .get(segment)
            .and_then(|index| self.workspace.segments.get(*index))
            .is_some_and(|linked| self.person.memberships.contains_key(&linked.id))
    }

    fn times(&self, atom: &Atom) -> &[Instant] {
        self.workspace
            .atom_id(atom)
            .and_then(|id| self.person.atoms.get(&id))
            .map_or(&[], Vec::as_slice)
    }
}

impl<'w> Walker<'w> {
    pub(super) const fn new(run: Run, on: &'w CampaignVersion, step: StepIndex) -> Self {
        Self { run, on, step, live: true, touched: true }
    }

    /// The step it stands at.
    pub(super) fn stands_at(&self) -> Option<&'w Step> {
        self.on.campaign.graph.steps.get(self.step)
    }

    /// Whether it can walk on at once: only a wait holds it, and only until it is due.
    pub(super) fn pending(&self) -> bool {
        match self.stands_at().map(|step| &step.kind) {
            Some(StepKind::Wait(_) | StepKind::Listen { .. }) => {
                self.run.due.is_some_and(|due| due <= self.run.arrived)
            }
            Some(_) => true,
            None => false,
        }
    }
}

/// Ends a run whose place is in no version that is known.
fn cut_off(run: Run, outcome: &mut Outcome) {
    let what = format!("step `{}` is gone; the run that stood there is over", run.place);
    let deciding = Object::from_iter([("clause".to_owned(), Value::from(what.clone()))]);
    outcome.effects.push(Effect::Cut { what, at: run.arrived });
    outcome.effects.push(Effect::History(History {
        run: run.id,
        campaign: run.campaign,
        version: run.version,
        ordinal: run.ordinal,
        step: run.place,
        outcome: StepOutcome::Exited,
        deciding,
        at: run.arrived,
    }));
    outcome.ended.push(run.id);
}

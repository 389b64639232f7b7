//! From a change to what it sets off: segments first, then exits, then waits. Nothing is asked
//! that the change cannot touch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::advance::{Engine, Happening};
use super::workspace::Workspace;
use super::{CAUSE_RESET, Effect, Person, Run, SegmentId, StepOutcome};
use crate::expr::eval::{self, Judgement};
use crate::expr::reads::Reads;
use crate::expr::{Condition, Object, Value};
use crate::graph::{Arm, Exit, Signal, StepIndex, StepKind};
use crate::time::Instant;

/// A change, as far as conditions can be touched by it.
#[derive(Debug, Default)]
pub(super) struct Touch {
    everything: bool,
    clock: bool,
    /// First keys of attributes.
    attributes: Vec<String>,
    event: Option<Arc<str>>,
    /// Segments whose membership changed.
    segments: Vec<Arc<str>>,
    /// The run whose variables changed, by its index.
    journey: Option<usize>,
}

impl Touch {
    pub(super) fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    pub(super) fn clock() -> Self {
        Self { clock: true, ..Self::default() }
    }

    pub(super) fn event(name: &Arc<str>) -> Self {
        Self { event: Some(name.clone()), ..Self::default() }
    }

    pub(super) fn journey(index: usize) -> Self {
        Self { journey: Some(index), ..Self::default() }
    }

    pub(super) fn attribute(&mut self, first_key: &str) {
        if !self.attributes.iter().any(|known| known == first_key) {
            self.attributes.push(first_key.to_owned());
        }
    }

    /// Whether it can change the answer of a condition of the run at `index`.
    fn hits(&self, reads: &Reads, index: usize) -> bool {
        self.everything
            || (self.clock && reads.clock)
            || (reads.all_attributes && !self.attributes.is_empty())
            || (reads.journey && self.journey == Some(index))
            || self.event.as_ref().is_some_and(|event| reads.events.contains(event))
            || self.attributes.iter().any(|key| reads.attributes.contains(key))
            || self.segments.iter().any(|name| reads.segments.contains(name))
    }
}

/// Puts a person into segments, whatever their conditions say, and lets the segments that read
/// them follow.
pub(crate) fn place_in(
    workspace: &Workspace,
    person: &mut Person,
    segments: &[SegmentId],
    at: Instant,
) {
    let mut touch = Touch::default();
    for linked in segments.iter().filter_map(|id| workspace.segment(*id)) {
        person.memberships.entry(linked.id).or_insert(at);
        touch.segments.push(linked.segment.name.clone());
    }
    let mut engine = Engine::new(workspace, person);
    engine.judge_segments(&mut touch, at);
    engine.finish(None);
}

impl Engine<'_, '_> {
    /// Everything a change sets off, but for the entry into campaigns.
    pub(super) fn react(&mut self, mut touch: Touch, at: Instant, event: Option<&Happening<'_>>) {
        self.judge_segments(&mut touch, at);
        self.judge_exits(&touch, at, event);
        self.judge_arms(&touch, at, event);
    }

    /// Judges the touched segments, and the segments that read those whose membership changed.
    pub(super) fn judge_segments(&mut self, touch: &mut Touch, at: Instant) {
        let workspace = self.workspace;
        let mut asked = self.touched_segments(touch);
        // A segment stands behind all it reads, so each is asked once, when all it reads is known.
        while let Some(index) = asked.pop_first() {
            let Some(linked) = workspace.segments.get(index) else { continue };
            let judged = eval::evaluate(&linked.segment.condition, &self.context(at, None));
            self.arm(judged.next);
            let segment = linked.id;
            if judged.holds == self.person.memberships.contains_key(&segment) {
                continue;
            }
            if judged.holds {
                self.person.memberships.insert(segment, at);
            } else {
                self.person.memberships.remove(&segment);
            }
            let entered = judged.holds;
            self.outcome.effects.push(Effect::Membership { segment, entered, at });
            touch.segments.push(linked.segment.name.clone());
            asked.extend(workspace.touching.segments.get(index).into_iter().flatten());
        }
    }

    fn touched_segments(&self, touch: &Touch) -> BTreeSet<usize> {
        let touching = &self.workspace.touching;
        let mut asked = BTreeSet::new();
        if touch.everything {
            asked.extend(0..self.workspace.segments.len());
        }
        if touch.clock {
            asked.extend(&touching.clock);
        }
        if !touch.attributes.is_empty() {
            asked.extend(&touching.any_attribute);
        }
        for key in &touch.attributes {
            asked.extend(touching.attributes.get(key).into_iter().flatten());
        }
        if let Some(event) = &touch.event {
            asked.extend(touching.events.get(event).into_iter().flatten());
        }
        for name in &touch.segments {
            let changed = self.workspace.segment_names.get(name);
            asked.extend(changed.and_then(|at| touching.segments.get(*at)).into_iter().flatten());
        }
        asked
    }

    /// Ends the runs one of whose `exit when` is met.
    pub(super) fn judge_exits(
        &mut self,
        touch: &Touch,
        at: Instant,
        event: Option<&Happening<'_>>,
    ) {
        for index in 0..self.walkers.len() {
            let Some(walker) = self.walkers.get(index).filter(|walker| walker.live) else {
                continue;
            };
            let (on, at) = (walker.on, at.max(walker.run.arrived));
            for (exit, reads) in on.campaign.exits.iter().zip(&on.exits) {
                let Some(signal) = exit.when.signal() else { continue };
                let touched = touch.hits(reads, index);
                if let Some(deciding) = self.hears(index, (signal, touched), at, event) {
                    self.exit(index, exit, deciding, at);
                    break;
                }
            }
        }
    }

    /// Moves on the runs that stand in a wait one of whose arms hears its signal.
    pub(super) fn judge_arms(&mut self, touch: &Touch, at: Instant, event: Option<&Happening<'_>>) {
        for index in 0..self.walkers.len() {
            let Some(walker) = self.walkers.get(index).filter(|w| w.live && !w.pending()) else {
                continue;
            };
            // A signal at the very limit is too late.
            if walker.run.due.is_some_and(|due| due <= at) {
                continue;
            }
            let (on, at) = (walker.on, at.max(walker.run.arrived));
            let Some(StepKind::Listen { arms, .. }) = walker.stands_at().map(|step| &step.kind)
            else {
                continue;
            };
            let reads = on.arms.get(walker.step).map_or(&[][..], Vec::as_slice);
            for (arm, reads) in arms.iter().zip(reads) {
                let heard = arm.signals.iter().zip(reads).find_map(|(signal, reads)| {
                    let touched = touch.hits(reads, index);
                    self.hears(index, (signal, touched), at, event).map(|heard| (signal, heard))
                });
                if let Some((signal, deciding)) = heard {
                    let event = event.filter(|_| matches!(signal, Signal::Activity { .. }));
                    self.signalled(index, arm, (deciding, event), at);
                    break;
                }
            }
        }
    }

    /// Whether the run at `index` hears `signal` now, and the values that decided it.
    pub(super) fn hears(
        &mut self,
        index: usize,
        (signal, touched): (&Signal, bool),
        at: Instant,
        event: Option<&Happening<'_>>,
    ) -> Option<Object> {
        match signal {
            Signal::Activity { activity, filter } => {
                let name = activity.event_name()?;
                let event = event.filter(|event| event.name == name)?;
                let mut deciding = Object::from_iter([("event".to_owned(), Value::from(&**name))]);
                let run = self.walkers.get(index).map(|walker| &walker.run);
                let holds = filter.as_ref().is_none_or(|filter| {
                    self.explain_for(run, filter, (at, Some(event)), &mut deciding).holds
                });
                holds.then_some(deciding)
            }
            Signal::Condition(condition) => {
                if !touched {
                    return None;
                }
                let judged = self.ask(index, condition, at);
                if !judged.holds {
                    self.arm(judged.next);
                    return None;
                }
                let mut deciding = Object::new();
                let run = self.walkers.get(index).map(|walker| &walker.run);
                self.explain_for(run, condition, (at, None), &mut deciding);
                Some(deciding)
            }
        }
    }

    fn ask(&self, index: usize, condition: &Condition, at: Instant) -> Judgement {
        let run = self.walkers.get(index).map(|walker| &walker.run);
        eval::evaluate(condition, &self.context(at, run))
    }

    /// Judges a condition for a run and notes the values that decided it.
    pub(super) fn explain_for(
        &self,
        run: Option<&Run>,
        condition: &Condition,
        (at, event): (Instant, Option<&Happening<'_>>),
        deciding: &mut Object,
    ) -> Judgement {
        let mut context = self.context(at, run);
        context.event = event.map(|event| event.data);
        eval::explain(condition, &context, deciding)
    }

    fn exit(&mut self, index: usize, exit: &Exit, mut deciding: Object, at: Instant) {
        deciding.insert("clause".to_owned(), exit.text.clone().into());
        self.record(index, (&Arc::from(""), StepOutcome::Exited), deciding, at);
        self.end(index);
    }

    /// Takes a run along `arm`, whose signal it heard.
    pub(super) fn signalled(
        &mut self,
        index: usize,
        arm: &Arm,
        (mut deciding, event): (Object, Option<&Happening<'_>>),
        at: Instant,
    ) {
        let cause = self.cause;
        let Some(walker) = self.walkers.get_mut(index) else { return };
        let Some(step) = walker.stands_at() else { return };
        walker.run.depth = cause;
        let kept = arm.name.as_ref().zip(event);
        if let Some((name, event)) = kept {
            walker.run.vars.insert(name.clone(), event.data.clone());
        }
        deciding.insert("arm".to_owned(), arm.title.clone().into());
        self.record(index, (&step.id, StepOutcome::Signalled), deciding, at);
        self.go(index, arm.to, at);
        if kept.is_some() {
            self.judge_exits(&Touch::journey(index), at, None);
        }
    }

    /// Ends the wait of the run at `index` if it is over by `at`; it ended at its own instant.
    pub(super) fn elapse(&mut self, index: usize, at: Instant) {
        let Some(walker) = self.walkers.get_mut(index).filter(|w| w.live && !w.pending()) else {
            return;
        };
        let Some(step) = walker.stands_at() else { return };
        let Some(due) = walker.run.due.filter(|due| *due <= at) else { return };
        let (outcome, to) = if let StepKind::Listen { timeout, .. } = &step.kind {
            (StepOutcome::TimedOut, *timeout)
        } else {
            (StepOutcome::Elapsed, step.next)
        };
        if due.saturating_sub(walker.run.arrived) >= CAUSE_RESET {
            walker.run.depth = 0;
        }
        self.record(index, (&step.id, outcome), Object::new(), due);
        self.go(index, to, due);
    }

    /// Sends a run on to its next step, or to its end.
    pub(super) fn go(&mut self, index: usize, to: Option<StepIndex>, at: Instant) {
        let Some(walker) = self.walkers.get_mut(index) else { return };
        let steps = &walker.on.campaign.graph.steps;
        if let Some((to, next)) = to.and_then(|to| steps.get(to).map(|next| (to, next))) {
            walker.step = to;
            walker.touched = true;
            walker.run.place = next.id.clone();
            walker.run.arrived = at;
            // Due already: it walks on as soon as it is its turn, in this call or the next.
            walker.run.due = Some(at);
            return;
        }
        let step = walker.stands_at().map_or_else(|| Arc::from(""), |step| step.id.clone());
        self.record(index, (&step, StepOutcome::Finished), Object::new(), at);
        self.end(index);
    }
}

//! The way through a campaign: what is known where a step stands.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::facts::{Facts, Known, Renaming, Way, way_of};
use crate::ast::{
    Arm, Campaign, ClauseKind, DeclarationKind, File, Limit, Name, ObjectTrigger, Part, Signal,
    Step, StepKind, Trigger,
};
use crate::expr::Key;
use crate::graph::Channel;
use crate::resolve::{TriggerData, data_of, each_step};
use crate::span::Span;

const EVENT: Renaming<'static> = &[("event", &["trigger"])];
const OBJECT: Renaming<'static> =
    &[("object", &["trigger", "object"]), ("relationship", &["trigger", "relationship"])];

/// One step that sends a message, and what is known there.
#[derive(Debug, Clone)]
pub(super) struct Sending {
    /// What is there for certain.
    pub(super) facts: Facts,
    /// What the step gives.
    pub(super) given: BTreeSet<String>,
    /// What of it is there for certain.
    pub(super) certain: BTreeSet<String>,
    /// The name of the message in the step.
    pub(super) span: Span,
    /// The run it belongs to.
    pub(super) run: Rc<RunData>,
}

/// What runs of a campaign have.
#[derive(Debug, Clone)]
pub(super) struct RunData {
    /// What `trigger` holds.
    pub(super) trigger: TriggerData,
    /// Whether events start it; what they bring varies.
    pub(super) by_events: bool,
    /// Variables that some step sets.
    pub(super) variables: BTreeSet<String>,
}

/// What is known at one step.
pub(super) struct At<'a, 'f> {
    pub(super) step: &'a Step,
    pub(super) facts: &'f Facts,
    pub(super) run: &'f RunData,
}

/// Every step that sends, by its message.
pub(super) type Sendings = BTreeMap<(Channel, String), Vec<Sending>>;

/// Walks all campaigns, and calls `visit` at every step.
pub(super) fn walk<'a>(files: &'a [File], visit: &mut dyn FnMut(&At<'a, '_>)) -> Sendings {
    let known = Known::new(files);
    let mut sendings = Sendings::new();
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        let (campaign, is_broadcast) = match &declaration.kind {
            DeclarationKind::Campaign(campaign) => (campaign, false),
            DeclarationKind::Broadcast(campaign) => (campaign, true),
            _ => continue,
        };
        let mut run = run_of(campaign);
        if is_broadcast || declaration.broken {
            run.trigger = TriggerData::Open;
            run.by_events = false;
        }
        let mut walk =
            Walk { known: &known, run: Rc::new(run), sendings: &mut sendings, visit: &mut *visit };
        let facts = walk.entry(campaign);
        walk.block(&campaign.body, facts);
    }
    sendings
}

/// What runs of this campaign have.
fn run_of(campaign: &Campaign) -> RunData {
    let mut variables = BTreeSet::new();
    let mut keep = |name: &Name| _ = variables.insert(name.value.clone());
    each_step(&campaign.body, &mut |step| match &step.kind {
        StepKind::Set(path, _) | StepKind::Add(_, path) if path.scope.value == "journey" => {
            if let Some(Key::Name(name)) = path.keys.first() {
                keep(&Name { value: name.clone(), span: path.span });
            }
        }
        StepKind::Listen { arms, .. } => {
            arms.iter().filter_map(|arm| arm.name.as_ref()).for_each(&mut keep);
        }
        StepKind::Repeat { round, .. } => round.iter().for_each(&mut keep),
        StepKind::Call(call) => call.reply.iter().for_each(&mut keep),
        StepKind::Lookup(lookup) => lookup.name.iter().for_each(&mut keep),
        _ => {}
    });
    RunData { trigger: data_of(campaign), by_events: is_by_events(campaign), variables }
}

fn is_by_events(campaign: &Campaign) -> bool {
    campaign.body.iter().any(|part| match part {
        Part::Clause(clause) => matches!(clause.kind, ClauseKind::On(Trigger::Activity(_))),
        Part::Step(_) => false,
    })
}

struct Walk<'a, 'f> {
    known: &'f Known<'a>,
    run: Rc<RunData>,
    sendings: &'f mut Sendings,
    visit: &'f mut dyn FnMut(&At<'a, '_>),
}

impl<'a> Walk<'a, '_> {
    /// What is known of everybody who enters.
    fn entry(&self, campaign: &Campaign) -> Facts {
        let mut triggers = Vec::new();
        let mut facts = Facts::default();
        for part in &campaign.body {
            let Part::Clause(clause) = part else {
                continue;
            };
            match &clause.kind {
                ClauseKind::On(trigger) => triggers.push(self.trigger(trigger)),
                ClauseKind::OnlyIf(condition) | ClauseKind::To(condition) => {
                    facts.add(self.known.told_by(condition, true, &[]));
                }
                // Whoever enters by a value has it.
                ClauseKind::Enter(enter) => {
                    enter.per.iter().for_each(|path| facts.there(path, &[]));
                }
                _ => {}
            }
        }
        facts.add(Facts::shared(triggers).unwrap_or_default());
        facts
    }

    fn trigger(&self, trigger: &Trigger) -> Facts {
        let mut facts = Facts::default();
        match trigger {
            Trigger::Activity(activity) => {
                if let Some(filter) = &activity.filter {
                    facts.add(self.known.told_by(filter, true, EVENT));
                }
            }
            Trigger::Match(condition) => facts.add(self.known.told_by(condition, true, &[])),
            Trigger::Change(change) => {
                if change.to.is_some() {
                    facts.there(&change.path, &[]);
                }
            }
            Trigger::Date(moment, _) => facts.needed(moment, &[]),
            Trigger::Object { on, people, .. } => {
                if let ObjectTrigger::Match(condition) = on {
                    facts.add(self.known.told_by(condition, true, OBJECT));
                }
                if let Some(people) = people {
                    facts.add(self.known.told_by(people, true, OBJECT));
                }
            }
            Trigger::EnterSegment(_)
            | Trigger::LeaveSegment(_)
            | Trigger::Call
            | Trigger::Schedule { .. }
            | Trigger::Unknown => {}
        }
        facts
    }

    /// What is known behind the block; `None` where no way comes out of it.
    fn block(&mut self, parts: &'a [Part], facts: Facts) -> Option<Facts> {
        let mut facts = facts;
        for part in parts {
            if let Part::Step(step) = part {
                (self.visit)(&At { step, facts: &facts, run: &self.run });
                facts = self.step(step, facts)?;
            }
        }
        Some(facts)
    }

    /// What is known behind several blocks.
    fn blocks(&mut self, blocks: Vec<(&'a [Part], Facts)>) -> Option<Facts> {
        let ends: Vec<Facts> =
            blocks.into_iter().filter_map(|(parts, facts)| self.block(parts, facts)).collect();
        Facts::shared(ends)
    }

    fn step(&mut self, step: &'a Step, mut facts: Facts) -> Option<Facts> {
        match &step.kind {
            StepKind::Send { .. } => self.send(step, &facts),
            StepKind::Set(path, value) => {
                let way = way_of(path, &[]);
                let is_certain = facts.is_certain(value);
                facts.forget(&way);
                if is_certain {
                    facts.insert(way);
                }
            }
            StepKind::Unset(path) => facts.forget(&way_of(path, &[])),
            StepKind::Add(_, path) => facts.insert(way_of(path, &[])),
            StepKind::WaitFor { signal, limit: Limit::None | Limit::Forever } => {
                facts.add(self.signal(signal, None));
            }
            StepKind::Repeat { until, round, body, .. } => {
                let mut inside = facts.clone();
                if let Some(until) = until {
                    inside.add(self.known.told_by(until, false, &[]));
                }
                inside.there_in_journey(round.as_ref());
                self.block(body, inside);
            }
            StepKind::Broken(blocks) => {
                for body in blocks {
                    self.block(body, facts.clone());
                }
            }
            StepKind::Exit => return None,
            _ => {
                if let Some(blocks) = self.branches(step, &facts) {
                    return self.blocks(blocks);
                }
            }
        }
        Some(facts)
    }

    /// The ways that lead through a step with what is known at their beginnings; `None` for a step
    /// that has no branches.
    fn branches(&self, step: &'a Step, facts: &Facts) -> Option<Vec<(&'a [Part], Facts)>> {
        let mut facts = facts.clone();
        let mut blocks: Vec<(&[Part], Facts)> = Vec::new();
        match &step.kind {
            StepKind::Listen { limit, arms, timeouts } => {
                blocks.extend(arms.iter().map(|arm| (&*arm.body, self.arm(arm, &facts))));
                blocks.extend(timeouts.iter().map(|body| (&*body.value, facts.clone())));
                if timeouts.is_empty() && !matches!(limit, Limit::Forever) {
                    blocks.push((&[], facts));
                }
            }
            StepKind::At { moment, on_time, late } => {
                let mut then = facts.clone();
                then.needed(moment, &[]);
                blocks.push((on_time, then));
                blocks.push((late.as_deref().unwrap_or_default(), facts));
            }
            StepKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    let mut then = facts.clone();
                    then.add(self.known.told_by(condition, true, &[]));
                    blocks.push((body, then));
                    facts.add(self.known.told_by(condition, false, &[]));
                }
                blocks.push((otherwise.as_deref().unwrap_or_default(), facts));
            }
            StepKind::Match { value, arms, otherwise } => {
                let mut then = facts.clone();
                then.needed(value, &[]);
                blocks.extend(arms.iter().map(|(_, body)| (&**body, then.clone())));
                blocks.push((otherwise.first().map_or(&[][..], |body| &body.value), facts));
            }
            StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
                blocks.extend(arms.iter().map(|arm| (&*arm.body, facts.clone())));
            }
            _ => {}
        }
        (!blocks.is_empty()).then_some(blocks)
    }

    fn arm(&self, arm: &Arm, before: &Facts) -> Facts {
        let mut facts = before.clone();
        facts.there_in_journey(arm.name.as_ref());
        if let [signal] = arm.signals.as_slice() {
            facts.add(self.signal(signal, arm.name.as_ref()));
        }
        facts
    }

    fn signal(&self, signal: &Signal, kept_as: Option<&Name>) -> Facts {
        match signal {
            Signal::Condition(condition) => self.known.told_by(condition, true, &[]),
            Signal::Activity(activity) => match (&activity.filter, kept_as) {
                (Some(filter), Some(name)) => {
                    let kept = ["journey", name.value.as_str()];
                    self.known.told_by(filter, true, &[("event", &kept)])
                }
                _ => Facts::default(),
            },
        }
    }

    fn send(&mut self, step: &'a Step, facts: &Facts) {
        let StepKind::Send { channel, message, with, .. } = &step.kind else {
            return;
        };
        let names = |certain: bool| {
            let entries = with.iter().filter(|(_, value)| !certain || facts.is_certain(value));
            entries.map(|(name, _)| name.value.clone()).collect()
        };
        let sending = Sending {
            facts: facts.clone(),
            given: names(false),
            certain: names(true),
            span: message.span,
            run: self.run.clone(),
        };
        self.sendings.entry((*channel, message.value.clone())).or_default().push(sending);
    }
}

impl Facts {
    fn there_in_journey(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.insert(vec!["journey".to_owned(), name.value.clone()] as Way);
        }
    }
}

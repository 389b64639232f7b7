//! Clauses of campaigns and broadcasts, and what holds where none is written.

use super::condition::{Reading, Sends, path};
use super::steps::{Walk, each_step};
use super::{Lowering, named_zone};
use crate::ast::{self, ClauseKind, Part, StepKind};
use crate::graph;
use crate::graph::{
    Attribution, Broadcast, Campaign, DeliveryRules, Enter, Exit, ExitWhen, Goal, Graph, HowOften,
    ObjectTrigger, Trigger, WhileActive,
};
use crate::syntax::one_line;

/// What is made of the clauses that campaigns and broadcasts share.
#[derive(Default)]
struct Shared {
    goals: Vec<Goal>,
    delivery: DeliveryRules,
    holdout: f64,
}

impl Lowering<'_> {
    pub(super) fn campaign(
        &self,
        declaration: &ast::Declaration,
        campaign: &ast::Campaign,
    ) -> Campaign {
        let sends = sends(&campaign.body);
        // Before a run has begun, nothing was sent by it.
        let (outside, inside) = (self.reading(None), self.reading(Some(&sends)));
        let shared = shared(inside, &campaign.body);
        let mut triggers = Vec::new();
        let mut only_if = None;
        let mut enter = None;
        let mut exits = Vec::new();
        for clause in clauses(&campaign.body) {
            match &clause.kind {
                ClauseKind::On(written) => triggers.extend(trigger(outside, written)),
                ClauseKind::OnlyIf(filter) => only_if = Some(outside.condition(filter)),
                ClauseKind::Enter(written) => enter = Some(written),
                ClauseKind::ExitWhen(when) => exits.push(Exit {
                    when: exit_when(inside, when),
                    text: one_line(self.text(clause.span)),
                }),
                ClauseKind::To(_)
                | ClauseKind::At(_)
                | ClauseKind::Goal(_)
                | ClauseKind::Topic(_)
                | ClauseKind::SendOnly(_)
                | ClauseKind::Limit(_)
                | ClauseKind::Holdout(_)
                | ClauseKind::Unknown(_) => {}
            }
        }
        Campaign {
            name: declaration.name.value.as_str().into(),
            description: declaration.description.clone(),
            enter: lower_enter(enter, &triggers),
            triggers,
            only_if,
            exits,
            goals: shared.goals,
            delivery: shared.delivery,
            holdout: shared.holdout,
            graph: self.graph(inside, &campaign.body),
            span: declaration.span,
        }
    }

    pub(super) fn broadcast(
        &self,
        declaration: &ast::Declaration,
        broadcast: &ast::Campaign,
    ) -> Broadcast {
        let sends = sends(&broadcast.body);
        let (outside, inside) = (self.reading(None), self.reading(Some(&sends)));
        let shared = shared(inside, &broadcast.body);
        let (mut audience, mut at) = (None, None);
        for clause in clauses(&broadcast.body) {
            match &clause.kind {
                ClauseKind::To(condition) => audience = Some(outside.condition(condition)),
                ClauseKind::At(moment) => at = Some(outside.expr(moment)),
                _ => {}
            }
        }
        Broadcast {
            name: declaration.name.value.as_str().into(),
            description: declaration.description.clone(),
            // Without a word it goes to nobody.
            audience: audience.unwrap_or(crate::expr::Condition::Any(Vec::new())),
            at,
            goals: shared.goals,
            delivery: shared.delivery,
            holdout: shared.holdout,
            graph: self.graph(inside, &broadcast.body),
            span: declaration.span,
        }
    }

    fn reading<'s>(&self, sends: Option<&'s Sends>) -> Reading<'s> {
        Reading { sends, zone: named_zone(&self.settings) }
    }

    fn graph(&self, reading: Reading<'_>, body: &[Part]) -> Graph {
        let mut walk = Walk::new(self, reading);
        let start = walk.block(body, None);
        Graph { steps: walk.steps, start }
    }
}

fn shared(reading: Reading<'_>, body: &[Part]) -> Shared {
    let mut made = Shared::default();
    for clause in clauses(body) {
        match &clause.kind {
            ClauseKind::Goal(goal) => made.goals.push(Goal {
                name: goal.name.value.as_str().into(),
                signal: signal(reading, &goal.signal),
                within: goal.within.as_ref().map(|within| within.value),
                of: goal.of.as_ref().map_or(Attribution::Send, |of| of.value),
            }),
            ClauseKind::Topic(name) => made.delivery.topic = Some(name.value.as_str().into()),
            ClauseKind::SendOnly(window) => made.delivery.send_only = Some(window.value.clone()),
            ClauseKind::Limit(number) => made.delivery.limit_per_hour = whole(number.value),
            ClauseKind::Holdout(percent) => made.holdout = percent.value,
            ClauseKind::On(_)
            | ClauseKind::To(_)
            | ClauseKind::At(_)
            | ClauseKind::OnlyIf(_)
            | ClauseKind::Enter(_)
            | ClauseKind::ExitWhen(_)
            | ClauseKind::Unknown(_) => {}
        }
    }
    made
}

/// A number that counts something; what counts nothing was reported.
pub(super) fn whole(number: f64) -> Option<u32> {
    format!("{number:.0}").parse().ok()
}

fn trigger(reading: Reading<'_>, written: &ast::Trigger) -> Option<Trigger> {
    Some(match written {
        ast::Trigger::Activity(signal) => Trigger::Activity {
            activity: activity(signal),
            filter: signal.filter.as_ref().map(|filter| reading.condition(filter)),
        },
        ast::Trigger::Match(condition) => Trigger::Match(reading.condition(condition)),
        ast::Trigger::EnterSegment(name) => Trigger::EnterSegment(name.value.as_str().into()),
        ast::Trigger::LeaveSegment(name) => Trigger::LeaveSegment(name.value.as_str().into()),
        ast::Trigger::Change(change) => Trigger::Change {
            keys: change.path.keys.clone(),
            from: change.from.as_ref().map(|from| reading.literal(from)),
            to: change.to.as_ref().map(|to| reading.literal(to)),
        },
        ast::Trigger::Date(moment, every) => {
            Trigger::Date { moment: reading.expr(moment), every: *every }
        }
        ast::Trigger::Object { object, on, people } => Trigger::Object {
            object: object.value.as_str().into(),
            on: object_trigger(reading, on),
            people: people.as_ref().map(|people| reading.condition(people)),
        },
        ast::Trigger::Call => Trigger::Call,
        ast::Trigger::Schedule { days, at, zone } => {
            Trigger::Schedule { days: days.value, at: *at, zone: zone.clone() }
        }
        ast::Trigger::Unknown => return None,
    })
}

fn object_trigger(reading: Reading<'_>, on: &ast::ObjectTrigger) -> ObjectTrigger {
    match on {
        ast::ObjectTrigger::Match(condition) => ObjectTrigger::Match(reading.condition(condition)),
        ast::ObjectTrigger::Change(change) => ObjectTrigger::Change {
            keys: change.path.keys.clone(),
            from: change.from.as_ref().map(|from| reading.literal(from)),
            to: change.to.as_ref().map(|to| reading.literal(to)),
        },
        ast::ObjectTrigger::Date(moment, every) => {
            ObjectTrigger::Date { moment: reading.expr(moment), every: *every }
        }
        ast::ObjectTrigger::Related => ObjectTrigger::Related,
        ast::ObjectTrigger::Unrelated => ObjectTrigger::Unrelated,
    }
}

/// What is not said follows from the triggers: something that a person does or becomes lets in
/// once, a date, a plan or a call as often as it comes.
fn lower_enter(written: Option<&ast::Enter>, triggers: &[Trigger]) -> Enter {
    let comes_again = |trigger: &Trigger| match trigger {
        Trigger::Date { .. }
        | Trigger::Schedule { .. }
        | Trigger::Call
        | Trigger::Object { .. } => true,
        Trigger::Activity { .. }
        | Trigger::Match(_)
        | Trigger::EnterSegment(_)
        | Trigger::LeaveSegment(_)
        | Trigger::Change { .. } => false,
    };
    let default = if !triggers.is_empty() && triggers.iter().all(comes_again) {
        HowOften::EveryTime
    } else {
        HowOften::Once
    };
    let how_often = written.map_or(default, |enter| enter.how_often);
    let by_activity = triggers.iter().any(|trigger| matches!(trigger, Trigger::Activity { .. }));
    let while_active = if how_often == HowOften::EveryTime && by_activity {
        WhileActive::Alongside
    } else {
        WhileActive::Refuse
    };
    let said = written.and_then(|enter| enter.while_active.as_ref());
    Enter {
        how_often,
        per: written.and_then(|enter| enter.per.as_ref()).map(path),
        while_active: said.map_or(while_active, |said| said.value),
        including_current: written.is_some_and(|enter| enter.including_current.is_some()),
    }
}

fn exit_when(reading: Reading<'_>, when: &ast::ExitWhen) -> ExitWhen {
    match when {
        ast::ExitWhen::Signal(heard) => ExitWhen::Signal(signal(reading, heard)),
        ast::ExitWhen::Unmatched => ExitWhen::Unmatched,
        ast::ExitWhen::Goal => ExitWhen::Goal,
    }
}

pub(super) fn signal(reading: Reading<'_>, signal: &ast::Signal) -> graph::Signal {
    match signal {
        ast::Signal::Activity(heard) => graph::Signal::Activity {
            activity: activity(heard),
            filter: heard.filter.as_ref().map(|filter| reading.condition(filter)),
        },
        ast::Signal::Condition(question) => graph::Signal::Condition(reading.condition(question)),
    }
}

fn activity(signal: &ast::ActivitySignal) -> crate::expr::Activity {
    crate::expr::Activity { kind: signal.kind, name: signal.name.value.as_str().into() }
}

fn clauses(parts: &[Part]) -> impl Iterator<Item = &ast::Clause> {
    parts.iter().filter_map(|part| match part {
        Part::Clause(clause) => Some(&**clause),
        Part::Step(_) => None,
    })
}

/// The messages that the steps send, wherever they stand.
fn sends(body: &[Part]) -> Sends {
    let mut sends = Sends::new();
    each_step(body, &mut |step| {
        if let StepKind::Send { channel, message, .. } = &step.kind {
            sends.insert((*channel, message.value.clone()));
        }
    });
    sends
}

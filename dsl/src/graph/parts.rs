//! What stands in steps and campaigns: their ways, conditions and values, wherever they are.

use super::{
    Campaign, ExitWhen, ListenLimit, ObjectTrigger, Signal, Step, StepIndex, StepKind, Trigger,
};
use crate::expr::{Condition, Duration, Expr};

impl Step {
    /// Where a run can go from here; `None` among them is the end of the run.
    #[must_use]
    pub fn ways(&self) -> Vec<Option<StepIndex>> {
        match &self.kind {
            StepKind::Listen { limit, arms, timeout } => {
                let mut ways: Vec<_> = arms.iter().map(|arm| arm.to).collect();
                if *limit != ListenLimit::Forever {
                    ways.push(*timeout);
                }
                ways
            }
            StepKind::At { on_time, late, .. } => vec![*on_time, *late],
            StepKind::If { arms, otherwise } => {
                arms.iter().map(|(_, to)| *to).chain([*otherwise]).collect()
            }
            StepKind::Match { arms, otherwise, .. } => {
                arms.iter().map(|(_, to)| *to).chain([*otherwise]).collect()
            }
            StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
                arms.iter().map(|arm| arm.to).collect()
            }
            StepKind::Repeat { body, .. } => vec![*body, self.next],
            StepKind::Exit => vec![None],
            StepKind::Send { .. }
            | StepKind::Wait(_)
            | StepKind::WaitUntil(_)
            | StepKind::WaitWindow(_)
            | StepKind::Set { .. }
            | StepKind::Unset(_)
            | StepKind::Add { .. }
            | StepKind::Remove { .. }
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Emit { .. }
            | StepKind::Call(_)
            | StepKind::Lookup { .. }
            | StepKind::StartCampaign { .. }
            | StepKind::Note(_) => vec![self.next],
        }
    }

    /// What it asks; the filters of what it listens for too.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        match &self.kind {
            StepKind::If { arms, .. } => arms.iter().map(|(condition, _)| condition).collect(),
            StepKind::Listen { arms, .. } => {
                arms.iter().flat_map(|arm| &arm.signals).filter_map(Signal::condition).collect()
            }
            StepKind::Repeat { until, .. } => until.iter().collect(),
            StepKind::Lookup { filter, .. } => vec![filter],
            _ => Vec::new(),
        }
    }

    /// The values that it makes and hands on, its moments among them.
    #[must_use]
    pub fn values(&self) -> Vec<&Expr> {
        match &self.kind {
            StepKind::Send { to, with, .. } => to.iter().chain(given(with)).collect(),
            StepKind::WaitUntil(moment) | StepKind::At { moment, .. } => vec![moment],
            StepKind::Listen { limit: ListenLimit::Until(moment), .. } => vec![moment],
            StepKind::Match { value, .. }
            | StepKind::Set { value, .. }
            | StepKind::Add { value, .. }
            | StepKind::Remove { value, .. } => vec![value],
            StepKind::Emit { person, with, .. } => person.iter().chain(given(with)).collect(),
            StepKind::StartCampaign { with, .. } => given(with).collect(),
            StepKind::Call(call) => {
                [&call.url].into_iter().chain(&call.json).chain(given(&call.headers)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The lengths of time that it waits.
    #[must_use]
    pub fn durations(&self) -> Vec<&Duration> {
        match &self.kind {
            StepKind::Wait(duration)
            | StepKind::Listen { limit: ListenLimit::UpTo(duration), .. } => vec![duration],
            StepKind::Repeat { every, .. } => every.iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn given(entries: &[(String, Expr)]) -> impl Iterator<Item = &Expr> {
    entries.iter().map(|(_, value)| value)
}

impl Signal {
    /// The condition it is, or the filter of its activity.
    #[must_use]
    pub const fn condition(&self) -> Option<&Condition> {
        match self {
            Self::Activity { filter, .. } => filter.as_ref(),
            Self::Condition(condition) => Some(condition),
        }
    }
}

impl ExitWhen {
    /// What it listens for, if that is a signal.
    #[must_use]
    pub const fn signal(&self) -> Option<&Signal> {
        match self {
            Self::Signal(signal) => Some(signal),
            Self::Unmatched | Self::Goal => None,
        }
    }
}

impl Trigger {
    /// What it asks.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::Activity { filter, .. } => filter.iter().collect(),
            Self::Match(condition) => vec![condition],
            Self::Object { on: ObjectTrigger::Match(condition), people, .. } => {
                [condition].into_iter().chain(people).collect()
            }
            Self::Object { people, .. } => people.iter().collect(),
            Self::EnterSegment(_)
            | Self::LeaveSegment(_)
            | Self::Change { .. }
            | Self::Date { .. }
            | Self::Call
            | Self::Schedule { .. } => Vec::new(),
        }
    }
}

impl Campaign {
    /// Every condition, wherever it stands.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        let exits = self.exits.iter().filter_map(|exit| exit.when.signal()?.condition());
        let goals = self.goals.iter().filter_map(|goal| goal.signal.condition());
        let mut found: Vec<&Condition> =
            self.triggers.iter().flat_map(Trigger::conditions).chain(&self.only_if).collect();
        found.extend(exits.chain(goals));
        found.extend(self.graph.steps.iter().flat_map(Step::conditions));
        found
    }
}

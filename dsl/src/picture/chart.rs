//! What every picture shows: the places of a campaign and the ways between them.

use crate::expr::Condition;
use crate::graph::{Campaign, Step, StepIndex, StepKind};

/// Where a way begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    /// Where a person enters.
    Enter,
    /// A step, by its index.
    Step(StepIndex),
    /// Where a run is finished.
    Finish,
}

/// A way between two stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) from: Stop,
    pub(super) to: Stop,
    /// When it is taken; `None` where it is the only one.
    pub(super) label: Option<String>,
}

/// The ways of a campaign, in written order; the first begins at [`Stop::Enter`].
pub(super) fn ways(campaign: &Campaign) -> Vec<Way> {
    let steps = &campaign.graph.steps;
    let stop = |index: Option<StepIndex>| match index {
        Some(index) if index < steps.len() => Stop::Step(index),
        _ => Stop::Finish,
    };
    let mut ways = vec![Way { from: Stop::Enter, to: stop(campaign.graph.start), label: None }];
    for (index, step) in steps.iter().enumerate() {
        for (to, label) in leaving(step) {
            ways.push(Way { from: Stop::Step(index), to: stop(to), label });
        }
    }
    ways
}

/// The kind of a step in one stable word, as serde names it.
pub(super) const fn kind(step: &Step) -> &'static str {
    match step.kind {
        StepKind::Send { .. } => "send",
        StepKind::Wait(_) => "wait",
        StepKind::Listen { .. } => "listen",
        StepKind::If { .. } => "if",
        StepKind::Set { .. } => "set",
        StepKind::Unset(_) => "unset",
        StepKind::Exit => "exit",
    }
}

fn leaving(step: &Step) -> Vec<(Option<StepIndex>, Option<String>)> {
    match &step.kind {
        StepKind::Send { .. } | StepKind::Wait(_) | StepKind::Set { .. } | StepKind::Unset(_) => {
            vec![(step.next, None)]
        }
        StepKind::Exit => Vec::new(),
        StepKind::If { arms, otherwise } => {
            // A single condition stands in the step itself.
            let short = arms.len() == 1;
            let label = |of: &Condition| if short { "yes".to_owned() } else { of.to_string() };
            let mut ways: Vec<_> =
                arms.iter().map(|(condition, to)| (*to, Some(label(condition)))).collect();
            ways.push((*otherwise, Some(if short { "no" } else { "otherwise" }.to_owned())));
            ways
        }
        StepKind::Listen { limit, arms, timeout } => {
            let mut ways: Vec<_> =
                arms.iter().map(|arm| (arm.to, Some(arm.title.clone()))).collect();
            if let Some(limit) = limit {
                ways.push((*timeout, Some(format!("after {}", limit))));
            }
            ways
        }
    }
}

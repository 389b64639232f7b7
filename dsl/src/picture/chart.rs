//! What every picture shows: the places of a graph and the ways between them.

use super::words;
use crate::expr::{Condition, Value};
use crate::graph::{Graph, ListenLimit, Share, Step, StepIndex, StepKind};

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

/// Why a way is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// It goes on.
    Next,
    /// An arm was chosen.
    Arm,
    /// No arm was.
    Otherwise,
    /// Nothing was heard in time.
    Timeout,
    /// The moment came.
    OnTime,
    /// The moment had passed.
    Late,
    /// Another round begins.
    Round,
}

impl Reason {
    /// One stable word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Arm => "arm",
            Self::Otherwise => "otherwise",
            Self::Timeout => "timeout",
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::Round => "round",
        }
    }
}

/// A way between two stops.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub(super) from: Stop,
    pub(super) to: Stop,
    pub(super) reason: Reason,
    /// When it is taken; `None` where it is the only one.
    pub(super) label: Option<String>,
    /// Which share of the people takes it, where it is drawn by lot.
    pub(super) percent: Option<f64>,
}

/// The ways of a graph, in written order; the first begins at [`Stop::Enter`].
pub(super) fn ways(graph: &Graph) -> Vec<Way> {
    let steps = &graph.steps;
    let stop = |index: Option<StepIndex>| match index {
        Some(index) if index < steps.len() => Stop::Step(index),
        _ => Stop::Finish,
    };
    let first = Exit::next(graph.start);
    let mut ways = vec![first.way(Stop::Enter, stop(graph.start))];
    for (index, step) in steps.iter().enumerate() {
        for exit in leaving(index, step) {
            let to = stop(exit.to);
            ways.push(exit.way(Stop::Step(index), to));
        }
    }
    ways
}

/// Where a run is finished is shown only if a way leads there.
pub(super) fn is_finish_shown(ways: &[Way]) -> bool {
    ways.iter().any(|way| way.to == Stop::Finish)
}

/// A way, seen from the step that it leaves.
struct Exit {
    to: Option<StepIndex>,
    reason: Reason,
    label: Option<String>,
    percent: Option<f64>,
}

impl Exit {
    const fn next(to: Option<StepIndex>) -> Self {
        Self { to, reason: Reason::Next, label: None, percent: None }
    }

    fn labelled(to: Option<StepIndex>, reason: Reason, label: impl Into<String>) -> Self {
        Self { to, reason, label: Some(label.into()), percent: None }
    }

    fn way(self, from: Stop, to: Stop) -> Way {
        let Self { reason, label, percent, .. } = self;
        Way { from, to, reason, label, percent }
    }
}

fn leaving(index: StepIndex, step: &Step) -> Vec<Exit> {
    match &step.kind {
        StepKind::Exit => Vec::new(),
        StepKind::If { arms, otherwise } => branches(arms, *otherwise),
        StepKind::Match { arms, otherwise, .. } => {
            let mut exits: Vec<_> = arms
                .iter()
                .map(|(values, to)| Exit::labelled(*to, Reason::Arm, listed(values)))
                .collect();
            exits.push(Exit::labelled(*otherwise, Reason::Otherwise, "otherwise"));
            exits
        }
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => shares(arms),
        StepKind::Listen { limit, arms, timeout } => {
            let mut exits: Vec<_> =
                arms.iter().map(|arm| Exit::labelled(arm.to, Reason::Arm, &*arm.title)).collect();
            let label = match limit {
                ListenLimit::Forever => return exits,
                ListenLimit::UpTo(duration) => format!("after {}", duration),
                ListenLimit::Until(moment) => format!("until {moment}"),
            };
            exits.push(Exit::labelled(*timeout, Reason::Timeout, label));
            exits
        }
        StepKind::At { on_time, late, .. } => vec![
            Exit::labelled(*on_time, Reason::OnTime, "on time"),
            Exit::labelled(*late, Reason::Late, "late"),
        ],
        StepKind::Repeat { body, .. } => vec![
            Exit::labelled(Some(body.unwrap_or(index)), Reason::Round, "each round"),
            Exit::labelled(step.next, Reason::Next, "done"),
        ],
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
        | StepKind::Note(_) => vec![Exit::next(step.next)],
    }
}

fn branches(arms: &[(Condition, Option<StepIndex>)], otherwise: Option<StepIndex>) -> Vec<Exit> {
    // A single condition stands in the step itself.
    let short = arms.len() == 1;
    let label = |of: &Condition| if short { "yes".to_owned() } else { of.to_string() };
    let mut exits: Vec<_> = arms
        .iter()
        .map(|(condition, to)| Exit::labelled(*to, Reason::Arm, label(condition)))
        .collect();
    let label = if short { "no" } else { "otherwise" };
    exits.push(Exit::labelled(otherwise, Reason::Otherwise, label));
    exits
}

fn shares(arms: &[Share]) -> Vec<Exit> {
    let exit = |Share { percent, name, to }: &Share| Exit {
        percent: Some(*percent),
        ..Exit::labelled(*to, Reason::Arm, format!("{percent}% {}", words::quoted(name)))
    };
    arms.iter().map(exit).collect()
}

/// `"team", "pro"`
fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

//! Single conditions, values, clauses, steps and lines of tests that this version cannot run, each
//! called as its author would.

use crate::definition::{Expectation, Fate, Given, TestInput, TestLineKind};
use crate::expr::{
    ActivityKind, Condition, Duration, Expr, MomentTest, Path, Scope, Which, Window,
};
use crate::graph::{Campaign, Channel, ExitWhen, ListenLimit, Signal, Step, StepKind, Trigger};

/// The first thing in a condition that nothing answers for yet.
pub(super) fn condition_fault(condition: &Condition) -> Option<String> {
    let said = |words: &str| Some(format!("`{words}`"));
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(condition_fault),
        Condition::Not(part) => condition_fault(part),
        Condition::Compare { left, right, .. } | Condition::Text { left, right, .. } => {
            value_fault(left).or_else(|| value_fault(right))
        }
        Condition::Between { value, low, high } => {
            [value, low, high].into_iter().find_map(value_fault)
        }
        Condition::In { value, list, .. } => [value].into_iter().chain(list).find_map(value_fault),
        Condition::Presence { path, .. } => path_fault(path),
        Condition::InSegment(_) | Condition::Random { .. } => None,
        Condition::Performed { atom, window, .. } => match atom.activity.kind {
            ActivityKind::Event => {
                atom.filter.as_deref().and_then(condition_fault).or_else(|| window_fault(window))
            }
            ActivityKind::Page => said("viewed page"),
            ActivityKind::Screen => said("viewed screen"),
            ActivityKind::Form => said("performed form"),
        },
        Condition::Moment { value, test } => value_fault(value).or_else(|| match test {
            MomentTest::Before(mark) | MomentTest::After(mark) => value_fault(mark),
            MomentTest::Between(low, high) => value_fault(low).or_else(|| value_fault(high)),
            MomentTest::InTheLast(_)
            | MomentTest::InTheNext(_)
            | MomentTest::MoreThanAgo(_)
            | MomentTest::MoreThanFromNow(_) => None,
        }),
        Condition::AnyItem { path, filter } => path_fault(path).or_else(|| condition_fault(filter)),
        Condition::Interaction(asked) => {
            said(&format!("{} {}", asked.kind.word(), asked.channel.word()))
        }
        Condition::InCampaign(_) => said("in campaign"),
        Condition::EnteredCampaign(_) => said("entered campaign"),
        Condition::FinishedCampaign(_) => said("finished campaign"),
        Condition::SubscribedTo(_) => said("subscribed to topic"),
        Condition::Unsubscribed => said("unsubscribed"),
        Condition::Suppressed => said("suppressed"),
        Condition::HasDevice(_) => said("has device"),
        Condition::RelatedTo { .. } => said("related to"),
    }
}

/// Only the latest times are kept, so nothing knows how many lie before a moment.
fn window_fault(window: &Window) -> Option<String> {
    match window {
        Window::Ever | Window::Last(_) | Window::SinceEntry => None,
        Window::Before(_) => Some("`performed … before`".to_owned()),
        Window::After(mark) => value_fault(mark),
    }
}

fn value_fault(value: &Expr) -> Option<String> {
    match value {
        Expr::Literal(_) | Expr::Template(_) | Expr::Moment(_) => None,
        Expr::Path(path) => path_fault(path),
        Expr::List(members) => members.iter().find_map(value_fault),
        Expr::Object(entries) => entries.iter().find_map(|(_, value)| value_fault(value)),
        Expr::Arithmetic { left, right, .. } => value_fault(left).or_else(|| value_fault(right)),
        Expr::Default { value, .. } | Expr::At { day: value, .. } => value_fault(value),
        Expr::Duration(Duration::Fixed(_)) => None,
        Expr::Duration(Duration::Computed { amount, .. }) => value_fault(amount),
        Expr::Total(total) => Some(format!("`{}`", total.function.word())),
        Expr::Occurrence(occurrence) => {
            let which = match occurrence.which {
                Which::First => "first",
                Which::Last => "last",
            };
            Some(format!("`{which} \"{}\"`", occurrence.event))
        }
    }
}

fn path_fault(path: &Path) -> Option<String> {
    match path.scope {
        Scope::Customer
        | Scope::Event
        | Scope::Trigger
        | Scope::Journey
        | Scope::With
        | Scope::Message
        | Scope::Item => None,
        Scope::Row | Scope::Object | Scope::Relationship | Scope::Old | Scope::Secret => {
            Some(format!("`{}`", path.scope.word()))
        }
    }
}

/// Every clause of a campaign that is not obeyed.
pub(super) fn clause_faults(campaign: &Campaign) -> Vec<String> {
    let mut faults: Vec<String> = campaign.triggers.iter().filter_map(trigger_fault).collect();
    faults.extend(campaign.only_if.iter().filter_map(condition_fault));
    if campaign.enter.per.is_some() {
        faults.push("`enter … per`".to_owned());
    }
    if campaign.enter.including_current {
        faults.push("`including current`".to_owned());
    }
    faults.extend(campaign.exits.iter().filter_map(|exit| match &exit.when {
        ExitWhen::Signal(signal) => signal_fault(signal),
        ExitWhen::Unmatched => Some("`exit when unmatched`".to_owned()),
        ExitWhen::Goal => Some("`exit when goal`".to_owned()),
    }));
    let delivery = &campaign.delivery;
    for (is_said, words) in [
        (!campaign.goals.is_empty(), "`goal`"),
        (delivery.send_only.is_some(), "`send only`"),
        (delivery.limit_per_hour.is_some(), "`limit`"),
        (campaign.holdout > 0.0, "`holdout`"),
    ] {
        if is_said {
            faults.push(words.to_owned());
        }
    }
    faults
}

fn trigger_fault(trigger: &Trigger) -> Option<String> {
    let said = |words: &str| Some(format!("`on {words}`"));
    match trigger {
        Trigger::Activity { activity, filter } => match activity.kind {
            ActivityKind::Event => filter.as_ref().and_then(condition_fault),
            kind @ (ActivityKind::Page | ActivityKind::Screen | ActivityKind::Form) => {
                said(kind.word())
            }
        },
        Trigger::Match(_) => said("match"),
        Trigger::EnterSegment(_) => said("enter segment"),
        Trigger::LeaveSegment(_) => said("leave segment"),
        Trigger::Change { .. } => said("change"),
        Trigger::Date { .. } => said("date"),
        Trigger::Object { .. } => said("object"),
        Trigger::Call => said("call"),
        Trigger::Schedule { .. } => said("schedule"),
    }
}

fn signal_fault(signal: &Signal) -> Option<String> {
    match signal {
        Signal::Activity { activity, .. } if activity.kind != ActivityKind::Event => {
            Some(format!("a signal of `{}`", activity.kind.word()))
        }
        Signal::Activity { .. } | Signal::Condition(_) => {
            signal.condition().and_then(condition_fault)
        }
    }
}

/// The first thing about a step that the machine does not do.
pub(super) fn step_fault(step: &Step) -> Option<String> {
    let words = match &step.kind {
        StepKind::Send { channel: Channel::Email, draft: false, .. }
        | StepKind::Wait(Duration::Fixed(_))
        | StepKind::If { .. }
        | StepKind::Set { .. }
        | StepKind::Unset(_)
        | StepKind::Note(_)
        | StepKind::Exit => return inner_fault(step),
        StepKind::Listen { limit, arms, .. } => {
            let heard = arms.iter().flat_map(|arm| &arm.signals).find_map(signal_fault);
            return heard.or_else(|| match limit {
                ListenLimit::Forever | ListenLimit::UpTo(Duration::Fixed(_)) => None,
                ListenLimit::UpTo(Duration::Computed { .. }) => {
                    Some("a wait with a computed length".to_owned())
                }
                ListenLimit::Until(_) => Some("`until` of a wait for signals".to_owned()),
            });
        }
        StepKind::Send { draft: true, .. } => "draft",
        StepKind::Send { channel, .. } => return Some(format!("`send {}`", channel.word())),
        StepKind::Wait(Duration::Computed { .. }) => {
            return Some("a wait with a computed length".to_owned());
        }
        StepKind::WaitUntil(_) | StepKind::WaitWindow(_) => "wait until",
        StepKind::At { .. } => "at",
        StepKind::Match { .. } => "match",
        StepKind::Split { .. } => "split",
        StepKind::Experiment { .. } => "experiment",
        StepKind::Repeat { .. } => "repeat",
        StepKind::Add { .. } => "add",
        StepKind::Remove { .. } => "remove",
        StepKind::AddToSegment(_) => "add to segment",
        StepKind::RemoveFromSegment(_) => "remove from segment",
        StepKind::Subscribe(_) => "subscribe to topic",
        StepKind::Unsubscribe(_) => "unsubscribe",
        StepKind::Suppress => "suppress",
        StepKind::Emit { .. } => "emit event",
        StepKind::Call(_) => "call",
        StepKind::Lookup { .. } => "lookup",
        StepKind::StartCampaign { .. } => "start campaign",
    };
    Some(format!("`{words}`"))
}

fn inner_fault(step: &Step) -> Option<String> {
    step.conditions()
        .into_iter()
        .find_map(condition_fault)
        .or_else(|| step.values().into_iter().find_map(value_fault))
}

/// What a line of a test says that the simulation does not do.
pub(crate) fn line_fault(line: &TestLineKind) -> Option<String> {
    let said = |words: &str| Some(format!("`{words}`"));
    match line {
        TestLineKind::Given(given) => match given {
            Given::Customer(_)
            | Given::Segment(_)
            | Given::Events { .. }
            | Given::No(Channel::Email)
            | Given::Unsubscribed => None,
            Given::No(channel) => said(&format!("given no {}", channel.word())),
            Given::Reply { .. } => said("given reply"),
            Given::Row { .. } => said("given row"),
            Given::Device(_) => said("given device"),
            Given::RelatedTo { .. } => said("given related to"),
            Given::Arm { .. } => said("given arm"),
            Given::HeldOut => said("given held out"),
        },
        TestLineKind::Input(input) => match input {
            TestInput::Activity { activity, .. } => (activity.kind != ActivityKind::Event)
                .then(|| format!("`{}`", activity.kind.word())),
            TestInput::Customer(_) | TestInput::Unsubscribes(None) => None,
            TestInput::Interaction { .. } => Some("what people do with a message".to_owned()),
            TestInput::Subscribes(_) => said("subscribes to topic"),
            TestInput::Unsubscribes(Some(_)) => said("unsubscribes from topic"),
            TestInput::Call(_) => said("call with"),
            TestInput::Object { .. } => said("object"),
            TestInput::Broadcast(_) => said("broadcast"),
        },
        TestLineKind::Start(_) | TestLineKind::Wait(_) | TestLineKind::WaitUntil(_) => None,
        TestLineKind::Expect(expectation) => expectation_fault(expectation),
    }
}

fn expectation_fault(expectation: &Expectation) -> Option<String> {
    let said = |words: &str| Some(format!("`expect {words}`"));
    match expectation {
        Expectation::Message { channel, .. } | Expectation::NotSent { channel, .. }
            if *channel != Channel::Email =>
        {
            said(channel.word())
        }
        Expectation::Message { filter, .. } => filter.as_ref().and_then(condition_fault),
        Expectation::NotSent { fate: fate @ (Fate::Held | Fate::Drafted), .. } => said(fate.word()),
        Expectation::NotSent { fate: Fate::Skipped | Fate::Failed, .. }
        | Expectation::AtStep(_)
        | Expectation::Finished
        | Expectation::ExitWhen(_) => None,
        Expectation::Event { .. } => said("event"),
        Expectation::Call { .. } => said("call"),
        Expectation::Goal(_) => said("goal"),
        Expectation::Condition(condition) => condition_fault(condition),
    }
}

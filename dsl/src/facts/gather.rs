//! Facts out of definitions.

use std::sync::Arc;

use super::bounds::{self, Bounds, Measure};
use super::{CampaignFacts, ChannelFacts, Longest, MessageFacts};
use crate::definition::{Content, Definitions, Message};
use crate::expr::reads::Reads;
use crate::expr::{Activity, Key};
use crate::graph::{Campaign, Channel, ObjectTrigger, Signal, StepKind, Target, Trigger};
use crate::time::Length;

/// The facts of every campaign, in written order.
#[must_use]
pub fn facts(definitions: &Definitions) -> Vec<CampaignFacts> {
    definitions.campaigns.iter().map(|campaign| one(definitions, campaign)).collect()
}

fn one(definitions: &Definitions, campaign: &Campaign) -> CampaignFacts {
    let time = bounds::of(&campaign.graph, Measure::Time);
    let sends = |kind: &StepKind| matches!(kind, StepKind::Send { .. });
    let all = bounds::of(&campaign.graph, Measure::Messages(&sends));
    let messages = messages(campaign);
    let channels = Channel::ALL
        .into_iter()
        .filter(|channel| messages.iter().any(|message| message.channel == *channel));
    let reads = reads(definitions, campaign, &messages);
    let others = |starts: &dyn Fn(&Campaign) -> bool| -> Vec<String> {
        let others = definitions.campaigns.iter().filter(|other| starts(other));
        others.map(|other| other.name.to_string()).collect()
    };
    CampaignFacts {
        campaign: campaign.name.clone(),
        shortest: time.least.map(Length::exact),
        longest: longest(time),
        fewest_messages: count(all.least),
        most_messages: count(all.most),
        channels: channels.map(|channel| channel_facts(campaign, channel)).collect(),
        attributes: reads.attributes,
        events: reads.events.iter().map(ToString::to_string).collect(),
        segments: reads.segments.iter().map(ToString::to_string).collect(),
        writes: writes(campaign),
        starts: others(&|other| starts(campaign, other)),
        started_by: others(&|other| starts(other, campaign)),
        messages,
    }
}

const fn longest(time: Bounds) -> Longest {
    match (time.least, time.most) {
        (_, None) => Longest::Unlimited,
        (Some(least), Some(most)) if least == most => {
            Longest::Exactly { length: Length::exact(most) }
        }
        (_, Some(most)) => Longest::AtMost { length: Length::exact(most) },
    }
}

/// Counts have ends that do not depend on data.
fn count(amount: Option<i64>) -> u32 {
    amount.and_then(|amount| u32::try_from(amount).ok()).unwrap_or(u32::MAX)
}

fn channel_facts(campaign: &Campaign, channel: Channel) -> ChannelFacts {
    let sends =
        |kind: &StepKind| matches!(kind, StepKind::Send { channel: by, .. } if *by == channel);
    let Bounds { least, most } = bounds::of(&campaign.graph, Measure::Messages(&sends));
    ChannelFacts { channel, fewest: count(least), most: count(most) }
}

fn messages(campaign: &Campaign) -> Vec<MessageFacts> {
    let mut messages = Vec::new();
    for step in &campaign.graph.steps {
        if let StepKind::Send { channel, message, .. } = &step.kind {
            push(&mut messages, MessageFacts { channel: *channel, name: message.clone() });
        }
    }
    messages
}

/// What the campaign and the texts of its messages read.
fn reads(definitions: &Definitions, campaign: &Campaign, sent: &[MessageFacts]) -> Reads {
    let mut reads = Reads::default();
    for trigger in &campaign.triggers {
        trigger_reads(trigger, &mut reads);
    }
    campaign.only_if.iter().for_each(|condition| reads.condition(condition));
    let exits = campaign.exits.iter().filter_map(|exit| exit.when.signal());
    for signal in exits.chain(campaign.goals.iter().map(|goal| &goal.signal)) {
        signal_reads(signal, &mut reads);
    }
    for step in &campaign.graph.steps {
        if let StepKind::Listen { arms, .. } = &step.kind {
            let signals = arms.iter().flat_map(|arm| &arm.signals);
            signals.for_each(|signal| signal_reads(signal, &mut reads));
        }
        step.conditions().into_iter().for_each(|condition| reads.condition(condition));
        step.values().into_iter().for_each(|value| reads.expr(value));
        step.durations().into_iter().for_each(|duration| reads.duration(duration));
    }
    let read = definitions.messages.iter().filter(|message| {
        sent.iter().any(|sent| sent.channel == message.channel && sent.name == message.name)
    });
    read.for_each(|message| message_reads(message, &mut reads));
    reads
}

fn trigger_reads(trigger: &Trigger, reads: &mut Reads) {
    match trigger {
        Trigger::Activity { activity, .. } => activity_reads(activity, reads),
        Trigger::EnterSegment(name) | Trigger::LeaveSegment(name) => {
            push(&mut reads.segments, name.clone());
        }
        Trigger::Change { keys, .. } => {
            if let Some(Key::Name(first)) = keys.first() {
                push(&mut reads.attributes, first.clone());
            }
        }
        Trigger::Date { moment, .. }
        | Trigger::Object { on: ObjectTrigger::Date { moment, .. }, .. } => reads.expr(moment),
        Trigger::Match(_) | Trigger::Object { .. } | Trigger::Call | Trigger::Schedule { .. } => {}
    }
    trigger.conditions().into_iter().for_each(|condition| reads.condition(condition));
}

fn signal_reads(signal: &Signal, reads: &mut Reads) {
    if let Signal::Activity { activity, .. } = signal {
        activity_reads(activity, reads);
    }
    signal.condition().into_iter().for_each(|condition| reads.condition(condition));
}

fn activity_reads(activity: &Activity, reads: &mut Reads) {
    if let Some(name) = activity.event_name() {
        push(&mut reads.events, name.clone());
    }
}

fn message_reads(message: &Message, reads: &mut Reads) {
    let in_languages = message.languages.iter().flat_map(|(_, fields)| fields);
    for (_, content) in message.fields.iter().chain(in_languages) {
        match content {
            Content::Text(text) | Content::Typed { text, .. } => reads.template(text),
            Content::Word(_)
            | Content::Number(_)
            | Content::Boolean(_)
            | Content::Duration(_)
            | Content::Object(_) => {}
        }
    }
}

/// Attributes that steps change, by their paths.
fn writes(campaign: &Campaign) -> Vec<String> {
    let mut writes = Vec::new();
    for step in &campaign.graph.steps {
        let target = match &step.kind {
            StepKind::Set { target, .. }
            | StepKind::Unset(target)
            | StepKind::Add { target, .. }
            | StepKind::Remove { target, .. } => target,
            _ => continue,
        };
        if let Target::Customer(keys) = target {
            let keys = keys.iter().map(|key| match key {
                Key::Name(name) => name.clone(),
                Key::Index(index) => index.to_string(),
            });
            push(&mut writes, keys.collect::<Vec<_>>().join("."));
        }
    }
    writes
}

/// Whether a step of `campaign` can let people into `other`.
fn starts(campaign: &Campaign, other: &Campaign) -> bool {
    let heard = |event: &Arc<str>| {
        other.triggers.iter().any(|trigger| match trigger {
            Trigger::Activity { activity, .. } => activity.event_name() == Some(event),
            _ => false,
        })
    };
    campaign.graph.steps.iter().any(|step| match &step.kind {
        StepKind::StartCampaign { campaign, .. } => *campaign == other.name,
        StepKind::Emit { event, .. } => heard(event),
        _ => false,
    })
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

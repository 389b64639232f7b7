//! Whether a test needs something that this version cannot run.

use std::sync::Arc;

use crate::definition::{Definitions, Expectation, Given, Test, TestLine, TestLineKind};
use crate::expr::reads::Reads;
use crate::graph::{Campaign, Channel, StepKind};
use crate::machine::{Support, line_fault};

/// The first reason not to play a test.
pub(super) fn obstacle(
    support: &Support,
    definitions: &Definitions,
    test: &Test,
) -> Option<String> {
    if let Some(reason) = support.campaign_fault(&test.campaign) {
        return Some(format!("campaign `{}` cannot run: {reason}", test.campaign));
    }
    test.lines.iter().find_map(|line| line_obstacle(support, definitions, line))
}

fn line_obstacle(support: &Support, definitions: &Definitions, line: &TestLine) -> Option<String> {
    if let Some(fault) = line_fault(&line.kind) {
        return Some(format!("it says {fault}, which this version cannot run yet"));
    }
    let segments = match &line.kind {
        TestLineKind::Given(Given::Segment(name)) => vec![name.clone()],
        TestLineKind::Expect(Expectation::Condition(condition)) => Reads::of(condition).segments,
        TestLineKind::Expect(
            Expectation::Message { channel, message, .. }
            | Expectation::NotSent { channel, message, .. },
        ) => return sender_obstacle(support, definitions, (*channel, message)),
        _ => Vec::new(),
    };
    segments.iter().find_map(|name| {
        let reason = support.segment_fault(name)?;
        Some(format!("segment `{name}` cannot be judged: {reason}"))
    })
}

/// A message that comes from campaigns alone which cannot run says nothing by its absence.
fn sender_obstacle(
    support: &Support,
    definitions: &Definitions,
    message: (Channel, &Arc<str>),
) -> Option<String> {
    let senders: Vec<&Campaign> =
        definitions.campaigns.iter().filter(|campaign| sends(campaign, message)).collect();
    let first = senders.first()?;
    let all = senders.iter().all(|sender| support.campaign_fault(&sender.name).is_some());
    let reason = support.campaign_fault(&first.name).filter(|_| all)?;
    Some(format!("campaign `{}` cannot run: {reason}", first.name))
}

fn sends(campaign: &Campaign, (channel, message): (Channel, &Arc<str>)) -> bool {
    campaign.graph.steps.iter().any(|step| match &step.kind {
        StepKind::Send { channel: by, message: sent, .. } => *by == channel && sent == message,
        _ => false,
    })
}

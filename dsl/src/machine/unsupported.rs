//! What the language can say and this version cannot run: found in definitions before anybody
//! could walk into it.

mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::definition::{Definitions, Message, Segment};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::reads::Reads;
use crate::graph::{Campaign, Channel, StepKind};
use crate::message::Email;
use crate::span::Span;
pub(crate) use parts::line_fault;
use parts::{clause_faults, condition_fault, step_fault};

/// One problem for each step, clause and declaration that the machine does not run; none where all
/// of it can run.
#[must_use]
pub fn unsupported(definitions: &Definitions) -> Vec<Diagnostic> {
    Support::of(definitions).diagnostics
}

/// What can run and what cannot, by name, with the reason.
#[derive(Debug, Default)]
pub(crate) struct Support {
    diagnostics: Vec<Diagnostic>,
    campaigns: BTreeMap<Arc<str>, String>,
    segments: BTreeMap<Arc<str>, String>,
    emails: BTreeMap<Arc<str>, String>,
}

impl Support {
    pub(crate) fn of(definitions: &Definitions) -> Self {
        let mut support = Self::default();
        support.declarations(definitions);
        for message in &definitions.messages {
            support.message(message);
        }
        for segment in &definitions.segments {
            support.segment(segment);
        }
        support.follow_segments(definitions);
        for campaign in &definitions.campaigns {
            support.campaign(campaign);
        }
        support.diagnostics.sort_by_key(|problem| problem.primary.span);
        support
    }

    /// Why a campaign cannot run.
    pub(crate) fn campaign_fault(&self, name: &str) -> Option<&str> {
        self.campaigns.get(name).map(String::as_str)
    }

    /// Why a segment cannot be judged.
    pub(crate) fn segment_fault(&self, name: &str) -> Option<&str> {
        self.segments.get(name).map(String::as_str)
    }

    /// What of `definitions` can run.
    pub(crate) fn runnable(&self, definitions: &Definitions) -> Definitions {
        let mut runnable = definitions.clone();
        runnable.campaigns.retain(|campaign| !self.campaigns.contains_key(&campaign.name));
        runnable.segments.retain(|segment| !self.segments.contains_key(&segment.name));
        runnable
    }

    fn declarations(&mut self, definitions: &Definitions) {
        for segment in &definitions.manual_segments {
            self.report(first_word(segment.span, "segment"), "a `manual` segment");
            let reason = "it is filled by hand, which this version cannot do yet";
            self.segments.insert(segment.name.clone(), reason.to_owned());
        }
        for topic in definitions.topics.iter().filter(|topic| !topic.subscribed_by_default) {
            self.report(first_word(topic.span, "topic"), "`default: unsubscribed` of a topic");
        }
        for cap in &definitions.caps {
            self.report(first_word(cap.span, "cap"), "`cap`");
        }
        for broadcast in &definitions.broadcasts {
            self.report(first_word(broadcast.span, "broadcast"), "`broadcast`");
        }
    }

    fn message(&mut self, message: &Message) {
        if message.channel != Channel::Email {
            return;
        }
        let Err(beyond) = Email::of(message) else { return };
        let said: Vec<String> = beyond.iter().map(|word| format!("`{word}`")).collect();
        let said = said.join(" and ");
        self.report(first_word(message.span, "email"), &format!("{said} of an e-mail"));
        let reason = format!("its email `{}` has {said}", message.name);
        self.emails.insert(message.name.clone(), not_yet(&reason));
    }

    fn segment(&mut self, segment: &Segment) {
        if let Some(fault) = condition_fault(&segment.condition) {
            self.report(first_word(segment.span, "segment"), &format!("{fault} in a segment"));
            self.segments.insert(segment.name.clone(), not_yet(&format!("it asks {fault}")));
        }
    }

    /// A segment that asks for one that cannot be judged cannot be judged either.
    fn follow_segments(&mut self, definitions: &Definitions) {
        let reads: Vec<(&Arc<str>, Reads)> = definitions
            .segments
            .iter()
            .map(|segment| (&segment.name, Reads::of(&segment.condition)))
            .collect();
        loop {
            let found = reads.iter().find_map(|(name, reads)| {
                let of = reads.segments.iter().find(|read| self.segments.contains_key(*read))?;
                (!self.segments.contains_key(*name)).then_some((*name, of))
            });
            let Some((name, of)) = found else { return };
            let reason = format!("it asks for segment `{of}`, which this version cannot judge yet");
            self.segments.insert(name.clone(), reason);
        }
    }

    fn campaign(&mut self, campaign: &Campaign) {
        let head = first_word(campaign.span, "campaign");
        let mut reasons = Vec::new();
        for fault in clause_faults(campaign) {
            self.report(head, &format!("{fault} of campaign `{}`", campaign.name));
            reasons.push(not_yet(&format!("it has {fault}")));
        }
        for step in &campaign.graph.steps {
            if let Some(fault) = step_fault(step) {
                self.report(step.span, &fault);
                reasons.push(not_yet(&format!("it has {fault}")));
            }
            if let StepKind::Send { channel: Channel::Email, message, .. } = &step.kind {
                reasons.extend(self.emails.get(message).cloned());
            }
        }
        let read: BTreeSet<Arc<str>> = campaign
            .conditions()
            .into_iter()
            .flat_map(|condition| Reads::of(condition).segments)
            .collect();
        reasons.extend(read.iter().filter(|name| self.segments.contains_key(*name)).map(|name| {
            format!("it asks for segment `{name}`, which this version cannot judge yet")
        }));
        if let Some(first) = reasons.into_iter().next() {
            self.campaigns.insert(campaign.name.clone(), first);
        }
    }

    fn report(&mut self, span: Span, what: &str) {
        self.diagnostics.push(
            Diagnostic::new(Code::J0901, span, format!("{what} cannot be run by this version yet"))
                .here("not yet")
                .help("leave it out for now; a later version runs it as it is written"),
        );
    }
}

fn not_yet(reason: &str) -> String {
    format!("{reason}, which this version cannot run yet")
}

/// The word that a declaration begins with.
fn first_word(span: Span, word: &str) -> Span {
    Span::new(span.file, span.start, span.end.min(span.start + word.len()))
}

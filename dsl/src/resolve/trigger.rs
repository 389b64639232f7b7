//! What `trigger` holds in a campaign, as far as its triggers tell.

use std::collections::BTreeSet;

use super::inner::{Inner, inside, inside_duration, inside_value};
use super::walk::{Walk, did_you_mean};
use super::{What, each_step, quoted_list, readings};
use crate::ast::{
    Campaign, ClauseKind, DeclarationKind, File, ObjectTrigger, Part, Path, StepKind, Trigger,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Key;
use crate::syntax::nearest;

/// What is known of `trigger`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TriggerData {
    /// Whatever comes with an event, a call or an object.
    Open,
    /// These keys and no others.
    Closed(BTreeSet<&'static str>),
}

/// What the triggers of a campaign leave in `trigger`.
pub(crate) fn data_of(campaign: &Campaign) -> TriggerData {
    let mut keys = BTreeSet::new();
    let mut starts = false;
    for part in &campaign.body {
        let Part::Clause(clause) = part else {
            continue;
        };
        let ClauseKind::On(trigger) = &clause.kind else {
            continue;
        };
        starts = true;
        match keys_of(trigger) {
            Some(more) => keys.extend(more),
            None => return TriggerData::Open,
        }
    }
    if starts { TriggerData::Closed(keys) } else { TriggerData::Open }
}

fn keys_of(trigger: &Trigger) -> Option<Vec<&'static str>> {
    match trigger {
        Trigger::Activity(_) | Trigger::Call | Trigger::Unknown => None,
        Trigger::Match(_) | Trigger::EnterSegment(_) | Trigger::LeaveSegment(_) => Some(vec![]),
        Trigger::Change(_) => Some(vec!["from", "to"]),
        Trigger::Date(..) | Trigger::Schedule { .. } => Some(vec!["date"]),
        Trigger::Object { on, .. } => {
            let mut keys = vec!["object", "relationship"];
            keys.extend(match on {
                ObjectTrigger::Change(_) => ["from", "to"].as_slice(),
                ObjectTrigger::Date(..) => &["date"],
                ObjectTrigger::Match(_) | ObjectTrigger::Related | ObjectTrigger::Unrelated => &[],
            });
            Some(keys)
        }
    }
}

/// The campaigns that other campaigns start, with data of their own.
fn started(files: &[File]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if let DeclarationKind::Campaign(body) | DeclarationKind::Broadcast(body) =
            &declaration.kind
        {
            each_step(&body.body, &mut |step| {
                if let StepKind::StartCampaign { campaign, .. } = &step.kind {
                    names.insert(campaign.value.as_str());
                }
            });
        }
    }
    names
}

impl Walk<'_> {
    /// Reports what is read of `trigger` and never there.
    pub(super) fn trigger_data(&mut self) {
        let started = started(self.files);
        let declarations = self.files.iter().flat_map(|file| &file.declarations);
        let closed: Vec<(&Campaign, BTreeSet<&'static str>)> = declarations
            .filter(|declaration| !started.contains(declaration.name.value.as_str()))
            .filter_map(|declaration| match &declaration.kind {
                DeclarationKind::Campaign(campaign) => match data_of(campaign) {
                    TriggerData::Closed(keys) => Some((campaign, keys)),
                    TriggerData::Open => None,
                },
                _ => None,
            })
            .collect();
        let mut found = Vec::new();
        for reading in readings(self.files) {
            let Some((_, keys)) = reading
                .campaign
                .and_then(|of| closed.iter().find(|(campaign, _)| std::ptr::eq(*campaign, of)))
            else {
                continue;
            };
            let mut judge = |inner: Inner<'_>| {
                if let Inner::Path(path) = inner {
                    found.extend(never_there(path, keys));
                }
            };
            match reading.what {
                What::Condition(condition) => inside(condition, &mut judge),
                What::Value(value, _) | What::Match(value, _) => inside_value(value, &mut judge),
                What::Path(path) => judge(Inner::Path(path)),
                What::Duration(duration) => inside_duration(duration, &mut judge),
            }
        }
        self.found.extend(found);
    }
}

fn never_there(path: &Path, keys: &BTreeSet<&'static str>) -> Option<Diagnostic> {
    let Some(Key::Name(key)) = path.keys.first() else {
        return None;
    };
    if path.scope.value != "trigger" || keys.contains(key.as_str()) {
        return None;
    }
    let known: Vec<String> = keys.iter().map(|key| format!("trigger.{key}")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let written = format!("trigger.{key}");
    let diagnostic =
        Diagnostic::new(Code::J0306, path.span, format!("there is never a `{written}` here"));
    if known.is_empty() {
        return Some(diagnostic.here("what starts this campaign brings no data").help(
            "read the person instead, such as `customer.plan`; events and calls bring data",
        ));
    }
    let near = nearest(key, keys.iter().copied()).filter(|_| path.keys.len() == 1);
    Some(match near {
        Some(near) => did_you_mean(diagnostic, path.span, &format!("trigger.{near}"), false),
        None => diagnostic
            .here("what starts this campaign does not bring it")
            .help(format!("there is {}", quoted_list(&known))),
    })
}

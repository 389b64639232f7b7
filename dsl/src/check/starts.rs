//! Campaigns that start each other, round and round.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use super::loops::{Links, Telling, loops};
use super::terms::steps_of;
use crate::ast::{Campaign, ClauseKind, DeclarationKind, File, Name, Part, StepKind, Trigger};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ActivityKind;
use crate::graph::HowOften;
use crate::resolve::each_block;
use crate::span::Span;

const TELLING: Telling = Telling {
    code: Code::J0318,
    alone: ("the campaign", "starts itself"),
    several: "campaigns start each other",
    help: "let one of them end without starting the next; what comes again is said by `repeat`, or by `enter every time`",
};

/// The campaigns that every such event starts, by its name.
type Heard<'f> = BTreeMap<&'f str, Vec<&'f str>>;

impl Check<'_> {
    pub(super) fn campaign_loops(&mut self, files: &[File]) {
        let campaigns: Vec<(&str, &Campaign)> = files
            .iter()
            .flat_map(|file| &file.declarations)
            .filter_map(|declaration| match &declaration.kind {
                DeclarationKind::Campaign(campaign) => {
                    Some((declaration.name.value.as_str(), campaign))
                }
                _ => None,
            })
            .collect();
        let mut heard = Heard::new();
        for (name, campaign) in &campaigns {
            for event in always_heard(campaign) {
                heard.entry(event).or_default().push(name);
            }
        }
        let mut links = Links::new();
        for (name, campaign) in &campaigns {
            let mut led = Vec::new();
            started(&campaign.body, &mut led);
            for event in always_emitted(&campaign.body) {
                let hearing = heard.get(event.value.as_str()).map_or(&[][..], Vec::as_slice);
                led.extend(hearing.iter().map(|hears| (*hears, event.span)));
            }
            links.entry(name).or_insert(led);
        }
        self.found.extend(loops(&links, &TELLING));
        self.started_without_call(&campaigns);
    }

    /// Steps that start a campaign which waits for something else.
    fn started_without_call(&mut self, campaigns: &[(&str, &Campaign)]) {
        let silent: BTreeSet<&str> = campaigns
            .iter()
            .filter(|(_, campaign)| !can_be_called(campaign))
            .map(|(name, _)| *name)
            .collect();
        for (_, campaign) in campaigns {
            let mut found = Vec::new();
            started(&campaign.body, &mut found);
            for (name, span) in found {
                if silent.contains(name) {
                    self.report(
                        Diagnostic::new(
                            Code::J0223,
                            span,
                            format!("the campaign `{name}` cannot be started by a step"),
                        )
                        .here("it waits for something else")
                        .help(format!("add `on call` to the campaign `{name}`")),
                    );
                }
            }
        }
    }
}

/// Whether it has `on call`; one whose triggers were not understood may have.
fn can_be_called(campaign: &Campaign) -> bool {
    campaign.body.iter().any(|part| match part {
        Part::Clause(clause) => matches!(
            clause.kind,
            ClauseKind::On(Trigger::Call | Trigger::Unknown) | ClauseKind::Unknown(_)
        ),
        Part::Step(_) => false,
    })
}

/// Campaigns that a step of this block starts for the same person.
fn started<'p>(parts: &'p [Part], found: &mut Vec<(&'p str, Span)>) {
    for step in steps_of(parts) {
        if let StepKind::StartCampaign { campaign, .. } = &step.kind {
            found.push((&campaign.value, campaign.span));
        }
        each_block(step, &mut |block| started(block, found));
    }
}

/// Events that everyone who enters emits: those of the first steps, before any branch or wait.
fn always_emitted(body: &[Part]) -> impl Iterator<Item = &Name> {
    let at_once = steps_of(body).take_while(|step| {
        let mut blocks = 0;
        each_block(step, &mut |_| blocks += 1);
        blocks == 0
            && !matches!(
                step.kind,
                StepKind::Exit
                    | StepKind::Wait(_)
                    | StepKind::WaitUntil(_)
                    | StepKind::WaitWindow(_)
                    | StepKind::WaitFor { .. }
            )
    });
    at_once.filter_map(|step| match &step.kind {
        StepKind::Emit { event, person: None, .. } => Some(event),
        _ => None,
    })
}

/// Events that always start this campaign, whatever they say and whoever they are of.
fn always_heard(campaign: &Campaign) -> Vec<&str> {
    let clauses = || {
        campaign.body.iter().filter_map(|part| match part {
            Part::Clause(clause) => Some(&clause.kind),
            Part::Step(_) => None,
        })
    };
    let every_time = clauses().any(|clause| {
        matches!(clause, ClauseKind::Enter(enter)
            if enter.how_often == HowOften::EveryTime
                && enter.per.is_none()
                && enter.while_active.is_none())
    });
    let narrowed = clauses().any(|clause| {
        matches!(clause, ClauseKind::OnlyIf(_) | ClauseKind::ExitWhen(_) | ClauseKind::Unknown(_))
    });
    if !every_time || narrowed {
        return Vec::new();
    }
    clauses()
        .filter_map(|clause| match clause {
            ClauseKind::On(Trigger::Activity(activity))
                if activity.kind == ActivityKind::Event && activity.filter.is_none() =>
            {
                Some(activity.name.value.as_str())
            }
            _ => None,
        })
        .collect()
}

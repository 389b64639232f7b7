//! Campaigns that nobody can enter, or that everybody leaves at once.

use std::collections::BTreeSet;

use super::super::Check;
use super::super::clauses::clauses_of;
use super::super::terms::{alternatives, conjuncts};
use crate::ast::{
    Campaign, Clause, ClauseKind, Condition, ConditionKind, Declaration, ExitWhen, Name, Signal,
    Trigger,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

/// What is true of everybody who enters.
struct Known<'c> {
    conditions: Vec<&'c Condition>,
    /// A segment that the trigger lets people enter (`true`) or leave.
    segment: Option<(&'c Name, bool)>,
}

impl Check<'_> {
    pub(in super::super) fn nobody(&mut self, declaration: &Declaration, campaign: &Campaign) {
        let mut filter: Option<(&Clause, &Condition)> = None;
        let mut triggers: Vec<(&Clause, &Trigger)> = Vec::new();
        for clause in clauses_of(campaign) {
            match &clause.kind {
                ClauseKind::OnlyIf(condition) => filter = filter.or(Some((clause, condition))),
                ClauseKind::On(trigger) => triggers.push((clause, trigger)),
                ClauseKind::Unknown(_) => return,
                _ => {}
            }
        }
        let filtered = filter.map_or_else(Vec::new, |(_, condition)| conjuncts(condition));
        let known: Vec<Known<'_>> =
            triggers.iter().map(|(_, trigger)| known_of(trigger, &filtered)).collect();
        if known.is_empty() {
            return;
        }
        if let Some((clause, _)) = filter
            && self.conflicting(&filtered).is_none()
        {
            let refused: Option<Vec<(Span, &'static str)>> =
                known.iter().map(|known| self.refused(known)).collect();
            if let Some((span, why)) = refused.and_then(|all| all.first().copied()) {
                let trigger = triggers.first().map_or(clause.span, |(clause, _)| clause.span);
                self.report(
                    Diagnostic::new(
                        Code::J0508,
                        span,
                        format!("nobody can enter the campaign `{}`", declaration.name.value),
                    )
                    .here(why)
                    .also(trigger, "what lets people enter")
                    .help("let the trigger and `only if` ask for what one person can be at once"),
                );
                return;
            }
        }
        self.left_at_once(declaration, campaign, &known);
    }

    /// Where the filter refuses everybody whom the trigger lets in.
    fn refused(&self, known: &Known<'_>) -> Option<(Span, &'static str)> {
        if let Some((segment, inside)) = known.segment {
            for condition in &known.conditions {
                let (denied, name) = match &condition.kind {
                    ConditionKind::InSegment(name) => (false, name),
                    ConditionKind::Not(inner) => match &inner.kind {
                        ConditionKind::InSegment(name) => (true, name),
                        _ => continue,
                    },
                    _ => continue,
                };
                if name.value == segment.value && denied == inside {
                    return Some((
                        condition.span,
                        if inside {
                            "but people enter when they come into it"
                        } else {
                            "but people enter when they leave it"
                        },
                    ));
                }
            }
        }
        let said: BTreeSet<String> =
            known.conditions.iter().map(|condition| self.words(condition)).collect();
        let opposite = known.conditions.iter().find_map(|condition| match &condition.kind {
            ConditionKind::Not(inner) if said.contains(&self.words(inner)) => Some(condition.span),
            _ => None,
        });
        if let Some(span) = opposite {
            return Some((span, "the opposite is asked for as well"));
        }
        self.conflicting(&known.conditions).map(|(_, other, why)| (other.span, why))
    }

    /// An `exit when` that holds for everybody who gets in.
    fn left_at_once(
        &mut self,
        declaration: &Declaration,
        campaign: &Campaign,
        known: &[Known<'_>],
    ) {
        let sure: Vec<BTreeSet<String>> = known.iter().map(|known| self.said(known)).collect();
        for clause in clauses_of(campaign) {
            let ClauseKind::ExitWhen(ExitWhen::Signal(Signal::Condition(exit))) = &clause.kind
            else {
                continue;
            };
            let met = |said: &BTreeSet<String>| {
                alternatives(exit).into_iter().any(|way| {
                    conjuncts(way).into_iter().all(|part| {
                        let words = self.words(part);
                        !words.is_empty() && said.contains(&words)
                    })
                })
            };
            if sure.iter().all(met) {
                self.report(
                    Diagnostic::new(
                        Code::J0508,
                        clause.span,
                        format!("the campaign `{}` sends to nobody", declaration.name.value),
                    )
                    .here("this holds for everybody who could enter")
                    .note("who meets an `exit when` does not enter")
                    .help("let people in by one condition, and out by another"),
                );
                return;
            }
        }
    }

    fn said(&self, known: &Known<'_>) -> BTreeSet<String> {
        let mut said: BTreeSet<String> =
            known.conditions.iter().map(|condition| self.words(condition)).collect();
        if let Some((name, inside)) = known.segment {
            let denied = if inside { "" } else { "not " };
            said.insert(format!("{denied}in segment {}", self.text(name.span)));
        }
        said
    }
}

fn known_of<'c>(trigger: &'c Trigger, filter: &[&'c Condition]) -> Known<'c> {
    let mut conditions = Vec::new();
    let mut segment = None;
    match trigger {
        Trigger::Match(condition) => conditions.extend(conjuncts(condition)),
        Trigger::EnterSegment(name) => segment = Some((name, true)),
        Trigger::LeaveSegment(name) => segment = Some((name, false)),
        Trigger::Activity(_)
        | Trigger::Change(_)
        | Trigger::Date(..)
        | Trigger::Object { .. }
        | Trigger::Call
        | Trigger::Schedule { .. }
        | Trigger::Unknown => {}
    }
    conditions.extend(filter);
    Known { conditions, segment }
}

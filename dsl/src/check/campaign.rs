//! Campaigns and broadcasts: what starts them, who gets them, what their clauses say.

use super::Check;
use super::clauses::{Owner, clauses_of};
use crate::ast::{
    Campaign, Change, Clause, ClauseKind, Declaration, ExitWhen, Goal, ObjectTrigger, Part, Signal,
    Trigger,
};
use crate::diagnostic::{Code, Diagnostic};

impl Check<'_> {
    pub(super) fn campaign(&mut self, declaration: &Declaration, campaign: &Campaign) {
        self.body(declaration, campaign, Owner::Campaign);
        if !declaration.broken {
            let starts = clauses_of(campaign)
                .any(|clause| matches!(clause.kind, ClauseKind::On(_) | ClauseKind::Unknown(_)));
            if !starts {
                self.report(
                    Diagnostic::new(
                        Code::J0207,
                        declaration.name.span,
                        format!("nothing starts the campaign `{}`", declaration.name.value),
                    )
                    .here("nobody ever enters")
                    .help("begin it with a trigger: `on event \"signed_up\"`"),
                );
            }
            self.entries(campaign);
            self.unmatched(campaign);
            self.nobody(declaration, campaign);
        }
        self.membership(campaign);
    }

    pub(super) fn broadcast(&mut self, declaration: &Declaration, broadcast: &Campaign) {
        self.body(declaration, broadcast, Owner::Broadcast);
        let has_audience = clauses_of(broadcast)
            .any(|clause| matches!(clause.kind, ClauseKind::To(_) | ClauseKind::Unknown(_)));
        if !has_audience && !declaration.broken {
            self.report(
                Diagnostic::new(
                    Code::J0220,
                    declaration.name.span,
                    format!("the broadcast `{}` goes to nobody", declaration.name.value),
                )
                .here("its audience is missing")
                .help("say who gets it: `to in segment \"Customers\"`"),
            );
        }
    }

    /// What campaigns and broadcasts share.
    fn body(&mut self, declaration: &Declaration, campaign: &Campaign, owner: Owner) {
        self.clause_places(campaign, owner);
        for clause in clauses_of(campaign) {
            self.clause(clause);
        }
        self.goals(campaign, declaration.broken);
        self.steps_limit(declaration.name.span, &campaign.body);
        self.steps(&campaign.body, declaration.broken);
        self.labels(&campaign.body);
        if owner == Owner::Broadcast {
            self.steps_of_broadcast(&campaign.body);
        }
        if !declaration.broken {
            self.ways(&campaign.body, owner);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::On(trigger) => self.trigger(trigger),
            ClauseKind::To(condition) | ClauseKind::OnlyIf(condition) => self.condition(condition),
            ClauseKind::ExitWhen(ExitWhen::Signal(signal)) => self.signal(signal),
            ClauseKind::Goal(goal) => self.signal(&goal.signal),
            ClauseKind::SendOnly(window) => self.time_window(window),
            ClauseKind::Limit(count) => self.per_hour(count),
            ClauseKind::Holdout(percent) => self.holdout(percent),
            ClauseKind::ExitWhen(ExitWhen::Unmatched | ExitWhen::Goal)
            | ClauseKind::At(_)
            | ClauseKind::Enter(_)
            | ClauseKind::Topic(_)
            | ClauseKind::Unknown(_) => {}
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        match trigger {
            Trigger::Activity(activity) => {
                if let Some(filter) = &activity.filter {
                    self.condition(filter);
                }
            }
            Trigger::Match(condition) => self.condition(condition),
            Trigger::Change(change) => self.change(change),
            Trigger::Object { on, people, .. } => {
                match on {
                    ObjectTrigger::Match(condition) => self.condition(condition),
                    ObjectTrigger::Change(change) => self.change(change),
                    ObjectTrigger::Date(..) | ObjectTrigger::Related | ObjectTrigger::Unrelated => {
                    }
                }
                if let Some(people) = people {
                    self.condition(people);
                }
            }
            Trigger::EnterSegment(_)
            | Trigger::LeaveSegment(_)
            | Trigger::Date(..)
            | Trigger::Call
            | Trigger::Schedule { .. }
            | Trigger::Unknown => {}
        }
    }

    fn change(&mut self, change: &Change) {
        for value in change.from.iter().chain(&change.to) {
            self.unrendered(value);
        }
        if let (Some(from), Some(to)) = (&change.from, &change.to)
            && !self.text(from.span).is_empty()
            && self.text(from.span) == self.text(to.span)
        {
            self.report(
                Diagnostic::new(Code::J0504, to.span, "this change never happens")
                    .here("the same value")
                    .also(from.span, "as this")
                    .help("say two values that differ, or leave one of them out"),
            );
        }
    }

    pub(super) fn signal(&mut self, signal: &Signal) {
        match signal {
            Signal::Activity(activity) => {
                if let Some(filter) = &activity.filter {
                    self.condition(filter);
                }
            }
            Signal::Condition(condition) => self.condition(condition),
        }
    }

    /// Goals are told apart by their names; what speaks of a goal needs one.
    fn goals(&mut self, campaign: &Campaign, broken: bool) {
        let mut seen: Vec<&Goal> = Vec::new();
        for clause in clauses_of(campaign) {
            let ClauseKind::Goal(goal) = &clause.kind else {
                continue;
            };
            if let Some(first) = seen.iter().find(|before| before.name.value == goal.name.value) {
                self.report(
                    Diagnostic::new(
                        Code::J0205,
                        goal.name.span,
                        format!("there are two goals `{}`", goal.name.value),
                    )
                    .here("declared again")
                    .also(first.name.span, "first declared here")
                    .help("give one of them another name"),
                );
            }
            if let Some(within) = &goal.within {
                self.goal_length(within);
            }
            seen.push(goal);
        }
        if !seen.is_empty() || broken {
            return;
        }
        for clause in clauses_of(campaign) {
            if matches!(clause.kind, ClauseKind::ExitWhen(ExitWhen::Goal)) {
                self.no_goal(clause.span, "this campaign has no goal to reach");
            }
        }
        self.winners_without_goal(&campaign.body);
    }

    pub(super) fn no_goal(&mut self, span: crate::span::Span, message: &str) {
        self.report(
            Diagnostic::new(Code::J0319, span, message)
                .here("which goal?")
                .help("declare one: `goal \"Bought\" when event \"order_placed\"`"),
        );
    }

    /// A clause inside the block of a step has no place there.
    pub(super) fn block(&mut self, parts: &[Part], broken: bool) {
        for part in parts {
            if let Part::Clause(clause) = part {
                self.clause_in_block(clause);
            }
        }
        self.steps(parts, broken);
    }
}

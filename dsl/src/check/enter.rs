//! `enter` and `exit when unmatched`: whether the triggers have what they speak of.

use super::Check;
use super::clauses::clauses_of;
use crate::ast::{Campaign, ClauseKind, ExitWhen, ObjectTrigger, Path, Trigger};
use crate::diagnostic::{Code, Diagnostic};

impl Check<'_> {
    pub(super) fn entries(&mut self, campaign: &Campaign) {
        for clause in clauses_of(campaign) {
            let ClauseKind::Enter(enter) = &clause.kind else {
                continue;
            };
            if let Some(path) = &enter.per {
                self.per(path);
            }
            if let Some(place) = enter.including_current
                && !triggers_of(campaign).any(lasts)
            {
                self.report(
                    Diagnostic::new(
                        Code::J0219,
                        place,
                        "nobody can be in yet: what starts this campaign does not last",
                    )
                    .here("who would be included?")
                    .help("leave it out, or begin the campaign by `on match …` or `on enter segment \"…\"`"),
                );
            }
        }
    }

    /// `per PATH` tells runs apart by what started them.
    fn per(&mut self, path: &Path) {
        if path.scope.value == "customer" || (path.scope.value == "trigger" && path.keys.is_empty())
        {
            let written = self.text(path.span);
            self.report(
                Diagnostic::new(
                    Code::J0219,
                    path.span,
                    format!("`per {written}` does not tell the runs of a person apart"),
                )
                .here("no value of what started the run")
                .help("name a value of what started the run, such as `per trigger.cart_id`; people are told apart anyway"),
            );
        }
    }

    pub(super) fn unmatched(&mut self, campaign: &Campaign) {
        let has_filter = clauses_of(campaign)
            .any(|clause| matches!(clause.kind, ClauseKind::OnlyIf(_) | ClauseKind::Unknown(_)));
        if has_filter || triggers_of(campaign).any(can_end) {
            return;
        }
        for clause in clauses_of(campaign) {
            if matches!(clause.kind, ClauseKind::ExitWhen(ExitWhen::Unmatched)) {
                self.report(
                    Diagnostic::new(
                        Code::J0222,
                        clause.span,
                        "nothing here can become unmatched",
                    )
                    .here("this campaign has no condition that people match")
                    .help("add the condition as `only if …`, or say what ends the run: `exit when in segment \"…\"`"),
                );
            }
        }
    }
}

fn triggers_of(campaign: &Campaign) -> impl Iterator<Item = &Trigger> {
    clauses_of(campaign).filter_map(|clause| match &clause.kind {
        ClauseKind::On(trigger) => Some(trigger),
        _ => None,
    })
}

/// Whether people can fulfil it before the campaign exists.
const fn lasts(trigger: &Trigger) -> bool {
    matches!(
        trigger,
        Trigger::Match(_)
            | Trigger::EnterSegment(_)
            | Trigger::Object { on: ObjectTrigger::Match(_) | ObjectTrigger::Related, .. }
            | Trigger::Unknown
    )
}

/// Whether it is a condition that can stop holding.
const fn can_end(trigger: &Trigger) -> bool {
    lasts(trigger) || matches!(trigger, Trigger::LeaveSegment(_))
}

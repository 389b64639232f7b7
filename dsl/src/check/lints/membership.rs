//! `on match in segment "S"`, which `on enter segment "S"` says in fewer words.

use super::super::Check;
use super::super::clauses::clauses_of;
use crate::ast::{Campaign, ClauseKind, ConditionKind, Trigger};
use crate::diagnostic::{Code, Diagnostic};

impl Check<'_> {
    pub(in super::super) fn membership(&mut self, campaign: &Campaign) {
        for clause in clauses_of(campaign) {
            let ClauseKind::On(Trigger::Match(condition)) = &clause.kind else {
                continue;
            };
            if let ConditionKind::InSegment(name) = &condition.kind {
                self.report(
                    Diagnostic::new(
                        Code::J0511,
                        clause.span,
                        "entering a segment has words of its own",
                    )
                    .here("nothing but a segment")
                    .replace(
                        format!("write `on enter segment \"{}\"`", name.value),
                        clause.span,
                        format!("on enter segment {}", self.text(name.span)),
                    ),
                );
            }
        }
    }
}

//! Waits for signals that nothing ends.

use super::super::Check;
use crate::ast::{Limit, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

impl Check<'_> {
    pub(in super::super) fn endless_wait(&mut self, step: &Step, limit: &Limit) {
        if *limit != Limit::None {
            return;
        }
        let (at, help) = if matches!(step.kind, StepKind::Listen { .. }) {
            (
                step.head.start + "wait".len(),
                "say `wait up to 5 days { … }`, or `wait forever { … }` if that is meant",
            )
        } else {
            (step.head.end, "end it with `up to 5 days`, or with `forever` if that is meant")
        };
        let end = Span::new(step.head.file, at, at);
        self.report(
            Diagnostic::new(Code::J0501, step.head, "this wait has no limit")
                .here("people may stand here for ever")
                .help(help)
                .replace("say that it is meant", end, " forever")
                .guessed(),
        );
    }
}

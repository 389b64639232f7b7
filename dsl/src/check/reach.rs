//! Steps that no run comes to.

use super::Check;
use super::terms::steps_of;
use crate::ast::{Limit, Part, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};

impl Check<'_> {
    pub(super) fn unreachable(&mut self, parts: &[Part]) {
        let mut steps = steps_of(parts);
        let Some(end) = steps.by_ref().find(|step| ends(step)) else {
            return;
        };
        let Some(next) = steps.next() else {
            return;
        };
        let last = steps.next_back().unwrap_or(next);
        let (head, span) = (next.head, next.span.to(last.span));
        let message = if head.end >= last.span.end || next.span == last.span {
            "this step is never reached"
        } else {
            "these steps are never reached"
        };
        let place = if self.text(span).contains('\n') { head } else { span };
        self.report(
            Diagnostic::new(Code::J0210, place, message)
                .here("no way leads here")
                .also(
                    end.head,
                    if matches!(end.kind, StepKind::Exit) {
                        "the run ends here"
                    } else {
                        "every way ends in here"
                    },
                )
                .help("take out what is not needed, or let a run go on before it"),
        );
    }
}

fn ended(parts: &[Part]) -> bool {
    steps_of(parts).any(ends)
}

/// Whether no run comes out of this step.
fn ends(step: &Step) -> bool {
    match &step.kind {
        StepKind::Exit => true,
        StepKind::If { arms, otherwise } => {
            otherwise.as_ref().is_some_and(|body| ended(body))
                && arms.iter().all(|(_, body)| ended(body))
        }
        StepKind::Match { arms, otherwise, .. } => {
            otherwise.iter().any(|body| ended(&body.value))
                && arms.iter().all(|(_, body)| ended(body))
        }
        StepKind::Listen { limit, arms, timeouts } => {
            let timed_out = match limit {
                Limit::UpTo(_) | Limit::Until(_) => timeouts.iter().any(|body| ended(&body.value)),
                Limit::None | Limit::Forever => true,
            };
            timed_out && !arms.is_empty() && arms.iter().all(|arm| ended(&arm.body))
        }
        StepKind::At { on_time, late, .. } => {
            ended(on_time) && late.as_ref().is_some_and(|body| ended(body))
        }
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
            !arms.is_empty() && arms.iter().all(|arm| ended(&arm.body))
        }
        StepKind::Repeat { until: None, body, .. } => ended(body),
        StepKind::Repeat { until: Some(_), .. }
        | StepKind::Send { .. }
        | StepKind::Wait(_)
        | StepKind::WaitUntil(_)
        | StepKind::WaitWindow(_)
        | StepKind::WaitFor { .. }
        | StepKind::Set(..)
        | StepKind::Unset(_)
        | StepKind::Add(..)
        | StepKind::Remove(..)
        | StepKind::AddToSegment(_)
        | StepKind::RemoveFromSegment(_)
        | StepKind::Subscribe(_)
        | StepKind::Unsubscribe(_)
        | StepKind::Suppress
        | StepKind::Emit { .. }
        | StepKind::Call(_)
        | StepKind::Lookup(_)
        | StepKind::StartCampaign { .. }
        | StepKind::Note(_)
        | StepKind::Broken(_) => false,
    }
}

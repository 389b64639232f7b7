//! How much of everything there may be.

use super::Check;
use super::terms::{each_term, filter_of, steps_of};
use crate::ast::{Condition, ConditionKind, File, Part, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::each_block;
use crate::span::Span;

/// Declarations of all files together.
pub const DECLARATIONS_MAX: usize = 10_000;
/// Steps of one campaign.
pub const STEPS_MAX: usize = 1_000;
/// Arms of one step.
pub const ARMS_MAX: usize = 100;
/// Predicates of one condition.
pub const TERMS_MAX: usize = 500;

impl Check<'_> {
    pub(super) fn declarations_limit(&mut self, files: &[File]) {
        let count = files.iter().map(|file| file.declarations.len()).sum::<usize>();
        let beyond = files.iter().flat_map(|file| &file.declarations).nth(DECLARATIONS_MAX);
        if let Some(declaration) = beyond {
            self.too_many(declaration.name.span, "declarations", count, DECLARATIONS_MAX);
        }
    }

    pub(super) fn steps_limit(&mut self, span: Span, body: &[Part]) {
        let count = count_steps(body);
        if count > STEPS_MAX {
            self.too_many(span, "steps in one campaign", count, STEPS_MAX);
        }
    }

    /// Whether a step has no more arms than it may have.
    pub(super) fn arms_limit(&mut self, step: &Step) -> bool {
        let count = match &step.kind {
            StepKind::Listen { arms, .. } => arms.len(),
            StepKind::If { arms, .. } => arms.len(),
            StepKind::Match { arms, .. } => arms.iter().map(|(literals, _)| literals.len()).sum(),
            StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => arms.len(),
            _ => 0,
        };
        if count > ARMS_MAX {
            self.too_many(step.head, "arms of one step", count, ARMS_MAX);
        }
        count <= ARMS_MAX
    }

    /// Whether the condition is within its limit.
    pub(super) fn terms_limit(&mut self, condition: &Condition) -> bool {
        let count = terms_of(condition);
        if count > TERMS_MAX {
            self.too_many(condition.span, "predicates in one condition", count, TERMS_MAX);
        }
        count <= TERMS_MAX
    }

    pub(super) fn too_many(&mut self, span: Span, what: &str, count: usize, most: usize) {
        self.report(
            Diagnostic::new(
                Code::J0904,
                span,
                format!("there are {count} {what}, the most is {most}"),
            )
            .here("beyond the limit")
            .help("take it apart: into several campaigns, or conditions into segments"),
        );
    }
}

fn count_steps(parts: &[Part]) -> usize {
    let mut count = 0;
    for step in steps_of(parts) {
        count += 1;
        each_block(step, &mut |block| count += count_steps(block));
    }
    count
}

fn terms_of(condition: &Condition) -> usize {
    let mut count = 0;
    each_term(condition, &mut |term| {
        count += match &term.kind {
            ConditionKind::In { list, .. } => list.len().max(1),
            _ => 1 + filter_of(term).map_or(0, terms_of),
        };
    });
    count
}

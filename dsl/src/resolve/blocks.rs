//! The way into the blocks of steps.

use crate::ast::{Name, Part, Step, StepKind};

/// Calls `found` with every block of a step, in written order.
pub(crate) fn each_block<'s>(step: &'s Step, found: &mut impl FnMut(&'s [Part])) {
    match &step.kind {
        StepKind::Listen { arms, timeouts, .. } => {
            arms.iter().for_each(|arm| found(&arm.body));
            timeouts.iter().for_each(|body| found(&body.value));
        }
        StepKind::At { on_time, late, .. } => {
            found(on_time);
            late.iter().for_each(|body| found(body));
        }
        StepKind::If { arms, otherwise } => {
            arms.iter().for_each(|(_, body)| found(body));
            otherwise.iter().for_each(|body| found(body));
        }
        StepKind::Match { arms, otherwise, .. } => {
            arms.iter().for_each(|(_, body)| found(body));
            otherwise.iter().for_each(|body| found(&body.value));
        }
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
            arms.iter().for_each(|arm| found(&arm.body));
        }
        StepKind::Repeat { body, .. } => found(body),
        StepKind::Broken(blocks) => blocks.iter().for_each(|body| found(body)),
        StepKind::Send { .. }
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
        | StepKind::Exit => {}
    }
}

/// Calls `found` with every step of a block, inner blocks included.
pub(crate) fn each_step<'p>(parts: &'p [Part], found: &mut impl FnMut(&'p Step)) {
    for part in parts {
        let Part::Step(step) = part else {
            continue;
        };
        found(step);
        each_block(step, &mut |block| each_step(block, &mut *found));
    }
}

/// Calls `found` with every label of a block, inner blocks included.
pub(crate) fn each_label<'p>(parts: &'p [Part], found: &mut impl FnMut(&'p Name)) {
    each_step(parts, &mut |step| {
        if let Some(label) = &step.label {
            found(label);
        }
    });
}

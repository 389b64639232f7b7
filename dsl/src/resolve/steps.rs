//! Names in steps.

use super::each_step;
use super::walk::Walk;
use crate::ast::{Name, NameKind, Part, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};

impl Walk<'_> {
    pub(super) fn steps(&mut self, parts: &[Part]) {
        each_step(parts, &mut |step| self.step(step));
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Send { channel, message, .. } => self.known_message(*channel, message),
            StepKind::AddToSegment(name) => self.by_hand(name, "put into"),
            StepKind::RemoveFromSegment(name) => self.by_hand(name, "taken out of"),
            StepKind::Subscribe(topic) | StepKind::Unsubscribe(Some(topic)) => {
                self.known(NameKind::Topic, topic);
            }
            StepKind::StartCampaign { campaign, .. } => self.known(NameKind::Campaign, campaign),
            StepKind::Lookup(lookup) => self.known(NameKind::Collection, &lookup.collection),
            StepKind::Wait(_)
            | StepKind::WaitUntil(_)
            | StepKind::WaitWindow(_)
            | StepKind::WaitFor { .. }
            | StepKind::Listen { .. }
            | StepKind::At { .. }
            | StepKind::If { .. }
            | StepKind::Match { .. }
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Repeat { .. }
            | StepKind::Set(..)
            | StepKind::Unset(_)
            | StepKind::Add(..)
            | StepKind::Remove(..)
            | StepKind::Unsubscribe(None)
            | StepKind::Suppress
            | StepKind::Emit { .. }
            | StepKind::Call(_)
            | StepKind::Note(_)
            | StepKind::Exit
            | StepKind::Broken(_) => {}
        }
    }

    /// A segment whose members are chosen by steps.
    fn by_hand(&mut self, name: &Name, done: &str) {
        self.known(NameKind::Segment, name);
        if let Some(declared) = self.names.with_condition.get(&name.value) {
            self.found.push(
                Diagnostic::new(
                    Code::J0403,
                    name.span,
                    format!("nobody can be {done} the segment `{}` by hand", name.value),
                )
                .here("its condition decides who is in it")
                .also(*declared, "declared with a condition")
                .help(format!(
                    "declare a segment without a condition, such as `segment \"{} by hand\" manual`",
                    name.value
                )),
            );
        }
    }
}

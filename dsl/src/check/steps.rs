//! Steps, one after the other, and the blocks inside them.

use super::Check;
use super::terms::steps_of;
use crate::ast::{Arm, Condition, Limit, Part, Spanned, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::WinnerBy;
use crate::resolve::each_block;
use crate::span::Span;

impl Check<'_> {
    /// Checks a block. In a broken campaign nothing is concluded from what is absent.
    pub(super) fn steps(&mut self, parts: &[Part], broken: bool) {
        for step in steps_of(parts) {
            self.step(step, broken);
            each_block(step, &mut |block| self.block(block, broken));
        }
        if !broken {
            self.unreachable(parts);
        }
    }

    /// One step without what stands in its blocks.
    fn step(&mut self, step: &Step, broken: bool) {
        if let Some(label) = &step.label {
            self.no_keyword(label, "label");
        }
        if !self.arms_limit(step) {
            return;
        }
        match &step.kind {
            StepKind::WaitWindow(window) => self.time_window(window),
            StepKind::WaitFor { signal, limit } => {
                self.signal(signal);
                self.endless_wait(step, limit);
            }
            StepKind::Listen { limit, arms, timeouts } => {
                for arm in arms {
                    self.arm(arm);
                }
                if !broken {
                    self.wait_arms(step, limit, arms, timeouts);
                }
            }
            StepKind::If { arms, .. } => self.if_arms(arms),
            StepKind::Match { arms, otherwise, .. } => {
                self.match_arms(step, arms, otherwise, broken)
            }
            StepKind::Split { arms, .. } => self.split_arms(step, arms, broken),
            StepKind::Experiment { arms, .. } => self.experiment_arms(step, arms, broken),
            StepKind::Repeat { times, until, round, .. } => {
                self.rounds(times);
                if let Some(until) = until {
                    self.condition(until);
                }
                if let Some(round) = round {
                    self.no_keyword(round, "name");
                }
            }
            StepKind::Set(path, _) => self.target(path, "set"),
            StepKind::Unset(path) => self.target(path, "unset"),
            // What cannot be read there was reported already.
            StepKind::Add(_, path) | StepKind::Remove(_, path)
                if ["customer", "journey", "trigger"].contains(&path.scope.value.as_str()) =>
            {
                self.target(path, "changed");
            }
            StepKind::Call(call) => self.call(call, broken),
            StepKind::Lookup(lookup) => self.lookup(step, lookup, broken),
            StepKind::Send { .. }
            | StepKind::Add(..)
            | StepKind::Remove(..)
            | StepKind::Emit { .. }
            | StepKind::StartCampaign { .. }
            | StepKind::Wait(_)
            | StepKind::WaitUntil(_)
            | StepKind::At { .. }
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Note(_)
            | StepKind::Exit
            | StepKind::Broken(_) => {}
        }
    }

    fn arm(&mut self, arm: &Arm) {
        for signal in &arm.signals {
            self.signal(signal);
        }
        let Some(name) = &arm.name else {
            return;
        };
        self.no_keyword(name, "name");
        let hears =
            arm.signals.iter().any(|signal| matches!(signal, crate::ast::Signal::Activity(_)));
        if !hears && !arm.signals.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::J0212,
                    name.span,
                    "only an event has data that a name can keep",
                )
                .here("this arm listens for no event")
                .help("leave `as` out, or listen for `event \"…\"`"),
            );
        }
    }

    fn if_arms(&mut self, arms: &[(Condition, Vec<Part>)]) {
        for (condition, _) in arms {
            self.condition(condition);
        }
        self.asked_before(arms);
    }

    fn wait_arms(
        &mut self,
        step: &Step,
        limit: &Limit,
        arms: &[Arm],
        timeouts: &[Spanned<Vec<Part>>],
    ) {
        let misfit = |span, message: &str| Diagnostic::new(Code::J0212, span, message);
        if let [first, second, ..] = timeouts {
            self.report(
                misfit(second.span, "a wait has one `on timeout`")
                    .here("again")
                    .also(first.span, "first here")
                    .help("put their steps into one"),
            );
        }
        if arms.is_empty() {
            self.report(
                Diagnostic::new(Code::J0221, step.head, "this wait listens for nothing")
                    .here("no `on` inside")
                    .help("say what it waits for: `on event \"name\" { … }`; a plain wait is `wait 2 days`"),
            );
            return;
        }
        self.heard_before(arms);
        match (limit, timeouts.first()) {
            (Limit::UpTo(_) | Limit::Until(_), _) | (Limit::Forever, None) => {}
            (Limit::Forever, Some(timeout)) => self.report(
                misfit(timeout.span, "a wait that lasts `forever` has no time-out")
                    .here("never reached")
                    .help("give the wait a limit: `wait up to 5 days { … }`"),
            ),
            (Limit::None, Some(timeout)) => self.report(
                misfit(timeout.span, "this wait has a time-out and no limit")
                    .here("when?")
                    .also(step.head, "no limit here")
                    .help("give the wait a limit: `wait up to 5 days { … }`"),
            ),
            (Limit::None, None) => self.endless_wait(step, limit),
        }
    }

    /// What needs time, or an answer, in a broadcast.
    pub(super) fn steps_of_broadcast(&mut self, parts: &[Part]) {
        for step in steps_of(parts) {
            let word = match &step.kind {
                StepKind::Wait(_)
                | StepKind::WaitUntil(_)
                | StepKind::WaitWindow(_)
                | StepKind::WaitFor { .. }
                | StepKind::Listen { .. } => Some("wait"),
                StepKind::At { .. } => Some("at"),
                StepKind::Repeat { .. } => Some("repeat"),
                StepKind::Call(call) => {
                    if let Some(reply) = &call.reply {
                        self.no_reply(reply.span);
                    }
                    None
                }
                _ => None,
            };
            if let Some(word) = word {
                self.report(
                    Diagnostic::new(
                        Code::J0218,
                        step.head,
                        format!("a broadcast has no `{word}`: it goes out at once"),
                    )
                    .here("a step that takes time")
                    .help("make it a campaign, or leave the step out; `send only` and `limit` hold messages back"),
                );
            }
            each_block(step, &mut |block| self.steps_of_broadcast(block));
        }
    }

    fn no_reply(&mut self, name: Span) {
        self.report(
            Diagnostic::new(Code::J0218, name, "a broadcast does not wait for an answer")
                .here("never filled")
                .help("leave `as …` out, or make it a campaign"),
        );
    }

    pub(super) fn winners_without_goal(&mut self, parts: &[Part]) {
        for step in steps_of(parts) {
            if let StepKind::Experiment { by, .. } = &step.kind
                && by.value == WinnerBy::Goal
            {
                self.no_goal(by.span, "the winner is found by a goal, and there is none");
            }
            each_block(step, &mut |block| self.winners_without_goal(block));
        }
    }
}

//! A campaign as a graph. Steps get their numbers in written order, blocks after their heads, so
//! the number of the step after a block is known before the block is lowered.

use std::sync::Arc;

use super::identity::Identities;
use super::{Lowering, condition};
use crate::ast::{self, ClauseKind, Limit, Part, Signal, StepKind, scope_of};
use crate::expr::Scope;
use crate::graph;
use crate::graph::{
    Arm, Campaign, Channel, Enter, Exit, Graph, HowOften, Step, StepIndex, Target, Trigger,
    WhileActive,
};
use crate::syntax::one_line;

/// What a campaign without an `enter` clause does.
const DEFAULT_ENTER: Enter = Enter { how_often: HowOften::Once, while_active: WhileActive::Refuse };

impl Lowering<'_> {
    pub(super) fn campaign(
        &self,
        declaration: &ast::Declaration,
        campaign: &ast::Campaign,
    ) -> Campaign {
        let mut made = Campaign {
            name: declaration.name.value.as_str().into(),
            description: declaration.description.clone(),
            triggers: Vec::new(),
            only_if: None,
            enter: DEFAULT_ENTER,
            exits: Vec::new(),
            topic: None,
            graph: Graph::default(),
            span: declaration.span,
        };
        for clause in clauses(&campaign.body) {
            match &clause.kind {
                ClauseKind::On(signal) => made.triggers.push(Trigger::Event {
                    name: signal.name.value.as_str().into(),
                    filter: signal.filter.as_ref().map(condition::lower),
                }),
                ClauseKind::OnlyIf(filter) => made.only_if = Some(condition::lower(filter)),
                ClauseKind::Enter(enter) => made.enter = *enter,
                ClauseKind::ExitWhen(signal) => made.exits.push(Exit {
                    signal: lower_signal(signal),
                    text: one_line(self.text(clause.span)),
                }),
                ClauseKind::Topic(name) => made.topic = Some(name.value.as_str().into()),
                ClauseKind::Unknown(_) => {}
            }
        }
        let mut walk =
            Walk { lowering: self, identities: Identities::default(), steps: Vec::new() };
        let start = walk.block(&campaign.body, None);
        made.graph = Graph { steps: walk.steps, start };
        made
    }
}

struct Walk<'a> {
    lowering: &'a Lowering<'a>,
    identities: Identities,
    steps: Vec<Step>,
}

impl Walk<'_> {
    /// Lowers a block whose last step leads to `after`; where it begins.
    fn block(&mut self, parts: &[Part], after: Option<StepIndex>) -> Option<StepIndex> {
        let steps: Vec<&ast::Step> = steps(parts).collect();
        let start = self.steps.len();
        let mut at = start;
        for (index, step) in steps.iter().enumerate() {
            at += size(step);
            let next = if index + 1 == steps.len() { after } else { Some(at) };
            self.step(step, next);
        }
        if steps.is_empty() { after } else { Some(start) }
    }

    fn step(&mut self, step: &ast::Step, next: Option<StepIndex>) {
        let label: Option<Arc<str>> = step.label.as_ref().map(|label| label.value.as_str().into());
        let id = self.identities.next(label.as_deref(), kind_word(&step.kind), &self.content(step));
        let index = self.steps.len();
        self.steps.push(Step {
            id,
            label,
            kind: graph::StepKind::Exit,
            next: if matches!(step.kind, StepKind::Exit) { None } else { next },
            title: self.title(step),
            span: step.span,
        });
        let kind = self.kind(&step.kind, next);
        if let Some(made) = self.steps.get_mut(index) {
            made.kind = kind;
        }
    }

    fn kind(&mut self, kind: &StepKind, next: Option<StepIndex>) -> graph::StepKind {
        match kind {
            StepKind::Send { email, to, with } => graph::StepKind::Send {
                channel: Channel::Email,
                message: email.value.as_str().into(),
                to: to.as_ref().map(condition::rendered),
                with: with
                    .iter()
                    .map(|(key, value)| (key.value.clone(), condition::rendered(value)))
                    .collect(),
            },
            StepKind::Wait(length) => graph::StepKind::Wait(length.value),
            StepKind::Listen { limit, arms, timeouts } => self.listen(limit, arms, timeouts, next),
            StepKind::If { arms, otherwise } => graph::StepKind::If {
                arms: arms
                    .iter()
                    .map(|(question, body)| (condition::lower(question), self.block(body, next)))
                    .collect(),
                otherwise: otherwise.as_ref().map_or(next, |body| self.block(body, next)),
            },
            StepKind::Set(path, value) => {
                graph::StepKind::Set { target: target(path), value: condition::rendered(value) }
            }
            StepKind::Unset(path) => graph::StepKind::Unset(target(path)),
            StepKind::Exit | StepKind::Broken(_) => graph::StepKind::Exit,
        }
    }

    fn listen(
        &mut self,
        limit: &Limit,
        arms: &[ast::Arm],
        timeouts: &[ast::Spanned<Vec<Part>>],
        next: Option<StepIndex>,
    ) -> graph::StepKind {
        let limit = match limit {
            Limit::UpTo(length) => Some(length.value),
            Limit::None | Limit::Forever => None,
        };
        let arms = arms
            .iter()
            .map(|arm| Arm {
                signals: arm.signals.iter().map(lower_signal).collect(),
                name: arm.name.as_ref().map(|name| name.value.clone()),
                to: self.block(&arm.body, next),
                title: one_line(self.lowering.text(arm.head)),
            })
            .collect();
        let mut timeout = next;
        for body in timeouts {
            timeout = self.block(&body.value, next);
        }
        graph::StepKind::Listen { limit, arms, timeout: limit.and(timeout) }
    }

    fn title(&self, step: &ast::Step) -> String {
        match &step.kind {
            StepKind::Send { email, .. } => format!("send email \"{}\"", email.value),
            _ => one_line(self.lowering.text(step.head)),
        }
    }

    /// What makes the step the one it is: its head, and the heads of the arms of a wait.
    fn content(&self, step: &ast::Step) -> String {
        let mut content = one_line(self.lowering.text(step.head));
        if let StepKind::Listen { arms, .. } = &step.kind {
            for arm in arms {
                content.push('\n');
                content.push_str(&one_line(self.lowering.text(arm.head)));
            }
        }
        content
    }
}

fn clauses(parts: &[Part]) -> impl Iterator<Item = &ast::Clause> {
    parts.iter().filter_map(|part| match part {
        Part::Clause(clause) => Some(clause),
        Part::Step(_) => None,
    })
}

/// Steps that were understood.
fn steps(parts: &[Part]) -> impl Iterator<Item = &ast::Step> {
    parts.iter().filter_map(|part| match part {
        Part::Step(step) if !matches!(step.kind, StepKind::Broken(_)) => Some(step),
        Part::Step(_) | Part::Clause(_) => None,
    })
}

/// How many steps of the graph this one becomes, its blocks included.
fn size(step: &ast::Step) -> usize {
    let block = |parts: &[Part]| steps(parts).map(size).sum::<usize>();
    1 + match &step.kind {
        StepKind::Listen { arms, timeouts, .. } => {
            arms.iter().map(|arm| block(&arm.body)).sum::<usize>()
                + timeouts.iter().map(|body| block(&body.value)).sum::<usize>()
        }
        StepKind::If { arms, otherwise } => {
            arms.iter().map(|(_, body)| block(body)).sum::<usize>()
                + otherwise.as_ref().map_or(0, |body| block(body))
        }
        StepKind::Send { .. }
        | StepKind::Wait(_)
        | StepKind::Set(..)
        | StepKind::Unset(_)
        | StepKind::Exit
        | StepKind::Broken(_) => 0,
    }
}

fn lower_signal(signal: &Signal) -> graph::Signal {
    match signal {
        Signal::Event(event) => graph::Signal::Event {
            name: event.name.value.as_str().into(),
            filter: event.filter.as_ref().map(condition::lower),
        },
        Signal::Condition(question) => graph::Signal::Condition(condition::lower(question)),
    }
}

fn target(path: &ast::Path) -> Target {
    match scope_of(&path.scope.value) {
        Some(Scope::Journey) => Target::Journey(path.keys.clone()),
        _ => Target::Customer(path.keys.clone()),
    }
}

const fn kind_word(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Send { .. } => "send",
        StepKind::Wait(_) => "wait",
        StepKind::Listen { .. } => "listen",
        StepKind::If { .. } => "if",
        StepKind::Set(..) => "set",
        StepKind::Unset(_) => "unset",
        StepKind::Exit | StepKind::Broken(_) => "exit",
    }
}

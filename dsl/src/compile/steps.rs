//! Steps as a graph. They get their numbers in written order, blocks after their heads, so the
//! number of the step after a block is known before the block is lowered.

use std::sync::Arc;

use super::Lowering;
use super::campaign::{signal, whole};
use super::condition::{Reading, path};
use super::identity::Identities;
use crate::ast::{self, ExprKind, Limit, Part, Signal, StepKind, scope_of};
use crate::expr::Scope;
use crate::graph;
use crate::graph::{Arm, ListenLimit, Order, Share, Step, StepIndex, Target};
use crate::syntax::one_line;

/// One campaign while it becomes a graph.
pub(super) struct Walk<'a> {
    lowering: &'a Lowering<'a>,
    reading: Reading<'a>,
    identities: Identities,
    pub(super) steps: Vec<Step>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(lowering: &'a Lowering<'a>, reading: Reading<'a>) -> Self {
        Self { lowering, reading, identities: Identities::default(), steps: Vec::new() }
    }
}

impl Walk<'_> {
    /// Lowers a block whose last step leads to `after`; where it begins.
    pub(super) fn block(&mut self, parts: &[Part], after: Option<StepIndex>) -> Option<StepIndex> {
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
        let kind = self.branching(step, index, next).unwrap_or_else(|| self.plain(&step.kind));
        if let Some(made) = self.steps.get_mut(index) {
            made.kind = kind;
        }
    }

    /// Steps with ways of their own; `None` for others.
    fn branching(
        &mut self,
        step: &ast::Step,
        index: StepIndex,
        next: Option<StepIndex>,
    ) -> Option<graph::StepKind> {
        let reading = self.reading;
        Some(match &step.kind {
            StepKind::WaitFor { signal: heard, limit } => {
                let limit = self.limit(limit);
                let arm = Arm {
                    signals: vec![signal(reading, heard)],
                    name: None,
                    to: next,
                    title: format!("on {}", self.signal_text(heard)),
                };
                let timeout = if limit == ListenLimit::Forever { None } else { next };
                graph::StepKind::Listen { limit, arms: vec![arm], timeout }
            }
            StepKind::Listen { limit, arms, timeouts } => self.listen(limit, arms, timeouts, next),
            StepKind::At { moment, on_time, late } => graph::StepKind::At {
                moment: reading.expr(moment),
                on_time: self.block(on_time, next),
                late: late.as_ref().map_or(next, |body| self.block(body, next)),
            },
            StepKind::If { arms, otherwise } => graph::StepKind::If {
                arms: arms
                    .iter()
                    .map(|(asked, body)| (reading.condition(asked), self.block(body, next)))
                    .collect(),
                otherwise: otherwise.as_ref().map_or(next, |body| self.block(body, next)),
            },
            StepKind::Match { value, arms, otherwise } => graph::StepKind::Match {
                value: reading.expr(value),
                arms: arms
                    .iter()
                    .map(|(values, body)| {
                        let values = values.iter().map(|value| reading.literal(value)).collect();
                        (values, self.block(body, next))
                    })
                    .collect(),
                otherwise: self.last_block(otherwise, next),
            },
            StepKind::Split { name, fresh, arms } => graph::StepKind::Split {
                name: name.value.as_str().into(),
                fresh: *fresh,
                arms: self.shares(arms, next),
            },
            StepKind::Experiment { name, by, after, arms } => graph::StepKind::Experiment {
                name: name.value.as_str().into(),
                by: by.value,
                after: after.value,
                arms: self.shares(arms, next),
            },
            StepKind::Repeat { times, every, until, round, body } => graph::StepKind::Repeat {
                times: whole(times.value).unwrap_or_default(),
                every: every.as_ref().map(|every| reading.duration(every)),
                until: until.as_ref().map(|until| reading.condition(until)),
                round: round.as_ref().map(|round| round.value.clone()),
                body: self.block(body, Some(index)),
            },
            _ => return None,
        })
    }

    fn listen(
        &mut self,
        limit: &Limit,
        arms: &[ast::Arm],
        timeouts: &[ast::Spanned<Vec<Part>>],
        next: Option<StepIndex>,
    ) -> graph::StepKind {
        let limit = self.limit(limit);
        let arms = arms
            .iter()
            .map(|arm| Arm {
                signals: arm.signals.iter().map(|heard| signal(self.reading, heard)).collect(),
                name: arm.name.as_ref().map(|name| name.value.clone()),
                to: self.block(&arm.body, next),
                title: one_line(self.lowering.text(arm.head)),
            })
            .collect();
        let timeout = self.last_block(timeouts, next);
        let timeout = if limit == ListenLimit::Forever { None } else { timeout };
        graph::StepKind::Listen { limit, arms, timeout }
    }

    /// Of blocks that may stand once the last counts; that there are more was reported.
    fn last_block(
        &mut self,
        blocks: &[ast::Spanned<Vec<Part>>],
        next: Option<StepIndex>,
    ) -> Option<StepIndex> {
        let mut start = next;
        for body in blocks {
            start = self.block(&body.value, next);
        }
        start
    }

    fn limit(&self, limit: &Limit) -> ListenLimit {
        match limit {
            Limit::None | Limit::Forever => ListenLimit::Forever,
            Limit::UpTo(duration) => ListenLimit::UpTo(self.reading.duration(duration)),
            Limit::Until(moment) => ListenLimit::Until(self.reading.expr(moment)),
        }
    }

    fn shares(&mut self, arms: &[ast::Share], next: Option<StepIndex>) -> Vec<Share> {
        arms.iter()
            .map(|arm| Share {
                percent: arm.percent.value,
                name: arm.name.value.as_str().into(),
                to: self.block(&arm.body, next),
            })
            .collect()
    }

    /// Steps that go on to the next one.
    fn plain(&self, kind: &StepKind) -> graph::StepKind {
        let reading = self.reading;
        match kind {
            StepKind::Send { channel, message, to, with, draft } => graph::StepKind::Send {
                channel: *channel,
                message: message.value.as_str().into(),
                to: to.as_ref().map(|to| reading.rendered(to)),
                with: reading.entries(with),
                draft: *draft,
            },
            StepKind::Wait(duration) => graph::StepKind::Wait(reading.duration(duration)),
            StepKind::WaitUntil(moment) => graph::StepKind::WaitUntil(reading.expr(moment)),
            StepKind::WaitWindow(window) => graph::StepKind::WaitWindow(window.value.clone()),
            StepKind::Set(of, value) => {
                graph::StepKind::Set { target: target(of), value: reading.rendered(value) }
            }
            StepKind::Unset(of) => graph::StepKind::Unset(target(of)),
            StepKind::Add(value, of) => {
                graph::StepKind::Add { value: reading.rendered(value), target: target(of) }
            }
            StepKind::Remove(value, of) => {
                graph::StepKind::Remove { value: reading.rendered(value), target: target(of) }
            }
            StepKind::AddToSegment(name) => {
                graph::StepKind::AddToSegment(name.value.as_str().into())
            }
            StepKind::RemoveFromSegment(name) => {
                graph::StepKind::RemoveFromSegment(name.value.as_str().into())
            }
            StepKind::Subscribe(name) => graph::StepKind::Subscribe(name.value.as_str().into()),
            StepKind::Unsubscribe(name) => {
                graph::StepKind::Unsubscribe(name.as_ref().map(|name| name.value.as_str().into()))
            }
            StepKind::Suppress => graph::StepKind::Suppress,
            StepKind::Emit { event, person, with } => graph::StepKind::Emit {
                event: event.value.as_str().into(),
                person: person.as_ref().map(|person| reading.rendered(person)),
                with: reading.entries(with),
            },
            StepKind::Call(call) => graph::StepKind::Call(Box::new(self.call(call))),
            StepKind::Lookup(lookup) => graph::StepKind::Lookup {
                collection: lookup.collection.value.as_str().into(),
                filter: reading.condition(&lookup.filter),
                order: lookup
                    .order
                    .as_ref()
                    .map(|by| Order { by: by.keys.clone(), descending: lookup.descending }),
                name: lookup.name.as_ref().map_or_else(String::new, |name| name.value.clone()),
            },
            StepKind::StartCampaign { campaign, with } => graph::StepKind::StartCampaign {
                campaign: campaign.value.as_str().into(),
                with: reading.entries(with),
            },
            StepKind::Note(text) => graph::StepKind::Note(text.clone()),
            StepKind::Exit
            | StepKind::Broken(_)
            | StepKind::WaitFor { .. }
            | StepKind::Listen { .. }
            | StepKind::At { .. }
            | StepKind::If { .. }
            | StepKind::Match { .. }
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Repeat { .. } => graph::StepKind::Exit,
        }
    }

    /// Of fields that stand twice the first counts; what is unknown or of the wrong kind was
    /// reported.
    fn call(&self, call: &ast::Call) -> graph::Call {
        let field = |name: &str| {
            call.fields.iter().find(|field| field.name.value == name).map(|field| &field.value)
        };
        let headers = match field("headers").map(|headers| &headers.kind) {
            Some(ExprKind::Object(entries)) => self.reading.entries(entries),
            _ => Vec::new(),
        };
        let timeout = match field("timeout").map(|timeout| &timeout.kind) {
            Some(ExprKind::Duration(duration)) => match &duration.kind {
                ast::DurationKind::Fixed(length) => Some(*length),
                ast::DurationKind::Computed(..) => None,
            },
            _ => None,
        };
        graph::Call {
            method: call.method.value,
            url: self.reading.rendered(&call.url),
            headers,
            json: field("json").map(|json| self.reading.rendered(json)),
            timeout,
            reply: call.reply.as_ref().map(|reply| reply.value.clone()),
        }
    }

    fn title(&self, step: &ast::Step) -> String {
        match &step.kind {
            StepKind::Send { channel, message, draft, .. } => {
                let verb = if *draft { "draft" } else { "send" };
                format!("{verb} {} \"{}\"", channel.word(), message.value)
            }
            StepKind::Emit { event, .. } => format!("emit event \"{}\"", event.value),
            StepKind::StartCampaign { campaign, .. } => {
                format!("start campaign \"{}\"", campaign.value)
            }
            StepKind::Call(call) => {
                let url = one_line(self.lowering.text(call.url.span));
                let head = format!("call {} {url}", call.method.value.word());
                match &call.reply {
                    Some(reply) => format!("{head} as {}", reply.value),
                    None => head,
                }
            }
            _ => one_line(self.lowering.text(step.head)),
        }
    }

    fn signal_text(&self, signal: &Signal) -> String {
        match signal {
            Signal::Condition(condition) => one_line(self.lowering.text(condition.span)),
            Signal::Activity(heard) => {
                let name = format!("{} \"{}\"", heard.kind.word(), heard.name.value);
                match &heard.filter {
                    Some(filter) => {
                        format!("{name} where {}", one_line(self.lowering.text(filter.span)))
                    }
                    None => name,
                }
            }
        }
    }

    /// What makes the step the one it is: its head, and the heads of its arms.
    fn content(&self, step: &ast::Step) -> String {
        let mut heads = vec![one_line(self.lowering.text(step.head))];
        match &step.kind {
            StepKind::Listen { arms, .. } => {
                heads.extend(arms.iter().map(|arm| one_line(self.lowering.text(arm.head))));
            }
            StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
                heads.extend(arms.iter().map(|arm| one_line(self.lowering.text(arm.head))));
            }
            StepKind::Match { arms, .. } => heads.extend(arms.iter().map(|(values, _)| {
                let values = values.iter().map(|value| one_line(self.lowering.text(value.span)));
                values.collect::<Vec<_>>().join(", ")
            })),
            _ => {}
        }
        heads.join("\n")
    }
}

/// Steps that were understood.
fn steps(parts: &[Part]) -> impl Iterator<Item = &ast::Step> {
    parts.iter().filter_map(|part| match part {
        Part::Step(step) if !matches!(step.kind, StepKind::Broken(_)) => Some(&**step),
        Part::Step(_) | Part::Clause(_) => None,
    })
}

/// Calls `visit` for each step that was understood, those in blocks too.
pub(super) fn each_step<'s>(parts: &'s [Part], visit: &mut impl FnMut(&'s ast::Step)) {
    for step in steps(parts) {
        visit(step);
        for block in blocks(&step.kind) {
            each_step(block, visit);
        }
    }
}

/// How many steps of the graph this one becomes, its blocks included.
fn size(step: &ast::Step) -> usize {
    1 + blocks(&step.kind).into_iter().flat_map(steps).map(size).sum::<usize>()
}

/// The blocks of a step, in written order.
fn blocks(kind: &StepKind) -> Vec<&[Part]> {
    match kind {
        StepKind::Listen { arms, timeouts, .. } => {
            let timeouts = timeouts.iter().map(|body| body.value.as_slice());
            arms.iter().map(|arm| arm.body.as_slice()).chain(timeouts).collect()
        }
        StepKind::At { on_time, late, .. } => {
            [Some(on_time), late.as_ref()].into_iter().flatten().map(Vec::as_slice).collect()
        }
        StepKind::If { arms, otherwise } => {
            arms.iter().map(|(_, body)| body).chain(otherwise).map(Vec::as_slice).collect()
        }
        StepKind::Match { arms, otherwise, .. } => {
            let otherwise = otherwise.iter().map(|body| body.value.as_slice());
            arms.iter().map(|(_, body)| body.as_slice()).chain(otherwise).collect()
        }
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
            arms.iter().map(|arm| arm.body.as_slice()).collect()
        }
        StepKind::Repeat { body, .. } => vec![body.as_slice()],
        _ => Vec::new(),
    }
}

fn target(of: &ast::Path) -> Target {
    let keys = path(of).keys;
    match scope_of(&of.scope.value) {
        Some(Scope::Journey) => Target::Journey(keys),
        _ => Target::Customer(keys),
    }
}

const fn kind_word(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Send { .. } => "send",
        StepKind::Wait(_) | StepKind::WaitUntil(_) | StepKind::WaitWindow(_) => "wait",
        StepKind::Listen { .. } | StepKind::WaitFor { .. } => "listen",
        StepKind::At { .. } => "at",
        StepKind::If { .. } => "if",
        StepKind::Match { .. } => "match",
        StepKind::Split { .. } => "split",
        StepKind::Experiment { .. } => "experiment",
        StepKind::Repeat { .. } => "repeat",
        StepKind::Set(..) => "set",
        StepKind::Unset(_) => "unset",
        StepKind::Add(..) => "add",
        StepKind::Remove(..) => "remove",
        StepKind::AddToSegment(_) => "add-to-segment",
        StepKind::RemoveFromSegment(_) => "remove-from-segment",
        StepKind::Subscribe(_) => "subscribe",
        StepKind::Unsubscribe(_) => "unsubscribe",
        StepKind::Suppress => "suppress",
        StepKind::Emit { .. } => "emit",
        StepKind::Call(_) => "call",
        StepKind::Lookup(_) => "lookup",
        StepKind::StartCampaign { .. } => "start",
        StepKind::Note(_) => "note",
        StepKind::Exit | StepKind::Broken(_) => "exit",
    }
}

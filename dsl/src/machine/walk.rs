//! What each kind of step does to the run that comes to it.

use std::sync::Arc;

use liquid::{Globals, Missing, Options};

use super::advance::Engine;
use super::attributes;
use super::ids::derive;
use super::react::Touch;
use super::{Delivery, Effect, Run, StepOutcome};
use crate::expr::value::value_of;
use crate::expr::{Condition, Duration, Expr, Key, Object, Value};
use crate::gate::{self, Verdict};
use crate::graph::{Arm, Channel, ListenLimit, Step, StepIndex, StepKind, Target};
use crate::message::Reader;
use crate::time::{self, Instant, Length};

/// The ways of an `if`, and the one for when none holds.
type Ways<'s> = (&'s [(Condition, Option<StepIndex>)], Option<StepIndex>);

/// What a `send` says besides which message.
struct Sending<'s> {
    channel: Channel,
    message: &'s Arc<str>,
    to: Option<&'s Expr>,
    with: &'s [(String, Expr)],
}

impl<'w> Engine<'w, '_> {
    /// Takes the step the run at `index` stands at.
    pub(super) fn walk(&mut self, index: usize) {
        let Some(walker) = self.walkers.get(index) else { return };
        let (Some(step), at) = (walker.stands_at(), walker.run.arrived) else { return };
        match &step.kind {
            StepKind::Send { channel, message, to, with, draft: false } => {
                let sending = Sending { channel: *channel, message, to: to.as_ref(), with };
                self.send(index, step, &sending, at);
            }
            StepKind::Wait(Duration::Fixed(length)) => self.wait(index, step, *length, at),
            StepKind::Listen { limit, arms, timeout } => {
                let limit = match limit {
                    ListenLimit::Forever => None,
                    ListenLimit::UpTo(Duration::Fixed(length)) => Some(*length),
                    ListenLimit::UpTo(Duration::Computed { .. }) | ListenLimit::Until(_) => {
                        return self.give_up(index, step, at);
                    }
                };
                self.listen(index, step, (limit, arms, *timeout), at);
            }
            StepKind::If { arms, otherwise } => {
                self.branch(index, step, (arms, *otherwise), at);
            }
            StepKind::Set { target, value } => {
                let value = self.value(index, value, at).unwrap_or_default();
                self.write(index, step, (target, value), at);
            }
            StepKind::Unset(target) => self.write(index, step, (target, Value::Null), at),
            StepKind::Exit => {
                self.record(index, (&step.id, StepOutcome::Finished), Object::new(), at);
                self.end(index);
            }
            // `unsupported` keeps these from being deployed.
            StepKind::Send { draft: true, .. }
            | StepKind::Wait(Duration::Computed { .. })
            | StepKind::WaitUntil(_)
            | StepKind::WaitWindow(_)
            | StepKind::At { .. }
            | StepKind::Match { .. }
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Repeat { .. }
            | StepKind::Add { .. }
            | StepKind::Remove { .. }
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Emit { .. }
            | StepKind::Call(_)
            | StepKind::Lookup { .. }
            | StepKind::StartCampaign { .. } => self.give_up(index, step, at),
            StepKind::Note(_) => self.go(index, step.next, at),
        }
    }

    /// Ends a run at a step that this version cannot run.
    fn give_up(&mut self, index: usize, step: &'w Step, at: Instant) {
        let what = format!("`{}` cannot be run by this version; the run is over", step.title);
        let deciding = Object::from_iter([("clause".to_owned(), Value::from(what.clone()))]);
        self.outcome.effects.push(Effect::Cut { what, at });
        self.record(index, (&step.id, StepOutcome::Exited), deciding, at);
        self.end(index);
    }

    fn send(&mut self, index: usize, step: &'w Step, sending: &Sending<'_>, at: Instant) {
        let to = sending.to.map(|to| self.value(index, to, at));
        let with: Object = sending
            .with
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), self.value(index, value, at)?)))
            .collect();
        let Some(walker) = self.walkers.get(index) else { return };
        let run = &walker.run;
        let frozen = Object::from_iter([
            ("trigger".to_owned(), run.trigger.clone()),
            ("journey".to_owned(), Value::Object(run.vars.clone())),
            ("with".to_owned(), Value::Object(with)),
        ]);
        let named = to.is_some();
        let to = to.flatten().map(|to| to.as_str().map_or_else(|| to.to_string(), str::to_owned));
        let verdict = self.gate(sending.message, (named, to.as_deref()), &frozen, at);
        let deciding = Object::from_iter([
            (sending.channel.word().to_owned(), Value::from(&**sending.message)),
            ("verdict".to_owned(), verdict.word().into()),
        ]);
        self.outcome.effects.push(Effect::Delivery(Box::new(Delivery {
            id: derive(run.id, run.ordinal, at),
            run: run.id,
            campaign: run.campaign,
            version: run.version,
            step: step.id.clone(),
            channel: sending.channel,
            message: sending.message.clone(),
            to,
            frozen,
            verdict,
            at,
        })));
        self.record(index, (&step.id, StepOutcome::Sent), deciding, at);
        self.go(index, step.next, at);
    }

    /// Asks the gate as far as it can be asked before the message is rendered. What cannot be
    /// known yet is found when it leaves: a message that is gone, an address that does not render.
    fn gate(
        &self,
        message: &str,
        (named, to): (bool, Option<&str>),
        frozen: &Object,
        now: Instant,
    ) -> Verdict {
        let attributes = &self.person.attributes;
        let Some(compiled) = self.workspace.emails.get(message) else { return Verdict::Ready };
        if named {
            return gate::judge(attributes, &compiled.email, to);
        }
        let reader = Reader { attributes, frozen, to: None, now };
        match compiled.address(&reader) {
            Ok(address) => gate::judge(attributes, &compiled.email, address.as_deref()),
            Err(_) => gate::consent(attributes, &compiled.email),
        }
    }

    fn wait(&mut self, index: usize, step: &'w Step, length: Length, at: Instant) {
        let due =
            time::add(at, length, time::zone_of(&self.person.attributes, self.workspace.zone));
        if due <= at {
            self.record(index, (&step.id, StepOutcome::Elapsed), Object::new(), at);
            self.go(index, step.next, at);
            return;
        }
        self.stand(index, step, Some(due), at);
    }

    fn listen(
        &mut self,
        index: usize,
        step: &'w Step,
        (limit, arms, timeout): (Option<Length>, &'w [Arm], Option<StepIndex>),
        at: Instant,
    ) {
        if let Some(walker) = self.walkers.get(index) {
            self.cause = walker.run.depth;
        }
        for arm in arms {
            let heard =
                arm.signals.iter().find_map(|signal| self.hears(index, (signal, true), at, None));
            if let Some(deciding) = heard {
                self.signalled(index, arm, (deciding, None), at);
                return;
            }
        }
        let zone = time::zone_of(&self.person.attributes, self.workspace.zone);
        let due = limit.map(|limit| time::add(at, limit, zone));
        if due.is_some_and(|due| due <= at) {
            self.record(index, (&step.id, StepOutcome::TimedOut), Object::new(), at);
            self.go(index, timeout, at);
            return;
        }
        self.stand(index, step, due, at);
    }

    /// Lets the run stand at its step until `due`.
    fn stand(&mut self, index: usize, step: &'w Step, due: Option<Instant>, at: Instant) {
        let until = due.map_or_else(|| "forever".to_owned(), time::rfc3339);
        let deciding = Object::from_iter([("until".to_owned(), until.into())]);
        self.record(index, (&step.id, StepOutcome::Waiting), deciding, at);
        if let Some(walker) = self.walkers.get_mut(index) {
            walker.run.due = due;
        }
        self.arm(due);
    }

    fn branch(&mut self, index: usize, step: &'w Step, (arms, otherwise): Ways<'w>, at: Instant) {
        let mut deciding = Object::new();
        let run = self.walkers.get(index).map(|walker| &walker.run);
        let taken = arms.iter().find(|(condition, _)| {
            self.explain_for(run, condition, (at, None), &mut deciding).holds
        });
        let (arm, to) = match taken {
            Some((condition, to)) => (format!("if {condition}"), *to),
            None => ("else".to_owned(), otherwise),
        };
        deciding.insert("arm".to_owned(), arm.into());
        self.record(index, (&step.id, StepOutcome::Branched), deciding, at);
        self.go(index, to, at);
    }

    /// Writes an attribute or a variable; `null` removes it. What that sets off comes before the
    /// next step, which therefore reads what was written.
    fn write(
        &mut self,
        index: usize,
        step: &'w Step,
        (target, value): (&Target, Value),
        at: Instant,
    ) {
        let outcome = if value.is_null() { StepOutcome::Unset } else { StepOutcome::Set };
        let Some(walker) = self.walkers.get_mut(index) else { return };
        let (run, depth) = (walker.run.id, walker.run.depth);
        let (scope, keys) = match target {
            Target::Customer(keys) => ("customer", keys),
            Target::Journey(keys) => ("journey", keys),
        };
        let deciding = Object::from_iter([(dotted(scope, keys), value.clone())]);
        let touch = match target {
            Target::Customer(_) => {
                let change = attributes::write(&mut self.person.attributes, keys, value);
                change.map(|change| self.record_changes(vec![change], Some(run), at))
            }
            Target::Journey(_) => {
                attributes::write(&mut walker.run.vars, keys, value).map(|_| Touch::journey(index))
            }
        };
        self.record(index, (&step.id, outcome), deciding, at);
        if let Some(touch) = touch {
            self.cause = depth.saturating_add(1);
            self.react(touch, at, None);
        }
        // What it wrote may have met an exit of its own.
        if self.walkers.get(index).is_some_and(|walker| walker.live) {
            self.go(index, step.next, at);
        }
    }

    /// The value of an expression for a run, with templates rendered; what does not render is
    /// missing.
    fn value(&self, index: usize, expr: &Expr, at: Instant) -> Option<Value> {
        let run = self.walkers.get(index).map(|walker| &walker.run)?;
        let mut templates = Vec::new();
        expr.templates(&mut templates);
        let context = self.context(at, Some(run));
        if templates.is_empty() {
            return value_of(expr, &context).map(std::borrow::Cow::into_owned);
        }
        let filled = self.filled(run, expr, at);
        value_of(&filled, &context).map(std::borrow::Cow::into_owned)
    }

    /// The expression with its templates rendered.
    fn filled(&self, run: &Run, expr: &Expr, at: Instant) -> Expr {
        let inner = |expr: &Expr| self.filled(run, expr, at);
        match expr {
            Expr::Template(source) => {
                let text = self.rendered(run, source, at);
                Expr::Literal(text.map_or(Value::Null, Value::String))
            }
            Expr::List(members) => Expr::List(members.iter().map(inner).collect()),
            Expr::Object(entries) => Expr::Object(
                entries.iter().map(|(key, value)| (key.clone(), inner(value))).collect(),
            ),
            Expr::Arithmetic { left, op, right } => Expr::Arithmetic {
                left: Box::new(inner(left)),
                op: *op,
                right: Box::new(inner(right)),
            },
            Expr::Literal(_)
            | Expr::Path(_)
            | Expr::Default { .. }
            | Expr::Duration(_)
            | Expr::Moment(_)
            | Expr::At { .. }
            | Expr::Total(_)
            | Expr::Occurrence(_) => expr.clone(),
        }
    }

    fn rendered(&self, run: &Run, source: &str, at: Instant) -> Option<String> {
        let template = self.workspace.templates.get(source)?;
        let customer = Value::Object(self.person.attributes.clone());
        let journey = Value::Object(run.vars.clone());
        let globals = Globals::new()
            .with("customer", &customer)
            .with("trigger", &run.trigger)
            .with("journey", &journey);
        let options = Options { missing: Missing::Error, now: at, ..Options::default() };
        template.render(&globals, &options).ok()
    }
}

fn dotted(scope: &str, keys: &[Key]) -> String {
    keys.iter().fold(scope.to_owned(), |path, key| match key {
        Key::Name(name) => format!("{path}.{name}"),
        Key::Index(index) => format!("{path}[{index}]"),
    })
}

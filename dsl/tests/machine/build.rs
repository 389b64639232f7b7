//! Definitions by hand, and a story that is played with them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use dsl::definition::{Segment, Settings};
use dsl::expr::{
    Activity, Atom, CompareOp, Condition, Count, Duration, Expr, Key, Object, Path, Scope, Value,
    Window,
};
use dsl::graph::{
    Arm, Campaign, Channel, DeliveryRules, Enter, Exit, ExitWhen, Graph, HowOften, ListenLimit,
    Signal, Step, StepKind, Target, Trigger, WhileActive,
};
use dsl::machine::{
    Effect, Input, LinkedCampaign, Linking, Outcome, Person, Piece, StepOutcome, Workspace, advance,
};
use dsl::message::{AfterCrash, Body, Email};
use dsl::span::Span;
use dsl::time::{DAY, HOUR, Instant, Length, MINUTE};
use uuid::Uuid;

/// A Monday, nine o'clock UTC.
pub(crate) const START: Instant = 1_772_442_000_000;

pub(crate) fn path(text: &str) -> Path {
    let mut parts = text.split('.');
    let scope = match parts.next() {
        Some("customer") => Scope::Customer,
        Some("event") => Scope::Event,
        Some("trigger") => Scope::Trigger,
        Some("journey") => Scope::Journey,
        other => panic!("no scope {other:?}"),
    };
    Path { scope, keys: parts.map(|key| Key::Name(key.to_owned())).collect() }
}

pub(crate) fn get(text: &str) -> Expr {
    Expr::Path(path(text))
}

pub(crate) fn lit(value: impl Into<Value>) -> Expr {
    Expr::Literal(value.into())
}

pub(crate) fn equals(left: &str, right: impl Into<Value>) -> Condition {
    Condition::Compare {
        left: get(left),
        op: CompareOp::Equal,
        right: lit(right),
        ignoring_case: false,
    }
}

pub(crate) fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

pub(crate) fn in_segment(name: &str) -> Condition {
    Condition::InSegment(name.into())
}

pub(crate) fn performed(event: &str, window: Window) -> Condition {
    performed_times(event, Count::AtLeast(1), window)
}

pub(crate) fn performed_times(event: &str, count: Count, window: Window) -> Condition {
    Condition::Performed { atom: atom(event), count, window }
}

pub(crate) fn atom(event: &str) -> Atom {
    Atom { activity: Activity::event(event), filter: None }
}

pub(crate) fn wait(length: Length) -> StepKind {
    StepKind::Wait(Duration::Fixed(length))
}

/// `up to`, or `forever`.
pub(crate) fn limit(length: Option<Length>) -> ListenLimit {
    length.map_or(ListenLimit::Forever, |length| ListenLimit::UpTo(Duration::Fixed(length)))
}

pub(crate) fn days(days: i64) -> Length {
    Length::exact(days * DAY)
}

pub(crate) fn on(name: &str) -> Signal {
    Signal::Activity { activity: Activity::event(name), filter: None }
}

pub(crate) fn arm(title: &str, signal: Signal, to: Option<usize>) -> Arm {
    Arm { signals: vec![signal], name: None, to, title: title.into() }
}

pub(crate) fn send(message: &str) -> StepKind {
    StepKind::Send {
        channel: Channel::Email,
        message: message.into(),
        to: None,
        with: vec![],
        draft: false,
    }
}

pub(crate) fn set(target: &str, value: Expr) -> StepKind {
    StepKind::Set { target: self::target(target), value }
}

pub(crate) fn target(text: &str) -> Target {
    let Path { scope, keys } = path(text);
    if scope == Scope::Customer { Target::Customer(keys) } else { Target::Journey(keys) }
}

/// Steps that follow each other; a step with ways of its own names them.
pub(crate) fn steps(kinds: Vec<StepKind>) -> Graph {
    let last = kinds.len() - 1;
    let step = |(at, kind): (usize, StepKind)| Step {
        id: format!("s{at}").into(),
        label: None,
        kind,
        next: (at < last).then_some(at + 1),
        title: format!("step {at}"),
        span: Span::default(),
    };
    Graph { steps: kinds.into_iter().enumerate().map(step).collect(), start: Some(0) }
}

pub(crate) fn trigger(event: &str, filter: Option<Condition>) -> Trigger {
    Trigger::Activity { activity: Activity::event(event), filter }
}

pub(crate) fn enter(how_often: HowOften, while_active: WhileActive) -> Enter {
    Enter { how_often, per: None, while_active, including_current: false }
}

/// A campaign that `go` triggers, once.
pub(crate) fn campaign(graph: Graph) -> Campaign {
    Campaign {
        name: "C".into(),
        description: None,
        triggers: vec![trigger("go", None)],
        only_if: None,
        enter: enter(HowOften::Once, WhileActive::Refuse),
        exits: vec![],
        goals: vec![],
        delivery: DeliveryRules::default(),
        holdout: 0.0,
        graph,
        span: Span::default(),
    }
}

pub(crate) fn exit(text: &str, signal: Signal) -> Exit {
    Exit { when: ExitWhen::Signal(signal), text: text.into() }
}

pub(crate) fn email(name: &str) -> Email {
    Email {
        name: name.into(),
        transactional: false,
        from: None,
        to: None,
        reply_to: None,
        subject: "Hello".into(),
        preheader: None,
        topic: None,
        body: Body::Text("Hi".into()),
        text: None,
        after_crash: AfterCrash::Leave,
    }
}

/// Definitions with the e-mails `m0`, `m1`, `m2`.
pub(crate) fn linking(segments: Vec<(&str, Condition)>, campaigns: Vec<Campaign>) -> Linking {
    let segment = |(id, (name, condition)): (i64, (&str, Condition))| {
        (id, Segment { name: name.into(), description: None, condition, span: Span::default() })
    };
    let linked = |(id, campaign): (i64, Campaign)| LinkedCampaign {
        id,
        version: id * 10,
        accepting: true,
        campaign,
    };
    Linking {
        version: 1,
        zone: chrono_tz::Tz::UTC,
        segments: (1..).zip(segments).map(segment).collect(),
        campaigns: (1..).zip(campaigns).map(linked).collect(),
        emails: ["m0", "m1", "m2"].map(email).into(),
        settings: Settings::default(),
    }
}

pub(crate) fn workspace(segments: Vec<(&str, Condition)>, campaigns: Vec<Campaign>) -> Workspace {
    Workspace::link(linking(segments, campaigns)).unwrap()
}

pub(crate) fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("not an object: {value}") };
    object
}

pub(crate) fn event(at: Instant, name: &str, data: Value) -> Input {
    let piece = Piece::Event { name: name.into(), data, time: at };
    Input { id: Uuid::from_u128(u128::from(at.unsigned_abs())), at, depth: 0, piece }
}

pub(crate) fn identify(at: Instant, patch: Value) -> Input {
    let piece = Piece::Identify { patch: object(patch) };
    Input { id: Uuid::from_u128(u128::from(at.unsigned_abs())), at, depth: 0, piece }
}

/// A person, the definitions, and everything that happened so far.
pub(crate) struct Story {
    pub(crate) workspace: Workspace,
    pub(crate) person: Person,
    pub(crate) now: Instant,
    pub(crate) effects: Vec<Effect>,
    pub(crate) last: Outcome,
    inputs: u128,
}

impl Story {
    pub(crate) fn new(workspace: Workspace) -> Self {
        let attributes = object(serde_json::json!({ "email": "ada@acme.test" }));
        let person = Person { id: Uuid::from_u128(1), attributes, ..Person::default() };
        let last = Outcome::default();
        Self { workspace, person, now: START, effects: vec![], last, inputs: 0 }
    }

    /// Something comes in now.
    pub(crate) fn take(&mut self, mut input: Input) -> &mut Self {
        self.inputs += 1;
        input.id = Uuid::from_u128(self.inputs);
        self.call(&[input])
    }

    pub(crate) fn event(&mut self, name: &str, data: Value) -> &mut Self {
        self.take(event(self.now, name, data))
    }

    pub(crate) fn identify(&mut self, patch: Value) -> &mut Self {
        self.take(identify(self.now, patch))
    }

    /// Time passes, and nobody looks until it has.
    pub(crate) fn wait(&mut self, length: i64) -> &mut Self {
        self.now += length;
        self.call(&[])
    }

    fn call(&mut self, inputs: &[Input]) -> &mut Self {
        self.last = advance(&self.workspace, &mut self.person, inputs, self.now);
        self.effects.extend(self.last.effects.clone());
        self
    }

    /// What happened to runs and attributes, a line each: day and time since the start, what.
    pub(crate) fn told(&self) -> String {
        tell(&self.effects)
    }
}

/// A line for each effect that people would ask about.
pub(crate) fn tell(effects: &[Effect]) -> String {
    let mut told = String::new();
    for effect in effects {
        let (at, what) = match effect {
            Effect::History(line) => {
                let step = if line.step.is_empty() { "-" } else { &line.step };
                let deciding = Value::Object(line.deciding.clone());
                (line.at, format!("{step} {} {deciding}", line.outcome.word()))
            }
            Effect::Membership { segment, entered, at } => {
                (*at, format!("segment {segment} {}", if *entered { "entered" } else { "left" }))
            }
            Effect::Attribute { path, from, to, at, .. } => {
                (*at, format!("{path}: {from} -> {to}"))
            }
            Effect::Cut { what, at } => (*at, format!("cut: {what}")),
            Effect::Event { .. } | Effect::Entered { .. } | Effect::Delivery(_) => continue,
        };
        writeln!(told, "{} {what}", clock(at)).unwrap();
    }
    told
}

fn clock(at: Instant) -> String {
    let since = at - START;
    let (days, rest) = (since.div_euclid(DAY), since.rem_euclid(DAY));
    format!("{days}d{:02}:{:02}", rest / HOUR, rest % HOUR / MINUTE)
}

/// Which outcomes of which kinds of step are among `effects`.
pub(crate) fn visited(
    campaigns: &[&Campaign],
    effects: &[Effect],
) -> BTreeSet<(String, StepOutcome)> {
    let kind_of = |line: &dsl::machine::History| {
        let campaign = campaigns.get(usize::try_from(line.campaign).ok()?.checked_sub(1)?)?;
        campaign.graph.steps.iter().find(|step| step.id == line.step).map(|step| kind(&step.kind))
    };
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::History(line) => {
                Some((kind_of(line).unwrap_or("clause").to_owned(), line.outcome))
            }
            _ => None,
        })
        .collect()
}

pub(crate) fn kind(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Send { .. } => "send",
        StepKind::Wait(_) => "wait",
        StepKind::Listen { .. } => "listen",
        StepKind::If { .. } => "if",
        StepKind::Set { .. } => "set",
        StepKind::Unset(_) => "unset",
        StepKind::Exit => "exit",
        other => panic!("no story has {other:?}"),
    }
}

pub(crate) fn name(text: &str) -> Arc<str> {
    text.into()
}

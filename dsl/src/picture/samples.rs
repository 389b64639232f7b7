//! Campaigns and broadcasts to draw in tests: compiled from the language, and built by hand where
//! the language cannot say it.

use std::sync::Arc;

use serde_json::json;

use super::Subject;
use crate::compile::{Catalog, Source, compile};
use crate::definition::Definitions;
use crate::expr::{Activity, CompareOp, Condition, Duration, Expr, Key, Path, Scope};
use crate::graph::{
    Broadcast, Campaign, Channel, DeliveryRules, Enter, Graph, HowOften, Step, StepIndex, StepKind,
    Target, Trigger, WhileActive,
};
use crate::span::Span;
use crate::time::{DAY, Length};

/// How many kinds of steps there are.
pub(super) const KINDS: usize = 26;

/// Either of what is drawn.
pub(super) enum Drawn {
    Campaign(Box<Campaign>),
    Broadcast(Box<Broadcast>),
}

impl Drawn {
    pub(super) fn subject(&self) -> Subject<'_> {
        match self {
            Self::Campaign(campaign) => (&**campaign).into(),
            Self::Broadcast(broadcast) => (&**broadcast).into(),
        }
    }
}

/// All of them.
pub(super) fn all() -> Vec<Drawn> {
    let campaigns =
        [onboarding(), many_ways(), odd_text(), empty(), loops(), nested(), every_kind()];
    let mut all: Vec<Drawn> =
        campaigns.into_iter().map(|it| Drawn::Campaign(Box::new(it))).collect();
    all.push(Drawn::Broadcast(Box::new(broadcast())));
    all
}

/// A trial with a wait for an event, a branch and an exit.
pub(super) const ONBOARDING: &str = include_str!("samples/onboarding.journey");

pub(super) fn onboarding() -> Campaign {
    campaign_of(ONBOARDING)
}

/// Branches in branches, arms of different length, empty arms.
pub(super) fn many_ways() -> Campaign {
    campaign_of(include_str!("samples/many_ways.journey"))
}

/// Many arms, an experiment, waits within rounds and splits within branches.
pub(super) fn nested() -> Campaign {
    campaign_of(include_str!("samples/nested.journey"))
}

/// Every kind of step, one after the other.
pub(super) fn every_kind() -> Campaign {
    campaign_of(include_str!("samples/every_kind.journey"))
}

/// An experiment, then one more message.
pub(super) fn broadcast() -> Broadcast {
    let text = include_str!("samples/broadcast.journey");
    definitions(text).broadcasts.pop().expect("a broadcast")
}

/// The only campaign of `text`.
pub(super) fn campaign_of(text: &str) -> Campaign {
    definitions(text).campaigns.pop().expect("a campaign")
}

/// What `text` declares; names that stand elsewhere are taken for granted.
fn definitions(text: &str) -> Definitions {
    let sources = [Source { path: "sample.journey".to_owned(), text: text.to_owned() }];
    let mut catalog = Catalog::default();
    for name in text.split('"').skip(1).step_by(2).map(str::to_owned) {
        catalog.segments.insert(name.clone());
        catalog.topics.insert(name.clone());
        for channel in Channel::ALL {
            catalog.messages.entry(channel).or_default().insert(name.clone());
        }
        if !text.contains(&format!("campaign \"{name}\" {{")) {
            catalog.campaigns.insert(name);
        }
    }
    let compilation = compile(&sources, &catalog);
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    compilation.definitions
}

/// Text that would break out of its place if nothing held it.
pub(super) fn odd_text() -> Campaign {
    let mut campaign = campaign(
        r#"<script>alert("&")</script> 日本語のキャンペーン"#,
        vec![
            send(r#"]]></g> "quoted" & <b>bold</b> `code` #x; \ end"#, Some(1)),
            set(&format!("customer.{} = 1", "very_long_name_".repeat(30)), Some(2)),
            when(equal("name", "a\u{7}\n\tb"), None, None),
        ],
    );
    campaign.description = Some("Ünïcödé — “quotes” 🎉 and a_word_without_any_space_".repeat(12));
    campaign
}

/// No steps.
pub(super) fn empty() -> Campaign {
    campaign("Nothing yet", Vec::new())
}

/// Ways that go back, to itself and over branches.
pub(super) fn loops() -> Campaign {
    campaign(
        "Nudges",
        vec![
            when(equal("plan", "pro"), Some(4), Some(1)),
            send("nudge", Some(2)),
            when(equal("country", "FR"), Some(3), Some(0)),
            wait(2, Some(0)),
            wait(1, Some(4)),
        ],
    )
}

/// A campaign with these steps, begun at the first.
pub(super) fn campaign(name: &str, mut steps: Vec<Step>) -> Campaign {
    for (index, step) in steps.iter_mut().enumerate() {
        if step.label.is_none() {
            step.id = Arc::from(format!("{}-{index}", step.id));
        }
    }
    Campaign {
        name: Arc::from(name),
        description: None,
        triggers: vec![Trigger::Activity { activity: Activity::event("signed_up"), filter: None }],
        only_if: None,
        enter: Enter {
            how_often: HowOften::Once,
            per: None,
            while_active: WhileActive::Refuse,
            including_current: false,
        },
        exits: Vec::new(),
        goals: Vec::new(),
        delivery: DeliveryRules::default(),
        holdout: 0.0,
        graph: Graph { start: (!steps.is_empty()).then_some(0), steps },
        span: Span::new(0, 14, 15),
    }
}

pub(super) fn send(message: &str, next: Option<StepIndex>) -> Step {
    step(
        &format!("send email \"{message}\""),
        None,
        next,
        StepKind::Send {
            channel: Channel::Email,
            message: Arc::from(message),
            to: None,
            with: Vec::new(),
            draft: false,
        },
    )
}

pub(super) fn wait(count: i64, next: Option<StepIndex>) -> Step {
    step(&format!("wait {count} days"), None, next, StepKind::Wait(Duration::Fixed(days(count))))
}

pub(super) fn when(condition: Condition, yes: Option<StepIndex>, no: Option<StepIndex>) -> Step {
    step("if …", None, None, StepKind::If { arms: vec![(condition, yes)], otherwise: no })
}

pub(super) fn equal(attribute: &str, to: &str) -> Condition {
    Condition::Compare {
        left: path(Scope::Customer, attribute),
        op: CompareOp::Equal,
        right: Expr::Literal(json!(to)),
        ignoring_case: false,
    }
}

pub(super) fn step(
    title: &str,
    label: Option<&str>,
    next: Option<StepIndex>,
    kind: StepKind,
) -> Step {
    let id = label.map_or_else(|| title.replace(' ', "-"), str::to_owned);
    Step {
        id: Arc::from(id),
        label: label.map(Arc::from),
        kind,
        next,
        title: title.to_owned(),
        span: Span::new(0, 33, 37),
    }
}

pub(super) fn attribute(name: &str) -> Target {
    Target::Customer(vec![Key::Name(name.to_owned())])
}

fn set(text: &str, next: Option<StepIndex>) -> Step {
    step(
        &format!("set {text}"),
        None,
        next,
        StepKind::Set { target: attribute("onboarded"), value: Expr::Literal(json!(true)) },
    )
}

pub(super) fn path(scope: Scope, key: &str) -> Expr {
    Expr::Path(Path { scope, keys: vec![Key::Name(key.to_owned())] })
}

pub(super) fn days(count: i64) -> Length {
    Length::exact(count * DAY)
}

/// A step of this kind whose ways lead to `ways`, in turn.
pub(super) fn led(mut kind: StepKind, title: &str, ways: &[Option<StepIndex>]) -> Step {
    let mut ways = ways.iter().copied().cycle();
    let mut next = || ways.next().flatten();
    match &mut kind {
        StepKind::If { arms, otherwise } => {
            arms.iter_mut().for_each(|(_, to)| *to = next());
            *otherwise = next();
        }
        StepKind::Match { arms, otherwise, .. } => {
            arms.iter_mut().for_each(|(_, to)| *to = next());
            *otherwise = next();
        }
        StepKind::Listen { arms, timeout, .. } => {
            arms.iter_mut().for_each(|arm| arm.to = next());
            *timeout = next();
        }
        StepKind::At { on_time, late, .. } => (*on_time, *late) = (next(), next()),
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
            arms.iter_mut().for_each(|arm| arm.to = next());
        }
        StepKind::Repeat { body, .. } => *body = next(),
        _ => {}
    }
    step(title, None, next(), kind)
}

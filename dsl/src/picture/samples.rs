//! Campaigns to draw in tests, built by hand.

use std::sync::Arc;

use serde_json::json;

use crate::expr::{CompareOp, Condition, Expr, Key, Path, Presence, Scope};
use crate::graph::{
    Arm, Campaign, Channel, Enter, Exit, Graph, HowOften, Signal, Step, StepIndex, StepKind,
    Target, Trigger, WhileActive,
};
use crate::span::Span;
use crate::time::{DAY, Length};

/// All campaigns below.
pub(super) fn all() -> Vec<Campaign> {
    vec![onboarding(), many_ways(), odd_text(), empty(), loops()]
}

/// A trial with a wait for an event, a branch and an exit.
pub(super) fn onboarding() -> Campaign {
    let mut campaign = campaign(
        "Trial onboarding",
        vec![
            send("welcome", Some(1)),
            wait(2, Some(2)),
            step(
                "wait up to 5 days",
                Some("activation"),
                None,
                StepKind::Listen {
                    limit: Some(days(5)),
                    arms: vec![arm(r#"on event "project_created""#, Some(3))],
                    timeout: Some(4),
                },
            ),
            send("nice-start", Some(5)),
            send("need-help", Some(5)),
            when(equal("plan", "pro"), Some(6), Some(7)),
            step("exit", None, None, StepKind::Exit),
            set("customer.onboarded = true", Some(8)),
            send("upgrade", None),
        ],
    );
    campaign.description = Some(
        "Welcomes people on a trial, helps them to a first project\nand offers an upgrade."
            .to_owned(),
    );
    campaign.triggers = vec![Trigger::Event {
        name: Arc::from("signed_up"),
        filter: Some(Condition::Compare {
            left: path(Scope::Event, "plan"),
            op: CompareOp::Equal,
            right: Expr::Literal(json!("trial")),
            ignoring_case: false,
        }),
    }];
    campaign.only_if = Some(Condition::Not(Box::new(Condition::InSegment(Arc::from("Employees")))));
    campaign.exits = vec![exit(r#"exit when in segment "Paying customers""#)];
    campaign.topic = Some(Arc::from("Product news"));
    campaign
}

/// Branches in branches, arms of different length, empty arms.
pub(super) fn many_ways() -> Campaign {
    let named = Condition::All(vec![
        equal("plan", "enterprise"),
        Condition::InSegment(Arc::from("Accounts with a named contact")),
    ]);
    let by_plan = StepKind::If {
        arms: vec![
            (equal("plan", "free"), Some(1)),
            (equal("plan", "team"), Some(4)),
            (named, Some(8)),
        ],
        otherwise: Some(10),
    };
    let activity = StepKind::Listen {
        limit: Some(days(14)),
        arms: vec![
            arm(r#"on event "seat_added""#, Some(5)),
            arm(r#"on event "project_created", event "project_copied" as project"#, Some(10)),
        ],
        timeout: Some(6),
    };
    let steps = vec![
        step("if customer.plan == \"free\"", None, None, by_plan),
        send("free-news", Some(2)),
        wait(3, Some(3)),
        send("free-offer", Some(10)),
        step("wait up to 14 days", None, None, activity),
        set("journey.coupon = \"SEATS20\"", Some(7)),
        send("we-miss-you", Some(7)),
        send("team-offer", Some(10)),
        when(has_owner(), Some(9), Some(10)),
        ask_owner(Some(10)),
        wait(7, Some(11)),
        step("unset customer.winning_back", None, None, StepKind::Unset(attribute("winning_back"))),
    ];
    let mut campaign = campaign("Win back", steps);
    campaign.enter = Enter {
        how_often: HowOften::OncePer(Length { months: 6, ms: 0 }),
        while_active: WhileActive::Replace,
    };
    campaign.exits = vec![
        exit(r#"exit when in segment "Paying customers""#),
        exit(r#"exit when event "account_deleted""#),
    ];
    campaign
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
        triggers: vec![Trigger::Event { name: Arc::from("signed_up"), filter: None }],
        only_if: None,
        enter: Enter { how_often: HowOften::Once, while_active: WhileActive::Refuse },
        exits: Vec::new(),
        topic: None,
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
        },
    )
}

pub(super) fn wait(count: i64, next: Option<StepIndex>) -> Step {
    step(&format!("wait {count} days"), None, next, StepKind::Wait(days(count)))
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

fn has_owner() -> Condition {
    let keys = vec![Key::Name("owner_email".to_owned())];
    Condition::Presence { path: Path { scope: Scope::Customer, keys }, test: Presence::Exists }
}

fn ask_owner(next: Option<StepIndex>) -> Step {
    let kind = StepKind::Send {
        channel: Channel::Email,
        message: Arc::from("ask-owner"),
        to: Some(path(Scope::Customer, "owner_email")),
        with: Vec::new(),
    };
    step("send email \"ask-owner\" to customer.owner_email", None, next, kind)
}

fn attribute(name: &str) -> Target {
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

fn arm(title: &str, to: Option<StepIndex>) -> Arm {
    Arm {
        signals: vec![Signal::Event { name: Arc::from("project_created"), filter: None }],
        name: None,
        to,
        title: title.to_owned(),
    }
}

fn exit(text: &str) -> Exit {
    let signal = Signal::Condition(Condition::InSegment(Arc::from("Paying customers")));
    Exit { signal, text: text.to_owned() }
}

fn path(scope: Scope, key: &str) -> Expr {
    Expr::Path(Path { scope, keys: vec![Key::Name(key.to_owned())] })
}

fn days(count: i64) -> Length {
    Length::exact(count * DAY)
}

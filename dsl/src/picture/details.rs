//! Steps as data for other programs: the name of each kind, and what is said in it.

use serde_json::{Value, json};

use super::words;
use crate::expr::{Expr, Scope};
use crate::graph::{Call, ListenLimit, Order, Step, StepKind};

/// The kind of a step in one stable word, as serde names it.
pub(super) const fn kind(step: &Step) -> &'static str {
    match step.kind {
        StepKind::Send { .. } => "send",
        StepKind::Wait(_) => "wait",
        StepKind::WaitUntil(_) => "wait_until",
        StepKind::WaitWindow(_) => "wait_window",
        StepKind::Listen { .. } => "listen",
        StepKind::At { .. } => "at",
        StepKind::If { .. } => "if",
        StepKind::Match { .. } => "match",
        StepKind::Split { .. } => "split",
        StepKind::Experiment { .. } => "experiment",
        StepKind::Repeat { .. } => "repeat",
        StepKind::Set { .. } => "set",
        StepKind::Unset(_) => "unset",
        StepKind::Add { .. } => "add",
        StepKind::Remove { .. } => "remove",
        StepKind::AddToSegment(_) => "add_to_segment",
        StepKind::RemoveFromSegment(_) => "remove_from_segment",
        StepKind::Subscribe(_) => "subscribe",
        StepKind::Unsubscribe(_) => "unsubscribe",
        StepKind::Suppress => "suppress",
        StepKind::Emit { .. } => "emit",
        StepKind::Call(_) => "call",
        StepKind::Lookup { .. } => "lookup",
        StepKind::StartCampaign { .. } => "start_campaign",
        StepKind::Note(_) => "note",
        StepKind::Exit => "exit",
    }
}

/// What is said in the step, by stable names; texts are those of the language.
pub(super) fn details(step: &Step) -> Value {
    match &step.kind {
        StepKind::Send { channel, message, to, with, draft } => json!({
            "channel": channel.word(),
            "message": message,
            "draft": draft,
            "to": to.as_ref().map(Expr::to_string),
            "with": data(with),
        }),
        StepKind::Wait(duration) => json!({ "duration": duration.to_string() }),
        StepKind::WaitUntil(moment) | StepKind::At { moment, .. } => {
            json!({ "moment": moment.to_string() })
        }
        StepKind::WaitWindow(window) => json!({ "window": window.to_string() }),
        StepKind::Listen { limit, .. } => listen(limit),
        StepKind::Match { value, .. } => json!({ "value": value.to_string() }),
        StepKind::Split { name, fresh, .. } => json!({ "name": name, "fresh": fresh }),
        StepKind::Experiment { name, by, after, .. } => {
            json!({ "name": name, "winner_by": by.word(), "after": after.to_string() })
        }
        StepKind::Repeat { times, every, until, round, .. } => json!({
            "times": times,
            "every": every.as_ref().map(ToString::to_string),
            "until": until.as_ref().map(ToString::to_string),
            "round": round,
        }),
        StepKind::Set { target, value }
        | StepKind::Add { value, target }
        | StepKind::Remove { value, target } => {
            json!({ "target": words::target(target), "value": value.to_string() })
        }
        StepKind::Unset(target) => json!({ "target": words::target(target) }),
        StepKind::AddToSegment(name) | StepKind::RemoveFromSegment(name) => {
            json!({ "segment": name })
        }
        StepKind::Subscribe(topic) => json!({ "topic": topic }),
        StepKind::Unsubscribe(topic) => json!({ "topic": topic }),
        StepKind::Emit { event, person, with } => json!({
            "event": event,
            "person": person.as_ref().map(Expr::to_string),
            "with": data(with),
        }),
        StepKind::Call(call) => request(call),
        StepKind::Lookup { collection, filter, order, name } => json!({
            "collection": collection,
            "where": filter.to_string(),
            "order_by": order.as_ref().map(order_by),
            "as": name,
        }),
        StepKind::StartCampaign { campaign, with } => {
            json!({ "campaign": campaign, "with": data(with) })
        }
        StepKind::Note(text) => json!({ "text": text }),
        StepKind::If { .. } | StepKind::Suppress | StepKind::Exit => json!({}),
    }
}

fn listen(limit: &ListenLimit) -> Value {
    match limit {
        ListenLimit::Forever => json!({ "up_to": null, "until": null }),
        ListenLimit::UpTo(duration) => {
            json!({ "up_to": duration.to_string(), "until": null })
        }
        ListenLimit::Until(moment) => json!({ "up_to": null, "until": moment.to_string() }),
    }
}

/// Headers and body stay out: they may be long, and tell of secrets.
fn request(call: &Call) -> Value {
    json!({
        "method": call.method.word(),
        "url": call.url.to_string(),
        "timeout": call.timeout.map(|timeout| timeout.to_string()),
        "as": call.reply,
    })
}

fn order_by(order: &Order) -> String {
    let descending = if order.descending { " descending" } else { "" };
    format!("{}{descending}", words::path(Scope::Row, &order.by))
}

fn data(with: &[(String, Expr)]) -> Value {
    with.iter().map(|(name, value)| (name.clone(), Value::from(value.to_string()))).collect()
}

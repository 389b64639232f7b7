//! A campaign or broadcast as data for other programs: `docs/graph.md` describes every name. They are
//! stable; new ones may be added.

use serde_json::{Map, Value, json};

use super::chart::{self, Stop, Way};
use super::details::{details, kind};
use super::subject::{Clause, ClauseKind, Subject};
use super::words;
use crate::compile::Source;
use crate::expr::Condition;
use crate::graph::{Step, Trigger};
use crate::span::{Span, position};

/// Version of the schema; goes up when a name changes its meaning.
const SCHEMA: u32 = 1;

/// The chart of `subject` as an object: `schema`, the name, `triggers`, `clauses`, `nodes`, `edges`.
///
/// `sources` are the files the subject was compiled from, in that order; without them every `line`
/// is null.
#[must_use]
pub fn json<'a>(subject: impl Into<Subject<'a>>, sources: &[Source]) -> Value {
    let subject = subject.into();
    let steps = &subject.graph.steps;
    let id = |stop: Stop| match stop {
        Stop::Step(index) => steps.get(index).map(|step| &*step.id),
        Stop::Enter | Stop::Finish => None,
    };
    let edge = |way: &Way| {
        json!({
            "from": id(way.from),
            "to": id(way.to),
            "kind": way.reason.word(),
            "label": way.label,
            "percent": way.percent.map(number),
        })
    };
    let ways = chart::ways(subject.graph);
    let edges: Vec<Value> = ways.iter().filter(|way| way.from != Stop::Enter).map(edge).collect();
    let clauses = subject.clauses.iter().filter(|clause| clause.kind != ClauseKind::On);
    json!({
        "schema": SCHEMA,
        subject.kind.word(): subject.name,
        "description": subject.description,
        "topic": subject.topic,
        "line": line(subject.span, sources),
        "start": ways.first().and_then(|way| id(way.to)),
        "triggers": subject.triggers.iter().map(trigger).collect::<Vec<_>>(),
        "clauses": clauses.map(clause).collect::<Vec<_>>(),
        "nodes": steps.iter().map(|step| node(step, sources)).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn node(step: &Step, sources: &[Source]) -> Value {
    json!({
        "id": step.id,
        "label": step.label,
        "kind": kind(step),
        "title": step.title,
        "details": details(step),
        "line": line(step.span, sources),
    })
}

fn clause(clause: &Clause) -> Value {
    json!({ "kind": clause.kind.words().replace(' ', "_"), "text": clause.text() })
}

fn trigger(trigger: &Trigger) -> Value {
    let mut value = Map::new();
    let mut put = |name: &str, it: Value| {
        value.insert(name.to_owned(), it);
    };
    match trigger {
        Trigger::Activity { activity, filter } => {
            put("kind", activity.kind.word().into());
            // Named by its kind: `"event": "signed_up"`.
            put(activity.kind.word(), Value::from(&*activity.name));
            put("where", condition(filter.as_ref()));
        }
        Trigger::Match(it) => {
            put("kind", "match".into());
            put("where", it.to_string().into());
        }
        Trigger::EnterSegment(name) => {
            put("kind", "enter_segment".into());
            put("segment", Value::from(&**name));
        }
        Trigger::LeaveSegment(name) => {
            put("kind", "leave_segment".into());
            put("segment", Value::from(&**name));
        }
        Trigger::Change { .. } => put("kind", "change".into()),
        Trigger::Date { .. } => put("kind", "date".into()),
        Trigger::Object { object, people, .. } => {
            put("kind", "object".into());
            put("object", Value::from(&**object));
            put("people", condition(people.as_ref()));
        }
        Trigger::Call => put("kind", "call".into()),
        Trigger::Schedule { .. } => put("kind", "schedule".into()),
    }
    put("text", format!("on {}", words::trigger(trigger)).into());
    Value::Object(value)
}

fn condition(condition: Option<&Condition>) -> Value {
    condition.map(ToString::to_string).into()
}

/// Whole numbers without `.0`.
#[expect(clippy::cast_possible_truncation, reason = "a percentage is between 0 and 100")]
fn number(percent: f64) -> Value {
    if percent.fract() == 0.0 { Value::from(percent as i64) } else { Value::from(percent) }
}

fn line(span: Span, sources: &[Source]) -> Option<usize> {
    sources.get(span.file).map(|source| position(&source.text, span.start).line)
}

#[cfg(test)]
mod tests;

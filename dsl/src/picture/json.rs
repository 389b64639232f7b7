//! A campaign as data for other programs. The names below are stable; new ones may be added.

use serde_json::{Value, json};

use super::chart::{Stop, kind, ways};
use super::words;
use crate::compile::Source;
use crate::graph::{Campaign, Step};
use crate::span::{Span, position};

/// Version of the schema; goes up when a name changes its meaning.
const SCHEMA: u32 = 1;

/// The chart of `campaign` as an object:
///
/// | name | holds |
/// |---|---|
/// | `schema` | 1 |
/// | `campaign`, `description`, `topic` | texts; the latter two may be null |
/// | `line` | line of the declaration, from 1; null where `sources` lacks the file |
/// | `start` | id of the first step; null for a campaign without steps |
/// | `triggers` | list of `{kind: "event", event, where, text}`; `where` may be null |
/// | `clauses` | list of `{kind: "only_if" \| "enter" \| "exit_when" \| "topic", text}` |
/// | `nodes` | list of `{id, label, kind, title, line}`; `kind` is one of `send`, `wait`, `listen`, `if`, `set`, `unset`, `exit` |
/// | `edges` | list of `{from, to, label}`: ids of nodes; `to` is null where the run is finished, `label` where there is no other way |
///
/// `sources` are the files the campaign was compiled from, in that order; without them every `line`
/// is null.
#[must_use]
pub fn json(campaign: &Campaign, sources: &[Source]) -> Value {
    let steps = &campaign.graph.steps;
    let id = |stop: Stop| match stop {
        Stop::Step(index) => steps.get(index).map(|step| &*step.id),
        Stop::Enter | Stop::Finish => None,
    };
    let edges: Vec<Value> = ways(campaign)
        .into_iter()
        .filter(|way| way.from != Stop::Enter)
        .map(|way| json!({ "from": id(way.from), "to": id(way.to), "label": way.label }))
        .collect();
    let node = |step: &Step| {
        json!({
            "id": step.id,
            "label": step.label,
            "kind": kind(step),
            "title": step.title,
            "line": line(step.span, sources),
        })
    };
    json!({
        "schema": SCHEMA,
        "campaign": campaign.name,
        "description": campaign.description,
        "topic": campaign.topic,
        "line": line(campaign.span, sources),
        "start": campaign.graph.start.and_then(|start| id(Stop::Step(start))),
        "triggers": triggers(campaign),
        "clauses": clauses(campaign),
        "nodes": steps.iter().map(node).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn triggers(campaign: &Campaign) -> Vec<Value> {
    use crate::graph::Trigger;
    let trigger = |trigger: &Trigger| match trigger {
        Trigger::Event { name, filter } => json!({
            "kind": "event",
            "event": name,
            "where": filter.as_ref().map(ToString::to_string),
            "text": format!("on {}", words::trigger(trigger)),
        }),
    };
    campaign.triggers.iter().map(trigger).collect()
}

fn clauses(campaign: &Campaign) -> Vec<Value> {
    let clause = |kind: &str, text: String| json!({ "kind": kind, "text": text });
    let mut clauses = Vec::new();
    if let Some(condition) = &campaign.only_if {
        clauses.push(clause("only_if", format!("only if {}", condition)));
    }
    clauses.push(clause("enter", format!("enter {}", words::enter(campaign.enter))));
    clauses.extend(campaign.exits.iter().map(|exit| clause("exit_when", exit.text.clone())));
    if let Some(topic) = &campaign.topic {
        clauses.push(clause("topic", format!("topic \"{topic}\"")));
    }
    clauses
}

fn line(span: Span, sources: &[Source]) -> Option<usize> {
    sources.get(span.file).map(|source| position(&source.text, span.start).line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;

    #[test]
    fn the_schema_is_as_documented() {
        let campaign = samples::onboarding();
        let text = "## one\n## two\ncampaign \"x\" {\n  send\n".to_owned();
        let sources = [Source { path: "a.journey".to_owned(), text }];
        insta::assert_json_snapshot!(json(&campaign, &sources));
    }

    #[test]
    fn without_sources_there_are_no_lines() {
        let value = json(&samples::onboarding(), &[]);
        assert_eq!(value["line"], Value::Null);
        assert!(value["nodes"].as_array().unwrap().iter().all(|node| node["line"].is_null()));
    }

    #[test]
    fn edges_name_nodes_that_exist() {
        for campaign in samples::all() {
            let value = json(&campaign, &[]);
            let ids: Vec<&Value> =
                value["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
            for edge in value["edges"].as_array().unwrap() {
                assert!(ids.contains(&&edge["from"]), "{edge}");
                assert!(edge["to"].is_null() || ids.contains(&&edge["to"]), "{edge}");
            }
        }
    }
}

//! The JSON of pictures is as `docs/graph.md` says.

use super::*;
use crate::picture::samples;

#[test]
fn the_schema_is_as_documented() {
    let text = samples::ONBOARDING.to_owned();
    let sources = [Source { path: "a.journey".to_owned(), text }];
    insta::assert_json_snapshot!(json(&samples::onboarding(), &sources));
}

#[test]
fn without_sources_there_are_no_lines() {
    let value = json(&samples::onboarding(), &[]);
    assert_eq!(value["line"], Value::Null);
    assert!(value["nodes"].as_array().unwrap().iter().all(|node| node["line"].is_null()));
}

#[test]
fn edges_name_nodes_that_exist() {
    for drawn in samples::all() {
        let value = json(drawn.subject(), &[]);
        let ids: Vec<&Value> =
            value["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
        for edge in value["edges"].as_array().unwrap() {
            assert!(ids.contains(&&edge["from"]), "{edge}");
            assert!(edge["to"].is_null() || ids.contains(&&edge["to"]), "{edge}");
        }
    }
}

#[test]
fn kinds_are_those_of_the_data_and_every_one_is_drawn() {
    let mut kinds = std::collections::BTreeSet::new();
    for step in &samples::every_kind().graph.steps {
        let data = serde_json::to_value(&step.kind).unwrap();
        let name = data.as_str().or_else(|| data.as_object()?.keys().next().map(|key| &**key));
        assert_eq!(name, Some(kind(step)));
        kinds.insert(kind(step));
    }
    assert_eq!(kinds.len(), samples::KINDS);
}

#[test]
fn shares_are_numbers() {
    let value = json(&samples::every_kind(), &[]);
    let shares: Vec<f64> =
        value["edges"].as_array().unwrap().iter().filter_map(|it| it["percent"].as_f64()).collect();
    assert!(shares.contains(&12.5) && shares.contains(&10.0), "{shares:?}");
    assert_eq!(number(50.0).to_string(), "50");
}

#[test]
fn a_broadcast_is_named_as_one() {
    let value = json(&samples::broadcast(), &[]);
    assert_eq!(value["broadcast"], "March news");
    assert_eq!(value["triggers"], json!([]));
    let kinds: Vec<&Value> =
        value["clauses"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["to", "at", "topic", "send_only", "limit", "holdout"]);
}

#[test]
fn the_page_names_every_kind_with_all_its_details() {
    let (_, page) = include_str!("../../../../docs/graph.md").split_once("### Nodes").unwrap();
    let value = json(&samples::every_kind(), &[]);
    for node in value["nodes"].as_array().unwrap() {
        let head = format!("| `{}` | ", node["kind"].as_str().unwrap());
        let row = page.lines().find(|line| line.starts_with(&head)).expect(&head);
        for name in node["details"].as_object().unwrap().keys() {
            assert!(row.contains(&format!("`{name}`")), "{name} in {row}");
        }
    }
}

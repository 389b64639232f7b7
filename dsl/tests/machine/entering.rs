//! Who enters, and how often.

use dsl::expr::Window;
use dsl::graph::{HowOften, Signal, StepKind, WhileActive};
use dsl::machine::{CAUSE_DEPTH_MAX, Input, LIVE_RUNS_MAX, Piece, Workspace};
use dsl::time::{DAY, HOUR};
use insta::assert_snapshot;
use serde_json::json;

use crate::build::*;

fn entries(how_often: HowOften, while_active: WhileActive, gaps: &[i64]) -> (usize, usize) {
    let mut entering = campaign(steps(vec![wait(days(10)), send("m0")]));
    entering.enter = enter(how_often, while_active);
    let mut story = Story::new(workspace(vec![], vec![entering]));
    for gap in gaps {
        story.event("go", json!({})).wait(*gap);
    }
    (story.person.entries.get(&1).map_or(0, Vec::len), story.person.runs.len())
}

#[test]
fn how_often_a_person_enters() {
    use HowOften::{EveryTime, Once, OncePer};
    use WhileActive::{Alongside, Refuse, Replace};
    let gaps = [DAY, 20 * DAY, 10 * DAY, 0];
    for (how_often, while_active, want) in [
        (Once, Refuse, (1, 0)),
        (Once, Replace, (1, 0)),
        // The fourth comes 31 days after the first.
        (OncePer(days(32)), Refuse, (1, 0)),
        (OncePer(days(31)), Refuse, (2, 1)),
        (OncePer(days(1)), Alongside, (3, 1)),
        (OncePer(days(1)), Replace, (4, 1)),
        (EveryTime, Refuse, (3, 1)),
        (EveryTime, Replace, (4, 1)),
        (EveryTime, Alongside, (4, 1)),
    ] {
        let got = entries(how_often, while_active, &gaps);
        assert_eq!(got, want, "{how_often:?} {while_active:?}");
    }
    assert_eq!(entries(EveryTime, Alongside, &[DAY, DAY, DAY]), (3, 3));
    let many = vec![1; LIVE_RUNS_MAX + 3];
    assert_eq!(entries(EveryTime, Alongside, &many), (LIVE_RUNS_MAX, LIVE_RUNS_MAX));
}

#[test]
fn a_newer_run_replaces_the_live_one() {
    let mut entering = campaign(steps(vec![wait(days(10)), send("m0")]));
    entering.enter = enter(HowOften::EveryTime, WhileActive::Replace);
    let mut story = Story::new(workspace(vec![], vec![entering]));
    story.event("go", json!({ "n": 1 })).wait(DAY).event("go", json!({ "n": 2 }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-12T09:00:00Z"}
    1d00:00 - replaced {}
    1d00:00 - entered {"event":"go"}
    1d00:00 s0 waiting {"until":"2026-03-13T09:00:00Z"}
    "#);
    assert_eq!(story.last.ended.len(), 1);
    assert_eq!(story.last.touched, [story.person.runs[0].id]);
    assert_eq!(story.person.runs[0].trigger, json!({ "n": 2 }));
}

#[test]
fn filters_keep_people_out_and_that_is_no_entry() {
    let mut entering = campaign(steps(vec![send("m0")]));
    entering.triggers = vec![trigger("go", Some(equals("event.plan", "trial")))];
    entering.only_if = Some(not(in_segment("Staff")));
    entering.exits = vec![exit("exit when paid", Signal::Condition(equals("customer.paid", true)))];
    let mut story =
        Story::new(workspace(vec![("Staff", equals("customer.staff", true))], vec![entering]));
    story.event("go", json!({ "plan": "pro" }));
    story.identify(json!({ "staff": true })).event("go", json!({ "plan": "trial" }));
    story.identify(json!({ "staff": false, "paid": true })).event("go", json!({ "plan": "trial" }));
    assert!(story.person.entries.is_empty());
    story.identify(json!({ "paid": null })).event("go", json!({ "plan": "trial" }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 staff: null -> true
    0d00:00 segment 1 entered
    0d00:00 staff: true -> false
    0d00:00 paid: null -> true
    0d00:00 segment 1 left
    0d00:00 paid: true -> null
    0d00:00 - entered {"event":"go","event.plan":"trial","in segment \"Staff\"":false}
    0d00:00 s0 sent {"email":"m0","verdict":"ready"}
    0d00:00 s0 finished {}
    "#);
}

#[test]
fn the_event_that_starts_a_run_neither_ends_nor_signals_it_but_was_performed() {
    let mut entering = campaign(steps(vec![StepKind::Listen {
        limit: limit(Some(days(1))),
        arms: vec![arm("on event \"go\"", on("go"), None)],
        timeout: None,
    }]));
    entering.exits = vec![exit("exit when event \"go\"", on("go"))];
    entering.only_if = Some(performed("go", Window::Ever));
    let mut story = Story::new(workspace(vec![], vec![entering]));
    story.event("go", json!({})).wait(2 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go","performed \"go\"":1}
    0d00:00 s0 waiting {"until":"2026-03-03T09:00:00Z"}
    1d00:00 s0 timed_out {}
    1d00:00 s0 finished {}
    "#);
}

#[test]
fn one_event_ends_a_run_before_it_starts_the_next() {
    let mut entering = campaign(steps(vec![wait(days(10))]));
    entering.exits = vec![exit("exit when event \"go\"", on("go"))];
    entering.enter = enter(HowOften::EveryTime, WhileActive::Refuse);
    let mut story = Story::new(workspace(vec![], vec![entering]));
    story.event("go", json!({})).wait(DAY).event("go", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-12T09:00:00Z"}
    1d00:00 - exited {"event":"go","clause":"exit when event \"go\""}
    1d00:00 - entered {"event":"go"}
    1d00:00 s0 waiting {"until":"2026-03-13T09:00:00Z"}
    "#);
}

#[test]
fn old_and_deeply_caused_events_let_nobody_in_but_count_as_behaviour() {
    let play = |age: i64, depth: u32| {
        let mut story = Story::new(workspace(
            vec![("Went", performed("go", Window::Ever))],
            vec![campaign(steps(vec![send("m0")]))],
        ));
        let piece = Piece::Event { name: name("go"), data: json!({}), time: START - age };
        story.take(Input { piece, depth, ..event(START, "go", json!({})) });
        (story.person.entries.len(), story.person.memberships.len())
    };
    assert_eq!(play(72 * HOUR, CAUSE_DEPTH_MAX), (1, 1));
    assert_eq!(play(72 * HOUR + 1, 0), (0, 1));
    assert_eq!(play(0, CAUSE_DEPTH_MAX + 1), (0, 1));
}

#[test]
fn only_accepting_versions_let_people_in_and_old_ones_are_walked_to_their_end() {
    let old = campaign(steps(vec![wait(days(1)), send("gone")]));
    let new = campaign(steps(vec![send("m1")]));
    let mut link = linking(vec![], vec![old.clone(), new.clone()]);
    link.emails.push(email("gone"));
    link.campaigns[1].accepting = false;
    link.campaigns[1].id = 1;
    let mut story = Story::new(Workspace::link(link).unwrap());
    story.event("go", json!({}));
    // The next deploy takes the message of the old version away.
    let mut link = linking(vec![], vec![old, new]);
    link.version = 2;
    link.campaigns[0].accepting = false;
    link.campaigns[1].id = 1;
    story.workspace = Workspace::link(link).unwrap();
    story.wait(DAY).event("go", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-03T09:00:00Z"}
    1d00:00 s0 elapsed {}
    1d00:00 s1 sent {"email":"gone","verdict":"ready"}
    1d00:00 s1 finished {}
    "#);
    assert_eq!(story.person.version, 2);
}

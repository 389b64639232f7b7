//! What each step does, and in which order things happen.

use dsl::expr::{Count, Expr, Window};
use dsl::gate::{Reason, Verdict};
use dsl::graph::{HowOften, Signal, StepKind, WhileActive};
use dsl::machine::{Effect, STEPS_PER_CALL_MAX};
use dsl::time::{DAY, HOUR, Length, MINUTE};
use insta::assert_snapshot;
use serde_json::json;

use crate::build::*;

fn listen(length: Option<Length>, arms: Vec<dsl::graph::Arm>, timeout: Option<usize>) -> StepKind {
    StepKind::Listen { limit: limit(length), arms, timeout }
}

#[test]
fn sends_and_waits_follow_each_other_without_drift() {
    let graph = steps(vec![send("m0"), wait(days(2)), wait(days(1)), send("m1")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({ "plan": "pro" })).wait(100 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 sent {"email":"m0","verdict":"ready"}
    0d00:00 s1 waiting {"until":"2026-03-04T09:00:00Z"}
    2d00:00 s1 elapsed {}
    2d00:00 s2 waiting {"until":"2026-03-05T09:00:00Z"}
    3d00:00 s2 elapsed {}
    3d00:00 s3 sent {"email":"m1","verdict":"ready"}
    3d00:00 s3 finished {}
    "#);
    assert_eq!(story.person.due, None);
    assert_eq!(story.person.runs, []);
}

#[test]
fn a_wait_hears_the_first_signal_in_written_order() {
    let arms = vec![
        arm("on event \"a\"", on("a"), Some(1)),
        arm("on pro", Signal::Condition(equals("customer.plan", "pro")), Some(2)),
    ];
    let graph = || {
        steps(vec![
            listen(Some(days(5)), arms.clone(), Some(3)),
            send("m0"),
            StepKind::Exit,
            send("m1"),
        ])
    };
    let play = |act: fn(&mut Story) -> &mut Story| {
        let mut story = Story::new(workspace(vec![], vec![campaign(graph())]));
        story.event("go", json!({}));
        act(&mut story);
        story.told()
    };
    assert_snapshot!(play(|story| story.wait(DAY).event("a", json!({}))), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-07T09:00:00Z"}
    1d00:00 s0 signalled {"event":"a","arm":"on event \"a\""}
    1d00:00 s1 sent {"email":"m0","verdict":"ready"}
    1d00:00 s2 finished {}
    "#);
    assert_snapshot!(play(|story| story.wait(DAY).identify(json!({ "plan": "pro" }))), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-07T09:00:00Z"}
    1d00:00 plan: null -> "pro"
    1d00:00 s0 signalled {"customer.plan":"pro","arm":"on pro"}
    1d00:00 s2 finished {}
    "#);
    assert_snapshot!(play(|story| story.wait(6 * DAY)), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-07T09:00:00Z"}
    5d00:00 s0 timed_out {}
    5d00:00 s3 sent {"email":"m1","verdict":"ready"}
    5d00:00 s3 finished {}
    "#);
}

#[test]
fn a_signal_at_the_very_limit_is_too_late() {
    let arms = vec![arm("on event \"a\"", on("a"), None)];
    let graph = steps(vec![listen(Some(days(5)), arms, Some(1)), send("m1")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({}));
    story.now += 5 * DAY;
    story.event("a", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-07T09:00:00Z"}
    5d00:00 s0 timed_out {}
    5d00:00 s1 sent {"email":"m1","verdict":"ready"}
    5d00:00 s1 finished {}
    "#);
}

#[test]
fn a_condition_that_holds_on_arrival_passes_at_once() {
    let holds = Signal::Condition(not(equals("customer.plan", "pro")));
    let graph =
        steps(vec![listen(None, vec![arm("on not pro", holds, Some(1))], None), send("m0")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 signalled {"customer.plan":null,"arm":"on not pro"}
    0d00:00 s1 sent {"email":"m0","verdict":"ready"}
    0d00:00 s1 finished {}
    "#);
}

#[test]
fn the_data_of_a_signal_is_kept_under_its_name() {
    let mut hear = arm("on event \"a\" as found", on("a"), Some(1));
    hear.name = Some("found".into());
    let branch =
        StepKind::If { arms: vec![(equals("journey.found.size", 3), Some(2))], otherwise: None };
    let graph = steps(vec![listen(None, vec![hear], None), branch, send("m0")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({})).wait(HOUR).event("a", json!({ "size": 3 }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"forever"}
    0d01:00 s0 signalled {"event":"a","arm":"on event \"a\" as found"}
    0d01:00 s1 branched {"journey.found.size":3,"arm":"if journey.found.size == 3"}
    0d01:00 s2 sent {"email":"m0","verdict":"ready"}
    0d01:00 s2 finished {}
    "#);
}

#[test]
fn a_step_reads_what_the_one_before_wrote() {
    let branch = StepKind::If {
        arms: vec![(equals("customer.plan", "free"), None), (in_segment("Paying"), Some(3))],
        otherwise: None,
    };
    let kinds = vec![
        set("customer.plan", get("trigger.plan")),
        set("journey.note", Expr::Template("from {{ trigger.plan }}".into())),
        branch,
        send("m0"),
        StepKind::Unset(target("journey.note")),
        set("customer.plan", get("customer.nothing")),
    ];
    let segments = vec![("Paying", equals("customer.plan", "pro"))];
    let mut story = Story::new(workspace(segments, vec![campaign(steps(kinds))]));
    story.event("go", json!({ "plan": "pro" }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 plan: null -> "pro"
    0d00:00 s0 set {"customer.plan":"pro"}
    0d00:00 segment 1 entered
    0d00:00 s1 set {"journey.note":"from pro"}
    0d00:00 s2 branched {"customer.plan":"pro","in segment \"Paying\"":true,"arm":"if in segment \"Paying\""}
    0d00:00 s3 sent {"email":"m0","verdict":"ready"}
    0d00:00 s4 unset {"journey.note":null}
    0d00:00 plan: "pro" -> null
    0d00:00 s5 unset {"customer.plan":null}
    0d00:00 segment 1 left
    0d00:00 s5 finished {}
    "#);
}

#[test]
fn what_one_run_writes_is_heard_by_another() {
    let mut first = campaign(steps(vec![
        listen(
            None,
            vec![arm("on ready", Signal::Condition(equals("customer.ready", true)), Some(1))],
            None,
        ),
        send("m0"),
    ]));
    first.name = name("Waits");
    let mut second =
        campaign(steps(vec![wait(days(1)), set("customer.ready", lit(true)), send("m1")]));
    second.name = name("Writes");
    let mut story = Story::new(workspace(vec![], vec![first, second]));
    story.event("go", json!({})).wait(3 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"forever"}
    0d00:00 s0 waiting {"until":"2026-03-03T09:00:00Z"}
    1d00:00 s0 elapsed {}
    1d00:00 ready: null -> true
    1d00:00 s1 set {"customer.ready":true}
    1d00:00 s0 signalled {"customer.ready":true,"arm":"on ready"}
    1d00:00 s1 sent {"email":"m0","verdict":"ready"}
    1d00:00 s1 finished {}
    1d00:00 s2 sent {"email":"m1","verdict":"ready"}
    1d00:00 s2 finished {}
    "#);
}

#[test]
fn an_exit_goes_before_a_signal_and_nothing_comes_after_it() {
    let mut leaving = campaign(steps(vec![
        listen(None, vec![arm("on event \"a\"", on("a"), Some(1))], None),
        send("m0"),
    ]));
    leaving.exits = vec![exit("exit when event \"a\"", on("a"))];
    let mut story = Story::new(workspace(vec![], vec![leaving]));
    story.event("go", json!({})).wait(HOUR).event("a", json!({})).wait(30 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"forever"}
    0d01:00 - exited {"event":"a","clause":"exit when event \"a\""}
    "#);
    assert_eq!(story.person.runs, []);
}

#[test]
fn a_run_that_writes_what_ends_it_takes_no_further_step() {
    let mut leaving = campaign(steps(vec![set("customer.plan", lit("pro")), send("m0")]));
    leaving.exits =
        vec![exit("exit when in segment \"Paying\"", Signal::Condition(in_segment("Paying")))];
    let segments = vec![("Paying", equals("customer.plan", "pro"))];
    let mut story = Story::new(workspace(segments, vec![leaving]));
    story.event("go", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 plan: null -> "pro"
    0d00:00 s0 set {"customer.plan":"pro"}
    0d00:00 segment 1 entered
    0d00:00 - exited {"in segment \"Paying\"":true,"clause":"exit when in segment \"Paying\""}
    "#);
}

#[test]
fn time_alone_can_end_a_run() {
    let active = performed("login", Window::Last(days(7)));
    let mut leaving = campaign(steps(vec![wait(days(30)), send("m0")]));
    leaving.exits = vec![exit(
        "exit when not in segment \"Active\"",
        Signal::Condition(not(in_segment("Active"))),
    )];
    let mut story = Story::new(workspace(vec![("Active", active)], vec![leaving]));
    story.event("login", json!({})).wait(DAY).event("go", json!({})).wait(DAY);
    story.event("login", json!({})).wait(60 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 segment 1 entered
    1d00:00 - entered {"event":"go"}
    1d00:00 s0 waiting {"until":"2026-04-02T09:00:00Z"}
    9d00:00 segment 1 left
    9d00:00 - exited {"in segment \"Active\"":false,"clause":"exit when not in segment \"Active\""}
    "#);
}

#[test]
fn since_entry_leaves_out_the_event_that_started_the_run() {
    let again = Signal::Condition(performed_times("go", Count::AtLeast(1), Window::SinceEntry));
    let graph =
        steps(vec![listen(Some(days(3)), vec![arm("on again", again, Some(1))], None), send("m0")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({})).wait(HOUR).event("go", json!({}));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"2026-03-05T09:00:00Z"}
    0d01:00 s0 signalled {"performed \"go\" since entry":1,"arm":"on again"}
    0d01:00 s1 sent {"email":"m0","verdict":"ready"}
    0d01:00 s1 finished {}
    "#);
}

#[test]
fn the_gate_is_asked_when_a_step_sends() {
    let graph = || {
        steps(vec![
            send("m0"),
            StepKind::Send {
                channel: dsl::graph::Channel::Email,
                message: name("m1"),
                draft: false,
                to: Some(get("customer.boss")),
                with: vec![
                    ("plan".into(), get("trigger.plan")),
                    ("gone".into(), get("trigger.gone")),
                ],
            },
        ])
    };
    let play = |attributes: serde_json::Value| {
        let mut story = Story::new(workspace(vec![], vec![campaign(graph())]));
        story.identify(attributes).event("go", json!({ "plan": "pro" }));
        let deliveries: Vec<_> = story
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Delivery(delivery) => Some(delivery.clone()),
                _ => None,
            })
            .collect();
        deliveries
    };
    let verdicts = |attributes| play(attributes).into_iter().map(|d| d.verdict).collect::<Vec<_>>();
    let skipped = |reason| Verdict::Skipped { reason };
    assert_eq!(verdicts(json!({ "boss": "bo@acme.test" })), [Verdict::Ready, Verdict::Ready]);
    assert_eq!(verdicts(json!({})), [Verdict::Ready, skipped(Reason::NoAddress)]);
    assert_eq!(
        verdicts(json!({ "email": null, "boss": "bo" })),
        [skipped(Reason::NoAddress), skipped(Reason::BadAddress)]
    );
    assert_eq!(
        verdicts(json!({ "unsubscribed": true })),
        [skipped(Reason::Unsubscribed), skipped(Reason::Unsubscribed)]
    );
    let sent = play(json!({ "boss": "bo@acme.test" }));
    assert_eq!(sent[1].to.as_deref(), Some("bo@acme.test"));
    assert_eq!(
        serde_json::Value::Object(sent[1].frozen.clone()),
        json!({ "trigger": { "plan": "pro" }, "journey": {}, "with": { "plan": "pro" } })
    );
    assert_ne!(sent[0].id, sent[1].id);
}

#[test]
fn a_run_whose_step_is_gone_is_over_and_says_so() {
    let old = campaign(steps(vec![wait(days(1)), wait(days(1))]));
    let mut story = Story::new(workspace(vec![], vec![old]));
    story.event("go", json!({})).wait(25 * HOUR);
    let run = story.person.runs[0].id;
    story.workspace = workspace(vec![], vec![campaign(steps(vec![send("m0")]))]);
    story.effects.clear();
    story.wait(MINUTE);
    assert_snapshot!(story.told(), @r#"
    1d00:00 cut: step `s1` is gone; the run that stood there is over
    1d00:00 s1 exited {"clause":"step `s1` is gone; the run that stood there is over"}
    "#);
    assert_eq!(story.last.ended, [run]);
    assert_eq!(story.person.runs, []);
}

#[test]
fn what_is_over_the_limit_of_steps_goes_on_in_the_next_call() {
    let many: Vec<_> = (0..120).map(|at| set("journey.x", lit(at))).collect();
    let looping: Vec<_> = (0..10)
        .map(|_| campaign(steps(many.clone())))
        .enumerate()
        .map(|(at, mut c)| {
            c.name = format!("C{at}").into();
            c
        })
        .collect();
    let mut story = Story::new(workspace(vec![], looping));
    story.event("go", json!({}));
    assert!(story.last.more);
    assert_eq!(story.last.inputs_taken, 1);
    assert_eq!(story.person.due, Some(story.now));
    let lines =
        |story: &Story| story.effects.iter().filter(|e| matches!(e, Effect::History(_))).count();
    assert_eq!(lines(&story), 10 + STEPS_PER_CALL_MAX);
    let other = event(story.now, "other", json!({}));
    story.take(other.clone());
    assert!(!story.last.more, "{:?}", story.last);
    assert_eq!(lines(&story), 10 * 122);
    assert_eq!(story.person.runs, []);
}

#[test]
fn exits_and_waits_that_ask_for_behaviour_themselves_hear_the_clock() {
    let silent = || Signal::Condition(not(performed("login", Window::Last(days(7)))));
    let play = |campaign| {
        let mut story = Story::new(workspace(vec![], vec![campaign]));
        story.event("login", json!({})).wait(DAY).event("go", json!({})).wait(60 * DAY);
        story.told()
    };
    let mut leaving = campaign(steps(vec![wait(days(30)), send("m0")]));
    leaving.exits = vec![exit("exit when silent", silent())];
    assert_snapshot!(play(leaving), @r#"
    1d00:00 - entered {"event":"go"}
    1d00:00 s0 waiting {"until":"2026-04-02T09:00:00Z"}
    7d00:00 - exited {"performed \"login\" in the last 7 days":0,"clause":"exit when silent"}
    "#);
    let hear = listen(None, vec![arm("on silent", silent(), Some(1))], None);
    assert_snapshot!(play(campaign(steps(vec![hear, send("m1")]))), @r#"
    1d00:00 - entered {"event":"go"}
    1d00:00 s0 waiting {"until":"forever"}
    7d00:00 s0 signalled {"performed \"login\" in the last 7 days":0,"arm":"on silent"}
    7d00:00 s1 sent {"email":"m1","verdict":"ready"}
    7d00:00 s1 finished {}
    "#);
}

#[test]
fn variables_of_a_run_can_end_it() {
    let found = Signal::Condition(equals("journey.found", 3));
    let mut hear = arm("on event \"a\" as heard", on("a"), Some(1));
    hear.name = Some("heard".into());
    let mut leaving = campaign(steps(vec![
        listen(None, vec![hear], None),
        set("journey.found", get("journey.heard.size")),
    ]));
    leaving.enter = enter(HowOften::EveryTime, WhileActive::Refuse);
    leaving.exits = vec![
        exit("exit when found", found),
        exit("exit when heard", Signal::Condition(equals("journey.heard.size", 4))),
    ];
    let mut story = Story::new(workspace(vec![], vec![leaving]));
    story.event("go", json!({})).wait(HOUR).event("a", json!({ "size": 3 })).wait(HOUR);
    story.event("go", json!({})).wait(HOUR).event("a", json!({ "size": 4 }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 - entered {"event":"go"}
    0d00:00 s0 waiting {"until":"forever"}
    0d01:00 s0 signalled {"event":"a","arm":"on event \"a\" as heard"}
    0d01:00 s1 set {"journey.found":3}
    0d01:00 - exited {"journey.found":3,"clause":"exit when found"}
    0d02:00 - entered {"event":"go"}
    0d02:00 s0 waiting {"until":"forever"}
    0d03:00 s0 signalled {"event":"a","arm":"on event \"a\" as heard"}
    0d03:00 - exited {"journey.heard.size":4,"clause":"exit when heard"}
    "#);
}

#[test]
fn a_run_whose_person_was_never_due_is_not_stranded() {
    let graph = steps(vec![wait(days(2)), send("m0")]);
    let mut story = Story::new(workspace(vec![], vec![campaign(graph)]));
    story.event("go", json!({}));
    story.person.due = None;
    assert_eq!(story.wait(HOUR).person.due, Some(START + 2 * DAY));
    story.person.due = None;
    story.effects.clear();
    assert_snapshot!(story.wait(3 * DAY).told(), @r#"
    2d00:00 s0 elapsed {}
    2d00:00 s1 sent {"email":"m0","verdict":"ready"}
    2d00:00 s1 finished {}
    "#);
}

#[test]
fn no_event_happens_after_it_was_accepted() {
    let mut story =
        Story::new(workspace(vec![("Active", performed("login", Window::Last(days(7))))], vec![]));
    let mut early = event(START, "login", json!({}));
    if let dsl::machine::Piece::Event { time, .. } = &mut early.piece {
        *time += 5 * DAY;
    }
    assert_snapshot!(story.take(early).wait(30 * DAY).told(), @r#"
    0d00:00 segment 1 entered
    7d00:00 segment 1 left
    "#);
    assert!(matches!(story.effects[0], Effect::Event { time: START, .. }));
}

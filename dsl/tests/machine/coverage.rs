//! Every outcome of every kind of step is seen at least once in a few told lives.

use std::collections::BTreeSet;

use dsl::graph::{HowOften, Signal, StepKind, WhileActive};
use dsl::machine::StepOutcome;
use dsl::time::DAY;
use serde_json::json;

use crate::build::*;

/// What each kind of step can come to, besides being the last one. A clause is no step.
const POSSIBLE: [(&str, &[StepOutcome]); 8] = [
    (
        "clause",
        &[StepOutcome::Entered, StepOutcome::Exited, StepOutcome::Replaced, StepOutcome::Finished],
    ),
    ("send", &[StepOutcome::Sent]),
    ("wait", &[StepOutcome::Waiting, StepOutcome::Elapsed]),
    ("listen", &[StepOutcome::Waiting, StepOutcome::Signalled, StepOutcome::TimedOut]),
    ("if", &[StepOutcome::Branched]),
    ("set", &[StepOutcome::Set, StepOutcome::Unset]),
    ("unset", &[StepOutcome::Unset]),
    ("exit", &[]),
];

fn possible() -> BTreeSet<(String, StepOutcome)> {
    let mut all = BTreeSet::new();
    for (kind, outcomes) in POSSIBLE {
        all.extend(outcomes.iter().map(|outcome| (kind.to_owned(), *outcome)));
        all.insert((kind.to_owned(), StepOutcome::Finished));
    }
    all
}

#[test]
fn every_outcome_of_every_step_is_visited() {
    let listen = |length| StepKind::Listen {
        limit: limit(length),
        arms: vec![arm("on event \"a\"", on("a"), None)],
        timeout: None,
    };
    let branch = || StepKind::If { arms: vec![], otherwise: None };
    let ends: Vec<StepKind> = vec![
        send("m0"),
        wait(days(1)),
        wait(days(0)),
        listen(Some(days(2))),
        listen(Some(days(0))),
        listen(None),
        branch(),
        set("customer.a", lit(1)),
        set("customer.a", get("customer.gone")),
        StepKind::Unset(target("customer.a")),
        StepKind::Exit,
    ];
    let mut campaigns: Vec<_> = ends.into_iter().map(|kind| campaign(steps(vec![kind]))).collect();
    let mut empty = campaign(steps(vec![StepKind::Exit]));
    empty.graph = dsl::graph::Graph::default();
    let mut again = campaign(steps(vec![wait(days(9))]));
    again.enter = enter(HowOften::EveryTime, WhileActive::Replace);
    again.exits = vec![exit("exit when left", Signal::Condition(equals("customer.left", true)))];
    campaigns.extend([empty, again]);
    for (at, campaign) in campaigns.iter_mut().enumerate() {
        campaign.name = format!("C{at}").into();
    }
    let mut story = Story::new(workspace(vec![], campaigns.clone()));
    story.event("go", json!({})).wait(DAY).event("go", json!({})).wait(2 * DAY);
    story.event("a", json!({})).identify(json!({ "left": true }));
    assert_eq!(story.person.runs, []);

    let visited = visited(&campaigns.iter().collect::<Vec<_>>(), &story.effects);
    let missing: Vec<_> = possible().difference(&visited).cloned().collect();
    let unknown: Vec<_> = visited.difference(&possible()).cloned().collect();
    assert_eq!((missing, unknown), (vec![], vec![]));
    let seen: BTreeSet<StepOutcome> = visited.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(seen, StepOutcome::ALL.into_iter().collect());
}

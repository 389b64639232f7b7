//! Memberships: when they change, and how a person is taken to new definitions.

use dsl::expr::{Atom, Condition, Count, Window};
use dsl::graph::Signal;
use dsl::machine::{Changed, LinkError, Workspace};
use dsl::time::{DAY, HOUR};
use insta::assert_snapshot;
use serde_json::json;

use crate::build::*;

#[test]
fn segments_of_segments_follow_in_one_go() {
    let segments = vec![
        ("Neither", not(Condition::Any(vec![in_segment("Paying"), in_segment("Staff")]))),
        ("Paying", equals("customer.plan", "pro")),
        ("Staff", equals("customer.address.city", "Paris")),
    ];
    let mut story = Story::new(workspace(segments, vec![]));
    story.identify(json!({ "plan": "pro", "name": "Ada" }));
    story.identify(json!({ "address.city": "Paris" })).identify(json!({ "plan": null }));
    story.identify(json!({ "address": { "city": "Rome" } }));
    assert_snapshot!(story.told(), @r#"
    0d00:00 segment 1 entered
    0d00:00 plan: null -> "pro"
    0d00:00 name: null -> "Ada"
    0d00:00 segment 2 entered
    0d00:00 segment 1 left
    0d00:00 address: null -> {"city":"Paris"}
    0d00:00 segment 3 entered
    0d00:00 plan: "pro" -> null
    0d00:00 segment 2 left
    0d00:00 address: {"city":"Paris"} -> {"city":"Rome"}
    0d00:00 segment 3 left
    0d00:00 segment 1 entered
    "#);
}

#[test]
fn behaviour_ends_by_itself_at_the_very_instant() {
    let buys = Condition::Performed {
        atom: Atom { filter: Some(Box::new(equals("event.kind", "book"))), ..atom("buy") },
        count: Count::AtLeast(2),
        window: Window::Last(days(7)),
    };
    let mut story = Story::new(workspace(vec![("Readers", buys)], vec![]));
    story.event("buy", json!({ "kind": "book" })).wait(DAY);
    story.event("buy", json!({ "kind": "game" })).wait(DAY);
    story.event("buy", json!({ "kind": "book" })).wait(HOUR);
    assert_eq!(story.last.changed, Changed::default());
    story.event("buy", json!({ "kind": "book" })).wait(400 * DAY);
    assert_snapshot!(story.told(), @r#"
    2d00:00 segment 1 entered
    9d00:00 segment 1 left
    "#);
    assert_eq!(story.person.due, None);
}

#[test]
fn a_late_event_counts_from_its_own_time() {
    let mut story =
        Story::new(workspace(vec![("Active", performed("login", Window::Last(days(7))))], vec![]));
    let mut late = event(START, "login", json!({}));
    if let dsl::machine::Piece::Event { time, .. } = &mut late.piece {
        *time -= 6 * DAY;
    }
    story.take(late).wait(2 * DAY);
    assert_snapshot!(story.told(), @r#"
    0d00:00 segment 1 entered
    1d00:00 segment 1 left
    "#);
}

#[test]
fn new_definitions_are_taken_on_silently_and_nobody_enters_by_them() {
    let graph = || steps(vec![wait(days(10))]);
    let mut leaving = campaign(graph());
    leaving.exits =
        vec![exit("exit when in segment \"Paying\"", Signal::Condition(in_segment("Paying")))];
    let mut old = linking(vec![("Paying", equals("customer.plan", "pro"))], vec![leaving.clone()]);
    let mut story = Story::new(Workspace::link(old.clone()).unwrap());
    story.identify(json!({ "plan": "team" })).event("go", json!({}));
    story.event("login", json!({}));
    assert_eq!(story.person.runs.len(), 1);
    old.version = 2;
    old.segments[0].1.condition = equals("customer.plan", "team");
    story.workspace = Workspace::link(old).unwrap();
    story.effects.clear();
    story.wait(DAY);
    assert!(story.last.changed.person);
    assert_snapshot!(story.told(), @r#"
    1d00:00 segment 1 entered
    1d00:00 - exited {"in segment \"Paying\"":true,"clause":"exit when in segment \"Paying\""}
    "#);
    let mut gone = linking(vec![], vec![campaign(graph())]);
    gone.version = 3;
    story.workspace = Workspace::link(gone).unwrap();
    story.effects.clear();
    story.wait(DAY);
    assert_snapshot!(story.told(), @"2d00:00 segment 1 left");
    story.wait(DAY);
    assert_eq!(story.last.changed, Changed::default(), "taken along once only");
}

#[test]
fn what_does_not_fit_is_refused() {
    let fails = |link| Workspace::link(link).unwrap_err().to_string();
    let looped = vec![("A", in_segment("B")), ("B", not(in_segment("A")))];
    assert_eq!(fails(linking(looped, vec![])), "segment `A` reads itself");
    assert_eq!(
        fails(linking(vec![("A", in_segment("B"))], vec![])),
        "segment `A` names a segment `B`, which does not exist"
    );
    assert_eq!(
        fails(linking(vec![], vec![campaign(steps(vec![send("m9")]))])),
        "campaign `C` names an email `m9`, which does not exist"
    );
    let mut lost = campaign(steps(vec![send("m0")]));
    lost.graph.steps[0].next = Some(4);
    assert_eq!(fails(linking(vec![], vec![lost])), "campaign `C` has no step 4");
    let mut twice = linking(vec![], vec![]);
    twice.emails.push(email("m0"));
    assert_eq!(fails(twice), "two emails of the name or id `m0`");
    let mut broken = linking(vec![], vec![]);
    broken.emails[0].subject = "Hi {{ customer.name".into();
    assert!(matches!(Workspace::link(broken), Err(LinkError::Email { .. })));
    let text = dsl::expr::Expr::Template("{{ customer.".into());
    let broken = linking(vec![], vec![campaign(steps(vec![set("customer.x", text)]))]);
    assert!(matches!(Workspace::link(broken), Err(LinkError::StepTemplate { .. })));
    let mut twice = linking(vec![], vec![campaign(steps(vec![send("m0")])); 2]);
    twice.campaigns[1].id = 1;
    assert_eq!(fails(twice), "two accepting versions of the name or id `C`");
}

#[test]
fn a_month_ends_by_the_clock_of_the_person() {
    let month = Window::Last(dsl::time::Length { months: 1, ms: 0 });
    let mut story = Story::new(workspace(vec![("Active", performed("login", month))], vec![]));
    story.identify(json!({ "timezone": "America/New_York" })).event("login", json!({}));
    story.wait(26 * DAY).identify(json!({ "timezone": "UTC" })).wait(30 * DAY);
    // In New York the clocks change in between, which makes that month an hour shorter.
    assert_snapshot!(story.told(), @r#"
    0d00:00 timezone: null -> "America/New_York"
    0d00:00 segment 1 entered
    26d00:00 timezone: "America/New_York" -> "UTC"
    31d00:00 segment 1 left
    "#);
    let mut story = Story::new(story.workspace);
    story.identify(json!({ "timezone": "America/New_York" })).event("login", json!({}));
    assert_snapshot!(story.wait(60 * DAY).told(), @r#"
    0d00:00 timezone: null -> "America/New_York"
    0d00:00 segment 1 entered
    30d23:00 segment 1 left
    "#);
}

#[test]
fn a_month_that_becomes_shorter_ends_earlier() {
    let month = Window::Last(dsl::time::Length { months: 1, ms: 0 });
    let mut story = Story::new(workspace(vec![("Active", performed("login", month))], vec![]));
    story.event("login", json!({})).wait(DAY).identify(json!({ "timezone": "America/New_York" }));
    assert_snapshot!(story.wait(60 * DAY).told(), @r#"
    0d00:00 segment 1 entered
    1d00:00 timezone: null -> "America/New_York"
    30d23:00 segment 1 left
    "#);
}

#[test]
fn behaviour_from_before_the_definitions_can_be_filled_in() {
    let books = Condition::Performed {
        atom: Atom { filter: Some(Box::new(equals("event.kind", "book"))), ..atom("buy") },
        count: Count::AtLeast(2),
        window: Window::Ever,
    };
    let mut story = Story::new(workspace(vec![("Readers", books)], vec![]));
    let (book, game) = (json!({ "kind": "book" }), json!({ "kind": "game" }));
    let past = [("buy", &book), ("buy", &game), ("sell", &book), ("buy", &book), ("buy", &book)];
    let past = || (1..).zip(past).map(|(day, (event, data))| (event, data, START - 9 * DAY + day));
    assert!(story.workspace.remember(&mut story.person, past()));
    assert!(!story.workspace.remember(&mut story.person, past()), "once is enough");
    let kept: Vec<_> = story.person.atoms.values().collect();
    assert_eq!(kept, [&vec![START - 9 * DAY + 1, START - 9 * DAY + 4, START - 9 * DAY + 5]]);
    assert_snapshot!(story.wait(0).told(), @"0d00:00 segment 1 entered");
}

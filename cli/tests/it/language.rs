//! The commands that need no server: `check`, `test`, `graph`, `explain`.

use serde_json::Value;

use crate::sojourn::{Place, examples};

const FOUR_MISTAKES: &str = r#"segment "Trial people" = customer.plan = "trial"

email "welcome" {
  from:    "Ada <ada@acme.test>"
  subject: "Hi"
  body:    text "Welcome"
}

campaign "Onboarding" {
  on event "signed_up"
  enter once

  send email "welcom"
  wait 2
  if in segment "Trial persons" {
    send email "welcome"
  }
}
"#;

const RIGHT: &str = r#"email "hi" {
  from:    "Ada <ada@acme.test>"
  subject: "Hi"
  body:    file "hi.html"
}

campaign "Greeting" {
  on event "signed_up"
  wait 1 day
  send email "hi"
}

test "a day later we greet" {
  campaign "Greeting"
  event "signed_up"
  expect email "hi" within 1 day
}

test "we greet at once" {
  campaign "Greeting"
  event "signed_up"
  expect email "hi"
}
"#;

fn right() -> Place {
    Place::new(&[("a/right.journey", RIGHT), ("a/hi.html", "<p>Hi</p>")])
}

#[test]
fn all_mistakes_are_said_at_once() {
    let place = Place::new(&[("onboarding.journey", FOUR_MISTAKES)]);
    let checked = place.run(&["check", "onboarding.journey"]);
    assert_eq!((checked.code, checked.out.as_str()), (1, ""));
    insta::assert_snapshot!("four_mistakes", checked.err);
}

#[test]
fn mistakes_are_data_for_programs() {
    let place = Place::new(&[("onboarding.journey", FOUR_MISTAKES), ("b/right.journey", "# fine")]);
    let checked = place.run(&["check", "onboarding.journey", "b", "--format", "json"]);
    assert_eq!((checked.code, checked.err.as_str()), (1, ""));
    let summary: Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!((&summary["files"], &summary["errors"]), (&2.into(), &4.into()));
    let first = &summary["diagnostics"][0];
    assert_eq!((&first["code"], &first["place"]["line"]), (&"J0105".into(), &1.into()));
    assert_eq!(first["place"]["path"], "onboarding.journey");
}

#[test]
fn warnings_alone_are_fine() {
    let text = RIGHT.replace("wait 1 day\n", "wait { on event \"x\" { } }\n").replace("test", "#");
    let place = Place::new(&[("a.journey", text.split("\n# ").next().unwrap()), ("hi.html", "")]);
    let checked = place.run(&["check", "a.journey"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(checked.err.contains("warning[J0501]"), "{}", checked.err);
}

#[test]
fn a_test_that_fails_says_what_happened() {
    let tested = right().run(&["test", "a"]);
    assert_eq!((tested.code, tested.err.as_str()), (1, ""));
    insta::assert_snapshot!("a_failing_test", tested.out);
}

#[test]
fn one_test_can_be_chosen() {
    let tested = right().run(&["test", "a", "--only", "a day later we greet"]);
    assert_eq!(
        (tested.code, tested.out.as_str()),
        (0, "ok   a day later we greet\n\n1 passed, 0 failed\n")
    );
    let unknown = right().run(&["test", "a", "--only", "no such"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("the tests are `a day later we greet`, `we greet at once`"));
}

#[test]
fn what_does_not_compile_is_not_tested() {
    let place = Place::new(&[("onboarding.journey", FOUR_MISTAKES)]);
    let tested = place.run(&["test", "onboarding.journey"]);
    assert_eq!((tested.code, tested.out.as_str()), (1, ""));
    assert!(tested.err.contains("4 errors"), "{}", tested.err);
}

#[test]
fn campaigns_are_drawn() {
    let example = examples().join("welcome.journey").display().to_string();
    let place = Place::new(&[]);
    let mermaid = place.run(&["graph", &example]);
    assert_eq!(mermaid.code, 0);
    assert!(mermaid.out.starts_with("flowchart TD\n"), "{}", mermaid.out);
    let svg = place.run(&["graph", &example, "--format", "svg"]);
    assert!(svg.out.starts_with("<svg ") && svg.out.ends_with("</svg>\n"), "{}", svg.out);
    let json =
        place.run(&["graph", &example, "--campaign", "Trial onboarding", "--format", "json"]);
    let graph: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(graph["campaign"], "Trial onboarding");
    assert_eq!(graph["nodes"][0]["title"], "send email \"welcome\"");
}

#[test]
fn one_of_several_campaigns_has_to_be_named() {
    let example = examples().join("after-order.journey").display().to_string();
    let place = Place::new(&[]);
    let unnamed = place.run(&["graph", &example]);
    assert_eq!(unnamed.code, 2);
    assert!(unnamed.err.contains("`--campaign`: `After an order`, `Regulars`"), "{}", unnamed.err);
    let unknown = place.run(&["graph", &example, "--campaign", "Regular"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("there is no campaign `Regular`"), "{}", unknown.err);
}

#[test]
fn codes_are_explained() {
    let place = Place::new(&[]);
    let page = place.run(&["explain", "j0105"]);
    assert_eq!(page.code, 0);
    assert!(page.out.starts_with("# J0105: "), "{}", page.out);
    let list = place.run(&["explain"]);
    assert_eq!(list.code, 0);
    assert!(
        list.out.contains("\nnames and templates\n  J0301  an unknown segment\n"),
        "{}",
        list.out
    );
    let data: Value =
        serde_json::from_str(&place.run(&["explain", "J0105", "--format", "json"]).out).unwrap();
    assert_eq!((&data["code"], data["page"].as_str()), (&"J0105".into(), Some(&*page.out)));
    let slip = place.run(&["explain", "J105"]);
    assert_eq!(slip.code, 2);
    assert!(slip.err.contains("did you mean `J0105`"), "{}", slip.err);
}

#[test]
fn paths_that_lead_nowhere_are_wrong_use() {
    let place = Place::new(&[("empty/readme.md", "")]);
    for path in ["missing.journey", "empty"] {
        for command in ["check", "test", "graph"] {
            assert_eq!(place.run(&[command, path]).code, 2, "{command} {path}");
        }
    }
}

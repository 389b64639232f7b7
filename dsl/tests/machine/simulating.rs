//! Tests of `.journey` files, compiled and played.

use dsl::compile::{Catalog, Source, compile};
use dsl::simulate::{TestReport, report, run_tests};
use insta::assert_snapshot;

/// Welcome, two days, then help for those who made no project, and a nudge for free ones.
const TRIAL: &str = r#"
workspace { timezone: "Europe/Paris"  from: "Acme <hi@acme.test>" }
segment "Paying" = customer.plan == "pro"
segment "Regular" = performed "login" at least 5 times in the last 30 days
email "welcome" {
  subject: "Welcome, {{ customer.first_name | default: 'friend' }}"
  body: text "Hello"
}
email "help" { subject: "Need help, {{ customer.first_name }}?"  body: text "Hello" }
email "nudge" { subject: "Upgrade"  body: text "Hello" }
campaign "Trial" {
  on event "signed_up"
  exit when in segment "Paying"
  send email "welcome"
  first: wait 2 days
  activation: wait up to 5 days {
    on performed "project_created" since entry { }
    on timeout { send email "help" }
  }
  set journey.stage = "done"
  set customer.stage = journey.stage
  if customer.plan == "free" { send email "nudge" }
}
"#;

/// Plays one test of the trial; its lines stand for themselves.
fn play(lines: &str) -> (TestReport, String) {
    let text = format!("{TRIAL}test \"trial\" {{\n  campaign \"Trial\"\n{lines}\n}}\n");
    let sources = [Source { path: "trial.journey".into(), text }];
    let compiled = compile(&sources, &Catalog::default());
    assert!(!compiled.has_errors(), "{:#?}", compiled.diagnostics);
    let mut reports = run_tests(&compiled.definitions, Some("trial"));
    assert_eq!(reports.len(), 1);
    let text = report::text(&reports, &sources);
    (reports.remove(0), text)
}

#[track_caller]
fn passes(lines: &str) {
    let (report, text) = play(lines);
    assert!(report.passed, "{text}");
    assert_eq!(report.lines_run, lines.lines().filter(|line| !line.trim().is_empty()).count());
}

/// The message of the last line, which fails, after `lines`, which do not.
fn fails(lines: &str, last: &str) -> String {
    let (report, text) = play(&format!("{lines}\n  {last}"));
    let failure = report.failure.unwrap();
    assert_eq!(failure.line, last, "{text}");
    assert_eq!(failure.timeline.last().map(|entry| entry.what.as_str()), Some(last));
    failure.message
}

#[test]
fn what_goes_as_expected_passes() {
    passes(
        r#"
        given customer with { first_name: "Ada", timezone: "America/New_York" }
        event "signed_up" with { source: "ad" }
        expect email "welcome" where (message.subject contains "Ada")
        expect at step first
        wait 2 days
        expect at step activation
        event "project_created"
        expect no email "help" within 30 days
        expect finished
        expect customer.stage == "done" and performed "project_created" and not in segment "Paying"
        expect journey.stage == "done" and trigger.source == "ad"
        "#,
    );
    passes(
        r#"
        given customer with { first_name: "Ada", plan: "free" }
        event "signed_up"
        expect email "nudge" within 7 days
        expect customer.stage == "done"
        "#,
    );
    passes(
        r#"
        event "signed_up"
        customer with { plan: "pro" }
        expect exit when in segment "Paying"
        "#,
    );
    passes(
        r#"
        given unsubscribed
        event "signed_up"
        expect skipped email "welcome" because "unsubscribed"
        wait 8 days
        expect skipped email "help"
        expect no email "welcome"
        "#,
    );
    passes(
        r#"
        event "signed_up"
        wait 8 days
        expect failed email "help" because "customer.first_name"
        "#,
    );
}

#[test]
fn a_failing_test_tells_how_it_came_to_that() {
    let lines = r#"
  given customer with { first_name: "Ada", plan: "free" }
  at 2026-03-02T10:00
  event "signed_up"
  wait 3 days
  event "project_created" with { name: "Engine" }
  customer with { city: "London" }
  wait 90 minutes
  expect email "help"
"#;
    assert_snapshot!(play(lines).1, @r#"
    FAIL trial

    test "trial" failed
      trial.journey:34:3
        expect email "help"
      email `help` has not left: nothing sent it so far

      what happened
        Mon 2026-03-02 10:00  event "signed_up"
                              enters campaign "Trial"
                              email "welcome" leaves: "Welcome, Ada"
                              wait 2 days: until Wed 2026-03-04 10:00
        Wed 2026-03-04 10:00  wait 2 days: over
                              wait up to 5 days: until Mon 2026-03-09 10:00
        Thu 2026-03-05 10:00  event "project_created" with {"name":"Engine"}
                              on performed "project_created" since entry
                                performed "project_created" since entry = 1
                              set journey.stage = "done"
                                journey.stage = "done"
                              set customer.stage = journey.stage
                                customer.stage = "done"
                              if customer.plan == "free"
                                customer.plan = "free"
                              email "nudge" leaves: "Upgrade"
                              finishes campaign "Trial"
                              customer.city: missing -> "London"
        Thu 2026-03-05 11:30  expect email "help"

    0 passed, 1 failed
    "#);
}

#[test]
fn each_expectation_that_fails_says_what_was_found() {
    let went = "event \"signed_up\"";
    let over = "event \"signed_up\"\nwait 30 days";
    let paid = "event \"signed_up\"\ncustomer with { plan: \"pro\" }";
    let table = [
        (went, "expect email \"nudge\""),
        (went, "expect email \"welcome\" where (message.subject contains \"Ada\")"),
        (went, "expect no email \"welcome\""),
        (went, "expect email \"help\" within 30 days"),
        (went, "expect skipped email \"welcome\""),
        (went, "expect failed email \"nudge\" because \"gone\""),
        ("wait 1 day", "expect finished"),
        (went, "expect finished"),
        (paid, "expect finished"),
        (went, "expect at step activation"),
        (over, "expect at step activation"),
        (over, "expect exit when in segment \"Paying\""),
        (went, "expect customer.plan == \"pro\""),
        (over, "wait until 2026-01-06T10:00"),
    ];
    let mut told = String::new();
    for (lines, last) in table {
        told += &format!("{last}\n  {}\n", fails(lines, last));
    }
    assert_snapshot!(told, @r#"
    expect email "nudge"
      email `nudge` has not left: nothing sent it so far
    expect email "welcome" where (message.subject contains "Ada")
      email `welcome` has left, but `message.subject` is "Welcome, friend"
    expect no email "welcome"
      no email `welcome` was expected, but it left on Mon 2026-01-05 10:00
    expect email "help" within 30 days
      email `help` has not left: it failed, subject: `customer.first_name` is missing
    expect skipped email "welcome"
      email `welcome` did not get skipped: it left
    expect failed email "nudge" because "gone"
      email `nudge` did not fail because of `gone`: nothing sent it so far
    expect finished
      never entered campaign `Trial`
    expect finished
      is not over: stands at `wait 2 days`
    expect finished
      did not finish: `exit when in segment "Paying"` ended the run
    expect at step activation
      stands at `wait 2 days`, not at step `activation`
    expect at step activation
      stands at no step any more: the run finished
    expect exit when in segment "Paying"
      was not ended by that clause: the run finished
    expect customer.plan == "pro"
      does not hold: `customer.plan` is missing
    wait until 2026-01-06T10:00
      this moment is over; the clock shows Wed 2026-02-04 10:00
    "#);
}

#[test]
fn what_is_given_holds_from_the_start() {
    passes("given events \"login\" 5 times\nexpect in segment \"Regular\"\nwait 29 days 22 hours");
    passes(
        r#"
        given events "login" 5 times
        wait 29 days 22 hours 59 minutes 59 seconds
        expect in segment "Regular"
        wait 1 second
        expect not in segment "Regular"
        "#,
    );
    passes(
        r#"
        given events "login" 4 times
        expect not in segment "Regular"
        event "login"
        expect in segment "Regular"
        "#,
    );
    // Behaviour that is only claimed stays; attributes that are written decide anew.
    passes(
        r#"
        given segment "Regular"
        event "login"
        wait 90 days
        expect in segment "Regular"
        "#,
    );
    passes(
        r#"
        given segment "Paying"
        event "login"
        expect in segment "Paying"
        customer with { plan: "free" }
        expect not in segment "Paying"
        "#,
    );
    // Who already meets an exit does not enter.
    passes(
        "given segment \"Paying\"\nevent \"signed_up\"\nexpect no email \"welcome\" within 9 days",
    );
}

#[test]
fn a_test_that_cannot_begin_says_why() {
    let text = format!("{TRIAL}test \"t\" {{ campaign \"Trial\" event \"x\" }}");
    let sources = [Source { path: "trial.journey".into(), text }];
    let mut definitions = compile(&sources, &Catalog::default()).definitions;
    definitions.tests[0].campaign = "Other".into();
    assert_snapshot!(report::text(&run_tests(&definitions, None), &sources), @r#"
    FAIL t

    test "t" failed
      trial.journey:24:1
      there is no campaign `Other`

    0 passed, 1 failed
    "#);
    assert_eq!(run_tests(&definitions, Some("no such test")), []);
}

#[test]
fn a_test_that_needs_what_cannot_run_is_left_out_and_says_why() {
    let text = r#"
workspace { from: "Ada <ada@acme.test>" }
email "hi" { subject: "Hi" body: "Hi" }
email "bye" { subject: "Bye" body: "Bye" }
campaign "Plain" { on event "go" send email "hi" }
campaign "Split" { on event "go" split "s" { 50% "a" { send email "bye" } 50% "b" { } } }
test "runs" { campaign "Plain" event "go" expect email "hi" expect finished }
test "needs a split" { campaign "Split" event "go" expect finished }
test "expects what the split sends" { campaign "Plain" event "go" expect no email "bye" }
test "says what cannot be played" { campaign "Plain" given held out event "go" expect finished }
"#;
    let source = Source { path: "a.journey".to_owned(), text: text.to_owned() };
    let compilation = compile(std::slice::from_ref(&source), &Catalog::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    let reports = run_tests(&compilation.definitions, None);
    assert_snapshot!(report::text(&reports, &[source]), @r"
    ok   runs
    skip needs a split: campaign `Split` cannot run: it has `split`, which this version cannot run yet
    skip expects what the split sends: campaign `Split` cannot run: it has `split`, which this version cannot run yet
    skip says what cannot be played: it says `given held out`, which this version cannot run yet

    1 passed, 0 failed, 3 not run
    ");
}

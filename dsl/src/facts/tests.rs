//! The views of facts, on facts made by hand.

use serde_json::{Value, json};

use super::*;
use crate::time::{DAY, HOUR};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn small() -> CampaignFacts {
    CampaignFacts {
        campaign: "Greeting".into(),
        shortest: Some(Length::default()),
        longest: Longest::Exactly { length: Length::default() },
        fewest_messages: 1,
        most_messages: 1,
        channels: vec![ChannelFacts { channel: Channel::Email, fewest: 1, most: 1 }],
        messages: vec![MessageFacts { channel: Channel::Email, name: "hi".into() }],
        attributes: Vec::new(),
        events: names(&["signed_up"]),
        segments: Vec::new(),
        writes: Vec::new(),
        starts: Vec::new(),
        started_by: Vec::new(),
    }
}

#[test]
fn only_what_there_is_has_a_line() {
    let large = CampaignFacts {
        campaign: "Trial onboarding".into(),
        shortest: Some(Length::exact(12 * HOUR)),
        longest: Longest::AtMost { length: Length::exact(8 * DAY) },
        fewest_messages: 0,
        most_messages: 3,
        attributes: (1..=12).map(|number| format!("attribute_{number}")).collect(),
        segments: names(&["VIP", "Trial people"]),
        writes: names(&["stage"]),
        starts: names(&["Win back"]),
        started_by: names(&["Signup"]),
        ..small()
    };
    insta::assert_snapshot!(text(&[small(), large]), @r#"
    campaign "Greeting"
      takes       no time
      messages    1
      sends       email "hi"
      events      "signed_up"

    campaign "Trial onboarding"
      takes       from 12 hours up to 8 days
      messages    0 to 3
      sends       email "hi"
      attributes  attribute_1, attribute_2, attribute_3, attribute_4, attribute_5, attribute_6,
                  attribute_7, attribute_8, attribute_9, attribute_10, attribute_11, attribute_12
      events      "signed_up"
      segments    "VIP", "Trial people"
      changes     stage
      starts      "Win back"
      started by  "Signup"
    "#);
}

#[test]
fn times_are_said_as_people_say_them() {
    let say = |shortest, longest| {
        let said = text(&[CampaignFacts { shortest, longest, ..small() }]);
        said.lines().nth(1).map(|line| line.trim_start_matches("  takes").trim().to_owned())
    };
    let (day, none) = (Length::exact(DAY), Length::default());
    for (shortest, longest, expected) in [
        (Some(none), Longest::Exactly { length: none }, "no time"),
        (Some(day), Longest::Exactly { length: day }, "1 day"),
        (Some(none), Longest::AtMost { length: day }, "from no time up to 1 day"),
        (Some(day), Longest::Unlimited, "from 1 day, without a limit"),
        (None, Longest::Unlimited, "from a time that stands in the data, without a limit"),
    ] {
        assert_eq!(say(shortest, longest).as_deref(), Some(expected));
    }
}

#[test]
fn facts_are_data_for_programs() {
    let facts: Value = serde_json::to_value([small()]).unwrap();
    assert_eq!(
        facts,
        json!([{
            "campaign": "Greeting",
            "shortest": { "months": 0, "ms": 0 },
            "longest": { "kind": "exactly", "length": { "months": 0, "ms": 0 } },
            "fewest_messages": 1,
            "most_messages": 1,
            "channels": [{ "channel": "email", "fewest": 1, "most": 1 }],
            "messages": [{ "channel": "email", "name": "hi" }],
            "attributes": [],
            "events": ["signed_up"],
            "segments": [],
            "writes": [],
            "starts": [],
            "started_by": [],
        }])
    );
}

/// Times, messages and what is read, of the first campaign of a file.
fn gathered(steps: &str) -> CampaignFacts {
    let text = format!(
        "email \"a\" {{ subject: \"A\" body: \"{{{{ customer.first_name }}}}\" }}\n\
         email \"b\" {{ subject: \"B\" body: \"B\" }}\n\
         sms \"c\" {{ body: \"C\" }}\n\
         campaign \"One\" {{\n on event \"go\"\n{steps}\n}}\n\
         campaign \"Two\" {{\n on event \"moved\"\n send email \"a\"\n}}\n"
    );
    let source = crate::compile::Source { path: "a.journey".to_owned(), text };
    let compilation = crate::compile::compile(&[source], &crate::compile::Catalog::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    facts(&compilation.definitions).into_iter().next().unwrap()
}

#[test]
fn time_and_messages_on_every_way() {
    for (steps, expected) in [
        ("send email \"a\"", "no time, 1"),
        ("send email \"a\"\n wait 2 days\n send email \"b\"", "2 days, 2"),
        (
            "wait up to 5 days { on event \"x\" { send email \"a\" } on timeout { wait 1 day } }",
            "from no time up to 6 days, 0 to 1",
        ),
        (
            "wait forever { on event \"x\" { } }\n send email \"a\"",
            "from no time, without a limit, 1",
        ),
        (
            "if customer.a == 1 { wait 1 day\n send email \"a\" exit } else { wait 3 days }\n send sms \"c\"",
            "from 1 day up to 3 days, 1 (email 0 to 1, sms 0 to 1)",
        ),
        ("repeat up to 3 times every 2 days { send email \"a\" }", "4 days, 3"),
        (
            "repeat up to 3 times every 2 days until customer.a == 1 { send email \"a\"\n wait 1 hour }\n wait 1 day",
            "from 1 day up to 5 days 3 hours, 0 to 3",
        ),
        (
            "repeat up to 3 times every 2 days { send email \"a\"\n if customer.a == 1 { exit } }",
            "from no time up to 4 days, 1 to 3",
        ),
        (
            "repeat up to 2 times { repeat up to 3 times every 1 hour { send email \"a\" }\n wait 1 day }",
            "2 days 4 hours, 6",
        ),
        ("wait until monday 09:00", "from no time up to 7 days, 0"),
        ("wait until weekdays 09:00..17:00", "from no time up to 2 days 16 hours, 0"),
        ("wait until customer.at", "from no time, without a limit, 0"),
        ("wait (customer.n) days", "from a time that stands in the data, without a limit, 0"),
        (
            "at now + 3 days at 09:00 { send email \"a\" } late { }",
            "from no time up to 4 days, 0 to 1",
        ),
        ("", "no time, 0"),
    ] {
        let facts = gathered(steps);
        let shown = text(std::slice::from_ref(&facts));
        let line = |title: &str| {
            let line = shown.lines().find_map(|line| line.trim().strip_prefix(title));
            line.map(|line| line.trim().to_owned()).unwrap()
        };
        assert_eq!(format!("{}, {}", line("takes"), line("messages")), expected, "{steps}");
    }
}

#[test]
fn what_is_read_written_and_started() {
    let facts = gathered(
        "only if customer.plan == \"pro\"\n send email \"a\"\n set customer.a.b = customer.c\n \
         emit event \"moved\"\n if performed \"paid\" { exit }",
    );
    assert_eq!(facts.attributes, names(&["plan", "c", "first_name"]));
    assert_eq!(facts.events, names(&["go", "paid"]));
    assert_eq!(facts.writes, names(&["a.b"]));
    assert_eq!(facts.starts, names(&["Two"]));
    assert_eq!(facts.started_by, names(&[]));
}

#[test]
fn many_branches_take_no_longer_than_their_steps() {
    let branch = "if customer.a == 1 { send email \"a\" } else { wait 1 hour }\n";
    let facts = gathered(&branch.repeat(200));
    assert_eq!((facts.fewest_messages, facts.most_messages), (0, 200));
}

//! Moments, sums and draws: what they come to, and when an answer changes by time alone.

use dsl::compile::{Catalog, Source, compile, compile_condition};
use dsl::expr::eval::{Context, Judgement, NoFacts, evaluate};
use dsl::expr::{Condition, Object};
use dsl::time::{DAY, HOUR, Instant, rfc3339};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::build::*;

fn read(text: &str) -> Condition {
    let (condition, problems) = compile_condition(text, &Catalog::default());
    condition.unwrap_or_else(|| panic!("`{text}`: {problems:?}"))
}

fn person() -> Object {
    object(json!({
        "n": 7, "plan": "pro", "day": "2026-03-02", "at": "2026-03-02T12:00:00Z",
        "seconds": 1_772_452_800, "orders": [{ "total": 20 }, { "total": 80 }], "zero": 0,
    }))
}

/// In Paris, where it is ten o'clock at the start.
fn judge(condition: &Condition, now: Instant) -> Judgement {
    let customer = person();
    let zone = chrono_tz::Tz::Europe__Paris;
    evaluate(condition, &Context::of(Uuid::from_u128(7), &customer, (now, zone), &NoFacts))
}

#[test]
fn sums_and_stand_ins() {
    for (text, holds) in [
        ("customer.n + 1 == 8", true),
        ("(customer.n + 1) * 2 == 16", true),
        ("customer.n - 1 - 2 == 4", true),
        ("customer.n / 2 == 3.5", true),
        ("customer.n / customer.zero exists", false),
        ("customer.n / customer.zero != 1", true),
        ("customer.gone + 1 == 1", false),
        ("customer.plan + \"!\" == \"pro!\"", true),
        ("customer.gone default 3 == 3", true),
        ("customer.n default 3 == 7", true),
        ("any customer.orders where (item.total > 50)", true),
        ("any customer.orders where (item.total > 90)", false),
        ("any customer.gone where (item.total > 50)", false),
        ("not any customer.n where (item.total > 50)", true),
    ] {
        let (condition, problems) = compile_condition(text, &Catalog::default());
        // A calculation cannot be asked for its presence.
        let Some(condition) = condition else {
            assert!(text.ends_with("exists"), "`{text}`: {problems:?}");
            continue;
        };
        assert_eq!(judge(&condition, START), Judgement { holds, next: None }, "`{text}`");
    }
}

#[test]
fn moments_hold_until_time_passes_them() {
    for (text, holds, next) in [
        ("customer.at after now", true, Some("2026-03-02T12:00:00Z")),
        ("customer.at before now", false, Some("2026-03-02T12:00:00.001Z")),
        ("customer.seconds after now", true, Some("2026-03-02T12:00:00Z")),
        ("customer.at in the next 1 day", true, Some("2026-03-02T12:00:00.001Z")),
        ("customer.at in the last 1 day", false, Some("2026-03-02T12:00:00Z")),
        ("customer.at more than 2 hours from now", true, Some("2026-03-02T10:00:00Z")),
        ("customer.at more than 3 hours from now", false, None),
        ("customer.at more than 1 month ago", false, Some("2026-04-02T11:00:00.001Z")),
        ("customer.day in the last 1 day", true, Some("2026-03-02T23:00:00Z")),
        ("customer.day after 2026-03-01", true, None),
        ("customer.day after 2026-03-02", false, None),
        ("customer.at between 2026-03-02 and 2026-03-02", true, None),
        ("customer.at before 2026-03-02T13:01", true, None),
        ("customer.at before 2026-03-02T13:01 in \"UTC\"", true, None),
        ("customer.at before 2026-03-02T13:00", false, None),
        ("customer.at after now - 1 day", true, Some("2026-03-03T12:00:00Z")),
        ("customer.day + 1 day at 09:00 after now", true, Some("2026-03-03T08:00:00Z")),
        ("customer.at before tuesday 09:00", true, Some("2026-03-03T08:00:00.001Z")),
        ("customer.plan after now", false, None),
        ("customer.gone before now", false, None),
        ("not customer.gone before now", true, None),
    ] {
        let judged = judge(&read(text), START);
        assert_eq!((judged.holds, judged.next.map(rfc3339).as_deref()), (holds, next), "`{text}`");
    }
}

#[test]
fn days_of_the_calendar_keep_the_hour_across_a_change_of_clocks() {
    // The clocks of Paris go forward on 29 March.
    for (text, holds) in [
        ("2026-03-28T09:00 + 1 day == 1", false),
        ("customer.x after 2026-03-28 + 1 day at 09:00", false),
        ("customer.x between 2026-03-29T07:00Z and 2026-03-28 + 1 day at 09:00", true),
        ("customer.x before 2026-03-28T09:00 + 1 day", true),
    ] {
        let (Some(condition), _) = compile_condition(text, &Catalog::default()) else { continue };
        let customer = object(json!({ "x": "2026-03-29T07:00:00Z" }));
        let zone = chrono_tz::Tz::Europe__Paris;
        let context = Context::of(Uuid::nil(), &customer, (START, zone), &NoFacts);
        assert_eq!(evaluate(&condition, &context).holds, holds, "`{text}`");
    }
}

#[test]
fn a_draw_is_the_same_for_a_person_and_seed_and_evenly_spread() {
    let drawn = |person: u128, seed: &str| {
        let customer = Object::new();
        let at = (START, chrono_tz::Tz::UTC);
        let context = Context::of(Uuid::from_u128(person), &customer, at, &NoFacts);
        evaluate(&read(&format!("random 10% \"{seed}\"")), &context).holds
    };
    let hits: Vec<u128> = (0..2_000).filter(|person| drawn(*person, "a")).collect();
    assert!((150..250).contains(&hits.len()), "{}", hits.len());
    assert_eq!(hits.first(), hits.iter().find(|person| drawn(**person, "a")));
    let both = hits.iter().filter(|person| drawn(**person, "b")).count();
    assert!(both < 50, "seeds draw apart: {both}");
}

fn moment() -> impl Strategy<Value = String> {
    let from = prop_oneof![
        Just("now"),
        Just("customer.at"),
        Just("customer.day"),
        Just("2026-03-29"),
        Just("2026-03-30T09:00"),
        Just("monday, friday 09:00"),
        Just("02:30 in \"America/New_York\""),
    ];
    let by = prop_oneof![
        4 => Just(String::new()),
        3 => (1..40_u32, any::<bool>(), prop_oneof![Just("hours"), Just("days"), Just("months")])
            .prop_map(|(n, plus, unit)| format!(" {} {n} {unit}", if plus { '+' } else { '-' })),
    ];
    let at = prop_oneof![3 => Just(""), 1 => Just(" at 09:00"), 1 => Just(" at 02:30")];
    (from, by, at).prop_map(|(from, by, at)| {
        // A time on a time needs something to lead to another day.
        if at.is_empty() || !from.contains(':') {
            format!("{from}{by}{at}")
        } else {
            format!("{from}{by}")
        }
    })
}

fn question() -> impl Strategy<Value = String> {
    let value = prop_oneof![Just("customer.at"), Just("customer.day"), Just("customer.seconds")];
    let length = (1..40_u32, prop_oneof![Just("hours"), Just("days"), Just("months")])
        .prop_map(|(n, unit)| format!("{n} {unit}"));
    let test = prop_oneof![
        moment().prop_map(|mark| format!("before {mark}")),
        moment().prop_map(|mark| format!("after {mark}")),
        length.clone().prop_map(|length| format!("in the last {length}")),
        length.clone().prop_map(|length| format!("in the next {length}")),
        length.clone().prop_map(|length| format!("more than {length} ago")),
        length.prop_map(|length| format!("more than {length} from now")),
    ];
    (value, test).prop_map(|(value, test)| format!("{value} {test}"))
}

proptest! {
    #![proptest_config(crate::random::effort(150))]

    #[test]
    fn the_next_change_of_a_moment_is_never_late(text in question(), start in -60..60_i64) {
        let condition = read(&text);
        let mut now = START + start * DAY;
        let mut judged = judge(&condition, now);
        for _ in 0..(20 * 24) {
            now += HOUR;
            let truth = judge(&condition, now);
            let mut wakes = 0;
            while let Some(next) = judged.next.filter(|next| *next <= now) {
                judged = judge(&condition, next);
                wakes += 1;
                prop_assert!(wakes < 20, "`{text}` wakes all the time");
            }
            prop_assert_eq!(judged.holds, truth.holds, "`{}` at {}", text, rfc3339(now));
        }
    }

    #[test]
    fn a_condition_on_moments_reads_back_as_itself(text in question()) {
        let condition = read(&text);
        prop_assert_eq!(read(&condition.to_string()), condition);
    }
}

#[test]
fn every_kind_of_condition_reads_back_as_itself() {
    for text in [
        "customer.a * (customer.b + 2) > 3",
        "customer.a - (customer.b - 2) > 3",
        "customer.a default \"x\" == \"y\"",
        "any customer.orders where (item.total > 50 and item.sku != \"a\")",
        "performed \"x\" where (event.n == 1) at least 2 times after now - 3 days",
        "viewed page \"/pricing*\" in the last 2 days",
        "viewed screen \"home\"",
        "opened email \"m\" in the last 3 days",
        "clicked email \"m\" link \"https://acme.test/*\" at most 2 times",
        "received any email exactly 3 times",
        "in campaign \"C\"",
        "entered campaign \"C\" and not finished campaign \"C\"",
        "subscribed to topic \"T\"",
        "unsubscribed or suppressed",
        "has device",
        "has ios device",
        "related to \"account\" where (object.plan == \"pro\" and relationship.role == \"admin\")",
        "random 12.5% \"seed\"",
        "sum \"order\".value where (event.n > 1) in the last 30 days >= 500",
        "count \"order\" > 3",
        "last \"purchase\".total > 100",
        "last \"purchase\" before 2026-03-01",
        "customer.x between now - 3 days and now + (customer.n) days",
        "customer.\"odd\\\\ name\" == 1",
    ] {
        let catalog = Catalog {
            messages: [(dsl::graph::Channel::Email, ["m".to_owned()].into())].into(),
            campaigns: ["C".to_owned()].into(),
            topics: ["T".to_owned()].into(),
            ..Catalog::default()
        };
        let (Some(condition), problems) = compile_condition(text, &catalog) else {
            assert!(text.contains("odd"), "`{text}` is read");
            continue;
        };
        let shown = condition.to_string();
        let (again, found) = compile_condition(&shown, &catalog);
        assert_eq!(again, Some(condition), "`{text}` became `{shown}`: {problems:?} {found:?}");
    }
}

#[test]
fn what_cannot_run_is_told_apart() {
    let source = |text: &str| Source { path: "a.journey".to_owned(), text: text.to_owned() };
    let told = |text: &str| {
        let compilation = compile(&[source(text)], &Catalog::default());
        assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
        let found = dsl::machine::unsupported(&compilation.definitions);
        found.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
    };
    let plain = "email \"hi\" { subject: \"Hi\" body: \"Hi\" }\n";
    assert_eq!(
        told(&format!(
            "{plain}campaign \"A\" {{ on event \"x\" if customer.at before now {{ send email \"hi\" }} }}"
        )),
        [""; 0]
    );
    assert_eq!(
        told(&format!(
            "{plain}campaign \"A\" {{ on match customer.a == 1\n send email \"hi\"\n wait until monday 09:00\n if unsubscribed {{ exit }} }}"
        )),
        [
            "`on match` of campaign `A` cannot be run by this version yet",
            "`wait until` cannot be run by this version yet",
            "`unsubscribed` cannot be run by this version yet",
        ]
    );
}

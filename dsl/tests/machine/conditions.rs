//! Conditions: what missing values mean, and when an answer changes by time alone.

use dsl::expr::eval::{Context, Facts, Judgement, NoFacts, RunView, evaluate, explain};
use dsl::expr::{Atom, CompareOp, Condition, Count, Expr, Object, Presence, TextOp, Value, Window};
use dsl::time::{self, DAY, HOUR, Instant, Length};
use proptest::prelude::*;
use serde_json::json;

use crate::build::*;

/// One person's logins.
struct Logins(Vec<Instant>);

impl Facts for Logins {
    fn member(&self, segment: &str) -> bool {
        segment == "In"
    }

    fn times(&self, _atom: &Atom) -> &[Instant] {
        &self.0
    }
}

fn context<'a>(now: Instant, customer: &'a Object, facts: &'a dyn Facts) -> Context<'a> {
    let zone = chrono_tz::Tz::Europe__Paris;
    Context::of(uuid::Uuid::from_u128(1), customer, (now, zone), facts)
}

fn compare(left: Expr, op: CompareOp, right: Expr) -> Condition {
    Condition::Compare { left, op, right, ignoring_case: false }
}

fn text(left: &str, op: TextOp, right: &str, ignoring_case: bool) -> Condition {
    Condition::Text { left: get(left), op, right: lit(right), ignoring_case }
}

fn is(left: &str, test: Presence) -> Condition {
    Condition::Presence { path: path(left), test }
}

fn of_each_kind() -> Object {
    object(json!({
        "n": 3, "f": 3.0, "s": "Pro", "digits": "3", "yes": true, "null": null, "text": "",
        "tags": ["vip", 2], "none": [], "object": { "in": { "a": 1 } }, "empty": {},
    }))
}

#[test]
fn values_and_missing_ones() {
    use CompareOp::{Equal, GreaterOrEqual, Less, NotEqual};
    let customer = of_each_kind();
    let within = |value: &str, list: Vec<Expr>| Condition::In {
        value: get(value),
        list,
        ignoring_case: false,
    };
    let between =
        |value: &str, low: Expr, high: Expr| Condition::Between { value: get(value), low, high };
    let c = |key: &str| get(&format!("customer.{key}"));
    for (condition, holds) in [
        (compare(c("n"), Equal, lit(3)), true),
        (compare(c("n"), Equal, c("f")), true),
        (compare(c("n"), Equal, c("digits")), false),
        (compare(c("n"), NotEqual, c("digits")), true),
        (compare(c("digits"), Less, lit(4)), false),
        (compare(c("digits"), GreaterOrEqual, lit(2)), false),
        (compare(c("s"), Equal, lit("pro")), false),
        (compare(c("s"), Less, lit("a")), true),
        (compare(c("yes"), Equal, lit(true)), true),
        (compare(c("yes"), Less, lit(true)), false),
        (compare(c("tags"), Equal, lit("vip")), false),
        (compare(c("tags"), Equal, c("tags")), false),
        (compare(c("gone"), Equal, c("gone")), false),
        (compare(c("null"), Equal, lit(Value::Null)), false),
        (compare(c("gone"), NotEqual, lit(1)), true),
        (compare(c("gone"), Less, lit(1)), false),
        (not(compare(c("gone"), Less, lit(1))), true),
        (between("customer.n", lit(3), lit(4)), true),
        (between("customer.n", lit(1), lit(3)), true),
        (between("customer.n", lit(4), lit(9)), false),
        (between("customer.gone", lit(1), lit(3)), false),
        (within("customer.s", vec![lit("Free"), lit("Pro")]), true),
        (within("customer.gone", vec![c("gone")]), false),
        (not(within("customer.gone", vec![lit(1)])), true),
        (text("customer.s", TextOp::Contains, "ro", false), true),
        (text("customer.s", TextOp::StartsWith, "pr", false), false),
        (text("customer.s", TextOp::StartsWith, "pr", true), true),
        (text("customer.s", TextOp::EndsWith, "O", true), true),
        (text("customer.s", TextOp::Matches, "P*o", false), true),
        (text("customer.tags", TextOp::Contains, "vip", false), true),
        (text("customer.tags", TextOp::Contains, "vi", false), false),
        (text("customer.tags", TextOp::Contains, "VIP", true), true),
        (text("customer.tags", TextOp::StartsWith, "vip", false), false),
        (text("customer.n", TextOp::Contains, "3", false), false),
        (text("customer.gone", TextOp::Contains, "", false), false),
        (is("customer.n", Presence::Exists), true),
        (is("customer.null", Presence::Exists), false),
        (is("customer.null", Presence::Missing), true),
        (is("customer.object.in.a", Presence::Exists), true),
        (is("customer.object.in.a.b", Presence::Missing), true),
        (is("customer.text", Presence::Missing), false),
        (is("customer.text", Presence::Empty), true),
        (is("customer.none", Presence::Empty), true),
        (is("customer.empty", Presence::Empty), true),
        (is("customer.gone", Presence::Empty), true),
        (is("customer.tags", Presence::Empty), false),
        (is("customer.yes", Presence::Empty), false),
        (in_segment("In"), true),
        (in_segment("Out"), false),
        (Condition::All(vec![]), true),
        (Condition::Any(vec![]), false),
    ] {
        let judged = evaluate(&condition, &context(START, &customer, &Logins(vec![])));
        assert_eq!(judged, Judgement { holds, next: None }, "{condition}");
    }
}

#[test]
fn the_values_that_decided_are_noted_by_what_read_them() {
    let customer = object(json!({ "plan": "pro" }));
    let condition = Condition::All(vec![
        equals("customer.plan", "pro"),
        not(in_segment("Out")),
        performed_times("login", Count::AtMost(3), Window::Last(days(7))),
        equals("customer.gone", 1),
        equals("customer.never_read", 1),
    ]);
    let mut deciding = Object::new();
    let facts = Logins(vec![START - 8 * DAY, START - DAY]);
    explain(&condition, &context(START, &customer, &facts), &mut deciding);
    assert_eq!(
        Value::Object(deciding),
        json!({
            "customer.plan": "pro",
            "in segment \"Out\"": false,
            "performed \"login\" in the last 7 days": 1,
            "customer.gone": null,
        })
    );
}

#[test]
fn conditions_read_as_they_are_written() {
    let atom = Atom { filter: Some(Box::new(equals("event.kind", "book"))), ..atom("buy") };
    let window = Window::Last(Length { months: 14, ms: DAY + 30 * time::MINUTE });
    for (condition, text) in [
        (
            Condition::All(vec![
                equals("customer.a", 1),
                Condition::Any(vec![in_segment("S"), not(in_segment("T"))]),
            ]),
            "customer.a == 1 and (in segment \"S\" or not in segment \"T\")",
        ),
        (
            not(Condition::All(vec![equals("customer.a", true), equals("customer.b", "x")])),
            "not (customer.a == true and customer.b == \"x\")",
        ),
        (
            Condition::Performed { atom, count: Count::AtLeast(2), window },
            "performed \"buy\" where (event.kind == \"book\") at least 2 times \
             in the last 1 year 2 months 1 day 30 minutes",
        ),
        (performed("x", Window::SinceEntry), "performed \"x\" since entry"),
        (text_of_tags(), "customer[\"first name\"] not in [\"a\", \"b\"] ignoring case"),
    ] {
        assert_eq!(condition.to_string(), text);
    }
}

fn text_of_tags() -> Condition {
    let mut value = path("customer");
    value.keys.push(dsl::expr::Key::Name("first name".into()));
    let list = vec![lit("a"), lit("b")];
    not(Condition::In { value: Expr::Path(value), list, ignoring_case: true })
}

#[test]
fn nothing_was_since_the_entry_of_no_run() {
    let customer = Object::new();
    let facts = Logins(vec![START - 1]);
    let since = performed("login", Window::SinceEntry);
    assert!(!evaluate(&since, &context(START, &customer, &facts)).holds);
    let run = |since| RunView { trigger: &Value::Null, vars: &customer, since };
    let mut context = context(START, &customer, &facts);
    context.run = Some(run(START - 2));
    assert!(evaluate(&since, &context).holds);
    context.run = Some(run(START - 1));
    assert!(!evaluate(&since, &context).holds);
    assert!(!evaluate(&in_segment("In"), &Context { facts: &NoFacts, ..context }).holds);
}

fn leaf() -> impl Strategy<Value = Condition> {
    let count = prop_oneof![
        (0..4_u32).prop_map(Count::AtLeast),
        (0..4_u32).prop_map(Count::AtMost),
        (0..4_u32).prop_map(Count::Exactly),
    ];
    let window = prop_oneof![
        Just(Window::Ever),
        Just(Window::SinceEntry),
        (0..2_u32, 0..60_i64)
            .prop_map(|(months, hours)| Window::Last(Length { months, ms: hours * HOUR })),
    ];
    (count, window).prop_map(|(count, window)| performed_times("login", count, window))
}

fn tree() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(3, 8, 3, |part| {
        prop_oneof![
            part.clone().prop_map(not),
            prop::collection::vec(part.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(part, 0..3).prop_map(Condition::Any),
        ]
    })
}

/// Plain counting, as the language page says it: an event at `t` counts for t <= now < t + D.
fn holds(condition: &Condition, logins: &[Instant], since: Instant, now: Instant) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, logins, since, now)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, logins, since, now)),
        Condition::Not(part) => !holds(part, logins, since, now),
        Condition::Performed { count, window, .. } => {
            let counts = |at: &&Instant| {
                **at <= now
                    && match window {
                        Window::Ever => true,
                        Window::SinceEntry => **at > since,
                        Window::Last(length) => {
                            now < time::add(**at, *length, chrono_tz::Tz::Europe__Paris)
                        }
                        Window::Before(_) | Window::After(_) => panic!("not made here: {window}"),
                    }
            };
            let found = u32::try_from(logins.iter().filter(counts).count()).unwrap();
            match count {
                Count::AtLeast(times) => found >= *times,
                Count::AtMost(times) => found <= *times,
                Count::Exactly(times) => found == *times,
            }
        }
        other => panic!("not made here: {other}"),
    }
}

proptest! {
    #![proptest_config(crate::random::effort(400))]

    /// The answer at every half hour is the one that the chain of `next` promises.
    #[test]
    fn the_next_change_is_never_late(
        condition in tree(),
        hours in prop::collection::vec(-800..900_i64, 0..8),
        since in -50..50_i64,
    ) {
        let mut logins: Vec<Instant> = hours.into_iter().map(|hour| START + hour * HOUR).collect();
        logins.sort_unstable();
        let since = START + since * HOUR;
        let facts = Logins(logins.clone());
        let nothing = Object::new();
        let run = Some(RunView { trigger: &Value::Null, vars: &nothing, since });
        let judge = |now| evaluate(&condition, &Context { run, ..context(now, &nothing, &facts) });
        let mut now = START;
        let mut judged = judge(now);
        for half in 0..3_600 {
            let at = START + half * HOUR / 2;
            while let Some(next) = judged.next.filter(|next| *next <= at) {
                prop_assert!(next > now, "{condition}: next {next} at {now}");
                if matches!(condition, Condition::Performed { .. }) {
                    prop_assert_ne!(judge(next).holds, judged.holds, "{}", condition);
                }
                prop_assert_eq!(holds(&condition, &logins, since, next - 1), judged.holds);
                now = next;
                judged = judge(now);
            }
            prop_assert_eq!(holds(&condition, &logins, since, at), judged.holds, "{} at {}", condition, at);
        }
    }
}

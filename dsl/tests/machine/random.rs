//! Random definitions and random lives: the outcome never depends on how the machine is called.

use std::collections::{BTreeMap, BTreeSet};

use dsl::expr::eval::{Context, Facts, RunView, evaluate};
use dsl::expr::{Activity, Atom, Condition, Count, Object, Value, Window};
use dsl::graph::{Campaign, Graph, HowOften, Signal, Step, StepKind, WhileActive};
use dsl::machine::{Effect, Input, Person, Piece, StepOutcome, Workspace, advance};
use dsl::time::{self, HOUR, Instant, Length};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::build::*;

const SEGMENTS: [&str; 3] = ["S0", "S1", "S2"];
/// After the last input everybody is watched for so long.
const AFTERWARDS: i64 = 40 * 24 * HOUR;

/// `cases`, times the whole number in `SOJOURN_TEST_EFFORT` where that is set.
#[expect(clippy::disallowed_methods, reason = "how long to search is the caller's choice")]
pub(crate) fn effort(cases: u32) -> ProptestConfig {
    let effort = std::env::var("SOJOURN_TEST_EFFORT").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: cases * effort.unwrap_or(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        8 => (0..72_i64).prop_map(|hours| Length::exact(hours * HOUR)),
        1 => Just(Length { months: 1, ms: 0 }),
    ]
}

fn exact() -> impl Strategy<Value = Length> {
    (0..72_i64).prop_map(|hours| Length::exact(hours * HOUR))
}

/// Reads only segments before `below`.
fn condition(below: usize) -> impl Strategy<Value = Condition> {
    let count = prop_oneof![
        (1..3_u32).prop_map(Count::AtLeast),
        (0..2_u32).prop_map(Count::AtMost),
        (1..3_u32).prop_map(Count::Exactly),
    ];
    let window = prop_oneof![
        1 => Just(Window::Ever),
        1 => Just(Window::SinceEntry),
        3 => length().prop_map(Window::Last),
    ];
    let filter = prop_oneof![
        2 => Just(None),
        1 => (0..2_i64).prop_map(|n| Some(Box::new(equals("event.n", n)))),
    ];
    let performed =
        (event_name(), filter, count, window).prop_map(|(event, filter, count, window)| {
            Condition::Performed { atom: Atom { filter, ..atom(event) }, count, window }
        });
    let path = prop_oneof![
        Just("customer.a"),
        Just("customer.b"),
        Just("customer.a.b"),
        Just("journey.v"),
        Just("trigger.n"),
    ];
    let leaf = prop_oneof![
        3 => (path, 0..2_i64).prop_map(|(path, n)| equals(path, n)),
        3 => performed,
        2 => (0..SEGMENTS.len()).prop_map(move |at| match SEGMENTS.get(at) {
            Some(name) if at < below => in_segment(name),
            _ => equals("customer.a", 1),
        }),
    ];
    leaf.prop_recursive(2, 4, 2, |part| {
        prop_oneof![
            part.clone().prop_map(not),
            prop::collection::vec(part.clone(), 1..3).prop_map(Condition::All),
            prop::collection::vec(part, 1..3).prop_map(Condition::Any),
        ]
    })
}

fn event_name() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("x"), Just("y"), Just("go")]
}

fn signal() -> impl Strategy<Value = Signal> {
    prop_oneof![
        event_name().prop_map(on),
        (event_name(), condition(3)).prop_map(|(event, filter)| Signal::Activity {
            activity: Activity::event(event),
            filter: Some(filter),
        }),
        condition(3).prop_map(Signal::Condition),
    ]
}

/// A step of a graph of `len` steps; ways lead forward, so that every walk ends.
fn step(at: usize, len: usize) -> impl Strategy<Value = Step> {
    let way = move || {
        prop::option::weighted(0.8, at + 1..len + 1).prop_map(move |to| to.filter(|to| *to < len))
    };
    let arm = (prop::collection::vec(signal(), 1..3), way(), any::<bool>()).prop_map(
        |(signals, to, named)| dsl::graph::Arm {
            signals,
            name: named.then(|| "v".to_owned()),
            to,
            title: "on signal".into(),
        },
    );
    let target = prop_oneof![
        Just("customer.a"),
        Just("customer.b"),
        Just("customer.a.b"),
        Just("journey.v"),
    ];
    let value = prop_oneof![
        (0..2_i64).prop_map(lit),
        Just(get("trigger.n")),
        Just(get("customer.a")),
        Just(get("journey.v.n")),
    ];
    let kind = prop_oneof![
        2 => (0..3_usize).prop_map(|n| send(&format!("m{n}"))),
        2 => exact().prop_map(wait),
        3 => (prop::option::weighted(0.7, exact()), prop::collection::vec(arm, 1..3), way())
            .prop_map(|(length, arms, timeout)| StepKind::Listen {
                limit: limit(length),
                arms,
                timeout,
            }),
        2 => (prop::collection::vec((condition(3), way()), 1..3), way())
            .prop_map(|(arms, otherwise)| StepKind::If { arms, otherwise }),
        3 => (target.clone(), value).prop_map(|(target, value)| set(target, value)),
        1 => target.prop_map(|text| StepKind::Unset(self::target(text))),
        1 => Just(StepKind::Exit),
    ];
    (kind, way()).prop_map(move |(kind, next)| Step {
        id: format!("s{at}").into(),
        label: None,
        kind,
        next,
        title: String::new(),
        span: dsl::span::Span::default(),
    })
}

fn graph() -> impl Strategy<Value = Graph> {
    (0..8_usize).prop_flat_map(|len| {
        (0..len)
            .map(|at| step(at, len))
            .collect::<Vec<_>>()
            .prop_map(|steps| Graph { start: (!steps.is_empty()).then_some(0), steps })
    })
}

fn any_campaign() -> impl Strategy<Value = Campaign> {
    let enter = (
        prop_oneof![
            Just(HowOften::Once),
            exact().prop_map(HowOften::OncePer),
            Just(HowOften::EveryTime),
        ],
        prop_oneof![
            Just(WhileActive::Alongside),
            Just(WhileActive::Refuse),
            Just(WhileActive::Replace),
        ],
    );
    let trigger = (event_name(), prop::option::weighted(0.3, condition(3)))
        .prop_map(|(event, filter)| trigger(event, filter));
    (
        prop::collection::vec(trigger, 1..3),
        prop::option::weighted(0.3, condition(3)),
        prop::collection::vec(signal(), 0..3),
        enter,
        graph(),
    )
        .prop_map(|(triggers, only_if, exits, (how_often, while_active), graph)| Campaign {
            triggers,
            only_if,
            exits: exits.into_iter().map(|signal| exit("exit when", signal)).collect(),
            enter: crate::build::enter(how_often, while_active),
            ..campaign(graph)
        })
}

fn any_workspace() -> impl Strategy<Value = (Workspace, Vec<Campaign>)> {
    let segments = (condition(0), condition(1), condition(2));
    (segments, prop::collection::vec(any_campaign(), 1..4)).prop_map(
        |((s0, s1, s2), mut campaigns)| {
            for (at, campaign) in campaigns.iter_mut().enumerate() {
                campaign.name = format!("C{at}").into();
            }
            let segments = SEGMENTS.into_iter().zip([s0, s1, s2]).collect();
            (workspace(segments, campaigns.clone()), campaigns)
        },
    )
}

fn inputs() -> impl Strategy<Value = Vec<Input>> {
    let piece = prop_oneof![
        3 => (event_name(), 0..2_i64, 0..30_i64).prop_map(|(event, n, age)| (event, json!({ "n": n }), age)),
        2 => (prop_oneof![Just("a"), Just("b"), Just("a.b")], prop::option::of(0..2_i64))
            .prop_map(|(key, n)| ("", json!({ key: n }), 0)),
        1 => prop_oneof![Just("America/New_York"), Just("nowhere")]
            .prop_map(|zone| ("", json!({ "timezone": zone }), 0)),
    ];
    prop::collection::vec((prop_oneof![Just(0), 0..3_i64, 0..100_i64], piece), 1..20).prop_map(
        |list| {
            let mut at = START;
            let numbered = (1..).zip(list).map(|(id, (hours, (event, data, age)))| {
                at += hours * HOUR;
                let piece = match event {
                    "" => Piece::Identify { patch: object(data) },
                    event => Piece::Event { name: name(event), data, time: at - age * HOUR },
                };
                Input { id: Uuid::from_u128(id), at, depth: 0, piece }
            });
            numbered.collect()
        },
    )
}

/// A life as it was, whoever called how often.
#[derive(Debug, Default, PartialEq)]
struct Life {
    person: Person,
    effects: Vec<Effect>,
}

impl Life {
    fn call(&mut self, workspace: &Workspace, inputs: &[Input], now: Instant) {
        let before = self.person.clone();
        let outcome = advance(workspace, &mut self.person, inputs, now);
        assert_eq!(outcome.inputs_taken, inputs.len());
        assert!(!outcome.more, "lives are too short for the limit");
        self.check_outcome(&before, &outcome, now);
        self.effects.extend(outcome.effects);
    }

    /// What the shell relies on when it writes only what is said to have changed.
    fn check_outcome(&self, before: &Person, outcome: &dsl::machine::Outcome, now: Instant) {
        let after = &self.person;
        let changed = outcome.changed;
        assert_eq!(changed.due, before.due != after.due);
        assert!(changed.atoms || before.atoms == after.atoms);
        let same = before.attributes == after.attributes && before.version == after.version;
        assert!(changed.person || same);
        let runs = |person: &Person| -> BTreeMap<Uuid, dsl::machine::Run> {
            person.runs.iter().map(|run| (run.id, run.clone())).collect()
        };
        let (old, new) = (runs(before), runs(after));
        let touched: Vec<Uuid> = after
            .runs
            .iter()
            .filter(|run| old.get(&run.id) != Some(*run))
            .map(|run| run.id)
            .collect();
        assert_eq!(outcome.touched, touched);
        let gone: BTreeSet<Uuid> = old.into_keys().filter(|id| !new.contains_key(id)).collect();
        let ended: BTreeSet<Uuid> = outcome.ended.iter().copied().collect();
        assert!(gone.is_subset(&ended) && ended.iter().all(|id| !new.contains_key(id)));
        assert!(after.due.is_none_or(|due| due > now), "nothing that is due is left");
        for run in &after.runs {
            if let Some(due) = run.due {
                assert!(due > now && after.due.is_some_and(|first| first <= due));
            }
        }
    }
}

/// The whole log of what a person did.
struct Log<'a> {
    workspace: &'a Workspace,
    times: BTreeMap<i64, Vec<Instant>>,
}

impl<'a> Log<'a> {
    fn of(workspace: &'a Workspace, life: &Life) -> Self {
        let mut times: BTreeMap<i64, Vec<Instant>> = BTreeMap::new();
        for effect in &life.effects {
            let Effect::Event { name, data, time, .. } = effect else { continue };
            for (id, spec) in workspace.atoms() {
                let nothing = Object::new();
                let context =
                    Context { event: Some(data), ..plain(&nothing, &dsl::expr::eval::NoFacts, 0) };
                let counts = spec.filter.as_ref().is_none_or(|f| evaluate(f, &context).holds);
                if spec.event == *name && counts {
                    times.entry(*id).or_default().push(*time);
                }
            }
        }
        times.values_mut().for_each(|times| times.sort_unstable());
        Self { workspace, times }
    }
}

/// The log, and the segments the person is in.
struct Known<'a> {
    log: &'a Log<'a>,
    person: &'a Person,
}

impl Facts for Known<'_> {
    fn member(&self, segment: &str) -> bool {
        let segment = self.log.workspace.segment_named(segment).unwrap();
        self.person.memberships.contains_key(&segment.id)
    }

    fn times(&self, atom: &Atom) -> &[Instant] {
        self.log.times.get(&dsl::machine::atom_id(atom)).map_or(&[], Vec::as_slice)
    }
}

fn plain<'a>(customer: &'a Object, facts: &'a dyn Facts, now: Instant) -> Context<'a> {
    let zone = time::zone_of(customer, chrono_tz::Tz::UTC);
    Context::of(Uuid::nil(), customer, (now, zone), facts)
}

/// Every membership is what its condition says now, and nobody stays where an exit is met or a
/// condition that is waited for holds.
fn check_state(log: &Log<'_>, life: &Life, now: Instant) {
    let workspace = log.workspace;
    let facts = Known { log, person: &life.person };
    let context = plain(&life.person.attributes, &facts, now);
    for segment in workspace.segments() {
        let holds = evaluate(&segment.segment.condition, &context).holds;
        let member = life.person.memberships.contains_key(&segment.id);
        assert_eq!(member, holds, "{} at {now}", segment.segment.condition);
    }
    for run in &life.person.runs {
        let on = workspace.campaign(run.version).unwrap();
        let view = RunView { trigger: &run.trigger, vars: &run.vars, since: run.since };
        let context = Context { run: Some(view), ..context };
        let silent = |signal: &Signal| match signal {
            Signal::Activity { .. } => true,
            Signal::Condition(condition) => !evaluate(condition, &context).holds,
        };
        assert!(
            on.campaign.exits.iter().all(|exit| exit.when.signal().is_none_or(silent)),
            "{run:?}"
        );
        match &on.campaign.graph.steps[on.step(&run.place).unwrap()].kind {
            StepKind::Wait(_) => assert!(run.due.is_some()),
            StepKind::Listen { limit, arms, .. } => {
                assert_eq!(run.due.is_some(), *limit != dsl::graph::ListenLimit::Forever);
                assert!(arms.iter().flat_map(|arm| &arm.signals).all(silent), "{run:?}");
            }
            other => panic!("a run stands at {other:?}"),
        }
    }
}

/// Lines of a run's history are numbered without gaps, and nothing follows its end.
fn check_histories(life: &Life) {
    let mut lines: BTreeMap<Uuid, i64> = BTreeMap::new();
    let mut over: BTreeSet<Uuid> = BTreeSet::new();
    let mut last = Instant::MIN;
    for effect in &life.effects {
        let (run, at) = match effect {
            Effect::History(line) => {
                let next = lines.entry(line.run).or_default();
                assert_eq!(line.ordinal, *next);
                *next += 1;
                (Some(line.run), line.at)
            }
            Effect::Delivery(delivery) => (Some(delivery.run), delivery.at),
            Effect::Attribute { run, at, .. } => (*run, *at),
            Effect::Entered { run, at, .. } => (Some(*run), *at),
            Effect::Event { at, .. } | Effect::Membership { at, .. } | Effect::Cut { at, .. } => {
                (None, *at)
            }
        };
        assert!(at >= last, "effects come in the order of time");
        last = at;
        assert!(run.is_none_or(|run| !over.contains(&run)), "nothing follows the end: {effect:?}");
        if let Effect::History(line) = effect
            && matches!(
                line.outcome,
                StepOutcome::Finished | StepOutcome::Exited | StepOutcome::Replaced
            )
        {
            over.insert(line.run);
        }
    }
    let live: BTreeSet<Uuid> = life.person.runs.iter().map(|run| run.id).collect();
    let open: BTreeSet<Uuid> = lines.into_keys().filter(|run| !over.contains(run)).collect();
    assert_eq!(open, live, "who has no end is live");
}

proptest! {
    #![proptest_config(effort(300))]

    #[test]
    fn the_same_life_however_it_is_called(
        (workspace, _) in any_workspace(),
        inputs in inputs(),
        chunk in 1..6_usize,
        lag in 0..100_i64,
    ) {
        let end = inputs.last().map_or(START, |input| input.at) + AFTERWARDS;
        let mut at_once = Life::default();
        at_once.call(&workspace, &inputs, end);

        let mut one_by_one = Life::default();
        for input in &inputs {
            one_by_one.call(&workspace, std::slice::from_ref(input), input.at);
        }
        one_by_one.call(&workspace, &[], end);
        prop_assert_eq!(&one_by_one, &at_once);

        // In chunks, late, but never later than what comes next.
        let mut late = Life::default();
        let chunks: Vec<_> = inputs.chunks(chunk).collect();
        for (index, inputs) in chunks.iter().enumerate() {
            let next = chunks.get(index + 1).and_then(|next| next.first()).map_or(end, |next| next.at);
            // At the very instant of the next input, that input's own wake-ups come first anyway.
            let last = inputs.last().map_or(START, |input| input.at);
            late.call(&workspace, inputs, (last + lag * HOUR).min(next));
        }
        late.call(&workspace, &[], end);
        prop_assert_eq!(&late, &at_once);
        check_histories(&at_once);
    }

    /// Also with a person that no machine made, and inputs in no order.
    #[test]
    fn nothing_makes_it_panic_or_stick(
        (workspace, _) in any_workspace(),
        mut inputs in inputs(),
        place in prop_oneof![Just("s0"), Just("s3"), Just("nowhere")],
        version in 0..40_i64,
        (arrived, due) in (any::<i64>(), any::<Option<i64>>()),
    ) {
        inputs.reverse();
        let run = dsl::machine::Run {
            id: Uuid::nil(), campaign: version / 10, version, place: name(place), arrived, due,
            since: arrived, trigger: Value::Null, vars: Object::new(), ordinal: 0, depth: 0,
        };
        let mut person = Person { runs: vec![run], version: 1, due, ..Person::default() };
        let end = START + AFTERWARDS;
        for input in &inputs {
            advance(&workspace, &mut person, std::slice::from_ref(input), end);
        }
        let outcome = advance(&workspace, &mut person, &inputs, i64::MAX);
        prop_assert!(person.due.is_none() || outcome.more);
    }
}

proptest! {
    #![proptest_config(effort(150))]

    #[test]
    fn whoever_is_looked_at_each_hour_is_where_he_should_be((workspace, _) in any_workspace(), inputs in inputs()) {
        let end = inputs.last().map_or(START, |input| input.at) + AFTERWARDS;
        // Both meet the definitions at the same moment.
        let mut at_once = Life::default();
        at_once.call(&workspace, &[], START);
        at_once.call(&workspace, &inputs, end);
        let mut watched = Life::default();
        let mut rest = &inputs[..];
        let mut log = Log::of(&workspace, &watched);
        let mut now = START;
        while now <= end {
            let due = rest.partition_point(|input| input.at <= now);
            let (inputs, later) = rest.split_at(due);
            watched.call(&workspace, inputs, now);
            rest = later;
            if !inputs.is_empty() {
                log = Log::of(&workspace, &watched);
            }
            check_state(&log, &watched, now);
            now += HOUR;
        }
        prop_assert_eq!(&watched, &at_once);
    }
}

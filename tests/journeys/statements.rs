//! No statement per person: the way from an event to a mail costs as many statements for a
//! thousand people as for one.

use domain::deliveries::{self, Finished, Handed, Mark};
use serde_json::json;
use tests::for_each_database;

use tests::side::{Side, identify, track};

const SOURCE: &str = r#"
workspace { from: "ada@acme.test" }

segment "Trial" = customer.plan == "trial"

email "welcome" {
  subject: "Welcome, {{ customer.first_name }}"
  body: text "Good to have you."
}

campaign "Onboarding" {
  on event "signed_up" where event.plan == "trial"
  only if in segment "Trial"

  set customer.stage = "new"
  send email "welcome"
  wait 30 days
}
"#;
const MANY: usize = 1_000;
const LEASE_MS: i64 = 60_000;

/// Statements of each leg of the way.
#[derive(Debug, PartialEq)]
struct Way {
    intake: u64,
    /// Of each tick that moved somebody.
    ticks: Vec<u64>,
    claim: u64,
    mark: u64,
    record: u64,
}

#[tokio::test]
async fn a_thousand_people_cost_as_many_statements_as_one() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(SOURCE).await;
        // The sweeps of the deploy are over before anything is counted.
        side.settle().await;
        // The first of all compiles the definitions and begins a period of message ids.
        walk(&side, "first", 1).await;
        let one = walk(&side, "one", 1).await;
        let many = walk(&side, "many", MANY).await;

        let [of_one] = one.ticks.as_slice() else { panic!("one tick for one person: {one:?}") };
        assert!(many.ticks.iter().all(|tick| tick == of_one), "{one:?} and {many:?}");
        let rest = |way: &Way| (way.intake, way.claim, way.mark, way.record);
        assert_eq!(rest(&one), rest(&many));
        assert_eq!(side.number("SELECT count(*) FROM run").await, 2 + MANY as i64);
        let sent = "SELECT count(*) FROM delivery WHERE state = 'sent'";
        assert_eq!(side.number(sent).await, 2 + MANY as i64);
    })
    .await;
}

async fn walk(side: &Side, name: &str, people: usize) -> Way {
    let counted = Counter::new(side);
    let mut activity = Vec::with_capacity(2 * people);
    for number in 0..people {
        let id = format!("{name}-{number}");
        let patch =
            json!({ "email": format!("{id}@acme.test"), "first_name": id, "plan": "trial" });
        activity.push(identify(&id, patch));
        activity.push(track(&id, "signed_up", json!({ "plan": "trial" })));
    }
    side.take(activity).await;
    let intake = counted.statements();

    let (mut ticks, mut moved) = (Vec::new(), 0);
    while moved < people {
        let counted = Counter::new(side);
        let report = domain::tick::tick(&side.store, side.w, None).await.unwrap();
        assert!(report.people > 0, "a tick found nobody, {moved} of {people} were moved");
        moved += report.people;
        ticks.push(counted.statements());
    }

    let counted = Counter::new(side);
    let claimed = deliveries::claim(&side.store, side.w, "email", MANY, LEASE_MS).await.unwrap();
    assert_eq!(claimed.len(), people);
    let claim = counted.statements();
    let counted = Counter::new(side);
    let marks = claimed.iter().cloned().map(|claimed| Mark { claimed, lease_ms: LEASE_MS });
    let ours = deliveries::record(&side.store, Vec::new(), marks.collect()).await.unwrap();
    assert_eq!(ours.len(), people);
    let mark = counted.statements();
    let counted = Counter::new(side);
    let sent = Handed::Sent { provider_id: None, content: None };
    let finished =
        claimed.into_iter().map(|claimed| Finished { claimed, result: sent.clone() }).collect();
    deliveries::record(&side.store, finished, Vec::new()).await.unwrap();
    Way { intake, ticks, claim, mark, record: counted.statements() }
}

struct Counter<'a> {
    side: &'a Side,
    before: u64,
}

impl<'a> Counter<'a> {
    fn new(side: &'a Side) -> Self {
        Self { side, before: side.store.statements() }
    }

    fn statements(&self) -> u64 {
        self.side.store.statements() - self.before
    }
}

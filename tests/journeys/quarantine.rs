//! Poison: an input that the database refuses parks its person, visibly and with its inputs; every
//! other person goes on, in the same lane too.

use domain::identifier::{Identifier, IdentifierKind, PersonKey};
use domain::people;
use serde_json::{Value, json};
use tests::for_each_database;

use tests::side::{Side, identify, track};

const SOURCE: &str = r#"
workspace { from: "ada@acme.test" }

email "welcome" {
  subject: "Welcome"
  body: text "Good to have you."
}

campaign "Onboarding" {
  on event "signed_up"
  send email "welcome"
}
"#;
/// People that are made at once until one shares the lane.
const CROWD: usize = 400;

#[tokio::test]
async fn poison_parks_one_person_and_the_lane_goes_on() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(SOURCE).await;
        let patch = json!({ "email": "eve@acme.test" });
        side.take(vec![identify("eve", patch), track("eve", "signed_up", json!({ "n": 1 }))]).await;
        // A row of the inbox that comes a second time is what no door lets in: its event exists.
        execute(&side, "CREATE TABLE kept AS SELECT * FROM inbox").await;
        side.settle().await;
        let eve = key(&side, "eve").await;

        let crowd = neighbours(&side, eve).await;
        execute(
            &side,
            "INSERT INTO inbox (w, l, p, id, identifiers, piece, depth, accepted_at)
             SELECT w, l, p, id, identifiers, piece, depth, accepted_at FROM kept
             WHERE CAST(piece AS TEXT) LIKE '%signed_up%'",
        )
        .await;
        assert_eq!(side.number("SELECT count(*) FROM inbox").await, 2 * crowd + 1);
        let report = side.settle().await;

        assert_eq!(report.quarantined, 1);
        assert_eq!(side.number("SELECT count(*) FROM inbox").await, 0);
        let sql = "SELECT p, reason, inputs FROM quarantine";
        let parked = side.store.read().all(sql, Vec::new()).await.unwrap();
        let [row] = parked.as_slice() else { panic!("one is parked: {parked:?}") };
        assert_eq!(row.uuid("p").unwrap(), eve.p);
        assert!(row.text("reason").unwrap().contains("the database refused"));
        let inputs: Value = row.json("inputs").unwrap();
        assert_eq!(inputs[0]["data"], json!({ "n": 1 }));
        assert_eq!(side.number("SELECT count(*) FROM delivery").await, crowd + 1);
        assert_eq!(side.number("SELECT count(*) FROM event").await, crowd + 1);

        side.take(vec![track("eve", "signed_in", json!({}))]).await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM event").await, crowd + 2);
        assert_eq!(side.number("SELECT count(*) FROM quarantine").await, 1);
    })
    .await;
}

/// Lets people sign up until one of them shares the lane; answers how many did.
async fn neighbours(side: &Side, of: PersonKey) -> i64 {
    let mut count = 0;
    loop {
        let names: Vec<String> = (count..count + CROWD).map(|n| format!("guest-{n}")).collect();
        let activity = names.iter().flat_map(|name| {
            let patch = json!({ "email": format!("{name}@acme.test") });
            [identify(name, patch), track(name, "signed_up", json!({}))]
        });
        side.take(activity.collect()).await;
        count += CROWD;
        let sql = format!("SELECT count(*) FROM identifier WHERE l = {}", of.l);
        // Eve herself is one.
        if side.number(&sql).await > 1 {
            return i64::try_from(count).expect("a small number");
        }
    }
}

async fn key(side: &Side, name: &str) -> PersonKey {
    let name = Identifier::new(IdentifierKind::Id, name);
    let person = people::by_identifier(&side.store, side.w, &name).await.unwrap();
    person.expect("is known").key
}

async fn execute(side: &Side, sql: &'static str) {
    let done = side
        .store
        .write(move |session| Box::pin(async move { session.execute(sql, Vec::new()).await }))
        .await;
    done.expect("the statement is carried out");
}

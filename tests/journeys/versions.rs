//! A deploy while people are on their way: those inside finish on the version they entered,
//! newcomers take the new one, and everybody becomes a member of the new segments.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::identifier::{Identifier, IdentifierKind, PersonKey};
use domain::{campaigns, journeys, people, segments};
use serde_json::json;
use tests::for_each_database;

use tests::side::{Side, identify, track};

const FIRST: &str = r#"
workspace { from: "ada@acme.test" }

email "old" { subject: "old"  body: text "old" }

campaign "Onboarding" {
  on event "signed_up"
  wait 1 second
  send email "old"
}
"#;
const SECOND: &str = r#"
workspace { from: "ada@acme.test" }

segment "Pro" = customer.plan == "pro"
segment "Seen the tour twice" = performed "saw_tour" where (event.long == true) at least 2 times in the last 30 days

email "old" { subject: "old"  body: text "old" }
email "new" { subject: "new"  body: text "new" }

campaign "Onboarding" {
  on event "signed_up"
  wait 1 second
  send email "new"
}

campaign "For pros" {
  on event "signed_up"
  only if in segment "Pro"
  send email "new"
}
"#;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

#[tokio::test]
async fn people_inside_finish_on_the_old_version_and_newcomers_take_the_new_one() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(FIRST).await;
        let tour = |long: bool| track("ada", "saw_tour", json!({ "long": long }));
        side.take(vec![
            identify("ada", json!({ "email": "ada@acme.test", "plan": "pro" })),
            tour(true),
            tour(false),
            tour(true),
            track("ada", "signed_up", json!({})),
            identify("bob", json!({ "email": "bob@acme.test", "plan": "free" })),
            track("bob", "saw_tour", json!({ "long": true })),
        ])
        .await;
        side.settle().await;
        let deployed = side.deploy(SECOND).await;
        assert_eq!(deployed.campaigns_changed, ["Onboarding"]);
        assert_eq!(deployed.campaigns_new, ["For pros"]);
        side.take(vec![
            identify("cyd", json!({ "email": "cyd@acme.test", "plan": "free" })),
            track("cyd", "signed_up", json!({})),
        ])
        .await;
        side.settle().await;

        assert_eq!(side.number("SELECT count(*) FROM sweep").await, 0);
        assert_eq!(members(&side).await, [("Pro", 1), ("Seen the tour twice", 1)].map(own).into());
        let ada = key(&side, "ada").await;
        let of_ada = segments::of_person(&side.store, side.w, ada).await.unwrap();
        let of_ada: Vec<&str> = of_ada.iter().map(|segment| segment.name.as_str()).collect();
        assert_eq!(of_ada, ["Pro", "Seen the tour twice"]);
        // A deploy alone lets nobody in: Ada signed up before there was anything for pros.
        let onboarding = newest(&side, "Onboarding").await;
        assert_eq!(entered(&side, "ada").await, [onboarding]);
        assert_eq!(entered(&side, "cyd").await, [onboarding]);

        while side.number("SELECT count(*) FROM run").await > 0 {
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            side.settle().await;
        }
        assert_eq!(walked(&side, "ada").await, (1, "old".to_owned()));
        assert_eq!(walked(&side, "cyd").await, (2, "new".to_owned()));
    })
    .await;
}

fn own((name, count): (&str, i64)) -> (String, i64) {
    (name.to_owned(), count)
}

async fn key(side: &Side, name: &str) -> PersonKey {
    let name = Identifier::new(IdentifierKind::Id, name);
    let person = people::by_identifier(&side.store, side.w, &name).await.unwrap();
    person.expect("is known").key
}

async fn newest(side: &Side, name: &str) -> i64 {
    let all = campaigns::list(&side.store, side.w, None, 10).await.unwrap();
    let found = all.into_iter().find(|campaign| campaign.name == name).expect("is deployed");
    assert_eq!(found.number, 2);
    found.id
}

async fn members(side: &Side) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for segment in segments::list(&side.store, side.w, None, 10).await.unwrap() {
        let count = segments::count(&side.store, side.w, segment.id).await.unwrap();
        counts.insert(segment.name, count);
    }
    counts
}

/// The campaigns a person ever entered.
async fn entered(side: &Side, name: &str) -> Vec<i64> {
    let key = key(side, name).await;
    let all = journeys::list(
        &side.store,
        side.w,
        journeys::Filter { person: Some(key), campaign: None },
        None,
        10,
    )
    .await
    .unwrap();
    all.into_iter().map(|journey| journey.campaign).collect()
}

/// The number of the version a person walked to its end, and the message it got.
async fn walked(side: &Side, name: &str) -> (i64, String) {
    let key = key(side, name).await;
    let all = journeys::list(
        &side.store,
        side.w,
        journeys::Filter { person: Some(key), campaign: None },
        None,
        10,
    )
    .await
    .unwrap();
    let [run] = all.as_slice() else { panic!("one journey of {name}: {all:?}") };
    let lines = journeys::history(&side.store, side.w, key, run.id, run.since).await.unwrap();
    assert!(lines.iter().all(|line| line.version == lines[0].version), "{lines:?}");
    assert_eq!(lines.last().map(|line| line.outcome.as_str()), Some("finished"));
    let sql = format!("SELECT number FROM campaign_version WHERE id = {}", lines[0].version);
    let sent = lines.iter().find(|line| line.outcome == "sent").expect("a mail was sent");
    let message = sent.deciding["email"].as_str().expect("a name").to_owned();
    (side.number(&sql).await, message)
}

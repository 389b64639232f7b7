//! From activity to a delivery that is handed over.

use domain::deliveries::{self, Filter, Finished, Handed, Mark, State};
use domain::identifier::{Identifier, IdentifierKind};
use domain::{campaigns, journeys, people, segments};
use serde_json::json;
use tests::for_each_database;

use tests::side::{Side, identify, track};

const SOURCE: &str = r#"
segment "Trial" = customer.plan == "trial"

email "welcome" {
  from: "Ada at Acme <ada@acme.test>"
  subject: "Welcome, {{ customer.first_name }}"
  body: html """
    <p>Hello {{ customer.first_name }}.</p>
    """
}

campaign "Onboarding" {
  on event "signed_up" where event.plan == "trial"
  only if in segment "Trial"
  enter once

  send email "welcome"
  wait 30 days
}
"#;

#[tokio::test]
async fn an_event_becomes_a_mail() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(SOURCE).await;
        side.settle().await;
        side.take(vec![
            identify(
                "ada",
                json!({"first_name": "Ada", "email": "ada@acme.test", "plan": "trial"}),
            ),
            track("ada", "signed_up", json!({"plan": "trial"})),
            identify("bob", json!({"first_name": "Bob", "plan": "free"})),
            track("bob", "signed_up", json!({"plan": "trial"})),
        ])
        .await;
        let report = side.settle().await;
        assert_eq!((report.people, report.inputs, report.ready), (2, 4, 1));

        let claimed = deliveries::claim(&side.store, side.w, "email", 10, 10_000).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].attributes["first_name"], "Ada");
        let marks = vec![Mark { claimed: claimed[0].clone(), lease_ms: 10_000 }];
        let ours = deliveries::record(&side.store, Vec::new(), marks).await.unwrap();
        assert!(ours.contains(&claimed[0].delivery));
        let content = Some(json!({"subject": "Welcome, Ada"}));
        let result = Handed::Sent { provider_id: None, content };
        let finished = vec![Finished { claimed: claimed[0].clone(), result }];
        deliveries::record(&side.store, finished, Vec::new()).await.unwrap();
        assert_eq!(side.number("SELECT count(*) FROM outgoing").await, 0);
        let filter = Filter { with_content: true, ..Filter::default() };
        let sent = deliveries::list(&side.store, side.w, &filter, None, 10).await.unwrap();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].state, sent[0].attempts), (State::Sent, 1));
        let contents = deliveries::contents(&side.store, side.w, &[sent[0].id]).await.unwrap();
        assert_eq!(contents[0].rendered["subject"], "Welcome, Ada");

        let ada = Identifier::new(IdentifierKind::Id, "ada");
        let ada = people::by_identifier(&side.store, side.w, &ada).await.unwrap().unwrap();
        let of_ada = segments::of_person(&side.store, side.w, ada.key).await.unwrap();
        assert_eq!(of_ada.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Trial"]);
        let walked = journeys::list(
            &side.store,
            side.w,
            journeys::Filter { person: Some(ada.key), campaign: None },
            None,
            10,
        )
        .await
        .unwrap();
        assert_eq!(walked.len(), 1);
        let live = walked[0].live.as_ref().expect("Ada waits");
        let lines = journeys::history(&side.store, side.w, ada.key, walked[0].id, walked[0].since)
            .await
            .unwrap();
        let outcomes: Vec<&str> = lines.iter().map(|line| line.outcome.as_str()).collect();
        assert_eq!(outcomes, ["entered", "sent", "waiting"]);
        let per_step = campaigns::people_per_step(&side.store, side.w, live.version).await.unwrap();
        assert_eq!(per_step.get(&live.place), Some(&1));
        assert_eq!(side.number("SELECT count(*) FROM clock").await, 1);
        assert_eq!(journeys::without_wake_up(&side.store).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_what_no_tick_has_taken() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.take(vec![identify("ada", json!({"plan": "pro", "email": "ada@acme.test"}))]).await;
        let ada = Identifier::new(IdentifierKind::Id, "ada");
        let ada = people::by_identifier(&side.store, side.w, &ada).await.unwrap().unwrap();
        assert_eq!(ada.attributes["plan"], "pro");
        assert_eq!(ada.attributes["id"], "ada");
        side.settle().await;
        let after = people::one(&side.store, side.w, ada.key).await.unwrap();
        assert_eq!(after.attributes["plan"], "pro");
        assert_eq!(after.attributes["id"], "ada");
    })
    .await;
}

#[tokio::test]
async fn people_are_taken_along_to_new_definitions() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.take(vec![
            identify("ada", json!({"plan": "trial"})),
            track("ada", "opened_app", json!({"screen": "home"})),
            identify("bob", json!({"plan": "free"})),
        ])
        .await;
        side.settle().await;
        side.deploy(
            r#"
            segment "Trial" = customer.plan == "trial"
            segment "Seen home" = performed "opened_app" where (event.screen == "home")
            "#,
        )
        .await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM membership").await, 2);
        assert_eq!(side.number("SELECT count(*) FROM sweep").await, 0);
        side.deploy(r#"segment "Free" = customer.plan == "free""#).await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM membership").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_segment_entered_and_left_in_one_tick_is_left() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(r#"segment "Pro" = customer.plan == "pro""#).await;
        let plans = |name: &'static str, plans: &[&str]| {
            plans.iter().map(|plan| identify(name, json!({ "plan": plan }))).collect::<Vec<_>>()
        };
        side.take(plans("ada", &["pro", "free"])).await;
        side.take(plans("bob", &["pro", "free", "pro"])).await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM membership").await, 1);
        assert_eq!(side.number("SELECT count(*) FROM inbox").await, 0);
        let bob = Identifier::new(IdentifierKind::Id, "bob");
        let bob = people::by_identifier(&side.store, side.w, &bob).await.unwrap().unwrap();
        assert_eq!(segments::of_person(&side.store, side.w, bob.key).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_run_whose_version_does_not_compile_any_more_ends_and_nobody_waits_for_it() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        side.deploy(SOURCE).await;
        let plan = json!({ "plan": "trial", "email": "ada@acme.test", "first_name": "Ada" });
        side.take(vec![identify("ada", plan), track("ada", "signed_up", json!({"plan": "trial"}))])
            .await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM run").await, 1);
        side.deploy(r#"segment "Trial" = customer.plan == "trial""#).await;
        side.take(vec![identify("bob", json!({ "plan": "trial" }))]).await;
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM run").await, 0);
        assert_eq!(side.number("SELECT count(*) FROM membership").await, 2);
    })
    .await;
}

#[tokio::test]
async fn deploys_in_a_row_take_everybody_along() {
    for_each_database(async |url| {
        let side = Side::new(&url).await;
        let many = (0..600).map(|n| identify(&format!("p{n}"), json!({ "n": n })));
        side.take(many.collect()).await;
        side.settle().await;
        let ticking = async { side.settle().await };
        let deploying = async {
            for from in [100, 200, 300] {
                side.deploy(&format!(r#"segment "Late" = customer.n >= {from}"#)).await;
            }
        };
        futures::join!(ticking, deploying);
        side.settle().await;
        assert_eq!(side.number("SELECT count(*) FROM membership").await, 300);
        let behind = "SELECT count(*) FROM person WHERE version <> 3";
        assert_eq!(side.number(behind).await, 0);
        assert_eq!(side.number("SELECT count(*) FROM sweep").await, 0);
    })
    .await;
}

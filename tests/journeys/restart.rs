//! Waits survive a restart and wake at their own instant, whether the processes were asked to stop
//! or killed, and whether they are back before it or behind it.

use std::time::Duration;

use domain::clock::real_now;
use domain::deliveries::{Delivery, State};
use domain::identifier::{Identifier, IdentifierKind};
use domain::{journeys, people};
use serde_json::json;
use tests::activity::{identify, track};
use tests::system::{ADMIN_KEY, wait_until_quiet};
use tests::{Activity, SmtpSink, System, for_each_database};

use crate::{default_workspace, wait_for_deliveries};

const SOURCE: &str = r#"
workspace { from: "ada@acme.test" }

email "one" { subject: "one"  body: text "1" }
email "two" { subject: "two"  body: text "2" }
email "three" { subject: "three"  body: text "3" }

campaign "Three mails" {
  on event "signed_up"

  send email "one"
  wait 1 second
  send email "two"
  wait 4 seconds
  send email "three"
}
"#;
const SOON: Duration = Duration::from_secs(30);
/// What an idle system may be late by, and as much again for a busy machine.
const LATE_MAX_MS: i64 = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_outlives_the_processes_and_ends_at_its_instant() {
    for_each_database(async |url| {
        let sink = SmtpSink::start().await;
        let mut system = System::start(&url, &sink.url()).await;
        system.deploy(SOURCE);
        let client = Activity::new(system.addresses(), ADMIN_KEY);
        let traits = json!({ "email": "ada@acme.test" });
        let batch = [identify("1", "ada", &traits), track("2", "ada", "signed_up", &json!({}))];
        client.send(&batch).await;
        let store = system.store().await;

        wait_for_deliveries(&store, SOON, |all| sent(all) == 1).await;
        system.stop().await;
        for number in 0..system.processes() {
            system.start_again(number).await;
        }
        wait_for_deliveries(&store, SOON, |all| sent(all) == 2).await;
        for number in 0..system.processes() {
            system.kill(number);
        }
        for number in 0..system.processes() {
            system.start_again(number).await;
        }
        let back = real_now();
        sink.wait_for(3, SOON).await;
        let arrived = real_now();
        wait_until_quiet(&store, SOON).await;

        // Mails that a busy machine is late with are handed over side by side, in any order.
        let mut subjects: Vec<String> = sink.mails().iter().map(tests::Mail::subject).collect();
        subjects.sort();
        assert_eq!(subjects, ["one", "three", "two"]);
        let w = default_workspace(&store).await;
        let ada = Identifier::new(IdentifierKind::Id, "ada");
        let ada = people::by_identifier(&store, w, &ada).await.unwrap().unwrap();
        let walked = journeys::list(
            &store,
            w,
            journeys::Filter { person: Some(ada.key), campaign: None },
            None,
            10,
        )
        .await
        .unwrap();
        let [run] = walked.as_slice() else { panic!("one journey: {walked:?}") };
        let lines = journeys::history(&store, w, ada.key, run.id, run.since).await.unwrap();
        let told: Vec<(&str, i64)> =
            lines.iter().map(|line| (line.outcome.as_str(), line.at - run.since)).collect();
        let expected = [
            ("entered", 0),
            ("sent", 0),
            ("waiting", 0),
            ("elapsed", 1_000),
            ("sent", 1_000),
            ("waiting", 1_000),
            ("elapsed", 5_000),
            ("sent", 5_000),
            ("finished", 5_000),
        ];
        assert_eq!(told, expected);
        let due = run.since + 5_000;
        assert!(arrived >= due, "the last mail came before its instant");
        let late = arrived - due.max(back);
        assert!(late < LATE_MAX_MS, "the last mail came {late} ms after its instant");
    })
    .await;
}

fn sent(all: &[Delivery]) -> usize {
    all.iter().filter(|one| one.state == State::Sent).count()
}

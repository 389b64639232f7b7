//! A mail server that is not there, refuses, falls silent or hangs up in the middle: nothing is
//! lost, the delivery says why in words, and the mail arrives once the server is well.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use domain::Store;
use domain::deliveries::{Delivery, State};
use serde_json::{Value, json};
use tests::activity::{identify, track};
use tests::system::ADMIN_KEY;
use tests::{Activity, Database, Fault, SmtpSink, System};

use crate::wait_for_deliveries;

const SOURCE: &str = r#"
workspace { from: "shop@acme.test" }

email "receipt" transactional {
  subject: "Receipt for {{ customer.first_name }}"
  body: text "Thank you."
  after_crash: retry
}

email "news" {
  subject: "News for {{ customer.first_name }}"
  body: text "Nothing new."
  after_crash: leave
}

campaign "Shop" {
  on event "bought"
  enter every time
  send email "receipt"
}

campaign "News" {
  on event "asked_for_news"
  enter every time
  send email "news"
}
"#;
const SOON: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_mail_server_does_wrong_costs_time_and_no_mail() {
    let address = free_address();
    let database = Database::sqlite();
    let mut system =
        System::start(&database.url, &format!("smtp://{address}?timeout=1&connections=4")).await;
    system.deploy(SOURCE);
    let client = Activity::new(system.addresses(), ADMIN_KEY);
    let store = system.store().await;

    client.send(&does("ann", "bought")).await;
    let found = wait_for_deliveries(&store, SOON, |all| tried(all) == 1).await;
    let [ann] = found.as_slice() else { panic!("one delivery: {found:?}") };
    expect(ann, State::Queued, &[&address.to_string(), "refused", "at connecting"]);

    let sink = SmtpSink::start_at(address).await;
    let busy = Fault::Recipient(451, "4.7.1 come back later".to_owned());
    sink.fail_recipient("bob@acme.test", 1, busy);
    sink.fail_recipient("cyd@acme.test", 1, Fault::Silence);
    sink.fail_recipient("dan@acme.test", 1, Fault::CloseInData);
    sink.fail_recipient("eve@acme.test", 1, Fault::Silence);
    let nobody = Fault::Recipient(550, "5.1.1 nobody of that name".to_owned());
    sink.fail_recipient("fay@acme.test", 1, nobody);
    for name in ["bob", "cyd", "dan", "fay"] {
        client.send(&does(name, "bought")).await;
    }
    client.send(&does("eve", "asked_for_news")).await;
    let found = wait_for_deliveries(&store, SOON, |all| tried(all) == 6).await;
    let [eve, fay, dan, cyd, bob, _ann] = found.as_slice() else { panic!("six: {found:?}") };
    expect(bob, State::Queued, &["451", "4.7.1 come back later", "the recipient"]);
    expect(cyd, State::Queued, &["no answer in time, at the message"]);
    expect(dan, State::Queued, &["closed the connection, at the message"]);
    expect(fay, State::Failed, &["550", "5.1.1 nobody of that name"]);
    // It was given over in full, and the message asks to be left rather than sent twice.
    expect(eve, State::Unknown, &["no answer in time", "after the whole message was sent"]);
    assert_eq!(sink.mails(), [], "nothing arrived so far");

    let waiting = send_at_once(&store).await;
    assert_eq!(waiting, 4, "all but the failed and the unknown wait for another try");
    let mails = sink.wait_for(4, SOON).await;
    let mut to: Vec<&str> = mails.iter().flat_map(|mail| &mail.to).map(String::as_str).collect();
    to.sort_unstable();
    assert_eq!(to, ["ann@acme.test", "bob@acme.test", "cyd@acme.test", "dan@acme.test"]);
    let sent = |one: &Delivery| one.state == State::Sent;
    let found =
        wait_for_deliveries(&store, SOON, |all| all.iter().filter(|one| sent(one)).count() == 4)
            .await;
    for delivery in found.iter().filter(|one| sent(one)) {
        assert_eq!(delivery.reason, None);
        assert!(delivery.attempts >= 2, "{delivery:?}");
        let id = format!("<{}@acme.test>", delivery.id);
        assert!(mails.iter().any(|mail| mail.message_id() == id), "{id} is not among {mails:?}");
    }
    system.stop().await;
}

fn expect(delivery: &Delivery, state: State, words: &[&str]) {
    let reason = delivery.reason.as_deref().unwrap_or_default();
    assert_eq!(delivery.state, state, "{delivery:?}");
    for word in words {
        assert!(reason.contains(word), "expected `{word}`, found `{reason}`");
    }
}

/// How many were tried and are not under way.
fn tried(all: &[Delivery]) -> usize {
    all.iter().filter(|one| one.attempts > 0 && one.state != State::Sending).count()
}

/// Takes the pause before the next try away; answers for how many.
async fn send_at_once(store: &Store) -> u64 {
    store
        .write(|session| {
            Box::pin(async move {
                session.execute("UPDATE outgoing SET not_before = 0", Vec::new()).await
            })
        })
        .await
        .expect("the queue can be changed")
}

fn does(name: &str, event: &str) -> [Value; 2] {
    let traits = json!({ "email": format!("{name}@acme.test"), "first_name": name });
    [
        identify(&format!("{name}-1"), name, &traits),
        track(&format!("{name}-2"), name, event, &json!({})),
    ]
}

/// Nobody listens there.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("a bound socket has an address")
}

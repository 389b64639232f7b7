//! The main job, as a newcomer does it: serve, make a key, deploy, and let Segment's own Python
//! client report what people do; the mails arrive.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tests::activity::{identify, track};
use tests::python::python;
use tests::system::wait_until_quiet;
use tests::{Activity, Database, Mail, SmtpSink, System};

const SOURCE: &str = include_str!("client.journey");
const SCRIPT: &str = include_str!("client.py");
const SOON: Duration = Duration::from_secs(30);
/// The claims of a killed process are free again after 15 seconds.
const AFTER_A_KILL: Duration = Duration::from_secs(60);
/// The other worker goes on within this.
const GOES_ON_WITHIN: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 2;
const CROWD: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_official_client_and_a_mail_server_on_sqlite() {
    let Some(python) = python() else { return };
    let sink = SmtpSink::start().await;
    let database = Database::sqlite();
    let mut system = System::start(&database.url, &sink.url()).await;
    system.deploy(SOURCE);
    call(&python, &system, &three_people());
    wait_for_the_end(&system, &sink, 7, SOON).await;
    check_mails(&sink.mails());
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_worker_loses_nothing_and_the_other_goes_on() {
    let Some(database) = Database::postgres("client").await else { return };
    let sink = SmtpSink::start().await;
    let email = format!("{}?connections={CONNECTIONS}&timeout=2", sink.url());
    let mut system = System::start(&database.url, &email).await;
    system.deploy(SOURCE);
    if let Some(python) = python() {
        call(&python, &system, &three_people());
        wait_for_the_end(&system, &sink, 7, SOON).await;
        check_mails(&sink.mails());
    }

    let client = Activity::new(system.addresses(), &system.key("track"));
    let before = sink.mails().len();
    for number in 0..CROWD {
        client.send(&sign_up(&format!("guest{number}"))).await;
    }
    sink.wait_for(before + CROWD / 4, SOON).await;
    system.kill(1);
    client.send(&sign_up("newcomer")).await;
    let newcomer = wait_for_subject(&sink, "Welcome, newcomer", GOES_ON_WITHIN).await;
    assert_eq!(newcomer.to, ["newcomer@acme.test"]);

    let store = system.store().await;
    wait_until_quiet(&store, AFTER_A_KILL).await;
    let mut subjects: BTreeMap<String, usize> = BTreeMap::new();
    for mail in sink.mails().iter().skip(before) {
        *subjects.entry(mail.subject()).or_default() += 1;
    }
    let guests = (0..CROWD).map(|number| format!("guest{number}"));
    for name in guests.chain(["newcomer".to_owned()]) {
        for subject in ["Welcome", "Just for you", "That was it"] {
            let subject = format!("{subject}, {name}");
            assert!(subjects.contains_key(&subject), "`{subject}` was lost");
        }
    }
    assert_eq!(subjects.len(), 3 * (CROWD + 1), "nobody gets anything else: {subjects:?}");
    let doubled: usize = subjects.values().map(|count| count - 1).sum();
    assert!(doubled <= CONNECTIONS, "{doubled} doubled by one kill: {subjects:?}");
}

/// One on a team plan, one alone with a name beyond ASCII, and one who leaves at once.
fn three_people() -> Value {
    let person = |name: &str, first_name: &str, plan: &str| {
        json!({ "call": "identify", "person": name, "traits": {
            "email": format!("{name}@acme.test"), "first_name": first_name, "plan": plan,
        } })
    };
    let event = |name: &str, event: &str| {
        json!({ "call": "track", "person": name, "event": event, "properties": {
            "source": "autumn",
        } })
    };
    json!([
        person("ada", "Ada", "team"),
        event("ada", "signed_up"),
        person("zoe", "Zoë Ångström 🎉", "free"),
        event("zoe", "signed_up"),
        person("eve", "Eve", "free"),
        event("eve", "signed_up"),
        event("eve", "account_deleted"),
    ])
}

fn call(python: &Path, system: &System, calls: &Value) {
    let words = [SCRIPT, &system.address(), &system.key("track"), &calls.to_string()];
    let output = Command::new(python).arg("-c").args(words).output().expect("Python starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client ended with {}:\n{errors}", output.status);
}

async fn wait_for_the_end(system: &System, sink: &SmtpSink, mails: usize, within: Duration) {
    sink.wait_for(mails, within).await;
    wait_until_quiet(&system.store().await, within).await;
}

fn check_mails(mails: &[Mail]) {
    let mut of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for mail in mails {
        let [to] = mail.to.as_slice() else { panic!("to one each: {:?}", mail.to) };
        of.entry(to).or_default().push(mail.subject());
    }
    let expected = [
        ("ada@acme.test", vec!["Welcome, Ada", "For your team, Ada", "That was it, Ada"]),
        ("eve@acme.test", vec!["Welcome, Eve"]),
        (
            "zoe@acme.test",
            vec![
                "Welcome, Zoë Ångström 🎉",
                "Just for you, Zoë Ångström 🎉",
                "That was it, Zoë Ångström 🎉",
            ],
        ),
    ];
    let found: Vec<(&str, Vec<&str>)> = of
        .iter()
        .map(|(to, subjects)| (*to, subjects.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(found, expected);

    let find =
        |subject: &str| mails.iter().find(|mail| mail.subject() == subject).expect("is there");
    let welcome = find("Welcome, Zoë Ångström 🎉");
    assert_eq!(welcome.from, "ada@acme.test");
    assert_eq!(welcome.header("From"), Some("\"Ada at Acme\" <ada@acme.test>"));
    assert_eq!(
        welcome.text().expect("there is a text").trim_end(),
        "Hello Zoë Ångström 🎉,\ngood to have you on the autumn list."
    );
    let team = find("For your team, Ada");
    assert_eq!(team.html().as_deref(), Some("<p>Bring them <b>all</b>, Ada.</p>"));
    assert!(team.text().is_some_and(|text| text.contains("Bring them all, Ada.")), "{}", team.raw);
}

fn sign_up(name: &str) -> [Value; 2] {
    let traits = json!({ "email": format!("{name}@acme.test"), "first_name": name });
    [
        identify(&format!("{name}-1"), name, &traits),
        track(&format!("{name}-2"), name, "signed_up", &json!({ "source": "door" })),
    ]
}

async fn wait_for_subject(sink: &SmtpSink, subject: &str, within: Duration) -> Mail {
    let found = async {
        let mut count = 0;
        loop {
            let mails = sink.wait_for(count + 1, within).await;
            if let Some(mail) = mails.iter().find(|mail| mail.subject() == subject) {
                return mail.clone();
            }
            count = mails.len();
        }
    };
    let waited = tokio::time::timeout(within, found).await;
    waited.unwrap_or_else(|_| panic!("`{subject}` did not arrive within {within:?}"))
}

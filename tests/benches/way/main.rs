//! The way of an event: taken in, entered, first send handed to `null:`; in people per second, and
//! as a share of what a plain bulk insert of the same rows does in the same run.
//!
//! `cargo bench -p tests --bench way` prints a line for each database. `SOJOURN_BENCH_PEOPLE` sets
//! how many people walk.

mod bare;

use std::time::{Duration, Instant};

use domain::identifier::{Identifier, IdentifierKind};
use domain::intake::{Activity, ActivityKind, Intake};
use domain::store::{Opening, Store};
use domain::{definitions, workspaces};
use tokio::sync::watch;
use worker::transport::EmailUrl;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PEOPLE: usize = 20_000;
const PIECES_PER_CALL: usize = 500;
const CALLERS: usize = 8;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

const SOURCE: &str = r#"
email "welcome" {
  from: "Ada at Acme <ada@acme.test>"
  subject: "Welcome, {{ customer.first_name }}"
  body: html """
    <p>Hello {{ customer.first_name }}, you signed up for {{ trigger.plan }}.</p>
    """
}

segment "Trial" = customer.plan == "trial"

campaign "Onboarding" {
  on event "signed_up" where event.plan == "trial"
  enter once
  exit when event "account_deleted"

  send email "welcome"
  wait 30 days
}
"#;

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let people = std::env::var("SOJOURN_BENCH_PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(PEOPLE);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let url = format!("sqlite://{}", folder.path().join("way.db").display());
    report("SQLite", &url, people).await;
    match tests::postgres::postgres() {
        Some(cluster) => report("PostgreSQL", &cluster.database("way").await, people).await,
        None => println!("PostgreSQL: not measured, its programs were not found"),
    }
}

async fn report(name: &str, url: &str, people: usize) {
    let store = Store::open(&Opening { url: url.to_owned(), engine: true }).await.expect("opens");
    if !store.is_sqlite() {
        make_durable(&store).await;
    }
    store.migrate().await.expect("migrates");
    let workspace = workspaces::ensure(&store, workspaces::DEFAULT).await.expect("a workspace");
    let file = definitions::File { path: "way.journey".into(), text: SOURCE.into() };
    let source = definitions::DEFAULT_SOURCE;
    definitions::deploy(&store, workspace.id, source, vec![file], None).await.expect("deploys");
    let way = walk(&store, workspace.id, people).await;
    let bare = bare::insert_again(url).await;
    let rate = |took: Duration| people as f64 / took.as_secs_f64();
    println!(
        "{name}: {:.0} people/s event → entered → handed over; bare insert of the same rows \
         {:.0} people/s; ratio {:.2}",
        rate(way),
        rate(bare),
        rate(way) / rate(bare),
    );
    store.close().await;
}

/// The cluster of the tests does not wait for the disk; what is measured here does.
async fn make_durable(store: &Store) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let sql = format!("ALTER SYSTEM SET {setting} = on");
        store.read().execute(&sql, Vec::new()).await.expect("the role may");
    }
    store.read().all("SELECT pg_reload_conf()", Vec::new()).await.expect("reloads");
}

/// From the first call until the last delivery was recorded as sent.
async fn walk(store: &Store, workspace: i64, people: usize) -> Duration {
    let intake = Intake::new(store);
    let (stop, stopped) = watch::channel(false);
    let registry = prometheus::Registry::new();
    let metrics = worker::Metrics::register(&registry).expect("registers");
    let config = worker::Config { email: EmailUrl::Null, only_to: None };
    let arrivals = Some(intake.arrivals());
    let running = tokio::spawn(worker::run(config, store.clone(), arrivals, metrics, stopped));
    let started = Instant::now();
    let mut callers = Vec::new();
    for caller in 0..CALLERS {
        let intake = intake.clone();
        callers.push(tokio::spawn(async move { call(&intake, workspace, caller, people).await }));
    }
    for caller in callers {
        caller.await.expect("a caller ends");
    }
    // A look that costs little beside the work it waits for.
    let left = "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM outgoing)";
    while number(store, left).await > 0 {
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
    let took = started.elapsed();
    stop.send(true).expect("the worker listens");
    running.await.expect("the worker ends").expect("the worker ends well");
    let sent = number(store, "SELECT count(*) FROM delivery WHERE state = 'sent'").await;
    assert_eq!(usize::try_from(sent).ok(), Some(people), "everybody got the mail");
    took
}

async fn number(store: &Store, sql: &str) -> i64 {
    store.read().number(sql, Vec::new()).await.expect("counts")
}

async fn call(intake: &Intake, workspace: i64, caller: usize, people: usize) {
    let mine: Vec<usize> = (0..people).filter(|n| n % CALLERS == caller).collect();
    for chunk in mine.chunks(PIECES_PER_CALL / 2) {
        let activities = chunk.iter().flat_map(|n| pair(*n)).collect();
        let taken = intake.accept(workspace, activities).await.expect("accepts");
        assert!(taken.iter().all(|one| matches!(one, domain::intake::Taken::Accepted)));
    }
}

fn pair(n: usize) -> [Activity; 2] {
    let identifiers = vec![Identifier::new(IdentifierKind::Id, &format!("p{n}"))];
    let patch = serde_json::json!({
        "first_name": format!("Ada {n}"), "email": format!("ada{n}@acme.test"), "plan": "trial",
    });
    let identify = ActivityKind::Identify { patch: patch.as_object().cloned().unwrap_or_default() };
    let data = serde_json::json!({ "plan": "trial", "source": "bench" });
    let track = ActivityKind::Event { name: "signed_up".into(), data };
    let one = |word: &str, kind| Activity {
        identifiers: identifiers.clone(),
        message_id: Some(format!("{word}-{n}")),
        kind,
        time: None,
    };
    [one("identify", identify), one("track", track)]
}

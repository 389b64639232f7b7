//! Processes under load are killed with SIGKILL at random moments. Afterwards everything that was
//! accepted is accounted for: nothing lost, nobody stuck, no step taken twice, against the pure
//! core's own prediction; and mails arrive as often as the rule of their message allows.
//!
//! `SOJOURN_TEST_EFFORT=10` makes it ten times as many people and kills.

mod account;
mod kills;
mod ledger;
mod load;
mod prediction;

use std::time::{Duration, Instant};

use domain::Store;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tests::postgres::announce;
use tests::system::{ADMIN_KEY, wait_until_quiet};
use tests::{Activity, Database, SmtpSink, System, effort};

const SOURCE: &str = include_str!("onboarding.journey");
const SEED: u64 = 20_261_124;
/// At effort 1.
const PEOPLE: usize = 180;
const KILLS: usize = 3;
/// People come in for this long per kill.
const MS_PER_KILL: u64 = 1_700;
/// Connections to the mail server that each process has, and the time-out of a command: what was
/// under way at a kill is free again after six of these and a margin.
const CONNECTIONS: usize = 4;
const TIMEOUT_SECONDS: u64 = 2;
/// How long the mail server looks at a mail before it says that it has it.
const MAIL_TAKES: Duration = Duration::from_millis(40);
/// After the last activity: the journeys' own waits, leases of killed processes, retries.
const QUIET_WITHIN: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_done_twice_on_sqlite() {
    crash(&Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_done_twice_on_postgres() {
    if let Some(database) = Database::postgres("crash").await {
        crash(&database).await;
    }
}

async fn crash(database: &Database) {
    let started = Instant::now();
    let effort = effort() as usize;
    let (count, kills) = (PEOPLE * effort, KILLS * effort);
    let mut random = StdRng::seed_from_u64(SEED);
    let sink = SmtpSink::start().await;
    sink.answer_after(MAIL_TAKES);
    let email = format!("{}?connections={CONNECTIONS}&timeout={TIMEOUT_SECONDS}", sink.url());
    let mut system = System::start(&database.url, &email).await;
    system.deploy(SOURCE);

    let client = Activity::new(system.addresses(), ADMIN_KEY);
    let within = Duration::from_millis(MS_PER_KILL * kills as u64);
    let groups = load::groups(count, within, &mut random);
    let reports = groups.into_iter().map(|group| tokio::spawn(load::report(group, client.clone())));
    let reports: Vec<_> = reports.collect();
    let kills = kills::kill(&mut system, kills, &mut random).await;
    let (mut scripts, mut repeats) = (Vec::with_capacity(count), 0);
    for report in reports {
        let (people, repeated) = report.await.expect("every group is reported");
        scripts.extend(people);
        repeats += repeated;
    }
    let store = system.store().await;
    wait_until_quiet(&store, QUIET_WITHIN).await;
    system.stop().await;

    let w = domain::workspaces::by_name(&store, "default").await.unwrap().id;
    nobody_is_stuck(&store, w).await;
    let ledger = ledger::Ledger::read(&store, w).await;
    let workspace = prediction::workspace(SOURCE, &ledger.ids);
    let now = store.clock().now();
    let mut account = account::people(&scripts, &ledger, &workspace, (w, now));
    let in_flight = kills.deliverers * CONNECTIONS;
    account::mails(&mut account, &ledger, &workspace, &sink.mails(), in_flight);
    announce(&format!(
        "crash on {:?}: {} kills, {count} people, {repeats} requests unanswered, {account}, \
         {in_flight} in flight at most, {:.1?}",
        database.kind,
        kills.all,
        started.elapsed()
    ));
    assert!(account.journeys > count, "both campaigns had people");
}

/// What must be empty when all is over.
async fn nobody_is_stuck(store: &Store, w: i64) {
    assert_eq!(domain::journeys::without_wake_up(store).await.unwrap(), 0);
    for table in ["run", "inbox", "outgoing", "sweep", "quarantine"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE w = $1");
        assert_eq!(store.read().number(&sql, vec![w.into()]).await.unwrap(), 0, "rows in {table}");
    }
    let sql = "SELECT count(*) FROM clock WHERE w = $1 AND due <= $2";
    let now = store.clock().now();
    let due = store.read().number(sql, vec![w.into(), now.into()]).await.unwrap();
    assert_eq!(due, 0, "wake-ups that nobody took");
    for campaign in domain::campaigns::list(store, w, None, 100).await.unwrap() {
        let inside = domain::campaigns::people_per_step(store, w, campaign.version).await.unwrap();
        assert!(inside.is_empty(), "counted in `{}`: {inside:?}", campaign.name);
    }
}

//! A whole Sojourn on one database: `serve` alone on SQLite; on PostgreSQL a `serve --no-worker`
//! with workers of their own. Its processes can be killed and come back.

use std::process::Output;
use std::time::{Duration, Instant};

use domain::Store;
use domain::store::Opening;
use tokio::sync::watch;

use crate::process::{Launch, Sojourn};

/// The key of role admin that every system has.
pub const ADMIN_KEY: &str = "sj_admin_of_the_tests";
/// Workers beside a `serve --no-worker`.
pub const WORKERS: usize = 2;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// The processes of one Sojourn; dropping it kills them.
#[derive(Debug)]
pub struct System {
    database_url: String,
    email_url: String,
    serve: Sojourn,
    workers: Vec<Sojourn>,
    address: watch::Sender<String>,
}

impl System {
    /// Starts on an empty database and waits until it listens.
    pub async fn start(database_url: &str, email_url: &str) -> Self {
        if !is_sqlite(database_url) {
            let output =
                Launch::new(&["migrate"]).set("SOJOURN_DATABASE_URL", database_url).output();
            succeeded("migrate", &output);
        }
        let mut serve = launch_serve(database_url, email_url).start();
        let address = watch::Sender::new(serve.wait_until_listening().await);
        let workers = if is_sqlite(database_url) { 0 } else { WORKERS };
        let workers =
            (0..workers).map(|_| launch_worker(database_url, email_url).start()).collect();
        let (database_url, email_url) = (database_url.to_owned(), email_url.to_owned());
        Self { database_url, email_url, serve, workers, address }
    }

    /// The base address of the API; another one after each restart.
    pub fn address(&self) -> String {
        self.address.borrow().clone()
    }

    /// For clients that follow it through restarts.
    pub fn addresses(&self) -> watch::Receiver<String> {
        self.address.subscribe()
    }

    /// How many processes there are; `serve` is number 0.
    pub fn processes(&self) -> usize {
        1 + self.workers.len()
    }

    /// Whether the process with this number hands over mail.
    pub fn delivers(&self, number: usize) -> bool {
        number > 0 || self.workers.is_empty()
    }

    /// Kills a process with SIGKILL; it stays away.
    pub fn kill(&mut self, number: usize) {
        match number.checked_sub(1) {
            None => self.serve.kill(),
            Some(worker) => self.workers[worker].kill(),
        }
    }

    /// Starts a process that was killed or stopped, and waits until the API listens.
    pub async fn start_again(&mut self, number: usize) {
        if let Some(worker) = number.checked_sub(1) {
            self.workers[worker] = launch_worker(&self.database_url, &self.email_url).start();
            return;
        }
        self.serve = launch_serve(&self.database_url, &self.email_url).start();
        let address = self.serve.wait_until_listening().await;
        self.address.send_replace(address);
    }

    /// Asks all processes to stop, and fails the test where one does not end well.
    pub async fn stop(&mut self) {
        let all = self.workers.iter_mut().chain([&mut self.serve]);
        for process in all {
            let status = process.stop().await;
            assert!(status.success(), "stopped with {status}:\n{}", process.log());
        }
    }

    /// A new key from `sojourn key create`.
    pub fn key(&self, role: &str) -> String {
        let output = Launch::new(&["key", "create", "--role", role])
            .set("SOJOURN_DATABASE_URL", self.database_url.as_str())
            .output();
        succeeded("key create", &output).trim().to_owned()
    }

    /// Deploys one file with `sojourn deploy`.
    pub fn deploy(&self, source: &str) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("all.journey");
        std::fs::write(&file, source).expect("a file can be written");
        let (file, server) = (file.display().to_string(), self.address());
        let words = ["deploy", &file, "--server", &server, "--key", ADMIN_KEY, "--yes"];
        succeeded("deploy", &Launch::new(&words).output());
    }

    /// The database, for looking at beside the running processes.
    pub async fn store(&self) -> Store {
        open(&self.database_url).await
    }
}

/// Opens a database beside the processes that move its people.
pub async fn open(database_url: &str) -> Store {
    let opening = Opening { url: database_url.to_owned(), engine: false };
    Store::open(&opening).await.expect("the database can be opened")
}

/// Waits until nothing lies in the inbox, no delivery waits and no journey is under way.
pub async fn wait_until_quiet(store: &Store, within: Duration) {
    let started = Instant::now();
    let mut was_quiet = false;
    loop {
        let (inbox, outgoing) = domain::pending::depths(store).await.expect("depths can be read");
        let live = domain::journeys::live(store).await.expect("journeys can be counted");
        let is_quiet = (inbox, outgoing, live) == (0, 0, 0);
        // One look is not enough: the last step of a journey may send between two of its counts.
        if is_quiet && was_quiet {
            return;
        }
        was_quiet = is_quiet;
        assert!(
            started.elapsed() < within,
            "after {within:?} there are still {inbox} pieces in the inbox, {outgoing} deliveries \
             waiting and {live} journeys under way"
        );
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

fn is_sqlite(database_url: &str) -> bool {
    database_url.starts_with("sqlite:")
}

fn launch_serve(database_url: &str, email_url: &str) -> Launch {
    let words: &[&str] =
        if is_sqlite(database_url) { &["serve"] } else { &["serve", "--no-worker"] };
    Launch::new(words)
        .set("SOJOURN_DATABASE_URL", database_url)
        .set("SOJOURN_EMAIL_URL", email_url)
        .set("SOJOURN_ADMIN_KEY", ADMIN_KEY)
}

fn launch_worker(database_url: &str, email_url: &str) -> Launch {
    Launch::new(&["worker"])
        .set("SOJOURN_DATABASE_URL", database_url)
        .set("SOJOURN_EMAIL_URL", email_url)
}

/// What it printed.
fn succeeded(what: &str, output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "`sojourn {what}` ended with {}:\n{printed}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

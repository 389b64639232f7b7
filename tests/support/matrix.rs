//! Runs a test on a fresh SQLite file and on a fresh PostgreSQL database.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;

use crate::postgres::{announce, postgres};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file of its own; SQLite makes it.
    Sqlite,
    /// A database of its own in the private cluster.
    Postgres,
}

/// An empty database for one test.
#[derive(Debug)]
pub struct Database {
    /// Which of the two.
    pub kind: Kind,
    /// What `SOJOURN_DATABASE_URL` takes.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A file in a folder that goes when this value goes.
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("sojourn-sqlite-")
            .tempdir()
            .expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self { kind: Kind::Sqlite, url, _folder: Some(folder) }
    }

    /// None where PostgreSQL is not installed.
    pub async fn postgres(name: &str) -> Option<Self> {
        let url = postgres()?.database(name).await;
        Some(Self { kind: Kind::Postgres, url, _folder: None })
    }
}

/// Runs `test` on SQLite, then on PostgreSQL where it is installed. Both run even where the first
/// fails, and a failure names the database it came from.
pub async fn for_each_database(test: impl AsyncFn(String)) {
    let name = test_name();
    let sqlite = Database::sqlite();
    let first = run(&test, &sqlite).await;
    let mut second = Ok(());
    if let Some(database) = Database::postgres(&name).await {
        second = run(&test, &database).await;
        if let (Ok(()), Some(cluster)) = (&second, postgres()) {
            cluster.drop_database(&database.url).await;
        }
    }
    if let Err(panic) = first.and(second) {
        resume_unwind(panic);
    }
}

async fn run(test: &impl AsyncFn(String), database: &Database) -> std::thread::Result<()> {
    let result = AssertUnwindSafe(test(database.url.clone())).catch_unwind().await;
    if result.is_err() {
        announce(&format!("{} failed on {:?}", test_name(), database.kind));
    }
    result
}

/// The test runner names each test's thread after the test.
fn test_name() -> String {
    std::thread::current().name().unwrap_or("test").to_owned()
}

//! Says whether the tests run on PostgreSQL too, and that the private cluster keeps its promises.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tests::{Kind, for_each_database, postgres};

/// Set for the copy of this program that is to be killed.
const HOLD: &str = "SOJOURN_TEST_HOLD";
const GONE_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn each_database_is_fresh_and_private() {
    let Some(cluster) = postgres() else { return };
    let one = cluster.database("same name").await;
    let other = cluster.database("same name").await;
    assert_eq!(create_table(&one).await, Kind::Postgres);
    assert_eq!(create_table(&other).await, Kind::Postgres);
    cluster.drop_database(&other).await;
    assert!(PgConnection::connect(&other).await.is_err(), "`{other}` is still there");
    if std::env::var_os(HOLD).is_some() {
        hold(cluster.folder());
    }
}

#[tokio::test]
async fn a_test_runs_once_on_each_database_there_is() {
    let seen = Mutex::new(Vec::new());
    for_each_database(async |url| {
        let kind = create_table(&url).await;
        seen.lock().unwrap().push(kind);
    })
    .await;
    let expected = match postgres() {
        Some(_) => vec![Kind::Sqlite, Kind::Postgres],
        None => vec![Kind::Sqlite],
    };
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_failure_on_either_database_fails_the_test() {
    for wrong in ["sqlite:", "postgres:"] {
        if wrong == "postgres:" && postgres().is_none() {
            continue;
        }
        let test = tokio::spawn(for_each_database(async move |url| {
            assert!(!url.starts_with(wrong), "meant to fail");
        }));
        assert!(test.await.is_err_and(|error| error.is_panic()), "{wrong}");
    }
}

/// The promise that no cluster outlives its tests, tried the hard way.
#[test]
fn a_killed_test_binary_leaves_no_cluster() {
    if postgres().is_none() {
        return;
    }
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "each_database_is_fresh_and_private", "--nocapture"])
        .env(HOLD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let held =
        lines.map(Result::unwrap).find_map(|line| Some(line.split_once("holding ")?.1.to_owned()));
    let folder = std::path::PathBuf::from(held.expect("the copy starts a cluster of its own"));
    let pid_file = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let server = format!("/proc/{}", pid_file.lines().next().unwrap());
    assert!(std::path::Path::new(&server).exists());

    holder.kill().unwrap();
    holder.wait().unwrap();
    let killed = Instant::now();
    while folder.exists() || std::path::Path::new(&server).exists() {
        assert!(killed.elapsed() < GONE_WITHIN, "`{}` outlived its tests", folder.display());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Fails where the database is not a fresh one.
async fn create_table(url: &str) -> Kind {
    let statement = "create table t (id int)";
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        connection.execute(statement).await.unwrap();
        return Kind::Sqlite;
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(statement).await.unwrap();
    Kind::Postgres
}

/// Until killed, or until the one who would kill is gone.
fn hold(folder: &std::path::Path) {
    println!("holding {}", folder.display());
    std::io::stdout().flush().unwrap();
    let _ = std::io::stdin().read(&mut [0]);
}

//! A private PostgreSQL cluster for each test binary, made from the programs that are installed.
//!
//! It has a folder below the temporary one, a free port on loopback and a random password, and it
//! writes without `fsync`. It ends with the test binary, also when that is killed.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use crate::watchdog::Watchdog;

const CONNECTIONS_MAX: u32 = 200;
const START_ATTEMPTS: u32 = 5;
const START_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(10);
const NAME_LENGTH_MAX: usize = 40;
const ROLE: &str = "sojourn";
/// Set to `required` where a run without PostgreSQL must not pass, as in the gate.
const VARIABLE: &str = "SOJOURN_TEST_POSTGRES";

/// The running server.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    port: u16,
    password: String,
    version: String,
    databases: AtomicU32,
    _watchdog: Watchdog,
}

/// The cluster of this test binary, started by the first who asks; none where PostgreSQL's
/// programs are not installed.
pub fn postgres() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            let Some(programs) = Programs::find() else {
                announce("PostgreSQL half: NOT run, initdb not found");
                assert!(!is_required(), "{VARIABLE} is `required`, and initdb was not found");
                return None;
            };
            let cluster = Cluster::start(&programs)
                .unwrap_or_else(|message| panic!("PostgreSQL is installed, but {message}"));
            announce(&format!("PostgreSQL half: running on {}", cluster.version));
            Some(cluster)
        })
        .as_ref()
}

/// Writes a line that is seen even where every test passes: the test runner keeps back only what
/// the print macros write.
pub fn announce(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

impl Cluster {
    /// Where everything of this cluster lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Creates an empty database and returns its address. The name is for people; databases of
    /// the same name do not meet.
    pub async fn database(&self, name: &str) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{number}", plain(name));
        self.execute(format!("create database \"{name}\"")).await;
        self.url(&name)
    }

    /// Removes a database that [`Cluster::database`] made, with the connections it still has.
    pub async fn drop_database(&self, url: &str) {
        let name = url.rsplit('/').next().expect("a database address has slashes");
        self.execute(format!("drop database \"{name}\" with (force)")).await;
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    async fn execute(&self, statement: String) {
        let mut connection = PgConnection::connect(&self.url("postgres"))
            .await
            .expect("the private cluster takes connections");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("the private cluster carries out what its owner asks");
        connection.close().await.expect("a connection closes");
    }

    /// Each attempt begins anew: another program may have taken the port meanwhile.
    fn start(programs: &Programs) -> Result<Self, String> {
        let mut attempt = 1;
        loop {
            match Self::attempt(programs) {
                Err(_) if attempt < START_ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    fn attempt(programs: &Programs) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("sojourn-postgres-")
            .tempdir()
            .map_err(|error| format!("no temporary folder could be made: {error}"))?;
        let password = uuid::Uuid::new_v4().simple().to_string();
        let version = programs.version()?;
        programs.initialise(folder.path(), &password)?;
        let (port, watchdog) = programs
            .serve(folder.path())
            .map_err(|log| format!("the server did not start:\n{log}"))?;
        Ok(Self {
            // From here on the watchdog removes the folder.
            folder: folder.keep(),
            port,
            password,
            version,
            databases: AtomicU32::new(0),
            _watchdog: watchdog,
        })
    }
}

/// Where the programs are, and as whom they run: `initdb` and `postgres` refuse root.
#[derive(Debug)]
struct Programs {
    folder: PathBuf,
    account: Option<Account>,
}

#[derive(Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Programs {
    fn find() -> Option<Self> {
        let folder = candidates().into_iter().find(|folder| folder.join("initdb").exists())?;
        // Links elsewhere may lead to some of the programs only; follow them to all.
        let folder = folder.join("initdb").canonicalize().ok()?.parent()?.to_path_buf();
        let account = (id(&["-u"]) == Some(0)).then(|| Account {
            uid: id(&["-u", "postgres"]).expect("the account `postgres` comes with the programs"),
            gid: id(&["-g", "postgres"]).expect("the account `postgres` comes with the programs"),
        });
        Some(Self { folder, account })
    }

    fn version(&self) -> Result<String, String> {
        let output = succeed(Command::new(self.folder.join("postgres")).arg("--version"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.split_whitespace().nth(2).unwrap_or("an unknown version").to_owned())
    }

    /// The words before a program that make it run as somebody who is not root.
    fn step_down(&self) -> Vec<String> {
        match &self.account {
            None => Vec::new(),
            Some(_) if !on_path("setpriv") => {
                ["runuser", "-u", "postgres", "--"].map(str::to_owned).to_vec()
            }
            Some(Account { uid, gid }) => vec![
                "setpriv".to_owned(),
                format!("--reuid={uid}"),
                format!("--regid={gid}"),
                "--clear-groups".to_owned(),
                "--".to_owned(),
            ],
        }
    }

    fn initialise(&self, folder: &Path, password: &str) -> Result<(), String> {
        let secret = folder.join("password");
        let made = std::fs::write(&secret, password)
            .and_then(|()| std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o600)))
            .and_then(|()| match &self.account {
                None => Ok(()),
                Some(Account { uid, gid }) => chown(folder, Some(*uid), Some(*gid))
                    .and_then(|()| chown(&secret, Some(*uid), Some(*gid))),
            });
        made.map_err(|error| format!("its folder could not be prepared: {error}"))?;

        let mut words = self.step_down();
        words.push(self.folder.join("initdb").display().to_string());
        let (program, first) = words.split_first().expect("there is a program");
        succeed(
            Command::new(program)
                .args(first)
                .arg(format!("--pgdata={}", folder.join("data").display()))
                .arg(format!("--pwfile={}", secret.display()))
                .arg(format!("--username={ROLE}"))
                // In clear over loopback: what a hash costs in a debug build, each test would pay.
                .args(["--auth=password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
                .current_dir(folder),
        )?;
        std::fs::OpenOptions::new()
            .append(true)
            .open(folder.join("data").join("postgresql.conf"))
            .and_then(|mut file| file.write_all(CARELESS.as_bytes()))
            .map_err(|error| format!("its settings could not be written: {error}"))
    }

    /// Starts the server and waits until it takes connections.
    fn serve(&self, folder: &Path) -> Result<(u16, Watchdog), String> {
        let port = free_port().map_err(|error| format!("no port is free: {error}"))?;
        let data = folder.join("data");
        let mut words = vec![folder.display().to_string()];
        words.extend(self.step_down());
        words.push(self.folder.join("postgres").display().to_string());
        words.extend(settings(&data, port));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let watchdog = Watchdog::start(SERVE, END, &words)
            .map_err(|error| format!("no shell could be started: {error}"))?;
        wait_until_ready(&folder.join("log"), &data.join("postmaster.pid"))?;
        Ok((port, watchdog))
    }
}

/// Tests do not wait for the disk. In the file, so that `ALTER SYSTEM` can undo it.
const CARELESS: &str = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";

/// `$1` is the folder, the rest is the server with its settings.
const SERVE: &str = r#"
folder=$1
shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
"#;

/// Immediate shutdown: there is nothing to save.
const END: &str = r#"
cd /
kill -QUIT "$(head -n 1 "$folder/data/postmaster.pid")" "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

fn settings(data: &Path, port: u16) -> Vec<String> {
    let mut words = vec!["-D".to_owned(), data.display().to_string()];
    let settings = [
        format!("port={port}"),
        format!("max_connections={CONNECTIONS_MAX}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "autovacuum=off".to_owned(),
        "max_wal_size=4GB".to_owned(),
        "shared_buffers=64MB".to_owned(),
        "logging_collector=off".to_owned(),
        "lc_messages=C".to_owned(),
    ];
    for setting in settings {
        words.extend(["-c".to_owned(), setting]);
    }
    words
}

fn wait_until_ready(log: &Path, pid_file: &Path) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        if text.contains("database system is ready to accept connections") {
            return Ok(());
        }
        let gave_up = text.contains("database system is shut down") || text.contains("FATAL:");
        if gave_up && !pid_file.exists() || started.elapsed() > START_WITHIN {
            return Err(text);
        }
        std::thread::sleep(LOOK_AGAIN_AFTER);
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The path first, then where Debian keeps each version, the newest first.
fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    folders.extend(versions.into_iter().map(|(_, folder)| folder.join("bin")));
    folders
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = succeed(Command::new("id").args(arguments)).ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn succeed(command: &mut Command) -> Result<Output, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("`{name}` did not run: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("`{name}` failed: {}", String::from_utf8_lossy(&output.stderr)))
}

fn is_required() -> bool {
    std::env::var(VARIABLE).is_ok_and(|value| value == "required")
}

/// PostgreSQL cuts longer names without a word.
fn plain(name: &str) -> String {
    name.chars()
        .map(
            |letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' },
        )
        .take(NAME_LENGTH_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn any_test_name_makes_a_database_name() {
        assert_eq!(plain("people::Second-identify"), "people__second_identify");
        assert_eq!(plain(&"ä".repeat(100)).len(), super::NAME_LENGTH_MAX);
    }
}

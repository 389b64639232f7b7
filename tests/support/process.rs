//! The real binary `sojourn`, started, watched, stopped or killed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::watchdog::Watchdog;

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(10);
/// The line that tells the address, which port 0 leaves open until then.
const LISTENING: &str = "listening on ";
const LOG_TAIL_LINES: usize = 60;

/// What is to be started. Of our own variables it sees only those set here, and it runs in a
/// folder of its own, so that no setting of the machine reaches it.
#[derive(Debug)]
pub struct Launch {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// A running `sojourn`; dropping it kills it.
#[derive(Debug)]
pub struct Sojourn {
    child: Child,
    folder: tempfile::TempDir,
    watchdog: Watchdog,
    exit: Option<ExitStatus>,
}

/// The root of the repository that these tests stand in.
pub fn repository() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().expect("the tests lie in a folder of the repository").to_path_buf()
}

/// The binary that was built together with the running test.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the running test is a file");
    let profile = test.ancestors().nth(2).expect("test binaries lie in target/PROFILE/deps");
    let binary = profile.join("sojourn");
    assert!(
        binary.exists(),
        "`{}` is not built; run `cargo test --workspace`, or `cargo build --workspace` first",
        binary.display()
    );
    binary
}

impl Launch {
    /// `sojourn ARGUMENTS`, such as `["serve"]`, on a free port of loopback.
    pub fn new(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            variables: Vec::new(),
        }
        .set("SOJOURN_LISTEN", "127.0.0.1:0")
    }

    /// Sets a variable such as `SOJOURN_EMAIL_URL`.
    #[must_use]
    pub fn set(mut self, variable: &str, value: impl Into<String>) -> Self {
        self.variables.retain(|(name, _)| name != variable);
        self.variables.push((variable.to_owned(), value.into()));
        self
    }

    /// Starts it. What it prints goes to one file, which [`Sojourn::log`] reads.
    pub fn start(self) -> Sojourn {
        let folder = folder();
        let output = std::fs::File::create(folder.path().join("log")).expect("a log can be made");
        let errors = output.try_clone().expect("a file handle can be doubled");
        let child = self
            .command(folder.path())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .expect("the binary starts");
        let pid = child.id().to_string();
        let path = folder.path().display().to_string();
        // The id of a process that has ended may be another's by now.
        let duty = r#"[ "$told" = ended ] || kill -KILL "$1" 2>/dev/null; rm -rf "$2""#;
        let watchdog = Watchdog::start("", duty, &[&pid, &path]).expect("a shell can be started");
        Sojourn { child, folder, watchdog, exit: None }
    }

    /// Runs a command that ends by itself, and returns what it printed.
    pub fn output(self) -> Output {
        let folder = folder();
        self.command(folder.path()).stdin(Stdio::null()).output().expect("the binary starts")
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SOJOURN_") {
                command.env_remove(name);
            }
        }
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("NO_COLOR", "1")
            .current_dir(folder);
        command
    }
}

impl Sojourn {
    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything it printed up to now.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).expect("the log can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits for a line that has `needle` in it; fails the test with the end of the log where the
    /// process ends first or takes too long.
    pub async fn wait_for_line(&mut self, needle: &str) -> String {
        let started = Instant::now();
        loop {
            let has_ended = self.has_ended();
            let log = self.log();
            let complete = log.rfind('\n').map_or("", |end| &log[..end]);
            if let Some(line) = complete.lines().find(|line| line.contains(needle)) {
                return line.to_owned();
            }
            assert!(!has_ended, "ended before it printed `{needle}`:\n{}", tail(&log));
            assert!(
                started.elapsed() < READY_WITHIN,
                "`{needle}` was not printed within {READY_WITHIN:?}:\n{}",
                tail(&log)
            );
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// Waits until it listens, and returns the base address, such as `http://127.0.0.1:41234`.
    pub async fn wait_until_listening(&mut self) -> String {
        let line = self.wait_for_line(LISTENING).await;
        base_address(&line)
            .unwrap_or_else(|| panic!("expected `{LISTENING}http://HOST:PORT`, found `{line}`"))
    }

    /// SIGKILL: it gets no chance to put anything in order.
    pub fn kill(&mut self) {
        if self.exit.is_none() {
            self.child.kill().expect("our own process can be killed");
            self.exit = Some(self.child.wait().expect("our own process can be waited for"));
            self.watchdog.tell("ended");
        }
    }

    /// SIGTERM, then waits until it is gone.
    pub async fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait().await
    }

    /// Sends a signal by name, such as `TERM` or `INT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status()
            .expect("`kill` runs");
        assert!(sent.success(), "signal {name} was not delivered: the process is gone");
    }

    /// Waits until it is gone by itself.
    pub async fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        while !self.has_ended() {
            assert!(
                started.elapsed() < STOP_WITHIN,
                "still running after {STOP_WITHIN:?}:\n{}",
                tail(&self.log())
            );
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
        self.exit.expect("it has ended")
    }

    fn has_ended(&mut self) -> bool {
        if self.exit.is_none() {
            self.exit = self.child.try_wait().expect("our own process can be asked");
            if self.exit.is_some() {
                self.watchdog.tell("ended");
            }
        }
        self.exit.is_some()
    }
}

impl Drop for Sojourn {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the end of the log of sojourn:\n{}", tail(&self.log()));
        }
        self.kill();
        self.watchdog.release();
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("sojourn-process-")
        .tempdir()
        .expect("a temporary folder can be made")
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}

fn base_address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(LISTENING)?;
    let end = rest
        .find(|letter: char| letter.is_whitespace() || letter == '"' || letter == ',')
        .unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches('/');
    let (_, port) = address.rsplit_once(':')?;
    let is_known = address.starts_with("http") && port.parse::<u16>().is_ok_and(|port| port > 0);
    is_known.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::base_address;

    #[test]
    fn the_address_is_found_in_text_and_in_json() {
        let expected = Some("http://127.0.0.1:4123".to_owned());
        assert_eq!(base_address("INFO listening on http://127.0.0.1:4123"), expected);
        assert_eq!(base_address(r#"{"m":"listening on http://127.0.0.1:4123/","a":1}"#), expected);
        assert_eq!(base_address("listening on http://127.0.0.1:0"), None);
        assert_eq!(base_address("listening on all doors"), None);
    }
}

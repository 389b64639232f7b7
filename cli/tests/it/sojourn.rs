//! Starting the binary in a folder of its own, where no setting of the machine reaches it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longest time anything may take; no test waits that long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with files, and the settings of the commands that run there.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command that goes on running; dropping it kills it.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Place {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, text).unwrap();
        }
        Self { folder, variables: Vec::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        Outcome::of(&output)
    }

    pub(crate) fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// Runs a command that is given `text` on stdin.
    pub(crate) fn pipe(&self, arguments: &[&str], text: &str) -> Outcome {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        Outcome::of(&child.wait_with_output().unwrap())
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let pipes: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for pipe in pipes {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    // A test that has heard enough listens no more.
                    let _ = sender.send(line);
                }
            });
        }
        Running { child, lines, heard: Vec::new() }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sojourn"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SOJOURN_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .env_remove("NO_COLOR")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path());
        command
    }
}

impl Outcome {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let outcome = Self {
            code: output.status.code().unwrap(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        assert!(!outcome.out.contains('\u{1b}'), "colours in a pipe: {outcome:?}");
        assert!(!outcome.err.contains('\u{1b}'), "colours in a pipe: {outcome:?}");
        outcome
    }
}

impl Running {
    /// The first line of all that holds `needle`: output and log are two streams, and which of
    /// them is read first is chance.
    fn heard_or_wait_for(&mut self, needle: &str) -> String {
        let heard = self.heard.iter().find(|line| line.contains(needle)).cloned();
        heard.unwrap_or_else(|| self.wait_for(needle))
    }

    /// The first line from now on that holds `needle`.
    pub(crate) fn wait_for(&mut self, needle: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| {
                panic!("`{needle}` was not printed ({error}):\n{}", self.heard.join("\n"))
            });
            self.heard.push(line.clone());
            if line.contains(needle) {
                return line;
            }
        }
    }

    pub(crate) fn base_address(&mut self) -> String {
        let line = self.heard_or_wait_for("listening on http://");
        let (_, address) = line.split_once("listening on ").unwrap();
        address.trim().to_owned()
    }

    /// Sends a signal, twice as programs do that pass it on, and answers the exit code once the
    /// process has ended.
    pub(crate) fn end(mut self, signal: &str) -> i32 {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id, &id]).status().unwrap();
        assert!(sent.success());
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        let ended = self.child.try_wait().unwrap().or_else(|| self.child.wait().ok()).unwrap();
        ended.code().unwrap_or_else(|| panic!("{ended}:\n{}", self.heard.join("\n")))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the examples.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").canonicalize().unwrap()
}

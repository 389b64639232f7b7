//! Ends what a test binary started, also when that binary is killed.
//!
//! A shell of its own session reads from a pipe whose other end only the test binary holds. The
//! pipe closes with the binary, whatever ended it, and then the shell does its last duty.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A shell that waits for our end.
#[derive(Debug)]
pub struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Runs `start` at once and `duty` when this process is gone. Both are shell text and see
    /// `arguments` as `$1`, `$2` and so on; `duty` sees the last word told as `$told`.
    pub fn start(start: &str, duty: &str, arguments: &[&str]) -> std::io::Result<Self> {
        // `read` fails at the end of the pipe.
        let listen = "told=\nwhile read -r word; do told=$word; done";
        let script = format!("{start}\n{listen}\n[ \"$told\" = released ] || {{\n{duty}\n}}\n");
        let shell = Command::new("sh")
            .args(["-c", &script, "watchdog"])
            .args(arguments)
            // Out of the terminal's process group: an interrupt there must not end the watchdog.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { shell })
    }

    /// Tells the shell a word that changes its duty.
    pub fn tell(&mut self, word: &str) {
        if let Some(pipe) = &mut self.shell.stdin {
            // A shell that is gone already has nothing to be told.
            let _ = pipe.write_all(format!("{word}\n").as_bytes());
        }
    }

    /// There is nothing left to do.
    pub fn release(&mut self) {
        self.tell("released");
        self.shell.stdin = None;
        let _ = self.shell.wait();
    }
}

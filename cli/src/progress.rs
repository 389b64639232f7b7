//! A line on the terminal that says how far a long command has come.
//!
//! It is there only where somebody looks, only when the command takes long enough to wonder, and
//! it is gone before anything else is printed.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done before that needs no line.
const APPEARS_AFTER: Duration = Duration::from_millis(200);
/// How often the sign before the line turns.
const TURN: Duration = Duration::from_millis(100);
const COUNTED: &str = "{spinner} {msg} [{bar:24}] {pos}/{len}";
const UNCOUNTED: &str = "{spinner} {msg}";

/// A command under way; dropping it clears the line.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Dropped at the end, which the thread hears.
    running: Option<Sender<()>>,
    showing: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins; there is something to see after a while.
    pub(crate) fn start() -> Self {
        let bar = ProgressBar::hidden();
        let (running, ended) = channel();
        let showing = is_watched().then(|| {
            let bar = bar.clone();
            std::thread::spawn(move || {
                if ended.recv_timeout(APPEARS_AFTER) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(TURN);
                }
            })
        });
        Self { bar, running: Some(running), showing }
    }

    /// None at all, for what is quick.
    pub(crate) fn none() -> Self {
        Self { bar: ProgressBar::hidden(), running: None, showing: None }
    }

    /// What is done now, to so many things; `None` where they are not counted.
    pub(crate) fn phase(&self, doing: impl Into<Cow<'static, str>>, count: Option<usize>) {
        let template = if count.is_some() { COUNTED } else { UNCOUNTED };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.set_message(doing);
        self.bar.set_length(count.unwrap_or_default() as u64);
        self.bar.set_position(0);
    }

    /// One of them is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.running = None;
        if let Some(showing) = self.showing.take() {
            // It cannot fail, and without it the line would only come too late.
            let _ = showing.join();
        }
        self.bar.finish_and_clear();
    }
}

fn is_watched() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
}

//! How a running server is asked to end: Ctrl-C and SIGTERM, gracefully the first time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::watch;

use crate::output;

/// Programs that start others pass a signal on that has reached those already.
const ECHO: Duration = Duration::from_millis(500);
/// What a shell says of a program that Ctrl-C has ended.
const ENDED_BY_SIGNAL: i32 = 130;

/// Turns true when everything is to end.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    sender: watch::Sender<bool>,
}

impl Stop {
    /// Listens to the signals from now on. A second one ends the process where it stands.
    pub(crate) fn on_signal() -> Result<Self> {
        let stop = Self { sender: watch::Sender::new(false) };
        let mut signals = Signals::listen().context("cannot listen to signals")?;
        let told = stop.clone();
        tokio::spawn(async move {
            let name = signals.next().await;
            tracing::info!("{name}: stopping; once more ends at once");
            told.now();
            let since = Instant::now();
            while since.elapsed() < ECHO {
                signals.next().await;
            }
            output::note("ended at once");
            std::process::exit(ENDED_BY_SIGNAL);
        });
        Ok(stop)
    }

    /// Ends everything.
    pub(crate) fn now(&self) {
        self.sender.send_replace(true);
    }

    /// For those who have to end.
    pub(crate) fn receiver(&self) -> watch::Receiver<bool> {
        self.sender.subscribe()
    }

    /// Returns when everything is to end.
    pub(crate) async fn wanted(&self) {
        // The sender lives as long as `self`.
        let _ = self.receiver().wait_for(|stop| *stop).await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "interrupted",
            _ = self.terminate.recv() => "terminated",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "interrupted"
    }
}

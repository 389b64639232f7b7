//! The background half of Sojourn: ticks that move people, deliveries that leave, and the upkeep
//! of both. Any number of processes may run it on PostgreSQL, one on SQLite.

pub mod backoff;
mod deliver;
mod dispatch;
mod metrics;
pub mod mime;
pub mod pool;
mod prepare;
pub mod transport;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use domain::Store;
use domain::intake::Arrival;
use tokio::sync::{broadcast, watch};

pub use metrics::Metrics;
use pool::{Again, PoolConfig};
use transport::{ConnectError, EmailUrl, Transport};

/// Ticks of one workspace that one process runs at once on PostgreSQL.
const TICKS_ON_POSTGRES: usize = 2;

/// What a graceful stop waits beyond the time-out of a hand-over.
const SHUTDOWN_MARGIN: Duration = Duration::from_secs(10);

/// How the background half works.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where e-mail goes.
    pub email: EmailUrl,
    /// Pattern of addresses that mail may go to, such as `*@acme.test`; others are skipped.
    pub only_to: Option<String>,
}

/// What ends the background half.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The transport cannot be set up.
    #[error(transparent)]
    Transport(#[from] ConnectError),
    /// The pool ended by itself.
    #[error(transparent)]
    Pool(#[from] pool::PoolError),
}

/// Runs until `stop` turns true and what is under way has ended.
///
/// `arrivals` tells of activity that this process itself took in.
pub async fn run(
    config: Config,
    store: Store,
    arrivals: Option<broadcast::Receiver<Arrival>>,
    metrics: Metrics,
    stop: watch::Receiver<bool>,
) -> Result<(), Error> {
    let transport = Transport::connect(&config.email)?;
    let (hints, queue) = pool::hints();
    // Whoever is in the middle of a hand-over when the stop comes may end it.
    let shutdown_timeout = transport.send_timeout() + SHUTDOWN_MARGIN;
    let deliver = deliver::Deliver::new(&store, &config, transport, metrics.clone(), stop.clone());
    let deliver = Arc::new(deliver);
    let dispatcher =
        tokio::spawn(dispatch::run(store.clone(), hints.clone(), arrivals, stop.clone()));
    let upkeep = tokio::spawn(upkeep::run(store.clone(), metrics.clone(), stop.clone()));
    let mut pool_config = PoolConfig { shutdown_timeout, ..PoolConfig::default() };
    if !store.is_sqlite() {
        pool_config.ticks_per_workspace = TICKS_ON_POSTGRES;
    }
    let tick = move |workspace, lanes: pool::Lanes| {
        let (store, hints, metrics) = (store.clone(), hints.clone(), metrics.clone());
        async move { tick(&store, workspace, lanes, &hints, &metrics).await }
    };
    let deliver = move |workspace| {
        let deliver = deliver.clone();
        async move { deliver.run(workspace).await }
    };
    let ended = pool::run(queue, pool_config, tick, deliver, stop).await;
    dispatcher.abort();
    upkeep.abort();
    Ok(ended?)
}

/// One tick, and the hint for what it made ready to leave.
async fn tick(
    store: &Store,
    workspace: i64,
    lanes: pool::Lanes,
    hints: &pool::Hints,
    metrics: &Metrics,
) -> Again {
    let started = std::time::Instant::now();
    let narrow = (!lanes.is_all()).then(|| lanes.iter().map(i64::from).collect());
    match domain::tick::tick(store, workspace, narrow).await {
        Ok(report) => {
            metrics.ticked(&report, started.elapsed());
            if report.ready > 0 {
                hints.deliver(workspace);
            }
            Again::from(report.more)
        }
        Err(error) => {
            tracing::error!(%error, cause = ?error, workspace, "a tick could not be done");
            Again::After(dispatch::PAUSE_AFTER_ERROR)
        }
    }
}

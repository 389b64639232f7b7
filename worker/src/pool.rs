//! The pool that runs ticks and deliveries when they are hinted at: apalis's
//! monitor and workers over our own queue of hints. Nothing outside this
//! folder knows apalis.
//!
//! Handlers lock, claim and retry by rows of their own; the pool only decides
//! who runs when: fair between workspaces, deliveries never behind ticks.

mod backend;
mod lanes;
mod queue;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis::layers::WorkerBuilderExt;
use apalis_core::monitor::{Monitor, MonitorError};
use apalis_core::worker::builder::WorkerBuilder;
use apalis_core::worker::context::WorkerContext;
use apalis_core::worker::event::Event;
use apalis_core::worker::ext::parallelize::ParallelizeExt;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use self::backend::HintBackend;
use self::queue::Claim;

pub use self::lanes::Lanes;
pub use self::queue::{Hint, HintQueue, Hints, hints};

const TICKERS: usize = 2;
const DELIVERERS: usize = 4;
const DELIVERIES_PER_WORKSPACE: usize = 2;
const PAUSE_AFTER_PANIC: Duration = Duration::from_secs(1);
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// Ticks that run at once, over all workspaces.
    pub tickers: usize,
    /// Ticks of one workspace that run at once: 1 where one writer owns the
    /// database, 2 where lanes are locked row by row.
    pub ticks_per_workspace: usize,
    /// Delivery runs at once, over all workspaces.
    pub deliverers: usize,
    /// More than one, so that a run held up by a slow receiver blocks nobody.
    pub deliveries_per_workspace: usize,
    /// How long a workspace rests after its handler panicked.
    pub pause_after_panic: Duration,
    /// How long a stop waits for handlers; what still runs then is aborted.
    pub shutdown_timeout: Duration,
}

/// The values for SQLite.
impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            tickers: TICKERS,
            ticks_per_workspace: 1,
            deliverers: DELIVERERS,
            deliveries_per_workspace: DELIVERIES_PER_WORKSPACE,
            pause_after_panic: PAUSE_AFTER_PANIC,
            shutdown_timeout: SHUTDOWN_TIMEOUT,
        }
    }
}

/// What a handler says when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Nothing is left; only a hint brings it back.
    No,
    /// There is more: same lanes, at once, behind the other workspaces.
    Now,
    /// Not possible now, for instance the database is away. Hints that come
    /// meanwhile wait too.
    After(Duration),
}

impl From<bool> for Again {
    fn from(more: bool) -> Self {
        if more { Again::Now } else { Again::No }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    #[error("the worker pool failed")]
    Monitor(#[source] MonitorError),
    #[error("the worker pool ended before it was asked to stop")]
    EndedEarly,
}

/// Runs handlers for hints until `stop` turns true or its sender is gone. Then
/// none begins any more, and those in flight are waited for.
pub async fn run<T, TRun, D, DRun>(
    queue: HintQueue,
    config: PoolConfig,
    tick: T,
    deliver: D,
    stop: watch::Receiver<bool>,
) -> Result<(), PoolError>
where
    T: Fn(i64, Lanes) -> TRun + Clone + Send + Sync + 'static,
    TRun: Future<Output = Again> + Send + 'static,
    D: Fn(i64) -> DRun + Clone + Send + Sync + 'static,
    DRun: Future<Output = Again> + Send + 'static,
{
    queue.ticks.set_limit(config.ticks_per_workspace);
    queue.deliveries.set_limit(config.deliveries_per_workspace);
    let pause = config.pause_after_panic;
    let (tickers, deliverers) = (config.tickers, config.deliverers);
    let (tick_stop, deliver_stop) = (stop.clone(), stop.clone());

    let monitor = Monitor::new()
        .register(move |_| {
            let tick = tick.clone();
            WorkerBuilder::new("tick")
                .backend(HintBackend::new(&queue.ticks, pause, &tick_stop))
                .concurrency(tickers)
                .parallelize(spawn)
                .build(move |claim: Claim| {
                    let tick = tick.clone();
                    async move {
                        let again = tick(claim.workspace, claim.lanes).await;
                        claim.settle(again);
                    }
                })
        })
        .register(move |_| {
            let deliver = deliver.clone();
            WorkerBuilder::new("deliver")
                .backend(HintBackend::new(&queue.deliveries, pause, &deliver_stop))
                .concurrency(deliverers)
                .parallelize(spawn)
                .build(move |claim: Claim| {
                    let deliver = deliver.clone();
                    async move {
                        let again = deliver(claim.workspace).await;
                        claim.settle(again);
                    }
                })
        })
        .shutdown_timeout(config.shutdown_timeout);
    run_until(monitor, stop).await
}

async fn run_until(monitor: Monitor, stop: watch::Receiver<bool>) -> Result<(), PoolError> {
    let mut asked = stop.clone();
    let signal = async move {
        // An error means that nobody is left who could ask.
        let _ = asked.wait_for(|stop| *stop).await;
        Ok(())
    };
    monitor
        .should_restart(|_, _| true)
        .on_event(log_event)
        .run_with_signal(signal)
        .await
        .map_err(PoolError::Monitor)?;
    let was_asked = *stop.borrow() || stop.has_changed().is_err();
    if was_asked { Ok(()) } else { Err(PoolError::EndedEarly) }
}

fn log_event(worker: &WorkerContext, event: &Event) {
    if let Event::Error(error) = event {
        tracing::error!(worker = worker.name(), error = %error, "a handler did not end well");
    }
}

/// `tokio::spawn`, so that handlers use all cores, but bound to the worker:
/// once `run` has returned nothing of it goes on.
fn spawn<Output: Send + 'static>(
    work: impl Future<Output = Output> + Send + 'static,
) -> Spawned<Output> {
    Spawned(tokio::spawn(work))
}

struct Spawned<Output>(JoinHandle<Output>);

impl<Output> Future for Spawned<Output> {
    type Output = Result<Output, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<Output> Drop for Spawned<Output> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

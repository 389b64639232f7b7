//! What runs beside the work: folding counters, writing SQLite's log back, and the numbers that an
//! operator watches.

use std::time::Duration;

use domain::Store;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::dispatch::stopped;
use crate::metrics::Metrics;

/// How often counters are folded and gauges are read.
const FOLD_EVERY: Duration = Duration::from_secs(60);
/// How often SQLite's log is written back.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// Runs until `stop` turns true. A failure is logged; the next round tries again.
pub(crate) async fn run(store: Store, metrics: Metrics, mut stop: watch::Receiver<bool>) {
    let mut fold = interval(FOLD_EVERY);
    let mut checkpoint = interval(CHECKPOINT_EVERY);
    fold.set_missed_tick_behavior(MissedTickBehavior::Delay);
    checkpoint.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            () = stopped(&mut stop) => return,
            _ = checkpoint.tick() => store.checkpoint().await,
            _ = fold.tick() => minute(&store, &metrics).await,
        };
        if let Err(error) = done {
            tracing::warn!(%error, cause = ?error, "upkeep failed");
        }
    }
}

async fn minute(store: &Store, metrics: &Metrics) -> domain::Result<()> {
    while domain::counters::fold(store).await? {}
    let (inbox, outgoing) = domain::pending::depths(store).await?;
    metrics.depths(inbox, outgoing);
    let live = domain::journeys::live(store).await?;
    metrics.journeys(live, domain::journeys::without_wake_up(store).await?);
    Ok(())
}

//! Who makes hints: activity of this process, word from other processes, the next wake-up, and a
//! look each second that finds whatever the others missed.

use std::time::Duration;

use domain::Store;
use domain::intake::Arrival;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;

use crate::pool::{Hints, Lanes};

/// How often all workspaces are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long work rests when the database does not answer.
pub(crate) const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);
/// A wake-up is not waited for more finely than this.
const DUE_STEP_MS: i64 = 2;

/// Makes hints until `stop` turns true.
pub(crate) async fn run(
    store: Store,
    hints: Hints,
    mut arrivals: Option<broadcast::Receiver<Arrival>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut heard = hear(&store).await;
    let mut next_look = Instant::now();
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            arrival = next_arrival(&mut arrivals) => hint(&hints, arrival),
            arrival = next_heard(&mut heard) => match arrival {
                Some(arrival) => hint(&hints, Some(arrival)),
                None => heard = None,
            },
            () = tokio::time::sleep_until(next_look) => {
                next_look = Instant::now() + look(&store, &hints).await;
                if heard.is_none() {
                    heard = hear(&store).await;
                }
            }
        }
    }
}

/// Hints at what waits, and answers how long until the next look.
async fn look(store: &Store, hints: &Hints) -> Duration {
    let pending = match domain::pending::look(store).await {
        Ok(pending) => pending,
        Err(error) => {
            tracing::warn!(%error, cause = ?error, "could not look for work");
            return PAUSE_AFTER_ERROR;
        }
    };
    let mut wait = LOOK_EVERY;
    for one in pending {
        let due_in = one.due.map(|due| store.clock().real_ms_until(due));
        if one.busy || due_in == Some(0) {
            hints.tick(one.workspace, Lanes::ALL);
        }
        if let Some(ms) = due_in.filter(|ms| *ms > 0) {
            let ms = u64::try_from(ms.max(DUE_STEP_MS)).unwrap_or(u64::MAX);
            wait = wait.min(Duration::from_millis(ms));
        }
        if one.deliver {
            hints.deliver(one.workspace);
        }
    }
    wait
}

fn hint(hints: &Hints, arrival: Option<Arrival>) {
    let Some(arrival) = arrival else { return };
    let mut lanes = Lanes::NONE;
    for lane in arrival.lanes {
        if let Ok(lane) = u8::try_from(lane) {
            lanes.insert(lane);
        }
    }
    hints.tick(arrival.workspace, lanes);
}

/// What came in here; waits for ever once the door is closed.
async fn next_arrival(arrivals: &mut Option<broadcast::Receiver<Arrival>>) -> Option<Arrival> {
    let Some(receiver) = arrivals else { return std::future::pending().await };
    match receiver.recv().await {
        Ok(arrival) => Some(arrival),
        // The look each second finds what was skipped.
        Err(broadcast::error::RecvError::Lagged(_)) => None,
        Err(broadcast::error::RecvError::Closed) => {
            *arrivals = None;
            None
        }
    }
}

async fn next_heard(heard: &mut Option<mpsc::Receiver<Arrival>>) -> Option<Arrival> {
    match heard {
        Some(receiver) => receiver.recv().await,
        None => std::future::pending().await,
    }
}

async fn hear(store: &Store) -> Option<mpsc::Receiver<Arrival>> {
    if store.is_sqlite() {
        return None;
    }
    match domain::notify::listen(store).await {
        Ok(heard) => Some(heard),
        Err(error) => {
            tracing::warn!(cause = ?error, "cannot hear other processes; looking each second");
            None
        }
    }
}

/// Waits until `stop` turns true, or nobody is left who could say so.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

//! The group commit: requests that come while one transaction runs share the next.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{Mutex, broadcast, mpsc, oneshot};

use super::append::{Appended, Piece, append};
use super::{Arrival, Taken};
use crate::error::{Error, Result};
use crate::store::Store;

/// Pieces in one transaction.
const PIECES_PER_COMMIT_MAX: usize = 2_000;
/// Requests that may wait for a commit; more are told to come again.
const REQUESTS_WAITING_MAX: usize = 4_096;
/// Transactions under way at once on PostgreSQL; SQLite has one writer.
const COMMITTERS: usize = 4;
/// Arrivals a slow listener may lag behind; it then looks at everything.
const ARRIVALS_KEPT: usize = 256;

/// The committers and the way to them.
#[derive(Debug)]
pub(super) struct Group {
    requests: mpsc::Sender<Request>,
    arrivals: broadcast::Sender<Arrival>,
}

#[derive(Debug)]
struct Request {
    pieces: Vec<Piece>,
    answer: oneshot::Sender<Result<Vec<Taken>>>,
}

impl Group {
    pub(super) fn start(store: &Store) -> Self {
        let (requests, queue) = mpsc::channel(REQUESTS_WAITING_MAX);
        let (arrivals, _) = broadcast::channel(ARRIVALS_KEPT);
        let queue = Arc::new(Mutex::new(queue));
        let committers = if store.is_sqlite() { 1 } else { COMMITTERS };
        for _ in 0..committers {
            tokio::spawn(commit_all(store.clone(), queue.clone(), arrivals.clone()));
        }
        Self { requests, arrivals }
    }

    pub(super) fn arrivals(&self) -> broadcast::Receiver<Arrival> {
        self.arrivals.subscribe()
    }

    pub(super) async fn commit(&self, pieces: Vec<Piece>) -> Result<Vec<Taken>> {
        let (answer, answered) = oneshot::channel();
        let gone = || Error::internal("intake has stopped");
        self.requests.try_send(Request { pieces, answer }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Error::Limit {
                message: format!(
                    "more than {REQUESTS_WAITING_MAX} requests are waiting; try again"
                ),
            },
            mpsc::error::TrySendError::Closed(_) => gone(),
        })?;
        answered.await.map_err(|_| gone())?
    }
}

async fn commit_all(
    store: Store,
    queue: Arc<Mutex<mpsc::Receiver<Request>>>,
    arrivals: broadcast::Sender<Arrival>,
) {
    loop {
        let group = next_group(&queue).await;
        if group.is_empty() {
            return;
        }
        let pieces: Vec<Piece> = group.iter().flat_map(|one| one.pieces.iter().cloned()).collect();
        match commit(&store, pieces, &arrivals).await {
            Ok(taken) => answer(group, taken),
            Err(error) if group.len() > 1 && error.is_about_values() => {
                tracing::warn!(%error, "a group commit failed, trying request by request");
                one_by_one(&store, group, &arrivals).await;
            }
            Err(error) => fail(group, &error),
        }
    }
}

/// Waits for a request and takes what else is waiting; empty when intake is closed.
async fn next_group(queue: &Mutex<mpsc::Receiver<Request>>) -> Vec<Request> {
    let mut queue = queue.lock().await;
    let Some(first) = queue.recv().await else { return Vec::new() };
    let mut pieces = first.pieces.len();
    let mut group = vec![first];
    while pieces < PIECES_PER_COMMIT_MAX {
        let Ok(next) = queue.try_recv() else { break };
        pieces += next.pieces.len();
        group.push(next);
    }
    group
}

async fn commit(
    store: &Store,
    pieces: Vec<Piece>,
    arrivals: &broadcast::Sender<Arrival>,
) -> Result<Vec<Taken>> {
    let clock = store.clone();
    let Appended { taken, lanes } = store
        .write(move |session| {
            // The moment is taken inside the transaction: a wake-up that is due later cannot have
            // been taken by a tick that did not see what comes in here.
            let now = clock.open_intake();
            Box::pin(async move { append(session, &pieces, now).await })
        })
        .await?;
    for (workspace, lanes) in lanes {
        let lanes: BTreeSet<i64> = lanes;
        // Nobody listening is fine: the sweep of the worker finds what lies in the inbox.
        arrivals.send(Arrival { workspace, lanes: lanes.into_iter().collect() }).ok();
    }
    Ok(taken)
}

async fn one_by_one(store: &Store, group: Vec<Request>, arrivals: &broadcast::Sender<Arrival>) {
    for request in group {
        match commit(store, request.pieces.clone(), arrivals).await {
            Ok(taken) => answer(vec![request], taken),
            Err(error) => fail(vec![request], &error),
        }
    }
}

fn answer(group: Vec<Request>, taken: Vec<Taken>) {
    let mut taken = taken.into_iter();
    for request in group {
        let own = taken.by_ref().take(request.pieces.len()).collect();
        // A caller that went away loses only the answer: what it sent is committed.
        request.answer.send(Ok(own)).ok();
    }
}

fn fail(group: Vec<Request>, error: &Error) {
    for request in group {
        let again = match error {
            Error::Unavailable(cause) => {
                Error::Unavailable(sea_orm::DbErr::Custom(cause.to_string()))
            }
            other => Error::internal(other),
        };
        request.answer.send(Err(again)).ok();
    }
}

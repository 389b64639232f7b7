//! Handing deliveries over: claim, prepare, mark, send, record. No more are marked than there are
//! connections, and one commit records what ended and marks what comes next.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Store;
use domain::clock::real_now;
use domain::deliveries::{self, Claimed, Finished, Handed, Mark, State};
use dsl::message::{AfterCrash, Rendered};
use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::Config;
use crate::backoff;
use crate::dispatch::PAUSE_AFTER_ERROR;
use crate::metrics::Metrics;
use crate::pool::Again;
use crate::prepare::{Prepared, Surroundings, prepare};
use crate::transport::{Mail, Outcome, Transport};

const CHANNEL: &str = "email";
/// Real milliseconds for which a claim is ours before it is marked: short, so that what a dead
/// process held goes on soon.
const CLAIM_LEASE_MS: i64 = 15_000;
/// What a mark's lease has beyond the time-out of a hand-over.
const MARK_MARGIN_MS: i64 = 5_000;
/// Deliveries claimed at once: so many for each connection, within these bounds.
const CLAIMS_PER_CONNECTION: usize = 8;
const CLAIMS_MAX: usize = 1_000;
/// How often results are offered to a database that is away, a pause apart.
const RECORD_ATTEMPTS: usize = 60;

/// Hands over the deliveries of all workspaces through one transport.
pub(crate) struct Deliver {
    store: Store,
    transport: Transport,
    only_to: Option<String>,
    /// One permit for each connection.
    connections: Arc<Semaphore>,
    metrics: Metrics,
    stop: watch::Receiver<bool>,
}

/// A delivery that is rendered and waits for a connection.
struct Waiting {
    claimed: Claimed,
    mail: Mail,
    rendered: Rendered,
    after_crash: AfterCrash,
}

impl Deliver {
    pub(crate) fn new(
        store: &Store,
        config: &Config,
        transport: Transport,
        metrics: Metrics,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let connections = Arc::new(Semaphore::new(transport.capacity()));
        let only_to = config.only_to.clone();
        Self { store: store.clone(), transport, only_to, connections, metrics, stop }
    }

    /// Hands over what is due in one workspace.
    pub(crate) async fn run(&self, workspace: i64) -> Again {
        match self.batch(workspace).await {
            Ok(0) => Again::No,
            Ok(_) => Again::Now,
            Err(error) => {
                tracing::error!(%error, cause = ?error, workspace, "deliveries could not be handled");
                Again::After(PAUSE_AFTER_ERROR)
            }
        }
    }

    async fn batch(&self, workspace: i64) -> domain::Result<usize> {
        let limit = (self.transport.capacity() * CLAIMS_PER_CONNECTION).min(CLAIMS_MAX);
        let claimed =
            deliveries::claim(&self.store, workspace, CHANNEL, limit, CLAIM_LEASE_MS).await?;
        let count = claimed.len();
        if count == 0 {
            return Ok(0);
        }
        let loaded = domain::definitions::current(&self.store, workspace).await?;
        let around = Surroundings {
            workspace: &loaded.workspace,
            only_to: self.only_to.as_deref(),
            now: self.store.clock().now(),
        };
        let mut waiting = VecDeque::with_capacity(count);
        let mut finished = Vec::new();
        for claimed in claimed {
            // One template at fault must not hold up the deliveries beside it.
            let prepared = catch_unwind(AssertUnwindSafe(|| prepare(&claimed, &around)))
                .unwrap_or_else(|_| Prepared::Ended {
                    state: State::Failed,
                    reason: "rendering it ended in a fault of the program".to_owned(),
                });
            match prepared {
                Prepared::Ready { mail, rendered, after_crash } => {
                    let (mail, rendered) = (*mail, *rendered);
                    waiting.push_back(Waiting { claimed, mail, rendered, after_crash });
                }
                Prepared::Ended { state, reason } => {
                    self.metrics.delivered(state);
                    finished.push(Finished { claimed, result: Handed::Ended { state, reason } });
                }
            }
        }
        self.hand_over(waiting, finished).await?;
        Ok(count)
    }

    /// Keeps connections busy until nothing waits; a slow receiver holds up its own only.
    async fn hand_over(
        &self,
        mut waiting: VecDeque<Waiting>,
        mut finished: Vec<Finished>,
    ) -> domain::Result<()> {
        let mut under_way = FuturesUnordered::new();
        loop {
            if *self.stop.borrow() {
                // What is not marked yet is claimed again after the restart.
                waiting.clear();
            }
            let permits = self.permits(waiting.len(), under_way.is_empty()).await;
            let next: Vec<Waiting> = waiting.drain(..permits.len()).collect();
            let lease_ms = ms(self.transport.send_timeout()) + MARK_MARGIN_MS;
            let marks =
                next.iter().map(|one| Mark { claimed: one.claimed.clone(), lease_ms }).collect();
            let ours = match deliveries::record(&self.store, finished.clone(), marks).await {
                Ok(ours) => ours,
                Err(error) => {
                    tracing::error!(%error, cause = ?error, "results could not be recorded");
                    finished.extend(under_way.collect::<Vec<_>>().await);
                    return self.record_at_last(finished, error).await;
                }
            };
            finished.clear();
            for (one, permit) in next.into_iter().zip(permits) {
                // What is not ours any more is in another worker's hands.
                if ours.contains(&one.claimed.delivery) {
                    under_way.push(self.send(one, permit));
                }
            }
            let Some(first) = under_way.next().await else {
                if waiting.is_empty() {
                    return Ok(());
                }
                continue;
            };
            finished.push(first);
            while let Some(Some(more)) = under_way.next().now_or_never() {
                finished.push(more);
            }
        }
    }

    /// Results must not be lost while the database is away: what was handed over would leave again.
    /// Where it refuses one of them, that one is recorded without what it refuses.
    async fn record_at_last(
        &self,
        mut finished: Vec<Finished>,
        mut error: domain::Error,
    ) -> domain::Result<()> {
        for _ in 0..RECORD_ATTEMPTS {
            tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            match deliveries::record(&self.store, finished.clone(), Vec::new()).await {
                Ok(_) => return Err(error),
                Err(again) => error = again,
            }
            if error.is_about_values() {
                break;
            }
        }
        for one in &mut finished {
            if deliveries::record(&self.store, vec![one.clone()], Vec::new()).await.is_ok() {
                continue;
            }
            if let Handed::Sent { content, .. } = &mut one.result {
                *content = None;
            }
            if let Err(error) = deliveries::record(&self.store, vec![one.clone()], Vec::new()).await
            {
                tracing::error!(%error, delivery = %one.claimed.delivery, "a result was lost");
            }
        }
        Err(error)
    }

    /// A permit for each of `wanted` that can have one now; waits for the first where nothing
    /// else is under way.
    async fn permits(&self, wanted: usize, wait: bool) -> Vec<OwnedSemaphorePermit> {
        let mut permits = Vec::new();
        if wanted > 0
            && wait
            && let Ok(first) = self.connections.clone().acquire_owned().await
        {
            permits.push(first);
        }
        while permits.len() < wanted {
            let Ok(next) = self.connections.clone().try_acquire_owned() else { break };
            permits.push(next);
        }
        permits
    }

    async fn send(&self, one: Waiting, permit: OwnedSemaphorePermit) -> Finished {
        let Waiting { claimed, mail, rendered, after_crash } = one;
        let started = Instant::now();
        let outcome = self.transport.send_one(mail).await;
        drop(permit);
        self.metrics.handed_over(started.elapsed());
        let result = match outcome {
            Outcome::Sent { provider_id } => self.sent(provider_id, rendered),
            Outcome::Transient { reason, retry_after_ms } => {
                self.again(&claimed, reason, retry_after_ms)
            }
            Outcome::Permanent { reason } => self.ended(State::Failed, reason),
            Outcome::Unknown { reason } => match after_crash {
                AfterCrash::Retry => self.again(&claimed, reason, None),
                AfterCrash::Leave => self.ended(State::Unknown, reason),
            },
        };
        Finished { claimed, result }
    }

    fn sent(&self, provider_id: Option<String>, rendered: Rendered) -> Handed {
        self.metrics.delivered(State::Sent);
        let kept = matches!(self.transport, Transport::Inbox);
        let content = if kept { serde_json::to_value(rendered).ok() } else { None };
        Handed::Sent { provider_id, content }
    }

    fn again(&self, claimed: &Claimed, reason: String, retry_after_ms: Option<i64>) -> Handed {
        let clock = self.store.clock();
        #[expect(clippy::cast_precision_loss, reason = "a share of a day needs no last digit")]
        let elapsed = (clock.now() - claimed.created_at) as f64 / clock.factor();
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of our millennia fit")]
        let elapsed = if claimed.attempts == 0 { 0 } else { elapsed as i64 };
        let failures = u32::try_from(claimed.attempts + 1).unwrap_or(u32::MAX);
        match backoff::next_delay_ms(failures, elapsed, retry_after_ms, rand::random()) {
            Some(delay) => Handed::Again { reason, not_before: real_now() + delay },
            None => self.ended(State::Failed, format!("given up after a day: {reason}")),
        }
    }

    fn ended(&self, state: State, reason: String) -> Handed {
        self.metrics.delivered(state);
        Handed::Ended { state, reason }
    }
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

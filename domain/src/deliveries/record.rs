//! Marking deliveries right before their hand-over and recording what became of them: one
//! transaction for both, so that one commit ends a batch and opens the next.

use std::collections::{BTreeMap, BTreeSet};

use dsl::time::DAY;
use serde::Serialize;
use uuid::Uuid;

use super::State;
use super::claim::Claimed;
use crate::WorkspaceId;
use crate::clock::real_now;
use crate::store::dialect::{Kind, set};
use crate::store::{Session, Store};

/// Deliveries that are to be marked `sending`, while their lease holds.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Which.
    pub claimed: Claimed,
    /// For how long from now, in real milliseconds: at least the time-out of a hand-over.
    pub lease_ms: i64,
}

/// A delivery with what became of it.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Which.
    pub claimed: Claimed,
    /// What became of it.
    pub result: Result,
}

/// What became of a hand-over.
#[derive(Debug, Clone)]
pub enum Result {
    /// It was handed over.
    Sent {
        /// The provider's id of it.
        provider_id: Option<String>,
        /// What was sent, for the built-in inbox.
        content: Option<serde_json::Value>,
    },
    /// It will be tried again.
    Again {
        /// Why it could not be handed over.
        reason: String,
        /// When, in real time.
        not_before: i64,
    },
    /// It will not be tried again: `Failed`, `Skipped` or `Unknown`.
    Ended {
        /// Which of them.
        state: State,
        /// Why.
        reason: String,
    },
}

/// Records results and marks the next; answers which of the next are ours to hand over.
pub async fn record(
    store: &Store,
    finished: Vec<Finished>,
    marks: Vec<Mark>,
) -> crate::error::Result<BTreeSet<Uuid>> {
    if finished.is_empty() && marks.is_empty() {
        return Ok(BTreeSet::new());
    }
    let now = store.clock().now();
    store
        .write(move |session| {
            Box::pin(async move {
                session.force_index_plans().await?;
                keep(session, &finished, now).await?;
                mark(session, &marks, now).await
            })
        })
        .await
}

#[derive(Serialize)]
struct QueueRow {
    w: WorkspaceId,
    priority: i64,
    not_before: i64,
    delivery: Uuid,
    token: Uuid,
    lease_until: i64,
    next: i64,
}

const QUEUE: &[(&str, Kind)] = &[
    ("w", Kind::Int),
    ("priority", Kind::Int),
    ("not_before", Kind::Int),
    ("delivery", Kind::Uuid),
    ("token", Kind::Uuid),
    ("lease_until", Kind::Int),
    ("next", Kind::Int),
];

impl QueueRow {
    fn new(claimed: &Claimed, lease_until: i64, next: i64) -> Self {
        Self {
            w: claimed.workspace,
            priority: claimed.place.priority,
            not_before: claimed.place.not_before,
            delivery: claimed.delivery,
            token: claimed.token,
            lease_until,
            next,
        }
    }
}

#[derive(Serialize)]
struct StateRow<'a> {
    w: WorkspaceId,
    l: i64,
    p: Uuid,
    delivery: Uuid,
    state: &'static str,
    rank: i64,
    reason: Option<&'a str>,
    provider_id: Option<&'a str>,
    attempts: i64,
}

const STATE: &[(&str, Kind)] = &[
    ("w", Kind::Int),
    ("l", Kind::Int),
    ("p", Kind::Uuid),
    ("delivery", Kind::Uuid),
    ("state", Kind::Text),
    ("rank", Kind::Int),
    ("reason", Kind::Text),
    ("provider_id", Kind::Text),
    ("attempts", Kind::Int),
];

impl<'a> StateRow<'a> {
    fn new(claimed: &Claimed, state: State, reason: Option<&'a str>, tried: i64) -> Self {
        Self {
            w: claimed.workspace,
            l: claimed.key.l,
            p: claimed.key.p,
            delivery: claimed.delivery,
            state: state.word(),
            rank: state.rank(),
            reason,
            provider_id: None,
            attempts: claimed.attempts + tried,
        }
    }
}

async fn keep(session: &Session<'_>, finished: &[Finished], now: i64) -> crate::error::Result<()> {
    let mut states = Vec::with_capacity(finished.len());
    let (mut gone, mut again, mut contents) = (Vec::new(), Vec::new(), Vec::new());
    let mut counted: BTreeMap<(WorkspaceId, String), i64> = BTreeMap::new();
    for Finished { claimed, result } in finished {
        match result {
            Result::Sent { provider_id, content } => {
                let row = StateRow::new(claimed, State::Sent, None, 1);
                states.push(StateRow { provider_id: provider_id.as_deref(), ..row });
                gone.push(QueueRow::new(claimed, 0, 0));
                count(&mut counted, claimed, State::Sent);
                contents.extend(content.as_ref().map(|c| ContentRow::new(claimed, c, now)));
            }
            Result::Again { reason, not_before } => {
                states.push(StateRow::new(claimed, State::Queued, Some(reason), 1));
                again.push(QueueRow::new(claimed, 0, *not_before));
            }
            Result::Ended { state, reason } => {
                states.push(StateRow::new(claimed, *state, Some(reason), 1));
                gone.push(QueueRow::new(claimed, 0, 0));
                count(&mut counted, claimed, *state);
            }
        }
    }
    leave_queue(session, &gone).await?;
    put_back(session, &again).await?;
    set_states(session, &states, now).await?;
    session.insert("content", CONTENT, &contents, "ON CONFLICT (w, delivery) DO NOTHING").await?;
    keep_counters(session, counted, now).await
}

#[derive(Serialize)]
struct ContentRow<'a> {
    w: WorkspaceId,
    delivery: Uuid,
    l: i64,
    p: Uuid,
    rendered: &'a serde_json::Value,
    at: i64,
}

const CONTENT: &[(&str, Kind)] = &[
    ("w", Kind::Int),
    ("delivery", Kind::Uuid),
    ("l", Kind::Int),
    ("p", Kind::Uuid),
    ("rendered", Kind::Json),
    ("at", Kind::Int),
];

impl<'a> ContentRow<'a> {
    fn new(claimed: &Claimed, rendered: &'a serde_json::Value, at: i64) -> Self {
        let (w, delivery) = (claimed.workspace, claimed.delivery);
        Self { w, delivery, l: claimed.key.l, p: claimed.key.p, rendered, at }
    }
}

fn count(counted: &mut BTreeMap<(WorkspaceId, String), i64>, claimed: &Claimed, state: State) {
    let metric = format!("delivery:{}:{}", claimed.campaign, state.word());
    *counted.entry((claimed.workspace, metric)).or_default() += 1;
}

#[derive(Serialize)]
struct DeltaRow {
    w: WorkspaceId,
    metric: String,
    day: i64,
    delta: i64,
}

async fn keep_counters(
    session: &Session<'_>,
    counted: BTreeMap<(WorkspaceId, String), i64>,
    now: i64,
) -> crate::error::Result<()> {
    let rows: Vec<DeltaRow> = counted
        .into_iter()
        .map(|((w, metric), delta)| DeltaRow { w, metric, day: now / DAY, delta })
        .collect();
    let columns =
        &[("w", Kind::Int), ("metric", Kind::Text), ("day", Kind::Int), ("delta", Kind::Int)];
    session.insert("counter_delta", columns, &rows, "").await.map(|_| ())
}

const QUEUE_KEY: &str = "(w, channel, priority, not_before, delivery) IN
    (SELECT v.w, 'email', v.priority, v.not_before, v.delivery FROM";

/// What was handed over leaves the queue whoever holds the lease now: it must not go out again.
async fn leave_queue(session: &Session<'_>, rows: &[QueueRow]) -> crate::error::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM outgoing WHERE {QUEUE_KEY} {})", session.rows(1, QUEUE));
    session.execute(&sql, vec![set(rows)?]).await.map(|_| ())
}

/// Back into the queue, later; a row that another process leased meanwhile is left to it.
async fn put_back(session: &Session<'_>, rows: &[QueueRow]) -> crate::error::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE outgoing SET not_before = v.next, lease_until = 0, sending = 0,
            attempts = outgoing.attempts + 1
         FROM {} WHERE outgoing.w = v.w AND outgoing.channel = 'email'
            AND outgoing.priority = v.priority AND outgoing.not_before = v.not_before
            AND outgoing.delivery = v.delivery AND outgoing.token = v.token",
        session.rows(1, QUEUE)
    );
    session.execute(&sql, vec![set(rows)?]).await.map(|_| ())
}

/// States move up a rank, or from `sending` back to `queued`.
async fn set_states(
    session: &Session<'_>,
    rows: &[StateRow<'_>],
    now: i64,
) -> crate::error::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE delivery SET state = v.state, rank = v.rank, reason = v.reason,
            provider_id = coalesce(v.provider_id, delivery.provider_id), attempts = v.attempts,
            updated_at = $2
         FROM {} WHERE delivery.w = v.w AND delivery.l = v.l AND delivery.p = v.p
            AND delivery.delivery = v.delivery
            AND (delivery.rank < v.rank OR (delivery.state = 'sending' AND v.state = 'queued'))",
        session.rows(1, STATE)
    );
    session.execute(&sql, vec![set(rows)?, now.into()]).await.map(|_| ())
}

/// Marks deliveries whose lease is still ours and that were not sent meanwhile; the others are
/// somebody else's now.
async fn mark(
    session: &Session<'_>,
    marks: &[Mark],
    now: i64,
) -> crate::error::Result<BTreeSet<Uuid>> {
    if marks.is_empty() {
        return Ok(BTreeSet::new());
    }
    let real = real_now();
    let rows: Vec<QueueRow> =
        marks.iter().map(|m| QueueRow::new(&m.claimed, real + m.lease_ms, 0)).collect();
    let sql = format!(
        "UPDATE outgoing SET sending = 1, lease_until = v.lease_until
         FROM {} WHERE outgoing.w = v.w AND outgoing.channel = 'email'
            AND outgoing.priority = v.priority AND outgoing.not_before = v.not_before
            AND outgoing.delivery = v.delivery AND outgoing.token = v.token
            AND outgoing.lease_until > $2
            AND EXISTS (SELECT 1 FROM delivery d WHERE d.w = outgoing.w AND d.l = outgoing.l
                AND d.p = outgoing.p AND d.delivery = outgoing.delivery AND d.rank < $3)
         RETURNING outgoing.delivery AS delivery",
        session.rows(1, QUEUE)
    );
    let mut ours = BTreeSet::new();
    for row in session.all(&sql, vec![set(&rows)?, real.into(), State::Sent.rank().into()]).await? {
        ours.insert(row.uuid("delivery")?);
    }
    let states: Vec<StateRow<'_>> = marks
        .iter()
        .filter(|mark| ours.contains(&mark.claimed.delivery))
        .map(|mark| StateRow::new(&mark.claimed, State::Sending, None, 0))
        .collect();
    set_states(session, &states, now).await?;
    Ok(ours)
}

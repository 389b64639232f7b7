//! The tick: one transaction that takes what came in and what is due for many people, decides in
//! memory with the pure core, and writes the consequences in set statements.

mod decide;
mod keep;
mod load;
mod pick;
mod rows;
pub(crate) use rows::month;
mod shares;

use std::sync::{Arc, Mutex, PoisonError};

use dsl::time::{HOUR, Instant};

use crate::WorkspaceId;
use crate::definitions::{self, Loaded};
use crate::error::{Error, Result};
use crate::identifier::PersonKey;
use crate::store::{Session, Store};
use decide::Decided;
use pick::Picked;

/// People one tick moves at most.
pub const PEOPLE_MAX: usize = 1_000;
/// A clock this far behind what a lane has seen is reported.
const CLOCK_OFF_MS: i64 = HOUR;

/// There was a deploy, or another process let people into a version that is not compiled here.
const BEHIND: &str = "the compiled definitions are behind";

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// People looked at.
    pub people: usize,
    /// Pieces taken from the inbox.
    pub inputs: usize,
    /// Lines of history written.
    pub steps: usize,
    /// Deliveries made, gated ones too.
    pub deliveries: usize,
    /// Deliveries that are ready to leave.
    pub ready: usize,
    /// Changes of segments.
    pub segment_changes: usize,
    /// People put into quarantine.
    pub quarantined: usize,
    /// The lag of the oldest wake-up that was taken, in milliseconds.
    pub due_lag_ms: i64,
    /// There is more to do at once.
    pub more: bool,
}

/// Moves people of one workspace; `lanes` narrows the look where it is known who has work.
///
/// A database error is tried once more, then with ever fewer people, until the one at fault stands
/// alone and is put into quarantine: the lane goes on.
pub async fn tick(
    store: &Store,
    workspace: WorkspaceId,
    lanes: Option<Vec<i64>>,
) -> Result<Report> {
    let mut order = Order::new(workspace, lanes);
    let mut failures = 0;
    loop {
        let error = match run(store, order.clone()).await {
            Ok(report) => return Ok(Report { more: report.more || failures > 1, ..report }),
            Err(error) => error,
        };
        if matches!(&error, Error::Conflict { message } if message == BEHIND) {
            // The next hint finds the newer definitions.
            store.definitions().forget(workspace);
            return Ok(Report { more: true, ..Report::default() });
        }
        failures += 1;
        if !may_be_a_person(&error) {
            return Err(error);
        }
        tracing::warn!(%error, workspace, people = order.people, "a tick failed");
        if failures < 2 {
            continue;
        }
        let attempt = order.attempt();
        if order.people > 1 {
            order.people = (order.people / 4).max(1);
            order.lanes = attempt.lanes.or(order.lanes);
            continue;
        }
        let Some(key) = attempt.first else { return Err(error) };
        let order = Order { quarantine: Some(key), ..Order::new(workspace, Some(vec![key.l])) };
        return Ok(Report { more: true, ..run(store, order).await? });
    }
}

/// What one tick is asked to do.
#[derive(Debug, Clone)]
struct Order {
    workspace: WorkspaceId,
    lanes: Option<Arc<Vec<i64>>>,
    people: usize,
    /// Do not decide: put this person into quarantine.
    quarantine: Option<PersonKey>,
    /// Filled in before anything is decided.
    attempt: Arc<Mutex<Attempt>>,
}

/// Whom a tick picked, for when it fails: the next one looks there, so that the one at fault is
/// found and nobody else.
#[derive(Debug, Default)]
struct Attempt {
    lanes: Option<Arc<Vec<i64>>>,
    first: Option<PersonKey>,
}

impl Order {
    fn new(workspace: WorkspaceId, lanes: Option<Vec<i64>>) -> Self {
        let (lanes, attempt) = (lanes.map(Arc::new), Arc::default());
        Self { workspace, lanes, people: PEOPLE_MAX, quarantine: None, attempt }
    }

    fn note(&self, picked: &Picked) {
        let lanes = Some(Arc::new(picked.lanes.clone()));
        let attempt = Attempt { lanes, first: picked.work.keys().next().copied() };
        *self.attempt.lock().unwrap_or_else(PoisonError::into_inner) = attempt;
    }

    /// What was noted since the last call.
    fn attempt(&self) -> Attempt {
        std::mem::take(&mut *self.attempt.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn run(store: &Store, order: Order) -> Result<Report> {
    if store.is_sqlite() {
        run_sqlite(store, &order).await
    } else {
        run_postgres(store, order).await
    }
}

/// One engine moves all lanes: reading and deciding need no lock of the database, so intake goes
/// on meanwhile and the writer is taken for the commit alone.
async fn run_sqlite(store: &Store, order: &Order) -> Result<Report> {
    let _turn = store.engine_turn().await;
    let loaded = definitions::current(store, order.workspace).await?;
    let now = pick::engine_now(&store.read(), order.workspace, store.clock().now()).await?;
    let version = loaded.workspace.version();
    // Read before the inbox: what is being committed meanwhile was accepted after this instant.
    let complete_until = now.min(store.intake_open_since());
    let picked = pick::pick_all_lanes(&store.read(), order, now, complete_until, version).await?;
    if picked.is_empty() {
        return Ok(Report::default());
    }
    let decided = decide(&store.read(), order, &loaded, picked).await?;
    let report = decided.report;
    store
        .write(move |session| Box::pin(async move { keep::keep(session, &decided).await }))
        .await?;
    Ok(report)
}

/// Several engines share the lanes: they are locked by a statement of its own before anything is
/// read, else a stale person could be read under a valid lock.
async fn run_postgres(store: &Store, order: Order) -> Result<Report> {
    let loaded = definitions::current(store, order.workspace).await?;
    let clock = store.clock();
    store
        .write(move |session| {
            Box::pin(async move {
                session.force_index_plans().await?;
                let Some(locked) = pick::lock_lanes(session, &order, clock).await? else {
                    return Ok(Report::default());
                };
                if locked.version != loaded.workspace.version() {
                    return Err(Error::Conflict { message: BEHIND.to_owned() });
                }
                let picked = pick::pick_locked(session, &order, locked).await?;
                if picked.is_empty() {
                    return Ok(Report::default());
                }
                let decided = decide(session, &order, &loaded, picked).await?;
                keep::keep(session, &decided).await?;
                Ok(decided.report)
            })
        })
        .await
}

async fn decide(
    session: &Session<'_>,
    order: &Order,
    loaded: &Arc<Loaded>,
    picked: Picked,
) -> Result<Decided> {
    order.note(&picked);
    if let Some(key) = order.quarantine {
        return Ok(decide::quarantine_one(order.workspace, picked, key));
    }
    let people = load::load(session, order.workspace, loaded, &picked).await?;
    if people.values().flat_map(|one| &one.person.runs).any(|run| !loaded.knows(run.version)) {
        return Err(Error::Conflict { message: BEHIND.to_owned() });
    }
    let (workspace, loaded) = (order.workspace, loaded.clone());
    // Deciding is work for the processor alone: other tasks of this thread should not wait for it.
    tokio::task::spawn_blocking(move || decide::decide(workspace, &loaded, picked, people))
        .await
        .map_err(|panic| Error::internal(format!("deciding panicked: {panic}")))
}

/// Whether one person's rows may be at fault, so that fewer people would help. A database that is
/// away, full or out of time is no reason to park anybody.
fn may_be_a_person(error: &Error) -> bool {
    match error {
        Error::Internal(_) => true,
        error => error.is_about_values(),
    }
}

/// Engine time never runs back behind what a lane has seen.
fn monotonic(now: Instant, last: Instant) -> Instant {
    if last.saturating_sub(now) > CLOCK_OFF_MS {
        tracing::error!(now, last, "the clock is an hour behind what this database has seen");
    }
    now.max(last)
}

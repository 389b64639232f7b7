//! Choosing who is moved: the oldest pieces of the inbox, the wake-ups that are due, and people a
//! sweep has not reached.

use std::collections::BTreeMap;

use dsl::time::Instant;
use serde::Serialize;
use uuid::Uuid;

use super::shares::shares;
use super::{Order, monotonic};
use crate::WorkspaceId;
use crate::clock::Clock;
use crate::error::Result;
use crate::identifier::{Identifier, PersonKey};
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Session};

/// Pieces one tick reads at most.
const PIECES_MAX: usize = 2_000;
/// Lanes one tick locks at most on PostgreSQL.
const LANES_MAX: usize = 64;
/// Pieces read of one lane at least, however many lanes are locked.
const PIECES_PER_LANE_MIN: usize = 32;
/// Lanes one tick sweeps at most.
const SWEEPS_MAX: i64 = 16;
/// Of the people of a tick, one in so many is kept for a sweep: what it reads always fits its share.
const SWEEP_SHARE: usize = 5;

/// One person with work.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) pieces: Vec<Pending>,
    pub(super) due: Option<Instant>,
}

/// One row of the inbox.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) seq: i64,
    pub(super) id: Uuid,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) piece: serde_json::Value,
    pub(super) depth: i64,
    pub(super) accepted_at: Instant,
}

/// Who was chosen, and up to which instant they are moved.
#[derive(Debug)]
pub(super) struct Picked {
    pub(super) work: BTreeMap<PersonKey, Work>,
    /// Pieces accepted before this instant are all among those that were read.
    pub(super) horizon: Instant,
    pub(super) now: Instant,
    pub(super) sweeps: Vec<Sweep>,
    pub(super) more: bool,
    pub(super) lanes: Vec<i64>,
}

/// How far a sweep through one lane gets with this tick.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) l: i64,
    /// The release it leads to.
    pub(super) target: i64,
    pub(super) cursor: Uuid,
    pub(super) done: bool,
}

impl Picked {
    pub(super) fn is_empty(&self) -> bool {
        self.work.is_empty() && self.sweeps.is_empty()
    }
}

#[derive(Serialize)]
struct LaneRow {
    l: i64,
}

const LANE: &[(&str, Kind)] = &[("l", Kind::Int)];

/// The present moment on SQLite, never before what a lane has seen.
pub(super) async fn engine_now(
    session: &Session<'_>,
    w: WorkspaceId,
    now: Instant,
) -> Result<Instant> {
    let sql = "SELECT max(last_now) FROM lane WHERE w = $1";
    Ok(monotonic(now, session.number(sql, vec![w.into()]).await?))
}

/// Lanes that are locked until the transaction ends.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) lanes: Vec<i64>,
    /// The present moment, never before what one of the lanes has seen.
    pub(super) now: Instant,
    /// The release of the workspace as of the lock.
    pub(super) version: i64,
}

/// Locks lanes that have work and are free; those that only a sweep is under way in come last.
pub(super) async fn lock_lanes(
    session: &Session<'_>,
    order: &Order,
    clock: Clock,
) -> Result<Option<Locked>> {
    let narrow = if order.lanes.is_some() {
        format!("AND l.l IN (SELECT l FROM {})", session.rows(4, LANE))
    } else {
        String::new()
    };
    let sql = format!(
        "SELECT l.l AS l, l.last_now AS last_now,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS real,
            (SELECT n.version FROM workspace n WHERE n.id = l.w) AS version
         FROM lane l CROSS JOIN LATERAL (SELECT
            EXISTS (SELECT 1 FROM inbox i WHERE i.w = l.w AND i.l = l.l)
            OR EXISTS (SELECT 1 FROM clock c WHERE c.w = l.w AND c.l = l.l AND c.due <= $2)
            AS live OFFSET 0) x
         WHERE l.w = $1 AND (x.live
            OR EXISTS (SELECT 1 FROM sweep s WHERE s.w = l.w AND s.l = l.l)) {narrow}
         ORDER BY NOT x.live, random() LIMIT $3 FOR UPDATE OF l SKIP LOCKED"
    );
    let limit = i64::try_from(LANES_MAX).unwrap_or(i64::MAX);
    let mut values = vec![order.workspace.into(), clock.now().into(), limit.into()];
    if let Some(lanes) = &order.lanes {
        let rows: Vec<LaneRow> = lanes.iter().map(|l| LaneRow { l: *l }).collect();
        values.push(set(&rows)?);
    }
    let rows = session.all(&sql, values).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut now = clock.at(first.int("real")?);
    let mut lanes = Vec::with_capacity(rows.len());
    for row in &rows {
        now = monotonic(now, row.int("last_now")?);
        lanes.push(row.int("l")?);
    }
    lanes.sort_unstable();
    Ok(Some(Locked { lanes, now, version: first.int("version")? }))
}

/// Chooses among all lanes, oldest piece first. The inbox holds all that was accepted before
/// `complete_until`.
pub(super) async fn pick_all_lanes(
    session: &Session<'_>,
    order: &Order,
    now: Instant,
    complete_until: Instant,
    version: i64,
) -> Result<Picked> {
    let w = order.workspace;
    let sql = "SELECT seq, l, p, id, identifiers, piece, depth, accepted_at FROM inbox
        WHERE +w = $1 ORDER BY seq LIMIT $2";
    let limit = i64::try_from(PIECES_MAX).unwrap_or(i64::MAX);
    let inbox = session.all(sql, vec![w.into(), limit.into()]).await?;
    let cut = (inbox.len() == PIECES_MAX).then(|| last_accepted(&inbox)).transpose()?.flatten();
    let horizon = cut.unwrap_or(now).min(complete_until);
    let sql = "SELECT l, p, due FROM clock WHERE w = $1 AND due <= $2 ORDER BY due LIMIT $3";
    let people = i64::try_from(order.people).unwrap_or(i64::MAX);
    let due = session.all(sql, vec![w.into(), horizon.into(), people.into()]).await?;
    let sql =
        "SELECT l, cursor, target FROM sweep WHERE w = $1 AND target = $2 ORDER BY l LIMIT $3";
    let values = vec![w.into(), version.into(), SWEEPS_MAX.into()];
    let sweeps = session.all(sql, values).await?;
    choose(session, order, Found { inbox, due, sweeps, horizon, now, lanes: None }).await
}

/// Chooses among the lanes that are locked.
pub(super) async fn pick_locked(
    session: &Session<'_>,
    order: &Order,
    locked: Locked,
) -> Result<Picked> {
    let Locked { lanes, now, version } = locked;
    let rows: Vec<LaneRow> = lanes.iter().map(|l| LaneRow { l: *l }).collect();
    let per_lane = (PIECES_MAX / lanes.len().max(1)).max(PIECES_PER_LANE_MIN);
    let limit = i64::try_from(per_lane).unwrap_or(i64::MAX);
    let from = session.rows(1, LANE);
    let sql = format!(
        "SELECT i.* FROM {from} CROSS JOIN LATERAL (
            SELECT seq, l, p, id, identifiers, piece, depth, accepted_at FROM inbox
            WHERE w = $2 AND l = v.l ORDER BY seq LIMIT $3) i ORDER BY i.seq"
    );
    let inbox = session.all(&sql, vec![set(&rows)?, order.workspace.into(), limit.into()]).await?;
    let horizon = lane_horizon(&inbox, per_lane)?.unwrap_or(now).min(now);
    let sql = format!(
        "SELECT c.* FROM {from} CROSS JOIN LATERAL (
            SELECT l, p, due FROM clock WHERE w = $2 AND l = v.l AND due <= $3
            ORDER BY due LIMIT $4) c ORDER BY c.due"
    );
    let values = vec![set(&rows)?, order.workspace.into(), horizon.into(), limit.into()];
    let due = session.all(&sql, values).await?;
    let sql = format!(
        "SELECT l, cursor, target FROM sweep WHERE w = $2 AND target = $3
            AND l IN (SELECT l FROM {from}) ORDER BY l LIMIT $4"
    );
    let values = vec![set(&rows)?, order.workspace.into(), version.into(), SWEEPS_MAX.into()];
    let sweeps = session.all(&sql, values).await?;
    choose(session, order, Found { inbox, due, sweeps, horizon, now, lanes: Some(lanes) }).await
}

/// What the queries found, before shares are given out.
struct Found {
    inbox: Vec<Row>,
    due: Vec<Row>,
    sweeps: Vec<Row>,
    horizon: Instant,
    now: Instant,
    lanes: Option<Vec<i64>>,
}

async fn choose(session: &Session<'_>, order: &Order, found: Found) -> Result<Picked> {
    let mut order_of_arrival: Vec<PersonKey> = Vec::new();
    let mut pending: BTreeMap<PersonKey, Vec<Pending>> = BTreeMap::new();
    for row in &found.inbox {
        let key = PersonKey { l: row.int("l")?, p: row.uuid("p")? };
        let pieces = pending.entry(key).or_default();
        if pieces.is_empty() {
            order_of_arrival.push(key);
        }
        pieces.push(read_pending(row)?);
    }
    let (sweeps, swept) = sweep_on(session, order, &found.sweeps).await?;
    let (live, due, bulk) =
        shares(order_of_arrival.len(), found.due.len(), swept.len(), order.people);
    let mut work: BTreeMap<PersonKey, Work> = BTreeMap::new();
    let mut horizon = found.horizon;
    for key in order_of_arrival.iter().skip(live) {
        let first = pending.get(key).and_then(|pieces| pieces.first());
        horizon = horizon.min(first.map_or(horizon, |piece| piece.accepted_at));
    }
    for key in order_of_arrival.iter().take(live) {
        let pieces = pending.remove(key).unwrap_or_default();
        work.insert(*key, Work { pieces, due: None });
    }
    for row in found.due.iter().take(due) {
        let (key, at) = (PersonKey { l: row.int("l")?, p: row.uuid("p")? }, row.int("due")?);
        if at <= horizon && !pending.contains_key(&key) {
            work.entry(key).or_default().due = Some(at);
        }
    }
    for key in swept.iter().take(bulk).filter(|key| !pending.contains_key(key)) {
        work.entry(*key).or_default();
    }
    let more = live < order_of_arrival.len()
        || found.inbox.len() >= PIECES_MAX
        || due < found.due.len()
        || found.due.len() >= order.people
        || found.lanes.as_ref().is_some_and(|lanes| lanes.len() >= LANES_MAX)
        || !found.sweeps.is_empty();
    let sweeps = if bulk == swept.len() { sweeps } else { Vec::new() };
    let lanes = found.lanes.unwrap_or_else(|| {
        let mut lanes: Vec<i64> = work.keys().map(|key| key.l).collect();
        lanes.dedup();
        lanes
    });
    Ok(Picked { work, horizon, now: found.now, sweeps, more, lanes })
}

/// The next people that sweeps take along, lane by lane until the share is full.
async fn sweep_on(
    session: &Session<'_>,
    order: &Order,
    rows: &[Row],
) -> Result<(Vec<Sweep>, Vec<PersonKey>)> {
    let max = (order.people / SWEEP_SHARE).max(1);
    let (mut sweeps, mut people) = (Vec::new(), Vec::new());
    for row in rows {
        if people.len() >= max {
            break;
        }
        let (l, cursor, target) = (row.int("l")?, row.uuid("cursor")?, row.int("target")?);
        let room = max - people.len();
        let sql = "SELECT p FROM person WHERE w = $1 AND l = $2 AND p > $3 ORDER BY p LIMIT $4";
        let limit = i64::try_from(room).unwrap_or(i64::MAX);
        let values = vec![order.workspace.into(), l.into(), cursor.into(), limit.into()];
        let found = session.all(sql, values).await?;
        let done = found.len() < room;
        for row in &found {
            people.push(PersonKey { l, p: row.uuid("p")? });
        }
        let cursor = if found.is_empty() { cursor } else { people.last().map_or(cursor, |k| k.p) };
        sweeps.push(Sweep { l, target, cursor, done });
    }
    Ok((sweeps, people))
}

fn read_pending(row: &Row) -> Result<Pending> {
    Ok(Pending {
        seq: row.int("seq")?,
        id: row.uuid("id")?,
        identifiers: row.json("identifiers")?,
        piece: row.json("piece")?,
        depth: row.int("depth")?,
        accepted_at: row.int("accepted_at")?,
    })
}

fn last_accepted(rows: &[Row]) -> Result<Option<Instant>> {
    rows.last().map(|row| row.int("accepted_at")).transpose()
}

/// The earliest instant at which a lane that was not read to its end goes on.
fn lane_horizon(rows: &[Row], per_lane: usize) -> Result<Option<Instant>> {
    let mut read: BTreeMap<i64, (usize, Instant)> = BTreeMap::new();
    for row in rows {
        let lane = read.entry(row.int("l")?).or_insert((0, 0));
        *lane = (lane.0 + 1, row.int("accepted_at")?);
    }
    Ok(read.values().filter(|(count, _)| *count >= per_lane).map(|(_, at)| *at).min())
}

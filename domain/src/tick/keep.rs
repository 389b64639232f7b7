//! Writing what a tick decided: one statement for each table, however many people.

use serde::Serialize;

use super::decide::Decided;
use crate::WorkspaceId;
use crate::error::Result;
use crate::store::Session;
use crate::store::dialect::{Kind, set};

/// How far the engine time of a lane may run ahead of what is noted.
const LANE_NOTED_EVERY_MS: i64 = 1_000;

use Kind::{Int, Json, Text, Uuid};

const TAKEN: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("seq", Int)];
const KEY: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("p", Uuid)];
const RUN_KEY: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("p", Uuid), ("run", Uuid)];
const MEMBER_KEY: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("p", Uuid), ("segment", Int)];

const PERSON: &[(&str, Kind)] = &[
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("attributes", Json),
    ("version", Int),
    ("created_at", Int),
    ("updated_at", Int),
];
const ATOMS: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("p", Uuid), ("times", Json)];
const MEMBER: &[(&str, Kind)] =
    &[("w", Int), ("l", Int), ("p", Uuid), ("segment", Int), ("since", Int)];
const RUN: &[(&str, Kind)] = &[
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("run", Uuid),
    ("campaign", Int),
    ("version", Int),
    ("place", Text),
    ("arrived", Int),
    ("due", Int),
    ("since", Int),
    ("trigger", Json),
    ("vars", Json),
    ("ordinal", Int),
    ("depth", Int),
];
const ENTRY: &[(&str, Kind)] =
    &[("w", Int), ("l", Int), ("p", Uuid), ("campaign", Int), ("at", Int), ("run", Uuid)];
const CLOCK: &[(&str, Kind)] = &[("w", Int), ("l", Int), ("p", Uuid), ("due", Int)];
const EVENT: &[(&str, Kind)] = &[
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("at", Int),
    ("id", Uuid),
    ("name", Text),
    ("data", Json),
    ("accepted_at", Int),
];
const CHANGE: &[(&str, Kind)] = &[
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("at", Int),
    ("id", Uuid),
    ("changes", Json),
    ("run", Uuid),
];
const HISTORY: &[(&str, Kind)] = &[
    ("month", Int),
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("run", Uuid),
    ("ordinal", Int),
    ("campaign", Int),
    ("version", Int),
    ("step", Text),
    ("outcome", Text),
    ("deciding", Json),
    ("at", Int),
];
const DELIVERY: &[(&str, Kind)] = &[
    ("w", Int),
    ("l", Int),
    ("p", Uuid),
    ("delivery", Uuid),
    ("run", Uuid),
    ("campaign", Int),
    ("version", Int),
    ("step", Text),
    ("channel", Text),
    ("message", Text),
    ("state", Text),
    ("rank", Int),
    ("reason", Text),
    ("address", Text),
    ("frozen", Json),
    ("attempts", Int),
    ("created_at", Int),
    ("updated_at", Int),
];
const OUTGOING: &[(&str, Kind)] = &[
    ("w", Int),
    ("channel", Text),
    ("priority", Int),
    ("not_before", Int),
    ("delivery", Uuid),
    ("l", Int),
    ("p", Uuid),
    ("attempts", Int),
    ("sending", Int),
    ("lease_until", Int),
    ("token", Uuid),
];
const QUARANTINE: &[(&str, Kind)] =
    &[("w", Int), ("l", Int), ("p", Uuid), ("at", Int), ("reason", Text), ("inputs", Json)];

/// Writes everything in the caller's transaction.
pub(super) async fn keep(session: &Session<'_>, decided: &Decided) -> Result<()> {
    let rows = &decided.rows;
    session.remove("inbox", TAKEN, &rows.taken).await?;
    session.insert("person", PERSON, &rows.people, UPSERT_PERSON).await?;
    session.insert("atoms", ATOMS, &rows.atoms, UPSERT_ATOMS).await?;
    let (joined, left) = rows.memberships();
    session.remove("membership", MEMBER_KEY, &left).await?;
    session.insert("membership", MEMBER, &joined, UPSERT_MEMBER).await?;
    session.remove("run", RUN_KEY, &rows.ended).await?;
    session.insert("run", RUN, &rows.runs, UPSERT_RUN).await?;
    session.insert("entry", ENTRY, &rows.entries, "").await?;
    session.remove("clock", KEY, &rows.no_clocks).await?;
    session.insert("clock", CLOCK, &rows.clocks, UPSERT_CLOCK).await?;
    session.insert("event", EVENT, &rows.events, "").await?;
    session.insert("change", CHANGE, &rows.changes, "").await?;
    session.insert("history", HISTORY, &rows.history, "").await?;
    session.insert("delivery", DELIVERY, &rows.deliveries, "").await?;
    session.insert("outgoing", OUTGOING, &rows.outgoing, "").await?;
    session.insert("quarantine", QUARANTINE, &rows.quarantine, "").await?;
    keep_counters(session, decided).await?;
    keep_sweeps(session, decided).await?;
    note_lanes(session, decided).await
}

const UPSERT_PERSON: &str = "ON CONFLICT (w, l, p) DO UPDATE SET
    attributes = excluded.attributes, version = excluded.version, updated_at = excluded.updated_at";
const UPSERT_ATOMS: &str = "ON CONFLICT (w, l, p) DO UPDATE SET times = excluded.times";
const UPSERT_MEMBER: &str = "ON CONFLICT (w, l, p, segment) DO UPDATE SET since = excluded.since";
const UPSERT_RUN: &str = "ON CONFLICT (w, l, p, run) DO UPDATE SET place = excluded.place,
    arrived = excluded.arrived, due = excluded.due, vars = excluded.vars,
    ordinal = excluded.ordinal, depth = excluded.depth";
const UPSERT_CLOCK: &str = "ON CONFLICT (w, l, p) DO UPDATE SET due = excluded.due";

#[derive(Serialize)]
struct DeltaRow<'a> {
    w: WorkspaceId,
    metric: &'a str,
    day: i64,
    delta: i64,
}

/// Counters are appended as differences: one shared row would make all ticks wait for each other.
async fn keep_counters(session: &Session<'_>, decided: &Decided) -> Result<()> {
    let rows: Vec<DeltaRow<'_>> = decided
        .rows
        .counters
        .iter()
        .filter(|(_, delta)| **delta != 0)
        .map(|((metric, day), delta)| DeltaRow { w: decided.w, metric, day: *day, delta: *delta })
        .collect();
    let columns = &[("w", Int), ("metric", Text), ("day", Int), ("delta", Int)];
    session.insert("counter_delta", columns, &rows, "").await.map(|_| ())
}

async fn keep_sweeps(session: &Session<'_>, decided: &Decided) -> Result<()> {
    for sweep in &decided.sweeps {
        // A deploy that came in meanwhile has set the sweep anew: it is not this one any more.
        let key = vec![decided.w.into(), sweep.l.into(), sweep.target.into()];
        if sweep.done {
            let sql = "DELETE FROM sweep WHERE w = $1 AND l = $2 AND target = $3";
            session.execute(sql, key).await?;
        } else {
            let sql = "UPDATE sweep SET cursor = $4 WHERE w = $1 AND l = $2 AND target = $3";
            let values = key.into_iter().chain([sweep.cursor.into()]).collect();
            session.execute(sql, values).await?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct LaneRow {
    l: i64,
}

async fn note_lanes(session: &Session<'_>, decided: &Decided) -> Result<()> {
    let lanes: Vec<LaneRow> = decided.lanes.iter().map(|l| LaneRow { l: *l }).collect();
    let sql = format!(
        "UPDATE lane SET last_now = $2 WHERE w = $3 AND last_now < $2 - $4
         AND l IN (SELECT l FROM {})",
        session.rows(1, &[("l", Int)])
    );
    let values =
        vec![set(&lanes)?, decided.now.into(), decided.w.into(), LANE_NOTED_EVERY_MS.into()];
    session.execute(&sql, values).await.map(|_| ())
}

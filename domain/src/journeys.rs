//! Journeys: one person's way through a campaign, live ones and finished ones.

use std::collections::BTreeMap;

use dsl::expr::Object;
use dsl::time::Instant;
use sea_orm::Value;
use serde::Serialize;
use uuid::Uuid;

use crate::WorkspaceId;
use crate::error::Result;
use crate::identifier::PersonKey;
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Store};
use crate::tick::month;

/// Lines of history answered for one journey.
pub const HISTORY_MAX: i64 = 1_000;
/// Months of history that are looked through from a journey's beginning.
const MONTHS_MAX: i64 = 36;

/// One person's way through a campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Its id; newer ones are greater.
    pub id: Uuid,
    /// Its person.
    pub person: PersonKey,
    /// Its campaign.
    pub campaign: i64,
    /// When it began.
    pub since: Instant,
    /// Where it stands; `None` when it is over.
    pub live: Option<Live>,
}

/// Where a live journey stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// The version it walks.
    pub version: i64,
    /// Identity of the step.
    pub place: String,
    /// When it came there.
    pub arrived: Instant,
    /// When it goes on by time alone, if it does.
    pub due: Option<Instant>,
    /// Its variables.
    pub vars: Object,
}

/// One line of a journey's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// From 0.
    pub ordinal: i64,
    /// The version that was walked.
    pub version: i64,
    /// Identity of the step; empty for entering and for exits by a clause.
    pub step: String,
    /// What happened there.
    pub outcome: String,
    /// The values that decided it.
    pub deciding: Object,
    /// When.
    pub at: Instant,
}

const SELECT: &str = "SELECT e.l AS l, e.p AS p, e.run AS run, e.campaign AS campaign,
        e.at AS since, r.version AS version, r.place AS place, r.arrived AS arrived, r.due AS due,
        r.vars AS vars
    FROM entry e LEFT JOIN run r ON r.w = e.w AND r.l = e.l AND r.p = e.p AND r.run = e.run";

/// Which journeys are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this person.
    pub person: Option<PersonKey>,
    /// Of this campaign.
    pub campaign: Option<i64>,
}

/// Journeys, live ones and finished ones, newest first, behind `after`.
pub async fn list(
    store: &Store,
    w: WorkspaceId,
    filter: Filter,
    after: Option<Uuid>,
    first: usize,
) -> Result<Vec<Journey>> {
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![w.into(), after.unwrap_or(Uuid::max()).into(), limit.into()];
    let mut narrow = String::new();
    if let Some(person) = filter.person {
        narrow.push_str(" AND e.l = $4 AND e.p = $5");
        values.extend([person.l.into(), person.p.into()]);
    }
    if let Some(campaign) = filter.campaign {
        values.push(campaign.into());
        narrow.push_str(&format!(" AND e.campaign = ${}", values.len()));
    }
    let sql =
        format!("{SELECT} WHERE e.w = $1 AND e.run < $2{narrow} ORDER BY e.run DESC LIMIT $3");
    store.read().all(&sql, values).await?.iter().map(read).collect()
}

/// One journey.
pub async fn find(
    store: &Store,
    w: WorkspaceId,
    key: PersonKey,
    run: Uuid,
) -> Result<Option<Journey>> {
    let sql = format!("{SELECT} WHERE e.w = $1 AND e.l = $2 AND e.p = $3 AND e.run = $4");
    let values = vec![w.into(), key.l.into(), key.p.into(), run.into()];
    store.read().one(&sql, values).await?.as_ref().map(read).transpose()
}

/// The first journeys, newest first, of each of these people, behind `after`.
pub async fn of_people(
    store: &Store,
    w: WorkspaceId,
    keys: &[PersonKey],
    after: Option<Uuid>,
    first: usize,
) -> Result<BTreeMap<PersonKey, Vec<Journey>>> {
    let session = store.read();
    let sql = format!(
        "SELECT e.l AS l, e.p AS p, e.run AS run, e.campaign AS campaign, e.at AS since,
            r.version AS version, r.place AS place, r.arrived AS arrived, r.due AS due,
            r.vars AS vars
         FROM {} {} entry e
            LEFT JOIN run r ON r.w = e.w AND r.l = e.l AND r.p = e.p AND r.run = e.run
         {} e.w = $2 AND e.l = v.l AND e.p = v.p AND e.run IN (SELECT n.run FROM entry n
            WHERE n.w = $2 AND n.l = v.l AND n.p = v.p AND n.run < $4
            ORDER BY n.run DESC LIMIT $3)
         ORDER BY e.run DESC",
        session.rows(1, PersonKey::COLUMNS),
        session.join(),
        session.on(),
    );
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let mut of: BTreeMap<PersonKey, Vec<Journey>> = BTreeMap::new();
    let after = after.unwrap_or(Uuid::max());
    for row in session.all(&sql, vec![set(keys)?, w.into(), limit.into(), after.into()]).await? {
        let journey = read(&row)?;
        of.entry(journey.person).or_default().push(journey);
    }
    Ok(of)
}

/// What happened on a journey, oldest first.
pub async fn history(
    store: &Store,
    w: WorkspaceId,
    key: PersonKey,
    run: Uuid,
    since: Instant,
) -> Result<Vec<Line>> {
    Ok(histories(store, w, &[(key, run, since)]).await?.remove(&run).unwrap_or_default())
}

#[derive(Serialize)]
struct MonthRow {
    month: i64,
    l: i64,
    p: Uuid,
    run: Uuid,
}

const MONTH: &[(&str, Kind)] =
    &[("month", Kind::Int), ("l", Kind::Int), ("p", Kind::Uuid), ("run", Kind::Uuid)];

/// What happened on these journeys since they began, by journey; oldest first.
pub async fn histories(
    store: &Store,
    w: WorkspaceId,
    of: &[(PersonKey, Uuid, Instant)],
) -> Result<BTreeMap<Uuid, Vec<Line>>> {
    let now = month(store.clock().now());
    // The month leads the key: naming each one is a look-up, a range of them would be a scan.
    let rows: Vec<MonthRow> = of
        .iter()
        .flat_map(|(key, run, since)| {
            let from = month(*since);
            (from..=now.min(from + MONTHS_MAX)).map(|month| MonthRow {
                month,
                l: key.l,
                p: key.p,
                run: *run,
            })
        })
        .collect();
    let session = store.read();
    let sql = format!(
        "SELECT h.run AS run, h.ordinal AS ordinal, h.version AS version, h.step AS step,
            h.outcome AS outcome, h.deciding AS deciding, h.at AS at
         FROM {} {} history h
         {} h.month = v.month AND h.w = $2 AND h.l = v.l AND h.p = v.p AND h.run = v.run
            AND h.ordinal < $3
         ORDER BY h.ordinal",
        session.rows(1, MONTH),
        session.join(),
        session.on(),
    );
    let mut histories: BTreeMap<Uuid, Vec<Line>> = BTreeMap::new();
    for row in session.all(&sql, vec![set(&rows)?, w.into(), HISTORY_MAX.into()]).await? {
        histories.entry(row.uuid("run")?).or_default().push(line(&row)?);
    }
    Ok(histories)
}

/// Live journeys without a wake-up, in all workspaces: those that would stand for ever unless
/// something comes in. A wait declared unlimited is one of them.
pub async fn without_wake_up(store: &Store) -> Result<i64> {
    let sql = "SELECT count(*) FROM run r WHERE r.due IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM clock c WHERE c.w = r.w AND c.l = r.l AND c.p = r.p AND c.due <= r.due)";
    store.read().number(sql, Vec::new()).await
}

/// Live journeys in all workspaces.
pub async fn live(store: &Store) -> Result<i64> {
    store.read().number("SELECT count(*) FROM run", Vec::new()).await
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        ordinal: row.int("ordinal")?,
        version: row.int("version")?,
        step: row.text("step")?,
        outcome: row.text("outcome")?,
        deciding: row.json("deciding")?,
        at: row.int("at")?,
    })
}

fn read(row: &Row) -> Result<Journey> {
    let live = match row.get::<Option<String>>("place")? {
        Some(place) => Some(Live {
            version: row.int("version")?,
            place,
            arrived: row.int("arrived")?,
            due: row.get("due")?,
            vars: row.json("vars")?,
        }),
        None => None,
    };
    Ok(Journey {
        id: row.uuid("run")?,
        person: PersonKey { l: row.int("l")?, p: row.uuid("p")? },
        campaign: row.int("campaign")?,
        since: row.int("since")?,
        live,
    })
}

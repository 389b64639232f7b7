//! Segments: named groups of people, found by a condition.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::identifier::PersonKey;
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Store};

/// A count goes no further than this; beyond it is "more than 10,000".
pub const COUNT_MAX: i64 = 10_001;

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub id: i64,
    /// Unique in its workspace.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The declaration as written.
    pub text: String,
    /// The file that declares it.
    pub path: String,
}

const COLUMNS: &str = "id, name, description, text, path";

/// Segments by id, behind `after`.
pub async fn list(
    store: &Store,
    w: WorkspaceId,
    after: Option<i64>,
    first: usize,
) -> Result<Vec<Segment>> {
    let sql =
        format!("SELECT {COLUMNS} FROM segment WHERE w = $1 AND id > $2 ORDER BY id LIMIT $3");
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let values = vec![w.into(), after.unwrap_or(0).into(), limit.into()];
    store.read().all(&sql, values).await?.iter().map(read).collect()
}

/// The segment with this id.
pub async fn find(store: &Store, w: WorkspaceId, id: i64) -> Result<Segment> {
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE w = $1 AND id = $2");
    let row = store.read().one(&sql, vec![w.into(), id.into()]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| Error::not_found("segment"))
}

/// How many people are in it, up to [`COUNT_MAX`].
pub async fn count(store: &Store, w: WorkspaceId, id: i64) -> Result<i64> {
    let sql = "SELECT count(*) FROM (SELECT 1 AS one FROM membership
        WHERE w = $1 AND segment = $2 LIMIT $3) AS counted";
    store.read().number(sql, vec![w.into(), id.into(), COUNT_MAX.into()]).await
}

/// People in it, newest first, behind `after`.
pub async fn members(
    store: &Store,
    w: WorkspaceId,
    id: i64,
    after: Option<Uuid>,
    first: usize,
) -> Result<Vec<PersonKey>> {
    let sql = "SELECT l, p FROM membership WHERE w = $1 AND segment = $2 AND p < $3
        ORDER BY p DESC LIMIT $4";
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let values = vec![w.into(), id.into(), after.unwrap_or(Uuid::max()).into(), limit.into()];
    let rows = store.read().all(sql, values).await?;
    rows.iter().map(|row| Ok(PersonKey { l: row.int("l")?, p: row.uuid("p")? })).collect()
}

/// The segments a person is in, by id.
pub async fn of_person(store: &Store, w: WorkspaceId, key: PersonKey) -> Result<Vec<Segment>> {
    let sql = "SELECT s.id AS id, s.name AS name, s.description AS description, s.text AS text,
            s.path AS path
        FROM membership m JOIN segment s ON s.w = m.w AND s.id = m.segment
        WHERE m.w = $1 AND m.l = $2 AND m.p = $3 ORDER BY s.id";
    let values = vec![w.into(), key.l.into(), key.p.into()];
    store.read().all(sql, values).await?.iter().map(read).collect()
}

/// The segments that people are in, by person; those of one person by id.
pub async fn of_people(
    store: &Store,
    w: WorkspaceId,
    keys: &[PersonKey],
) -> Result<BTreeMap<PersonKey, Vec<Segment>>> {
    let session = store.read();
    let sql = format!(
        "SELECT m.l AS l, m.p AS p, s.id AS id, s.name AS name, s.description AS description,
            s.text AS text, s.path AS path
         FROM {} {} membership m JOIN segment s ON s.w = m.w AND s.id = m.segment
         {} m.w = $2 AND m.l = v.l AND m.p = v.p ORDER BY s.id",
        session.rows(1, PersonKey::COLUMNS),
        session.join(),
        session.on(),
    );
    let mut of: BTreeMap<PersonKey, Vec<Segment>> = BTreeMap::new();
    for row in session.all(&sql, vec![set(keys)?, w.into()]).await? {
        let key = PersonKey { l: row.int("l")?, p: row.uuid("p")? };
        of.entry(key).or_default().push(read(&row)?);
    }
    Ok(of)
}

#[derive(Serialize)]
struct IdRow {
    id: i64,
}

const ID: &[(&str, Kind)] = &[("id", Kind::Int)];

/// How many people are in each of these segments, up to [`COUNT_MAX`] each.
pub async fn counts(store: &Store, w: WorkspaceId, ids: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let rows: Vec<IdRow> = ids.iter().map(|id| IdRow { id: *id }).collect();
    let session = store.read();
    let sql = format!(
        "SELECT v.id AS id, (SELECT count(*) FROM (SELECT 1 AS one FROM membership m
            WHERE m.w = $2 AND m.segment = v.id LIMIT $3) AS counted) AS people FROM {}",
        session.rows(1, ID)
    );
    let found = session.all(&sql, vec![set(&rows)?, w.into(), COUNT_MAX.into()]).await?;
    found.iter().map(|row| Ok((row.int("id")?, row.int("people")?))).collect()
}

/// The first people, newest first, of each of these segments, behind `after`.
pub async fn members_of(
    store: &Store,
    w: WorkspaceId,
    ids: &[i64],
    after: Option<Uuid>,
    first: usize,
) -> Result<BTreeMap<i64, Vec<PersonKey>>> {
    let rows: Vec<IdRow> = ids.iter().map(|id| IdRow { id: *id }).collect();
    let session = store.read();
    let sql = format!(
        "SELECT m.segment AS segment, m.l AS l, m.p AS p FROM {} {} membership m
         {} m.w = $2 AND m.segment = v.id AND m.p IN (SELECT n.p FROM membership n
            WHERE n.w = $2 AND n.segment = v.id AND n.p < $4 ORDER BY n.p DESC LIMIT $3)
         ORDER BY m.p DESC",
        session.rows(1, ID),
        session.join(),
        session.on(),
    );
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let after = after.unwrap_or(Uuid::max());
    let mut members: BTreeMap<i64, Vec<PersonKey>> = BTreeMap::new();
    for row in session.all(&sql, vec![set(&rows)?, w.into(), limit.into(), after.into()]).await? {
        let key = PersonKey { l: row.int("l")?, p: row.uuid("p")? };
        members.entry(row.int("segment")?).or_default().push(key);
    }
    Ok(members)
}

fn read(row: &Row) -> Result<Segment> {
    Ok(Segment {
        id: row.int("id")?,
        name: row.text("name")?,
        description: row.get("description")?,
        text: row.text("text")?,
        path: row.text("path")?,
    })
}

//! People: found by their names, listed newest first, read with what still waits in the inbox.

use std::collections::BTreeMap;

use dsl::expr::{Object, Value};
use dsl::time::Instant;
use uuid::Uuid;

use crate::WorkspaceId;
use crate::error::Result;
use crate::identifier::{Identifier, IdentifierKind, PersonKey};
use crate::store::dialect::set;
use crate::store::{Row, Session, Store};

/// Pieces of a lane that are looked through to read a person's own writes.
const OVERLAY_PIECES_MAX: i64 = 10_000;

/// One person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Where its rows lie.
    pub key: PersonKey,
    /// Its attributes, with what still waits in the inbox.
    pub attributes: Object,
    /// When it was first heard of.
    pub created_at: Instant,
    /// When it changed last.
    pub updated_at: Instant,
    /// More waits for its lane than was looked through: the attributes may be behind.
    pub stale: bool,
}

/// The person with this name.
pub async fn by_identifier(
    store: &Store,
    w: WorkspaceId,
    identifier: &Identifier,
) -> Result<Option<Person>> {
    let sql = "SELECT l, p FROM identifier WHERE w = $1 AND kind = $2 AND value = $3";
    let values = vec![w.into(), identifier.kind.word().into(), identifier.value.as_str().into()];
    match store.read().one(sql, values).await? {
        Some(row) => {
            one(store, w, PersonKey { l: row.int("l")?, p: row.uuid("p")? }).await.map(Some)
        }
        None => Ok(None),
    }
}

/// One person with its own writes, also when no tick has taken them yet.
pub async fn one(store: &Store, w: WorkspaceId, key: PersonKey) -> Result<Person> {
    let stored = many(store, w, &[key]).await?.remove(&key);
    let session = store.read();
    let sql = "SELECT piece, p, accepted_at, identifiers FROM inbox WHERE w = $1 AND l = $2
        ORDER BY seq LIMIT $3";
    let values = vec![w.into(), key.l.into(), OVERLAY_PIECES_MAX.into()];
    let pending = session.all(sql, values).await?;
    let stale = i64::try_from(pending.len()).unwrap_or(i64::MAX) >= OVERLAY_PIECES_MAX;
    let mut person = stored.unwrap_or(Person {
        key,
        attributes: Object::new(),
        created_at: 0,
        updated_at: 0,
        stale: false,
    });
    person.stale = stale;
    for row in &pending {
        if row.uuid("p")? == key.p {
            overlay(&mut person, row)?;
        }
    }
    Ok(person)
}

/// People by their keys, as the last tick left them.
pub async fn many(
    store: &Store,
    w: WorkspaceId,
    keys: &[PersonKey],
) -> Result<BTreeMap<PersonKey, Person>> {
    let session = store.read();
    let sql = format!(
        "SELECT t.l AS l, t.p AS p, t.attributes AS attributes, t.created_at AS created_at,
            t.updated_at AS updated_at
         FROM {} {} person t {} t.w = $2 AND t.l = v.l AND t.p = v.p",
        session.rows(1, PersonKey::COLUMNS),
        session.join(),
        session.on(),
    );
    let found = session.all(&sql, vec![set(keys)?, w.into()]).await?;
    found.iter().map(|row| read(row).map(|person| (person.key, person))).collect()
}

/// People, newest first, behind `after`.
pub async fn list(
    store: &Store,
    w: WorkspaceId,
    after: Option<Uuid>,
    first: usize,
) -> Result<Vec<Person>> {
    let sql = "SELECT l, p, attributes, created_at, updated_at FROM person
        WHERE w = $1 AND p < $2 ORDER BY p DESC LIMIT $3";
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let values = vec![w.into(), after.unwrap_or(Uuid::max()).into(), limit.into()];
    store.read().all(sql, values).await?.iter().map(read).collect()
}

/// People one of whose ids or e-mail addresses begins with `start`, by that name, behind the name
/// `after`. Each is listed once, by the first of its names that fits.
pub async fn search(
    store: &Store,
    w: WorkspaceId,
    start: &str,
    after: Option<&Identifier>,
    first: usize,
) -> Result<Vec<(Identifier, Person)>> {
    let start = start.trim();
    let lower = start.to_lowercase();
    let fits = |name: &str| {
        format!(
            "(({name}.kind = 'id' AND {name}.value >= $2 AND {name}.value < $3)
              OR ({name}.kind = 'email' AND {name}.value >= $4 AND {name}.value < $5))"
        )
    };
    let sql = format!(
        "SELECT i.kind AS kind, i.value AS value, t.l AS l, t.p AS p, t.attributes AS attributes,
            t.created_at AS created_at, t.updated_at AS updated_at
         FROM identifier i JOIN person t ON t.w = i.w AND t.l = i.l AND t.p = i.p
         WHERE i.w = $1 AND {} AND (i.value > $6 OR (i.value = $6 AND i.kind > $7))
            AND NOT EXISTS (SELECT 1 FROM identifier o WHERE o.w = i.w AND o.l = i.l AND o.p = i.p
                AND {} AND (o.value < i.value OR (o.value = i.value AND o.kind < i.kind)))
         ORDER BY i.value, i.kind LIMIT $8",
        fits("i"),
        fits("o"),
    );
    let values = vec![
        w.into(),
        start.into(),
        format!("{start}\u{10ffff}").into(),
        lower.as_str().into(),
        format!("{lower}\u{10ffff}").into(),
        after.map_or("", |name| name.value.as_str()).into(),
        after.map_or("", |name| name.kind.word()).into(),
        i64::try_from(first).unwrap_or(i64::MAX).into(),
    ];
    let mut found = Vec::new();
    for row in store.read().all(&sql, values).await? {
        let word = row.text("kind")?;
        let Some(kind) = IdentifierKind::from_word(&word) else { continue };
        found.push((Identifier { kind, value: row.text("value")? }, read(&row)?));
    }
    Ok(found)
}

/// The names of people, by person.
pub async fn identifiers(
    store: &Store,
    w: WorkspaceId,
    keys: &[PersonKey],
) -> Result<BTreeMap<PersonKey, Vec<Identifier>>> {
    let session: Session<'_> = store.read();
    let sql = format!(
        "SELECT i.l AS l, i.p AS p, i.kind AS kind, i.value AS value FROM {} {} identifier i
         {} i.w = $2 AND i.l = v.l AND i.p = v.p",
        session.rows(1, PersonKey::COLUMNS),
        session.join(),
        session.on(),
    );
    let mut names: BTreeMap<PersonKey, Vec<Identifier>> = BTreeMap::new();
    for row in session.all(&sql, vec![set(keys)?, w.into()]).await? {
        let key = PersonKey { l: row.int("l")?, p: row.uuid("p")? };
        let word = row.text("kind")?;
        if let Some(kind) = IdentifierKind::from_word(&word) {
            let name = Identifier { kind, value: row.text("value")? };
            names.entry(key).or_default().push(name);
        }
    }
    names.values_mut().for_each(|names| names.sort());
    Ok(names)
}

/// What an untaken piece will make of the attributes, by the function the tick uses.
fn overlay(person: &mut Person, row: &Row) -> Result<()> {
    let accepted_at = row.int("accepted_at")?;
    if person.created_at == 0 {
        person.created_at = accepted_at;
    }
    person.updated_at = person.updated_at.max(accepted_at);
    for name in row.json::<Vec<Identifier>>("identifiers")? {
        person.attributes.entry(name.kind.word().to_owned()).or_insert(Value::String(name.value));
    }
    let piece: Value = row.get("piece")?;
    if let Some(patch) = piece.get("patch").and_then(Value::as_object) {
        dsl::machine::patch(&mut person.attributes, patch);
    }
    Ok(())
}

fn read(row: &Row) -> Result<Person> {
    Ok(Person {
        key: PersonKey { l: row.int("l")?, p: row.uuid("p")? },
        attributes: row.json("attributes")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        stale: false,
    })
}

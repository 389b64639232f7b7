//! From the names in activity to people: known ones are found, unknown ones are given an id and a
//! lane. The rows of the people themselves are made by the tick.

use std::collections::BTreeMap;

use dsl::machine;
use dsl::time::Instant;
use serde::Serialize;
use uuid::Uuid;

use crate::WorkspaceId;
use crate::error::Result;
use crate::identifier::{Identifier, IdentifierKind, PersonKey};
use crate::store::Session;
use crate::store::dialect::{Kind, set};

/// Who is meant by which name.
#[derive(Debug, Default)]
pub(crate) struct People(BTreeMap<(WorkspaceId, Identifier), PersonKey>);

impl People {
    /// The person meant by the strongest of these names that is known.
    pub(crate) fn of(
        &self,
        workspace: WorkspaceId,
        identifiers: &[Identifier],
    ) -> Option<PersonKey> {
        identifiers.iter().find_map(|one| self.0.get(&(workspace, one.clone())).copied())
    }

    fn missing<'a>(&self, workspace: WorkspaceId, names: &'a [Identifier]) -> Vec<&'a Identifier> {
        names.iter().filter(|one| !self.0.contains_key(&(workspace, (*one).clone()))).collect()
    }
}

/// Finds or makes the people behind sets of names.
///
/// A set's strongest known name decides who it is; its unknown names become names of that person.
/// A name that belongs to somebody else stays with them.
pub(crate) async fn resolve(
    session: &Session<'_>,
    named: &[(WorkspaceId, &[Identifier])],
    now: Instant,
) -> Result<People> {
    let mut people = People::default();
    let mut rows: Vec<NameRow> = named
        .iter()
        .flat_map(|(w, names)| names.iter().map(|name| NameRow::new(*w, name)))
        .collect();
    rows.sort();
    rows.dedup();
    if rows.is_empty() {
        return Ok(people);
    }
    look_up(session, &rows, &mut people).await?;
    let mut fresh = Vec::new();
    for (workspace, names) in named {
        let missing = people.missing(*workspace, names);
        if missing.is_empty() {
            continue;
        }
        let missing: Vec<Identifier> = missing.into_iter().cloned().collect();
        let key =
            people.of(*workspace, names).unwrap_or_else(|| new_person(*workspace, names, now));
        for name in missing {
            fresh.push(IdentifierRow::new(*workspace, &name, key));
            people.0.insert((*workspace, name), key);
        }
    }
    fresh.sort();
    let made = session.insert("identifier", IDENTIFIER, &fresh, CONFLICT).await?;
    if usize::try_from(made).unwrap_or(usize::MAX) < fresh.len() {
        // Another process made some of them meanwhile: its answer stands.
        look_up(session, &rows, &mut people).await?;
    }
    Ok(people)
}

const CONFLICT: &str = "ON CONFLICT (w, kind, value) DO NOTHING";

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct NameRow {
    w: WorkspaceId,
    kind: &'static str,
    value: String,
}

impl NameRow {
    fn new(w: WorkspaceId, name: &Identifier) -> Self {
        Self { w, kind: name.kind.word(), value: name.value.clone() }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct IdentifierRow {
    w: WorkspaceId,
    kind: &'static str,
    value: String,
    l: i64,
    p: Uuid,
}

impl IdentifierRow {
    fn new(w: WorkspaceId, name: &Identifier, key: PersonKey) -> Self {
        Self { w, kind: name.kind.word(), value: name.value.clone(), l: key.l, p: key.p }
    }
}

const NAME: &[(&str, Kind)] = &[("w", Kind::Int), ("kind", Kind::Text), ("value", Kind::Text)];
const IDENTIFIER: &[(&str, Kind)] = &[
    ("w", Kind::Int),
    ("kind", Kind::Text),
    ("value", Kind::Text),
    ("l", Kind::Int),
    ("p", Kind::Uuid),
];

async fn look_up(session: &Session<'_>, rows: &[NameRow], people: &mut People) -> Result<()> {
    let sql = format!(
        "SELECT i.w AS w, i.kind AS kind, i.value AS value, i.l AS l, i.p AS p FROM {} {}",
        session.rows(1, NAME),
        session.beside(&[(
            "identifier",
            "i",
            "i.w = v.w AND i.kind = v.kind AND i.value = v.value",
        )]),
    );
    for row in session.all(&sql, vec![set(rows)?]).await? {
        let kind = row.text("kind")?;
        let Some(kind) = IdentifierKind::from_word(&kind) else { continue };
        let name = Identifier { kind, value: row.text("value")? };
        people.0.insert((row.int("w")?, name), PersonKey { l: row.int("l")?, p: row.uuid("p")? });
    }
    Ok(())
}

/// The id is random in its hash part: a person that was deleted and comes again is a new one.
fn new_person(workspace: WorkspaceId, names: &[Identifier], now: Instant) -> PersonKey {
    let name = names.first().map(|one| format!("{}/{}", one.kind.word(), one.value));
    let seed = format!("{workspace}/{}/{}", name.unwrap_or_default(), Uuid::new_v4());
    let p = machine::named(&seed, now);
    PersonKey { l: i64::from(machine::lane(p)), p }
}

//! Loading all that is known of the picked people, one query for each kind of row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dsl::machine::{AtomId, Person, Run};
use dsl::time::Instant;
use serde::Serialize;

use super::pick::Picked;
use crate::WorkspaceId;
use crate::definitions::Loaded;
use crate::error::Result;
use crate::identifier::PersonKey;
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Session};

/// Events of one name read back for one person when a definition asks for them first.
const PAST_EVENTS_MAX: i64 = 1_000;

/// A person as stored, and whether there is a row of it already.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) person: Person,
    pub(super) exists: bool,
    /// Events from before the definitions that ask for them, oldest first.
    pub(super) past: Vec<PastEvent>,
}

/// An event of the past.
#[derive(Debug)]
pub(super) struct PastEvent {
    pub(super) name: String,
    pub(super) data: serde_json::Value,
    pub(super) time: Instant,
}

const OF_PERSON: &str = "t.w = $2 AND t.l = v.l AND t.p = v.p";

/// Everything about the picked people. Those without a row are new.
pub(super) async fn load(
    session: &Session<'_>,
    w: WorkspaceId,
    loaded: &Arc<Loaded>,
    picked: &Picked,
) -> Result<BTreeMap<PersonKey, Known>> {
    let keys: Vec<PersonKey> = picked.work.keys().copied().collect();
    let mut people: BTreeMap<PersonKey, Known> = picked
        .work
        .keys()
        .map(|key| {
            let person = Person { id: key.p, ..Person::default() };
            (*key, Known { person, ..Known::default() })
        })
        .collect();
    if keys.is_empty() {
        return Ok(people);
    }
    let query = Query { session, w, keys: set(&keys)? };
    for row in query.rows("person", "attributes, version").await? {
        let known = entry(&mut people, &row)?;
        known.exists = true;
        known.person.attributes = row.json("attributes")?;
        known.person.version = row.int("version")?;
    }
    for row in query.rows("atoms", "times").await? {
        let times: BTreeMap<String, Vec<Instant>> = row.json("times")?;
        entry(&mut people, &row)?.person.atoms = numbered(times);
    }
    for row in query.rows("membership", "segment, since").await? {
        let (segment, since) = (row.int("segment")?, row.int("since")?);
        entry(&mut people, &row)?.person.memberships.insert(segment, since);
    }
    let columns =
        "run, campaign, version, place, arrived, due, since, trigger, vars, ordinal, depth";
    for row in query.rows("run", columns).await? {
        let run = read_run(&row)?;
        entry(&mut people, &row)?.person.runs.push(run);
    }
    for row in query.latest_entries().await? {
        let (campaign, at) = (row.int("campaign")?, row.int("at")?);
        entry(&mut people, &row)?.person.entries.entry(campaign).or_default().push(at);
    }
    for row in query.rows("clock", "due").await? {
        let due = row.int("due")?;
        entry(&mut people, &row)?.person.due = Some(due);
    }
    load_past(&query, loaded, &mut people).await?;
    Ok(people)
}

struct Query<'a> {
    session: &'a Session<'a>,
    w: WorkspaceId,
    keys: sea_orm::Value,
}

impl Query<'_> {
    async fn rows(&self, table: &str, columns: &str) -> Result<Vec<Row>> {
        let list: Vec<String> = columns.split(", ").map(|c| format!("t.{c} AS {c}")).collect();
        let sql = format!(
            "SELECT t.l AS l, t.p AS p, {} FROM {} {}",
            list.join(", "),
            self.session.rows(1, PersonKey::COLUMNS),
            self.session.beside(&[(table, "t", OF_PERSON)]),
        );
        self.session.all(&sql, vec![self.keys.clone(), self.w.into()]).await
    }

    async fn latest_entries(&self) -> Result<Vec<Row>> {
        let sql = format!(
            "SELECT t.l AS l, t.p AS p, t.campaign AS campaign, max(t.at) AS at FROM {} {}
             GROUP BY t.l, t.p, t.campaign",
            self.session.rows(1, PersonKey::COLUMNS),
            self.session.beside(&[("entry", "t", OF_PERSON)]),
        );
        self.session.all(&sql, vec![self.keys.clone(), self.w.into()]).await
    }
}

/// People who meet newer definitions get the events back that these ask about.
async fn load_past(
    query: &Query<'_>,
    loaded: &Loaded,
    people: &mut BTreeMap<PersonKey, Known>,
) -> Result<()> {
    let names: BTreeSet<&str> =
        loaded.workspace.atoms().values().map(|atom| atom.event.as_ref()).collect();
    let version = loaded.workspace.version();
    let stale: Vec<PersonKey> = people
        .iter()
        .filter(|(_, known)| known.exists && known.person.version < version)
        .map(|(key, _)| *key)
        .collect();
    if names.is_empty() || stale.is_empty() {
        return Ok(());
    }
    let names: Vec<NameRow<'_>> = names.into_iter().map(|name| NameRow { name }).collect();
    let session = query.session;
    let condition =
        format!("{OF_PERSON} AND t.name IN (SELECT v.name FROM {})", session.rows(3, NAME));
    let sql = format!(
        "SELECT l, p, name, data, at FROM (
            SELECT t.l AS l, t.p AS p, t.name AS name, t.data AS data, t.at AS at,
                row_number() OVER (PARTITION BY t.l, t.p, t.name ORDER BY t.at DESC) AS n
            FROM {} {}) AS latest
         WHERE n <= $4 ORDER BY at",
        session.rows(1, PersonKey::COLUMNS),
        session.beside(&[("event", "t", &condition)]),
    );
    let values = vec![set(&stale)?, query.w.into(), set(&names)?, PAST_EVENTS_MAX.into()];
    for row in session.all(&sql, values).await? {
        let event =
            PastEvent { name: row.text("name")?, data: row.get("data")?, time: row.int("at")? };
        entry(people, &row)?.past.push(event);
    }
    Ok(())
}

#[derive(Serialize)]
struct NameRow<'a> {
    name: &'a str,
}

const NAME: &[(&str, Kind)] = &[("name", Kind::Text)];

fn entry<'a>(people: &'a mut BTreeMap<PersonKey, Known>, row: &Row) -> Result<&'a mut Known> {
    Ok(people.entry(PersonKey { l: row.int("l")?, p: row.uuid("p")? }).or_default())
}

fn read_run(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.uuid("run")?,
        campaign: row.int("campaign")?,
        version: row.int("version")?,
        place: row.text("place")?.into(),
        arrived: row.int("arrived")?,
        due: row.get("due")?,
        since: row.int("since")?,
        trigger: row.get("trigger")?,
        vars: row.json("vars")?,
        ordinal: row.int("ordinal")?,
        depth: u32::try_from(row.int("depth")?).unwrap_or(u32::MAX),
    })
}

/// JSON has text keys; ids of atoms are numbers.
fn numbered(times: BTreeMap<String, Vec<Instant>>) -> BTreeMap<AtomId, Vec<Instant>> {
    times.into_iter().filter_map(|(id, times)| Some((id.parse().ok()?, times))).collect()
}

//! Campaigns: definitions with versions.

use std::collections::BTreeMap;

use dsl::time::Instant;
use serde::Serialize;

use crate::WorkspaceId;
use crate::counters;
use crate::error::{Error, Result};
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Store};

/// One campaign in its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id, the same for all versions.
    pub id: i64,
    /// Unique in its workspace.
    pub name: String,
    /// `active`, or `draining`: nobody enters, those inside walk on.
    pub state: String,
    /// Id of the newest version.
    pub version: i64,
    /// Number of the newest version, from 1.
    pub number: i64,
    /// The newest version as written.
    pub text: String,
    /// The file that declares it.
    pub path: String,
    /// When it was deployed first.
    pub created_at: Instant,
}

const SELECT: &str = "SELECT c.id AS id, c.name AS name, c.state AS state, c.version AS version,
        v.number AS number, v.text AS text, c.path AS path, c.created_at AS created_at
    FROM campaign c JOIN campaign_version v ON v.w = c.w AND v.id = c.version";

/// Campaigns by id, behind `after`.
pub async fn list(
    store: &Store,
    w: WorkspaceId,
    after: Option<i64>,
    first: usize,
) -> Result<Vec<Campaign>> {
    let sql = format!("{SELECT} WHERE c.w = $1 AND c.id > $2 ORDER BY c.id LIMIT $3");
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let values = vec![w.into(), after.unwrap_or(0).into(), limit.into()];
    store.read().all(&sql, values).await?.iter().map(read).collect()
}

/// The campaign with this id.
pub async fn find(store: &Store, w: WorkspaceId, id: i64) -> Result<Campaign> {
    let sql = format!("{SELECT} WHERE c.w = $1 AND c.id = $2");
    let row = store.read().one(&sql, vec![w.into(), id.into()]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| Error::not_found("campaign"))
}

#[derive(Serialize)]
struct IdRow {
    id: i64,
}

const ID: &[(&str, Kind)] = &[("id", Kind::Int)];

/// Campaigns by their ids.
pub async fn many(store: &Store, w: WorkspaceId, ids: &[i64]) -> Result<BTreeMap<i64, Campaign>> {
    let rows: Vec<IdRow> = ids.iter().map(|id| IdRow { id: *id }).collect();
    let session = store.read();
    let sql =
        format!("{SELECT} WHERE c.w = $2 AND c.id IN (SELECT id FROM {})", session.rows(1, ID));
    let found = session.all(&sql, vec![set(&rows)?, w.into()]).await?;
    found.iter().map(|row| read(row).map(|campaign| (campaign.id, campaign))).collect()
}

/// People at one step of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtStep {
    /// The version they walk.
    pub version: i64,
    /// Identity of the step.
    pub step: String,
    /// How many stand there.
    pub count: i64,
}

/// Where the people inside these campaigns stand, by campaign; older versions too.
pub async fn people_inside(
    store: &Store,
    w: WorkspaceId,
    campaigns: &[i64],
) -> Result<BTreeMap<i64, Vec<AtStep>>> {
    let rows: Vec<IdRow> = campaigns.iter().map(|id| IdRow { id: *id }).collect();
    let session = store.read();
    let sql = format!(
        "SELECT cv.id AS id, cv.campaign AS campaign FROM campaign_version cv
         WHERE cv.w = $2 AND cv.campaign IN (SELECT id FROM {})",
        session.rows(1, ID)
    );
    let mut of = BTreeMap::new();
    for row in session.all(&sql, vec![set(&rows)?, w.into()]).await? {
        of.insert(row.int("id")?, row.int("campaign")?);
    }
    let mut inside: BTreeMap<i64, Vec<AtStep>> = BTreeMap::new();
    for (metric, count) in counters::read(store, w, PLACE).await? {
        let Some((version, step)) = metric.strip_prefix(PLACE).and_then(|it| it.split_once(':'))
        else {
            continue;
        };
        let Ok(version) = version.parse() else { continue };
        if let Some(campaign) = of.get(&version).filter(|_| count != 0) {
            let at = AtStep { version, step: step.to_owned(), count };
            inside.entry(*campaign).or_default().push(at);
        }
    }
    Ok(inside)
}

/// What the counters of people at steps begin with; the version and the step follow.
const PLACE: &str = "place:";

/// How many people stand at which step of a version, by the identity of the step.
pub async fn people_per_step(
    store: &Store,
    w: WorkspaceId,
    version: i64,
) -> Result<BTreeMap<String, i64>> {
    let prefix = format!("{PLACE}{version}:");
    let counts = counters::read(store, w, &prefix).await?;
    Ok(counts
        .into_iter()
        .filter_map(|(metric, count)| Some((metric.strip_prefix(&prefix)?.to_owned(), count)))
        .filter(|(_, count)| *count != 0)
        .collect())
}

fn read(row: &Row) -> Result<Campaign> {
    Ok(Campaign {
        id: row.int("id")?,
        name: row.text("name")?,
        state: row.text("state")?,
        version: row.int("version")?,
        number: row.int("number")?,
        text: row.text("text")?,
        path: row.text("path")?,
        created_at: row.int("created_at")?,
    })
}

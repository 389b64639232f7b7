//! Campaigns.

use std::collections::BTreeMap;

use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::campaigns::{self, AtStep};
use dsl::graph::Campaign as Declared;
use dsl::picture;

use super::call::{Call, Needs, time};
use super::fail::failed;
use super::global::{self, Global};
use super::page::{Connection, Page, cost};
use super::rows::{CampaignOf, InsideOf};
use crate::auth::Right;

/// The word of `domain` for a campaign that lets people in.
const ACTIVE: &str = "active";

/// A definition of the way that people go, in its newest version.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Campaign {
    /// Its id in this API.
    pub(super) id: ID,
    /// Unique in the workspace.
    name: String,
    /// Whether people may enter.
    state: CampaignState,
    /// Number of the newest version, from 1.
    version: i64,
    /// The newest version as written.
    source: String,
    /// The file that declares it.
    file: String,
    /// When it was deployed first.
    created_at: DateTime<Utc>,
    #[graphql(skip)]
    number: i64,
    #[graphql(skip)]
    newest: i64,
}

/// Whether people may enter a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum CampaignState {
    /// People enter.
    Active,
    /// Nobody enters; those inside go on.
    Draining,
}

/// The forms in which the graph of a campaign is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum GraphFormat {
    /// A picture, with the number of people at each step.
    Svg,
    /// A flowchart for documents.
    Mermaid,
    /// A digraph for Graphviz.
    Dot,
    /// Nodes and edges for programs, as JSON text.
    Json,
}

/// How many people stand at a step.
#[derive(Debug, SimpleObject)]
struct StepCount {
    /// Identity of the step; it stays the same from version to version.
    step: String,
    /// How many stand there, those who walk an older version too.
    count: i64,
}

impl Campaign {
    pub(super) fn new(call: &Call, campaign: campaigns::Campaign) -> Self {
        let is_active = campaign.state == ACTIVE;
        Self {
            id: Global::Campaign(campaign.id).id(call.workspace),
            name: campaign.name,
            state: if is_active { CampaignState::Active } else { CampaignState::Draining },
            version: campaign.number,
            source: campaign.text,
            file: campaign.path,
            created_at: time(campaign.created_at),
            number: campaign.id,
            newest: campaign.version,
        }
    }

    /// The campaign with this number; `None` where there is none.
    pub(super) async fn find(call: &Call, number: i64) -> Result<Option<Self>> {
        let found = call.rows.load_one(CampaignOf(number)).await.map_err(failed)?;
        Ok(found.map(|it| Self::new(call, it)))
    }

    async fn declared<'a>(&self, context: &Context<'a>) -> Result<Option<&'a Declared>> {
        let loaded = Call::of(context)?.definitions().await?;
        Ok(loaded.workspace.campaign(self.newest).map(|version| &version.campaign))
    }

    async fn inside(&self, context: &Context<'_>) -> Result<Vec<AtStep>> {
        let found = Call::of(context)?.rows.load_one(InsideOf(self.number)).await;
        Ok(found.map_err(failed)?.unwrap_or_default())
    }
}

#[ComplexObject]
impl Campaign {
    /// What it is for.
    async fn description(&self, context: &Context<'_>) -> Result<Option<String>> {
        Ok(self.declared(context).await?.and_then(|declared| declared.description.clone()))
    }

    /// The steps and the ways between them; null where the source cannot be read any more.
    async fn graph(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "GraphFormat::Svg")] format: GraphFormat,
    ) -> Result<Option<String>> {
        let Some(declared) = self.declared(context).await? else { return Ok(None) };
        Ok(Some(match format {
            GraphFormat::Svg => {
                let counts = by_step(self.inside(context).await?)
                    .into_iter()
                    .map(|(step, count)| (step, u64::try_from(count).unwrap_or_default()))
                    .collect();
                picture::svg(declared, &counts)
            }
            GraphFormat::Mermaid => picture::mermaid(declared),
            GraphFormat::Dot => picture::dot(declared),
            GraphFormat::Json => picture::json(declared, &[]).to_string(),
        }))
    }

    /// How many live journeys there are in it, in all versions.
    async fn people_inside(&self, context: &Context<'_>) -> Result<i64> {
        Ok(self.inside(context).await?.iter().map(|at| at.count).sum())
    }

    /// How many stand at which step; steps where nobody stands are left out.
    async fn step_counts(&self, context: &Context<'_>) -> Result<Vec<StepCount>> {
        let counts = by_step(self.inside(context).await?).into_iter();
        Ok(counts.map(|(step, count)| StepCount { step, count }).collect())
    }
}

fn by_step(inside: Vec<AtStep>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for AtStep { step, count, .. } in inside {
        *counts.entry(step).or_default() += count;
    }
    counts
}

#[derive(Debug, Default)]
pub(crate) struct CampaignQuery;

#[Object]
impl CampaignQuery {
    /// Campaigns, oldest first.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn campaigns(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Campaign>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let rows = campaigns::list(&call.store, call.workspace, page.after, page.limit())
            .await
            .map_err(failed)?;
        Ok(page.connection(rows, |it| it.id, |it| Campaign::new(call, it)))
    }

    /// The campaign with this id; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn campaign(&self, context: &Context<'_>, id: ID) -> Result<Option<Campaign>> {
        let call = Call::of(context)?;
        match global::campaign(call, "id", &id)? {
            Some(number) => Campaign::find(call, number).await,
            None => Ok(None),
        }
    }
}

//! Journeys: one person's way through a campaign.

use async_graphql::{ComplexObject, Context, Enum, ID, Json, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::PersonKey;
use domain::definitions::Loaded;
use domain::journeys::{self, Filter, Live};
use dsl::time::Instant;
use uuid::Uuid;

use super::call::{Call, Needs, time};
use super::campaign::Campaign;
use super::fail::failed;
use super::global::{self, Global};
use super::page::{Connection, Page, cost};
use super::person::Person;
use super::rows::{HistoryOf, PersonOf};
use crate::auth::Right;

/// What a history is reckoned to cost beside its fields.
const HISTORY_COST: usize = 5;

/// One person's way through a campaign.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Journey {
    /// Its id in this API.
    pub(super) id: ID,
    /// Whether it goes on.
    state: JourneyState,
    /// When it began.
    since: DateTime<Utc>,
    /// What it keeps in `journey.*`; null when it is over.
    variables: Option<Json<dsl::expr::Object>>,
    #[graphql(skip)]
    person: PersonKey,
    #[graphql(skip)]
    run: Uuid,
    #[graphql(skip)]
    campaign: i64,
    #[graphql(skip)]
    began: Instant,
    #[graphql(skip)]
    live: Option<Live>,
}

/// Whether a journey goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum JourneyState {
    /// It stands at a step.
    Active,
    /// It is over.
    Finished,
}

/// Where a journey stands.
#[derive(Debug, SimpleObject)]
struct Place {
    /// Identity of the step.
    id: String,
    /// The step in a line; its identity where the version is no longer at hand.
    title: String,
    /// When the journey came there.
    since: DateTime<Utc>,
    /// When it goes on by time alone; null where it waits without limit.
    due: Option<DateTime<Utc>>,
}

/// One line of what happened.
#[derive(Debug, SimpleObject)]
struct HistoryLine {
    /// From 0.
    ordinal: i64,
    /// Identity of the step; null for entering, and for leaving by a clause.
    step: Option<String>,
    /// The step in a line; null where there is none.
    title: Option<String>,
    /// What happened there.
    outcome: String,
    /// The values that decided it.
    deciding: Json<dsl::expr::Object>,
    /// When.
    at: DateTime<Utc>,
}

impl Journey {
    pub(super) fn new(call: &Call, journey: journeys::Journey) -> Self {
        let state =
            if journey.live.is_some() { JourneyState::Active } else { JourneyState::Finished };
        Self {
            id: Global::Journey(journey.person, journey.id).id(call.workspace),
            state,
            since: time(journey.since),
            variables: journey.live.as_ref().map(|live| Json(live.vars.clone())),
            person: journey.person,
            run: journey.id,
            campaign: journey.campaign,
            began: journey.since,
            live: journey.live,
        }
    }

    /// The journey with this key; `None` where there is none.
    pub(super) async fn find(call: &Call, person: PersonKey, run: Uuid) -> Result<Option<Self>> {
        let found =
            journeys::find(&call.store, call.workspace, person, run).await.map_err(failed)?;
        Ok(found.map(|it| Self::new(call, it)))
    }
}

#[ComplexObject]
impl Journey {
    /// The campaign.
    async fn campaign(&self, context: &Context<'_>) -> Result<Option<Campaign>> {
        Campaign::find(Call::of(context)?, self.campaign).await
    }

    /// The person.
    async fn person(&self, context: &Context<'_>) -> Result<Option<Person>> {
        let call = Call::of(context)?;
        let found = call.rows.load_one(PersonOf(self.person)).await.map_err(failed)?;
        Ok(found.map(|it| Person::new(call, it)))
    }

    /// Where it stands; null when it is over.
    async fn place(&self, context: &Context<'_>) -> Result<Option<Place>> {
        let Some(live) = &self.live else { return Ok(None) };
        let loaded = Call::of(context)?.definitions().await?;
        Ok(Some(Place {
            title: title(loaded, live.version, &live.place).unwrap_or_else(|| live.place.clone()),
            id: live.place.clone(),
            since: time(live.arrived),
            due: live.due.map(time),
        }))
    }

    /// What happened, oldest first, with the values that decided it.
    #[graphql(complexity = "HISTORY_COST * child_complexity")]
    async fn history(&self, context: &Context<'_>) -> Result<Vec<HistoryLine>> {
        let call = Call::of(context)?;
        let of = HistoryOf { person: self.person, run: self.run, since: self.began };
        let lines = call.rows.load_one(of).await.map_err(failed)?.unwrap_or_default();
        let loaded = call.definitions().await?;
        Ok(lines
            .into_iter()
            .map(|line| HistoryLine {
                ordinal: line.ordinal,
                title: title(loaded, line.version, &line.step),
                step: Some(line.step).filter(|step| !step.is_empty()),
                outcome: line.outcome,
                deciding: Json(line.deciding),
                at: time(line.at),
            })
            .collect())
    }
}

/// The line of a step of a version that is at hand.
fn title(loaded: &Loaded, version: i64, step: &str) -> Option<String> {
    let steps = &loaded.workspace.campaign(version)?.campaign.graph.steps;
    steps.iter().find(|it| it.id.as_ref() == step).map(|it| it.title.clone())
}

#[derive(Debug, Default)]
pub(crate) struct JourneyQuery;

#[Object]
impl JourneyQuery {
    /// Journeys, those under way and those that are over, newest first.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn journeys(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(desc = "Of this person.")] person: Option<ID>,
        #[graphql(desc = "Of this campaign.")] campaign: Option<ID>,
    ) -> Result<Connection<Journey>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let mut filter = Filter::default();
        if let Some(id) = &person {
            filter.person = global::person(call, "person", id)?;
        }
        if let Some(id) = &campaign {
            filter.campaign = global::campaign(call, "campaign", id)?;
        }
        let is_foreign = (person.is_some() && filter.person.is_none())
            || (campaign.is_some() && filter.campaign.is_none());
        if is_foreign {
            return Ok(Connection::new(false, false));
        }
        let rows = journeys::list(&call.store, call.workspace, filter, page.after, page.limit())
            .await
            .map_err(failed)?;
        Ok(page.connection(rows, |it| it.id, |it| Journey::new(call, it)))
    }

    /// The journey with this id; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn journey(&self, context: &Context<'_>, id: ID) -> Result<Option<Journey>> {
        let call = Call::of(context)?;
        match global::journey(call, "id", &id)? {
            Some((person, run)) => Journey::find(call, person, run).await,
            None => Ok(None),
        }
    }
}

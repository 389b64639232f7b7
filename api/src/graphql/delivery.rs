//! Deliveries: one message to one person.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::PersonKey;
use domain::deliveries::{self, Filter};
use uuid::Uuid;

use super::call::{Call, Needs, time};
use super::campaign::Campaign;
use super::fail::failed;
use super::global::{self, Global};
use super::mail::Mail;
use super::page::{Connection, Page, cost};
use super::person::Person;
use super::rows::{ContentOf, PersonOf};
use crate::auth::Right;

/// One message to one person.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Delivery {
    /// Its id in this API.
    pub(super) id: ID,
    /// Which way it goes: `email`.
    channel: String,
    /// Name of the message.
    message: String,
    /// Identity of the step that sends it.
    step: String,
    /// Where it stands.
    state: DeliveryState,
    /// Why, where there is a reason.
    reason: Option<String>,
    /// Hand-overs tried.
    attempts: i64,
    /// The provider's id of it.
    provider_id: Option<String>,
    /// When it was decided.
    created_at: DateTime<Utc>,
    /// When its state changed last.
    updated_at: DateTime<Utc>,
    #[graphql(skip)]
    number: Uuid,
    #[graphql(skip)]
    person: PersonKey,
    #[graphql(skip)]
    campaign: i64,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::deliveries::State")]
enum DeliveryState {
    /// Ready to leave.
    Queued,
    /// Being handed over.
    Sending,
    /// Handed over.
    Sent,
    /// It could not be handed over; the reason says why.
    Failed,
    /// It was not to leave; the reason says why.
    Skipped,
    /// Nobody knows whether it was handed over: a process ended in the middle.
    Unknown,
}

impl Delivery {
    pub(super) fn new(call: &Call, delivery: deliveries::Delivery) -> Self {
        Self {
            id: Global::Delivery(delivery.person, delivery.id).id(call.workspace),
            channel: delivery.channel,
            message: delivery.message,
            step: delivery.step,
            state: delivery.state.into(),
            reason: delivery.reason,
            attempts: delivery.attempts,
            provider_id: delivery.provider_id,
            created_at: time(delivery.created_at),
            updated_at: time(delivery.updated_at),
            number: delivery.id,
            person: delivery.person,
            campaign: delivery.campaign,
        }
    }

    /// The delivery with this key; `None` where there is none.
    pub(super) async fn find(call: &Call, person: PersonKey, id: Uuid) -> Result<Option<Self>> {
        match deliveries::find(&call.store, call.workspace, person, id).await {
            Ok(found) => Ok(Some(Self::new(call, found))),
            Err(domain::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

#[ComplexObject]
impl Delivery {
    /// The person.
    async fn person(&self, context: &Context<'_>) -> Result<Option<Person>> {
        let call = Call::of(context)?;
        let found = call.rows.load_one(PersonOf(self.person)).await.map_err(failed)?;
        Ok(found.map(|it| Person::new(call, it)))
    }

    /// The campaign that sends it.
    async fn campaign(&self, context: &Context<'_>) -> Result<Option<Campaign>> {
        Campaign::find(Call::of(context)?, self.campaign).await
    }

    /// What was sent, where it is kept: in the built-in inbox.
    async fn mail(&self, context: &Context<'_>) -> Result<Option<Mail>> {
        let call = Call::of(context)?;
        let content = call.rows.load_one(ContentOf(self.number)).await.map_err(failed)?;
        Ok(content.map(|content| Mail::new(call, self.person, self.campaign, &content)))
    }
}

#[derive(Debug, Default)]
pub(crate) struct DeliveryQuery;

#[Object]
impl DeliveryQuery {
    /// Deliveries, newest first.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn deliveries(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(desc = "To this person.")] person: Option<ID>,
        #[graphql(desc = "Of this campaign.")] campaign: Option<ID>,
        #[graphql(desc = "In this state.")] state: Option<DeliveryState>,
    ) -> Result<Connection<Delivery>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let mut filter = Filter { state: state.map(Into::into), ..Filter::default() };
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
        let rows = deliveries::list(&call.store, call.workspace, &filter, page.after, page.limit())
            .await
            .map_err(failed)?;
        Ok(page.connection(rows, |it| it.id, |it| Delivery::new(call, it)))
    }

    /// The delivery with this id; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn delivery(&self, context: &Context<'_>, id: ID) -> Result<Option<Delivery>> {
        let call = Call::of(context)?;
        match global::delivery(call, "id", &id)? {
            Some((person, id)) => Delivery::find(call, person, id).await,
            None => Ok(None),
        }
    }
}

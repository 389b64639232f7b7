//! People.

use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Json, Object, Result, SimpleObject,
};
use chrono::{DateTime, Utc};
use domain::PersonKey;
use domain::people;

use super::call::{Call, Needs, time};
use super::delivery::Delivery;
use super::fail::{failed, invalid};
use super::global::{self, Global};
use super::journey::Journey;
use super::page::{Connection, Page, cost};
use super::rows::{DeliveriesOf, JourneysOf, NamesOf, Part, SegmentsOf};
use super::segment::Segment;
use crate::auth::Right;

/// Somebody who may get messages.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Person {
    /// Its id in this API.
    pub(super) id: ID,
    /// What is known of the person.
    attributes: Json<dsl::expr::Object>,
    /// When it was first heard of.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// So much waits for its turn that the attributes may be behind what was sent.
    stale: bool,
    #[graphql(skip)]
    key: PersonKey,
}

/// The kinds of names that a person can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::IdentifierKind")]
pub(super) enum IdentifierKind {
    /// The id that the product gives.
    Id,
    /// An e-mail address.
    Email,
    /// Given by a client before the person is known.
    AnonymousId,
}

/// One name of a person.
#[derive(Debug, SimpleObject)]
struct Identifier {
    /// Which kind.
    kind: IdentifierKind,
    /// The name.
    value: String,
}

/// One name of a person.
#[derive(Debug, InputObject)]
pub(super) struct IdentifierInput {
    /// Which kind.
    kind: IdentifierKind,
    /// The name.
    value: String,
}

impl From<IdentifierInput> for domain::Identifier {
    fn from(input: IdentifierInput) -> Self {
        Self::new(input.kind.into(), &input.value)
    }
}

impl Person {
    pub(super) fn new(call: &Call, person: people::Person) -> Self {
        Self {
            id: Global::Person(person.key).id(call.workspace),
            attributes: Json(person.attributes),
            created_at: time(person.created_at),
            updated_at: time(person.updated_at),
            stale: person.stale,
            key: person.key,
        }
    }

    /// The person with this key, with what it sent a moment ago.
    pub(super) async fn find(call: &Call, key: PersonKey) -> Result<Option<Self>> {
        let found = people::one(&call.store, call.workspace, key).await.map_err(failed)?;
        // Nothing was ever heard of it.
        Ok((found.created_at > 0).then(|| Self::new(call, found)))
    }
}

#[ComplexObject]
impl Person {
    /// Its names.
    async fn identifiers(&self, context: &Context<'_>) -> Result<Vec<Identifier>> {
        let names = Call::of(context)?.rows.load_one(NamesOf(self.key)).await.map_err(failed)?;
        let names = names.unwrap_or_default().into_iter();
        Ok(names.map(|name| Identifier { kind: name.kind.into(), value: name.value }).collect())
    }

    /// The segments it is in.
    async fn segments(&self, context: &Context<'_>) -> Result<Vec<Segment>> {
        let call = Call::of(context)?;
        let found = call.rows.load_one(SegmentsOf(self.key)).await.map_err(failed)?;
        Ok(found.unwrap_or_default().into_iter().map(|it| Segment::new(call, it)).collect())
    }

    /// Its ways through campaigns, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn journeys(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Journey>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let part = Part { of: self.key, after: page.after, limit: page.limit() };
        let rows = call.rows.load_one(JourneysOf(part)).await.map_err(failed)?;
        Ok(page.connection(rows.unwrap_or_default(), |it| it.id, |it| Journey::new(call, it)))
    }

    /// Messages to it, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn deliveries(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Delivery>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let part = Part { of: self.key, after: page.after, limit: page.limit() };
        let rows = call.rows.load_one(DeliveriesOf(part)).await.map_err(failed)?;
        Ok(page.connection(rows.unwrap_or_default(), |it| it.id, |it| Delivery::new(call, it)))
    }
}

#[derive(Debug, Default)]
pub(crate) struct PersonQuery;

#[Object]
impl PersonQuery {
    /// People: all, newest first; or those in a segment, newest first; or those one of whose ids or
    /// e-mail addresses begins with a text, by that name.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn people(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(desc = "What an id or e-mail address begins with.")] search: Option<String>,
        #[graphql(desc = "A segment that they are in.")] segment: Option<ID>,
    ) -> Result<Connection<Person>> {
        let call = Call::of(context)?;
        let search = search.filter(|text| !text.trim().is_empty());
        match (search, segment) {
            (Some(_), Some(_)) => {
                Err(invalid("search", "expected `search` or `segment`, found both"))
            }
            (Some(text), None) => searched(call, &text, first, after).await,
            (None, Some(id)) => {
                let page = Page::new(first, after)?;
                match global::segment(call, "segment", &id)? {
                    Some(segment) => members(call, segment, page).await,
                    None => Ok(Connection::new(false, false)),
                }
            }
            (None, None) => {
                let page = Page::new(first, after)?;
                let rows = people::list(&call.store, call.workspace, page.after, page.limit())
                    .await
                    .map_err(failed)?;
                Ok(page.connection(rows, |it| it.key.p, |it| Person::new(call, it)))
            }
        }
    }

    /// The person with this id or name, with what was sent a moment ago; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn person(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        identifier: Option<IdentifierInput>,
    ) -> Result<Option<Person>> {
        let call = Call::of(context)?;
        match (id, identifier) {
            (Some(id), None) => match global::person(call, "id", &id)? {
                Some(key) => Person::find(call, key).await,
                None => Ok(None),
            },
            (None, Some(name)) => {
                let found = people::by_identifier(&call.store, call.workspace, &name.into())
                    .await
                    .map_err(failed)?;
                Ok(found.map(|it| Person::new(call, it)))
            }
            (Some(_), Some(_)) => Err(invalid("id", "expected `id` or `identifier`, found both")),
            (None, None) => Err(invalid("id", "expected `id` or `identifier`, found none")),
        }
    }
}

async fn searched(
    call: &Call,
    text: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<Person>> {
    let page = Page::<domain::Identifier>::new(first, after)?;
    let (store, after) = (&call.store, page.after.as_ref());
    let rows =
        people::search(store, call.workspace, text, after, page.limit()).await.map_err(failed)?;
    Ok(page.connection(rows, |(name, _)| name.clone(), |(_, it)| Person::new(call, it)))
}

/// A page of the people in a segment.
pub(super) async fn members(
    call: &Call,
    segment: i64,
    page: Page<uuid::Uuid>,
) -> Result<Connection<Person>> {
    use super::rows::{MembersOf, PersonOf};
    let part = Part { of: segment, after: page.after, limit: page.limit() };
    let keys = call.rows.load_one(MembersOf(part)).await.map_err(failed)?.unwrap_or_default();
    let mut found =
        call.rows.load_many(keys.iter().copied().map(PersonOf)).await.map_err(failed)?;
    let rows = keys.into_iter().filter_map(|key| found.remove(&PersonOf(key))).collect();
    Ok(page.connection(rows, |it: &people::Person| it.key.p, |it| Person::new(call, it)))
}

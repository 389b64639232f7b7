//! Segments.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use domain::segments::{self, COUNT_MAX};

use super::call::{Call, Needs};
use super::fail::failed;
use super::global::{self, Global};
use super::page::{Connection, Page, cost};
use super::person::{self, Person};
use super::rows::CountOf;
use crate::auth::Right;

/// A condition with a name, and the people who fulfil it.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Segment {
    /// Its id in this API.
    pub(super) id: ID,
    /// Unique in the workspace.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// The declaration as written.
    source: String,
    /// The file that declares it.
    file: String,
    #[graphql(skip)]
    number: i64,
}

impl Segment {
    pub(super) fn new(call: &Call, segment: segments::Segment) -> Self {
        Self {
            id: Global::Segment(segment.id).id(call.workspace),
            name: segment.name,
            description: segment.description,
            source: segment.text,
            file: segment.path,
            number: segment.id,
        }
    }

    /// The segment with this number; `None` where there is none.
    pub(super) async fn find(call: &Call, number: i64) -> Result<Option<Self>> {
        match segments::find(&call.store, call.workspace, number).await {
            Ok(found) => Ok(Some(Self::new(call, found))),
            Err(domain::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn counted(&self, context: &Context<'_>) -> Result<i64> {
        let count = Call::of(context)?.rows.load_one(CountOf(self.number)).await;
        Ok(count.map_err(failed)?.unwrap_or_default())
    }
}

#[ComplexObject]
impl Segment {
    /// How many people are in it; null where there are more than 10,000.
    async fn count(&self, context: &Context<'_>) -> Result<Option<i64>> {
        Ok(Some(self.counted(context).await?).filter(|count| *count < COUNT_MAX))
    }

    /// Whether `count` is a number: beyond 10,000 nobody counts.
    async fn count_is_exact(&self, context: &Context<'_>) -> Result<bool> {
        Ok(self.counted(context).await? < COUNT_MAX)
    }

    /// The people in it, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn members(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Person>> {
        person::members(Call::of(context)?, self.number, Page::new(first, after)?).await
    }
}

#[derive(Debug, Default)]
pub(crate) struct SegmentQuery;

#[Object]
impl SegmentQuery {
    /// Segments, oldest first.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn segments(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Segment>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let rows = segments::list(&call.store, call.workspace, page.after, page.limit())
            .await
            .map_err(failed)?;
        Ok(page.connection(rows, |it| it.id, |it| Segment::new(call, it)))
    }

    /// The segment with this id; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn segment(&self, context: &Context<'_>, id: ID) -> Result<Option<Segment>> {
        let call = Call::of(context)?;
        match global::segment(call, "id", &id)? {
            Some(number) => Segment::find(call, number).await,
            None => Ok(None),
        }
    }
}

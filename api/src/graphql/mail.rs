//! The built-in inbox: mails as people would see them.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::PersonKey;
use domain::deliveries::{self, Content, Filter};
use serde_json::Value;
use uuid::Uuid;

use super::call::{Call, Needs, time};
use super::campaign::Campaign;
use super::delivery::Delivery;
use super::fail::failed;
use super::global::Global;
use super::page::{Connection, Page, cost};
use super::person::Person;
use super::rows::{ContentOf, PersonOf};
use crate::auth::Right;

/// A mail as it was rendered and handed over to the built-in inbox.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Mail {
    /// Its id in this API.
    pub(super) id: ID,
    /// Sender.
    from: String,
    /// Receiver.
    to: String,
    /// Subject.
    subject: String,
    /// Shown beside the subject in lists.
    preheader: Option<String>,
    /// HTML part.
    html: Option<String>,
    /// Plain part.
    text: Option<String>,
    /// When it was handed over.
    sent_at: DateTime<Utc>,
    #[graphql(skip)]
    person: PersonKey,
    #[graphql(skip)]
    campaign: i64,
    #[graphql(skip)]
    number: Uuid,
}

impl Mail {
    pub(super) fn new(call: &Call, person: PersonKey, campaign: i64, content: &Content) -> Self {
        let field =
            |name: &str| content.rendered.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: Global::Mail(person, content.delivery).id(call.workspace),
            from: field("from").unwrap_or_default(),
            to: field("to").unwrap_or_default(),
            subject: field("subject").unwrap_or_default(),
            preheader: field("preheader"),
            html: field("html"),
            text: field("text"),
            sent_at: time(content.at),
            person,
            campaign,
            number: content.delivery,
        }
    }

    /// The mail of the delivery with this key; `None` where none is kept.
    pub(super) async fn find(call: &Call, person: PersonKey, id: Uuid) -> Result<Option<Self>> {
        let found = deliveries::find(&call.store, call.workspace, person, id).await;
        let delivery = match found {
            Ok(delivery) => delivery,
            Err(domain::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let content = call.rows.load_one(ContentOf(id)).await.map_err(failed)?;
        Ok(content.map(|content| Self::new(call, person, delivery.campaign, &content)))
    }
}

#[ComplexObject]
impl Mail {
    /// The person.
    async fn person(&self, context: &Context<'_>) -> Result<Option<Person>> {
        let call = Call::of(context)?;
        let found = call.rows.load_one(PersonOf(self.person)).await.map_err(failed)?;
        Ok(found.map(|it| Person::new(call, it)))
    }

    /// The campaign that sent it.
    async fn campaign(&self, context: &Context<'_>) -> Result<Option<Campaign>> {
        Campaign::find(Call::of(context)?, self.campaign).await
    }

    /// The delivery that it was.
    async fn delivery(&self, context: &Context<'_>) -> Result<Option<Delivery>> {
        Delivery::find(Call::of(context)?, self.person, self.number).await
    }
}

#[derive(Debug, Default)]
pub(crate) struct MailQuery;

#[Object]
impl MailQuery {
    /// The built-in inbox: mails that were kept instead of leaving, newest first.
    #[graphql(guard = "Needs(Right::Read)", complexity = "cost(first, child_complexity)")]
    async fn inbox(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Connection<Mail>> {
        let call = Call::of(context)?;
        let page = Page::new(first, after)?;
        let filter = Filter { with_content: true, ..Filter::default() };
        let sent = deliveries::list(&call.store, call.workspace, &filter, page.after, page.limit())
            .await
            .map_err(failed)?;
        let of = sent.iter().map(|delivery| ContentOf(delivery.id));
        let mut contents = call.rows.load_many(of).await.map_err(failed)?;
        let rows: Vec<_> = sent
            .into_iter()
            .filter_map(|delivery| {
                let content = contents.remove(&ContentOf(delivery.id))?;
                Some((delivery, content))
            })
            .collect();
        Ok(page.connection(
            rows,
            |(delivery, _)| delivery.id,
            |(delivery, content)| Mail::new(call, delivery.person, delivery.campaign, &content),
        ))
    }
}

//! Anything by its id.

use async_graphql::{Context, ID, Interface, Object, Result};

use super::call::{Call, Needs};
use super::campaign::Campaign;
use super::delivery::Delivery;
use super::global::Global;
use super::journey::Journey;
use super::mail::Mail;
use super::person::Person;
use super::segment::Segment;
use crate::auth::Right;

/// Anything that has an id.
#[derive(Debug, Interface)]
#[graphql(field(name = "id", ty = "&ID", desc = "Its id in this API."))]
pub(crate) enum Node {
    Person(Person),
    Segment(Segment),
    Campaign(Campaign),
    Journey(Journey),
    Delivery(Delivery),
    Mail(Mail),
}

#[derive(Debug, Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; null where there is none.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn node(&self, context: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let call = Call::of(context)?;
        let Some(global) = Global::read(call, "id", &id)? else { return Ok(None) };
        Ok(match global {
            Global::Person(key) => Person::find(call, key).await?.map(Node::from),
            Global::Segment(number) => Segment::find(call, number).await?.map(Node::from),
            Global::Campaign(number) => Campaign::find(call, number).await?.map(Node::from),
            Global::Journey(person, run) => Journey::find(call, person, run).await?.map(Node::from),
            Global::Delivery(person, id) => Delivery::find(call, person, id).await?.map(Node::from),
            Global::Mail(person, id) => Mail::find(call, person, id).await?.map(Node::from),
        })
    }
}

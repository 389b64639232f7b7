//! What lists have in fields of their own: looked up for all rows of a list at once.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use domain::campaigns::{AtStep, Campaign};
use domain::deliveries::{Content, Delivery};
use domain::journeys::{Journey, Line};
use domain::people::Person;
use domain::segments::Segment;
use domain::{Identifier, PersonKey, Store, WorkspaceId};
use dsl::time::Instant;
use uuid::Uuid;

/// Errors go to all who asked together.
type Shared<T> = Result<T, Arc<domain::Error>>;

/// The look-ups of one request.
pub(crate) struct Rows {
    pub(super) store: Store,
    pub(super) workspace: WorkspaceId,
}

/// The campaign with this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CampaignOf(pub(super) i64);

/// Where the people inside this campaign stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct InsideOf(pub(super) i64);

/// How many people are in this segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CountOf(pub(super) i64);

/// The person with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PersonOf(pub(super) PersonKey);

/// The names of this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NamesOf(pub(super) PersonKey);

/// The segments that this person is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SegmentsOf(pub(super) PersonKey);

/// What was sent with this delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContentOf(pub(super) Uuid);

/// What happened on this journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct HistoryOf {
    pub(super) person: PersonKey,
    pub(super) run: Uuid,
    pub(super) since: Instant,
}

/// A page of a list that hangs on something: on a person, or a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part<T> {
    pub(super) of: T,
    pub(super) after: Option<Uuid>,
    pub(super) limit: usize,
}

/// A page of a person's journeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct JourneysOf(pub(super) Part<PersonKey>);

/// A page of a person's deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DeliveriesOf(pub(super) Part<PersonKey>);

/// A page of a segment's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MembersOf(pub(super) Part<i64>);

impl Loader<CampaignOf> for Rows {
    type Value = Campaign;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[CampaignOf]) -> Shared<HashMap<CampaignOf, Campaign>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = domain::campaigns::many(&self.store, self.workspace, &ids).await?;
        Ok(found.into_iter().map(|(id, campaign)| (CampaignOf(id), campaign)).collect())
    }
}

impl Loader<InsideOf> for Rows {
    type Value = Vec<AtStep>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[InsideOf]) -> Shared<HashMap<InsideOf, Vec<AtStep>>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = domain::campaigns::people_inside(&self.store, self.workspace, &ids).await?;
        Ok(found.into_iter().map(|(id, steps)| (InsideOf(id), steps)).collect())
    }
}

impl Loader<CountOf> for Rows {
    type Value = i64;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[CountOf]) -> Shared<HashMap<CountOf, i64>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = domain::segments::counts(&self.store, self.workspace, &ids).await?;
        Ok(found.into_iter().map(|(id, count)| (CountOf(id), count)).collect())
    }
}

impl Loader<PersonOf> for Rows {
    type Value = Person;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[PersonOf]) -> Shared<HashMap<PersonOf, Person>> {
        let keys: Vec<PersonKey> = keys.iter().map(|key| key.0).collect();
        let found = domain::people::many(&self.store, self.workspace, &keys).await?;
        Ok(found.into_iter().map(|(key, person)| (PersonOf(key), person)).collect())
    }
}

impl Loader<NamesOf> for Rows {
    type Value = Vec<Identifier>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[NamesOf]) -> Shared<HashMap<NamesOf, Vec<Identifier>>> {
        let keys: Vec<PersonKey> = keys.iter().map(|key| key.0).collect();
        let found = domain::people::identifiers(&self.store, self.workspace, &keys).await?;
        Ok(found.into_iter().map(|(key, names)| (NamesOf(key), names)).collect())
    }
}

impl Loader<SegmentsOf> for Rows {
    type Value = Vec<Segment>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[SegmentsOf]) -> Shared<HashMap<SegmentsOf, Vec<Segment>>> {
        let keys: Vec<PersonKey> = keys.iter().map(|key| key.0).collect();
        let found = domain::segments::of_people(&self.store, self.workspace, &keys).await?;
        Ok(found.into_iter().map(|(key, segments)| (SegmentsOf(key), segments)).collect())
    }
}

impl Loader<ContentOf> for Rows {
    type Value = Content;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[ContentOf]) -> Shared<HashMap<ContentOf, Content>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = domain::deliveries::contents(&self.store, self.workspace, &ids).await?;
        Ok(found.into_iter().map(|content| (ContentOf(content.delivery), content)).collect())
    }
}

impl Loader<HistoryOf> for Rows {
    type Value = Vec<Line>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[HistoryOf]) -> Shared<HashMap<HistoryOf, Vec<Line>>> {
        let of: Vec<_> = keys.iter().map(|key| (key.person, key.run, key.since)).collect();
        let mut found = domain::journeys::histories(&self.store, self.workspace, &of).await?;
        Ok(keys.iter().filter_map(|key| Some((*key, found.remove(&key.run)?))).collect())
    }
}

impl Loader<JourneysOf> for Rows {
    type Value = Vec<Journey>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[JourneysOf]) -> Shared<HashMap<JourneysOf, Vec<Journey>>> {
        let mut all = HashMap::new();
        for (page, of) in by_page(keys.iter().map(|key| key.0)) {
            let found = domain::journeys::of_people(
                &self.store,
                self.workspace,
                &of,
                page.after,
                page.limit,
            )
            .await?;
            all.extend(found.into_iter().map(|(of, rows)| (JourneysOf(page.of(of)), rows)));
        }
        Ok(all)
    }
}

impl Loader<DeliveriesOf> for Rows {
    type Value = Vec<Delivery>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[DeliveriesOf]) -> Shared<HashMap<DeliveriesOf, Vec<Delivery>>> {
        let mut all = HashMap::new();
        for (page, of) in by_page(keys.iter().map(|key| key.0)) {
            let found = domain::deliveries::of_people(
                &self.store,
                self.workspace,
                &of,
                page.after,
                page.limit,
            )
            .await?;
            all.extend(found.into_iter().map(|(of, rows)| (DeliveriesOf(page.of(of)), rows)));
        }
        Ok(all)
    }
}

impl Loader<MembersOf> for Rows {
    type Value = Vec<PersonKey>;
    type Error = Arc<domain::Error>;

    async fn load(&self, keys: &[MembersOf]) -> Shared<HashMap<MembersOf, Vec<PersonKey>>> {
        let mut all = HashMap::new();
        for (page, of) in by_page(keys.iter().map(|key| key.0)) {
            let found = domain::segments::members_of(
                &self.store,
                self.workspace,
                &of,
                page.after,
                page.limit,
            )
            .await?;
            all.extend(found.into_iter().map(|(of, rows)| (MembersOf(page.of(of)), rows)));
        }
        Ok(all)
    }
}

/// From where on, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    after: Option<Uuid>,
    limit: usize,
}

impl Span {
    fn of<T>(self, of: T) -> Part<T> {
        Part { of, after: self.after, limit: self.limit }
    }
}

/// The pages of one list have the same place and length, so that this is one group, unless the
/// field is asked for twice with other arguments.
fn by_page<T>(parts: impl Iterator<Item = Part<T>>) -> BTreeMap<Span, Vec<T>> {
    let mut groups: BTreeMap<Span, Vec<T>> = BTreeMap::new();
    for Part { of, after, limit } in parts {
        groups.entry(Span { after, limit }).or_default().push(of);
    }
    groups
}

//! Reading deliveries and what was sent.

use std::collections::BTreeMap;

use dsl::time::Instant;
use sea_orm::Value;
use serde::Serialize;
use uuid::Uuid;

use super::State;
use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::identifier::PersonKey;
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Session, Store};

/// One message to one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id; newer ones are greater.
    pub id: Uuid,
    /// Its person.
    pub person: PersonKey,
    /// The run that sends.
    pub run: Uuid,
    /// Its campaign.
    pub campaign: i64,
    /// Identity of the step that sends.
    pub step: String,
    /// Which way: `email`.
    pub channel: String,
    /// Name of the message.
    pub message: String,
    /// Where it stands.
    pub state: State,
    /// Why, where there is a reason.
    pub reason: Option<String>,
    /// Hand-overs tried.
    pub attempts: i64,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// When the decision fell.
    pub created_at: Instant,
    /// When its state changed last.
    pub updated_at: Instant,
}

/// Which deliveries are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this person.
    pub person: Option<PersonKey>,
    /// Of this campaign.
    pub campaign: Option<i64>,
    /// In this state.
    pub state: Option<State>,
    /// Only those whose content is kept: the built-in inbox.
    pub with_content: bool,
}

/// What was sent, as the worker rendered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Of this delivery.
    pub delivery: Uuid,
    /// `{from, to, subject, html, text, …}`.
    pub rendered: serde_json::Value,
    /// When it was handed over.
    pub at: Instant,
}

const COLUMNS: &str = "d.delivery AS delivery, d.l AS l, d.p AS p, d.run AS run,
    d.campaign AS campaign, d.step AS step, d.channel AS channel, d.message AS message,
    d.state AS state, d.reason AS reason, d.attempts AS attempts, d.provider_id AS provider_id,
    d.created_at AS created_at, d.updated_at AS updated_at";

/// Deliveries, newest first, behind the one with the id `after`.
pub async fn list(
    store: &Store,
    w: WorkspaceId,
    filter: &Filter,
    after: Option<Uuid>,
    first: usize,
) -> Result<Vec<Delivery>> {
    let mut values: Vec<Value> = vec![w.into(), i64::try_from(first).unwrap_or(i64::MAX).into()];
    let mut sql = format!("SELECT {COLUMNS} FROM delivery d WHERE d.w = $1");
    let mut add = |text: &str, value: Value| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if let Some(after) = after {
        add(" AND d.delivery < ?", after.into());
    }
    if let Some(person) = filter.person {
        add(" AND d.l = ?", person.l.into());
        add(" AND d.p = ?", person.p.into());
    }
    if let Some(campaign) = filter.campaign {
        add(" AND d.campaign = ?", campaign.into());
    }
    if let Some(state) = filter.state {
        add(" AND d.state = ?", state.word().into());
    }
    if filter.with_content {
        sql.push_str(
            " AND EXISTS (SELECT 1 FROM content c WHERE c.w = d.w AND c.delivery = d.delivery)",
        );
    }
    sql.push_str(" ORDER BY d.delivery DESC LIMIT $2");
    store.read().all(&sql, values).await?.iter().map(read).collect()
}

/// The first deliveries, newest first, to each of these people, behind `after`.
pub async fn of_people(
    store: &Store,
    w: WorkspaceId,
    keys: &[PersonKey],
    after: Option<Uuid>,
    first: usize,
) -> Result<BTreeMap<PersonKey, Vec<Delivery>>> {
    let session = store.read();
    let sql = format!(
        "SELECT {COLUMNS} FROM {} {} delivery d {} d.w = $2 AND d.l = v.l AND d.p = v.p
            AND d.delivery IN (SELECT n.delivery FROM delivery n
                WHERE n.w = $2 AND n.l = v.l AND n.p = v.p AND n.delivery < $4
                ORDER BY n.delivery DESC LIMIT $3)
         ORDER BY d.delivery DESC",
        session.rows(1, PersonKey::COLUMNS),
        session.join(),
        session.on(),
    );
    let limit = i64::try_from(first).unwrap_or(i64::MAX);
    let mut of: BTreeMap<PersonKey, Vec<Delivery>> = BTreeMap::new();
    let after = after.unwrap_or(Uuid::max());
    for row in session.all(&sql, vec![set(keys)?, w.into(), limit.into(), after.into()]).await? {
        let delivery = read(&row)?;
        of.entry(delivery.person).or_default().push(delivery);
    }
    Ok(of)
}

/// One delivery.
pub async fn find(store: &Store, w: WorkspaceId, person: PersonKey, id: Uuid) -> Result<Delivery> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.w = $1 AND d.l = $2 AND d.p = $3
         AND d.delivery = $4"
    );
    let values = vec![w.into(), person.l.into(), person.p.into(), id.into()];
    let row = store.read().one(&sql, values).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| Error::not_found("delivery"))
}

#[derive(Serialize)]
struct IdRow {
    delivery: Uuid,
}

/// What was sent with these deliveries, where it is kept.
pub async fn contents(store: &Store, w: WorkspaceId, of: &[Uuid]) -> Result<Vec<Content>> {
    let session: Session<'_> = store.read();
    let ids: Vec<IdRow> = of.iter().map(|id| IdRow { delivery: *id }).collect();
    let sql = format!(
        "SELECT c.delivery AS delivery, c.rendered AS rendered, c.at AS at FROM {} {} content c
         {} c.w = $2 AND c.delivery = v.delivery",
        session.rows(1, &[("delivery", Kind::Uuid)]),
        session.join(),
        session.on(),
    );
    let rows = session.all(&sql, vec![set(&ids)?, w.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Content {
                delivery: row.uuid("delivery")?,
                rendered: row.get("rendered")?,
                at: row.int("at")?,
            })
        })
        .collect()
}

fn read(row: &Row) -> Result<Delivery> {
    let state = row.text("state")?;
    Ok(Delivery {
        id: row.uuid("delivery")?,
        person: PersonKey { l: row.int("l")?, p: row.uuid("p")? },
        run: row.uuid("run")?,
        campaign: row.int("campaign")?,
        step: row.text("step")?,
        channel: row.text("channel")?,
        message: row.text("message")?,
        state: State::from_word(&state)
            .ok_or_else(|| Error::internal(format!("unknown state `{state}`")))?,
        reason: row.get("reason")?,
        attempts: row.int("attempts")?,
        provider_id: row.get("provider_id")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
    })
}

//! Claiming what is ready to leave: a lease on rows of the slim queue, with all that is needed to
//! render and hand over.

use dsl::expr::Object;
use dsl::time::Instant;
use serde::Serialize;
use uuid::Uuid;

use crate::WorkspaceId;
use crate::clock::real_now;
use crate::error::Result;
use crate::identifier::PersonKey;
use crate::store::dialect::{Kind, set};
use crate::store::{Row, Session, Store};

/// A delivery that is ours until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Its person.
    pub key: PersonKey,
    /// Its id.
    pub delivery: Uuid,
    /// Its place in the queue, which with the id is the row's key.
    pub place: Place,
    /// Proof of the lease.
    pub token: Uuid,
    /// Hand-overs tried so far.
    pub attempts: i64,
    /// A process ended in the middle of handing it over.
    pub unknown: bool,
    /// The run that sends.
    pub run: Uuid,
    /// Its campaign.
    pub campaign: i64,
    /// Name of the message.
    pub message: String,
    /// Address from the step's `to`.
    pub address: Option<String>,
    /// What the template reads besides `customer`.
    pub frozen: Object,
    /// The person's attributes now.
    pub attributes: Object,
    /// When the decision fell, in engine time.
    pub created_at: Instant,
}

/// The rest of a queue row's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Smaller leaves first.
    pub priority: i64,
    /// Real time before which it does not leave.
    pub not_before: i64,
}

/// Takes up to `limit` deliveries that are due, for `lease_ms` of real time.
pub async fn claim(
    store: &Store,
    w: WorkspaceId,
    channel: &'static str,
    limit: usize,
    lease_ms: i64,
) -> Result<Vec<Claimed>> {
    let token = Uuid::new_v4();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    store
        .write(move |session| {
            Box::pin(async move {
                session.force_index_plans().await?;
                let lease = Lease { w, channel, token, limit, until: real_now() + lease_ms };
                let rows = lease.take(session).await?;
                load(session, &lease, &rows).await
            })
        })
        .await
}

struct Lease {
    w: WorkspaceId,
    channel: &'static str,
    token: Uuid,
    limit: i64,
    until: i64,
}

#[derive(Serialize)]
struct ClaimedRow {
    l: i64,
    p: Uuid,
    delivery: Uuid,
    priority: i64,
    not_before: i64,
    attempts: i64,
    sending: i64,
}

const CLAIMED: &[(&str, Kind)] = &[
    ("l", Kind::Int),
    ("p", Kind::Uuid),
    ("delivery", Kind::Uuid),
    ("priority", Kind::Int),
    ("not_before", Kind::Int),
    ("attempts", Kind::Int),
    ("sending", Kind::Int),
];

impl Lease {
    async fn take(&self, session: &Session<'_>) -> Result<Vec<ClaimedRow>> {
        let lock = if session.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
        let sql = format!(
            "UPDATE outgoing SET lease_until = $5, token = $6
             WHERE (w, channel, priority, not_before, delivery) IN (
                SELECT w, channel, priority, not_before, delivery FROM outgoing
                WHERE w = $1 AND channel = $2 AND not_before <= $3 AND lease_until <= $3
                ORDER BY priority, not_before, delivery LIMIT $4 {lock})
             RETURNING l, p, delivery, priority, not_before, attempts, sending"
        );
        let values = vec![
            self.w.into(),
            self.channel.into(),
            real_now().into(),
            self.limit.into(),
            self.until.into(),
            self.token.into(),
        ];
        let rows = session.all(&sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(ClaimedRow {
                    l: row.int("l")?,
                    p: row.uuid("p")?,
                    delivery: row.uuid("delivery")?,
                    priority: row.int("priority")?,
                    not_before: row.int("not_before")?,
                    attempts: row.int("attempts")?,
                    sending: row.int("sending")?,
                })
            })
            .collect()
    }
}

async fn load(session: &Session<'_>, lease: &Lease, rows: &[ClaimedRow]) -> Result<Vec<Claimed>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let tables = session.beside(&[
        ("delivery", "d", "d.w = $2 AND d.l = v.l AND d.p = v.p AND d.delivery = v.delivery"),
        ("person", "t", "t.w = $2 AND t.l = v.l AND t.p = v.p"),
    ]);
    let sql = format!(
        "SELECT v.l AS l, v.p AS p, v.delivery AS delivery, v.priority AS priority,
            v.not_before AS not_before, v.attempts AS attempts, v.sending AS sending,
            d.run AS run, d.campaign AS campaign, d.message AS message, d.address AS address,
            d.frozen AS frozen, d.created_at AS created_at, t.attributes AS attributes
         FROM {} {tables}",
        session.rows(1, CLAIMED),
    );
    let found = session.all(&sql, vec![set(rows)?, lease.w.into()]).await?;
    found.iter().map(|row| read(row, lease)).collect()
}

fn read(row: &Row, lease: &Lease) -> Result<Claimed> {
    Ok(Claimed {
        workspace: lease.w,
        key: PersonKey { l: row.int("l")?, p: row.uuid("p")? },
        delivery: row.uuid("delivery")?,
        place: Place { priority: row.int("priority")?, not_before: row.int("not_before")? },
        token: lease.token,
        attempts: row.int("attempts")?,
        unknown: row.int("sending")? != 0,
        run: row.uuid("run")?,
        campaign: row.int("campaign")?,
        message: row.text("message")?,
        address: row.get("address")?,
        frozen: row.json("frozen")?,
        attributes: row.json("attributes")?,
        created_at: row.int("created_at")?,
    })
}

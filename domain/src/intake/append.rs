//! One group of pieces, appended in one transaction with a handful of statements.

use std::collections::{BTreeMap, BTreeSet};

use dsl::machine;
use dsl::time::Instant;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::people::resolve;
use super::{Activity, ActivityKind, Taken, seen};
use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::identifier::Identifier;
use crate::store::Session;
use crate::store::dialect::{Kind, set};

/// An activity that passed its checks, ready to be appended.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) workspace: WorkspaceId,
    activity: Activity,
    /// Of the content, so that one message id with two contents is noticed.
    hash: i64,
}

/// Where pieces of a group went.
pub(super) struct Appended {
    pub(super) taken: Vec<Taken>,
    pub(super) lanes: BTreeMap<WorkspaceId, BTreeSet<i64>>,
}

impl Piece {
    pub(super) fn new(workspace: WorkspaceId, activity: Activity) -> Result<Self> {
        let content = serde_json::to_vec(&(&activity.identifiers, &activity.kind, activity.time))
            .map_err(Error::internal)?;
        let digest = Sha256::digest(&content);
        let head: [u8; 8] = digest.first_chunk().copied().unwrap_or_default();
        Ok(Self { workspace, activity, hash: i64::from_be_bytes(head) })
    }

    /// Derived from the message id, else random: what follows from the piece derives from it.
    fn id(&self, accepted_at: Instant) -> Uuid {
        let seed = match &self.activity.message_id {
            Some(message_id) => format!("{}/{message_id}", self.workspace),
            None => Uuid::new_v4().to_string(),
        };
        machine::named(&seed, accepted_at)
    }

    fn seen_key(&self) -> Option<(WorkspaceId, &str)> {
        Some((self.workspace, self.activity.message_id.as_deref()?))
    }

    fn body(&self, accepted_at: Instant) -> Result<serde_json::Value> {
        let time = self.activity.time.unwrap_or(accepted_at).min(accepted_at);
        match &self.activity.kind {
            ActivityKind::Identify { patch } => Ok(json!({ "kind": "identify", "patch": patch })),
            ActivityKind::Event { name, data } => {
                Ok(json!({ "kind": "event", "name": name, "data": data, "time": time }))
            }
        }
    }
}

/// Appends a group as accepted at `now`. Pieces whose message id was taken before are left out.
pub(super) async fn append(
    session: &Session<'_>,
    pieces: &[Piece],
    now: Instant,
) -> Result<Appended> {
    let (taken, fresh) = split(session, pieces).await?;
    let named: Vec<_> =
        fresh.iter().map(|p| (p.workspace, p.activity.identifiers.as_slice())).collect();
    let people = resolve(session, &named, now).await?;
    let mut lanes: BTreeMap<WorkspaceId, BTreeSet<i64>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(fresh.len());
    for piece in &fresh {
        let key = people
            .of(piece.workspace, &piece.activity.identifiers)
            .ok_or_else(|| Error::internal("an identifier was not resolved"))?;
        lanes.entry(piece.workspace).or_default().insert(key.l);
        rows.push(InboxRow {
            w: piece.workspace,
            l: key.l,
            p: key.p,
            id: piece.id(now),
            identifiers: &piece.activity.identifiers,
            piece: piece.body(now)?,
            depth: 0,
            accepted_at: now,
        });
    }
    session.insert("inbox", INBOX, &rows, "").await?;
    Ok(Appended { taken, lanes })
}

#[derive(Serialize)]
struct InboxRow<'a> {
    w: WorkspaceId,
    l: i64,
    p: Uuid,
    id: Uuid,
    identifiers: &'a [Identifier],
    piece: serde_json::Value,
    depth: i64,
    accepted_at: Instant,
}

const INBOX: &[(&str, Kind)] = &[
    ("w", Kind::Int),
    ("l", Kind::Int),
    ("p", Kind::Uuid),
    ("id", Kind::Uuid),
    ("identifiers", Kind::Json),
    ("piece", Kind::Json),
    ("depth", Kind::Int),
    ("accepted_at", Kind::Int),
];

#[derive(Serialize)]
struct SeenRow<'a> {
    w: WorkspaceId,
    key: &'a str,
    hash: i64,
}

const SEEN: &[(&str, Kind)] = &[("w", Kind::Int), ("key", Kind::Text), ("hash", Kind::Int)];

/// Which pieces are new. The first of a group with one message id wins; the database decides
/// between groups.
async fn split<'a>(
    session: &Session<'_>,
    pieces: &'a [Piece],
) -> Result<(Vec<Taken>, Vec<&'a Piece>)> {
    let mut first: BTreeMap<(WorkspaceId, &str), &Piece> = BTreeMap::new();
    for piece in pieces {
        if let Some(key) = piece.seen_key() {
            first.entry(key).or_insert(piece);
        }
    }
    let rows: Vec<SeenRow<'_>> =
        first.iter().map(|((w, key), piece)| SeenRow { w: *w, key, hash: piece.hash }).collect();
    let known = if rows.is_empty() { BTreeMap::new() } else { remember(session, &rows).await? };
    let mut taken = Vec::with_capacity(pieces.len());
    let mut fresh = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Some((w, key)) = piece.seen_key() else {
            taken.push(Taken::Accepted);
            fresh.push(piece);
            continue;
        };
        let before = known.get(&(w, key.to_owned())).copied();
        let winner = first.get(&(w, key)).copied();
        match before.or_else(|| winner.filter(|one| !std::ptr::eq(*one, piece)).map(|p| p.hash)) {
            None => {
                taken.push(Taken::Accepted);
                fresh.push(piece);
            }
            Some(hash) if hash == piece.hash => taken.push(Taken::Repeated),
            Some(_) => taken.push(Taken::Refused(Error::Conflict {
                message: format!("message id `{key}` was taken before with another content"),
            })),
        }
    }
    Ok((taken, fresh))
}

/// Notes message ids, and answers those that were noted before, with the hash of their content.
async fn remember(
    session: &Session<'_>,
    rows: &[SeenRow<'_>],
) -> Result<BTreeMap<(WorkspaceId, String), i64>> {
    let (current, other) = seen::tables(session).await?;
    let values = set(rows)?;
    let insert = format!(
        "INSERT INTO {current} (w, key, hash) SELECT v.w, v.key, v.hash FROM {}
         WHERE NOT EXISTS (SELECT 1 FROM {other} o WHERE o.w = v.w AND o.key = v.key)
         ORDER BY v.w, v.key ON CONFLICT (w, key) DO NOTHING RETURNING w, key",
        session.rows(1, SEEN),
    );
    let mut known = BTreeMap::new();
    let inserted = session.all(&insert, vec![values.clone()]).await?;
    if inserted.len() == rows.len() {
        return Ok(known);
    }
    let mut new = BTreeSet::new();
    for row in &inserted {
        new.insert((row.int("w")?, row.text("key")?));
    }
    let from = session.rows(1, SEEN);
    let seen_in = |table| session.beside(&[(table, "s", "s.w = v.w AND s.key = v.key")]);
    let select = format!(
        "SELECT v.w AS w, v.key AS key, s.hash AS hash FROM {from} {}
         UNION ALL SELECT v.w AS w, v.key AS key, s.hash AS hash FROM {from} {}",
        seen_in(current),
        seen_in(other),
    );
    for row in session.all(&select, vec![values]).await? {
        let key = (row.int("w")?, row.text("key")?);
        if !new.contains(&key) {
            known.insert(key, row.int("hash")?);
        }
    }
    Ok(known)
}

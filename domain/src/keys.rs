//! Keys: what a program shows to be let in. Only their hashes are kept.

use rand::RngCore;
use sha2::{Digest, Sha256};

use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::settings::hex;
use crate::store::{Row, Session, Store};

/// Random bytes in a key.
const KEY_BYTES: usize = 24;
/// Characters of a key that are shown in lists, so that people can tell keys apart.
const HINT_CHARS: usize = 14;

/// What a key may do. Each role may do what the ones before it may, but that only `editor` and
/// `admin` may also bring in activity, which is what `track` is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Brings in activity, nothing else.
    Track,
    /// Reads.
    Viewer,
    /// Changes content, deploys, sends.
    Editor,
    /// Everything.
    Admin,
}

impl Role {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::Track, Self::Viewer, Self::Editor, Self::Admin];

    /// The word on the command line and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// From its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it may read through the API.
    #[must_use]
    pub const fn reads(self) -> bool {
        matches!(self, Self::Viewer | Self::Editor | Self::Admin)
    }

    /// Whether it may change content, deploy and send.
    #[must_use]
    pub const fn edits(self) -> bool {
        matches!(self, Self::Editor | Self::Admin)
    }

    /// Whether it may bring in activity.
    #[must_use]
    pub const fn tracks(self) -> bool {
        matches!(self, Self::Track | Self::Editor | Self::Admin)
    }
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: i64,
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// What it may do.
    pub role: Role,
    /// What people call it.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// Makes a key and answers it with its secret, which is kept nowhere.
pub async fn create(
    store: &Store,
    workspace: WorkspaceId,
    role: Role,
    name: &str,
) -> Result<(Key, String)> {
    let mut bytes = [0_u8; KEY_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    let secret = format!("sj_{}_{}", role.word(), hex(&bytes));
    let key = insert(store, workspace, role, name, &secret).await?;
    Ok((key, secret))
}

/// Makes a key with a secret that was given from outside, unless it stands already.
pub async fn ensure(
    store: &Store,
    workspace: WorkspaceId,
    role: Role,
    name: &str,
    secret: &str,
) -> Result<Key> {
    match find(store, secret).await? {
        Some(key) => Ok(key),
        None => insert(store, workspace, role, name, secret).await,
    }
}

/// The live key with this secret.
pub async fn find(store: &Store, secret: &str) -> Result<Option<Key>> {
    let sql = "SELECT id, w, role, name, hint, created_at, revoked_at FROM key
        WHERE hash = $1 AND revoked_at IS NULL";
    store.read().one(sql, vec![hash(secret).into()]).await?.as_ref().map(read).transpose()
}

/// All keys of a workspace, oldest first, revoked ones too.
pub async fn all(store: &Store, workspace: WorkspaceId) -> Result<Vec<Key>> {
    let sql = "SELECT id, w, role, name, hint, created_at, revoked_at FROM key
        WHERE w = $1 ORDER BY id";
    store.read().all(sql, vec![workspace.into()]).await?.iter().map(read).collect()
}

/// Ends a key. Processes that know it may honour it for some seconds more.
pub async fn revoke(store: &Store, workspace: WorkspaceId, id: i64) -> Result<()> {
    let now = store.clock().now();
    let ended = store
        .write(move |session| {
            Box::pin(async move {
                let sql = "UPDATE key SET revoked_at = $3 WHERE w = $1 AND id = $2
                    AND revoked_at IS NULL";
                session.execute(sql, vec![workspace.into(), id.into(), now.into()]).await
            })
        })
        .await?;
    if ended == 0 { Err(Error::not_found(format!("live key {id}"))) } else { Ok(()) }
}

async fn insert(
    store: &Store,
    workspace: WorkspaceId,
    role: Role,
    name: &str,
    secret: &str,
) -> Result<Key> {
    let mut key = Key {
        id: 0,
        workspace,
        role,
        name: name.to_owned(),
        hint: secret.chars().take(HINT_CHARS).collect(),
        created_at: store.clock().now(),
        revoked_at: None,
    };
    let (row, hash) = (key.clone(), hash(secret));
    key.id = store
        .write(move |session| Box::pin(async move { insert_row(session, &row, hash).await }))
        .await?;
    Ok(key)
}

async fn insert_row(session: &Session<'_>, key: &Key, hash: String) -> Result<i64> {
    if !session.is_sqlite() {
        session.execute("LOCK TABLE key IN EXCLUSIVE MODE", Vec::new()).await?;
    }
    let sql = "INSERT INTO key (id, w, role, name, hash, hint, created_at)
        SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM key RETURNING id";
    let values = vec![
        key.workspace.into(),
        key.role.word().into(),
        key.name.as_str().into(),
        hash.into(),
        key.hint.as_str().into(),
        key.created_at.into(),
    ];
    session.number(sql, values).await
}

/// Keys are long and random, so a fast hash is the right one.
fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn read(row: &Row) -> Result<Key> {
    let role = row.text("role")?;
    Ok(Key {
        id: row.int("id")?,
        workspace: row.int("w")?,
        role: Role::from_word(&role)
            .ok_or_else(|| Error::internal(format!("unknown role `{role}`")))?,
        name: row.text("name")?,
        hint: row.text("hint")?,
        created_at: row.int("created_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}

//! Workspaces: each has its own people, definitions and keys.

use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::store::{Row, Store};

/// Name of the workspace that the first start makes.
pub const DEFAULT: &str = "default";

/// One workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Unique on the instance.
    pub name: String,
    /// Number of its latest release; 0 before the first.
    pub version: i64,
}

/// Makes the workspace unless there is one of this name. The lanes come with it.
pub async fn ensure(store: &Store, name: &str) -> Result<Workspace> {
    if let Ok(workspace) = by_name(store, name).await {
        return Ok(workspace);
    }
    let (owned, now) = (name.to_owned(), store.clock().now());
    store
        .write(move |session| {
            Box::pin(async move {
                let insert = "INSERT INTO workspace (id, name, version, created_at)
                    SELECT coalesce(max(id), 0) + 1, $1, 0, $2 FROM workspace
                    WHERE true ON CONFLICT (name) DO NOTHING";
                session.execute(insert, vec![owned.as_str().into(), now.into()]).await?;
                let lanes =
                    "WITH RECURSIVE n(l) AS (SELECT 0 UNION ALL SELECT l + 1 FROM n WHERE l < 255)
                    INSERT INTO lane (w, l, last_now)
                    SELECT workspace.id, n.l, 0 FROM workspace, n WHERE workspace.name = $1
                    ON CONFLICT (w, l) DO NOTHING";
                session.execute(lanes, vec![owned.into()]).await.map(|_| ())
            })
        })
        .await?;
    by_name(store, name).await
}

/// The workspace of this name.
pub async fn by_name(store: &Store, name: &str) -> Result<Workspace> {
    let sql = "SELECT id, name, version FROM workspace WHERE name = $1";
    let row = store.read().one(sql, vec![name.into()]).await?;
    row.as_ref()
        .map(read)
        .transpose()?
        .ok_or_else(|| Error::not_found(format!("workspace `{name}`")))
}

/// The workspace with this id.
pub async fn by_id(store: &Store, id: WorkspaceId) -> Result<Workspace> {
    let sql = "SELECT id, name, version FROM workspace WHERE id = $1";
    let row = store.read().one(sql, vec![id.into()]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| Error::not_found("workspace"))
}

/// All workspaces, oldest first.
pub async fn all(store: &Store) -> Result<Vec<Workspace>> {
    let sql = "SELECT id, name, version FROM workspace ORDER BY id";
    store.read().all(sql, Vec::new()).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Workspace> {
    Ok(Workspace { id: row.int("id")?, name: row.text("name")?, version: row.int("version")? })
}

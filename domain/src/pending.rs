//! What waits to be done, per workspace: the look that finds work no hint told of.

use dsl::time::Instant;

use crate::WorkspaceId;
use crate::clock::real_now;
use crate::error::Result;
use crate::store::Store;

/// Work of one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Which.
    pub workspace: WorkspaceId,
    /// Something lies in the inbox, or a sweep is under way.
    pub busy: bool,
    /// The earliest wake-up of a person, in engine time.
    pub due: Option<Instant>,
    /// A delivery could leave now.
    pub deliver: bool,
}

/// The work of all workspaces, in one query. Each priority is asked by itself, so that deliveries
/// that wait for later are not walked through.
pub async fn look(store: &Store) -> Result<Vec<Pending>> {
    let sql = "SELECT n.id AS w,
            CASE WHEN EXISTS (SELECT 1 FROM inbox i WHERE i.w = n.id)
                OR EXISTS (SELECT 1 FROM sweep s WHERE s.w = n.id) THEN 1 ELSE 0 END AS busy,
            (SELECT min(c.due) FROM clock c WHERE c.w = n.id) AS due,
            CASE WHEN EXISTS (SELECT 1 FROM outgoing o WHERE o.w = n.id AND o.channel = 'email'
                    AND o.priority = 0 AND o.not_before <= $1 AND o.lease_until <= $1)
                OR EXISTS (SELECT 1 FROM outgoing o WHERE o.w = n.id AND o.channel = 'email'
                    AND o.priority = 1 AND o.not_before <= $1 AND o.lease_until <= $1)
                THEN 1 ELSE 0 END AS deliver
        FROM workspace n ORDER BY n.id";
    let rows = store.read().all(sql, vec![real_now().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Pending {
                workspace: row.int("w")?,
                busy: flag(row, "busy")?,
                due: row.get("due")?,
                deliver: flag(row, "deliver")?,
            })
        })
        .collect()
}

/// How many pieces lie in the inboxes, and how many deliveries wait to leave.
pub async fn depths(store: &Store) -> Result<(i64, i64)> {
    let session = store.read();
    let inbox = session.number("SELECT count(*) FROM inbox", Vec::new()).await?;
    let outgoing = session.number("SELECT count(*) FROM outgoing", Vec::new()).await?;
    Ok((inbox, outgoing))
}

/// `CASE` yields a 32-bit number on PostgreSQL and a 64-bit one on SQLite.
fn flag(row: &crate::store::Row, column: &str) -> Result<bool> {
    Ok(row.get::<i32>(column)? != 0)
}

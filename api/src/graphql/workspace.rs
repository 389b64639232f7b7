//! The workspace that the key opens.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::call::{Call, Needs, time};
use super::fail::failed;
use crate::auth::Right;

/// The workspace of the caller's key.
#[derive(Debug, SimpleObject)]
pub(super) struct Workspace {
    /// Its name.
    name: String,
    /// Number of its latest release; 0 before the first.
    version: i64,
    /// The engine's time, which runs faster than real time in demos.
    now: DateTime<Utc>,
}

#[derive(Debug, Default)]
pub(crate) struct WorkspaceQuery;

#[Object]
impl WorkspaceQuery {
    /// The workspace that the key opens.
    #[graphql(guard = "Needs(Right::Read)")]
    async fn workspace(&self, context: &Context<'_>) -> Result<Workspace> {
        let call = Call::of(context)?;
        let found = domain::workspaces::by_id(&call.store, call.workspace).await.map_err(failed)?;
        Ok(Workspace {
            name: found.name,
            version: found.version,
            now: time(call.store.clock().now()),
        })
    }
}

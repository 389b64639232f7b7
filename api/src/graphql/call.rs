//! One request: who asks, and what is looked up once for it.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Guard, Result};
use chrono::{DateTime, Utc};
use domain::definitions::Loaded;
use domain::intake::Intake;
use domain::keys::{Key, Role};
use domain::{Store, WorkspaceId};
use dsl::time::Instant;
use tokio::sync::OnceCell;

use super::fail::{failed, refused};
use super::rows::Rows;
use crate::app::App;
use crate::auth::Right;
use crate::metrics::Metrics;

/// What the resolvers of one request share.
pub(crate) struct Call {
    pub(super) store: Store,
    pub(super) intake: Intake,
    pub(super) metrics: Metrics,
    pub(super) workspace: WorkspaceId,
    pub(super) key: i64,
    role: Role,
    pub(super) rows: DataLoader<Rows>,
    definitions: OnceCell<Arc<Loaded>>,
}

impl Call {
    pub(super) fn new(app: &App, key: &Key) -> Self {
        let rows = Rows { store: app.store.clone(), workspace: key.workspace };
        Self {
            store: app.store.clone(),
            intake: app.intake.clone(),
            metrics: app.metrics.clone(),
            workspace: key.workspace,
            key: key.id,
            role: key.role,
            rows: DataLoader::new(rows, tokio::spawn),
            definitions: OnceCell::new(),
        }
    }

    pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Self> {
        context.data::<Self>()
    }

    /// The compiled workspace.
    pub(super) async fn definitions(&self) -> Result<&Arc<Loaded>> {
        self.definitions
            .get_or_try_init(|| domain::definitions::current(&self.store, self.workspace))
            .await
            .map_err(failed)
    }
}

/// Only those whose key has the right.
pub(super) struct Needs(pub(super) Right);

impl Guard for Needs {
    async fn check(&self, context: &Context<'_>) -> Result<()> {
        let right = self.0;
        right.check(Call::of(context)?.role).map_err(refused)
    }
}

/// An instant as the API writes it.
pub(super) fn time(at: Instant) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH)
}

//! What all requests share.

use std::future::Future;

use domain::Store;
use domain::intake::Intake;
use prometheus::Registry;
use tokio::runtime::Handle;

use crate::auth::Keys;
use crate::graphql::Schema;
use crate::metrics::Metrics;
use crate::problem::Problem;

pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) intake: Intake,
    pub(crate) keys: Keys,
    pub(crate) schema: Schema,
    pub(crate) metrics: Metrics,
    pub(crate) registry: Registry,
    /// Without a slash at its end.
    pub(crate) public_url: String,
    runtime: Handle,
}

impl App {
    pub(crate) fn new(
        store: Store,
        intake: Intake,
        registry: Registry,
        public_url: &str,
    ) -> Result<Self, prometheus::Error> {
        Ok(Self {
            keys: Keys::new(store.clone()),
            schema: crate::graphql::schema(),
            metrics: Metrics::register(&registry)?,
            public_url: public_url.trim_end_matches('/').to_owned(),
            runtime: Handle::current(),
            store,
            intake,
            registry,
        })
    }

    /// Runs work on the runtime of the process. The threads that speak HTTP have runtimes of their
    /// own, and a database connection opened there would end with them; and what was begun here
    /// goes on when the caller hangs up.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.runtime.spawn(work).await.map_err(|error| {
            tracing::error!(%error, "a request panicked");
            Problem::internal()
        })
    }
}

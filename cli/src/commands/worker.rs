//! `sojourn worker`: the background half alone.

use anyhow::Result;
use domain::store::without_secrets;

use crate::args::Worker;
use crate::config::Config;
use crate::failure::{Ending, Failure};
use crate::server::{self, Halves};
use crate::stop::Stop;
use crate::telemetry;

pub(super) async fn run(worker: &Worker) -> Result<Ending> {
    let config = server::configure(&worker.settings, Some(&worker.mail), &[])?;
    let url = config.database.url.reveal();
    if server::is_sqlite(url) {
        return Err(Failure::wrong_use(
            "workers of their own need PostgreSQL: an SQLite file takes one process",
        )
        .help("run `sojourn serve`, or set `SOJOURN_DATABASE_URL` to `postgres://…`")
        .into());
    }
    let half = half(&config)?;
    telemetry::start(&config.log)?;
    warn_of_keys_without_effect(&config);
    let stop = Stop::on_signal()?;
    let store = server::open(url).await?;
    tracing::info!(database = without_secrets(url), "working");
    let ended = server::run(Halves::Worker(half), &store, &stop, |_| {}).await;
    store.close().await;
    ended?;
    tracing::info!("stopped");
    Ok(Ending::Fine)
}

/// The background half as it is configured.
pub(super) fn half(config: &Config) -> Result<worker::Config, Failure> {
    Ok(worker::Config { email: config.email.url()?, only_to: config.email.only_to() })
}

pub(super) fn warn_of_keys_without_effect(config: &Config) {
    for key in config.without_effect() {
        tracing::warn!(key, "this setting has no effect in this version");
    }
}

//! `sojourn serve`: the API, and the worker with it.

use std::num::NonZero;

use anyhow::Result;
use domain::keys::{self, Role};
use domain::store::without_secrets;
use domain::{Store, workspaces};

use crate::args::Serve;
use crate::config::Config;
use crate::failure::{Ending, Failure};
use crate::server::{self, Halves};
use crate::stop::Stop;
use crate::{output, telemetry};

pub(super) async fn run(serve: &Serve) -> Result<Ending> {
    let others = [
        ("http.listen", "--listen", serve.listen.as_deref()),
        ("http.public_url", "--public-url", serve.public_url.as_deref()),
    ];
    let config = server::configure(&serve.settings, Some(&serve.mail), &others)?;
    let url = config.database.url.reveal();
    if serve.no_worker && server::is_sqlite(url) {
        return Err(Failure::wrong_use(
            "`--no-worker` needs PostgreSQL: an SQLite file takes one process, which has to do both",
        )
        .help("leave the flag out, or set `SOJOURN_DATABASE_URL` to `postgres://…`")
        .into());
    }
    let public_url = config.http.public_url();
    if !["http://", "https://"].iter().any(|scheme| public_url.starts_with(scheme)) {
        return Err(Failure::wrong_use(format!(
            "expected a public URL with `http://` or `https://`, found `{public_url}`"
        ))
        .help("links in mail begin with it; `--public-url` and `SOJOURN_PUBLIC_URL` set it")
        .into());
    }
    let halves = halves(&config, serve.no_worker)?;
    telemetry::start(&config.log)?;
    super::worker::warn_of_keys_without_effect(&config);
    let stop = Stop::on_signal()?;
    let store = server::open(url).await?;
    tracing::info!(database = without_secrets(url), "database is open");
    prepare(&store, &config).await?;
    let scheme = if config.http.tls()?.is_some() { "https" } else { "http" };
    let ended = server::run(halves, &store, &stop, |address| {
        tracing::info!("listening on {scheme}://{address}");
    })
    .await;
    store.checkpoint().await?;
    store.close().await;
    ended?;
    tracing::info!("stopped");
    Ok(Ending::Fine)
}

fn halves(config: &Config, no_worker: bool) -> Result<Halves, Failure> {
    let api = api::Config {
        listen: config.http.listen.clone(),
        public_url: config.http.public_url(),
        tls: config.http.tls()?.map(|(cert, key)| api::Tls { cert, key }),
        workers: threads(config.http.workers),
    };
    Ok(if no_worker { Halves::Api(api) } else { Halves::Both(api, super::worker::half(config)?) })
}

fn threads(configured: usize) -> usize {
    match configured {
        0 => std::thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    }
}

/// The workspace and the keys that have to be there.
async fn prepare(store: &Store, config: &Config) -> Result<()> {
    let is_first = server::first_start(store).await?;
    let workspace = workspaces::by_name(store, workspaces::DEFAULT).await?;
    if let Some(secret) = config.admin_key() {
        keys::ensure(store, workspace.id, Role::Admin, "SOJOURN_ADMIN_KEY", secret).await?;
    } else if is_first {
        let (_, secret) = keys::create(store, workspace.id, Role::Admin, "first start").await?;
        output::line("first start: the workspace `default` is made")?;
        output::line(format_args!("admin key: {secret}"))?;
        output::line("this is the only time it is shown; `sojourn key create` makes others")?;
    }
    Ok(())
}

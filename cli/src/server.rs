//! What `serve`, `worker` and `demo` share: opening the database, and running both halves until
//! they are asked to stop.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use domain::intake::Intake;
use domain::store::{Opening, SchemaState, without_secrets};
use domain::{Store, workspaces};
use prometheus::Registry;

use crate::args::{MailFlags, Settings};
use crate::config::{Config, Flag};
use crate::failure::{Failure, reason};
use crate::stop::Stop;

/// Which halves run here.
pub(crate) enum Halves {
    /// API and worker.
    Both(api::Config, worker::Config),
    /// API alone.
    Api(api::Config),
    /// Worker alone.
    Worker(worker::Config),
}

/// Runs until `stop` is wanted and what is under way has ended. A half that fails ends the other.
pub(crate) async fn run(
    halves: Halves,
    store: &Store,
    stop: &Stop,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let registry = Registry::new();
    let metrics = worker::Metrics::register(&registry).context("cannot register metrics")?;
    let intake = Intake::new(store);
    let arrivals = intake.arrivals();
    let api = |config| {
        let (store, registry) = (store.clone(), registry.clone());
        async {
            let ended = api::run(config, store, intake, registry, stop.receiver(), ready).await;
            stop.now();
            ended.map_err(api_failure)
        }
    };
    let worker = |config, arrivals| {
        let (store, metrics) = (store.clone(), metrics.clone());
        async {
            let ended = worker::run(config, store, arrivals, metrics, stop.receiver()).await;
            stop.now();
            ended.map_err(anyhow::Error::from)
        }
    };
    match halves {
        Halves::Both(served, worked) => {
            let (api, worker) = tokio::join!(api(served), worker(worked, Some(arrivals)));
            api.and(worker)
        }
        Halves::Api(served) => api(served).await,
        Halves::Worker(worked) => worker(worked, None).await,
    }
}

fn api_failure(error: api::Error) -> anyhow::Error {
    match error {
        api::Error::Listen { listen, source } => {
            Failure::unreachable(format!("cannot listen on `{listen}`: {}", reason(&source)))
                .help("`--listen` or `SOJOURN_LISTEN` names another address")
                .into()
        }
        api::Error::Tls { .. } => Failure::wrong_use(error.to_string()).into(),
        api::Error::Metrics(_) | api::Error::Serve(_) => error.into(),
    }
}

/// The configuration under the flags of a command.
pub(crate) fn configure(
    settings: &Settings,
    mail: Option<&MailFlags>,
    others: &[Flag<'_>],
) -> Result<Config, Failure> {
    let email = mail.and_then(|flags| flags.email_url.as_deref());
    let only_to = mail.and_then(|flags| flags.only_to.as_deref());
    let shared = [
        ("database.url", "--database-url", settings.database_url.as_deref()),
        ("email.url", "--email-url", email),
        ("email.only_to", "--only-to", only_to),
    ];
    Config::load(settings.config.as_deref(), &[&shared, others].concat())
}

/// Opens the database for a process that moves people, with its schema up to date: an SQLite file
/// is migrated here and now, a PostgreSQL database only by `sojourn migrate`.
pub(crate) async fn open(url: &str) -> Result<Store> {
    let store = Store::open(&Opening { url: url.to_owned(), engine: is_sqlite(url) }).await?;
    if store.is_sqlite() {
        store.migrate().await?;
    } else {
        require_schema(&store).await?;
    }
    Ok(store)
}

/// Opens the database beside a server that may be running on it.
pub(crate) async fn open_beside(url: &str) -> Result<Store> {
    let store = Store::open(&Opening { url: url.to_owned(), engine: false }).await?;
    if store.is_sqlite() && store.schema().await? != SchemaState::Current {
        store.close().await;
        drop(store);
        open(url).await?.close().await;
        return Ok(Store::open(&Opening { url: url.to_owned(), engine: false }).await?);
    }
    require_schema(&store).await?;
    Ok(store)
}

async fn require_schema(store: &Store) -> Result<()> {
    if let SchemaState::Behind(missing) = store.schema().await? {
        return Err(Failure::problem(format!(
            "the schema of the database is behind, missing: {}",
            missing.join(", ")
        ))
        .help("run `sojourn migrate`")
        .into());
    }
    Ok(())
}

/// Makes the workspace of the first start, and answers whether this was it.
pub(crate) async fn first_start(store: &Store) -> Result<bool> {
    let is_first = workspaces::all(store).await?.is_empty();
    workspaces::ensure(store, workspaces::DEFAULT).await?;
    Ok(is_first)
}

/// Whether the address is one of SQLite.
pub(crate) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// Whether there is a database to look into: SQLite would make an empty one.
pub(crate) fn is_there(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("sqlite:") else { return true };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    Path::new(path.split('?').next().unwrap_or(path)).exists()
}

/// What a command says that only looks.
pub(crate) fn no_database(url: &str) -> Failure {
    Failure::problem(format!("there is no database at `{}`", without_secrets(url)))
        .help("`sojourn serve` and `sojourn migrate` make it; `--database-url` names another")
}

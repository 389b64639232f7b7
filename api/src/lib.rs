//! The doors of Sojourn: activity comes in over HTTP, and GraphQL answers what frontends ask. All of
//! it is translation; what is known and decided stands in `domain`.

mod app;
mod assets;
mod auth;
mod body;
mod graphql;
mod health;
mod intake;
mod metrics;
mod pages;
mod problem;
mod server;
mod tls;

use std::net::SocketAddr;
use std::path::PathBuf;

use domain::Store;
use domain::intake::Intake;
use prometheus::Registry;
use tokio::sync::watch;

pub use graphql::schema_sdl;

/// How the doors are opened.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port, such as `127.0.0.1:8080`; port 0 takes a free one.
    pub listen: String,
    /// How this server is reached from outside, such as `https://sojourn.example`.
    pub public_url: String,
    /// Serve https.
    pub tls: Option<Tls>,
    /// Threads that speak HTTP.
    pub workers: usize,
}

/// Files in PEM form.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate, and those that lead to its root.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why the doors cannot be opened, or were closed by themselves.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("cannot listen on `{listen}`: {source}")]
    Listen {
        /// As configured.
        listen: String,
        /// Why.
        source: std::io::Error,
    },
    /// A certificate or key cannot be used.
    #[error("cannot use `{}`: {reason}", .path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A number for operators has a name that is taken.
    #[error("cannot count: {0}")]
    Metrics(#[from] prometheus::Error),
    /// Serving failed.
    #[error("serving failed: {0}")]
    Serve(std::io::Error),
}

/// Serves until `stop` turns true and the requests under way are answered. `ready` gets the address
/// as soon as connections are taken.
pub async fn run(
    config: Config,
    store: Store,
    intake: Intake,
    registry: Registry,
    stop: watch::Receiver<bool>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    let app = app::App::new(store, intake, registry, &config.public_url)?;
    server::serve(&config, app, stop, ready).await
}

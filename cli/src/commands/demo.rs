//! `sojourn demo`: a whole workspace in one process on a throw-away database, with people who sign
//! up, work, buy and leave while one watches their mail.

mod client;
mod crowd;
mod mailbox;
mod names;

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::Path;

use anyhow::{Context, Result};
use domain::definitions::{self, File};
use domain::keys::{self, Role};
use domain::store::Opening;
use domain::{Store, WorkspaceId, workspaces};
use tokio::sync::oneshot;
use worker::transport::EmailUrl;

use crate::args::Demo;
use crate::config::Config;
use crate::failure::{Ending, Failure, reason};
use crate::server::{self, Halves};
use crate::stop::Stop;
use crate::{output, telemetry};
use mailbox::Mailbox;

/// A real day.
const DAY_SECONDS: f64 = 86_400.0;
const MINUTE_SECONDS: f64 = 60.0;
/// Threads that answer requests; a demo has one visitor.
const HTTP_THREADS: usize = 2;
/// The crowd is the same each time, so that what one sees can be told to others.
const SEED: u64 = 2026;
/// Under this name the examples are deployed.
const SOURCE: &str = "examples";
/// Unless asked, the demo speaks for itself.
const QUIET: &str = "warn";

macro_rules! example {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../examples/", $name)))
    };
}

/// The campaigns that run, with what they refer to.
const EXAMPLES: [(&str, &str); 6] = [
    example!("welcome.journey"),
    example!("welcome.html"),
    example!("trial-ending.journey"),
    example!("abandoned-cart.journey"),
    example!("after-order.journey"),
    example!("win-back.journey"),
];

/// Where the demo is and what opens it.
struct Place {
    base: String,
    admin_key: String,
    track_key: String,
    workspace: WorkspaceId,
}

pub(super) async fn run(demo: &Demo) -> Result<Ending> {
    let mut config = Config::load(None, &[("http.listen", "--listen", demo.listen.as_deref())])?;
    if std::env::var_os("SOJOURN_LOG").is_none() {
        config.log.filter = QUIET.to_owned();
    }
    telemetry::start(&config.log)?;
    let stop = Stop::on_signal()?;
    let folder = tempfile::Builder::new()
        .prefix("sojourn-demo-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let store = open(folder.path(), demo.speed).await?;
    let ended = show(&store, &config.http.listen, demo, &stop).await;
    store.close().await;
    ended?;
    Ok(Ending::Fine)
}

/// A database whose time goes faster from its first moment.
async fn open(folder: &Path, speed: u32) -> Result<Store> {
    let url = format!("sqlite://{}", folder.join("demo.db").display());
    let opening = Opening { url, engine: true };
    let store = Store::open(&opening).await?;
    store.migrate().await?;
    store.speed_up(f64::from(speed)).await?;
    store.close().await;
    drop(store);
    Ok(Store::open(&opening).await?)
}

async fn show(store: &Store, listen: &str, demo: &Demo, stop: &Stop) -> Result<()> {
    let place = prepare(store, &free_address(listen)?).await?;
    let api = api::Config {
        listen: place.base.trim_start_matches("http://").to_owned(),
        public_url: place.base.clone(),
        tls: None,
        workers: HTTP_THREADS,
    };
    let worker = worker::Config { email: EmailUrl::Inbox, only_to: None };
    let (ready, listening) = oneshot::channel();
    let server = server::run(Halves::Both(api, worker), store, stop, |address| {
        // Nobody listens any more where the demo is over before it has begun.
        let _ = ready.send(address);
    });
    let mut mailbox = Mailbox::open(store, place.workspace).await?;
    let visit = async {
        let visited = visit(&mut mailbox, &place, demo, listening, stop).await;
        stop.now();
        visited
    };
    let (served, visited) = tokio::join!(server, visit);
    served?;
    let Some(brought) = visited? else { return Ok(()) };
    // What was under way has left by now.
    mailbox.look().await?;
    output::line("")?;
    output::line(format_args!(
        "{} people, {} pieces of activity, {} mails; all of it is thrown away now",
        brought.people,
        brought.pieces,
        mailbox.count()
    ))?;
    Ok(())
}

/// The workspace, its keys and its campaigns.
async fn prepare(store: &Store, address: &SocketAddr) -> Result<Place> {
    let workspace = workspaces::ensure(store, workspaces::DEFAULT).await?.id;
    let (_, admin_key) = keys::create(store, workspace, Role::Admin, "demo").await?;
    let (_, track_key) = keys::create(store, workspace, Role::Track, "demo crowd").await?;
    let files = EXAMPLES
        .iter()
        .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect();
    definitions::deploy(store, workspace, SOURCE, files, None).await?;
    Ok(Place { base: format!("http://{address}"), admin_key, track_key, workspace })
}

/// Everything one sees, from the greeting to the last mail; `None` where the server did not come up.
async fn visit(
    mailbox: &mut Mailbox<'_>,
    place: &Place,
    demo: &Demo,
    listening: oneshot::Receiver<SocketAddr>,
    stop: &Stop,
) -> Result<Option<client::Brought>> {
    if listening.await.is_err() {
        return Ok(None);
    }
    greet(place, demo)?;
    let day_ms = DAY_SECONDS * 1_000.0 / f64::from(demo.speed);
    let crowd = crowd::Crowd::new(SEED, day_ms);
    let bring = async {
        let brought = client::run(&place.base, &place.track_key, crowd, stop).await;
        stop.now();
        brought
    };
    let print = async {
        let printed = mailbox.run(stop).await;
        stop.now();
        printed
    };
    let (brought, printed) = tokio::join!(bring, print);
    printed?;
    brought.map(Some)
}

fn greet(place: &Place, demo: &Demo) -> Result<()> {
    let Place { base, admin_key, track_key, .. } = place;
    let day = DAY_SECONDS / f64::from(demo.speed);
    let day = if day >= MINUTE_SECONDS {
        format!("{:.1} min", day / MINUTE_SECONDS)
    } else {
        format!("{day:.1} s")
    };
    output::line(format_args!("Sojourn demo, listening on {base}"))?;
    output::line(format_args!("A day takes {day}. Ctrl-C ends it and throws everything away."))?;
    output::line("")?;
    output::line(format_args!("  console    {base}/#key={admin_key}"))?;
    output::line(format_args!("  GraphiQL   {base}/graphql"))?;
    output::line(format_args!("  intake     {base}/v1/batch"))?;
    output::line(format_args!("  admin key  {admin_key}"))?;
    output::line(format_args!("  track key  {track_key}"))?;
    output::line("")?;
    output::line("Mail as it leaves:")?;
    Ok(())
}

/// The address itself where its port is free, else one with a port that is.
fn free_address(listen: &str) -> Result<SocketAddr, Failure> {
    let unusable = |error: &std::io::Error| {
        Failure::unreachable(format!("cannot listen on `{listen}`: {}", reason(error)))
            .help("write an address and a port, such as `--listen 127.0.0.1:8080`")
    };
    let mut addresses = listen.to_socket_addrs().map_err(|error| unusable(&error))?;
    let Some(wanted) = addresses.next() else {
        return Err(Failure::wrong_use(format!("there is no address `{listen}`")));
    };
    let bound = |address| TcpListener::bind(address).and_then(|listener| listener.local_addr());
    match bound(wanted) {
        Ok(address) => Ok(address),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = bound(SocketAddr::new(wanted.ip(), 0)).map_err(|error| unusable(&error))?;
            output::note(format_args!(
                "port {} is taken, so the demo uses {}",
                wanted.port(),
                other.port()
            ));
            Ok(other)
        }
        Err(error) => Err(unusable(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let wanted = taken.local_addr().unwrap();
        let found = free_address(&wanted.to_string()).unwrap();
        assert_eq!(found.ip(), wanted.ip());
        assert_ne!(found.port(), wanted.port());
        drop(taken);
        assert_eq!(free_address(&wanted.to_string()).unwrap(), wanted);
        assert!(free_address("nonsense").is_err());
    }
}

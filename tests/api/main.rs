//! The doors: activity over HTTP as official clients send it, GraphQL as frontends ask it, bad
//! input of every kind, and who may do what. The server runs in this process on a free port.

mod bad_input;
mod graphql;
mod official;
mod roles;
mod server;
mod source;
mod statements;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use domain::deliveries::{self, Finished, Handed, Mark};
use domain::intake::Intake;
use domain::keys::Role;
use domain::store::{Opening, Store};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// More ticks than any of these tests needs.
const TICKS_MAX: usize = 100;
const LEASE_MS: i64 = 60_000;
const CLAIMED_AT_ONCE: usize = 1_000;

/// A server on a database of its own, with a key of each role in two workspaces.
struct Api {
    store: Store,
    w: i64,
    base: String,
    http: Client,
    own: BTreeMap<Role, String>,
    foreign: BTreeMap<Role, String>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<Result<(), api::Error>>,
}

impl Api {
    async fn start(url: &str) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let opening = Opening { url: url.to_owned(), engine: true };
        let store = Store::open(&opening).await.expect("the database can be opened");
        store.migrate().await.expect("the schema can be made");
        let w = domain::workspaces::ensure(&store, "default").await.expect("a workspace").id;
        let other = domain::workspaces::ensure(&store, "other").await.expect("a workspace").id;
        let (own, foreign) = (keys(&store, w).await, keys(&store, other).await);
        let (stop, stopped) = watch::channel(false);
        let (ready, address) = oneshot::channel();
        let config = api::Config {
            listen: "127.0.0.1:0".to_owned(),
            public_url: "https://sojourn.test/".to_owned(),
            tls: None,
            workers: 1,
        };
        let intake = Intake::new(&store);
        let registry = prometheus::Registry::new();
        let tell = |address: SocketAddr| ready.send(address).expect("somebody waits for it");
        let serving =
            tokio::spawn(api::run(config, store.clone(), intake, registry, stopped, tell));
        let address = address.await.expect("it listens");
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let http = http.expect("a client");
        let base = format!("http://{address}");
        Self { store, w, base, http, own, foreign, stop, serving }
    }

    fn key(&self, role: Role) -> &str {
        &self.own[&role]
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.base))
    }

    /// Posts JSON as an official client does: Basic, with the key as the name.
    async fn intake(&self, path: &str, body: &Value) -> Answer {
        let request = self.post(path).basic_auth(self.key(Role::Track), Some(""));
        Answer::of(request.json(body).send().await.expect("an answer")).await
    }

    /// Posts bytes that are perhaps no JSON.
    async fn intake_raw(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.post(path).basic_auth(self.key(Role::Track), Some(""));
        Answer::of(request.body(body).send().await.expect("an answer")).await
    }

    async fn ask_as(&self, key: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let sent = self.post("/graphql").bearer_auth(key).json(&body).send().await;
        sent.expect("an answer").json().await.expect("JSON")
    }

    /// The data of a query that must not fail.
    async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask_as(self.key(Role::Admin), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].take()
    }

    /// The only error of a query that must fail.
    async fn refused(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask_as(self.key(Role::Admin), query, variables).await;
        let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(errors.len(), 1, "{answer:#}");
        errors[0].clone()
    }

    async fn deploy(&self, text: &str) -> Value {
        let query = "mutation ($input: DeployInput!) { deploy(input: $input) { version } }";
        let files = json!([{ "path": "a.journey", "text": text }]);
        self.ask(query, json!({ "input": { "files": files } })).await
    }

    /// Ticks until there is nothing to do.
    async fn settle(&self) {
        for _ in 0..TICKS_MAX {
            let report = domain::tick::tick(&self.store, self.w, None).await.expect("a tick");
            if report.people == 0 && !report.more {
                return;
            }
        }
        panic!("still at work after {TICKS_MAX} ticks");
    }

    /// Hands over everything that is ready, as the built-in inbox does.
    async fn deliver(&self) {
        let claimed =
            deliveries::claim(&self.store, self.w, "email", CLAIMED_AT_ONCE, LEASE_MS).await;
        let claimed = claimed.expect("a claim");
        let mark = |one: &deliveries::Claimed| Mark { claimed: one.clone(), lease_ms: LEASE_MS };
        let marks = claimed.iter().map(mark).collect();
        deliveries::record(&self.store, Vec::new(), marks).await.expect("marks");
        let finished = claimed.into_iter().map(|claimed| {
            let content = json!({
                "from": "Ada <ada@acme.test>",
                "to": claimed.attributes["email"],
                "subject": "Welcome",
                "html": "<p>Hello</p>",
                "text": null,
            });
            let result = Handed::Sent { provider_id: None, content: Some(content) };
            Finished { claimed, result }
        });
        deliveries::record(&self.store, finished.collect(), Vec::new()).await.expect("records");
    }

    /// How many pieces wait in the inbox.
    async fn waiting(&self) -> i64 {
        let sql = "SELECT count(*) FROM inbox";
        self.store.read().number(sql, Vec::new()).await.expect("a number")
    }

    /// Stops it; every request under way must have been answered.
    async fn stop(self) {
        // Its idle connections would keep the server waiting.
        drop(self.http);
        self.stop.send(true).expect("it serves");
        self.serving.await.expect("no panic").expect("no failure");
        self.store.close().await;
    }
}

async fn keys(store: &Store, w: i64) -> BTreeMap<Role, String> {
    let mut keys = BTreeMap::new();
    for role in Role::ALL {
        let (_, secret) = domain::keys::create(store, w, role, role.word()).await.expect("a key");
        keys.insert(role, secret);
    }
    keys
}

/// Status, headers and JSON of an answer.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("expected JSON: {error}, found {status}: {text}"));
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Checks the shape that every refusal of these routes has.
    fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{self:#?}");
        assert_eq!(self.body["code"], code, "{self:#?}");
        assert_eq!(self.body["status"], status, "{self:#?}");
        assert_eq!(self.body["type"], format!("/errors/{code}"), "{self:#?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let detail = self.body["detail"].as_str().expect("a detail");
        assert!(!detail.is_empty() && !detail.ends_with('.'), "{detail}");
        assert_eq!(self.body["message"], detail);
        assert_eq!(self.body["meta"]["error"], detail);
    }
}

//! Routes around the doors: health, numbers, pages, and the end of the server.

use domain::keys::Role;
use reqwest::Method;
use serde_json::json;
use tests::for_each_database;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Answer, Api};

#[tokio::test]
async fn health_and_numbers_are_there_without_a_key() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        for path in ["/healthz", "/readyz"] {
            let answer = api.http.get(format!("{}{path}", api.base)).send().await.unwrap();
            assert_eq!(Answer::of(answer).await.body, json!({ "status": "ok" }), "{path}");
        }
        api.intake("/v1/track", &json!({ "userId": "a", "event": "e" })).await;
        api.intake("/v1/track", &json!({ "event": "e" })).await;
        let metrics = api.http.get(format!("{}/metrics", api.base)).send().await.unwrap();
        assert!(metrics.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
        let text = metrics.text().await.unwrap();
        for line in [
            "sojourn_intake_items_total{kind=\"track\",result=\"accepted\"} 1",
            "sojourn_intake_items_total{kind=\"track\",result=\"refused\"} 1",
            "sojourn_http_requests_total{method=\"POST\",route=\"/v1/track\",status=\"200\"} 1",
            "sojourn_http_requests_total{method=\"POST\",route=\"/v1/track\",status=\"400\"} 1",
            "sojourn_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        ] {
            assert!(text.contains(line), "`{line}` is missing in\n{text}");
        }
        // A schema that is not what the program expects is not ready.
        api.store
            .write(|session| {
                Box::pin(
                    async move { session.execute("DELETE FROM schema_migration", vec![]).await },
                )
            })
            .await
            .unwrap();
        let answer = api.http.get(format!("{}/readyz", api.base)).send().await.unwrap();
        let answer = Answer::of(answer).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (503, &json!("UNAVAILABLE")));
        assert!(answer.body["detail"].as_str().unwrap().contains("sojourn migrate"));
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_gone_says_when_to_come_again() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    // The key is known from here on, so that intake itself meets the failure.
    api.intake("/v1/track", &json!({ "userId": "a", "event": "e" })).await;
    api.store.close().await;
    let answer = api.intake("/v1/track", &json!({ "userId": "a", "event": "e" })).await;
    answer.assert_refused(503, "UNAVAILABLE");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    let answer = api.http.get(format!("{}/readyz", api.base)).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    let answer = api.http.get(format!("{}/healthz", api.base)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = api
        .ask_as(
            api.key(Role::Track),
            "mutation { identifyPeople(input: { people: [
        { identifiers: [{ kind: ID, value: \"a\" }] }] }) { accepted } }",
            json!({}),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer:#}");
    api.stop().await;
}

#[tokio::test]
async fn pages_are_served_and_load_nothing_from_elsewhere() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    for path in ["/", "/graphql"] {
        let page = api.http.get(format!("{}{path}", api.base)).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert_eq!(page.headers()["content-security-policy"], "frame-ancestors 'none'");
        let html = page.text().await.unwrap();
        let mut parts = 0;
        for (_, rest) in html
            .match_indices("src=\"")
            .chain(html.match_indices("href=\""))
            .map(|(at, found)| (at, &html[at + found.len()..]))
        {
            let link = rest.split('"').next().unwrap();
            if link.starts_with("data:") || link.starts_with('#') {
                continue;
            }
            assert!(link.starts_with('/') && !link.starts_with("//"), "{path} loads {link}");
            let part = api.http.get(format!("{}{link}", api.base)).send().await.unwrap();
            assert_eq!(part.status(), 200, "{link}");
            parts += 1;
        }
        assert!(parts > 1, "{path} loads {parts} parts");
    }
    for (path, expected) in [("/errors/forbidden", "# FORBIDDEN"), ("/errors/J0105", "J0105")] {
        let page = api.http.get(format!("{}{path}", api.base)).send().await.unwrap();
        assert!(page.text().await.unwrap().contains(expected), "{path}");
    }
    api.stop().await;
}

#[tokio::test]
async fn other_routes_and_methods_are_refused_and_never_redirected() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let cases = [
        (Method::GET, "/nothing", 404),
        (Method::POST, "/v1/batch/", 404),
        (Method::POST, "//v1/batch", 404),
        (Method::GET, "/console/../Cargo.toml", 404),
        (Method::GET, "/console/%2e%2e/Cargo.toml", 404),
        (Method::GET, "/errors/nothing", 404),
        (Method::GET, "/v1/batch", 405),
        (Method::PUT, "/v1/identify", 405),
        (Method::POST, "/healthz", 405),
        (Method::DELETE, "/graphql", 405),
    ];
    for (method, path, status) in cases {
        let sent = api.http.request(method.clone(), format!("{}{path}", api.base)).send();
        let answer = Answer::of(sent.await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {answer:#?}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
    }
    api.stop().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let config = api::Config {
        listen: api.base.trim_start_matches("http://").to_owned(),
        public_url: api.base.clone(),
        tls: None,
        workers: 1,
    };
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let intake = domain::intake::Intake::new(&api.store);
    let registry = prometheus::Registry::new();
    let failed =
        api::run(config.clone(), api.store.clone(), intake, registry, stopped, |_| ()).await;
    let message = failed.unwrap_err().to_string();
    assert!(message.contains(&config.listen), "{message}");
    api.stop().await;
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let body = json!({ "userId": "a", "event": "e" }).to_string();
    let (start, rest) = body.split_at(5);
    let head = format!(
        "POST /v1/track HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        api.key(Role::Track),
        body.len()
    );
    let mut slow = TcpStream::connect(api.base.trim_start_matches("http://")).await.unwrap();
    slow.write_all(format!("{head}{start}").as_bytes()).await.unwrap();
    // Two are under way when the slow one and the one that asks are.
    loop {
        let metrics = api.http.get(format!("{}/metrics", api.base)).send().await.unwrap();
        if metrics.text().await.unwrap().contains("sojourn_http_requests_under_way 2") {
            break;
        }
    }
    let (store, base) = (api.store.clone(), api.base.clone());
    api.stop.send(true).unwrap();
    drop(api.http);
    slow.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = [0; 1_024];
    let length = slow.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(slow);
    api.serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(base.trim_start_matches("http://")).await.is_err());
    let kept = store.read().number("SELECT count(*) FROM inbox", Vec::new()).await.unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn https_is_served_with_a_certificate_and_its_key() {
    let database = tests::Database::sqlite();
    let plain = Api::start(&database.url).await;
    let folder = tests::process::repository().join("worker/src/transport/testdata");
    let tls = api::Tls { cert: folder.join("server.pem"), key: folder.join("server.key") };
    let mut config = api::Config {
        listen: "127.0.0.1:0".to_owned(),
        public_url: plain.base.clone(),
        tls: Some(tls),
        workers: 1,
    };
    let run = |config: api::Config, ready: tokio::sync::oneshot::Sender<u16>| {
        let store = plain.store.clone();
        let intake = domain::intake::Intake::new(&store);
        let stopped = plain.stop.subscribe();
        let tell = |address: std::net::SocketAddr| ready.send(address.port()).unwrap();
        api::run(config, store, intake, prometheus::Registry::new(), stopped, tell)
    };
    let (ready, port) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(run(config.clone(), ready));
    let port = port.await.unwrap();
    let root = std::fs::read(folder.join("ca.pem")).unwrap();
    let root = reqwest::Certificate::from_pem(&root).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    let answer = http.get(format!("https://localhost:{port}/healthz")).send().await.unwrap();
    assert_eq!(Answer::of(answer).await.body, json!({ "status": "ok" }));
    drop(http);

    // A certificate is no key.
    config.tls.as_mut().unwrap().key = folder.join("ca.pem");
    let (ready, _port) = tokio::sync::oneshot::channel();
    let failed = run(config, ready).await.unwrap_err().to_string();
    assert!(failed.contains("ca.pem"), "{failed}");
    plain.stop().await;
    serving.await.unwrap().unwrap();
}

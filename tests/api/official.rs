//! What official clients send, and need in return.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::keys::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::for_each_database;

use crate::{Answer, Api};

/// `{"batch":[{"type":"track","userId":"gz","event":"packed"}]}`, packed by gzip.
const PACKED: &str = "H4sIAAAAAAACA6tWSkosSc5QsoquViqpLEhVslIqKUpMzlbSUSotTi3yTAEKpFcBeallqXklQE4BUDI1Rak2thYASDthBDsAAAA=";

#[tokio::test]
async fn a_batch_keeps_what_is_good_and_a_repeat_is_taken_once() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        let batch = json!({ "sentAt": "2026-11-24T10:00:00.000Z", "writeKey": "ignored", "batch": [
            { "type": "identify", "messageId": "m1", "userId": "ada", "anonymousId": null,
              "timestamp": "2026-11-24T10:00:00.123456+00:00", "context": { "traits": { "x": 1 } },
              "traits": { "email": "Ada@Acme.TEST", "plan": "trial" } },
            { "type": "track", "messageId": "m2", "userId": "ada", "event": "signed_up",
              "properties": { "plan": "trial" }, "integrations": {} },
            { "type": "track", "messageId": "m3", "event": "orphan" },
            { "type": "track", "messageId": "m4", "userId": null, "anonymousId": "anon", "event": "seen" },
        ]});
        let first = api.intake("/v1/batch", &batch).await;
        assert_eq!(first.status, 200, "{first:#?}");
        assert_eq!(first.body, json!({
            "success": true, "accepted": 3, "repeated": 0,
            "errors": [{
                "index": 2, "code": "INVALID", "field": "userId",
                "message": first.body["errors"][0]["message"],
            }],
        }));
        assert_eq!(api.waiting().await, 3);
        let again = api.intake("/v1/batch", &batch).await;
        assert_eq!((&again.body["accepted"], &again.body["repeated"]), (&json!(0), &json!(3)));
        assert_eq!(again.status, 200);
        assert_eq!(api.waiting().await, 3);
        let other = json!({ "messageId": "m2", "userId": "ada", "event": "another" });
        api.intake("/v1/track", &other).await.assert_refused(409, "CONFLICT");

        // What was accepted is seen at once, and the same by every name, before and after a tick.
        let query = "query ($of: IdentifierInput!) { person(identifier: $of) {
            id attributes stale identifiers { kind value } } }";
        for _ in 0..2 {
            let mut ids = Vec::new();
            for (kind, value) in [("ID", "ada"), ("EMAIL", "ADA@acme.test")] {
                let of = json!({ "of": { "kind": kind, "value": value } });
                let person = api.ask(query, of).await["person"].take();
                assert_eq!(person["attributes"]["plan"], "trial", "{person:#}");
                assert_eq!(person["attributes"].get("x"), None, "{person:#}");
                assert_eq!(person["identifiers"], json!([
                    { "kind": "ID", "value": "ada" },
                    { "kind": "EMAIL", "value": "ada@acme.test" },
                ]));
                ids.push(person["id"].clone());
            }
            assert_eq!(ids[0], ids[1]);
            api.settle().await;
        }
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn short_paths_and_single_calls_are_taken() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let identify = json!({ "userId": "a", "traits": { "n": 1 } });
    let track = json!({ "anonymousId": "a", "event": "e" });
    let batch = json!({ "batch": [{ "type": "track", "userId": "a", "event": "e" }] });
    let calls = [
        ("/v1/identify", &identify),
        ("/v1/i", &identify),
        ("/v1/track", &track),
        ("/v1/t", &track),
        ("/v1/batch", &batch),
        ("/v1/b", &batch),
        ("/v1/import", &batch),
    ];
    for (path, body) in calls {
        let answer = api.intake(path, body).await;
        assert_eq!(answer.status, 200, "{path}: {answer:#?}");
        assert_eq!(answer.body["success"], true, "{path}");
        assert_eq!(answer.body["accepted"], 1, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
    assert_eq!(api.waiting().await, i64::try_from(calls.len()).unwrap());
    let empty = api.intake("/v1/batch", &json!({ "batch": [] })).await;
    assert_eq!((empty.status.as_u16(), &empty.body["accepted"]), (200, &json!(0)));
    api.stop().await;
}

#[tokio::test]
async fn the_key_is_taken_from_wherever_clients_put_it() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let (key, body) = (api.key(Role::Track).to_owned(), json!({ "userId": "a", "event": "e" }));
    let with_key = |key: &str| {
        let mut body = body.clone();
        body["writeKey"] = json!(key);
        body.to_string()
    };
    let post = || api.post("/v1/track").header("content-type", "text/plain");
    let taken = [
        post().bearer_auth(&key).body(body.to_string()),
        post().basic_auth(&key, Some("")).body(body.to_string()),
        post().basic_auth(&key, None::<&str>).body(body.to_string()),
        post().header("x-write-key", &key).body(body.to_string()),
        post().body(with_key(&key)),
        post().basic_auth(&key, Some("")).body(with_key(&key)),
        api.post("/v1/t")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(with_key(&key)),
    ];
    for (place, request) in taken.into_iter().enumerate() {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{place}: {answer:#?}");
    }
    let refused = [
        post().body(body.to_string()),
        post().body(with_key("wrong")),
        post().bearer_auth("wrong").body(with_key(&key)),
        post().header("authorization", "Digest x").body(with_key(&key)),
        post().header("authorization", "Basic ???").body(with_key(&key)),
    ];
    for (place, request) in refused.into_iter().enumerate() {
        let answer = Answer::of(request.send().await.unwrap()).await;
        answer.assert_refused(401, "UNAUTHENTICATED");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{place}");
    }
    assert_eq!(api.waiting().await, 7);
    api.stop().await;
}

#[tokio::test]
async fn packed_bodies_are_unpacked() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let sent = api
        .post("/v1/batch")
        .bearer_auth(api.key(Role::Track))
        .header("content-encoding", "gzip")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(STANDARD.decode(PACKED).unwrap())
        .send();
    let answer = Answer::of(sent.await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), &answer.body["accepted"]), (200, &json!(1)), "{answer:#?}");
    api.stop().await;
}

#[tokio::test]
async fn browsers_of_any_origin_get_in() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    for path in ["/v1/i", "/v1/t", "/v1/batch", "/v1/projects/x/settings"] {
        let asked = api
            .http
            .request(Method::OPTIONS, format!("{}{path}", api.base))
            .header("origin", "https://shop.test")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type,x-retry-count")
            .send()
            .await
            .unwrap();
        assert!(asked.status().is_success(), "{path}: {asked:?}");
        let header = |name: &str| asked.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("access-control-allow-origin"), "*");
        assert!(header("access-control-allow-methods").contains("POST"));
        for name in ["authorization", "content-type", "x-retry-count"] {
            assert!(header("access-control-allow-headers").contains(name), "{name}");
        }
    }
    let body = json!({ "userId": "a", "event": "e" });
    let taken = api.intake("/v1/t", &body).await;
    assert_eq!(taken.header("access-control-allow-origin"), "*");
    let refused = api.intake("/v1/t", &json!({})).await;
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    api.stop().await;
}

#[tokio::test]
async fn browsers_are_told_where_to_send() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let settings = async |key: &str| {
        let url = format!("{}/v1/projects/{key}/settings", api.base);
        Answer::of(api.http.get(url).send().await.unwrap()).await
    };
    let key = api.key(Role::Track);
    let answer = settings(key).await;
    assert_eq!(answer.status, 200);
    for name in ["Segment.io", "Customer.io Data Pipelines"] {
        let integration: &Value = &answer.body["integrations"][name];
        assert_eq!(integration["apiKey"], key);
        assert_eq!(integration["apiHost"], "sojourn.test/v1");
        assert_eq!(integration["protocol"], "https");
    }
    settings("wrong").await.assert_refused(401, "UNAUTHENTICATED");
    settings(api.key(Role::Viewer)).await.assert_refused(403, "FORBIDDEN");
    api.stop().await;
}

//! Bad input at the intake: a clear error each, and nothing half applied.

use domain::keys::Role;
use serde_json::{Value, json};
use tests::for_each_database;

use crate::{Answer, Api};

const MIB: usize = 1024 * 1024;

fn track(body: &Value) -> Value {
    let mut call = json!({ "type": "track", "userId": "ada", "event": "e" });
    for (name, value) in body.as_object().expect("an object") {
        call[name] = value.clone();
    }
    call
}

#[tokio::test]
async fn each_bad_call_is_refused_with_its_field() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        let long = "x".repeat(5_000);
        let mut deep = json!(1);
        for _ in 0..12 {
            deep = json!({ "in": deep });
        }
        let many: serde_json::Map<String, Value> =
            (0..301).map(|n| (format!("a{n}"), json!(n))).collect();
        let cases = [
            ("userId", json!({ "userId": null, "anonymousId": null })),
            ("userId", json!({ "userId": "" })),
            ("userId", json!({ "userId": "a\u{0}b" })),
            ("userId", json!({ "userId": "x".repeat(151) })),
            ("event", json!({ "event": "" })),
            ("event", json!({ "event": "a\u{0}" })),
            ("event", json!({ "event": "x".repeat(151) })),
            ("event", json!({ "event": 7 })),
            ("messageId", json!({ "messageId": "x".repeat(201) })),
            ("messageId", json!({ "messageId": "a\u{0}" })),
            ("timestamp", json!({ "timestamp": "9999-12-31T23:59:59Z" })),
            ("timestamp", json!({ "timestamp": "12345-01-01T00:00:00Z" })),
            ("timestamp", json!({ "timestamp": "1969-12-31T23:59:59Z" })),
            ("timestamp", json!({ "timestamp": "tomorrow" })),
            ("timestamp", json!({ "timestamp": 1_700_000_000 })),
            ("originalTimestamp", json!({ "originalTimestamp": "tomorrow" })),
            ("properties", json!({ "properties": "x" })),
            ("properties.text", json!({ "properties": { "text": "a\u{0}b" } })),
            ("properties.text", json!({ "properties": { "text": long } })),
            ("properties.in.in.in.in.in.in.in.in.in", json!({ "properties": deep })),
        ];
        for (field, wrong) in &cases {
            let answer = api.intake("/v1/track", &track(wrong)).await;
            answer.assert_refused(400, "INVALID");
            assert_eq!(answer.body["field"], *field, "{wrong}");
        }
        let answer = api.intake("/v1/identify", &json!({ "userId": "a", "traits": many })).await;
        answer.assert_refused(400, "INVALID");
        assert_eq!(answer.body["field"], "traits");
        let huge: Vec<String> = (0..10).map(|_| "x".repeat(4_000)).collect();
        let body = json!({ "userId": "a", "traits": { "list": huge } });
        api.intake("/v1/identify", &body).await.assert_refused(400, "INVALID");
        assert_eq!(api.waiting().await, 0);

        // The same in a batch: each by its index, and the good ones between them are kept.
        let mut batch = Vec::new();
        for (_, wrong) in &cases {
            batch.extend([track(wrong), track(&json!({}))]);
        }
        let answer = api.intake("/v1/batch", &json!({ "batch": batch })).await;
        assert_eq!(answer.status, 200, "{answer:#?}");
        assert_eq!(answer.body["accepted"], cases.len());
        let errors = answer.body["errors"].as_array().expect("a list");
        assert_eq!(errors.len(), cases.len());
        for (place, (error, (field, wrong))) in errors.iter().zip(&cases).enumerate() {
            assert_eq!(error["index"], place * 2, "{wrong}");
            assert_eq!(error["field"], *field, "{wrong}");
            assert_eq!(error["code"], "INVALID", "{wrong}");
        }
        assert_eq!(api.waiting().await, i64::try_from(cases.len()).unwrap());
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_its_place() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let cases = [
        ("", "expected JSON, found an empty body"),
        ("{\"userId\": \"a\",\n \"event\" \"e\"}", "line 2, column 10"),
        ("{\"userId\": \"a\", \"event\": \"e\", \"properties\": {\"n\": NaN}}", "`NaN`"),
        (
            "{\"userId\": \"a\", \"event\": \"e\", \"properties\": {\"n\": -Infinity}}",
            "`-Infinity`",
        ),
        ("{\"userId\": \"a\u{0}\"}", "line 1, column"),
        ("{\"userId\": 1e999}", "number out of range"),
        ("<html>", "line 1, column 1"),
    ];
    for (body, expected) in cases {
        for path in ["/v1/track", "/v1/batch"] {
            let answer = api.intake_raw(path, body).await;
            answer.assert_refused(400, "INVALID_JSON");
            let detail = answer.body["detail"].as_str().unwrap();
            assert!(detail.contains(expected), "{body}: {detail}");
        }
    }
    let braces =
        format!("{{\"userId\":\"a\",\"event\":\"e\",\"properties\":{}", "[".repeat(10_000));
    let answer = api.intake_raw("/v1/track", braces).await;
    answer.assert_refused(400, "INVALID_JSON");
    let bytes = b"{\"userId\": \"\xff\"}".to_vec();
    api.intake_raw("/v1/track", bytes).await.assert_refused(400, "INVALID_JSON");
    for body in ["[]", "\"a\"", "7", "null"] {
        api.intake_raw("/v1/track", body).await.assert_refused(400, "INVALID");
    }
    for body in ["{}", "{\"batch\": {}}", "{\"batch\": null}"] {
        let answer = api.intake_raw("/v1/batch", body).await;
        answer.assert_refused(400, "INVALID");
        assert_eq!(answer.body["field"], "batch");
    }
    assert_eq!(api.waiting().await, 0);
    api.stop().await;
}

#[tokio::test]
async fn what_is_too_large_names_the_limit() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let text = "x".repeat(5 * MIB);
    for (path, limit) in
        [("/v1/track", MIB), ("/v1/i", MIB), ("/v1/batch", 4 * MIB), ("/v1/b", 4 * MIB)]
    {
        let answer = api.intake(path, &json!({ "userId": "a", "event": text })).await;
        answer.assert_refused(413, "TOO_LARGE");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(&limit.to_string()), "{detail}");
    }
    let calls: Vec<Value> = (0..1_001).map(|_| track(&json!({}))).collect();
    let answer = api.intake("/v1/batch", &json!({ "batch": calls })).await;
    answer.assert_refused(413, "TOO_LARGE");
    assert_eq!(answer.body["field"], "batch");
    assert!(answer.body["detail"].as_str().unwrap().contains("at most 1000 calls"));
    let answer = api.intake("/v1/batch", &json!({ "batch": calls[..1_000] })).await;
    assert_eq!((answer.status.as_u16(), &answer.body["accepted"]), (200, &json!(1_000)));
    assert_eq!(api.waiting().await, 1_000);

    let query = "x".repeat(4 * MIB + 1);
    for (role, status) in [(Role::Viewer, 413), (Role::Editor, 200)] {
        let sent = api.post("/graphql").bearer_auth(api.key(role));
        let answer = Answer::of(sent.json(&json!({ "query": query })).send().await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{:#?}", answer.body);
    }
    api.stop().await;
}

#[tokio::test]
async fn calls_of_other_kinds_say_that_they_are_not_supported() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let kinds = ["page", "screen", "group", "alias"];
    for kind in kinds {
        for path in [format!("/v1/{kind}"), format!("/v1/{}", &kind[..1])] {
            let answer = api.intake(&path, &json!({ "userId": "a", "groupId": "g" })).await;
            answer.assert_refused(400, "NOT_SUPPORTED");
            assert!(answer.body["message"].as_str().unwrap().contains(kind));
        }
    }
    let calls: Vec<Value> =
        kinds.iter().map(|kind| json!({ "type": kind, "userId": "a" })).collect();
    let answer = api.intake("/v1/batch", &json!({ "batch": calls })).await;
    assert_eq!(answer.status, 200);
    let codes: Vec<&Value> =
        answer.body["errors"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["NOT_SUPPORTED"; 4]);
    assert_eq!(answer.body["accepted"], 0);
    let wrong =
        json!({ "batch": ["x", null, { "userId": "a" }, { "type": "Track", "userId": "a" }] });
    let answer = api.intake("/v1/batch", &wrong).await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 4, "{answer:#?}");
    api.stop().await;
}

#[tokio::test]
async fn encodings_that_are_not_known_are_named() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let sent = api
        .post("/v1/track")
        .bearer_auth(api.key(Role::Track))
        .header("content-encoding", "br")
        .body("x")
        .send();
    let answer = Answer::of(sent.await.unwrap()).await;
    answer.assert_refused(415, "UNSUPPORTED_ENCODING");
    assert!(answer.body["detail"].as_str().unwrap().contains("`br`"));
    let sent = api
        .post("/v1/track")
        .bearer_auth(api.key(Role::Track))
        .header("content-encoding", "gzip")
        .body("not packed")
        .send();
    Answer::of(sent.await.unwrap()).await.assert_refused(400, "INVALID");
    api.stop().await;
}

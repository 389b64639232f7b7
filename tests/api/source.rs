//! Checking and deploying over GraphQL, and the schema that is committed.

use domain::keys::Role;
use serde_json::{Value, json};
use tests::for_each_database;

use crate::Api;

const DEPLOY: &str = "mutation ($input: DeployInput!) { deploy(input: $input) {
    version changed campaignsNew campaignsChanged campaignsRemoved segments warnings { code }
} }";
const CHECK: &str = "mutation ($files: [FileInput!]!) { checkSource(files: $files) {
    ok diagnostics { code severity message help label
        span { path line column endLine endColumn } fix { title edits { text span { line column } } } }
} }";
const GOOD: &str = "segment \"Pro\" = customer.plan == \"pro\"\n\
    campaign \"Trial\" {\n  on event \"signed_up\"\n  wait 1 day\n}\n";
const BAD: &str = "segment \"Pro\" = customer.plan = \"pro\"\n\
    campaign \"Trial\" {\n  on event \"signed_up\"\n  send email \"none\"\n}\n";

fn files(text: &str) -> Value {
    json!([{ "path": "a.journey", "text": text }])
}

#[tokio::test]
async fn a_deploy_takes_all_or_nothing() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        let done = api.ask(DEPLOY, json!({ "input": { "files": files(GOOD) } })).await;
        assert_eq!(
            done["deploy"],
            json!({
                "version": 1, "changed": true, "campaignsNew": ["Trial"], "campaignsChanged": [],
                "campaignsRemoved": [], "segments": ["Pro"], "warnings": [],
            })
        );
        let again = api.ask(DEPLOY, json!({ "input": { "files": files(GOOD) } })).await;
        assert_eq!(again["deploy"]["changed"], false);

        let error = api.refused(DEPLOY, json!({ "input": { "files": files(BAD) } })).await;
        assert_eq!(error["extensions"]["code"], "INVALID_SOURCE", "{error:#}");
        let listed = error["extensions"]["diagnostics"].as_array().unwrap();
        assert_eq!(codes(listed), ["J0105", "J0302"]);
        assert_eq!(listed[0]["span"]["path"], "a.journey");
        assert_eq!(listed[0]["span"]["line"], 1);
        assert_eq!(listed[1]["span"]["line"], 4);
        assert_eq!(listed[0]["severity"], "ERROR");
        assert!(listed[0]["fix"]["edits"][0]["text"].as_str().unwrap().contains("=="));

        // A check says the same, and both change nothing.
        let checked = api.ask(CHECK, json!({ "files": files(BAD) })).await["checkSource"].take();
        assert_eq!(checked["ok"], false);
        let found = checked["diagnostics"].as_array().unwrap();
        assert_eq!(codes(found), ["J0105", "J0302"]);
        assert_eq!(found[0]["span"], listed[0]["span"]);
        assert_eq!(found[0]["fix"]["title"], listed[0]["fix"]["title"]);
        let kept =
            api.ask("{ workspace { version } segments { nodes { source } } }", json!({})).await;
        assert_eq!(kept["workspace"]["version"], 1);
        assert!(kept["segments"]["nodes"][0]["source"].as_str().unwrap().contains("=="));
        let fine = api.ask(CHECK, json!({ "files": files(GOOD) })).await;
        assert_eq!(fine["checkSource"]["ok"], true, "{fine:#}");
        api.stop().await;
    })
    .await;
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn bad_deploys_are_refused_with_their_field() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let twice = json!([{ "path": "a.journey", "text": "" }, { "path": "a.journey", "text": "" }]);
    let cases = [
        (json!({ "files": twice }), "INVALID", "files"),
        (json!({ "files": files("a\u{0}") }), "INVALID", "files"),
        (json!({ "files": [], "source": "" }), "INVALID", "source"),
        (json!({ "files": [], "source": "x".repeat(151) }), "INVALID", "source"),
    ];
    for (input, code, field) in cases {
        let error = api.refused(DEPLOY, json!({ "input": input })).await;
        assert_eq!(error["extensions"]["code"], code, "{error:#}");
        assert_eq!(error["extensions"]["field"], field, "{error:#}");
    }
    let braces = files(&"{".repeat(10_000));
    let error = api.refused(DEPLOY, json!({ "input": { "files": braces } })).await;
    assert_eq!(error["extensions"]["code"], "INVALID_SOURCE");
    // A file belongs to one source.
    api.ask(DEPLOY, json!({ "input": { "files": files(GOOD), "source": "one" } })).await;
    let error =
        api.refused(DEPLOY, json!({ "input": { "files": files(GOOD), "source": "two" } })).await;
    assert_eq!(error["extensions"]["code"], "CONFLICT");
    api.stop().await;
}

#[tokio::test]
async fn the_schema_that_is_committed_is_the_one_that_is_served() {
    let path = tests::process::repository().join("api/schema.graphql");
    let current = api::schema_sdl();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "api/schema.graphql is stale; run the test with UPDATE=1");

    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let query = "{ __schema { types { name } } }";
    for role in Role::ALL {
        let answer = api.ask_as(api.key(role), query, json!({})).await;
        let types = answer["data"]["__schema"]["types"].as_array().unwrap();
        assert!(types.iter().any(|it| it["name"] == "Person"), "{role:?}");
    }
    let refused = api.ask_as("wrong", query, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(refused.get("data"), None);
    api.stop().await;
}

//! Who may do what: every field and every route, with every role, with the key of another workspace
//! and with none.

use domain::keys::Role;
use serde_json::{Value, json};
use tests::for_each_database;

use crate::graphql::{ONBOARDING, welcome};
use crate::{Answer, Api};

/// Who may ask for a field.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Right {
    Read,
    Edit,
    Track,
}

impl Right {
    fn is_of(self, role: Role) -> bool {
        match self {
            Self::Read => matches!(role, Role::Viewer | Role::Editor | Role::Admin),
            Self::Edit => matches!(role, Role::Editor | Role::Admin),
            Self::Track => matches!(role, Role::Track | Role::Editor | Role::Admin),
        }
    }
}

const PERSON: &str =
    "id identifiers { value } attributes segments { name source members { nodes { id } } }
    journeys { nodes { id campaign { name source } person { id } history { step deciding } } }
    deliveries { nodes { id message mail { subject to } } }";

/// Every field that can be asked, with what the caller needs. `$ada` and so on stand for ids.
fn fields() -> Vec<(&'static str, Right, String)> {
    let read = |name, query: &str| (name, Right::Read, format!("{{ {query} }}"));
    let change = |name, right, query: &str| (name, right, format!("mutation {{ {query} }}"));
    vec![
        read("workspace", "workspace { name version now }"),
        read("people", &format!("people {{ nodes {{ {PERSON} }} }}")),
        read("people", &format!("people(segment: \"$segment\") {{ nodes {{ {PERSON} }} }}")),
        read("people", &format!("people(search: \"ada\") {{ nodes {{ {PERSON} }} }}")),
        read("person", &format!("person(id: \"$person\") {{ {PERSON} }}")),
        read("person", &format!("person(identifier: {{ kind: ID, value: \"ada\" }}) {{ {PERSON} }}")),
        read("segments", "segments { nodes { id name source members { nodes { id } } } }"),
        read("segment", "segment(id: \"$segment\") { name source count members { nodes { attributes } } }"),
        read("campaigns", "campaigns { nodes { id name source graph peopleInside stepCounts { step } } }"),
        read("campaign", "campaign(id: \"$campaign\") { name description source graph(format: MERMAID) }"),
        read("journey", "journey(id: \"$journey\") { id place { title } person { id } variables history { step } }"),
        read("journeys", "journeys { nodes { id campaign { name } person { id } variables } }"),
        read("journeys", "journeys(person: \"$person\", campaign: \"$campaign\") { nodes { id } }"),
        read("deliveries", "deliveries { nodes { id message person { id } } }"),
        read("deliveries", "deliveries(person: \"$person\") { nodes { id message } }"),
        read("deliveries", "deliveries(campaign: \"$campaign\", state: SENT) { nodes { id message } }"),
        read("delivery", "delivery(id: \"$delivery\") { message campaign { name } mail { html } }"),
        read("inbox", "inbox { nodes { id to subject html delivery { id } person { id } } }"),
        read("node", "node(id: \"$person\") { id ... on Person { attributes } }"),
        read("node", "node(id: \"$segment\") { id ... on Segment { source } }"),
        read("node", "node(id: \"$campaign\") { id ... on Campaign { source } }"),
        read("node", "node(id: \"$journey\") { id ... on Journey { since } }"),
        read("node", "node(id: \"$delivery\") { id ... on Delivery { message } }"),
        read("node", "node(id: \"$mail\") { id ... on Mail { subject } }"),
        change("identifyPeople", Right::Track, "identifyPeople(input: { people: [
            { identifiers: [{ kind: ID, value: \"eve\" }], attributes: { plan: \"x\" } }] }) { accepted }"),
        change("trackEvents", Right::Track, "trackEvents(input: { events: [
            { identifiers: [{ kind: ID, value: \"eve\" }], name: \"signed_up\" }] }) { accepted }"),
        change("checkSource", Right::Edit, "checkSource(files: []) { ok diagnostics { message } }"),
        change("deploy", Right::Edit,
            "deploy(input: { source: \"another\", files: [] }) { version campaignsRemoved segments }"),
    ]
}

struct Ids(Vec<(&'static str, String)>);

impl Ids {
    async fn of(api: &Api) -> Self {
        let found = api.ask("{ people(search: \"ada\") { nodes { id segments { id }
            journeys { nodes { id campaign { id } } } deliveries { nodes { id mail { id } } } } } }",
            json!({})).await;
        let person = &found["people"]["nodes"][0];
        let (journey, delivery) =
            (&person["journeys"]["nodes"][0], &person["deliveries"]["nodes"][0]);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{found:#}")).to_owned();
        Self(vec![
            ("$person", text(&person["id"])),
            ("$segment", text(&person["segments"][0]["id"])),
            ("$journey", text(&journey["id"])),
            ("$campaign", text(&journey["campaign"]["id"])),
            ("$delivery", text(&delivery["id"])),
            ("$mail", text(&delivery["mail"]["id"])),
        ])
    }

    fn put_into(&self, query: &str) -> String {
        self.0.iter().fold(query.to_owned(), |query, (name, id)| query.replace(name, id))
    }
}

#[tokio::test]
async fn every_field_is_guarded() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        api.deploy(ONBOARDING).await;
        welcome(&api, &["ada"]).await;
        let ids = Ids::of(&api).await;
        let schema = api
            .ask(
                "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }",
                json!({}),
            )
            .await;
        let mut listed: Vec<&str> = ["queryType", "mutationType"]
            .iter()
            .flat_map(|kind| schema["__schema"][kind]["fields"].as_array().unwrap())
            .map(|field| field["name"].as_str().unwrap())
            .collect();
        let mut tried: Vec<&str> = fields().iter().map(|(name, _, _)| *name).collect();
        listed.sort_unstable();
        tried.dedup();
        tried.sort_unstable();
        assert_eq!(tried, listed, "every field has its case");

        for (name, right, query) in fields() {
            let query = ids.put_into(&query);
            for role in Role::ALL {
                let answer = api.ask_as(api.key(role), &query, json!({})).await;
                if right.is_of(role) {
                    assert_eq!(answer.get("errors"), None, "{name} as {role:?}: {answer:#}");
                } else {
                    let error = &answer["errors"][0];
                    assert_eq!(
                        error["extensions"]["code"], "FORBIDDEN",
                        "{name} as {role:?}: {answer:#}"
                    );
                    assert!(
                        answer["data"].is_null() || answer["data"][name].is_null(),
                        "{answer:#}"
                    );
                }
            }
            for key in ["wrong", ""] {
                let answer = api.ask_as(key, &query, json!({})).await;
                assert_eq!(answer["code"], "UNAUTHENTICATED", "{name}: {answer:#}");
                assert_eq!(answer.get("data"), None);
            }
        }
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_of_another_workspace_sees_and_changes_nothing_of_this_one() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        api.deploy(ONBOARDING).await;
        welcome(&api, &["ada"]).await;
        let ids = Ids::of(&api).await;
        let secrets: Vec<String> = ["acme.test", "Onboarding", "Trial", "welcome", "signed_up"]
            .into_iter()
            .map(str::to_owned)
            .chain(ids.0.iter().map(|(_, id)| id.clone()))
            .collect();
        let leaked = |text: &str| secrets.iter().find(|it| text.contains(*it)).cloned();
        for (name, right, query) in fields().into_iter().filter(|it| it.1 == Right::Read) {
            let query = ids.put_into(&query);
            let own = api.ask_as(api.key(Role::Admin), &query, json!({})).await.to_string();
            if name != "workspace" {
                assert!(leaked(&own).is_some(), "the owner sees nothing: {query}: {own}");
            }
            for role in Role::ALL {
                let answer = api.ask_as(&api.foreign[&role], &query, json!({})).await;
                let text = answer["data"].to_string();
                assert_eq!(leaked(&text), None, "{right:?} {role:?} {query}: {text}");
            }
        }

        let before = everything(&api).await;
        let other = &api.foreign[&Role::Admin];
        for (_, _, query) in fields().into_iter().filter(|it| it.1 != Right::Read) {
            let query = query.replace("\"eve\"", "\"ada\"").replace("another", "default");
            let answer = api.ask_as(other, &query, json!({})).await;
            assert_eq!(answer.get("errors"), None, "{answer:#}");
        }
        let call = json!({ "userId": "ada", "traits": { "plan": "stolen" } });
        let sent = api.post("/v1/identify").bearer_auth(&api.foreign[&Role::Track]).json(&call);
        assert_eq!(Answer::of(sent.send().await.unwrap()).await.status, 200);
        api.settle().await;
        assert_eq!(everything(&api).await, before);
        api.stop().await;
    })
    .await;
}

async fn everything(api: &Api) -> Value {
    let query = format!(
        "{{ workspace {{ version }} people {{ nodes {{ {PERSON} }} }} campaigns {{ nodes {{ source state }} }} }}"
    );
    api.ask(&query, json!({})).await
}

#[tokio::test]
async fn every_route_that_takes_activity_looks_at_the_key() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let body = json!({ "userId": "a", "event": "e", "batch": [] });
    let supported = ["identify", "i", "track", "t", "batch", "b", "import"];
    let others = ["page", "p", "screen", "s", "group", "g", "alias", "a"];
    for path in supported.iter().chain(&others) {
        let post = || api.post(&format!("/v1/{path}")).json(&body);
        let answer = Answer::of(post().send().await.unwrap()).await;
        answer.assert_refused(401, "UNAUTHENTICATED");
        for key in ["wrong", &format!("{}x", api.key(Role::Admin))] {
            let answer = Answer::of(post().bearer_auth(key).send().await.unwrap()).await;
            answer.assert_refused(401, "UNAUTHENTICATED");
        }
        for role in Role::ALL {
            let answer = Answer::of(post().bearer_auth(api.key(role)).send().await.unwrap()).await;
            if !Right::Track.is_of(role) {
                answer.assert_refused(403, "FORBIDDEN");
                let detail = answer.body["detail"].as_str().unwrap();
                assert!(detail.contains("`track`") && detail.contains("`viewer`"), "{detail}");
            } else if supported.contains(path) {
                assert_eq!(answer.status, 200, "{path} as {role:?}: {answer:#?}");
            } else {
                answer.assert_refused(400, "NOT_SUPPORTED");
            }
        }
    }
    api.stop().await;
}

#[tokio::test]
async fn a_revoked_key_is_refused() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        let (key, secret) =
            domain::keys::create(&api.store, api.w, Role::Track, "short").await.unwrap();
        domain::keys::revoke(&api.store, api.w, key.id).await.unwrap();
        let sent =
            api.post("/v1/track").bearer_auth(secret).json(&json!({ "userId": "a", "event": "e" }));
        Answer::of(sent.send().await.unwrap()).await.assert_refused(401, "UNAUTHENTICATED");
        api.stop().await;
    })
    .await;
}

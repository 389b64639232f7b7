//! GraphQL as frontends ask it: nouns, connections, limits, and the pages of the console.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::for_each_database;

use crate::Api;

pub(crate) const ONBOARDING: &str = r#"
## People who try it.
segment "Trial" = customer.plan == "trial"

email "welcome" {
  from: "Ada at Acme <ada@acme.test>"
  subject: "Welcome"
  body: text """
    Hello.
    """
}

## From the sign-up on.
campaign "Onboarding" {
  on event "signed_up"
  enter every time

  send email "welcome"
  rest: wait 30 days
}
"#;

/// These people sign up, and their mails arrive.
pub(crate) async fn welcome(api: &Api, people: &[&str]) {
    let mut calls = Vec::new();
    for person in people {
        calls.push(json!({ "type": "identify", "userId": person,
            "traits": { "plan": "trial", "email": format!("{person}@acme.test") } }));
        calls.push(json!({ "type": "track", "userId": person, "event": "signed_up" }));
    }
    let answer = api.intake("/v1/batch", &json!({ "batch": calls })).await;
    assert_eq!(answer.body["accepted"], calls.len(), "{answer:#?}");
    api.settle().await;
    api.deliver().await;
}

pub(crate) fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("p{n:03}")).collect()
}

#[tokio::test]
async fn a_person_is_read_with_everything_that_hangs_on_it() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        api.deploy(ONBOARDING).await;
        welcome(&api, &["ada"]).await;
        let query = "{ person(identifier: { kind: EMAIL, value: \"Ada@Acme.test\" }) {
            identifiers { kind value } attributes stale segments { name description file }
            journeys { nodes { state place { id title due } variables campaign { name version description }
                history { ordinal step title outcome at } } }
            deliveries { nodes { channel message state attempts reason campaign { name }
                mail { from to subject html text } } } } }";
        let person = api.ask(query, json!({})).await["person"].take();
        assert_eq!(person["attributes"]["plan"], "trial");
        assert_eq!(person["segments"], json!([
            { "name": "Trial", "description": "People who try it.", "file": "a.journey" }]));
        let journey = &person["journeys"]["nodes"][0];
        assert_eq!(journey["state"], "ACTIVE");
        assert_eq!(journey["place"]["title"], "wait 30 days");
        assert_eq!(journey["place"]["id"], "rest");
        assert!(journey["place"]["due"].is_string());
        assert_eq!(journey["campaign"], json!({
            "name": "Onboarding", "version": 1, "description": "From the sign-up on." }));
        let outcomes: Vec<&str> = journey["history"].as_array().unwrap().iter()
            .map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["entered", "sent", "waiting"]);
        assert_eq!(journey["history"][1]["title"], "send email \"welcome\"");
        assert_eq!(journey["history"][0]["step"], Value::Null);
        let delivery = &person["deliveries"]["nodes"][0];
        assert_eq!(delivery["state"], "SENT");
        assert_eq!(delivery["mail"], json!({ "from": "Ada <ada@acme.test>", "to": "ada@acme.test",
            "subject": "Welcome", "html": "<p>Hello</p>", "text": null }));

        let campaigns = api.ask("{ campaigns { nodes { state peopleInside stepCounts { step count }
            svg: graph mermaid: graph(format: MERMAID) json: graph(format: JSON) } } }", json!({})).await;
        let campaign = &campaigns["campaigns"]["nodes"][0];
        assert_eq!((&campaign["state"], &campaign["peopleInside"]), (&json!("ACTIVE"), &json!(1)));
        assert_eq!(campaign["stepCounts"], json!([{ "step": "rest", "count": 1 }]));
        assert!(campaign["svg"].as_str().unwrap().starts_with("<svg"));
        assert!(campaign["mermaid"].as_str().unwrap().starts_with("flowchart"));
        let graph: Value = serde_json::from_str(campaign["json"].as_str().unwrap()).unwrap();
        assert_eq!(graph["campaign"], "Onboarding");

        let segments = api.ask("{ segments { nodes { count countIsExact members { nodes {
            identifiers { value } } } } } }", json!({})).await;
        let segment = &segments["segments"]["nodes"][0];
        assert_eq!((&segment["count"], &segment["countIsExact"]), (&json!(1), &json!(true)));
        assert_eq!(segment["members"]["nodes"][0]["identifiers"][0]["value"], "ada");

        // A campaign that is gone lets nobody in; those inside are still seen.
        api.deploy("").await;
        let drained = api.ask("{ campaigns { nodes { state peopleInside graph description } } }", json!({})).await;
        let campaign = &drained["campaigns"]["nodes"][0];
        assert_eq!((&campaign["state"], &campaign["peopleInside"]), (&json!("DRAINING"), &json!(1)));
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn pages_list_everything_once_and_in_order() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        let segments: String =
            (0..6).map(|n| format!("segment \"S{n}\" = customer.plan == \"trial\"\n")).collect();
        let campaigns: String = (0..6)
            .map(|n| format!("campaign \"C{n}\" {{ on event \"signed_up\"\n enter every time\n wait 1 day }}\n"))
            .collect();
        api.deploy(&format!("{segments}{ONBOARDING}{campaigns}")).await;
        let people = names(7);
        welcome(&api, &people.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let again: Vec<Value> = (0..6).map(|n| json!({ "type": "track", "userId": "p003",
            "event": "signed_up", "messageId": format!("m{n}") })).collect();
        api.intake("/v1/batch", &json!({ "batch": again })).await;
        api.settle().await;
        api.deliver().await;

        let found = api.ask("{ segments { nodes { id name } } people(search: \"p003\") { nodes { id } } }", json!({})).await;
        let segment = found["segments"]["nodes"][0]["id"].as_str().unwrap();
        let person = found["people"]["nodes"][0]["id"].as_str().unwrap();
        assert_eq!(walk(&api, "people", "id").await, 7);
        assert_eq!(walk(&api, "people(search: \"p00\", ARGS)", "id").await, 7);
        assert_eq!(walk(&api, &format!("people(segment: \"{segment}\", ARGS)"), "id").await, 7);
        assert_eq!(walk(&api, "segments", "id").await, 7);
        assert_eq!(walk(&api, "campaigns", "id").await, 7);
        assert_eq!(walk(&api, "deliveries", "id").await, 13);
        assert_eq!(walk(&api, &format!("deliveries(person: \"{person}\", ARGS)"), "id").await, 7);
        assert_eq!(walk(&api, "inbox", "id").await, 13);
        let nested = |list: &str| format!("person(id: \"{person}\") {{ {list}");
        assert_eq!(walk(&api, &nested("journeys(ARGS)"), "id").await, 49);
        assert_eq!(walk(&api, &nested("deliveries(ARGS)"), "id").await, 7);
        assert_eq!(walk(&api, &format!("segment(id: \"{segment}\") {{ members(ARGS)"), "id").await, 7);
        api.stop().await;
    })
    .await;
}

/// Walks a list three rows at a time; answers how many rows there are, all different and the same
/// as in one page.
async fn walk(api: &Api, list: &str, fields: &str) -> usize {
    let list = if list.contains("ARGS") { list.to_owned() } else { format!("{list}(ARGS)") };
    let nested = list.contains('{');
    let closing = if nested { "}" } else { "" };
    let page = async |args: &str| {
        let query = format!(
            "{{ {} {{ edges {{ cursor node {{ {fields} }} }} pageInfo {{ hasNextPage endCursor }} }} {closing} }}",
            list.replace("ARGS", args)
        );
        let data = api.ask(&query, json!({})).await;
        let outer = data.as_object().unwrap().values().next().unwrap().clone();
        if nested { outer.as_object().unwrap().values().next().unwrap().clone() } else { outer }
    };
    let whole = page("first: 200").await;
    assert_eq!(whole["pageInfo"]["hasNextPage"], false);
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let part = page(&format!("first: 3{after}")).await;
        let edges = part["edges"].as_array().unwrap();
        assert!(edges.len() <= 3);
        rows.extend(edges.iter().map(|edge| edge["node"].clone()));
        if part["pageInfo"]["hasNextPage"] == false {
            break;
        }
        assert_eq!(edges.len(), 3, "{list}: a page in the middle is full");
        assert_eq!(part["pageInfo"]["endCursor"], edges[2]["cursor"]);
        after = format!(", after: {}", part["pageInfo"]["endCursor"]);
    }
    let all: Vec<Value> =
        whole["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect();
    assert_eq!(rows, all, "{list}");
    let different: BTreeSet<String> = rows.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), rows.len(), "{list}");
    rows.len()
}

#[tokio::test]
async fn a_search_lists_a_person_of_two_names_once() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        for (id, email) in [
            ("ann", "ann@acme.test"),
            ("bea", "anna@acme.test"),
            ("Anton", "x@acme.test"),
            ("zoe", "zoe@acme.test"),
        ] {
            api.intake("/v1/identify", &json!({ "userId": id, "traits": { "email": email } }))
                .await;
        }
        api.settle().await;
        let found = |text: &'static str| {
            let api = &api;
            async move {
                let query = "query ($of: String!) { people(search: $of) { nodes { attributes } } }";
                let people = api.ask(query, json!({ "of": text })).await["people"]["nodes"].take();
                let people = people.as_array().unwrap().iter();
                people
                    .map(|it| it["attributes"]["id"].as_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            }
        };
        assert_eq!(found("ann").await, ["ann", "bea"]);
        assert_eq!(found("ANN").await, ["ann", "bea"], "addresses have no case");
        assert_eq!(found("Ant").await, ["Anton"]);
        assert_eq!(found("zoe@").await, ["zoe"]);
        assert!(found("nobody").await.is_empty());
        assert!(found("%").await.is_empty());
        assert_eq!(found(" ").await.len(), 4, "nothing to search for is everybody");
        api.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_too_far_names_the_limit() {
    let database = tests::Database::sqlite();
    let api = Api::start(&database.url).await;
    let wide = format!(
        "{{ people(first: 200) {{ nodes {{ {} }} }} }}",
        (0..10)
            .map(|n| format!("a{n}: journeys(first: 200) {{ nodes {{ id }} }} "))
            .collect::<String>()
    );
    let down = |levels: usize| {
        let open = "person { journeys(first: 1) { nodes { ".repeat(levels);
        format!("{{ journey(id: \"x\") {{ {open} id {} }} }}", "} } } ".repeat(levels))
    };
    let (deep, deeper) = (down(8), down(40));
    let cases = [
        ("{ people(first: 201) { nodes { id } } }", "LIMIT_REACHED", "200", "first"),
        ("{ inbox(first: 1000000) { nodes { id } } }", "LIMIT_REACHED", "200", "first"),
        ("{ people(first: -1) { nodes { id } } }", "INVALID", "-1", "first"),
        ("{ people(after: \"x\") { nodes { id } } }", "INVALID", "`x`", "after"),
        ("{ person { id } }", "INVALID", "found none", "id"),
        ("{ person(id: \"nonsense\") { id } }", "INVALID", "`nonsense`", "id"),
        ("{ people(search: \"a\", segment: \"b\") { nodes { id } } }", "INVALID", "both", "search"),
        (wide.as_str(), "LIMIT_REACHED", "100000", ""),
        (deep.as_str(), "LIMIT_REACHED", "20 fields", ""),
        (deeper.as_str(), "LIMIT_REACHED", "20 fields", ""),
        ("{ nothing }", "INVALID_QUERY", "nothing", ""),
        ("{ people { ", "INVALID_QUERY", "", ""),
        ("", "INVALID_QUERY", "", ""),
        ("{ workspace { name(x: 1) } }", "INVALID_QUERY", "name", ""),
    ];
    for (query, code, part, field) in cases {
        let error = api.refused(query, json!({})).await;
        assert_eq!(error["extensions"]["code"], code, "{query}: {error:#}");
        assert!(error["message"].as_str().unwrap().contains(part), "{query}: {error:#}");
        assert_eq!(error["extensions"]["field"].as_str().unwrap_or_default(), field, "{query}");
    }
    for body in ["[]", "7", "{\"query\": 1}", "[{\"query\": \"{ workspace { name } }\"}]"] {
        let sent = api.post("/graphql").bearer_auth(api.key(domain::keys::Role::Admin)).body(body);
        let answer: Value = sent.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["code"], "INVALID_QUERY", "{body}: {answer:#}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_QUERY");
    }
    api.deploy(ONBOARDING).await;
    let id =
        api.ask("{ campaigns { nodes { id } } }", json!({})).await["campaigns"]["nodes"][0]["id"]
            .take();
    let error =
        api.refused("query ($id: ID!) { segment(id: $id) { name } }", json!({ "id": id })).await;
    assert_eq!(error["message"], "expected the id of a segment, found that of a campaign");
    api.stop().await;
}

#[tokio::test]
async fn activity_comes_in_by_mutations_too() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        api.deploy(ONBOARDING).await;
        let identify = "mutation ($input: IdentifyPeopleInput!) { identifyPeople(input: $input) {
            accepted repeated errors { index code message field } } }";
        let track = "mutation ($input: TrackEventsInput!) { trackEvents(input: $input) {
            accepted repeated errors { index code message field } } }";
        let ada = json!([{ "kind": "ID", "value": "ada" }, { "kind": "EMAIL", "value": "ada@acme.test" }]);
        let people = json!({ "idempotencyKey": "k", "people": [
            { "identifiers": ada, "attributes": { "plan": "trial" } },
            { "identifiers": [] },
            { "identifiers": ada, "attributes": { "x": "a\u{0}" } },
            { "identifiers": ada, "timestamp": "9999-01-01T00:00:00Z" },
            { "identifiers": [{ "kind": "EMAIL", "value": " " }] },
        ]});
        let done = api.ask(identify, json!({ "input": people })).await["identifyPeople"].take();
        assert_eq!((&done["accepted"], &done["repeated"]), (&json!(1), &json!(0)), "{done:#}");
        let at: Vec<_> = done["errors"].as_array().unwrap().iter()
            .map(|it| (it["index"].as_u64().unwrap(), it["field"].as_str().unwrap())).collect();
        assert_eq!(at, [(1, "identifiers"), (2, "attributes.x"), (3, "timestamp"), (4, "identifiers")]);
        let again = api.ask(identify, json!({ "input": people })).await["identifyPeople"].take();
        assert_eq!((&again["accepted"], &again["repeated"]), (&json!(0), &json!(1)));

        let events = json!({ "events": [
            { "identifiers": ada, "name": "signed_up", "messageId": "m", "data": { "n": 1 } },
            { "identifiers": ada, "name": "", "data": {} },
            { "identifiers": ada, "name": "signed_up", "messageId": "m", "data": { "n": 1 } },
        ]});
        let done = api.ask(track, json!({ "input": events })).await["trackEvents"].take();
        assert_eq!((&done["accepted"], &done["repeated"]), (&json!(1), &json!(1)));
        assert_eq!(done["errors"][0]["field"], "name");
        api.settle().await;
        let journeys = api.ask("{ person(identifier: { kind: ID, value: \"ada\" }) {
            attributes journeys { nodes { campaign { name } } } } }", json!({})).await;
        assert_eq!(journeys["person"]["attributes"]["plan"], "trial");
        assert_eq!(journeys["person"]["journeys"]["nodes"].as_array().unwrap().len(), 1);

        let many: Vec<Value> = (0..1_001).map(|_| json!({ "identifiers": ada, "name": "e" })).collect();
        let error = api.refused(track, json!({ "input": { "events": many } })).await;
        assert_eq!(error["extensions"], json!({ "code": "LIMIT_REACHED", "field": "input.events" }));
        api.stop().await;
    })
    .await;
}

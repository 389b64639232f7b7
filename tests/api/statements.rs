//! However long a page is, it takes no statement per row: the pages of the console, and lists within
//! lists.

use serde_json::{Value, json};
use tests::for_each_database;

use crate::Api;
use crate::graphql::{ONBOARDING, names, welcome};

const FEW: usize = 3;
const MANY: usize = 50;
/// More than any page here needs; a list of people with everything is five levels deep.
const STATEMENTS_MAX: u64 = 16;

const NESTED: &str = "query ($first: Int) {
    people(first: $first) { nodes {
        identifiers { value } segments { name count members(first: 2) { nodes { identifiers { value } } } }
        deliveries(first: 2) { nodes { campaign { peopleInside } mail { subject } person { id } } }
    } }
}";

/// The queries of the console, by their names, as its source has them.
fn of_the_console() -> Vec<(String, String)> {
    let path = tests::process::repository().join("api/console/queries.js");
    let source = std::fs::read_to_string(path).expect("the console has its queries");
    let mut queries = Vec::new();
    for declaration in source.split("export const ").skip(1) {
        let (name, rest) = declaration.split_once(" = `").expect("a query in back-ticks");
        let (query, _) = rest.split_once('`').expect("a query in back-ticks");
        queries.push((name.to_owned(), query.to_owned()));
    }
    assert!(queries.len() > 5, "found {} queries", queries.len());
    queries
}

async fn statements(api: &Api, query: &str, first: usize) -> (u64, Value) {
    let before = api.store.statements();
    let data = api.ask(query, json!({ "first": first })).await;
    (api.store.statements() - before, data)
}

#[tokio::test]
async fn no_page_takes_a_statement_for_each_row() {
    for_each_database(async |url| {
        let api = Api::start(&url).await;
        api.deploy(ONBOARDING).await;
        let people = names(MANY);
        welcome(&api, &people.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut queries = of_the_console();
        queries.push(("NESTED".to_owned(), NESTED.to_owned()));
        for (name, query) in queries {
            // The first time the definitions are compiled, which asks for more.
            statements(&api, &query, FEW).await;
            let (few, short) = statements(&api, &query, FEW).await;
            let (many, long) = statements(&api, &query, MANY).await;
            assert!(few <= STATEMENTS_MAX, "{name}: {few}");
            // Rows that ask a moment later than others are looked up by a second statement, but
            // never each by its own.
            assert!(many <= 2 * few && many < MANY as u64, "{name}: {few}, {many}");
            if ["PEOPLE", "INBOX", "MAILS", "DELIVERIES", "NESTED"].contains(&name.as_str()) {
                assert!(long.to_string().len() > short.to_string().len() * 10, "{name}: {long:#}");
            }
        }
        api.stop().await;
    })
    .await;
}

//! What the database says in the end, read row by row.

use std::collections::{BTreeMap, BTreeSet};

use domain::Store;
use domain::store::Row;
use dsl::expr::Value;
use dsl::time::Instant;
use uuid::Uuid;

use crate::prediction::{Decision, Ids, Line, Story};

/// Everything that is accounted for.
#[derive(Debug)]
pub struct Ledger {
    /// People by the name the client gives them.
    pub people: BTreeMap<String, Uuid>,
    /// What became of each person.
    pub stories: BTreeMap<Uuid, Story>,
    /// Every event: person, name, data and when it was accepted.
    pub events: Vec<Event>,
    /// When an attribute `round` was written: by person and value.
    pub rounds: BTreeMap<(Uuid, u64), Vec<Instant>>,
    /// States of deliveries.
    pub states: BTreeMap<Uuid, String>,
    /// What the database calls the definitions.
    pub ids: Ids,
}

/// One row of the activity log.
#[derive(Debug)]
pub struct Event {
    pub person: Uuid,
    pub name: String,
    pub data: Value,
    pub accepted_at: Instant,
}

impl Ledger {
    /// Reads all of workspace `w`.
    pub async fn read(store: &Store, w: i64) -> Self {
        let mut ledger = Self {
            people: BTreeMap::new(),
            stories: BTreeMap::new(),
            events: Vec::new(),
            rounds: BTreeMap::new(),
            states: BTreeMap::new(),
            ids: ids(store, w).await,
        };
        ledger.people(store, w).await;
        ledger.journeys(store, w).await;
        ledger.deliveries(store, w).await;
        ledger.activity(store, w).await;
        for story in ledger.stories.values_mut() {
            story.entries.sort();
            story.changes.sort();
        }
        ledger
    }

    async fn people(&mut self, store: &Store, w: i64) {
        for row in
            rows(store, w, "SELECT value, p FROM identifier WHERE kind = 'id' AND w = $1").await
        {
            self.people.insert(text(&row, "value"), uuid(&row, "p"));
        }
        let seen: BTreeSet<Uuid> = self.people.values().copied().collect();
        assert_eq!(seen.len(), self.people.len(), "two names for one person");
        for row in rows(store, w, "SELECT p, attributes FROM person WHERE w = $1").await {
            self.story(&row).attributes = row.json("attributes").unwrap();
        }
        for row in rows(store, w, "SELECT p, segment, since FROM membership WHERE w = $1").await {
            let (segment, since) = (int(&row, "segment"), int(&row, "since"));
            self.story(&row).memberships.insert(segment, since);
        }
        for row in rows(store, w, "SELECT p, times FROM atoms WHERE w = $1").await {
            self.story(&row).atoms = row.json("times").unwrap();
        }
    }

    async fn journeys(&mut self, store: &Store, w: i64) {
        let sql = "SELECT p, campaign, at, run FROM entry WHERE w = $1";
        for row in rows(store, w, sql).await {
            let entry = (int(&row, "campaign"), int(&row, "at"), uuid(&row, "run"));
            self.story(&row).entries.push(entry);
        }
        let sql = "SELECT p, run, ordinal, campaign, version, step, outcome, deciding, at
            FROM history WHERE w = $1";
        for row in rows(store, w, sql).await {
            let key = (uuid(&row, "run"), int(&row, "ordinal"));
            let line = Line {
                campaign: int(&row, "campaign"),
                version: int(&row, "version"),
                step: text(&row, "step"),
                outcome: text(&row, "outcome"),
                deciding: row.json("deciding").unwrap(),
                at: int(&row, "at"),
            };
            let before = self.story(&row).history.insert(key, line);
            assert_eq!(before, None, "a step was taken twice: {key:?}");
        }
    }

    async fn deliveries(&mut self, store: &Store, w: i64) {
        let sql = "SELECT p, delivery, run, message, state, created_at FROM delivery WHERE w = $1";
        for row in rows(store, w, sql).await {
            let (id, state) = (uuid(&row, "delivery"), text(&row, "state"));
            let decision = Decision {
                run: uuid(&row, "run"),
                message: text(&row, "message"),
                is_ready: state != "skipped",
                at: int(&row, "created_at"),
            };
            let before = self.story(&row).deliveries.insert(id, decision);
            assert_eq!(before, None, "a delivery was made twice: {id}");
            self.states.insert(id, state);
        }
    }

    async fn activity(&mut self, store: &Store, w: i64) {
        let sql = "SELECT p, name, data, accepted_at FROM event WHERE w = $1";
        for row in rows(store, w, sql).await {
            self.events.push(Event {
                person: uuid(&row, "p"),
                name: text(&row, "name"),
                data: row.json("data").unwrap(),
                accepted_at: int(&row, "accepted_at"),
            });
        }
        let sql = "SELECT p, at, changes, run FROM change WHERE w = $1";
        for row in rows(store, w, sql).await {
            let (at, run) = (int(&row, "at"), row.get::<Option<Uuid>>("run").unwrap());
            for change in row.json::<Vec<Value>>("changes").unwrap() {
                let path = change["path"].as_str().expect("a path is text").to_owned();
                if path == "round" {
                    let round = change["to"].as_u64().expect("rounds are numbers");
                    self.rounds.entry((uuid(&row, "p"), round)).or_default().push(at);
                }
                self.story(&row).changes.push((at, path, change["to"].to_string(), run));
            }
        }
    }

    fn story(&mut self, row: &Row) -> &mut Story {
        self.stories.entry(uuid(row, "p")).or_default()
    }
}

async fn ids(store: &Store, w: i64) -> Ids {
    let workspace = domain::workspaces::by_id(store, w).await.unwrap();
    let campaigns = domain::campaigns::list(store, w, None, 100).await.unwrap();
    let segments = domain::segments::list(store, w, None, 100).await.unwrap();
    Ids {
        version: workspace.version,
        campaigns: campaigns.into_iter().map(|one| (one.name, (one.id, one.version))).collect(),
        segments: segments.into_iter().map(|one| (one.name, one.id)).collect(),
    }
}

async fn rows(store: &Store, w: i64, sql: &str) -> Vec<Row> {
    store.read().all(sql, vec![w.into()]).await.unwrap()
}

fn text(row: &Row, column: &str) -> String {
    row.text(column).unwrap()
}

fn int(row: &Row, column: &str) -> i64 {
    row.int(column).unwrap()
}

fn uuid(row: &Row, column: &str) -> Uuid {
    row.uuid(column).unwrap()
}

//! A workspace to test in, and the steps most tests take.

use domain::definitions::{self, File};
use domain::identifier::{Identifier, IdentifierKind};
use domain::intake::{Activity, ActivityKind, Intake, Taken};
use domain::store::{Opening, Store};
use domain::tick::Report;
use domain::{WorkspaceId, tick, workspaces};
use serde_json::Value;

/// A store with the schema, one workspace, and the door for activity.
pub struct Side {
    pub store: Store,
    pub intake: Intake,
    pub w: WorkspaceId,
}

impl Side {
    pub async fn new(url: &str) -> Self {
        let opening = Opening { url: url.to_owned(), engine: true };
        let store = Store::open(&opening).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        let w = workspaces::ensure(&store, workspaces::DEFAULT).await.expect("a workspace").id;
        Self { intake: Intake::new(&store), store, w }
    }

    pub async fn deploy(&self, text: &str) -> definitions::Deployed {
        let file = File { path: "test.journey".into(), text: text.into() };
        definitions::deploy(&self.store, self.w, "default", vec![file], None)
            .await
            .unwrap_or_else(|error| panic!("the source deploys: {error:?}"))
    }

    pub async fn take(&self, activities: Vec<Activity>) -> Vec<Taken> {
        self.intake.accept(self.w, activities).await.expect("intake answers")
    }

    /// Ticks until nothing is left to do now.
    pub async fn settle(&self) -> Report {
        let mut all = Report::default();
        loop {
            let report = tick::tick(&self.store, self.w, None).await.expect("a tick ends");
            all.people += report.people;
            all.inputs += report.inputs;
            all.steps += report.steps;
            all.deliveries += report.deliveries;
            all.ready += report.ready;
            all.quarantined += report.quarantined;
            if !report.more {
                return all;
            }
        }
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.store.read().number(sql, Vec::new()).await.expect("counts")
    }
}

pub fn identify(id: &str, patch: Value) -> Activity {
    let Value::Object(patch) = patch else { panic!("attributes are an object: {patch}") };
    activity(id, ActivityKind::Identify { patch })
}

pub fn track(id: &str, name: &str, data: Value) -> Activity {
    activity(id, ActivityKind::Event { name: name.to_owned(), data })
}

fn activity(id: &str, kind: ActivityKind) -> Activity {
    let identifiers = vec![Identifier::new(IdentifierKind::Id, id)];
    Activity { identifiers, message_id: None, kind, time: None }
}

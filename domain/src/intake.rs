//! Taking activity in: append only, group-committed, answered after the commit.
//!
//! Intake writes `identifier`, `seen_*` and `inbox` and nothing else; a tick moves people.

mod append;
mod check;
mod group;
pub(crate) mod people;
mod seen;

use std::sync::Arc;

use dsl::expr::{Object, Value};
use dsl::time::Instant;
use serde::{Deserialize, Serialize};

use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::identifier::Identifier;
use crate::store::Store;
pub use check::limits;

/// One piece of activity, as it came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Who it is about, the strongest name first; never empty.
    pub identifiers: Vec<Identifier>,
    /// The client's id of this message: taken once, however often it is sent.
    pub message_id: Option<String>,
    /// What it says.
    pub kind: ActivityKind,
    /// The client's own time; `None` is now. Never taken to lie in the future.
    pub time: Option<Instant>,
}

/// The kinds of activity that come from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActivityKind {
    /// Attributes to write; `null` removes, a dotted name is a path.
    Identify {
        /// What to write.
        patch: Object,
    },
    /// Something the person did.
    Event {
        /// Its name.
        name: String,
        /// Its data.
        data: Value,
    },
}

/// What became of one item.
#[derive(Debug)]
pub enum Taken {
    /// It is in the inbox.
    Accepted,
    /// Its message id was taken before, with the same content.
    Repeated,
    /// It was refused; nothing of it was kept.
    Refused(Error),
}

/// The door for activity; clones share one queue.
#[derive(Debug, Clone)]
pub struct Intake {
    group: Arc<group::Group>,
}

impl Intake {
    /// Opens the door. Its committers stop when the last clone is dropped.
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self { group: Arc::new(group::Group::start(store)) }
    }

    /// Takes items in, in order, and answers for each when all that were good are committed.
    ///
    /// Fails as a whole only where the database could not commit; then nothing was kept.
    pub async fn accept(
        &self,
        workspace: WorkspaceId,
        activities: Vec<Activity>,
    ) -> Result<Vec<Taken>> {
        let mut taken: Vec<Option<Taken>> = Vec::with_capacity(activities.len());
        let mut good = Vec::new();
        for activity in activities {
            match check::activity(&activity) {
                Ok(()) => {
                    taken.push(None);
                    good.push(append::Piece::new(workspace, activity)?);
                }
                Err(error) => taken.push(Some(Taken::Refused(error))),
            }
        }
        let committed = if good.is_empty() { Vec::new() } else { self.group.commit(good).await? };
        let mut committed = committed.into_iter();
        taken
            .into_iter()
            .map(|known| {
                known
                    .or_else(|| committed.next())
                    .ok_or_else(|| Error::internal("a piece was lost between check and commit"))
            })
            .collect()
    }

    /// Is woken after each commit that brought something in, with the lanes it went to.
    #[must_use]
    pub fn arrivals(&self) -> tokio::sync::broadcast::Receiver<Arrival> {
        self.group.arrivals()
    }
}

/// Something came in.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// For this workspace.
    pub workspace: WorkspaceId,
    /// In these lanes.
    pub lanes: Vec<i64>,
}

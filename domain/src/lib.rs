//! What Sojourn knows and may do. The only crate that speaks SQL: `api` and `worker` call functions
//! named after nouns, and every one of them takes the workspace.

pub mod campaigns;
pub mod clock;
pub mod counters;
pub mod definitions;
pub mod deliveries;
pub mod error;
pub mod identifier;
pub mod intake;
pub mod journeys;
pub mod keys;
pub mod notify;
pub mod pending;
pub mod people;
pub mod segments;
pub mod settings;
pub mod store;
pub mod tick;
pub mod workspaces;

pub use error::{Error, Result};
pub use identifier::{Identifier, IdentifierKind, PersonKey};
pub use store::Store;

/// Id of a workspace.
pub type WorkspaceId = i64;

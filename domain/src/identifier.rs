//! How people are named from outside, and where their rows lie.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::dialect::Kind;

/// The kinds of names a person can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// The id the product gives.
    Id,
    /// E-mail address; compared in lower case.
    Email,
    /// Given by a client before the person is known.
    AnonymousId,
}

impl IdentifierKind {
    /// The word kept in the database and shown by the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Email => "email",
            Self::AnonymousId => "anonymous_id",
        }
    }

    /// From the word kept in the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Id, Self::Email, Self::AnonymousId].into_iter().find(|kind| kind.word() == word)
    }
}

/// One name of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Which kind.
    pub kind: IdentifierKind,
    /// Its value, in the form it is compared in.
    pub value: String,
}

impl Identifier {
    /// A name in the form it is compared in.
    pub fn new(kind: IdentifierKind, value: &str) -> Self {
        let value = match kind {
            IdentifierKind::Email => value.trim().to_lowercase(),
            IdentifierKind::Id | IdentifierKind::AnonymousId => value.to_owned(),
        };
        Self { kind, value }
    }
}

/// Where a person's rows lie: what every clustered key begins with, after the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonKey {
    /// One of the 256 lanes.
    pub l: i64,
    /// The person.
    pub p: Uuid,
}

impl PersonKey {
    /// The columns of a set of keys in a statement.
    pub(crate) const COLUMNS: &'static [(&'static str, Kind)] =
        &[("l", Kind::Int), ("p", Kind::Uuid)];
}

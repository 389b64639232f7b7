//! What can go wrong, told apart by what the caller can do about it.

use dsl::diagnostic::Diagnostic;

/// Results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure. `Display` is fit for callers; causes inside are for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("{what} not found")]
    NotFound {
        /// What was asked for: "campaign `Trial`".
        what: String,
    },
    /// It contradicts something that stands already.
    #[error("{message}")]
    Conflict {
        /// What contradicts what.
        message: String,
    },
    /// A field has a value that cannot be taken.
    #[error("{message}")]
    Invalid {
        /// The field, as the caller wrote it: `batch[3].event`.
        field: String,
        /// What was expected and what was found.
        message: String,
    },
    /// Source text has errors; nothing was applied.
    #[error("the source has {} problem(s)", .diagnostics.len())]
    Source {
        /// All of them, warnings too.
        diagnostics: Vec<Diagnostic>,
        /// What they point into.
        sources: Vec<dsl::compile::Source>,
    },
    /// A limit was reached.
    #[error("{message}")]
    Limit {
        /// Which limit, and its value.
        message: String,
    },
    /// The database cannot serve now; the same call may succeed later.
    #[error("the database is not available right now")]
    Unavailable(#[source] sea_orm::DbErr),
    /// A failure that no caller can mend.
    #[error("internal error")]
    Internal(String),
}

impl Error {
    /// The stable code of the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Conflict { .. } => "CONFLICT",
            Self::Invalid { .. } => "INVALID",
            Self::Source { .. } => "INVALID_SOURCE",
            Self::Limit { .. } => "LIMIT_REACHED",
            Self::Unavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// A field that cannot be taken.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }

    /// Something that is not there.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// A failure that no caller can mend; the text goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Whether the database refused values, rather than being away.
    #[must_use]
    pub fn is_about_values(&self) -> bool {
        match self {
            Self::Unavailable(error) => crate::store::dialect::refuses_values(error),
            _ => false,
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Unavailable(error)
    }
}

//! Deliveries: one message to one person each, from the tick's decision to what became of it.

mod claim;
mod list;
mod record;

pub use claim::{Claimed, claim};
pub use list::{Content, Delivery, Filter, contents, find, list, of_people};
pub use record::{Finished, Mark, Result as Handed, record};

/// Where a delivery stands. It only moves up a rank, but for a hand-over that is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Ready to leave.
    Queued,
    /// Being handed over.
    Sending,
    /// Handed over.
    Sent,
    /// It could not be handed over; the reason says why.
    Failed,
    /// It was not to leave; the reason says why.
    Skipped,
    /// Nobody knows whether it was handed over: a process ended in the middle.
    Unknown,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Skipped, Self::Unknown];

    /// The word kept in the database and shown by the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }

    /// From the word kept in the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// What comes later ranks higher; what is final ranks highest.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Queued => 1,
            Self::Sending => 2,
            Self::Sent => 4,
            Self::Failed | Self::Skipped | Self::Unknown => 5,
        }
    }
}

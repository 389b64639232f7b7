//! Instants and lengths of time. An instant is a count of milliseconds since 1970-01-01T00:00:00Z.

mod calendar;
mod moment;

pub use calendar::{add, at_local, local, named_zone, rfc3339, show, subtract, zone_of};
pub use moment::{Date, Days, MomentLiteral, TimeOfDay, TimeWindow, Unit, Zone};

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch.
pub type Instant = i64;

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in an exact day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A length of time as the language writes it: calendar months, and an exact rest.
///
/// `months` is 0 wherever only exact lengths are allowed (seconds to weeks).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Length {
    /// Calendar months (a year is twelve), clamped to the end of the month when added.
    pub months: u32,
    /// Exact milliseconds.
    pub ms: i64,
}

impl Length {
    /// An exact length.
    #[must_use]
    pub const fn exact(ms: i64) -> Self {
        Self { months: 0, ms }
    }
}

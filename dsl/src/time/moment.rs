//! Moments and windows of the day as the language writes them, before anybody's clock is known.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::Instant;

/// A day of the calendar.
pub type Date = chrono::NaiveDate;

/// What durations are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A thousand milliseconds.
    Second,
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours, or a day of the calendar beside `at TIME`.
    Day,
    /// 7 days.
    Week,
    /// A month of the calendar.
    Month,
    /// Twelve months.
    Year,
}

impl Unit {
    /// All of them, the shortest first.
    pub const ALL: [Self; 7] =
        [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// The word of the language, in the singular.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Whether it has the same length at any time.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        !matches!(self, Self::Month | Self::Year)
    }
}

/// `09:00`, in seconds since midnight by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeOfDay {
    /// 0 to 86,399.
    pub second: u32,
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.second / 3600, self.second / 60 % 60)?;
        match self.second % 60 {
            0 => Ok(()),
            second => write!(f, ":{second:02}"),
        }
    }
}

/// Days of the week, one bit each, Monday the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Days(pub u8);

impl Days {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKENDS: Self = Self(0b110_0000);

    /// That one day.
    #[must_use]
    pub const fn one(day: Weekday) -> Self {
        Self(1 << day.num_days_from_monday())
    }

    /// The days of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the day is among them.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & Self::one(day).0 != 0
    }
}

/// Whose clock shows a time of day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// The person's `timezone`, else the workspace's.
    #[default]
    Customer,
    /// An IANA zone.
    Named(String),
}

/// A moment that is written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentLiteral {
    /// `now`
    Now,
    /// `2026-03-01T09:00Z`
    Exact(Instant),
    /// `2026-03-01`, `2026-03-01T09:00`; a bare date is a whole day where days are compared, and
    /// its start where an instant is asked for.
    Date {
        /// The day.
        date: Date,
        /// The time on it.
        time: Option<TimeOfDay>,
        /// Whose clock shows it.
        zone: Zone,
    },
    /// `[monday, friday] 09:00`: the next time that the clock shows it; at exactly that time, now.
    Next {
        /// On which days.
        days: Days,
        /// At what time.
        time: TimeOfDay,
        /// Whose clock shows it.
        zone: Zone,
    },
}

/// `[weekdays] 09:00..20:00 [in ZONE]`, half-open. One that crosses midnight belongs to the day on
/// which it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeWindow {
    /// The days on which it opens.
    pub days: Days,
    /// When it opens.
    pub from: TimeOfDay,
    /// When it closes; `00:00` is the end of the day.
    pub to: TimeOfDay,
    /// Whose clock shows it.
    pub zone: Zone,
}

//! The engine's time. Due times, conditions and timestamps follow it; leases, time-outs, back-off
//! and rates stay on real time.

use std::time::{SystemTime, UNIX_EPOCH};

use dsl::time::Instant;

/// Real time, or on throw-away databases a sped-up one: `base + (real - base) × factor`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    base: Instant,
    factor: f64,
}

impl Clock {
    /// Engine time is real time.
    pub const REAL: Self = Self { base: 0, factor: 1.0 };

    /// Engine time runs `factor` times as fast from `base` on.
    #[must_use]
    pub const fn fast(base: Instant, factor: f64) -> Self {
        Self { base, factor }
    }

    /// The present moment of the engine.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.at(real_now())
    }

    /// How many times faster than real time it runs.
    #[must_use]
    pub const fn factor(&self) -> f64 {
        self.factor
    }

    /// How long in real milliseconds until the engine's time is `instant`; 0 where it has passed.
    #[must_use]
    pub fn real_ms_until(&self, instant: Instant) -> i64 {
        let left = instant.saturating_sub(self.now()).max(0);
        if self.factor <= 1.0 { left } else { ms(left as f64 / self.factor) }
    }

    pub(crate) fn at(&self, real: Instant) -> Instant {
        if self.factor == 1.0 {
            return real;
        }
        self.base + ms((real - self.base) as f64 * self.factor)
    }
}

/// Real time in milliseconds since the epoch.
#[must_use]
pub fn real_now() -> Instant {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of our millennia fit")]
fn ms(value: f64) -> i64 {
    value as i64
}

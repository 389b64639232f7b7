//! Numbers, percentages and windows that must fit.

use super::Check;
use super::terms::each_term;
use crate::ast::{Condition, ConditionKind, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::time::{DAY, Length, TimeWindow};

/// Rounds of one `repeat`.
pub const ROUNDS_MAX: u32 = 1_000;
/// Limits of one cap.
pub const CAP_LIMITS_MAX: usize = 10;

/// Days after which nothing counts for a goal.
pub const GOAL_DAYS_MAX: i64 = 90;

/// Messages of one campaign in an hour.
const PER_HOUR_MAX: f64 = u32::MAX as f64;

impl Check<'_> {
    pub(super) fn goal_length(&mut self, within: &Spanned<Length>) {
        if within.value.ms > GOAL_DAYS_MAX * DAY {
            self.report(
                Diagnostic::new(Code::J0405, within.span, "a goal is counted for too long")
                    .here(format!("the most is {GOAL_DAYS_MAX} days"))
                    .help(format!("write `within {GOAL_DAYS_MAX} days`, or less")),
            );
        }
    }

    pub(super) fn time_window(&mut self, window: &Spanned<TimeWindow>) {
        let at = &window.value;
        let never = at.days.0 == 0 || (at.from == at.to && at.to.second != 0);
        if never {
            self.report(
                Diagnostic::new(Code::J0408, window.span, "this window never opens")
                    .here(format!("from {} to {} is no time at all", at.from, at.to))
                    .help("let it close later than it opens; the whole day is `00:00..00:00`"),
            );
        }
    }

    pub(super) fn per_hour(&mut self, count: &Spanned<f64>) {
        if count.value.fract() != 0.0 || !(1.0..=PER_HOUR_MAX).contains(&count.value) {
            self.not_between(
                count.span,
                "`limit` takes a whole number from 1",
                "limit 1000 per hour",
            );
        }
    }

    pub(super) fn rounds(&mut self, times: &Spanned<f64>) {
        if times.value.fract() != 0.0 || !(1.0..=f64::from(ROUNDS_MAX)).contains(&times.value) {
            self.not_between(
                times.span,
                &format!("`repeat` takes a whole number from 1 to {ROUNDS_MAX}"),
                "repeat up to 3 times",
            );
        }
    }

    pub(super) fn holdout(&mut self, percent: &Spanned<f64>) {
        if !(percent.value > 0.0 && percent.value < 100.0) {
            self.not_between(
                percent.span,
                "`holdout` takes more than 0% and less than 100%",
                "holdout 5%",
            );
        }
    }

    /// The percentages of `random`.
    pub(super) fn chances(&mut self, condition: &Condition) {
        each_term(condition, &mut |term| {
            if let ConditionKind::Random { percent, .. } = &term.kind
                && !(0.0..=100.0).contains(&percent.value)
            {
                self.not_between(
                    percent.span,
                    "`random` takes a percentage from 0% to 100%",
                    "random 10% \"seed\"",
                );
            }
        });
    }

    pub(super) fn not_between(&mut self, span: Span, message: &str, example: &str) {
        self.report(
            Diagnostic::new(Code::J0405, span, message)
                .here("does not fit")
                .help(format!("write it like `{example}`")),
        );
    }
}

/// A percentage as people write it.
pub(super) fn percent(value: f64) -> String {
    let rounded = (value * 1_000.0).round() / 1_000.0;
    format!("{rounded}%")
}

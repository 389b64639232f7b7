//! When to try again after a transient failure: exponential with jitter, up to
//! a day in all. Pure: the clock and the random number are arguments.

const FIRST_DELAY_MS: i64 = 10_000;
const MAX_DELAY_MS: i64 = 60 * 60 * 1000;
/// Counted from the first attempt; what has not left by then never will.
pub const GIVE_UP_AFTER_MS: i64 = 24 * 60 * 60 * 1000;
/// A receiver's own wish is never cut short, but stretched by up to a tenth,
/// so that all who were told the same do not return together.
const RETRY_AFTER_STRETCH: f64 = 0.1;

/// The wait in milliseconds before the next attempt, or `None` to give up.
///
/// `failures` counts the failed attempts including the last, `elapsed_ms` is
/// the time since the first, `random` lies in `0.0..1.0`.
pub fn next_delay_ms(
    failures: u32,
    elapsed_ms: i64,
    retry_after_ms: Option<i64>,
    random: f64,
) -> Option<i64> {
    let left_ms = GIVE_UP_AFTER_MS.saturating_sub(elapsed_ms.max(0));
    if left_ms <= 0 {
        return None;
    }
    let random = random.clamp(0.0, 1.0);
    let wanted_ms = retry_after_ms.unwrap_or(0).max(0);
    if wanted_ms > left_ms {
        return None;
    }
    let asked_ms = wanted_ms.saturating_add(scale(wanted_ms, RETRY_AFTER_STRETCH * random));
    let full_ms = exponential_ms(failures);
    let jittered_ms = full_ms - scale(full_ms, random / 2.0);
    Some(jittered_ms.max(asked_ms).min(left_ms))
}

fn exponential_ms(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(1);
    2_i64
        .checked_pow(doublings)
        .map_or(MAX_DELAY_MS, |factor| FIRST_DELAY_MS.saturating_mul(factor).min(MAX_DELAY_MS))
}

#[expect(clippy::cast_possible_truncation, reason = "a share of a delay of at most a day")]
fn scale(ms: i64, share: f64) -> i64 {
    (ms as f64 * share) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_an_hour() {
        let delays: Vec<_> =
            (1..=11).map(|n| next_delay_ms(n, 0, None, 0.0).unwrap() / 1000).collect();
        assert_eq!(delays, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        assert_eq!(next_delay_ms(u32::MAX, 0, None, 0.0), Some(MAX_DELAY_MS));
    }

    #[test]
    fn jitter_takes_away_up_to_half() {
        assert_eq!(next_delay_ms(2, 0, None, 0.0), Some(20_000));
        assert_eq!(next_delay_ms(2, 0, None, 0.5), Some(15_000));
        assert_eq!(next_delay_ms(2, 0, None, 1.0), Some(10_000));
    }

    #[test]
    fn the_last_attempt_comes_at_the_end_of_the_day_and_none_after() {
        assert_eq!(next_delay_ms(30, GIVE_UP_AFTER_MS - 1_000, None, 0.0), Some(1_000));
        assert_eq!(next_delay_ms(30, GIVE_UP_AFTER_MS, None, 0.0), None);
        assert_eq!(next_delay_ms(1, i64::MAX, None, 0.0), None);
    }

    #[test]
    fn attempts_end_within_a_day_whatever_the_dice() {
        for random in [0.0, 0.3, 0.999] {
            let (mut elapsed, mut failures) = (0, 1);
            while let Some(delay) = next_delay_ms(failures, elapsed, None, random) {
                assert!(delay > 0);
                elapsed += delay;
                failures += 1;
            }
            assert_eq!(elapsed, GIVE_UP_AFTER_MS);
            assert!((30..80).contains(&failures), "{failures} attempts");
        }
    }

    #[test]
    fn retry_after_is_never_undercut_and_may_mean_giving_up() {
        assert_eq!(next_delay_ms(1, 0, Some(600_000), 0.0), Some(600_000));
        assert_eq!(next_delay_ms(1, 0, Some(600_000), 1.0), Some(660_000));
        assert_eq!(next_delay_ms(1, 0, Some(1), 0.0), Some(10_000), "our own wait is longer");
        assert_eq!(next_delay_ms(1, 0, Some(-5), 0.0), Some(10_000));
        assert_eq!(next_delay_ms(1, 0, Some(GIVE_UP_AFTER_MS + 1), 0.0), None);
        assert_eq!(next_delay_ms(1, 0, Some(i64::MAX), 1.0), None);
    }
}

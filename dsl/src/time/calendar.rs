//! Instants against the calendar and the clocks of a zone.

use std::str::FromStr;

use chrono::{
    DateTime, Datelike, LocalResult, Months, NaiveDateTime, SecondsFormat, TimeZone, Utc,
};
use chrono_tz::Tz;

use super::{DAY, Instant, Length};
use crate::expr::{Object, Value};

/// The attribute that names a person's zone.
const ZONE_ATTRIBUTE: &str = "timezone";
/// Calendars go no further, before and after the year 0.
const YEAR_MAX: i32 = 100_000;
/// No zone has a gap or a repeat longer than this around a change of its clocks.
const CHANGE_MAX: i64 = 2 * DAY;

/// The instant `length` after `at`: months first, by the calendar of `zone`, then the exact rest.
///
/// A day that the month lacks becomes its last one: 31 January and a month is the end of February.
#[must_use]
pub fn add(at: Instant, length: Length, zone: Tz) -> Instant {
    let moved = if length.months == 0 { at } else { add_months(at, length.months, zone) };
    moved.saturating_add(length.ms)
}

/// The instant `length` before `at`: months first, by the calendar of `zone`, then the exact rest.
#[must_use]
pub fn subtract(at: Instant, length: Length, zone: Tz) -> Instant {
    let moved = if length.months == 0 {
        at
    } else {
        local(at, zone)
            .and_then(|local| local.checked_sub_months(Months::new(length.months)))
            .map_or(Instant::MIN, |moved| at_local(moved, zone))
    };
    moved.saturating_sub(length.ms)
}

/// What the clocks of `zone` show at `at`; nothing beyond the years that calendars know.
#[must_use]
pub fn local(at: Instant, zone: Tz) -> Option<NaiveDateTime> {
    let utc = DateTime::from_timestamp_millis(at)?;
    // Zones need room around the ends of time.
    (utc.year().abs() < YEAR_MAX).then(|| utc.with_timezone(&zone).naive_local())
}

/// The first instant at which clocks of `zone` show `local`, or where they skip it, the first
/// instant after the gap.
#[must_use]
pub fn at_local(local: NaiveDateTime, zone: Tz) -> Instant {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(found) | LocalResult::Ambiguous(found, _) => found.timestamp_millis(),
        LocalResult::None => after_gap(local, zone),
    }
}

/// A zone by its IANA name.
#[must_use]
pub fn named_zone(name: &str) -> Option<Tz> {
    Tz::from_str(name).ok()
}

/// The zone in which a person's calendar counts: their `timezone`, else that of the workspace.
#[must_use]
pub fn zone_of(attributes: &Object, workspace: Tz) -> Tz {
    attributes.get(ZONE_ATTRIBUTE).and_then(Value::as_str).and_then(named_zone).unwrap_or(workspace)
}

/// `at` as machines write it: `2026-03-02T09:00:00Z`, with milliseconds where there are any.
#[must_use]
pub fn rfc3339(at: Instant) -> String {
    DateTime::from_timestamp_millis(at).map_or_else(
        || at.to_string(),
        |utc: DateTime<Utc>| utc.to_rfc3339_opts(SecondsFormat::AutoSi, true),
    )
}

/// `at` as people of `zone` read it: `Mon 2026-03-02 10:00`, with seconds where there are any.
#[must_use]
pub fn show(at: Instant, zone: Tz) -> String {
    let Some(utc) = DateTime::from_timestamp_millis(at) else { return at.to_string() };
    let form = if at % super::MINUTE == 0 { "%a %Y-%m-%d %H:%M" } else { "%a %Y-%m-%d %H:%M:%S" };
    utc.with_timezone(&zone).format(form).to_string()
}

fn add_months(at: Instant, months: u32, zone: Tz) -> Instant {
    local(at, zone)
        .and_then(|local| local.checked_add_months(Months::new(months)))
        .map_or(Instant::MAX, |moved| at_local(moved, zone))
}

/// The earliest instant whose local time is not before `local`, found by halving: around a gap,
/// local time only goes forward.
fn after_gap(local: NaiveDateTime, zone: Tz) -> Instant {
    let middle = local.and_utc().timestamp_millis();
    let (mut before, mut after) = (middle - CHANGE_MAX, middle + CHANGE_MAX);
    while after - before > 1 {
        let half = before + (after - before) / 2;
        let reached = DateTime::from_timestamp_millis(half)
            .is_some_and(|utc| utc.with_timezone(&zone).naive_local() >= local);
        if reached {
            after = half;
        } else {
            before = half;
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HOUR, MINUTE};

    fn instant(text: &str) -> Instant {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    fn month(from: &str, zone: &str) -> String {
        rfc3339(add(instant(from), Length { months: 1, ms: 0 }, named_zone(zone).unwrap()))
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(month("2026-01-31T10:00:00Z", "UTC"), "2026-02-28T10:00:00Z");
        assert_eq!(month("2028-01-30T10:00:00Z", "UTC"), "2028-02-29T10:00:00Z");
        // In Auckland it is already 1 February.
        assert_eq!(month("2026-01-31T12:00:00Z", "Pacific/Auckland"), "2026-02-28T12:00:00Z");
    }

    #[test]
    fn months_keep_the_local_hour_across_a_change_of_clocks() {
        assert_eq!(month("2026-03-15T08:00:00Z", "Europe/Paris"), "2026-04-15T07:00:00Z");
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_the_gap() {
        assert_eq!(month("2026-02-28T01:30:00Z", "Europe/Paris"), "2026-03-28T01:30:00Z");
        let zone = named_zone("Europe/Paris").unwrap();
        let skipped = "2026-03-29T02:30:00".parse().unwrap();
        assert_eq!(rfc3339(at_local(skipped, zone)), "2026-03-29T01:00:00Z");
        let apia = named_zone("Pacific/Apia").unwrap();
        let skipped_day = "2011-12-30T12:00:00".parse().unwrap();
        assert_eq!(rfc3339(at_local(skipped_day, apia)), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn a_repeated_time_is_the_first_of_the_two() {
        let zone = named_zone("Europe/Paris").unwrap();
        let twice = "2026-10-25T02:30:00".parse().unwrap();
        assert_eq!(rfc3339(at_local(twice, zone)), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn a_person_without_a_known_zone_lives_in_that_of_the_workspace() {
        let paris = named_zone("Europe/Paris").unwrap();
        let person = |value: Value| Object::from_iter([("timezone".to_owned(), value)]);
        assert_eq!(zone_of(&person("Asia/Tokyo".into()), paris), Tz::Asia__Tokyo);
        assert_eq!(zone_of(&person("Mars/Olympus".into()), paris), paris);
        assert_eq!(zone_of(&person(3.into()), paris), paris);
        assert_eq!(zone_of(&Object::new(), paris), paris);
    }

    #[test]
    fn far_ends_of_time_do_not_overflow() {
        let zone = Tz::UTC;
        assert_eq!(add(i64::MAX - 1, Length::exact(HOUR), zone), i64::MAX);
        assert_eq!(add(i64::MAX - 1, Length { months: 3, ms: MINUTE }, zone), i64::MAX);
        assert!(!show(i64::MAX, zone).is_empty() && !rfc3339(i64::MIN).is_empty());
    }
}

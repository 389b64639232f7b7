//! Moments against the clock: where an expression lies in time, and how it moves while time passes.

use chrono::{DateTime, Datelike, Days as DayCount, Months, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use serde_json::Number;

use super::eval::{Context, earliest};
use super::value::value_of;
use super::{ArithmeticOp, Duration, Expr, Value};
use crate::time::{
    self, DAY, Date, HOUR, Instant, Length, MINUTE, MomentLiteral, SECOND, TimeOfDay, Unit, Zone,
};

/// A moment of every week is found within so many days, also where one is skipped.
const NEXT_DAYS_MAX: u64 = 9;
/// Clocks change at whole quarters of an hour.
const GRID: i64 = 15 * MINUTE;
/// More than clocks change by at once.
const CLOCK_CHANGE_MAX: i64 = 3 * HOUR;
/// More than months differ in length, together with changes of clocks.
const MONTH_DRIFT_MAX: i64 = 5 * DAY;

/// A place in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// The instant; the start of a whole day.
    pub(super) at: Instant,
    /// Just behind it; the start of the day after a whole day.
    pub(super) end: Instant,
    motion: Motion,
}

/// What becomes of a place while time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Motion {
    /// It stays.
    Still,
    /// It stays until just before that instant.
    Until(Instant),
    /// It is always as far from now.
    Along,
    /// It moves with now, but for the lengths of months.
    Drifting,
}

impl Placed {
    /// When its distance from now, compared with `length`, can change, if for a moment that stays
    /// that is at `still`. It may be early, and is never late.
    pub(super) fn changes(
        &self,
        length: Length,
        now: Instant,
        still: Option<Instant>,
    ) -> Option<Instant> {
        match self.motion {
            Motion::Still => still,
            Motion::Until(at) => earliest(still, Some(at.max(now.saturating_add(1)))),
            Motion::Along if length.months == 0 => None,
            Motion::Along | Motion::Drifting => Some(next_on_grid(now)),
        }
    }

    const fn instant(at: Instant, motion: Motion) -> Self {
        Self { at, end: at.saturating_add(1), motion }
    }

    pub(super) const fn still(at: Instant) -> Self {
        Self::instant(at, Motion::Still)
    }

    /// The first instant after `now` at which it can change whether this lies before `mark`, an
    /// instant of `other`. It may be early, and is never late.
    pub(super) fn meets(&self, mark: Instant, other: &Self, now: Instant) -> Option<Instant> {
        use Motion::{Along, Drifting, Still, Until};
        let changes = [self.motion, other.motion].into_iter().filter_map(|motion| match motion {
            Until(at) => Some(at.max(now.saturating_add(1))),
            Still | Along | Drifting => None,
        });
        let met = match (self.motion, other.motion) {
            (Along, Along) | (Still | Until(_), Still | Until(_)) => None,
            (Along, Still | Until(_)) => crossing(self.at, mark, now),
            // The mark has to pass, not to meet.
            (Still | Until(_), Along) => crossing(mark, self.at.saturating_add(1), now),
            (Drifting, _) => drifting(self.at, mark, now),
            (_, Drifting) => drifting(mark, self.at, now),
        };
        changes.chain(met).min()
    }
}

/// When what moves along with now from `at` comes to `still`, if it is not there yet.
const fn crossing(at: Instant, still: Instant, now: Instant) -> Option<Instant> {
    let distance = still.saturating_sub(at);
    if distance > 0 { Some(now.saturating_add(distance)) } else { None }
}

/// As [`crossing`], where the speed is not quite that of the clock: early, and when it is near,
/// again and again.
fn drifting(at: Instant, still: Instant, now: Instant) -> Option<Instant> {
    let distance = still.saturating_sub(at);
    if distance > MONTH_DRIFT_MAX {
        Some(now.saturating_add(distance - MONTH_DRIFT_MAX))
    } else if distance < -MONTH_DRIFT_MAX {
        None
    } else {
        Some(next_on_grid(now))
    }
}

const fn next_on_grid(now: Instant) -> Instant {
    now.saturating_sub(now.rem_euclid(GRID)).saturating_add(GRID)
}

/// Whether it is a length of time, which has no value of its own.
pub(super) fn is_duration(expr: &Expr) -> bool {
    match expr {
        Expr::Duration(_) => true,
        Expr::Arithmetic { left, right, .. } => is_duration(left) && is_duration(right),
        Expr::Literal(_)
        | Expr::Path(_)
        | Expr::Template(_)
        | Expr::List(_)
        | Expr::Object(_)
        | Expr::Default { .. }
        | Expr::Moment(_)
        | Expr::At { .. }
        | Expr::Total(_)
        | Expr::Occurrence(_) => false,
    }
}

/// A moment as a value: a bare date as itself, anything else as machines write instants.
pub(super) fn written(expr: &Expr, context: &Context<'_>) -> Option<Value> {
    if let Expr::Moment(MomentLiteral::Date { date, time: None, .. }) = expr {
        return Some(Value::String(date.to_string()));
    }
    place(expr, context).map(|placed| Value::String(time::rfc3339(placed.at)))
}

/// Where an expression lies in time; what is no moment is missing.
pub(super) fn place(expr: &Expr, context: &Context<'_>) -> Option<Placed> {
    match expr {
        Expr::Moment(literal) => literal_place(literal, context),
        Expr::At { day, time, zone } => at_time(day, *time, zone, context),
        Expr::Arithmetic { left, op, right } => {
            let (from, op, length) = if is_duration(right) {
                (left, *op, length_of(right, context)?)
            } else if is_duration(left) && *op == ArithmeticOp::Add {
                (right, *op, length_of(left, context)?)
            } else {
                return value_of(expr, context).and_then(|value| read(&value, context.zone));
            };
            moved(place(from, context)?, op, length, context.zone)
        }
        Expr::Literal(_)
        | Expr::Path(_)
        | Expr::Template(_)
        | Expr::List(_)
        | Expr::Object(_)
        | Expr::Default { .. }
        | Expr::Duration(_)
        | Expr::Total(_)
        | Expr::Occurrence(_) => read(&*value_of(expr, context)?, context.zone),
    }
}

/// A length of time; none where its number is missing, negative, or too great to count.
pub(super) fn length_of(expr: &Expr, context: &Context<'_>) -> Option<Length> {
    match expr {
        Expr::Duration(Duration::Fixed(length)) => Some(*length),
        Expr::Duration(Duration::Computed { amount, unit }) => {
            let amount = value_of(amount, context)?.as_f64().filter(|amount| *amount >= 0.0)?;
            computed(amount, *unit)
        }
        Expr::Arithmetic { left, op: ArithmeticOp::Add, right } => {
            let (left, right) = (length_of(left, context)?, length_of(right, context)?);
            Some(Length {
                months: left.months.checked_add(right.months)?,
                ms: left.ms.checked_add(right.ms)?,
            })
        }
        _ => None,
    }
}

/// Parts of a month are left out.
fn computed(amount: f64, unit: Unit) -> Option<Length> {
    let whole = |number: f64| format!("{number:.0}").parse::<i64>().ok();
    let exact = |ms: i64| Some(Length::exact(whole((amount * ms_as_float(ms)).round())?));
    let months = |months: f64| {
        let months = u32::try_from(whole((amount * months).floor())?).ok()?;
        Some(Length { months, ms: 0 })
    };
    match unit {
        Unit::Second => exact(SECOND),
        Unit::Minute => exact(MINUTE),
        Unit::Hour => exact(HOUR),
        Unit::Day => exact(DAY),
        Unit::Week => exact(7 * DAY),
        Unit::Month => months(1.0),
        Unit::Year => months(12.0),
    }
}

/// INVARIANT: the units are far below the numbers that a double skips.
fn ms_as_float(ms: i64) -> f64 {
    Number::from(ms).as_f64().unwrap_or_default()
}

/// An attribute that is meant as a moment: unix seconds, RFC 3339, or a bare date.
fn read(value: &Value, zone: Tz) -> Option<Placed> {
    match value {
        Value::Number(seconds) => {
            let ms = (seconds.as_f64()? * ms_as_float(SECOND)).round();
            format!("{ms:.0}").parse().ok().map(Placed::still)
        }
        Value::String(text) => match text.parse::<NaiveDate>() {
            Ok(date) if text.len() == "2026-03-01".len() => Some(whole_day(date, zone)),
            _ => {
                let at = DateTime::parse_from_rfc3339(text).ok()?;
                Some(Placed::still(at.timestamp_millis()))
            }
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn whole_day(date: Date, zone: Tz) -> Placed {
    let at = time::at_local(date.into(), zone);
    let end = date.succ_opt().map_or(Instant::MAX, |next| time::at_local(next.into(), zone));
    Placed { at, end, motion: Motion::Still }
}

fn literal_place(literal: &MomentLiteral, context: &Context<'_>) -> Option<Placed> {
    match literal {
        MomentLiteral::Now => Some(Placed::instant(context.now, Motion::Along)),
        MomentLiteral::Exact(at) => Some(Placed::still(*at)),
        MomentLiteral::Date { date, time: None, zone } => {
            Some(whole_day(*date, zone_of(zone, context)))
        }
        MomentLiteral::Date { date, time: Some(time), zone } => {
            let local = date.and_time(clock(*time)?);
            Some(Placed::still(time::at_local(local, zone_of(zone, context))))
        }
        MomentLiteral::Next { days, time, zone } => {
            let (zone, clock) = (zone_of(zone, context), clock(*time)?);
            let today = time::local(context.now, zone)?.date();
            let at = (0..NEXT_DAYS_MAX)
                .filter_map(|ahead| today.checked_add_days(DayCount::new(ahead)))
                .filter(|date| days.contains(date.weekday()))
                .map(|date| time::at_local(date.and_time(clock), zone))
                .find(|at| *at >= context.now)?;
            Some(Placed::instant(at, Motion::Until(at.saturating_add(1))))
        }
    }
}

/// Whose clock shows it; a zone that nobody knows is the person's.
pub(super) fn zone_of(zone: &Zone, context: &Context<'_>) -> Tz {
    match zone {
        Zone::Customer => context.zone,
        Zone::Named(name) => time::named_zone(name).unwrap_or(context.zone),
    }
}

fn clock(time: TimeOfDay) -> Option<NaiveTime> {
    NaiveTime::from_num_seconds_from_midnight_opt(time.second, 0)
}

/// By the exact length, but for months.
fn moved(from: Placed, op: ArithmeticOp, length: Length, zone: Tz) -> Option<Placed> {
    let at = match op {
        ArithmeticOp::Add => time::add(from.at, length, zone),
        ArithmeticOp::Subtract => time::subtract(from.at, length, zone),
        ArithmeticOp::Multiply | ArithmeticOp::Divide => return None,
    };
    let motion = match from.motion {
        Motion::Along if length.months > 0 => Motion::Drifting,
        motion => motion,
    };
    Some(Placed::instant(at, motion))
}

/// `EXPR at TIME`: days, weeks and months lead from day to day of that zone's calendar.
fn at_time(day: &Expr, time: TimeOfDay, zone: &Zone, context: &Context<'_>) -> Option<Placed> {
    let zone = zone_of(zone, context);
    let (local, motion) = day_of(day, zone, context)?;
    let at = time::at_local(local.date().and_time(clock(time)?), zone);
    let motion = match motion {
        Motion::Still | Motion::Until(_) => motion,
        Motion::Along | Motion::Drifting => Motion::Until(next_day(local, context.now)),
    };
    Some(Placed::instant(at, motion))
}

/// What the clocks of `zone` show on the day that is meant.
fn day_of(day: &Expr, zone: Tz, context: &Context<'_>) -> Option<(NaiveDateTime, Motion)> {
    if let Expr::Arithmetic { left, op, right } = day
        && is_duration(right)
    {
        let (from, motion) = day_of(left, zone, context)?;
        return Some((led(from, *op, length_of(right, context)?)?, motion));
    }
    // A bare date is that day by whichever clock.
    if let Some(date) = bare_date(day, context) {
        return Some((date.into(), Motion::Still));
    }
    let placed = place(day, context)?;
    Some((time::local(placed.at, zone)?, placed.motion))
}

fn bare_date(day: &Expr, context: &Context<'_>) -> Option<Date> {
    match day {
        Expr::Moment(MomentLiteral::Date { date, time: None, .. }) => Some(*date),
        Expr::Path(_) | Expr::Default { .. } => {
            let value = value_of(day, context)?;
            let text = value.as_str().filter(|text| text.len() == "2026-03-01".len())?;
            text.parse().ok()
        }
        _ => None,
    }
}

/// By the calendar, as far as the length has whole days.
fn led(from: NaiveDateTime, op: ArithmeticOp, length: Length) -> Option<NaiveDateTime> {
    let months = Months::new(length.months);
    let days = DayCount::new(u64::try_from(length.ms / DAY).ok()?);
    let rest = chrono::TimeDelta::milliseconds(length.ms % DAY);
    match op {
        ArithmeticOp::Add => {
            from.checked_add_months(months)?.checked_add_days(days)?.checked_add_signed(rest)
        }
        ArithmeticOp::Subtract => {
            from.checked_sub_months(months)?.checked_sub_days(days)?.checked_sub_signed(rest)
        }
        ArithmeticOp::Multiply | ArithmeticOp::Divide => None,
    }
}

/// When a day that moves with now can become the next one; early, where clocks may change.
fn next_day(local: NaiveDateTime, now: Instant) -> Instant {
    let since_midnight = (local - local.date().and_time(NaiveTime::MIN)).num_milliseconds();
    let distance = DAY - since_midnight - CLOCK_CHANGE_MAX;
    if distance > 0 { now.saturating_add(distance) } else { next_on_grid(now) }
}

//! Dates, times of day, days of the week, zones, and the windows they make.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

use super::Builder;
use crate::ast::{ExprKind, Moment, Name, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::unknown_zone;
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};
use crate::time::{Days, MomentLiteral, TimeOfDay, TimeWindow, Zone};

/// The words for days.
pub(super) const DAYS: [(&str, Days); 9] = [
    ("monday", Days::one(Weekday::Mon)),
    ("tuesday", Days::one(Weekday::Tue)),
    ("wednesday", Days::one(Weekday::Wed)),
    ("thursday", Days::one(Weekday::Thu)),
    ("friday", Days::one(Weekday::Fri)),
    ("saturday", Days::one(Weekday::Sat)),
    ("sunday", Days::one(Weekday::Sun)),
    ("weekdays", Days::WEEKDAYS),
    ("weekends", Days::WEEKENDS),
];

impl Builder<'_> {
    /// The `moment` below `node`, as tests take it: a day and a time.
    pub(super) fn moment_in(&mut self, node: &Node) -> Option<Moment> {
        node.child(Rule::moment).map(|moment| self.test_moment(moment))
    }

    fn test_moment(&mut self, node: &Node) -> Moment {
        let Some(written) = node.child(Rule::moment_text) else {
            return Moment::Unknown;
        };
        let zone = node.child(Rule::zone);
        if let Some(word) = zone.and_then(|zone| zone.child(Rule::kw_customer_time)) {
            self.report(
                Diagnostic::new(Code::J0403, word.span, "a test names the zone of its clock")
                    .here("whose time is not known yet")
                    .help("write `in \"Europe/Paris\"`, or leave it out for the workspace's zone"),
            );
            return Moment::Unknown;
        }
        let zone = zone.and_then(|zone| self.zone_name(zone));
        match self.clock_of(written.span) {
            Some(Read::Exact(at)) => Moment::Exact(at),
            Some(Read::Clock(clock, _)) => {
                Moment::Local { clock: clock.and_utc().timestamp_millis(), zone }
            }
            Some(Read::Time(_)) => {
                let shown = written.text(self.text).to_owned();
                self.report(
                    Diagnostic::new(Code::J0121, written.span, format!("`{shown}` of which day?"))
                        .here("a test knows no day yet")
                        .help(format!("say the day too: `2026-03-02T{shown}`")),
                );
                Moment::Unknown
            }
            None => Moment::Unknown,
        }
    }

    /// A `moment` as a value.
    pub(super) fn moment_value(&mut self, node: &Node) -> ExprKind {
        let Some(written) = node.child(Rule::moment_text) else {
            return ExprKind::Unknown;
        };
        let zone = self.zone_in(node);
        ExprKind::Moment(match self.clock_of(written.span) {
            Some(Read::Exact(at)) => MomentLiteral::Exact(at),
            Some(Read::Clock(clock, whole_day)) => {
                let time = (!whole_day).then(|| time_of_day(clock.time()));
                MomentLiteral::Date { date: clock.date(), time, zone }
            }
            Some(Read::Time(time)) => MomentLiteral::Next { days: Days::ALL, time, zone },
            None => return ExprKind::Unknown,
        })
    }

    /// A `day_time`.
    pub(super) fn day_time(&mut self, node: &Node) -> ExprKind {
        let (days, zone) = (self.days_in(node), self.zone_in(node));
        if let (Some(slip), Some(clock)) = (node.child(Rule::slip_at), node.child(Rule::clock)) {
            let gone = Span::new(slip.span.file, slip.span.start, clock.span.start);
            self.report(
                Diagnostic::new(Code::J0101, slip.span, "a day and its time stand without `at`")
                    .here("one word too many")
                    .replace("take it out", gone, ""),
            );
        }
        match self.clock_in(node) {
            Some(time) => ExprKind::Moment(MomentLiteral::Next { days, time, zone }),
            None => ExprKind::Unknown,
        }
    }

    /// The `time_window` below `node`.
    pub(super) fn time_window_in(&mut self, node: &Node) -> Option<Spanned<TimeWindow>> {
        let window = node.child(Rule::time_window)?;
        let days = self.days_in(window);
        let zone = self.zone_in(window);
        let clocks: Vec<&Node> = window.all(Rule::clock).collect();
        if let ([from, to], Some(sign)) = (clocks.as_slice(), window.child(Rule::slip_to)) {
            let value = self.window_with(from, sign, to, days, zone)?;
            return Some(Spanned { value, span: window.span });
        }
        let (from, to) = match clocks.as_slice() {
            [from, to] => (self.clock(from), self.clock(to)),
            _ => (None, None),
        };
        let value = TimeWindow { days, from: from?, to: to?, zone };
        Some(Spanned { value, span: window.span })
    }

    /// The `days` below `node`; every day where none are said.
    pub(super) fn days_in(&mut self, node: &Node) -> Days {
        let Some(list) = node.child(Rule::days) else {
            return Days::ALL;
        };
        let mut days = Days(0);
        let mut joined: Option<&Node> = None;
        let mut before: Option<&Node> = None;
        for word in &list.children {
            if word.rule == Rule::slip_days {
                joined = Some(word);
                continue;
            }
            let written = word.text(self.text).to_owned();
            let known = DAYS.iter().find(|(name, _)| *name == written);
            match known {
                Some((_, day)) => days = days.with(*day),
                None => days = days.with(self.misspelt_day(word.span, &written)),
            }
            if let (Some(joined), Some(before)) = (joined.take(), before) {
                days = days.with(self.joined_days(before, joined, word));
            }
            before = Some(word);
        }
        days
    }

    fn misspelt_day(&mut self, span: Span, written: &str) -> Days {
        let short = written.trim_end_matches('s').to_lowercase();
        let begun = DAYS
            .iter()
            .map(|(name, _)| *name)
            .find(|name| short.len() >= 3 && (name.starts_with(&short) || **name == *short));
        let near = begun.or_else(|| nearest(written, DAYS.iter().map(|(name, _)| *name)));
        let diagnostic =
            Diagnostic::new(Code::J0115, span, format!("`{written}` is no day of the week"));
        self.report(match near {
            Some(near) => diagnostic.respell(span, written, near),
            None => diagnostic
                .here("not a day")
                .help("days are `monday` to `sunday`, `weekdays` and `weekends`"),
        });
        near.and_then(|near| DAYS.iter().find(|(name, _)| *name == near))
            .map_or(Days::ALL, |(_, days)| *days)
    }

    /// The first `clock` below `node`.
    pub(super) fn clock_in(&mut self, node: &Node) -> Option<TimeOfDay> {
        node.child(Rule::clock).and_then(|clock| self.clock(clock))
    }

    fn clock(&mut self, node: &Node) -> Option<TimeOfDay> {
        let written = node.text(self.text).to_owned();
        if let Some(time) = clock(&written) {
            return Some(time_of_day(time));
        }
        self.odd_clock(node.span, &written)
    }

    /// `9am`, `9`, `9:5`, `25:00`.
    pub(super) fn odd_clock(&mut self, span: Span, written: &str) -> Option<TimeOfDay> {
        let meant = meant_clock(written);
        let message = match meant {
            Some(_) => format!("`{written}` is no time of day"),
            None => format!("there is no time `{written}`"),
        };
        let diagnostic = Diagnostic::new(Code::J0121, span, message);
        self.report(match &meant {
            Some(meant) => diagnostic
                .here("written with two digits each, from 00:00 to 23:59")
                .replace(format!("write `{meant}`"), span, meant.clone()),
            None => diagnostic
                .here("hours are 00 to 23, minutes 00 to 59")
                .help("it is written `09:00`, or `21:30` in the evening"),
        });
        meant.and_then(|meant| clock(&meant)).map(time_of_day)
    }

    /// The `zone` below `node`; the person's where none is said.
    pub(super) fn zone_in(&mut self, node: &Node) -> Zone {
        let named = node.child(Rule::zone).and_then(|zone| self.zone_name(zone));
        let Some(name) = named else {
            return Zone::Customer;
        };
        if let Some(problem) = unknown_zone(&name) {
            self.report(problem);
            return Zone::Customer;
        }
        Zone::Named(name.value)
    }

    fn zone_name(&mut self, zone: &Node) -> Option<Name> {
        if let Some(slip) = zone.child(Rule::slip_zone) {
            return Some(self.bare_zone(slip));
        }
        if let Some(slip) = zone.child(Rule::slip_customer_time) {
            self.misspelt_time(slip);
        }
        zone.child(Rule::string).map(|string| Name {
            value: string.text(self.text).trim_matches('"').to_owned(),
            span: string.span,
        })
    }

    fn clock_of(&mut self, span: Span) -> Option<Read> {
        let written = span.text(self.text).to_owned();
        let (text, exact) = match written.strip_suffix('Z') {
            Some(text) => (text, true),
            None => (written.as_str(), false),
        };
        match read(text) {
            Ok(clock) if exact => Some(Read::Exact(clock.and_utc().timestamp_millis())),
            Ok(clock) => Some(Read::Clock(clock, !text.contains('T'))),
            Err(Misread::TimeAlone) if !exact => {
                clock(text).map(|time| Read::Time(time_of_day(time)))
            }
            Err(Misread::Time(time)) if !text.contains('-') => {
                self.odd_clock(span, &time).map(Read::Time)
            }
            Err(misread) => {
                self.report(misread.diagnostic(span, &written));
                None
            }
        }
    }
}

/// What a `moment_text` says.
enum Read {
    Exact(crate::time::Instant),
    /// By a clock on the wall, and whether it is a whole day.
    Clock(NaiveDateTime, bool),
    Time(TimeOfDay),
}

pub(super) fn time_of_day(time: NaiveTime) -> TimeOfDay {
    TimeOfDay { second: time.num_seconds_from_midnight() }
}

/// The time that was probably meant, as it is written.
pub(super) fn meant_clock(written: &str) -> Option<String> {
    let lower = written.to_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
    let afternoon = lower.ends_with("pm");
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    let hour = match (hour, afternoon, lower.ends_with("am")) {
        (12, _, true) => 0,
        (1..=11, true, _) => hour + 12,
        _ => hour,
    };
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

enum Misread {
    TimeAlone,
    Shape,
    Date(String),
    Time(String),
}

impl Misread {
    fn diagnostic(self, span: Span, written: &str) -> Diagnostic {
        let (message, here) = match self {
            Self::Date(date) => (format!("there is no day `{date}`"), "not in the calendar"),
            Self::Time(time) => {
                (format!("there is no time `{time}`"), "hours are 00 to 23, minutes 00 to 59")
            }
            Self::Shape | Self::TimeAlone => {
                (format!("`{written}` is no date and time"), "not understood")
            }
        };
        Diagnostic::new(Code::J0121, span, message)
            .here(here)
            .help("it is written `2026-03-02`, `2026-03-02T10:00`, or `2026-03-02T10:00:00Z` with two digits each")
    }
}

/// `DATE[THH:MM[:SS]]`; a date alone is its start.
fn read(text: &str) -> Result<NaiveDateTime, Misread> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    if !date.contains('-') {
        return Err(if time.is_none() && clock(text).is_some() {
            Misread::TimeAlone
        } else {
            Misread::Time(text.to_owned())
        });
    }
    let day = match numbers(date, '-', &[4, 2, 2]).as_deref() {
        Some([year, month, day]) => {
            i32::try_from(*year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, *month, *day))
        }
        _ => return Err(Misread::Shape),
    };
    let day = day.ok_or_else(|| Misread::Date(date.to_owned()))?;
    let Some(time) = time else {
        return Ok(day.and_time(NaiveTime::MIN));
    };
    clock(time).map(|clock| day.and_time(clock)).ok_or_else(|| Misread::Time(time.to_owned()))
}

pub(super) fn clock(text: &str) -> Option<NaiveTime> {
    match numbers(text, ':', &[2, 2]).or_else(|| numbers(text, ':', &[2, 2, 2])).as_deref() {
        Some([hour, minute]) => NaiveTime::from_hms_opt(*hour, *minute, 0),
        Some([hour, minute, second]) => NaiveTime::from_hms_opt(*hour, *minute, *second),
        _ => None,
    }
}

/// Zero-padded numbers of the given widths.
fn numbers(text: &str, sign: char, widths: &[usize]) -> Option<Vec<u32>> {
    let parts: Vec<&str> = text.split(sign).collect();
    if parts.len() != widths.len()
        || parts.iter().zip(widths).any(|(part, width)| part.len() != *width)
    {
        return None;
    }
    parts.into_iter().map(|part| part.parse().ok()).collect()
}

impl Moment {
    /// The zone that is named, if one is.
    #[must_use]
    pub const fn zone(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Local { zone, .. } => zone.as_ref(),
            Self::Exact(_) | Self::Unknown => None,
        }
    }
}

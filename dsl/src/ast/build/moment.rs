//! Dates and times of day.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::Builder;
use crate::ast::{Moment, Name, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{Node, Rule};

impl Builder<'_> {
    /// The `moment` below `node`.
    pub(super) fn moment_in(&mut self, node: &Node) -> Option<Moment> {
        node.child(Rule::moment).map(|moment| self.moment(moment))
    }

    fn moment(&mut self, node: &Node) -> Moment {
        let Some(written) = node.child(Rule::moment_text) else {
            return Moment::Unknown;
        };
        let zone = node.child(Rule::moment_zone);
        if let Some(word) = zone.and_then(|zone| zone.child(Rule::kw_customer_time)) {
            self.report(
                Diagnostic::new(Code::J0901, word.span, "`in customer time` is not supported yet")
                    .here("known, but not in this version"),
            );
            return Moment::Unknown;
        }
        let zone = zone.and_then(|zone| zone.child(Rule::string)).map(|string| Name {
            value: string.text(self.text).trim_matches('"').to_owned(),
            span: string.span,
        });
        self.clock(written.span, zone)
    }

    fn clock(&mut self, span: Span, zone: Option<Name>) -> Moment {
        let written = span.text(self.text).to_owned();
        let (text, exact) = match written.strip_suffix('Z') {
            Some(text) => (text, true),
            None => (written.as_str(), false),
        };
        match read(text) {
            Ok(clock) if exact => Moment::Exact(clock.and_utc().timestamp_millis()),
            Ok(clock) => Moment::Local { clock: clock.and_utc().timestamp_millis(), zone },
            Err(Misread::TimeAlone) => {
                self.report(
                    Diagnostic::new(Code::J0901, span, "a time of day alone is not supported yet")
                        .here("known, but not in this version")
                        .help("say the day too: `2026-03-02T10:00`"),
                );
                Moment::Unknown
            }
            Err(misread) => {
                self.report(misread.diagnostic(span, &written));
                Moment::Unknown
            }
        }
    }
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

fn clock(text: &str) -> Option<NaiveTime> {
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

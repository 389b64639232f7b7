//! The `date` filter: reads the moments that data holds and prints them through `strftime`.

use std::fmt::Write as _;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

use super::Env;
use crate::error::Fault;
use crate::number;
use crate::value::Val;

/// A moment with its distance from UTC.
const WITH_OFFSET: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%Y-%m-%dT%H:%M%z",
    "%a, %d %b %Y %H:%M:%S %z",
];
/// A moment that says nothing of where it is meant; it is read as UTC.
const WITHOUT_OFFSET: [&str; 6] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%B %d, %Y %H:%M:%S",
    "%B %d, %Y %H:%M",
];
/// A day; it begins at midnight UTC.
const DAYS: [&str; 6] = ["%Y-%m-%d", "%Y/%m/%d", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%Y%m%d"];

const MILLIS_PER_SECOND: f64 = 1000.0;

/// What is no moment, and what has no format, stays as it is.
pub(super) fn date<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    env: &mut Env<'_>,
) -> Result<Val<'a>, Fault> {
    let format = env.text(args.first().unwrap_or(&Val::Nil))?;
    if format.is_empty() {
        return Ok(input.clone());
    }
    let Some(moment) = moment(input, env.now) else { return Ok(input.clone()) };
    env.budget.scan(format.len())?;
    let text = strftime(moment, &format);
    env.budget.text(text.len())?;
    Ok(text.into())
}

fn moment(value: &Val<'_>, now: i64) -> Option<DateTime<FixedOffset>> {
    match value {
        Val::Int(seconds) => utc(DateTime::from_timestamp(*seconds, 0)),
        Val::Float(seconds) => {
            utc(DateTime::from_timestamp_millis(number::truncated(seconds * MILLIS_PER_SECOND)))
        }
        Val::Text(text) => match text.as_str().trim() {
            "now" | "today" => utc(DateTime::from_timestamp_millis(now)),
            text => parse(text),
        },
        _ => None,
    }
}

fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    if let Ok(seconds) = text.parse() {
        return utc(DateTime::from_timestamp(seconds, 0));
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment);
    }
    let formats = WITH_OFFSET.iter();
    if let Some(moment) = formats.flat_map(|format| DateTime::parse_from_str(text, format)).next() {
        return Some(moment);
    }
    let text = text.strip_suffix("UTC").map_or(text, str::trim_end);
    let moments = WITHOUT_OFFSET.iter().flat_map(|f| NaiveDateTime::parse_from_str(text, f));
    let days = DAYS.iter().flat_map(|format| NaiveDate::parse_from_str(text, format));
    let moment = moments.chain(days.map(NaiveDateTime::from)).next();
    utc(moment.map(|moment| moment.and_utc()))
}

fn utc(moment: Option<DateTime<Utc>>) -> Option<DateTime<FixedOffset>> {
    moment.map(|moment| moment.fixed_offset())
}

/// Prints a moment; what is no directive is printed as it stands.
fn strftime(moment: DateTime<FixedOffset>, format: &str) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (plain, behind) = rest.split_at(at);
        text.push_str(plain);
        let flags = behind.get(1..).unwrap_or_default();
        let flags_length = flags.find(|c| !matches!(c, '-' | '_' | '0' | '^' | ':')).unwrap_or(0);
        let directive_letter = flags.get(flags_length..).and_then(|rest| rest.chars().next());
        let length = 1 + flags_length + directive_letter.map_or(0, char::len_utf8);
        let (directive, behind) = behind.split_at(length);
        text.push_str(&printed(moment, directive).unwrap_or_else(|| directive.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// One directive, with those of Ruby that chrono does not know: `%^b`, `%L`, `%N`, `%Z`.
fn printed(moment: DateTime<FixedOffset>, directive: &str) -> Option<String> {
    match directive {
        "%L" => return printed(moment, "%3f"),
        "%N" => return printed(moment, "%9f"),
        "%Z" if moment.offset().local_minus_utc() == 0 => return Some("UTC".to_owned()),
        _ => {}
    }
    if directive.contains('^') {
        return Some(printed(moment, &directive.replace('^', ""))?.to_uppercase());
    }
    let items: Vec<Item<'_>> = StrftimeItems::new(directive).collect();
    if items.iter().any(|part| matches!(part, Item::Error)) {
        return None;
    }
    let mut text = String::new();
    write!(text, "{}", moment.format_with_items(items.iter())).ok()?;
    Some(text)
}

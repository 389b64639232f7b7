//! Frequent mistakes that stand for a whole value or phrase: hours, days, zones and words.

use super::Builder;
use super::length::Calendar;
use super::moment::{DAYS, clock, meant_clock, time_of_day};
use crate::ast::{ExprKind, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};
use crate::time::{Days, Length, TimeOfDay, TimeWindow, Zone};

/// Words for moments that depend on a day which is never said, and what to say instead.
const MOMENTS: [(&str, &str); 7] = [
    ("tomorrow", "now + 1 day at 09:00"),
    ("today", "now at 09:00"),
    ("yesterday", "now - 1 day"),
    ("noon", "12:00"),
    ("midnight", "00:00"),
    ("morning", "09:00"),
    ("evening", "18:00"),
];

impl Builder<'_> {
    /// `09:00-20:00`, `9 to 5pm`: one message for signs and times together.
    pub(super) fn window_with(
        &mut self,
        from: &Node,
        sign: &Node,
        to: &Node,
        days: Days,
        zone: Zone,
    ) -> Option<TimeWindow> {
        let time = |node: &Node| -> Option<(String, TimeOfDay)> {
            let written = node.text(self.text);
            let meant =
                clock(written).map(|_| written.to_owned()).or_else(|| meant_clock(written))?;
            let time = time_of_day(clock(&meant)?);
            Some((meant, time))
        };
        let (opens, closes) = (time(from), time(to));
        let span = Span::new(from.span.file, from.span.start, to.span.end);
        let written = sign.text(self.text).trim().to_owned();
        let diagnostic =
            Diagnostic::new(Code::J0101, span, "hours are written with `..` between them");
        let (Some((from, opens)), Some((to, closes))) = (opens, closes) else {
            self.report(diagnostic.here("not understood").help("it is written `09:00..20:00`"));
            return None;
        };
        let mended = format!("{from}..{to}");
        self.report(diagnostic.here(format!("`{written}` stands between them")).replace(
            format!("write `{mended}`"),
            span,
            mended,
        ));
        Some(TimeWindow { days, from: opens, to: closes, zone })
    }

    /// `monday and friday`, `monday to friday`; the days that lie between.
    pub(super) fn joined_days(&mut self, first: &Node, sign: &Node, last: &Node) -> Days {
        if sign.text(self.text).trim() == "and" {
            self.report(
                Diagnostic::new(Code::J0122, sign.span, "days stand with commas between them")
                    .here("expected `,`")
                    .replace("write `,`", sign.span, ", "),
            );
            return Days(0);
        }
        let week = DAYS.iter().take(7);
        let place = |node: &Node| week.clone().position(|(name, _)| *name == node.text(self.text));
        let (from, to) = (place(first).unwrap_or(0), place(last).unwrap_or(0));
        let between: Vec<usize> =
            (from..from + 7).take_while(|day| *day <= to || from > to).collect();
        let count = if to >= from { to - from + 1 } else { to + 8 - from };
        let named: Vec<&(&str, Days)> =
            between.iter().take(count).filter_map(|day| DAYS.get(day % 7)).collect();
        let days = named.iter().fold(Days(0), |days, (_, day)| days.with(*day));
        let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
        let mended = if days == Days::WEEKDAYS { "weekdays".to_owned() } else { names.join(", ") };
        let span = first.span.to(last.span);
        self.report(
            Diagnostic::new(Code::J0101, span, "days are named one by one")
                .here("from one day to another")
                .replace(format!("write `{mended}`"), span, mended),
        );
        days
    }

    /// The duration of an `in_the_last`, in whatever words.
    pub(super) fn last_length(&mut self, node: &Node) -> Length {
        if let Some(slip) = node.child(Rule::slip_in_the_last) {
            let written = slip.text(self.text).trim_end().to_owned();
            let span = Span::new(slip.span.file, slip.span.start, slip.span.start + written.len());
            self.report(
                Diagnostic::new(
                    Code::J0101,
                    span,
                    format!("expected `in the last`, found `{written}`"),
                )
                .here("up to now")
                .replace("write `in the last`", span, "in the last"),
            );
        }
        self.length_in(node, Calendar::Allowed).value
    }

    /// `in Europe/Paris`
    pub(super) fn bare_zone(&mut self, node: &Node) -> Name {
        let written = node.text(self.text).to_owned();
        self.report(
            Diagnostic::new(
                Code::J0104,
                node.span,
                format!("the zone `{written}` stands without quotes"),
            )
            .here("quotes are missing")
            .replace(
                format!("write `\"{written}\"`"),
                node.span,
                format!("\"{written}\""),
            ),
        );
        Name { value: written, span: node.span }
    }

    /// `in custmer time`
    pub(super) fn misspelt_time(&mut self, node: &Node) {
        let written = node.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0115, node.span, format!("unknown zone `{written}`"))
                .here("did you mean `customer time`?")
                .replace("write `customer time`", node.span, "customer time"),
        );
    }

    /// `3 days before customer.trial_ends_at`
    pub(super) fn slip_before(&mut self, node: &Node) -> ExprKind {
        let part = |rule| node.child(rule).map_or("", |part| part.text(self.text));
        let sign = if node.has(Rule::kw_before) { "-" } else { "+" };
        let mended = format!("{} {sign} {}", part(Rule::path), part(Rule::length));
        self.report(
            Diagnostic::new(
                Code::J0101,
                node.span,
                "a moment before or after another is calculated",
            )
            .here(format!("expected `{sign}` and a duration behind the moment"))
            .replace(format!("write `{mended}`"), node.span, mended),
        );
        ExprKind::Unknown
    }

    pub(super) fn bare_url(&mut self, span: Span) -> ExprKind {
        let written = span.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0104, span, "this address stands without quotes")
                .here("quotes are missing")
                .replace(format!("write `\"{written}\"`"), span, format!("\"{written}\"")),
        );
        ExprKind::Unknown
    }

    /// Whether the word is one for a moment or a day, and then it is reported.
    pub(super) fn moment_in_words(&mut self, span: Span) -> bool {
        let word = span.text(self.text).to_owned();
        if let Some((_, instead)) = MOMENTS.iter().find(|(name, _)| *name == word) {
            self.report(
                Diagnostic::new(
                    Code::J0121,
                    span,
                    format!("`{word}` is no moment of this language"),
                )
                .here("a moment has a day or a time")
                .help(format!("say it as `{instead}`")),
            );
            return true;
        }
        let is_day = DAYS.iter().any(|(name, _)| *name == word);
        if is_day {
            let end = Span::new(span.file, span.end, span.end);
            self.report(
                Diagnostic::new(Code::J0121, span, format!("`{word}` at what time?"))
                    .here("the time is missing")
                    .replace(format!("write `{word} 09:00`"), end, " 09:00"),
            );
        }
        is_day
    }

    /// `wait 9am`
    pub(super) fn time_for_length(&mut self, span: Span) {
        let written = span.text(self.text).to_owned();
        let meant = meant_clock(&written).unwrap_or_else(|| "09:00".to_owned());
        self.report(
            Diagnostic::new(Code::J0121, span, format!("`{written}` is a time, not a duration"))
                .here("expected a duration such as `2 days`")
                .help(format!("a time of day is waited for with `wait until {meant}`")),
        );
    }

    /// Whether a condition begins with a misspelt one of these words, and then it is reported.
    pub(super) fn misspelt_first_word(&mut self, node: &Node, words: &[&'static str]) -> bool {
        let text = node.text(self.text);
        let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (word, rest) = text.split_at(length);
        let is_alone = rest.is_empty() || rest.starts_with([' ', '\t']);
        let near = nearest(word, words.iter().copied()).filter(|near| is_alone && *near != word);
        let Some(near) = near else {
            return false;
        };
        let word = word.to_owned();
        let span = Span::new(node.span.file, node.span.start, node.span.start + length);
        self.report(
            Diagnostic::new(Code::J0115, span, format!("unknown word `{word}`"))
                .here(format!("did you mean `{near}`?"))
                .replace(format!("write `{near}`"), span, near),
        );
        true
    }
}

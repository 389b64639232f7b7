//! Durations and counts.

use super::Builder;
use crate::ast::{Duration, DurationKind, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Count;
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};
use crate::time::{DAY, HOUR, Length, MINUTE, SECOND, Unit};

/// Years that a duration may last.
const LENGTH_YEARS_MAX: u32 = 100;

const UNITS: [&str; 7] = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"];

/// Short forms people know from elsewhere.
const SHORT: [(&str, &str); 17] = [
    ("s", "seconds"),
    ("sec", "seconds"),
    ("secs", "seconds"),
    ("m", "minutes"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("h", "hours"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("d", "days"),
    ("w", "weeks"),
    ("wk", "weeks"),
    ("wks", "weeks"),
    ("mo", "months"),
    ("y", "years"),
    ("yr", "years"),
    ("yrs", "years"),
];

/// Whether months and years may stand in a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    Exact,
    Allowed,
}

impl Builder<'_> {
    /// The `duration` below `node`; nothing where there is none.
    pub(super) fn length_in(&mut self, node: &Node, calendar: Calendar) -> Spanned<Length> {
        match node.child(Rule::duration) {
            Some(duration) => self.length(duration, calendar),
            None => Spanned { value: Length::default(), span: node.span },
        }
    }

    /// The `duration` below `node`, which may be computed.
    pub(super) fn duration_in(&mut self, node: &Node) -> Duration {
        let computed = node
            .child(Rule::duration)
            .and_then(|duration| duration.child(Rule::computed_duration))
            .cloned();
        if let Some(computed) = computed {
            return self.computed(&computed);
        }
        let length = self.length_in(node, Calendar::Exact);
        Duration { kind: DurationKind::Fixed(length.value), span: length.span }
    }

    /// `(EXPR) days`
    pub(super) fn computed(&mut self, node: &Node) -> Duration {
        let amount = match node.child(Rule::operand) {
            Some(operand) => self.value(operand),
            None => self.unknown_value(node.span),
        };
        let unit = node.child(Rule::unit).map_or(Unit::Day, |unit| unit_of(unit.text(self.text)));
        if !unit.is_exact() {
            self.report(
                Diagnostic::new(Code::J0404, node.span, "months and years have no exact length")
                    .here("not an exact length")
                    .help("count in weeks or days"),
            );
        }
        Duration { kind: DurationKind::Computed(Box::new(amount), unit), span: node.span }
    }

    /// A `length` or `duration_value`: pairs of amount and unit.
    pub(super) fn pairs(&mut self, node: &Node) -> Length {
        let mut length = Length::default();
        let amounts: Vec<&Node> = node.all(Rule::amount).collect();
        for (amount, unit) in amounts.into_iter().zip(node.all(Rule::unit)) {
            let number = amount.text(self.text).to_owned();
            let added = self.exactly(&number, unit.text(self.text), amount.span.to(unit.span));
            length.months = length.months.saturating_add(added.months);
            length.ms = length.ms.saturating_add(added.ms);
        }
        self.bounded(length, node.span)
    }

    pub(super) fn length(&mut self, node: &Node, calendar: Calendar) -> Spanned<Length> {
        let mut length = Length::default();
        if let Some(computed) = node.child(Rule::computed_duration) {
            self.report(
                Diagnostic::new(Code::J0403, computed.span, "this duration cannot be computed")
                    .here("expected a number and a unit")
                    .help("write it out: `5 days`; waits and moments may compute theirs"),
            );
            return Spanned { value: length, span: node.span };
        }
        for part in &node.children {
            let added = match part.rule {
                Rule::duration_part => self.length_part(part),
                Rule::slip_short => self.short(part),
                _ => self.unitless(part),
            };
            length.months = length.months.saturating_add(added.months);
            length.ms = length.ms.saturating_add(added.ms);
        }
        if length.months > 0 && calendar == Calendar::Exact {
            self.report(
                Diagnostic::new(Code::J0404, node.span, "months and years have no exact length")
                    .here("not an exact length")
                    .help("say it in weeks or days: `30 days`"),
            );
        }
        Spanned { value: self.bounded(length, node.span), span: node.span }
    }

    fn bounded(&mut self, length: Length, span: Span) -> Length {
        let most = i64::from(LENGTH_YEARS_MAX) * 366 * DAY;
        if length.ms > most || length.months > LENGTH_YEARS_MAX * 12 {
            self.report(
                Diagnostic::new(
                    Code::J0405,
                    span,
                    format!("this lasts longer than {LENGTH_YEARS_MAX} years"),
                )
                .here("too long"),
            );
            return Length::default();
        }
        length
    }

    fn length_part(&mut self, node: &Node) -> Length {
        if let Some(short) = node.child(Rule::slip_short) {
            return self.short(short);
        }
        let amount =
            node.child(Rule::amount).map_or("0", |amount| amount.text(self.text)).to_owned();
        if let Some(unit) = node.child(Rule::unit) {
            return self.exactly(&amount, unit.text(self.text), node.span);
        }
        let Some(unit) = node.child(Rule::slip_unit) else {
            return Length::default();
        };
        let word = unit.text(self.text).to_owned();
        let long = long_form(&word);
        let diagnostic = Diagnostic::new(Code::J0116, unit.span, format!("unknown unit `{word}`"));
        match long.or_else(|| nearest(&word, UNITS)) {
            Some(near) => {
                let written = long.unwrap_or(&word);
                self.report(
                    diagnostic
                        .help(format!("write `{amount} {near}`"))
                        .respell(unit.span, written, near),
                );
                self.exactly(&amount, near, node.span)
            }
            None => {
                self.report(
                    diagnostic
                        .here("not a unit of time")
                        .help("units are `seconds`, `minutes`, `hours`, `days` and `weeks`"),
                );
                Length::default()
            }
        }
    }

    pub(super) fn short(&mut self, node: &Node) -> Length {
        let written = node.text(self.text).to_owned();
        let digits = written.find(|c: char| c.is_alphabetic()).unwrap_or(written.len());
        let (amount, suffix) = written.split_at(digits);
        let unit = long_form(suffix).or_else(|| {
            UNITS
                .into_iter()
                .find(|unit| unit.trim_end_matches('s') == suffix.trim_end_matches('s'))
        });
        if matches!(suffix.to_lowercase().as_str(), "am" | "pm") {
            self.time_for_length(node.span);
            return Length::default();
        }
        let Some(unit) = unit else {
            self.report(
                Diagnostic::new(Code::J0116, node.span, format!("unknown unit `{suffix}`"))
                    .here("not a unit of time")
                    .help(format!("write a number and a unit: `{amount} days`")),
            );
            return Length::default();
        };
        let unit = if amount == "1" { unit.trim_end_matches('s') } else { unit };
        self.report(
            Diagnostic::new(Code::J0108, node.span, format!("`{written}` is no duration"))
                .here("units are written out")
                .replace(format!("write `{amount} {unit}`"), node.span, format!("{amount} {unit}")),
        );
        self.exactly(amount, unit, node.span)
    }

    fn unitless(&mut self, node: &Node) -> Length {
        let amount = node.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0107, node.span, format!("`{amount}` has no unit"))
                .here("seconds, hours, days?")
                .help(format!("write the unit behind it, such as `{amount} days`")),
        );
        Length::default()
    }

    fn exactly(&mut self, amount: &str, unit: &str, span: Span) -> Length {
        let months = match unit.trim_end_matches('s') {
            "month" => 1,
            "year" => 12,
            _ => 0,
        };
        if months > 0 {
            let Ok(count) = amount.parse::<u32>() else {
                self.report(
                    Diagnostic::new(
                        Code::J0405,
                        span,
                        format!("`{amount}` is no whole number of {unit}"),
                    )
                    .here("months and years are counted whole"),
                );
                return Length::default();
            };
            return Length { months: count.saturating_mul(months), ms: 0 };
        }
        let one = match unit.trim_end_matches('s') {
            "second" => SECOND,
            "minute" => MINUTE,
            "hour" => HOUR,
            "week" => 7 * DAY,
            _ => DAY,
        };
        Length::exact(multiply(amount, one))
    }

    /// A `count_number` as it is written.
    pub(super) fn number_of(&self, node: &Node) -> Spanned<f64> {
        Spanned { value: node.text(self.text).parse().unwrap_or(0.0), span: node.span }
    }

    /// The `percent` below `node`.
    pub(super) fn percent_in(&mut self, node: &Node) -> Spanned<f64> {
        let Some(percent) = node.child(Rule::percent) else {
            return Spanned { value: 0.0, span: node.span };
        };
        let slip = percent.child(Rule::slip_percent);
        let number = slip.unwrap_or(percent).child(Rule::percent_number);
        let written = number.map_or("0", |number| number.text(self.text)).to_owned();
        if let Some(slip) = slip {
            self.report(
                Diagnostic::new(Code::J0130, slip.span, "a share is written with a percent sign")
                    .here("`%` is missing")
                    .replace(format!("write `{written}%`"), slip.span, format!("{written}%")),
            );
        }
        Spanned { value: written.parse().unwrap_or(0.0), span: percent.span }
    }

    /// How often; whole and not negative.
    pub(super) fn count(&mut self, node: &Node) -> Count {
        let Some(number) = node.child(Rule::count_number) else {
            return Count::AtLeast(1);
        };
        let written = number.text(self.text).to_owned();
        let times = written.parse::<u32>().unwrap_or_else(|_| {
            self.report(
                Diagnostic::new(
                    Code::J0405,
                    number.span,
                    format!("`{written}` is no number of times"),
                )
                .here("expected a whole number from 0"),
            );
            1
        });
        if !node.has(Rule::kw_times) {
            let end = Span::new(number.span.file, number.span.end, number.span.end);
            self.report(
                Diagnostic::new(Code::J0107, number.span, format!("`{written}` of what?"))
                    .here("`times` is missing")
                    .replace(format!("write `{written} times`"), end, " times"),
            );
        }
        if node.has(Rule::kw_at_least) {
            Count::AtLeast(times)
        } else if node.has(Rule::kw_at_most) {
            Count::AtMost(times)
        } else {
            Count::Exactly(times)
        }
    }
}

pub(super) fn unit_of(word: &str) -> Unit {
    let one = word.trim_end_matches('s');
    Unit::ALL.into_iter().find(|unit| unit.word() == one).unwrap_or(Unit::Day)
}

fn long_form(short: &str) -> Option<&'static str> {
    let lower = short.to_lowercase();
    SHORT.iter().find(|(form, _)| *form == lower).map(|(_, unit)| *unit)
}

/// `amount`, with decimals or without, times `one`; saturating.
fn multiply(amount: &str, one: i64) -> i64 {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    let whole = whole.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(one);
    let decimals = decimals.get(..decimals.len().min(6)).unwrap_or_default();
    let scale = 10_i64.pow(u32::try_from(decimals.len()).unwrap_or(0));
    let part = decimals.parse::<i64>().unwrap_or(0).saturating_mul(one) / scale;
    whole.saturating_add(part)
}

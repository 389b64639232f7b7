//! Values, moments and lengths as the language writes them.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Keys, Where, is_word, quoted};
use crate::expr::{ArithmeticOp, Duration, Expr, Object, Occurrence, Total, Value, Which};
use crate::time::{Days, MomentLiteral, TimeOfDay, TimeWindow, Zone, rfc3339};

/// How tightly `+` and `-` bind.
const SUM: u8 = 1;
/// How tightly `*` and `/` bind.
const PRODUCT: u8 = 2;
/// How tightly `default` binds.
const DEFAULT: u8 = 3;
/// How tightly a value of one word binds.
const ATOM: u8 = 4;

/// The names of the days, Monday first.
const DAY_NAMES: [(chrono::Weekday, &str); 7] = [
    (chrono::Weekday::Mon, "monday"),
    (chrono::Weekday::Tue, "tuesday"),
    (chrono::Weekday::Wed, "wednesday"),
    (chrono::Weekday::Thu, "thursday"),
    (chrono::Weekday::Fri, "friday"),
    (chrono::Weekday::Sat, "saturday"),
    (chrono::Weekday::Sun, "sunday"),
];

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Literal(value) => literal(f, value),
            Self::Path(path) => path.fmt(f),
            Self::Template(text) => f.write_str(&quoted(text)),
            Self::List(members) => super::List(members).fmt(f),
            Self::Object(entries) => {
                braced(f, entries.iter().map(|(key, value)| (key.as_str(), value)))
            }
            Self::Arithmetic { left, op, right } => {
                let bind = binding(self);
                within(f, left, bind)?;
                write!(f, " {} ", op.sign())?;
                within(f, right, bind + 1)
            }
            Self::Default { value, default } => {
                within(f, value, DEFAULT + 1)?;
                f.write_str(" default ")?;
                literal(f, default)
            }
            Self::Duration(duration) => duration.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
            Self::At { day, time, zone } => {
                within(f, day, SUM)?;
                write!(f, " at {time}")?;
                in_zone(f, zone)
            }
            Self::Total(total) => total.fmt(f),
            Self::Occurrence(occurrence) => occurrence.fmt(f),
        }
    }
}

const fn binding(expr: &Expr) -> u8 {
    match expr {
        Expr::At { .. } => 0,
        Expr::Arithmetic { op: ArithmeticOp::Add | ArithmeticOp::Subtract, .. } => SUM,
        Expr::Arithmetic { op: ArithmeticOp::Multiply | ArithmeticOp::Divide, .. } => PRODUCT,
        Expr::Default { .. } => DEFAULT,
        Expr::Literal(_)
        | Expr::Path(_)
        | Expr::Template(_)
        | Expr::List(_)
        | Expr::Object(_)
        | Expr::Duration(_)
        | Expr::Moment(_)
        | Expr::Total(_)
        | Expr::Occurrence(_) => ATOM,
    }
}

/// In brackets where it binds less tightly than what stands around it.
fn within(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> Result {
    if binding(expr) < least { write!(f, "({expr})") } else { expr.fmt(f) }
}

fn literal(f: &mut Formatter<'_>, value: &Value) -> Result {
    match value {
        Value::String(text) => f.write_str(&quoted(text)),
        Value::Array(members) => {
            f.write_char('[')?;
            for (index, member) in members.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { ", " })?;
                literal(f, member)?;
            }
            f.write_char(']')
        }
        Value::Object(object) => object_literal(f, object),
        Value::Null | Value::Bool(_) | Value::Number(_) => write!(f, "{value}"),
    }
}

fn object_literal(f: &mut Formatter<'_>, object: &Object) -> Result {
    let entries: Vec<(&str, Expr)> =
        object.iter().map(|(key, value)| (key.as_str(), Expr::Literal(value.clone()))).collect();
    braced(f, entries.iter().map(|(key, value)| (*key, value)))
}

fn braced<'e>(f: &mut Formatter<'_>, entries: impl Iterator<Item = (&'e str, &'e Expr)>) -> Result {
    let mut gap = "{ ";
    for (key, value) in entries {
        if is_word(key) {
            write!(f, "{gap}{key}: {value}")?;
        } else {
            write!(f, "{gap}{}: {value}", quoted(key))?;
        }
        gap = ", ";
    }
    f.write_str(if gap == ", " { " }" } else { "{}" })
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Fixed(length) => length.fmt(f),
            Self::Computed { amount, unit } => write!(f, "({amount}) {}s", unit.word()),
        }
    }
}

impl Display for MomentLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::Exact(at) => f.write_str(&rfc3339(*at)),
            Self::Date { date, time: None, zone } => {
                write!(f, "{date}")?;
                in_zone(f, zone)
            }
            Self::Date { date, time: Some(time), zone } => {
                write!(f, "{date}T{time}")?;
                in_zone(f, zone)
            }
            Self::Next { days, time, zone } => {
                days_before(f, *days)?;
                time.fmt(f)?;
                in_zone(f, zone)
            }
        }
    }
}

impl Display for TimeWindow {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { days, from, to, zone } = self;
        days_before(f, *days)?;
        let midnight = TimeOfDay { second: 0 };
        // Nobody writes 24:00.
        let to = if to.second >= 86_400 { &midnight } else { to };
        write!(f, "{from}..{to}")?;
        in_zone(f, zone)
    }
}

impl Display for Days {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::ALL => f.write_str("every day"),
            Self::WEEKDAYS => f.write_str("weekdays"),
            Self::WEEKENDS => f.write_str("weekends"),
            days => {
                let names = DAY_NAMES.iter().filter(|(day, _)| days.contains(*day));
                let names: Vec<&str> = names.map(|(_, name)| *name).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

/// Every day needs no word before a time.
fn days_before(f: &mut Formatter<'_>, days: Days) -> Result {
    if days == Days::ALL { Ok(()) } else { write!(f, "{days} ") }
}

fn in_zone(f: &mut Formatter<'_>, zone: &Zone) -> Result {
    match zone {
        Zone::Customer => Ok(()),
        Zone::Named(name) => write!(f, " in {}", quoted(name)),
    }
}

impl Display for Total {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { function, atom, keys, window } = self;
        let name = quoted(&atom.activity.name);
        write!(f, "{} {name}{}", function.word(), Keys(keys))?;
        write!(f, "{}{window}", Where(atom.filter.as_deref()))
    }
}

impl Display for Occurrence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let which = match self.which {
            Which::First => "first",
            Which::Last => "last",
        };
        write!(f, "{which} {}{}", quoted(&self.event), Keys(&self.keys))
    }
}

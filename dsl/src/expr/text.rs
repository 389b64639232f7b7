//! Conditions and their parts as the language writes them, for histories and timelines.

mod value;

use std::fmt::{Display, Formatter, Result, Write};

use super::{
    ActivityKind, Atom, CompareOp, Condition, Count, Expr, Interaction, Key, MomentTest, Path,
    Presence, Scope, TextOp, Window,
};
use crate::time::{DAY, HOUR, Length, MINUTE, SECOND};

/// Months in a year.
const YEAR: u32 = 12;
/// Exact units, largest first; weeks are left out, so that `14 days` stays what it was.
const UNITS: [(i64, &str); 4] =
    [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];

/// The counting part of a `performed`: what and when, without how often.
pub(super) struct Performance<'a> {
    pub(super) atom: &'a Atom,
    pub(super) window: &'a Window,
}

impl Scope {
    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Event => "event",
            Self::Trigger => "trigger",
            Self::Journey => "journey",
            Self::With => "with",
            Self::Message => "message",
            Self::Row => "row",
            Self::Item => "item",
            Self::Object => "object",
            Self::Relationship => "relationship",
            Self::Old => "old",
            Self::Secret => "secret",
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.scope.word())?;
        Keys(&self.keys).fmt(f)
    }
}

/// The way behind the beginning of a path.
struct Keys<'a>(&'a [Key]);

impl Display for Keys<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.iter().try_for_each(|key| match key {
            Key::Name(name) if is_word(name) => write!(f, ".{name}"),
            Key::Name(name) => write!(f, "[{}]", quoted(name)),
            Key::Index(index) => write!(f, "[{index}]"),
        })
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut first = true;
        let mut part = |f: &mut Formatter<'_>, count: i64, unit: &str| {
            let gap = if std::mem::take(&mut first) { "" } else { " " };
            write!(f, "{gap}{count} {unit}{}", if count == 1 { "" } else { "s" })
        };
        let (years, months) = (self.months / YEAR, self.months % YEAR);
        for (count, unit) in [(years, "year"), (months, "month")] {
            if count > 0 {
                part(f, count.into(), unit)?;
            }
        }
        let mut rest = self.ms;
        for (size, unit) in UNITS {
            if rest / size > 0 {
                part(f, rest / size, unit)?;
            }
            rest %= size;
        }
        if self.months == 0 && self.ms < SECOND {
            part(f, 0, "second")?;
        }
        Ok(())
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Ever => Ok(()),
            Self::Last(length) => write!(f, " in the last {length}"),
            Self::SinceEntry => f.write_str(" since entry"),
            Self::Before(mark) => write!(f, " before {mark}"),
            Self::After(mark) => write!(f, " after {mark}"),
        }
    }
}

impl Display for Performance<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.atom, self.window)
    }
}

impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let verb = match self.activity.kind {
            ActivityKind::Event => "performed",
            ActivityKind::Page => "viewed page",
            ActivityKind::Screen => "viewed screen",
            ActivityKind::Form => "performed form",
        };
        write!(f, "{verb} {}{}", quoted(&self.activity.name), Where(self.filter.as_deref()))
    }
}

/// ` where (…)`, or nothing.
pub(super) struct Where<'a>(pub(super) Option<&'a Condition>);

impl Display for Where<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.map_or(Ok(()), |filter| write!(f, " where ({filter})"))
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::All(parts) => join(f, parts, " and "),
            Self::Any(parts) => join(f, parts, " or "),
            Self::Not(part) => negated(f, part),
            Self::Compare { left, op, right, ignoring_case } => {
                write!(f, "{left} {} {right}", compare_sign(*op))?;
                case(f, *ignoring_case)
            }
            Self::Between { value, low, high } => write!(f, "{value} between {low} and {high}"),
            Self::In { value, list, ignoring_case } => {
                write!(f, "{value} in {}", List(list))?;
                case(f, *ignoring_case)
            }
            Self::Text { left, op, right, ignoring_case } => {
                write!(f, "{left} {} {right}", text_word(*op))?;
                case(f, *ignoring_case)
            }
            Self::Presence { path, test } => write!(f, "{path} {}", presence_words(*test)),
            Self::InSegment(name) => write!(f, "in segment {}", quoted(name)),
            Self::Performed { atom, count, window } => write!(f, "{atom}{count}{window}"),
            Self::Moment { value, test } => write!(f, "{value} {test}"),
            Self::AnyItem { path, filter } => write!(f, "any {path}{}", Where(Some(filter))),
            Self::Interaction(interaction) => interaction.fmt(f),
            Self::InCampaign(name) => write!(f, "in campaign {}", quoted(name)),
            Self::EnteredCampaign(name) => write!(f, "entered campaign {}", quoted(name)),
            Self::FinishedCampaign(name) => write!(f, "finished campaign {}", quoted(name)),
            Self::SubscribedTo(name) => write!(f, "subscribed to topic {}", quoted(name)),
            Self::Unsubscribed => f.write_str("unsubscribed"),
            Self::Suppressed => f.write_str("suppressed"),
            Self::HasDevice(None) => f.write_str("has device"),
            Self::HasDevice(Some(platform)) => write!(f, "has {} device", platform.word()),
            Self::RelatedTo { object, filter } => {
                write!(f, "related to {}{}", quoted(object), Where(filter.as_deref()))
            }
            Self::Random { percent, seed } => write!(f, "random {percent}% {}", quoted(seed)),
        }
    }
}

fn negated(f: &mut Formatter<'_>, part: &Condition) -> Result {
    match part {
        Condition::In { value, list, ignoring_case } => {
            write!(f, "{value} not in {}", List(list))?;
            case(f, *ignoring_case)
        }
        part => {
            f.write_str("not ")?;
            bracketed(f, part)
        }
    }
}

impl Display for MomentTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Before(mark) => write!(f, "before {mark}"),
            Self::After(mark) => write!(f, "after {mark}"),
            Self::Between(low, high) => {
                write!(f, "between {low} and {high}")
            }
            Self::InTheLast(length) => write!(f, "in the last {length}"),
            Self::InTheNext(length) => write!(f, "in the next {length}"),
            Self::MoreThanAgo(length) => write!(f, "more than {length} ago"),
            Self::MoreThanFromNow(length) => write!(f, "more than {length} from now"),
        }
    }
}

impl Display for Interaction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (verb, channel) = (self.kind.word(), self.channel.word());
        match &self.message {
            Some(name) => write!(f, "{verb} {channel} {}", quoted(name))?,
            None => write!(f, "{verb} any {channel}")?,
        }
        if let Some(link) = &self.link {
            write!(f, " link {}", quoted(link))?;
        }
        write!(f, "{}{}", self.count, self.window)?;
        f.write_str(if self.this_run { " in this journey" } else { "" })
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (words, times) = match self {
            Self::AtLeast(1) => return Ok(()),
            Self::AtLeast(times) => ("at least", times),
            Self::AtMost(times) => ("at most", times),
            Self::Exactly(times) => ("exactly", times),
        };
        write!(f, " {words} {times} time{}", if *times == 1 { "" } else { "s" })
    }
}

struct List<'a>(&'a [Expr]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('[')?;
        for (index, element) in self.0.iter().enumerate() {
            write!(f, "{}{element}", if index == 0 { "" } else { ", " })?;
        }
        f.write_char(']')
    }
}

fn join(f: &mut Formatter<'_>, parts: &[Condition], word: &str) -> Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { word })?;
        bracketed(f, part)?;
    }
    Ok(())
}

fn bracketed(f: &mut Formatter<'_>, part: &Condition) -> Result {
    match part {
        Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => write!(f, "({part})"),
        part => part.fmt(f),
    }
}

fn case(f: &mut Formatter<'_>, ignoring: bool) -> Result {
    f.write_str(if ignoring { " ignoring case" } else { "" })
}

/// A text of the language; what has no sign there is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() => quoted.push_str(&format!("\\u{{{:X}}}", u32::from(sign))),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

const fn compare_sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    }
}

const fn text_word(op: TextOp) -> &'static str {
    match op {
        TextOp::Contains => "contains",
        TextOp::StartsWith => "starts with",
        TextOp::EndsWith => "ends with",
        TextOp::Matches => "matches",
    }
}

const fn presence_words(test: Presence) -> &'static str {
    match test {
        Presence::Exists => "exists",
        Presence::Missing => "is missing",
        Presence::Empty => "is empty",
    }
}

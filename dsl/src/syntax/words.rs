//! The words of the language as people know them: what stands where, in which form, and what a rule
//! of the grammar is called in a message.

mod called;
mod habits;
mod lines;
mod steps;

pub(super) use called::{COMPARISON, OPTIONAL, called, spelt};
pub(super) use habits::{CONTINUATIONS, NEVER_PUT, PUT_AT_END, PUT_BEFORE_TEXT, habit};

use super::grammar::Rule;

/// Words that can be no label and no `as` name.
pub const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "where",
    "when",
    "if",
    "else",
    "on",
    "as",
    "with",
    "to",
    "at",
    "up",
    "until",
    "unless",
    "replacing",
    "forever",
    "exists",
    "contains",
    "starts",
    "ends",
    "matches",
    "between",
    "before",
    "after",
    "performed",
    "since",
    "true",
    "false",
    "null",
    "ignoring",
    "within",
    "because",
    "for",
    "from",
    "per",
    "every",
    "default",
    "late",
    "by",
    "of",
    "link",
    "winner",
    "send",
    "draft",
    "wait",
    "set",
    "unset",
    "exit",
    "match",
    "split",
    "experiment",
    "repeat",
    "add",
    "remove",
    "subscribe",
    "unsubscribe",
    "suppress",
    "emit",
    "call",
    "lookup",
    "start",
    "note",
    "take",
    "once",
    "only",
    "enter",
    "goal",
    "topic",
    "limit",
    "holdout",
    "timeout",
    "now",
    "customer",
    "event",
    "trigger",
    "journey",
    "row",
    "item",
    "object",
    "relationship",
    "message",
    "old",
    "secret",
    "campaign",
    "segment",
    "email",
    "sms",
    "push",
    "in_app",
    "slack",
    "layout",
    "snippet",
    "cap",
    "test",
    "workspace",
    "broadcast",
    "expect",
    "given",
];

/// How one construct is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// The word or words it begins with.
    pub(super) head: &'static str,
    /// Its rule.
    pub(super) rule: Rule,
    /// As the reference shows it, in each of its forms.
    pub(super) shapes: &'static [&'static str],
}

impl Form {
    /// Whether a part that begins with this word is probably meant to be this.
    pub(super) fn begins_with(&self, word: &str) -> bool {
        let first = word.chars().next();
        match self.head {
            "%" | "\"" => first.is_some_and(|c| c.is_ascii_digit() || matches!(c, '"' | '-')),
            head => head == word,
        }
    }
}

const fn form(head: &'static str, rule: Rule, shapes: &'static [&'static str]) -> Form {
    Form { head, rule, shapes }
}

/// What may stand where a piece of junk stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// What one of its parts is called: `a step`.
    pub(super) part: &'static str,
    /// The parts.
    pub(super) forms: &'static [Form],
    /// Those that are named where nothing better can be said.
    pub(super) samples: &'static [&'static str],
    /// Words that begin a part in other languages, and how it begins here.
    pub(super) foreign: &'static [(&'static str, &'static str)],
}

impl Place {
    /// What takes one of its parts, whichever it is.
    pub(super) const fn part_rule(self) -> Option<Rule> {
        match self.part.as_bytes() {
            b"a step or a clause" => Some(Rule::part_any),
            b"a declaration" => Some(Rule::declaration),
            b"a line of a test" => Some(Rule::test_line),
            b"an arm" => Some(Rule::arm_any),
            b"a part of a cap" => Some(Rule::cap_any),
            _ => None,
        }
    }
}

const MESSAGE: &[&str] = &["email \"name\" { subject: \"…\"  body: file \"….html\" }"];

pub(super) const OUTSIDE: Place = Place {
    part: "a declaration",
    forms: &[
        form("campaign", Rule::campaign, &["campaign \"name\" { … }"]),
        form("broadcast", Rule::broadcast, &["broadcast \"name\" { to CONDITION  … }"]),
        form("email", Rule::message, MESSAGE),
        form("sms", Rule::message, &["sms \"name\" { body: \"…\" }"]),
        form("push", Rule::message, &["push \"name\" { title: \"…\"  body: \"…\" }"]),
        form("in_app", Rule::message, &["in_app \"name\" { body: \"…\" }"]),
        form("slack", Rule::message, &["slack \"name\" { channel: \"#…\"  text: \"…\" }"]),
        form(
            "segment",
            Rule::segment,
            &["segment \"name\" = CONDITION", "segment \"name\" manual"],
        ),
        form("topic", Rule::topic_declaration, &["topic \"name\" { default: subscribed }"]),
        form("cap", Rule::cap, &["cap \"name\" { at most 3 per 7 days }"]),
        form("layout", Rule::layout, &["layout \"name\" { body: file \"….html\" }"]),
        form("snippet", Rule::snippet, &["snippet \"name\" { body: \"…\" }"]),
        form("test", Rule::test, &["test \"name\" { campaign \"…\"  … }"]),
        form("workspace", Rule::workspace, &["workspace { timezone: \"…\"  from: \"…\" }"]),
    ],
    samples: &["campaign", "email", "segment", "test"],
    foreign: habits::DECLARATIONS,
};

pub(super) const CAMPAIGN: Place = Place {
    part: "a step or a clause",
    forms: steps::FORMS,
    samples: &["on", "send", "wait", "if", "set"],
    foreign: habits::STEPS,
};

pub(super) const ARMS: Place = Place {
    part: "an arm",
    forms: &[form(
        "on",
        Rule::signal_arm,
        &["on event \"name\" [where CONDITION] { … }", "on CONDITION { … }", "on timeout { … }"],
    )],
    samples: &["on"],
    foreign: &[
        ("event", "on event"),
        ("timeout", "on timeout"),
        ("else", "on timeout"),
        ("otherwise", "on timeout"),
        ("late", "on timeout"),
        ("when", "on"),
        ("if", "on"),
        ("case", "on"),
    ],
};

pub(super) const MATCH_ARMS: Place = Place {
    part: "an arm",
    forms: &[
        form("else", Rule::else_block, &["else { … }"]),
        form("\"", Rule::match_arm, &["\"value\" { … }"]),
    ],
    samples: &[],
    foreign: &[("default", "else"), ("otherwise", "else"), ("_", "else"), ("case", ""), ("on", "")],
};

pub(super) const SHARES: Place = Place {
    part: "an arm",
    forms: &[form("%", Rule::share, &["50% \"name\" { … }"])],
    samples: &[],
    foreign: &[
        ("on", "50%"),
        ("arm", ""),
        ("half", "50%"),
        ("quarter", "25%"),
        ("else", "50% \"else\""),
    ],
};

pub(super) const CALL_FIELDS: Place =
    Place { part: "a field", forms: &[], samples: &[], foreign: &[] };

pub(super) const CAP: Place = Place {
    part: "a part of a cap",
    forms: &[
        form("at", Rule::cap_limit, &["at most 3 per 7 days"]),
        form("%", Rule::cap_limit, &["at most 3 per 7 days"]),
        form("topic", Rule::topic, &["topic \"name\""]),
        form("hold", Rule::cap_hold, &["hold up to 2 days"]),
    ],
    samples: &["at most", "topic", "hold up to"],
    foreign: &[
        ("limit", "at most"),
        ("most", "at most"),
        ("atmost", "at most"),
        ("max", "at most"),
        ("up", "at most"),
    ],
};

pub(super) const FIELDS: Place = Place { part: "a field", forms: &[], samples: &[], foreign: &[] };

pub(super) const TEST: Place = Place {
    part: "a line of a test",
    forms: lines::FORMS,
    samples: &["campaign", "given", "at", "event", "wait", "expect"],
    foreign: habits::LINES,
};

/// The candidate that was probably meant by `word`, by letter case first and then by distance.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let lower = word.to_lowercase();
    let allowed = match word.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let length = lower.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

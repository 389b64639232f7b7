//! The words of the language as people know them: what stands where, in which form, and what a rule
//! of the grammar is called in a message.

use super::grammar::Rule;

/// Words that can be no label and no `as` name.
pub(crate) const KEYWORDS: &[&str] = &[
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
    "performed",
    "since",
    "true",
    "false",
    "null",
    "ignoring",
    "within",
    "because",
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
    "only",
    "enter",
    "goal",
    "topic",
    "limit",
    "holdout",
    "timeout",
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
    "campaign",
    "segment",
    "email",
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
    /// Heads of parts that this version knows by name only.
    pub(super) later: &'static [&'static str],
}

pub(super) const OUTSIDE: Place = Place {
    part: "a declaration",
    forms: &[
        form("campaign", Rule::campaign, &["campaign \"name\" { … }"]),
        form("email", Rule::email, &["email \"name\" { subject: \"…\"  body: file \"….html\" }"]),
        form("segment", Rule::segment, &["segment \"name\" = CONDITION"]),
        form("test", Rule::test, &["test \"name\" { campaign \"…\"  … }"]),
        form("workspace", Rule::workspace, &["workspace { timezone: \"…\"  from: \"…\" }"]),
    ],
    later: &["topic", "broadcast", "layout", "snippet", "sms", "push", "in_app", "slack", "cap"],
};

pub(super) const CAMPAIGN: Place = Place {
    part: "a step or a clause",
    forms: &[
        form("on", Rule::on_event, &["on event \"name\" [where CONDITION]"]),
        form("only", Rule::only_if, &["only if CONDITION"]),
        form(
            "enter",
            Rule::enter,
            &[
                "enter once [per 30 days]",
                "enter every time",
                "enter … [unless active | replacing active]",
            ],
        ),
        form(
            "exit",
            Rule::exit_when,
            &["exit when event \"name\" [where CONDITION]", "exit when CONDITION", "exit"],
        ),
        form("topic", Rule::topic, &["topic \"name\""]),
        form("send", Rule::send_email, &["send email \"name\" [to ADDRESS] [with { key: VALUE }]"]),
        form(
            "wait",
            Rule::wait_any,
            &["wait 2 days", "wait up to 5 days { on event \"name\" { … } on timeout { … } }"],
        ),
        form("if", Rule::if_step, &["if CONDITION { … } else if CONDITION { … } else { … }"]),
        form("set", Rule::set, &["set customer.name = VALUE", "set journey.name = VALUE"]),
        form("unset", Rule::unset, &["unset customer.name"]),
    ],
    later: &[
        "repeat",
        "split",
        "experiment",
        "match",
        "emit",
        "lookup",
        "subscribe",
        "unsubscribe",
        "suppress",
        "holdout",
        "goal",
        "limit",
        "note",
    ],
};

pub(super) const ARMS: Place = Place {
    part: "an arm",
    forms: &[form(
        "on",
        Rule::signal_arm,
        &["on event \"name\" [where CONDITION] { … }", "on CONDITION { … }", "on timeout { … }"],
    )],
    later: &[],
};

pub(super) const FIELDS: Place = Place { part: "a field", forms: &[], later: &[] };

pub(super) const TEST: Place = Place {
    part: "a line of a test",
    forms: &[
        form("campaign", Rule::test_campaign, &["campaign \"name\""]),
        form(
            "given",
            Rule::given_any,
            &[
                "given customer with { … }",
                "given segment \"name\"",
                "given events \"name\" 3 times",
                "given unsubscribed",
            ],
        ),
        form("at", Rule::test_at, &["at 2026-03-02T10:00"]),
        form("event", Rule::test_event, &["event \"name\" [with { key: VALUE }]"]),
        form("customer", Rule::test_customer, &["customer with { key: VALUE }"]),
        form("wait", Rule::test_wait_any, &["wait 2 days", "wait until 2026-03-04T10:00"]),
        form(
            "expect",
            Rule::expect_any,
            &[
                "expect [no] email \"name\" [where (CONDITION)] [within 2 days]",
                "expect finished",
                "expect at step LABEL",
                "expect CONDITION",
            ],
        ),
    ],
    later: &["opens", "clicks", "bounces", "converts", "subscribes", "unsubscribes", "broadcast"],
};

/// Rank of what may follow a value, unsaid where anything else is expected.
pub(super) const COMPARISON: u8 = 8;
/// Rank of what need not be there, never said.
pub(super) const OPTIONAL: u8 = 9;

/// What people call what a rule takes, with its rank in a list; `None` stays unsaid.
pub(super) fn called(rule: Rule) -> Option<(u8, String)> {
    let (rank, words) = match rule {
        Rule::name | Rule::decl_name => (0, "a name in quotes"),
        Rule::text | Rule::string => (0, "a text in quotes"),
        Rule::duration | Rule::up_to => (0, "a duration such as `2 days`"),
        Rule::signal => (0, "`event \"name\"` or a condition"),
        Rule::condition
        | Rule::condition_only
        | Rule::unary
        | Rule::group
        | Rule::comparison
        | Rule::predicate => (1, "a condition"),
        Rule::operand | Rule::value => (1, "a value"),
        Rule::path | Rule::path_head => (1, "a path such as `customer.plan`"),
        Rule::dot_key | Rule::identifier => (1, "a name"),
        Rule::list => (1, "a list such as `[\"a\", \"b\"]`"),
        Rule::moment => (1, "a date such as `2026-03-02T10:00`"),
        Rule::group_end => (0, "`)`"),
        Rule::list_end => (0, "`]`"),
        Rule::object => (2, "`{ key: VALUE }`"),
        Rule::block | Rule::arms | Rule::fields | Rule::test_block => (3, "`{`"),
        Rule::set_sign | Rule::segment_sign => (0, "`=`"),
        Rule::compare_op
        | Rule::relation
        | Rule::text_op
        | Rule::presence
        | Rule::in_list
        | Rule::compare => (COMPARISON, "a comparison such as `==`"),
        Rule::count_number | Rule::amount | Rule::number => (1, "a number"),
        Rule::unit => (0, "a unit such as `days`"),
        Rule::enter_once => (0, "`once`"),
        Rule::kw_and
        | Rule::kw_or
        | Rule::kw_as
        | Rule::kw_where
        | Rule::kw_with
        | Rule::kw_to
        | Rule::kw_in
        | Rule::kw_not
        | Rule::kw_ignoring_case
        | Rule::kw_unless_active
        | Rule::kw_replacing_active
        | Rule::kw_per
        | Rule::kw_within
        | Rule::kw_because
        | Rule::kw_at_least
        | Rule::kw_at_most
        | Rule::kw_exactly
        | Rule::kw_is
        | Rule::kw_between
        | Rule::kw_exists
        | Rule::kw_since_entry => return keyword(rule).map(|word| (OPTIONAL, format!("`{word}`"))),
        other => return keyword(other).map(|word| (2, format!("`{word}`"))),
    };
    Some((rank, words.to_owned()))
}

/// The word that a `kw_…` rule spells.
pub(super) fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(|word| word.replace('_', " "))
}

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

//! What a rule of the grammar is called in a message.

use crate::syntax::grammar::Rule;

/// Rank of what may follow a value, unsaid where anything else is expected.
pub(crate) const COMPARISON: u8 = 8;
/// Rank of what need not be there, never said.
pub(crate) const OPTIONAL: u8 = 9;

/// What people call what a rule takes, with its rank in a list; `None` stays unsaid.
pub(crate) fn called(rule: Rule) -> Option<(u8, String)> {
    let (rank, words) = match rule {
        Rule::name | Rule::decl_name => (0, "a name in quotes"),
        Rule::text | Rule::string => (0, "a text in quotes"),
        Rule::duration | Rule::up_to => (0, "a duration such as `2 days`"),
        Rule::signal | Rule::exit_signal => (0, "`event \"name\"` or a condition"),
        Rule::activity | Rule::activity_signal => (0, "`event \"name\"`"),
        Rule::channel => (0, "`email` or another channel"),
        Rule::method => (0, "`GET` or `POST`"),
        Rule::percent | Rule::share => (0, "a percentage such as `50%`"),
        Rule::time_window => (0, "hours such as `09:00..20:00`"),
        Rule::clock => (0, "a time such as `09:00`"),
        Rule::days | Rule::day_word => (1, "a day such as `monday`"),
        Rule::day_of_month => (1, "a day of the month such as `1st`"),
        Rule::zone | Rule::at_time => (OPTIONAL, "a zone"),
        Rule::attribution => (0, "`entry`, `send`, `open` or `click`"),
        Rule::winner => (0, "`opens`, `clicks` or `goal`"),
        Rule::platform => (1, "`ios`, `android` or `web`"),
        Rule::change => (2, "`change`"),
        Rule::date => (2, "`date`"),
        Rule::object_match => (2, "`match`"),
        Rule::repeat_times | Rule::slip_times => (0, "`up to 3 times`"),
        Rule::match_arm | Rule::literal => (0, "a value such as `\"pro\"`"),
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
        Rule::bracketed_where => (0, "`where (CONDITION)`"),
        Rule::order_by => (OPTIONAL, "`order by`"),
        Rule::group_end => (0, "`)`"),
        Rule::list_end => (0, "`]`"),
        Rule::object => (2, "`{ key: VALUE }`"),
        Rule::send_with => (2, "`with { key: VALUE }`"),
        Rule::block
        | Rule::arms
        | Rule::match_arms
        | Rule::shares
        | Rule::fields
        | Rule::cap_block
        | Rule::test_block => (3, "`{`"),
        Rule::set_sign | Rule::segment_sign => (0, "`=`"),
        Rule::compare_op
        | Rule::relation
        | Rule::text_op
        | Rule::presence
        | Rule::in_list
        | Rule::compare
        | Rule::placed
        | Rule::sign => (COMPARISON, "a comparison such as `==`"),
        Rule::count_number | Rule::amount | Rule::number => (1, "a number"),
        Rule::unit => (0, "a unit such as `days`"),
        other => {
            let word = keyword(other)?;
            let rank = if is_optional(other) { OPTIONAL } else { 2 };
            return Some((rank, format!("`{word}`")));
        }
    };
    Some((rank, words.to_owned()))
}

/// Words that go on with something complete.
const fn is_optional(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::kw_and
            | Rule::kw_or
            | Rule::kw_as
            | Rule::kw_at
            | Rule::kw_where
            | Rule::kw_with
            | Rule::kw_to
            | Rule::kw_in
            | Rule::kw_not
            | Rule::kw_ignoring_case
            | Rule::kw_unless_active
            | Rule::kw_replacing_active
            | Rule::kw_including_current
            | Rule::kw_per
            | Rule::kw_within
            | Rule::kw_because
            | Rule::kw_at_least
            | Rule::kw_at_most
            | Rule::kw_exactly
            | Rule::kw_is
            | Rule::kw_between
            | Rule::kw_exists
            | Rule::kw_default
            | Rule::kw_link
            | Rule::kw_yearly
            | Rule::kw_monthly
            | Rule::kw_fresh
            | Rule::kw_late
            | Rule::kw_like
            | Rule::kw_transactional
            | Rule::kw_for_people
            | Rule::kw_for_person
            | Rule::kw_order_by
            | Rule::kw_descending
            | Rule::kw_since_entry
    )
}

/// The words that a rule takes at its beginning, as they are spelt.
pub(crate) fn spelt(rule: Rule) -> Vec<String> {
    let words: &[&str] = match rule {
        Rule::signal | Rule::exit_signal => {
            &["event", "page", "screen", "form", "performed", "unmatched", "goal"]
        }
        Rule::activity | Rule::activity_signal => &["event", "page", "screen", "form"],
        Rule::channel => &["email", "sms", "push", "in_app", "slack"],
        Rule::attribution => &["entry", "send", "open", "click"],
        Rule::winner => &["opens", "clicks", "goal"],
        Rule::platform => &["ios", "android", "web"],
        Rule::fate => &["held", "drafted", "skipped", "failed"],
        Rule::days | Rule::day_word => &[
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "weekdays",
            "weekends",
        ],
        Rule::comma => &[","],
        Rule::segment_sign | Rule::set_sign => &["="],
        Rule::condition | Rule::unary | Rule::predicate => &[
            "in segment",
            "performed",
            "received",
            "opened",
            "clicked",
            "bounced",
            "converted",
            "viewed page",
            "viewed screen",
            "subscribed to topic",
            "related to",
            "random",
        ],
        Rule::count => &["at least", "at most", "exactly"],
        Rule::relation => &[
            "contains",
            "starts with",
            "ends with",
            "matches",
            "exists",
            "is missing",
            "is empty",
            "between",
            "before",
            "after",
            "in the last",
            "in the next",
            "more than",
        ],
        Rule::kw_every => &["every", "every day"],
        Rule::change => &["change"],
        Rule::date => &["date"],
        Rule::object_match => &["match"],
        Rule::wait_limit | Rule::up_to => &["up to", "until", "forever"],
        Rule::repeat_times => &["up to"],
        Rule::repeat_every => &["every"],
        Rule::as_name => &["as"],
        Rule::send_with => &["with"],
        Rule::window => &["in the last", "since entry", "before", "after"],
        other => return keyword(other).into_iter().collect(),
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The word that a `kw_…` rule spells.
fn keyword(rule: Rule) -> Option<String> {
    match rule {
        Rule::kw_in_app => Some("in_app".to_owned()),
        _ => format!("{rule:?}").strip_prefix("kw_").map(|word| word.replace('_', " ")),
    }
}

//! All that the formatter knows of single rules of the grammar.

use super::layout::Stop;
use crate::syntax::Rule;

/// How the inside of braces is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Each part on its own line; one part without a block of its own may stay beside its braces.
    Lines,
    /// Like lines, and any number may stay on one line, two spaces between them.
    Fields,
    /// Entries with commas; stays on one line where it was written so and fits.
    Entries,
}

/// What the braces of a rule hold.
pub(super) const fn inside(rule: Rule) -> Inside {
    match rule {
        Rule::object => Inside::Entries,
        Rule::fields | Rule::cap_block | Rule::call_fields => Inside::Fields,
        _ => Inside::Lines,
    }
}

/// Rules whose text is one word, although they have parts.
pub(super) const fn is_word(rule: Rule) -> bool {
    matches!(rule, Rule::path | Rule::dot_key | Rule::bracket_key | Rule::text | Rule::percent)
}

/// Words that are their author's: the space in them is part of what they say.
pub(super) const fn is_verbatim(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::path
            | Rule::dot_key
            | Rule::bracket_key
            | Rule::text
            | Rule::string
            | Rule::bare_text
    )
}

/// A chain of conditions, broken before the words that join them.
pub(super) const fn is_condition(rule: Rule) -> bool {
    matches!(rule, Rule::condition)
}

/// What joins conditions.
pub(super) const fn is_junction(rule: Rule) -> bool {
    matches!(rule, Rule::junction)
}

/// Where a line may be broken behind a word: after the sign between a name and the condition it
/// stands for, and between what stands side by side.
pub(super) const fn stop_behind(rule: Rule) -> Option<Stop> {
    match rule {
        Rule::segment_sign => Some(Stop::Meaning),
        Rule::comma => Some(Stop::Comma),
        _ => None,
    }
}

/// Parts between which a blank line stands, although nobody wrote one.
pub(super) const fn are_apart(above: Rule, below: Rule) -> bool {
    matches!((above, below), (Rule::clause, Rule::step) | (Rule::edition, _))
}

/// What may begin a line of its own where a head is too long: a part of a whole.
///
/// Phrases that have to stay on one line, such as a moment and its `at 09:00`, do not.
pub(super) const fn stop_before(whole: Rule, part: Rule) -> Option<Stop> {
    match (whole, part) {
        (_, Rule::sign) => Some(Stop::Sign),
        (Rule::total, Rule::bracketed_where | Rule::slip_where | Rule::window) => {
            Some(Stop::Narrower)
        }
        (Rule::for_people, Rule::bracketed_where | Rule::slip_where) => None,
        (Rule::lookup, Rule::kw_where)
        | (Rule::goal, Rule::kw_when)
        | (Rule::add, Rule::kw_to)
        | (Rule::remove, Rule::kw_from)
        | (
            _,
            Rule::r#where
            | Rule::bracketed_where
            | Rule::slip_where
            | Rule::count
            | Rule::window
            | Rule::reach
            | Rule::link
            | Rule::change_from
            | Rule::change_to
            | Rule::for_people
            | Rule::goal_within
            | Rule::send_to
            | Rule::send_with
            | Rule::wait_limit
            | Rule::kw_winner_by
            | Rule::repeat_every
            | Rule::repeat_until
            | Rule::emit_for
            | Rule::order_by
            | Rule::as_name
            | Rule::at_moment
            | Rule::within
            | Rule::because,
        ) => Some(Stop::Clause),
        _ => None,
    }
}

//! Which rules have a picture, what they are called in it, and where the grammar takes more than
//! the language allows.

use std::collections::{BTreeMap, BTreeSet};

use pest_meta::ast::{Expr, RuleType};

use super::shape::{Drafter, Shape, WORDS_MAX};
use crate::grammar::{Grammar, alternatives, is_tolerance, names, parts, phrase};

/// Each alternative of these has a picture.
const HUBS: [&str; 6] = ["declaration", "clause", "step", "predicate", "relation", "test_line"];
/// And so have these.
const PICTURES: [&str; 19] = [
    "block",
    "channel",
    "condition",
    "day_time",
    "duration",
    "fields",
    "file",
    "list",
    "literal",
    "moment",
    "object",
    "occurrence",
    "operand",
    "path",
    "primary",
    "signal",
    "time_window",
    "total",
    "value",
];
/// Rules that people know by another name.
const LABELS: [(&str, &str); 26] = [
    ("amount", "number"),
    ("bare_text", "word"),
    ("block", "{ steps }"),
    ("block_type", "kind of text"),
    ("broadcast_at", "at"),
    ("clock_text", "time of day"),
    ("count_number", "number"),
    ("day_of_month", "1st, 2nd, …"),
    ("decl_name", "\"name\""),
    ("edition_number", "number"),
    ("field_name", "field"),
    ("fields", "{ fields }"),
    ("identifier", "word"),
    ("integer", "number"),
    ("literal", "fixed value"),
    ("method", "METHOD"),
    ("moment_text", "date or time"),
    ("name", "\"name\""),
    ("operand", "expression"),
    ("path_head", "word"),
    ("percent_number", "number"),
    ("primary", "value"),
    ("string", "\"text\""),
    ("text", "\"text\""),
    ("topic_declaration", "topic"),
    ("value", "expression or object"),
];
/// Read whole by the reader, though the grammar looks inside.
const LEAVES: [&str; 4] = ["decl_name", "name", "string", "text"];
/// Where the grammar takes more than is right, so that a message can name it: what is right.
const FORMS: &str = r#"
arms         = { "{" ~ (signal_arm | timeout_arm)* ~ close }
block        = { "{" ~ step* ~ close }
broadcast    = { kw_broadcast ~ decl_name ~ "{" ~ clause* ~ step* ~ close }
call_field   = { field_name ~ field_sign ~ value }
call_fields  = { "{" ~ call_field* ~ close }
campaign     = { kw_campaign ~ decl_name ~ "{" ~ clause* ~ step* ~ close }
cap_block    = { "{" ~ (cap_limit | topic | cap_hold)* ~ close }
compare_op   = { "==" | "!=" | "<" | "<=" | ">" | ">=" }
comparison   = { operand ~ relation }
enter        = { kw_enter ~ (kw_once | kw_every_time) ~ per? ~ (kw_unless_active | kw_replacing_active)? ~ kw_including_current? }
field        = { field_name ~ field_sign ~ field_value }
field_sign   = { ":" }
fields       = { "{" ~ (field | language)* ~ close }
group        = { "(" ~ condition ~ group_end }
if_step      = { kw_if ~ condition ~ block ~ else_if* ~ else_block? }
interaction  = { interaction_word ~ (any_message | channel ~ name) ~ link? ~ count? ~ (window | reach)? }
list         = { "[" ~ (member ~ (comma ~ member)*)? ~ list_end }
match_arms   = { "{" ~ match_arm* ~ else_block? ~ close }
object       = { "{" ~ (entry ~ (comma ~ entry)*)? ~ close }
performed    = { (kw_performed | kw_viewed_page | kw_viewed_screen) ~ name ~ bracketed_where? ~ count? ~ window? }
repeat       = { kw_repeat ~ repeat_times ~ repeat_every? ~ repeat_until? ~ as_name? ~ block }
segment_sign = { "=" }
set_sign     = { "=" }
total        = { total_word ~ text ~ (dot_key | bracket_key)* ~ bracketed_where? ~ window? }
unary        = { negation? ~ (group | predicate) }
"#;
/// What a form may leave out of its rule: the inside of blocks, what only parts the tokens, commas
/// that are too many, what follows a field that lacks its colon, and what makes a group a value.
const NOT_IN_FORMS: [&str; 8] =
    ["block", "clause", "comma", "gap", "group_tail", "object", "space", "text"];

/// The grammar as the reference shows it.
pub(super) struct Book {
    grammar: Grammar,
    forms: Grammar,
    chosen: BTreeSet<String>,
}

impl Book {
    pub(super) fn read() -> Self {
        let mut book = Self {
            grammar: Grammar::read(),
            forms: Grammar::parse(FORMS),
            chosen: PICTURES.map(str::to_owned).into(),
        };
        for hub in HUBS {
            let found = book.alternatives_of(book.grammar.expression(hub));
            assert!(found.len() > 1, "`{hub}` is no choice between rules any more");
            book.chosen.extend(found);
            book.chosen.insert(hub.to_owned());
        }
        book
    }

    /// The pictures by their rules: what is chosen, and the long lists of words that it uses.
    pub(super) fn shapes(&self) -> BTreeMap<String, Shape> {
        let mut shapes = BTreeMap::new();
        let mut open: Vec<String> = self.chosen.iter().cloned().collect();
        while let Some(name) = open.pop() {
            if shapes.contains_key(&name) {
                continue;
            }
            let mut drafter = Drafter::new(self);
            let shape =
                drafter.inside(&name).unwrap_or_else(|| panic!("nothing is right in `{name}`"));
            open.extend(drafter.met);
            shapes.insert(name, shape);
        }
        shapes
    }

    pub(super) fn expression(&self, name: &str) -> &Expr {
        let form = self.forms.rule(name).map(|rule| &rule.expr);
        form.unwrap_or_else(|| self.grammar.expression(name))
    }

    pub(super) fn is_pictured(&self, name: &str) -> bool {
        self.chosen.contains(name)
    }

    pub(super) fn is_long_list(&self, name: &str) -> bool {
        self.words(name).is_some_and(|words| words.len() > WORDS_MAX)
    }

    /// Read as one whole: a literal, or a name.
    pub(super) fn is_leaf(&self, name: &str) -> bool {
        let is_atomic = self.grammar.rule(name).is_none_or(|it| it.ty == RuleType::Atomic);
        LEAVES.contains(&name)
            || is_atomic && self.forms.rule(name).is_none() && self.words(name).is_none()
    }

    /// The words of a rule that is nothing else; of `day` and `days` the latter is enough.
    pub(super) fn words(&self, name: &str) -> Option<Vec<String>> {
        let mut words = self.grammar.spellings(name)?;
        let all = words.clone();
        words.retain(|word| !all.contains(&format!("{word}s")));
        Some(words)
    }

    /// The words of a keyword, as authors write them.
    pub(super) fn keyword(&self, name: &str) -> Option<String> {
        let phrase = phrase(name)?;
        let spelled = self.grammar.spellings(name)?;
        if spelled.contains(&phrase) { Some(phrase) } else { spelled.into_iter().next() }
    }

    pub(super) fn label(&self, name: &str) -> String {
        let known = LABELS.iter().find(|(rule, _)| *rule == name);
        known
            .map_or_else(|| name.replace('_', " ").to_lowercase(), |(_, label)| (*label).to_owned())
    }

    fn alternatives_of(&self, expression: &Expr) -> Vec<String> {
        let mut found = Vec::new();
        for one in alternatives(expression) {
            match one {
                Expr::Ident(name) if is_tolerance(name) || phrase(name).is_some() => {}
                Expr::Ident(name) => match self.grammar.rule(name) {
                    Some(rule) if rule.ty == RuleType::Silent => {
                        found.extend(self.alternatives_of(&rule.expr));
                    }
                    _ => found.push(name.clone()),
                },
                Expr::Seq(..) => {
                    let needed = |it: &&Expr| {
                        !matches!(it, Expr::PosPred(_) | Expr::NegPred(_) | Expr::Opt(_))
                    };
                    let needed: Vec<&Expr> = parts(one).into_iter().filter(needed).collect();
                    let is_one = needed.len() == 1;
                    for part in needed {
                        if is_one || matches!(part, Expr::Choice(..)) {
                            found.extend(self.alternatives_of(part));
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }
}

#[test]
fn every_rule_named_here_is_in_the_grammar() {
    let book = Book::read();
    let forms = book.forms.order.iter().map(String::as_str);
    let labels = LABELS.map(|(rule, _)| rule);
    for name in HUBS.into_iter().chain(PICTURES).chain(labels).chain(LEAVES).chain(forms) {
        assert!(book.grammar.rule(name).is_some(), "no rule `{name}`; mend railroad/book.rs");
    }
    for name in &book.forms.order {
        for used in names(book.forms.expression(name)) {
            assert!(book.grammar.rule(used).is_some(), "the form of `{name}` uses `{used}`");
        }
    }
}

/// A rule that learns something new has to learn it in its form too. Signs are the exception: what
/// else the grammar takes for one is a mistake.
#[test]
fn a_form_knows_what_its_rule_knows() {
    let book = Book::read();
    for name in book.forms.order.iter().filter(|name| !name.ends_with("_sign")) {
        let right = names(book.forms.expression(name));
        for used in names(book.grammar.expression(name)) {
            let is_known =
                right.contains(&used) || is_tolerance(used) || NOT_IN_FORMS.contains(&used);
            assert!(is_known, "`{name}` takes `{used}`; add it to the form in railroad/book.rs");
        }
    }
}

//! The filters: one table of what there is, one file per kind of value they work on.

mod date;
mod html;
mod json;
mod list;
mod math;
mod order;
mod text;
mod url;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::error::Fault;
use crate::limits::Budget;
use crate::options::Escape;
use crate::value::{Text, Val, scalar};

/// A filter as the parser and the renderer see it.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    /// How it is written, for messages.
    pub(crate) usage: &'static str,
    /// How many arguments it takes.
    pub(crate) args: RangeInclusive<usize>,
    pub(crate) named: &'static [&'static str],
    pub(crate) run: Run,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Run {
    /// `default`: the one filter that may see a missing variable.
    Default,
    Plain(Plain),
}

pub(crate) type Plain = for<'a> fn(&Val<'a>, &[Val<'a>], &mut Env<'_>) -> Result<Val<'a>, Fault>;

/// What a filter may depend on besides its input and arguments, and where it charges what it makes.
pub(crate) struct Env<'e> {
    pub(crate) budget: &'e mut Budget,
    pub(crate) escape: Escape,
    pub(crate) now: i64,
}

impl Env<'_> {
    /// The value as text.
    pub(crate) fn text<'v>(&mut self, value: &'v Val<'_>) -> Result<Cow<'v, str>, Fault> {
        match scalar(value) {
            Some(text) => Ok(text),
            None => self.budget.print(value).map(Cow::Owned),
        }
    }

    /// The value as a text that can be kept, copied only where it is none.
    pub(crate) fn text_value<'a>(&mut self, value: &Val<'a>) -> Result<Text<'a>, Fault> {
        match value {
            Val::Text(text) => Ok(text.clone()),
            other => self.text(other).map(|text| Text::own(text.into_owned())),
        }
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    FILTERS.iter().find(|spec| spec.name == name)
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|spec| spec.name)
}

/// A filter that always takes the same number of arguments.
const fn fixed(name: &'static str, usage: &'static str, args: usize, run: Plain) -> Spec {
    between(name, usage, args..=args, run)
}

const fn between(
    name: &'static str,
    usage: &'static str,
    args: RangeInclusive<usize>,
    run: Plain,
) -> Spec {
    Spec { name, usage, args, named: &[], run: Run::Plain(run) }
}

static FILTERS: [Spec; 47] = [
    Spec {
        name: "default",
        usage: "default: value, allow_false: true",
        args: 0..=1,
        named: &["allow_false"],
        run: Run::Default,
    },
    // text
    fixed("append", "append: text", 1, text::append),
    fixed("capitalize", "capitalize", 0, text::capitalize),
    fixed("downcase", "downcase", 0, text::downcase),
    fixed("prepend", "prepend: text", 1, text::prepend),
    fixed("remove", "remove: text", 1, text::remove),
    between("replace", "replace: text, by", 1..=2, text::replace),
    between("replace_first", "replace_first: text, by", 1..=2, text::replace_first),
    fixed("strip", "strip", 0, text::strip),
    between("truncate", "truncate: length, ending", 0..=2, text::truncate),
    between("truncatewords", "truncatewords: count, ending", 0..=2, text::truncatewords),
    fixed("upcase", "upcase", 0, text::upcase),
    // markup
    fixed("escape", "escape", 0, html::escape),
    fixed("escape_once", "escape_once", 0, html::escape_once),
    fixed("newline_to_br", "newline_to_br", 0, html::newline_to_br),
    fixed("raw", "raw", 0, html::safe),
    fixed("safe", "safe", 0, html::safe),
    fixed("strip_html", "strip_html", 0, html::strip_html),
    // lists
    between("compact", "compact: property", 0..=1, list::compact),
    fixed("concat", "concat: list", 1, list::concat),
    fixed("first", "first", 0, list::first),
    between("join", "join: separator", 0..=1, list::join),
    fixed("last", "last", 0, list::last),
    fixed("map", "map: property", 1, list::map),
    fixed("reverse", "reverse", 0, list::reverse),
    fixed("size", "size", 0, list::size),
    between("slice", "slice: start, length", 1..=2, list::slice),
    between("sort", "sort: property", 0..=1, order::sort),
    fixed("split", "split: separator", 1, list::split),
    between("uniq", "uniq: property", 0..=1, order::uniq),
    between("where", "where: property, value", 1..=2, list::filter_where),
    // numbers
    fixed("abs", "abs", 0, math::abs),
    fixed("at_least", "at_least: number", 1, math::at_least),
    fixed("at_most", "at_most: number", 1, math::at_most),
    fixed("ceil", "ceil", 0, math::ceil),
    fixed("divided_by", "divided_by: number", 1, math::divided_by),
    fixed("floor", "floor", 0, math::floor),
    fixed("minus", "minus: number", 1, math::minus),
    fixed("modulo", "modulo: number", 1, math::modulo),
    fixed("plus", "plus: number", 1, math::plus),
    between("round", "round: places", 0..=1, math::round),
    fixed("times", "times: number", 1, math::times),
    // time
    between("date", "date: format", 0..=1, date::date),
    // other notations
    fixed("json", "json", 0, json::json),
    fixed("to_json", "to_json", 0, json::json),
    fixed("url_decode", "url_decode", 0, url::decode),
    fixed("url_encode", "url_encode", 0, url::encode),
];

//! The values a template works with; data is borrowed, what filters make is shared.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::number;

/// Looking at an element of a list costs as much as looking through this many bytes of text.
const ELEMENT_WEIGHT: usize = 16;

/// Cheap to clone in every shape.
#[derive(Debug, Clone)]
pub(crate) enum Val<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text<'a>),
    List(List<'a>),
    Object(&'a Map<String, Value>),
    Loop(Rc<Loop<'a>>),
    Empty,
    Blank,
}

#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    body: Body<'a>,
    /// Markup that must not be escaped again.
    pub(crate) safe: bool,
}

#[derive(Debug, Clone)]
enum Body<'a> {
    Data(&'a str),
    Own(Rc<str>),
}

#[derive(Debug, Clone)]
pub(crate) enum List<'a> {
    Data(&'a [Value]),
    Own(Rc<Vec<Val<'a>>>),
    /// The whole numbers from `first` to `last`, never laid out unless a filter needs them.
    Range {
        first: i64,
        last: i64,
    },
}

/// What `forloop` is.
#[derive(Debug)]
pub(crate) struct Loop<'a> {
    pub(crate) label: &'a str,
    pub(crate) length: usize,
    /// From 0.
    pub(crate) index: Cell<usize>,
    pub(crate) parent: Option<Rc<Loop<'a>>>,
}

impl<'a> From<&'a Value> for Val<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => number::from_data(value),
            Value::String(value) => Self::Text(Text::data(value)),
            Value::Array(values) => Self::List(List::Data(values)),
            Value::Object(map) => Self::Object(map),
        }
    }
}

impl From<String> for Val<'_> {
    fn from(text: String) -> Self {
        Self::Text(Text::own(text))
    }
}

impl<'a> From<Vec<Val<'a>>> for Val<'a> {
    fn from(values: Vec<Val<'a>>) -> Self {
        Self::List(List::Own(Rc::new(values)))
    }
}

impl From<usize> for Val<'_> {
    fn from(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<'a> Val<'a> {
    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Only nil and false are not true.
    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// A text, a list or an object with nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.as_str().is_empty(),
            Self::List(list) => list.len() == 0,
            Self::Object(map) => map.is_empty(),
            _ => false,
        }
    }

    /// Empty, or nothing to see: nil, false, white space.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Nil | Self::Bool(false) => true,
            Self::Text(text) => text.as_str().trim().is_empty(),
            _ => self.is_empty(),
        }
    }

    /// The letters, elements or members; what has none counts as 0.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.as_str().chars().count(),
            Self::List(list) => list.len(),
            Self::Object(map) => map.len(),
            _ => 0,
        }
    }

    /// How much there is to look through: bytes of text, elements of what lies in memory.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.as_str().len(),
            Self::List(List::Range { .. }) => 0,
            Self::List(list) => list.len().saturating_mul(ELEMENT_WEIGHT),
            Self::Object(map) => map.len().saturating_mul(ELEMENT_WEIGHT),
            _ => 0,
        }
    }

    /// `value.name`
    pub(crate) fn property(&self, name: &str) -> Val<'a> {
        match (self, name) {
            (Self::Object(map), _) => match (map.get(name), name) {
                (Some(value), _) => value.into(),
                (None, "size") => map.len().into(),
                (None, "first") => map.iter().next().map_or(Val::Nil, pair),
                (None, _) => Val::Nil,
            },
            (Self::Loop(state), _) => state.property(name),
            (Self::List(_) | Self::Text(_), "size") => self.size().into(),
            (Self::List(list), "first") => list.get(0),
            (Self::List(list), "last") => list.get(-1),
            _ => Val::Nil,
        }
    }

    /// `value["name"]`
    pub(crate) fn key(&self, name: &str) -> Val<'a> {
        match self {
            Self::Object(map) => map.get(name).map_or(Val::Nil, Val::from),
            Self::Loop(state) => state.property(name),
            _ => Val::Nil,
        }
    }

    /// `value[index]`, from the end where negative.
    pub(crate) fn index(&self, index: i64) -> Val<'a> {
        match self {
            Self::List(list) => list.get(index),
            _ => Val::Nil,
        }
    }

    /// `value[at]`
    pub(crate) fn at(&self, at: &Val<'_>) -> Val<'a> {
        match at {
            Val::Int(index) => self.index(*index),
            Val::Text(name) => self.key(name.as_str()),
            _ => Val::Nil,
        }
    }

    /// What the value is called in a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nothing",
            Self::Bool(_) => "a yes or no",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) | Self::Empty | Self::Blank => "a text",
            Self::List(_) => "a list",
            Self::Object(_) | Self::Loop(_) => "an object",
        }
    }
}

impl<'a> Text<'a> {
    pub(crate) fn data(text: &'a str) -> Self {
        Self { body: Body::Data(text), safe: false }
    }

    pub(crate) fn own(text: String) -> Self {
        Self { body: Body::Own(text.into()), safe: false }
    }

    pub(crate) fn marked(self, safe: bool) -> Self {
        Self { safe, ..self }
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.body {
            Body::Data(text) => text,
            Body::Own(text) => text,
        }
    }

    /// The data's own text, where it is one: parts of it need no copy.
    pub(crate) fn borrowed(&self) -> Option<&'a str> {
        match &self.body {
            Body::Data(text) => Some(text),
            Body::Own(_) => None,
        }
    }

    /// A part of this text, itself where nothing is taken away.
    pub(crate) fn part(self, cut: impl for<'t> Fn(&'t str) -> &'t str) -> Self {
        let body = match self.body {
            Body::Data(text) => Body::Data(cut(text)),
            Body::Own(text) => {
                let kept = cut(&text);
                if kept.len() == text.len() { Body::Own(text) } else { Body::Own(kept.into()) }
            }
        };
        Self { body, ..self }
    }
}

impl<'a> List<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Data(values) => values.len(),
            Self::Own(values) => values.len(),
            Self::Range { first, last } => {
                let length = i128::from(*last) - i128::from(*first) + 1;
                usize::try_from(length.max(0)).unwrap_or(usize::MAX)
            }
        }
    }

    /// The element at an index, from the end where negative; nil outside.
    pub(crate) fn get(&self, index: i64) -> Val<'a> {
        let from_end = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
        let at = if index < 0 { self.len().checked_sub(from_end) } else { Some(from_end) };
        at.and_then(|at| self.at(at)).unwrap_or(Val::Nil)
    }

    pub(crate) fn at(&self, at: usize) -> Option<Val<'a>> {
        match self {
            Self::Data(values) => values.get(at).map(Val::from),
            Self::Own(values) => values.get(at).cloned(),
            Self::Range { first, last } => {
                let value = first.checked_add(i64::try_from(at).ok()?)?;
                (value <= *last).then_some(Val::Int(value))
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Val<'a>> + '_ {
        (0..self.len()).map_while(|at| self.at(at))
    }
}

impl<'a> Loop<'a> {
    fn property(&self, name: &str) -> Val<'a> {
        let index = self.index.get();
        let behind = self.length.saturating_sub(index);
        match name {
            "index" => (index + 1).into(),
            "index0" => index.into(),
            "rindex" => behind.into(),
            "rindex0" => behind.saturating_sub(1).into(),
            "first" => Val::Bool(index == 0),
            "last" => Val::Bool(behind == 1),
            "length" => self.length.into(),
            "name" => Val::Text(Text::data(self.label)),
            "parentloop" => self.parent.clone().map_or(Val::Nil, Val::Loop),
            _ => Val::Nil,
        }
    }
}

/// A member of an object as a list of two, which is what a loop over an object sees.
pub(crate) fn pair<'a>((name, value): (&'a String, &'a Value)) -> Val<'a> {
    vec![Val::Text(Text::data(name)), value.into()].into()
}

/// A value as text, unless it holds others: those can be of any size and are printed under a limit.
pub(crate) fn scalar<'v>(value: &'v Val<'_>) -> Option<Cow<'v, str>> {
    Some(match value {
        Val::Text(text) => Cow::Borrowed(text.as_str()),
        Val::Nil | Val::Empty | Val::Blank => Cow::Borrowed(""),
        Val::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Val::Int(value) => Cow::Owned(value.to_string()),
        Val::Float(value) => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = number::write_float(&mut text, *value);
            Cow::Owned(text)
        }
        Val::List(_) | Val::Object(_) | Val::Loop(_) => return None,
    })
}

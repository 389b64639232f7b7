//! How values look as text, and as JSON.

use std::fmt;

use serde_json::Value;

use crate::escape;
use crate::number::write_float;
use crate::value::{List, Val};

/// Prints a value as it is: lists without anything between their elements, objects as JSON.
pub(crate) fn plain(out: &mut impl fmt::Write, value: &Val<'_>) -> fmt::Result {
    match value {
        Val::Nil | Val::Empty | Val::Blank => Ok(()),
        Val::Bool(value) => write!(out, "{value}"),
        Val::Int(value) => write!(out, "{value}"),
        Val::Float(value) => write_float(out, *value),
        Val::Text(text) => out.write_str(text.as_str()),
        Val::List(list) => list.iter().try_for_each(|value| plain(out, &value)),
        Val::Object(_) => json(out, value),
        Val::Loop(_) => out.write_str("forloop"),
    }
}

/// Prints a value for HTML: everything but markup is escaped.
pub(crate) fn html(out: &mut impl fmt::Write, value: &Val<'_>) -> fmt::Result {
    match value {
        Val::Text(text) if !text.safe => escape::html(out, text.as_str()),
        Val::List(List::Range { .. }) => plain(out, value),
        Val::List(list) => list.iter().try_for_each(|value| html(out, &value)),
        Val::Object(_) => plain(&mut Escaped(out), value),
        _ => plain(out, value),
    }
}

/// Prints a value as JSON; whole numbers of the data without `.0`.
pub(crate) fn json(out: &mut impl fmt::Write, value: &Val<'_>) -> fmt::Result {
    match value {
        Val::Nil | Val::Loop(_) => out.write_str("null"),
        Val::Empty | Val::Blank => out.write_str("\"\""),
        Val::Bool(_) | Val::Int(_) | Val::Float(_) => plain(out, value),
        Val::Text(text) => json_text(out, text.as_str()),
        Val::List(list) => {
            out.write_char('[')?;
            for (at, value) in list.iter().enumerate() {
                comma(out, at)?;
                json(out, &value)?;
            }
            out.write_char(']')
        }
        Val::Object(map) => {
            out.write_char('{')?;
            for (at, (name, value)) in map.iter().enumerate() {
                comma(out, at)?;
                json_text(out, name)?;
                out.write_char(':')?;
                json(out, &value.into())?;
            }
            out.write_char('}')
        }
    }
}

/// Escapes what is written through it.
struct Escaped<'w, W>(&'w mut W);

impl<W: fmt::Write> fmt::Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape::html(self.0, text)
    }
}

fn comma(out: &mut impl fmt::Write, at: usize) -> fmt::Result {
    if at == 0 { Ok(()) } else { out.write_char(',') }
}

fn json_text(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    // Without the alternate flag `Value` prints as compact JSON.
    write!(out, "{}", Value::String(text.to_owned()))
}

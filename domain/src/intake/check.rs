//! What intake refuses: limits, and values that one of the databases would not take.

use dsl::expr::{Object, Value};

use super::{Activity, ActivityKind};
use crate::error::{Error, Result};

/// The limits of one activity.
pub mod limits {
    /// Bytes of one item as JSON.
    pub const ACTIVITY_BYTES_MAX: usize = 32 * 1024;
    /// Attributes in one write.
    pub const ATTRIBUTES_MAX: usize = 300;
    /// Bytes of an event's, an attribute's or an identifier's name or value.
    pub const NAME_BYTES_MAX: usize = 150;
    /// Bytes of one text value.
    pub const VALUE_BYTES_MAX: usize = 4 * 1024;
    /// Objects and lists within each other.
    pub const DEPTH_MAX: usize = 8;
    /// Bytes of an identifier.
    pub const IDENTIFIER_BYTES_MAX: usize = 150;
    /// Bytes of a message id.
    pub const MESSAGE_ID_BYTES_MAX: usize = 200;
    /// The earliest time of an activity: 1970-01-01.
    pub const TIME_MIN: i64 = 0;
    /// The latest time of an activity that is read at all: 3000-01-01. What lies between now and
    /// then is taken as now.
    pub const TIME_MAX: i64 = 32_503_680_000_000;
}

pub(super) fn activity(activity: &Activity) -> Result<()> {
    if activity.identifiers.is_empty() {
        return Err(Error::invalid(
            "userId",
            "expected `userId`, `anonymousId` or an e-mail address in `traits.email`, found none \
             of them",
        ));
    }
    for identifier in &activity.identifiers {
        let field = identifier.kind.word();
        if identifier.value.is_empty() {
            return Err(Error::invalid(field, "expected a value, found an empty text"));
        }
        short(field, &identifier.value, limits::IDENTIFIER_BYTES_MAX)?;
    }
    if let Some(id) = &activity.message_id {
        short("messageId", id, limits::MESSAGE_ID_BYTES_MAX)?;
    }
    if let Some(time) = activity.time
        && !(limits::TIME_MIN..limits::TIME_MAX).contains(&time)
    {
        return Err(Error::invalid(
            "timestamp",
            "expected a time between 1970 and 3000; look whether milliseconds were taken for \
             seconds",
        ));
    }
    kind(&activity.kind)
}

fn kind(kind: &ActivityKind) -> Result<()> {
    match kind {
        ActivityKind::Identify { patch } => {
            if patch.len() > limits::ATTRIBUTES_MAX {
                let max = limits::ATTRIBUTES_MAX;
                let message = format!("expected at most {max} attributes, found {}", patch.len());
                return Err(Error::invalid("traits", message));
            }
            object("traits", patch, 1)?;
            size("traits", patch)
        }
        ActivityKind::Event { name, data } => {
            if name.is_empty() {
                return Err(Error::invalid("event", "expected a name, found an empty text"));
            }
            short("event", name, limits::NAME_BYTES_MAX)?;
            value("properties", data, 1)?;
            size("properties", data)
        }
    }
}

fn object(field: &str, object: &Object, depth: usize) -> Result<()> {
    for (name, inner) in object {
        let place = format!("{field}.{name}");
        if name.is_empty() {
            return Err(Error::invalid(field, "expected names, found an empty one"));
        }
        short(&place, name, limits::NAME_BYTES_MAX)?;
        value(&place, inner, depth + 1)?;
    }
    Ok(())
}

fn value(field: &str, value: &Value, depth: usize) -> Result<()> {
    if depth > limits::DEPTH_MAX + 1 {
        let max = limits::DEPTH_MAX;
        return Err(Error::invalid(field, format!("expected at most {max} levels of nesting")));
    }
    match value {
        Value::String(text) => short(field, text, limits::VALUE_BYTES_MAX),
        Value::Array(list) => {
            list.iter().try_for_each(|inner| self::value(field, inner, depth + 1))
        }
        Value::Object(inner) => object(field, inner, depth),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn size(field: &str, value: &impl serde::Serialize) -> Result<()> {
    let bytes = serde_json::to_vec(value).map_err(Error::internal)?.len();
    if bytes <= limits::ACTIVITY_BYTES_MAX {
        return Ok(());
    }
    let max = limits::ACTIVITY_BYTES_MAX;
    Err(Error::invalid(field, format!("expected at most {max} bytes, found {bytes}")))
}

fn short(field: &str, text: &str, max: usize) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(field, "expected text without NUL characters, found one"));
    }
    if text.len() <= max {
        return Ok(());
    }
    Err(Error::invalid(field, format!("expected at most {max} bytes, found {}", text.len())))
}

//! Segment's specification of a call, and what it says in our words.

use chrono::DateTime;
use domain::intake::{Activity, ActivityKind};
use domain::{Identifier, IdentifierKind};
use dsl::time::Instant;
use serde_json::{Map, Value};

use crate::problem::{Code, Problem};

/// The zone without a colon, as some clients write it.
const COMPACT_ZONE: &str = "%Y-%m-%dT%H:%M:%S%.f%z";
/// The kind under which calls of no known kind are counted.
const UNKNOWN: &str = "unknown";
/// Ours and theirs; what lies below a name keeps its path.
const FIELDS: [(&str, &str); 3] =
    [("id", "userId"), ("email", "traits.email"), ("anonymous_id", "anonymousId")];

/// The kinds of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Identify,
    Track,
    Page,
    Screen,
    Group,
    Alias,
}

impl Call {
    const ALL: [Self; 6] =
        [Self::Identify, Self::Track, Self::Page, Self::Screen, Self::Group, Self::Alias];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }
}

/// A call of a batch, which names its kind in `type`; refused with the kind it is counted under.
pub(super) fn read_any(call: &Value) -> Result<(Call, Activity), (&'static str, Problem)> {
    let Value::Object(body) = call else {
        let detail = "expected an object, found another kind of JSON";
        return Err((UNKNOWN, Problem::new(Code::Invalid, detail)));
    };
    let word = body.get("type").and_then(Value::as_str);
    let Some(kind) = Call::ALL.into_iter().find(|kind| word == Some(kind.word())) else {
        let found = word.map_or("none".to_owned(), |word| format!("`{word}`"));
        let detail = format!("expected the type `identify` or `track`, found {found}");
        return Err((UNKNOWN, Problem::new(Code::Invalid, detail).at("type")));
    };
    read(body, kind).map(|activity| (kind, activity)).map_err(|problem| (kind.word(), problem))
}

/// One call.
pub(super) fn read(body: &Map<String, Value>, call: Call) -> Result<Activity, Problem> {
    let mut identifiers = Vec::new();
    let what = match call {
        Call::Identify => {
            let patch = object(body, "traits")?;
            identifiers.extend(name(body, "userId", IdentifierKind::Id)?);
            identifiers.extend(email(&patch));
            ActivityKind::Identify { patch }
        }
        Call::Track => {
            let event = match body.get("event") {
                Some(Value::String(event)) => event.clone(),
                found => {
                    let detail = format!("expected the name of the event, found {}", kind(found));
                    return Err(Problem::new(Code::Invalid, detail).at("event"));
                }
            };
            let data = Value::Object(object(body, "properties")?);
            identifiers.extend(name(body, "userId", IdentifierKind::Id)?);
            ActivityKind::Event { name: event, data }
        }
        Call::Page | Call::Screen | Call::Group | Call::Alias => {
            let detail = format!("`{}` calls are not supported yet", call.word());
            return Err(Problem::new(Code::NotSupported, detail).at("type"));
        }
    };
    identifiers.extend(name(body, "anonymousId", IdentifierKind::AnonymousId)?);
    Ok(Activity { identifiers, message_id: message_id(body)?, kind: what, time: time(body)? })
}

/// A failure of intake, with the field as Segment's clients call it.
pub(super) fn in_its_words(mut problem: Problem) -> Problem {
    if let Some(field) = &problem.field
        && let Some((_, theirs)) = FIELDS.iter().find(|(ours, _)| ours == field)
    {
        problem.field = Some((*theirs).to_owned());
    }
    problem
}

/// A name; null and blank stand beside a value. Numbers are what some products use.
fn name(
    body: &Map<String, Value>,
    field: &str,
    kind_of: IdentifierKind,
) -> Result<Option<Identifier>, Problem> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(Identifier::new(kind_of, text))),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => {
            Ok(Some(Identifier::new(kind_of, &number.to_string())))
        }
        found => {
            let detail = format!("expected a text, found {}", kind(found));
            Err(Problem::new(Code::Invalid, detail).at(field))
        }
    }
}

fn email(traits: &Map<String, Value>) -> Option<Identifier> {
    let email = traits.get("email").and_then(Value::as_str)?;
    (!email.trim().is_empty()).then(|| Identifier::new(IdentifierKind::Email, email))
}

fn object(body: &Map<String, Value>, field: &str) -> Result<Map<String, Value>, Problem> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        found => {
            let detail = format!("expected an object, found {}", kind(found));
            Err(Problem::new(Code::Invalid, detail).at(field))
        }
    }
}

fn message_id(body: &Map<String, Value>) -> Result<Option<String>, Problem> {
    match body.get("messageId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if id.is_empty() => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        found => {
            let detail = format!("expected a text, found {}", kind(found));
            Err(Problem::new(Code::Invalid, detail).at("messageId"))
        }
    }
}

/// When it happened by the client's clock; without it, now.
fn time(body: &Map<String, Value>) -> Result<Option<Instant>, Problem> {
    for field in ["timestamp", "originalTimestamp"] {
        match body.get(field) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => return instant(text).map(Some).map_err(|it| it.at(field)),
            found => {
                let detail = format!(
                    "expected a time such as `2026-03-01T09:30:00Z`, found {}",
                    kind(found)
                );
                return Err(Problem::new(Code::Invalid, detail).at(field));
            }
        }
    }
    Ok(None)
}

fn instant(text: &str) -> Result<Instant, Problem> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, COMPACT_ZONE))
        .map(|time| time.timestamp_millis())
        .map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            let detail = format!("expected a time such as `2026-03-01T09:30:00Z`, found `{shown}`");
            Problem::new(Code::Invalid, detail)
        })
}

fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "none",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(body: &Value) -> Result<Activity, Problem> {
        read_any(body).map(|(_, activity)| activity).map_err(|(_, problem)| problem)
    }

    #[test]
    fn the_stronger_name_comes_first() {
        let activity = call(&json!({
            "type": "identify", "anonymousId": "a", "userId": 7,
            "traits": { "email": " Ann@Acme.TEST " },
        }))
        .unwrap();
        let names: Vec<_> =
            activity.identifiers.iter().map(|it| (it.kind.word(), it.value.as_str())).collect();
        assert_eq!(names, [("id", "7"), ("email", "ann@acme.test"), ("anonymous_id", "a")]);
    }

    #[test]
    fn times_are_read_in_every_form_that_clients_write() {
        for text in [
            "2026-11-24T10:00:00.123Z",
            "2026-11-24T10:00:00.123456+00:00",
            "2026-11-24T12:00:00.123+0200",
        ] {
            let body = json!({ "type": "track", "userId": "a", "event": "e", "timestamp": text });
            assert_eq!(call(&body).unwrap().time, Some(1_795_514_400_123), "{text}");
        }
        let body = json!({ "type": "track", "userId": "a", "event": "e",
            "originalTimestamp": "2026-11-24T10:00:00Z" });
        assert_eq!(call(&body).unwrap().time, Some(1_795_514_400_000));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        let cases = [
            (json!({ "type": "track", "userId": "a" }), "event"),
            (json!({ "type": "track", "userId": {}, "event": "e" }), "userId"),
            (
                json!({ "type": "track", "userId": "a", "event": "e", "properties": [] }),
                "properties",
            ),
            (json!({ "type": "identify", "userId": "a", "traits": "x" }), "traits"),
            (json!({ "type": "identify", "userId": "a", "timestamp": "yesterday" }), "timestamp"),
            (json!({ "type": "identify", "userId": "a", "messageId": 1 }), "messageId"),
            (json!({ "type": "page", "userId": "a" }), "type"),
            (json!({ "type": "tracks", "userId": "a" }), "type"),
            (json!({ "userId": "a" }), "type"),
        ];
        for (body, field) in cases {
            let problem = call(&body).unwrap_err();
            assert_eq!(problem.field.as_deref(), Some(field), "{body}: {problem:?}");
        }
    }
}

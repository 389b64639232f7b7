//! Global ids: opaque to callers; inside, the kind and the whole clustered key, so that any node is
//! found by one look-up.

use async_graphql::{ID, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PersonKey;
use uuid::Uuid;

use super::call::Call;
use super::fail::invalid;

/// What an id names, within the workspace of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Global {
    Person(PersonKey),
    Segment(i64),
    Campaign(i64),
    Journey(PersonKey, Uuid),
    Delivery(PersonKey, Uuid),
    Mail(PersonKey, Uuid),
}

impl Global {
    const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Segment(_) => "segment",
            Self::Campaign(_) => "campaign",
            Self::Journey(..) => "journey",
            Self::Delivery(..) => "delivery",
            Self::Mail(..) => "mail",
        }
    }

    /// As callers see it.
    pub(super) fn id(self, workspace: i64) -> ID {
        let key = match self {
            Self::Segment(id) | Self::Campaign(id) => id.to_string(),
            Self::Person(PersonKey { l, p }) => format!("{l}/{}", p.simple()),
            Self::Journey(PersonKey { l, p }, inner)
            | Self::Delivery(PersonKey { l, p }, inner)
            | Self::Mail(PersonKey { l, p }, inner) => {
                format!("{l}/{}/{}", p.simple(), inner.simple())
            }
        };
        ID(URL_SAFE_NO_PAD.encode(format!("{}/{workspace}/{key}", self.kind())))
    }

    /// What `id` names; `None` where it belongs to another workspace, which is as good as nothing.
    pub(super) fn read(call: &Call, field: &str, id: &ID) -> Result<Option<Self>> {
        let (workspace, global) = parse(id).ok_or_else(|| {
            invalid(field, format!("expected an id that this API gave, found `{}`", id.0))
        })?;
        Ok((workspace == call.workspace).then_some(global))
    }
}

/// The person that `id` names.
pub(super) fn person(call: &Call, field: &str, id: &ID) -> Result<Option<PersonKey>> {
    match Global::read(call, field, id)? {
        None => Ok(None),
        Some(Global::Person(key)) => Ok(Some(key)),
        Some(other) => Err(another_kind(field, "person", other)),
    }
}

/// The segment that `id` names.
pub(super) fn segment(call: &Call, field: &str, id: &ID) -> Result<Option<i64>> {
    match Global::read(call, field, id)? {
        None => Ok(None),
        Some(Global::Segment(id)) => Ok(Some(id)),
        Some(other) => Err(another_kind(field, "segment", other)),
    }
}

/// The campaign that `id` names.
pub(super) fn campaign(call: &Call, field: &str, id: &ID) -> Result<Option<i64>> {
    match Global::read(call, field, id)? {
        None => Ok(None),
        Some(Global::Campaign(id)) => Ok(Some(id)),
        Some(other) => Err(another_kind(field, "campaign", other)),
    }
}

/// The journey that `id` names.
pub(super) fn journey(call: &Call, field: &str, id: &ID) -> Result<Option<(PersonKey, Uuid)>> {
    match Global::read(call, field, id)? {
        None => Ok(None),
        Some(Global::Journey(person, run)) => Ok(Some((person, run))),
        Some(other) => Err(another_kind(field, "journey", other)),
    }
}

/// The delivery that `id` names.
pub(super) fn delivery(call: &Call, field: &str, id: &ID) -> Result<Option<(PersonKey, Uuid)>> {
    match Global::read(call, field, id)? {
        None => Ok(None),
        Some(Global::Delivery(person, delivery)) => Ok(Some((person, delivery))),
        Some(other) => Err(another_kind(field, "delivery", other)),
    }
}

fn another_kind(field: &str, expected: &str, found: Global) -> async_graphql::Error {
    invalid(field, format!("expected the id of a {expected}, found that of a {}", found.kind()))
}

fn parse(id: &ID) -> Option<(i64, Global)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&id.0).ok()?).ok()?;
    let mut parts = text.split('/');
    let kind = parts.next()?;
    let workspace = parts.next()?.parse().ok()?;
    let first: i64 = parts.next()?.parse().ok()?;
    let mut uuid = || Uuid::try_parse(parts.next()?).ok();
    let global = match kind {
        "segment" => Global::Segment(first),
        "campaign" => Global::Campaign(first),
        _ => {
            let person = PersonKey { l: first, p: uuid()? };
            match kind {
                "person" => Global::Person(person),
                "journey" => Global::Journey(person, uuid()?),
                "delivery" => Global::Delivery(person, uuid()?),
                "mail" => Global::Mail(person, uuid()?),
                _ => return None,
            }
        }
    };
    parts.next().is_none().then_some((workspace, global))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back() {
        let person = PersonKey { l: 17, p: Uuid::from_u128(1) };
        let inner = Uuid::from_u128(u128::MAX);
        for global in [
            Global::Person(person),
            Global::Segment(3),
            Global::Campaign(i64::MAX),
            Global::Journey(person, inner),
            Global::Delivery(person, inner),
            Global::Mail(person, inner),
        ] {
            assert_eq!(parse(&global.id(4)), Some((4, global)));
        }
        for wrong in ["", "x", "cGVyc29uLzEvMQ", "Y2FtcGFpZ24vMS8xLzE"] {
            assert_eq!(parse(&ID(wrong.to_owned())), None, "{wrong}");
        }
    }
}

//! Whether a message may leave: the questions that are asked before every delivery.

mod address;

pub use address::is_address;
use serde::{Deserialize, Serialize};

use crate::expr::{Object, Value};
use crate::message::Email;

/// The attribute that says a person wants no marketing messages.
pub const UNSUBSCRIBED_ATTRIBUTE: &str = "unsubscribed";
/// The attribute that holds a person's e-mail address.
pub const EMAIL_ATTRIBUTE: &str = "email";

/// What the gate says of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It may leave.
    Ready,
    /// It never leaves.
    Skipped {
        /// Why not.
        reason: Reason,
    },
}

/// Why a message does not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The person wants no marketing messages.
    Unsubscribed,
    /// The person has no address for this channel.
    NoAddress,
    /// The address is none.
    BadAddress,
}

impl Verdict {
    /// `ready`, or the word for the reason why not.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Skipped { reason } => reason.word(),
        }
    }
}

impl Reason {
    /// The word kept in the database and shown by the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::NoAddress => "no_address",
            Self::BadAddress => "bad_address",
        }
    }
}

/// Asks every question before `email` leaves for `address`; the tick and the delivery worker ask
/// the same ones, so consent that was withdrawn in between still counts.
#[must_use]
pub fn judge(attributes: &Object, email: &Email, address: Option<&str>) -> Verdict {
    let consent = consent(attributes, email);
    let address = address.map(str::trim).filter(|address| !address.is_empty());
    match address {
        _ if consent != Verdict::Ready => consent,
        None => Verdict::Skipped { reason: Reason::NoAddress },
        Some(address) if is_address(address) => Verdict::Ready,
        Some(_) => Verdict::Skipped { reason: Reason::BadAddress },
    }
}

/// The part of [`judge`] that needs no address.
#[must_use]
pub fn consent(attributes: &Object, email: &Email) -> Verdict {
    let refused = attributes.get(UNSUBSCRIBED_ATTRIBUTE) == Some(&Value::Bool(true));
    if refused && !email.transactional {
        return Verdict::Skipped { reason: Reason::Unsubscribed };
    }
    Verdict::Ready
}

/// The person's own e-mail address as the gate should see it; an attribute that is no text is
/// handed on as its JSON, which is no address.
#[must_use]
pub fn own_address(attributes: &Object) -> Option<String> {
    match attributes.get(EMAIL_ATTRIBUTE)? {
        Value::Null => None,
        Value::String(address) => Some(address.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::{AfterCrash, Body};

    fn email(transactional: bool) -> Email {
        Email {
            name: "m".into(),
            transactional,
            from: None,
            to: None,
            reply_to: None,
            subject: String::new(),
            preheader: None,
            topic: None,
            body: Body::Text(String::new()),
            text: None,
            after_crash: AfterCrash::Leave,
        }
    }

    #[test]
    fn verdicts() {
        let ada = Some("ada@acme.test");
        for (unsubscribed, transactional, address, word) in [
            (json!(false), false, ada, "ready"),
            (json!("true"), false, ada, "ready"),
            (json!(true), false, ada, "unsubscribed"),
            (json!(true), true, ada, "ready"),
            (json!(true), false, None, "unsubscribed"),
            (json!(true), true, None, "no_address"),
            (json!(null), false, Some(" "), "no_address"),
            (json!(null), false, Some("ada"), "bad_address"),
        ] {
            let attributes = Object::from_iter([("unsubscribed".to_owned(), unsubscribed.clone())]);
            let verdict = judge(&attributes, &email(transactional), address);
            assert_eq!(verdict.word(), word, "{unsubscribed} {transactional} {address:?}");
        }
    }

    #[test]
    fn only_text_is_an_address_of_ones_own() {
        let own = |email: Value| own_address(&Object::from_iter([("email".to_owned(), email)]));
        assert_eq!(own(json!("ada@acme.test")), Some("ada@acme.test".to_owned()));
        assert_eq!(own(json!(null)), None);
        assert_eq!(own(json!({ "work": "ada@acme.test" })).as_deref().map(is_address), Some(false));
    }
}

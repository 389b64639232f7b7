//! What the surroundings know besides the files.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::graph::Channel;
use crate::syntax::nearest;

/// What the surroundings know besides the files. All but the contents of files stands in
/// `sojourn.catalog.json`:
///
/// ```json
/// {
///   "segments": ["Employees"],
///   "topics": ["Product news"],
///   "messages": { "email": ["welcome"], "push": ["nice-start"] },
///   "campaigns": ["Trial onboarding"],
///   "collections": { "coupons": ["code", "country"] },
///   "attributes": ["plan", "trial_ends_at"],
///   "events": ["signed_up"],
///   "object_types": ["account"]
/// }
/// ```
///
/// Each key may be left out. Where `collections`, `attributes`, `events` or `object_types` is
/// there, it is taken for all that exists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Catalog {
    /// Segments that exist outside the files.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub segments: BTreeSet<String>,
    /// Topics that exist outside the files.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub topics: BTreeSet<String>,
    /// Messages that exist outside the files.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<Channel, BTreeSet<String>>,
    /// Campaigns that exist outside the files.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub campaigns: BTreeSet<String>,
    /// Collections with their columns; `None` where nobody knows which there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collections: Option<BTreeMap<String, BTreeSet<String>>>,
    /// Attributes that people have, by their first name: `address` for `customer.address.city`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeSet<String>>,
    /// Events that came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<BTreeSet<String>>,
    /// Types of the objects that people are related to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_types: Option<BTreeSet<String>>,
    /// Contents of `file "…"`, by the path as it is written; a path that is missing here is an error.
    #[serde(skip)]
    pub files: BTreeMap<String, String>,
}

/// Why a text is no catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CatalogFault {
    /// What is wrong, and in which line.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// What a catalog may say.
const KEYS: [&str; 8] = [
    "segments",
    "topics",
    "messages",
    "campaigns",
    "collections",
    "attributes",
    "events",
    "object_types",
];

impl Catalog {
    /// Reads `sojourn.catalog.json`.
    ///
    /// # Errors
    /// The text is no JSON, or says something that a catalog does not have.
    pub fn from_json(text: &str) -> Result<Self, CatalogFault> {
        let value: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| CatalogFault { message: format!("no JSON: {error}"), help: None })?;
        let Some(members) = value.as_object() else {
            return Err(CatalogFault {
                message: "expected an object, `{ … }`".to_owned(),
                help: Some("begin with `{ \"segments\": [ … ] }`".to_owned()),
            });
        };
        if let Some(odd) = members.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(CatalogFault {
                message: format!("a catalog has no `{odd}`"),
                help: Some(match nearest(odd, KEYS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", KEYS.join(", ")),
                }),
            });
        }
        // Read again from the text, since an error then tells its line.
        serde_json::from_str(text).map_err(|error| CatalogFault {
            message: error.to_string(),
            help: Some("names stand in lists of texts: `[\"one\", \"another\"]`".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let text = r#"{"segments":["A"],"messages":{"in_app":["tour"]},"collections":{"c":["x"]},"events":[]}"#;
        let catalog = Catalog::from_json(text).expect("a catalog");
        assert!(catalog.messages[&Channel::InApp].contains("tour"));
        assert_eq!(catalog.events, Some(BTreeSet::new()));
        assert_eq!(catalog.attributes, None);
        assert_eq!(serde_json::to_string(&catalog).expect("JSON"), text);
    }

    #[test]
    fn what_a_catalog_does_not_have_is_refused() {
        let fault = |text| Catalog::from_json(text).expect_err("a fault");
        let odd = fault(r#"{"segmets": []}"#);
        assert_eq!(odd.message, "a catalog has no `segmets`");
        assert_eq!(odd.help.as_deref(), Some("did you mean `segments`?"));
        assert!(fault("[]").message.contains("expected an object"));
        assert!(fault("{").message.starts_with("no JSON: "));
        assert!(fault("{\n\"topics\": 3}").message.contains("line 2"));
        assert!(fault(r#"{"files": {}}"#).message.contains("`files`"));
    }
}

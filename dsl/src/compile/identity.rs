//! Identities of steps: the label, else kind, content and place among equals. They do not depend on
//! where else in the campaign something changed, so people keep their place across versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// Bytes of the content hash that an identity shows.
const HASH_BYTES: usize = 4;

/// Gives out the identities of one campaign.
#[derive(Default)]
pub(super) struct Identities {
    given: BTreeMap<String, u32>,
}

impl Identities {
    /// The identity of the next step with this content; `kind` is one word.
    pub(super) fn next(&mut self, label: Option<&str>, kind: &str, content: &str) -> Arc<str> {
        if let Some(label) = label {
            return label.into();
        }
        let hash = Sha256::digest(content.as_bytes());
        let short: String =
            hash.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect();
        let base = format!("{kind}-{short}");
        let count = self.given.entry(base.clone()).or_default();
        *count += 1;
        if *count == 1 { base.into() } else { format!("{base}-{count}").into() }
    }
}

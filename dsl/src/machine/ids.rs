//! Ids that follow from what caused them, so that a replay makes the same ones.

use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::AtomId;
use crate::expr::{Atom, Condition};
use crate::time::Instant;

/// Ordinal of the event that an input makes; campaigns count from 1.
pub(super) const EVENT_ORDINAL: i64 = -1;
/// Bytes of an id that hold its time.
const TIME_BYTES: usize = 6;

/// The id of the `ordinal`-th thing that follows from `parent`; ids sort by `at`.
#[must_use]
pub fn derive(parent: Uuid, ordinal: i64, at: Instant) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(parent.as_bytes());
    hash.update(ordinal.to_be_bytes());
    build(&hash.finalize(), at)
}

/// The id that belongs to `name` at `at`, for what has no parent.
#[must_use]
pub fn named(name: &str, at: Instant) -> Uuid {
    build(&Sha256::digest(name.as_bytes()), at)
}

/// The id of a person first heard of at `at` by the identifier `value` of that kind.
#[must_use]
pub fn person_id(workspace: i64, kind: &str, value: &str, at: Instant) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(workspace.to_be_bytes());
    // The length keeps `("a", "bc")` and `("ab", "c")` apart.
    hash.update(kind.len().to_be_bytes());
    hash.update(kind.as_bytes());
    hash.update(value.as_bytes());
    build(&hash.finalize(), at)
}

/// The lane a person belongs to.
#[must_use]
pub fn lane(person: Uuid) -> u8 {
    let [.., last] = *person.as_bytes();
    last
}

/// The content hash under which a person's timestamps for `atom` are kept; positive.
#[must_use]
pub fn atom_id(atom: &Atom) -> AtomId {
    let content = match atom.activity.event_name() {
        Some(event) => serde_json::to_vec(&EventAtom { event, filter: atom.filter.as_deref() }),
        None => serde_json::to_vec(atom),
    };
    let content = content.unwrap_or_default();
    let hash = Sha256::digest(content);
    let first = hash.iter().take(8).fold(0_u64, |id, byte| (id << 8) | u64::from(*byte));
    AtomId::try_from(first >> 1).unwrap_or_default()
}

/// INVARIANT: timestamps are stored under the hash of this very form.
#[derive(Serialize)]
struct EventAtom<'a> {
    event: &'a str,
    filter: Option<&'a Condition>,
}

/// Layout of a version 8 id: 48 bits of milliseconds, then hash around the version and variant.
fn build(hash: &[u8], at: Instant) -> Uuid {
    let mut bytes = [0; 16];
    let time = at.max(0).to_be_bytes();
    let source = time.iter().skip(8 - TIME_BYTES).chain(hash);
    for (byte, from) in bytes.iter_mut().zip(source) {
        *byte = *from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Activity, ActivityKind};

    #[test]
    fn ids_are_the_same_for_ever() {
        let parent = Uuid::from_u128(7);
        let id = derive(parent, 3, 1_772_442_000_000);
        assert_eq!(id.to_string(), "019cadc6-9a80-81f1-9d4a-7a5da0dd5649");
        assert_eq!(id.get_version_num(), 8);
        assert_ne!(id, derive(parent, 4, 1_772_442_000_000));
        let person = named("1 email ada@acme.test", 1_772_442_000_000);
        assert_eq!(person.to_string(), "019cadc6-9a80-8d9d-be0e-9abd2c97d6ac");
        assert_eq!(lane(person), 0xac);
    }

    #[test]
    fn ids_sort_by_time() {
        let parent = Uuid::from_u128(7);
        assert!(derive(parent, 9, 1_000) < derive(parent, 1, 1_001));
        assert!(derive(parent, 1, -5) < derive(parent, 1, 1));
    }

    #[test]
    fn atoms_are_named_by_their_content() {
        let plain = Atom { activity: Activity::event("signed_up"), filter: None };
        assert_eq!(atom_id(&plain), 996_831_258_684_263_814);
        let other = Atom { activity: Activity::event("signed_in"), filter: None };
        assert_ne!(atom_id(&plain), atom_id(&other));
        let page = Activity { kind: ActivityKind::Page, name: "signed_up".into() };
        assert_ne!(atom_id(&plain), atom_id(&Atom { activity: page, filter: None }));
    }
}

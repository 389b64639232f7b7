//! Names: which exist, and what a name that does not exist was probably meant to be.

mod blocks;
mod condition;
mod expected;
mod inner;
mod names;
mod place;
mod readings;
mod seen;
mod steps;
mod trigger;
mod walk;

pub(crate) use blocks::{each_block, each_label, each_step};
pub(crate) use condition::quoted_list;
pub use names::{Names, kind_of};
pub(crate) use place::Position;
pub use place::{Knows, PLACES, Place, PlaceRow, table};
pub(crate) use readings::{Use, What, readings, readings_of_step};
pub(crate) use seen::{Seen, unseen};
pub(crate) use trigger::{TriggerData, data_of};
pub(crate) use walk::{did_you_mean, unknown_zone};

use crate::ast::{Condition, File};
use crate::compile::{Catalog, Source};
use crate::diagnostic::Diagnostic;

/// Unknown names of one compilation for which a known one is suggested.
const SUGGESTIONS_MAX: usize = 20;

/// Looks up every name of every file.
#[must_use]
pub fn resolve(
    files: &[File],
    names: &Names,
    sources: &[Source],
    catalog: &Catalog,
) -> Vec<Diagnostic> {
    let mut walk = walk::Walk::new(names, files, sources);
    walk.files();
    let mut found = walk.found;
    found.extend(seen::never_seen(files, catalog));
    found
}

/// Looks up the names of one condition that may read what a segment may.
#[must_use]
pub fn resolve_condition(
    condition: &Condition,
    names: &Names,
    catalog: &Catalog,
) -> Vec<Diagnostic> {
    let mut walk = walk::Walk::new(names, &[], &[]);
    walk.condition(condition, &Position::from(Place::Segment));
    let mut found = walk.found;
    found.extend(seen::never_seen_in(condition, catalog));
    found
}

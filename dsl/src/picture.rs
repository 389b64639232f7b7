//! A compiled campaign as a picture: SVG for people, Mermaid for documents, JSON for programs.
//!
//! All three show the same chart: where a person enters, every step, every way between steps, and
//! where a run is finished. Nothing here reads source text or decides anything.

use std::collections::BTreeMap;

mod chart;
mod json;
mod layout;
mod lettering;
mod mermaid;
mod svg;
mod words;

pub use json::json;
pub use mermaid::mermaid;
pub use svg::svg;

/// How many people stand at each step, by [`crate::graph::Step::id`]. What is missing is not shown.
pub type Counts = BTreeMap<String, u64>;

#[cfg(test)]
mod samples;

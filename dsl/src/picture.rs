//! A compiled campaign or broadcast as a picture: SVG for people, Mermaid for documents, DOT for
//! Graphviz, JSON for programs.
//!
//! All of them show the same chart: where a person enters, every step, every way between steps, and
//! where a run is finished. Nothing here reads source text or decides anything.

use std::collections::BTreeMap;

mod chart;
mod details;
mod dot;
mod family;
mod json;
mod layout;
mod lettering;
mod mermaid;
mod subject;
mod svg;
mod words;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use subject::Subject;
pub use svg::svg;

/// How many people stand at each step, by [`crate::graph::Step::id`]. What is missing is not shown.
pub type Counts = BTreeMap<String, u64>;

#[cfg(test)]
mod samples;

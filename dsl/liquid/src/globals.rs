//! The data a template is rendered with: names and borrowed JSON values.

use std::collections::BTreeMap;

use serde_json::Value;

/// The variables a template finds from the start; it borrows them, so building one costs next to nothing.
#[derive(Debug, Clone, Default)]
pub struct Globals<'a> {
    values: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Globals<'a> {
    /// No variables at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more variable; a later one of the same name wins.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a Value) -> Self {
        self.values.insert(name, value);
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name).copied()
    }
}

impl<'a> FromIterator<(&'a str, &'a Value)> for Globals<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a Value)>>(values: I) -> Self {
        Self { values: values.into_iter().collect() }
    }
}

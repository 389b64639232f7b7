//! Labels and names of the run.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Check;
use crate::ast::{Name, Part};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::each_label;
use crate::span::Span;
use crate::syntax::KEYWORDS;

impl Check<'_> {
    pub(super) fn no_keyword(&mut self, name: &Name, called: &str) {
        if KEYWORDS.contains(&name.value.as_str()) {
            self.report(
                Diagnostic::new(
                    Code::J0215,
                    name.span,
                    format!("`{}` is a word of the language and cannot be a {called}", name.value),
                )
                .here("taken")
                .help(format!("choose another word, such as `{}_1`", name.value)),
            );
        }
    }

    pub(super) fn labels(&mut self, body: &[Part]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut again: Vec<(&Name, Span)> = Vec::new();
        each_label(body, &mut |label| match seen.entry(&label.value) {
            Entry::Occupied(first) => again.push((label, *first.get())),
            Entry::Vacant(place) => _ = place.insert(label.span),
        });
        for (label, first) in again {
            self.report(
                Diagnostic::new(
                    Code::J0211,
                    label.span,
                    format!("two steps are labelled `{}`", label.value),
                )
                .here("again")
                .also(first, "first here")
                .note("people keep their place by the label when the campaign changes")
                .help("give one of them another label"),
            );
        }
    }
}

//! Segments that are defined by each other.

use super::Check;
use super::loops::{Links, Telling, loops};
use super::terms::{each_term, filter_of};
use crate::ast::{Condition, ConditionKind, DeclarationKind, File};
use crate::diagnostic::Code;
use crate::span::Span;

const TELLING: Telling = Telling {
    code: Code::J0311,
    alone: ("the segment", "is defined by itself"),
    several: "segments are defined by each other",
    help: "define one of them without asking for the others",
};

impl Check<'_> {
    pub(super) fn segment_loops(&mut self, files: &[File]) {
        let mut links = Links::new();
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            if let DeclarationKind::Segment(condition) = &declaration.kind {
                let mut asked = Vec::new();
                segments_of(condition, &mut asked);
                links.entry(&declaration.name.value).or_insert(asked);
            }
        }
        self.found.extend(loops(&links, &TELLING));
    }
}

fn segments_of<'c>(condition: &'c Condition, found: &mut Vec<(&'c str, Span)>) {
    each_term(condition, &mut |term| {
        if let ConditionKind::InSegment(name) = &term.kind {
            found.push((&name.value, name.span));
        }
        if let Some(filter) = filter_of(term) {
            segments_of(filter, found);
        }
    });
}

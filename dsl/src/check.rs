//! What can be wrong with declarations whose shape is right and whose names are looked up.
//!
//! Nothing is concluded from what a broken declaration lacks.

mod campaign;
mod constant;
mod fields;
mod limits;
mod segments;
mod steps;
mod template;
mod test;
mod types;

pub use limits::{ARMS_MAX, DECLARATIONS_MAX, STEPS_MAX, TERMS_MAX};

use crate::ast::{Condition, DeclarationKind, File};
use crate::compile::{Catalog, Source};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

/// Checks all files.
#[must_use]
pub fn check(files: &[File], sources: &[Source], catalog: &Catalog) -> Vec<Diagnostic> {
    let mut check = Check { sources, catalog, found: Vec::new() };
    check.declarations_limit(files);
    check.segment_loops(files);
    let mut workspace: Option<Span> = None;
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        match &declaration.kind {
            DeclarationKind::Segment(condition) => check.condition(condition),
            DeclarationKind::Email(email) => check.email(declaration, email),
            DeclarationKind::Campaign(campaign) => check.campaign(declaration, campaign),
            DeclarationKind::Test(lines) => check.test(declaration, lines),
            DeclarationKind::Workspace(fields) => {
                check.second_workspace(declaration.span, &mut workspace);
                check.workspace(fields);
            }
            DeclarationKind::Unknown(_) => {}
        }
    }
    check.found
}

/// Checks one condition.
#[must_use]
pub fn check_condition(condition: &Condition) -> Vec<Diagnostic> {
    let catalog = Catalog::default();
    let mut check = Check { sources: &[], catalog: &catalog, found: Vec::new() };
    check.condition(condition);
    check.found
}

struct Check<'a> {
    sources: &'a [Source],
    catalog: &'a Catalog,
    found: Vec<Diagnostic>,
}

impl Check<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    fn text(&self, span: Span) -> &str {
        self.sources.get(span.file).map_or("", |source| span.text(&source.text))
    }

    /// Everything about a condition that needs no names.
    fn condition(&mut self, condition: &Condition) {
        if self.terms_limit(condition) {
            self.types(condition);
            self.constant(condition);
        }
    }

    fn second_workspace(&mut self, span: Span, first: &mut Option<Span>) {
        let word = |span: Span| Span::new(span.file, span.start, span.start + "workspace".len());
        match *first {
            None => *first = Some(span),
            Some(before) => self.report(
                Diagnostic::new(Code::J0205, word(span), "there are two `workspace` declarations")
                    .here("declared again")
                    .also(word(before), "first declared here")
                    .help("put all its fields into one"),
            ),
        }
    }
}

//! What can be wrong with declarations whose shape is right and whose names are looked up.
//!
//! Nothing is concluded from what a broken declaration lacks.

mod allow;
mod arms;
mod call;
mod campaign;
mod cap;
mod clauses;
mod enter;
mod facts;
mod fields;
mod limits;
mod lints;
mod loops;
mod messages;
mod names;
mod numbers;
mod reach;
mod segments;
mod starts;
mod steps;
mod template;
mod terms;
mod test;
mod types;
mod writing;

pub use allow::without_allowed;
pub use limits::{ARMS_MAX, DECLARATIONS_MAX, STEPS_MAX, TERMS_MAX};
pub use numbers::{CAP_LIMITS_MAX, GOAL_DAYS_MAX, ROUNDS_MAX};

use std::collections::BTreeSet;

use crate::ast::{Condition, Declaration, DeclarationKind, File};
use crate::compile::{Catalog, Source};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::span::Span;

/// Checks all files.
#[must_use]
pub fn check(files: &[File], sources: &[Source], catalog: &Catalog) -> Vec<Diagnostic> {
    let transactional = transactional(files);
    let mut check = Check { sources, catalog, transactional, found: Vec::new() };
    check.declarations_limit(files);
    check.segment_loops(files);
    check.message_loops(files);
    check.campaign_loops(files);
    check.values(files);
    check.templates(files);
    let mut workspace: Option<Span> = None;
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        check.declaration(declaration, &mut workspace);
    }
    check.found
}

/// Checks one condition, which is the whole of `text`.
#[must_use]
pub fn check_condition(condition: &Condition, text: &str) -> Vec<Diagnostic> {
    let catalog = Catalog::default();
    let source = Source { path: String::new(), text: text.to_owned() };
    let mut check = Check {
        sources: std::slice::from_ref(&source),
        catalog: &catalog,
        transactional: BTreeSet::new(),
        found: Vec::new(),
    };
    check.condition(condition);
    check.found
}

struct Check<'a> {
    sources: &'a [Source],
    catalog: &'a Catalog,
    /// Messages that are marked so.
    transactional: BTreeSet<(Channel, &'a str)>,
    found: Vec<Diagnostic>,
}

fn transactional(files: &[File]) -> BTreeSet<(Channel, &str)> {
    let declarations = files.iter().flat_map(|file| &file.declarations);
    declarations
        .filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Message(message) if message.transactional => {
                Some((message.channel, declaration.name.value.as_str()))
            }
            _ => None,
        })
        .collect()
}

impl<'a> Check<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    fn text(&self, span: Span) -> &'a str {
        self.sources.get(span.file).map_or("", |source| span.text(&source.text))
    }

    fn declaration(&mut self, declaration: &Declaration, workspace: &mut Option<Span>) {
        match &declaration.kind {
            DeclarationKind::Workspace(fields) => {
                self.second_workspace(declaration.span, workspace);
                self.workspace(fields);
            }
            DeclarationKind::Segment(condition) => self.condition(condition),
            DeclarationKind::Topic(fields) => self.topic(declaration, fields),
            DeclarationKind::Cap(cap) => self.cap(declaration, cap),
            DeclarationKind::Message(message) => self.message(declaration, message),
            DeclarationKind::Layout(fields) => self.layout(declaration, fields),
            DeclarationKind::Snippet(fields) => self.snippet(declaration, fields),
            DeclarationKind::Campaign(campaign) => self.campaign(declaration, campaign),
            DeclarationKind::Broadcast(broadcast) => self.broadcast(declaration, broadcast),
            DeclarationKind::Test(lines) => self.test(declaration, lines),
            DeclarationKind::ManualSegment | DeclarationKind::Unknown(_) => {}
        }
    }

    /// Everything about a condition that needs no names.
    fn condition(&mut self, condition: &Condition) {
        if self.terms_limit(condition) {
            self.types(condition);
            self.chances(condition);
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

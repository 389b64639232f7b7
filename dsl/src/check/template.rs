//! Templates: that they parse, read only what they can have, and can do without what may be
//! missing.

mod facts;
mod fields;
mod missing;
mod ways;

use liquid::{Key, PathUse};

use super::Check;
use crate::ast::{Expr, ExprKind, File, SCOPES, Template, scope_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Place, Seen, What, quoted_list, readings_of_step};
use crate::span::{Span, position};
use crate::syntax::nearest;

/// What a layout puts around.
const CONTENT: &str = "content";

impl Check<'_> {
    /// What templates of steps and messages read, and whether it is there.
    pub(super) fn templates(&mut self, files: &[File]) {
        let seen = Seen::new(files, self.catalog);
        let sendings = ways::walk(files, &mut |at| {
            for reading in readings_of_step(at.step) {
                let What::Value(value, of) = reading.what else {
                    continue;
                };
                if of.renders() {
                    each_text(value, &mut |text| {
                        self.template(text, reading.place);
                        self.missing_in_step(text, at, &seen);
                    });
                }
            }
        });
        self.missing_in_messages(files, &sendings, &seen);
    }

    /// A template that stands in the source.
    pub(super) fn template(&mut self, text: &Template, place: Place) {
        match liquid::Template::parse(&text.text) {
            Ok(template) => {
                for read in template.paths() {
                    let span = text.place(read.span.clone());
                    self.found.extend(wrong_scope(&read, span, place, true));
                }
            }
            Err(error) => {
                let span = text.place(error.span.clone());
                self.report(faulty(span, &error).here("in this template"));
            }
        }
    }

    /// A template that stands in a file of its own; places in it are named in words.
    pub(super) fn file_template(&mut self, name: &Template, content: &str, place: Place) {
        match liquid::Template::parse(content) {
            Ok(template) => {
                for read in template.paths() {
                    let found = wrong_scope(&read, name.span, place, false);
                    self.found.extend(
                        found.map(|found| found.here(in_file(name, content, read.span.start))),
                    );
                }
            }
            Err(error) => {
                let here = in_file(name, content, error.span.start);
                self.report(faulty(name.span, &error).here(here));
            }
        }
    }
}

/// The place in a file that is read in.
fn in_file(name: &Template, content: &str, offset: usize) -> String {
    let at = position(content, offset);
    format!("in `{}`, line {}, column {}", name.text, at.line, at.column)
}

/// Calls `found` with every text of a value that is rendered.
fn each_text(value: &Expr, found: &mut dyn FnMut(&Template)) {
    match &value.kind {
        ExprKind::Text(text) => found(text),
        ExprKind::List(members) => {
            members.iter().for_each(|member| each_text(member, found));
        }
        ExprKind::Object(entries) => {
            entries.iter().for_each(|(_, value)| each_text(value, found));
        }
        _ => {}
    }
}

fn faulty(span: Span, error: &liquid::ParseError) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::J0309, span, error.message.clone());
    match &error.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}

/// Reports a variable that begins with no scope, or with one that is not known there. `in_source`
/// says whether `span` is the variable itself.
fn wrong_scope(read: &PathUse, span: Span, place: Place, in_source: bool) -> Option<Diagnostic> {
    let Some(Key::Name(root)) = read.keys.first() else {
        return None;
    };
    let scopes = place.row().scopes;
    let is_allowed = |scope| scopes.contains(&scope);
    if scope_of(root).is_some_and(is_allowed) || (place == Place::Layout && root == CONTENT) {
        return None;
    }
    let mut allowed: Vec<&str> =
        SCOPES.iter().filter(|(_, scope)| is_allowed(*scope)).map(|(word, _)| *word).collect();
    if place == Place::Layout {
        allowed.push(CONTENT);
    }
    let mend = |diagnostic: Diagnostic, word: &str| {
        // What a loop calls its own is written shorter than the way to it.
        let written = read.to_string();
        let head = Span::new(span.file, span.start, (span.start + root.len()).min(span.end));
        if in_source && span.end - span.start >= written.len() {
            diagnostic.replace(format!("write `{word}`"), head, word).guessed()
        } else {
            diagnostic.help(format!("write `{}`", written.replacen(root.as_str(), word, 1)))
        }
    };
    if root == "event" {
        let diagnostic = Diagnostic::new(Code::J0310, span, "`event` is not known in a template")
            .here("what started the run is `trigger`");
        return Some(mend(diagnostic, "trigger"));
    }
    if root == "secret" || root == CONTENT || root == "with" {
        return Some(elsewhere(root, span, place));
    }
    let diagnostic = Diagnostic::new(Code::J0310, span, format!("a template cannot read `{root}`"));
    Some(match nearest(root, allowed.iter().copied()) {
        Some(near) => mend(diagnostic.here(format!("did you mean `{near}`?")), near),
        None => diagnostic
            .here(format!("only {} can be read here", quoted_list(&allowed)))
            .help(format!("an attribute of the person is `customer.{read}`")),
    })
}

/// What can be read in other templates than this one.
fn elsewhere(root: &str, span: Span, place: Place) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::J0310, span, format!("`{root}` is not known {}", place.row().called));
    match root {
        "secret" => diagnostic
            .here("it would be shown to whoever gets this")
            .help("secrets can be read in a `call` alone"),
        "with" => diagnostic
            .here("nothing is given here")
            .help("`with` is known in the message that a `send … with { … }` sends"),
        _ => diagnostic
            .here("known in a layout alone")
            .help("name a layout in the message: `layout: \"…\"`, and put `{{ content }}` there"),
    }
}

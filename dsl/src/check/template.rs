//! Templates: that they parse, and read only what they can have.

use liquid::{Key, PathUse};

use super::Check;
use crate::ast::{SCOPES, Template, scope_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Place, quoted_list};
use crate::span::{Span, position};
use crate::syntax::nearest;

impl Check<'_> {
    /// A template that stands in the source.
    pub(super) fn template(&mut self, text: &Template, place: Place) {
        match liquid::Template::parse(&text.text) {
            Ok(template) => {
                for read in template.paths() {
                    let span = text.place(read.span.clone());
                    self.found.extend(wrong_scope(&read, span, place));
                }
            }
            Err(error) => {
                let span = text.place(error.span.clone());
                self.report(faulty(span, &error).here("in this template"));
            }
        }
    }

    /// A template that stands in a file of its own; places in it are named in words.
    pub(super) fn file_template(&mut self, name: &Template, content: &str) {
        let place_of = |offset: usize| {
            let at = position(content, offset);
            format!("in `{}`, line {}, column {}", name.text, at.line, at.column)
        };
        match liquid::Template::parse(content) {
            Ok(template) => {
                for read in template.paths() {
                    let found = wrong_scope(&read, name.span, Place::Template);
                    self.found.extend(found.map(|problem| problem.here(place_of(read.span.start))));
                }
            }
            Err(error) => self.report(faulty(name.span, &error).here(place_of(error.span.start))),
        }
    }
}

fn faulty(span: Span, error: &liquid::ParseError) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::J0309, span, error.message.clone());
    match &error.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}

/// Reports a variable that begins with no scope, or with one that is not known there.
fn wrong_scope(read: &PathUse, span: Span, place: Place) -> Option<Diagnostic> {
    let Some(Key::Name(root)) = read.keys.first() else {
        return None;
    };
    let scope = scope_of(root);
    if scope.is_some_and(|scope| place.scopes().contains(&scope)) {
        return None;
    }
    let allowed: Vec<&str> = SCOPES
        .iter()
        .filter(|(_, scope)| place.scopes().contains(scope))
        .map(|(word, _)| *word)
        .collect();
    let listed = quoted_list(&allowed);
    if root == "event" {
        return Some(
            Diagnostic::new(Code::J0310, span, "`event` is not known in a template")
                .here("what started the run is `trigger`")
                .help(format!(
                    "write `{}`; other data is given by `with {{ … }}` and read as `with`",
                    written(read).replacen("event", "trigger", 1)
                )),
        );
    }
    let diagnostic = Diagnostic::new(Code::J0310, span, format!("a template cannot read `{root}`"));
    Some(match nearest(root, allowed.iter().copied()) {
        Some(near) => diagnostic
            .here(format!("did you mean `{near}`?"))
            .help(format!("a template reads {listed}")),
        None => diagnostic
            .here(format!("only {listed} can be read here"))
            .help(format!("an attribute of the person is `customer.{}`", written(read))),
    })
}

fn written(read: &PathUse) -> String {
    read.to_string()
}

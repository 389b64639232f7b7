//! Steps that write: what can be written, and under which name something is kept.

use super::Check;
use crate::ast::{Lookup, Path, Step};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Key;
use crate::span::Span;

impl Check<'_> {
    /// `customer` and `journey` can be written, by a path of names.
    pub(super) fn target(&mut self, path: &Path, verb: &str) {
        let scope = path.scope.value.as_str();
        if !["customer", "journey"].contains(&scope) {
            let known = crate::ast::scope_of(scope).is_some();
            let code = if known { Code::J0306 } else { Code::J0305 };
            self.report(
                Diagnostic::new(code, path.scope.span, format!("`{scope}` cannot be {verb}"))
                    .here("only `customer` and `journey` can be written")
                    .help(format!("attributes of the person are `customer.name`, variables of the run `journey.{}`", leaf(path))),
            );
        } else if path.keys.is_empty() || path.keys.iter().any(|key| matches!(key, Key::Index(_))) {
            self.report(
                Diagnostic::new(
                    Code::J0403,
                    path.span,
                    "one attribute or variable is written, by its name",
                )
                .here("expected a path of names")
                .help(format!("write it like `{scope}.name`")),
            );
        }
    }

    /// A row that is looked up is kept under a name.
    pub(super) fn lookup(&mut self, step: &Step, lookup: &Lookup, broken: bool) {
        self.condition(&lookup.filter);
        match &lookup.name {
            Some(name) => self.no_keyword(name, "name"),
            None if broken => {}
            None => {
                let end = Span::new(step.head.file, step.head.end, step.head.end);
                self.report(
                    Diagnostic::new(
                        Code::J0208,
                        step.head,
                        "this `lookup` keeps its row under no name",
                    )
                    .here("`as …` is missing")
                    .replace("end it with `as found`; then read `journey.found`", end, " as found")
                    .guessed(),
                );
            }
        }
    }
}

fn leaf(path: &Path) -> String {
    match path.keys.last() {
        Some(Key::Name(name)) => name.clone(),
        Some(Key::Index(_)) | None => "name".to_owned(),
    }
}

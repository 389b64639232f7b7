//! From source text to definitions: parse, resolve, check, lower. Never fails; what is wrong comes
//! back as diagnostics beside what could be understood.

mod campaign;
mod condition;
mod email;
mod identity;
mod test;

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{self, DeclarationKind};
use crate::definition::{Definitions, Segment, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::expr::Condition;
use crate::resolve::Names;
use crate::{check, resolve, syntax};

/// One `.journey` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As people should see it in messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What the surroundings know besides the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Segments that exist outside the files.
    pub segments: BTreeSet<String>,
    /// E-mails that exist outside the files.
    pub emails: BTreeSet<String>,
    /// Contents of `file "…"`, by the path as it is written; a path that is missing here is an error.
    pub files: BTreeMap<String, String>,
}

/// Definitions and problems. The definitions are fit to run only where no problem is an error.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compilation {
    /// What was understood.
    pub definitions: Definitions,
    /// In source order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compilation {
    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Compiles all files together. Every problem of every file is found in one run.
#[must_use]
pub fn compile(sources: &[Source], catalog: &Catalog) -> Compilation {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let parsed = syntax::parse(&source.text, index);
        let (file, found) = ast::build(&parsed.tree, &source.text, &parsed.diagnostics);
        diagnostics.extend(parsed.diagnostics);
        diagnostics.extend(found);
        files.push(file);
    }
    let names = Names::collect(&files, catalog);
    diagnostics.extend(resolve::resolve(&files, &names, sources));
    diagnostics.extend(check::check(&files, sources, catalog));
    let definitions = Lowering { sources, catalog, settings: settings(&files) }.definitions(&files);
    Compilation { definitions, diagnostics: in_order(diagnostics) }
}

/// Compiles one condition, such as a filter of the API. It may read what a segment may. There is a
/// condition only where there is no error; places are in file 0.
#[must_use]
pub fn compile_condition(text: &str, catalog: &Catalog) -> (Option<Condition>, Vec<Diagnostic>) {
    let parsed = syntax::parse_condition(text, 0);
    let (built, found) = ast::build_condition(&parsed.tree, text);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.extend(found);
    if let Some(condition) = &built {
        let names = Names::collect(&[], catalog);
        diagnostics.extend(resolve::resolve_condition(condition, &names));
        diagnostics.extend(check::check_condition(condition));
    }
    let failed = diagnostics.iter().any(|problem| problem.severity == Severity::Error);
    let lowered = built.filter(|_| !failed).map(|condition| condition::lower(&condition));
    (lowered, in_order(diagnostics))
}

/// Problems that one compilation tells.
pub const PROBLEMS_MAX: usize = 1_000;

/// In source order, the first [`PROBLEMS_MAX`]; errors are never the ones left out.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|problem| (problem.primary.span, problem.code));
    diagnostics.dedup();
    if diagnostics.len() > PROBLEMS_MAX {
        diagnostics.sort_by_key(|problem| problem.severity);
        diagnostics.truncate(PROBLEMS_MAX);
        diagnostics.sort_by_key(|problem| (problem.primary.span, problem.code));
    }
    diagnostics
}

/// From declarations to definitions; what was reported already becomes something harmless.
struct Lowering<'a> {
    sources: &'a [Source],
    catalog: &'a Catalog,
    settings: Settings,
}

impl Lowering<'_> {
    fn definitions(self, files: &[ast::File]) -> Definitions {
        let mut made = Definitions::default();
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            match &declaration.kind {
                DeclarationKind::Segment(condition) => made.segments.push(Segment {
                    name: declaration.name.value.as_str().into(),
                    description: declaration.description.clone(),
                    condition: condition::lower(condition),
                    span: declaration.span,
                }),
                DeclarationKind::Email(email) => made.emails.push(self.email(declaration, email)),
                DeclarationKind::Campaign(body) => {
                    made.campaigns.push(self.campaign(declaration, body))
                }
                DeclarationKind::Test(lines) => made.tests.push(self.test(declaration, lines)),
                DeclarationKind::Workspace(_) | DeclarationKind::Unknown(_) => {}
            }
        }
        made.settings = self.settings;
        made
    }

    fn text(&self, span: crate::span::Span) -> &str {
        self.sources.get(span.file).map_or("", |source| span.text(&source.text))
    }
}

/// The fields of `workspace { … }`; the first wins.
fn settings(files: &[ast::File]) -> Settings {
    let mut settings = Settings::default();
    let declarations = files.iter().flat_map(|file| &file.declarations);
    for declaration in declarations {
        let DeclarationKind::Workspace(fields) = &declaration.kind else {
            continue;
        };
        for field in fields {
            let ast::FieldValue::Text(text) = &field.value.value else {
                continue;
            };
            let place = match field.name.value.as_str() {
                "timezone" => &mut settings.timezone,
                "from" => &mut settings.from,
                "language" => &mut settings.language,
                _ => continue,
            };
            place.get_or_insert_with(|| text.text.clone());
        }
    }
    settings
}

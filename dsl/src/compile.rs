//! From source text to definitions: parse, resolve, check, lower. Never fails; what is wrong comes
//! back as diagnostics beside what could be understood.

mod campaign;
mod catalog;
mod condition;
mod identity;
mod message;
mod steps;
mod test;

pub use catalog::{Catalog, CatalogFault};

use crate::ast::{self, DeclarationKind};
use crate::definition::{Definitions, EmailDefinition, ManualSegment, Segment, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::expr::Condition;
use crate::graph::Channel;
use crate::message::Email;
use crate::resolve::Names;
use crate::{check, resolve, syntax, time};
use condition::ANYWHERE;

/// One `.journey` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As people should see it in messages.
    pub path: String,
    /// Its text.
    pub text: String,
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
    let (files, diagnostics) = understood(sources, catalog);
    let definitions = Lowering { sources, catalog, settings: settings(&files) }.definitions(&files);
    Compilation { definitions, diagnostics: in_order(diagnostics) }
}

/// All problems in source order, however many there are.
pub(crate) fn every_problem(sources: &[Source], catalog: &Catalog) -> Vec<Diagnostic> {
    let (_, mut diagnostics) = understood(sources, catalog);
    sort(&mut diagnostics);
    diagnostics
}

fn understood(sources: &[Source], catalog: &Catalog) -> (Vec<ast::File>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let (mut files, mut comments) = (Vec::new(), Vec::new());
    for (index, source) in sources.iter().enumerate() {
        let parsed = syntax::parse(&source.text, index);
        let (file, found) = ast::build(&parsed.tree, &source.text, &parsed.diagnostics);
        diagnostics.extend(parsed.diagnostics);
        diagnostics.extend(found);
        files.push(file);
        comments.push(parsed.tree.comments);
    }
    let names = Names::collect(&files, catalog);
    diagnostics.extend(resolve::resolve(&files, &names, sources, catalog));
    diagnostics.extend(check::check(&files, sources, catalog));
    let diagnostics = check::without_allowed(diagnostics, &files, sources, &comments);
    (files, diagnostics)
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
        diagnostics.extend(resolve::resolve_condition(condition, &names, catalog));
        diagnostics.extend(check::check_condition(condition, text));
    }
    let failed = diagnostics.iter().any(|problem| problem.severity == Severity::Error);
    let lowered = built.filter(|_| !failed).map(|condition| ANYWHERE.condition(&condition));
    (lowered, in_order(diagnostics))
}

fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|problem| (problem.primary.span, problem.code));
    diagnostics.dedup();
}

/// Problems that one compilation tells.
pub const PROBLEMS_MAX: usize = 1_000;

/// In source order, the first [`PROBLEMS_MAX`]; errors are never the ones left out.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    sort(&mut diagnostics);
    if diagnostics.len() > PROBLEMS_MAX {
        diagnostics.sort_by_key(|problem| problem.severity);
        diagnostics.truncate(PROBLEMS_MAX);
        sort(&mut diagnostics);
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
        let declared = message::declared(files);
        let mut made = Definitions::default();
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            match &declaration.kind {
                DeclarationKind::Segment(condition) => made.segments.push(Segment {
                    name: declaration.name.value.as_str().into(),
                    description: declaration.description.clone(),
                    condition: ANYWHERE.condition(condition),
                    span: declaration.span,
                }),
                DeclarationKind::ManualSegment => made.manual_segments.push(ManualSegment {
                    name: declaration.name.value.as_str().into(),
                    description: declaration.description.clone(),
                    span: declaration.span,
                }),
                DeclarationKind::Topic(fields) => {
                    made.topics.push(message::topic(declaration, fields));
                }
                DeclarationKind::Cap(cap) => made.caps.push(message::cap(declaration, cap)),
                DeclarationKind::Message(message) => {
                    let message = self.message(declaration, message, &declared);
                    made.emails.extend(plain_email(&message));
                    made.messages.push(message);
                }
                DeclarationKind::Layout(fields) => {
                    made.layouts.push(self.part(declaration, fields));
                }
                DeclarationKind::Snippet(fields) => {
                    made.snippets.push(self.part(declaration, fields));
                }
                DeclarationKind::Campaign(body) => {
                    made.campaigns.push(self.campaign(declaration, body));
                }
                DeclarationKind::Broadcast(body) => {
                    made.broadcasts.push(self.broadcast(declaration, body));
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

/// An e-mail that can be rendered as it is.
fn plain_email(message: &crate::definition::Message) -> Option<EmailDefinition> {
    let email = (message.channel == Channel::Email).then(|| Email::of(message))?;
    Some(EmailDefinition {
        email: email.ok()?,
        description: message.description.clone(),
        span: message.span,
    })
}

/// The zone of the workspace.
fn named_zone(settings: &Settings) -> chrono_tz::Tz {
    settings.timezone.as_deref().and_then(time::named_zone).unwrap_or_default()
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

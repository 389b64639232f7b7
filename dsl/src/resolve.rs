//! Names: which exist, and what a name that does not exist was probably meant to be.

mod condition;
mod place;
mod walk;

pub(crate) use condition::quoted_list;
pub use place::Place;
pub(crate) use walk::{each_block, each_label, unknown_zone};

use std::collections::BTreeMap;

use crate::ast::{Condition, DeclarationKind, File, Name, NameKind};
use crate::compile::{Catalog, Source};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::nearest;

/// Unknown names of one compilation for which a known one is suggested.
const SUGGESTIONS_MAX: usize = 100;

/// Every name that can be referred to, and where it is declared if in a file.
#[derive(Debug, Clone, Default)]
pub struct Names {
    known: BTreeMap<NameKind, BTreeMap<String, Option<Span>>>,
}

impl Names {
    /// The names of the files and of the catalog.
    #[must_use]
    pub fn collect(files: &[File], catalog: &Catalog) -> Self {
        let mut names = Self::default();
        for (kind, outside) in
            [(NameKind::Segment, &catalog.segments), (NameKind::Email, &catalog.emails)]
        {
            for name in outside {
                names.known.entry(kind).or_default().insert(name.clone(), None);
            }
        }
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            if let Some(kind) = kind_of(&declaration.kind) {
                let place = names
                    .known
                    .entry(kind)
                    .or_default()
                    .entry(declaration.name.value.clone())
                    .or_default();
                place.get_or_insert(declaration.name.span);
            }
        }
        names
    }

    fn has(&self, kind: NameKind, name: &str) -> bool {
        self.known.get(&kind).is_some_and(|names| names.contains_key(name))
    }

    fn near(&self, kind: NameKind, name: &str) -> Option<&str> {
        nearest(name, self.known.get(&kind)?.keys().map(String::as_str))
    }

    /// Says that `name` is unknown, unless it is known; an empty name was reported already.
    fn unknown(&self, kind: NameKind, name: &Name, suggest: bool) -> Option<Diagnostic> {
        if self.has(kind, &name.value) || name.value.is_empty() {
            return None;
        }
        let (code, called, outside) = match kind {
            NameKind::Segment => (Code::J0301, "segment", ", or in the workspace"),
            NameKind::Email => (Code::J0302, "e-mail", ", or in the workspace"),
            NameKind::Campaign => (Code::J0303, "campaign", ""),
            NameKind::Test => return None,
        };
        let diagnostic =
            Diagnostic::new(code, name.span, format!("there is no {called} `{}`", name.value));
        let near = if suggest { self.near(kind, &name.value) } else { None };
        Some(match near {
            Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                format!("write `\"{near}\"`"),
                name.span,
                format!("\"{near}\""),
            ),
            None => diagnostic.here("declared nowhere").help(format!(
                "declare it in one of the files{outside}: `{}`",
                shape(kind, &name.value)
            )),
        })
    }
}

/// What kind of name a declaration gives, if any.
#[must_use]
pub const fn kind_of(kind: &DeclarationKind) -> Option<NameKind> {
    match kind {
        DeclarationKind::Segment(_) => Some(NameKind::Segment),
        DeclarationKind::Email(_) => Some(NameKind::Email),
        DeclarationKind::Campaign(_) => Some(NameKind::Campaign),
        DeclarationKind::Test(_) => Some(NameKind::Test),
        DeclarationKind::Unknown(kind) => Some(*kind),
        DeclarationKind::Workspace(_) => None,
    }
}

fn shape(kind: NameKind, name: &str) -> String {
    match kind {
        NameKind::Segment => format!("segment \"{name}\" = …"),
        NameKind::Email => format!("email \"{name}\" {{ … }}"),
        NameKind::Campaign => format!("campaign \"{name}\" {{ … }}"),
        NameKind::Test => format!("test \"{name}\" {{ … }}"),
    }
}

/// Looks up every name of every file.
#[must_use]
pub fn resolve(files: &[File], names: &Names, sources: &[Source]) -> Vec<Diagnostic> {
    let mut walk = walk::Walk { names, files, sources, unknown: 0, found: Vec::new() };
    walk.files();
    walk.found
}

/// Looks up the names of one condition that may read what a segment may.
#[must_use]
pub fn resolve_condition(condition: &Condition, names: &Names) -> Vec<Diagnostic> {
    let mut walk = walk::Walk { names, files: &[], sources: &[], unknown: 0, found: Vec::new() };
    walk.condition(condition, Place::Segment);
    walk.found
}

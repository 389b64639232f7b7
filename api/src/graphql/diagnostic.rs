//! Problems in source text, with places as people count.

use async_graphql::{Enum, SimpleObject};
use dsl::compile::Source;
use dsl::diagnostic;
use dsl::span;
use serde::Serialize;

/// Diagnostics that one answer lists; a file with more is not read to its end by anybody.
const DIAGNOSTICS_MAX: usize = 1_000;

/// One problem in source text.
#[derive(Debug, Serialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub(super) struct Diagnostic {
    /// A stable code with a page of its own, `/errors/CODE`.
    code: String,
    /// How bad.
    severity: Severity,
    /// One sentence in plain words.
    message: String,
    /// Where.
    span: Span,
    /// What is wrong just there.
    label: Option<String>,
    /// Other places that explain it.
    labels: Vec<Label>,
    /// How to mend it.
    help: Option<String>,
    /// Why it is so.
    note: Option<String>,
    /// Edits that mend it.
    fix: Option<Fix>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(remote = "dsl::diagnostic::Severity")]
enum Severity {
    /// Nothing is applied.
    Error,
    /// Probably not what was meant.
    Warning,
}

/// A range in a file: lines and columns from 1, columns in characters, the end not included.
#[derive(Debug, Serialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
struct Span {
    /// The file.
    path: String,
    /// Line of its first character.
    line: usize,
    /// Column of its first character.
    column: usize,
    /// Line of its end.
    end_line: usize,
    /// Column of its end.
    end_column: usize,
}

/// A place and a word about it.
#[derive(Debug, Serialize, SimpleObject)]
struct Label {
    /// Where.
    span: Span,
    /// What is there.
    text: String,
}

/// Edits that belong together.
#[derive(Debug, Serialize, SimpleObject)]
struct Fix {
    /// What they do.
    title: String,
    /// How sure it is that they say what was meant.
    applicability: Applicability,
    /// They do not overlap.
    edits: Vec<Edit>,
}

/// How sure it is that a fix says what the author meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(remote = "dsl::diagnostic::Applicability")]
enum Applicability {
    /// Nothing else can be meant, so that a program may make the edits by itself.
    Safe,
    /// Something else may be meant: only the author can tell.
    Guess,
}

/// Replace a range by a text.
#[derive(Debug, Serialize, SimpleObject)]
struct Edit {
    /// What goes.
    span: Span,
    /// What comes.
    text: String,
}

/// The first diagnostics of a compilation of `sources`.
pub(super) fn list(diagnostics: &[diagnostic::Diagnostic], sources: &[Source]) -> Vec<Diagnostic> {
    let places = Places::of(sources);
    let list = diagnostics.iter().take(DIAGNOSTICS_MAX);
    list.map(|it| Diagnostic {
        code: it.code.word().to_owned(),
        severity: it.severity.into(),
        message: it.message.clone(),
        span: places.span(it.primary.span),
        label: Some(it.primary.text.clone()).filter(|text| !text.is_empty()),
        labels: it.labels.iter().map(|label| places.label(label)).collect(),
        help: it.help.clone(),
        note: it.note.clone(),
        fix: it.fix.as_ref().map(|fix| places.fix(fix)),
    })
    .collect()
}

/// Where lines begin, so that a place is found without reading the file up to it.
struct Places<'a>(Vec<(&'a Source, Vec<usize>)>);

impl<'a> Places<'a> {
    fn of(sources: &'a [Source]) -> Self {
        let starts = |text: &str| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        };
        Self(sources.iter().map(|source| (source, starts(&source.text))).collect())
    }

    fn span(&self, span: span::Span) -> Span {
        let path = self.0.get(span.file).map_or("", |(source, _)| source.path.as_str());
        let (line, column) = self.position(span.file, span.start);
        let (end_line, end_column) = self.position(span.file, span.end);
        Span { path: path.to_owned(), line, column, end_line, end_column }
    }

    /// Line and column of a byte of a file.
    fn position(&self, file: usize, offset: usize) -> (usize, usize) {
        let Some((source, starts)) = self.0.get(file) else { return (1, 1) };
        let line = starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| starts.get(index)).copied();
        let start = start.unwrap_or_default();
        let before = source.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    fn label(&self, label: &diagnostic::Label) -> Label {
        Label { span: self.span(label.span), text: label.text.clone() }
    }

    fn fix(&self, fix: &diagnostic::Fix) -> Fix {
        let edits = fix.edits.iter();
        Fix {
            title: fix.title.clone(),
            applicability: fix.applicability.into(),
            edits: edits
                .map(|edit| Edit { span: self.span(edit.span), text: edit.text.clone() })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_language() {
        let text = "a\nä b\n\nlast".to_owned();
        let sources = [Source { path: "x.journey".to_owned(), text: text.clone() }];
        let places = Places::of(&sources);
        for (offset, _) in text.char_indices() {
            let expected = span::position(&text, offset);
            assert_eq!(places.position(0, offset), (expected.line, expected.column), "{offset}");
        }
        assert_eq!(places.position(0, text.len()), (4, 5));
        assert_eq!(places.position(1, 3), (1, 1));
    }
}

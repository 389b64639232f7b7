//! Diagnostics for people (text) and for programs (JSON).

use codespan_reporting::diagnostic as shown;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config, Styles, StylesWriter};
use serde_json::{Value, json};

use super::excerpt::{Excerpt, Lines, visible};
use super::{Diagnostic, Fix, Label, Severity};
use crate::compile::Source;
use crate::span::{Span, position};

/// All diagnostics with their lines of source, one below the other, and the sum at the end.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], sources: &[Source], color: bool) -> String {
    let lines = Lines::new(sources);
    let config = Config { tab_width: 2, ..Config::default() };
    let styles = Styles::default();
    let mut out = Vec::new();
    for diagnostic in diagnostics {
        let files = lines.excerpt(diagnostic);
        let diagnostic = show(diagnostic, sources, &files);
        // Writing to memory fails only for a file that is not among the sources.
        let written = if color {
            let mut writer = StylesWriter::new(Ansi::new(&mut out), &styles);
            term::emit_to_write_style(&mut writer, &config, &files, &diagnostic)
        } else {
            term::emit_to_io_write(&mut out, &config, &files, &diagnostic)
        };
        if written.is_err() {
            out.extend(format!("{}\n", diagnostic.message).bytes());
        }
    }
    out.extend(sum(diagnostics).bytes());
    clean(&String::from_utf8_lossy(&out))
}

/// Without the spaces that the renderer leaves at the end of lines.
fn clean(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// `3 errors, 1 warning`, as a line; nothing where there is nothing.
fn sum(diagnostics: &[Diagnostic]) -> String {
    let count =
        |severity| diagnostics.iter().filter(|problem| problem.severity == severity).count();
    let say = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts: Vec<String> =
        [say(count(Severity::Error), "error"), say(count(Severity::Warning), "warning")]
            .into_iter()
            .flatten()
            .collect();
    if parts.is_empty() { String::new() } else { format!("{}\n", parts.join(", ")) }
}

fn show(
    diagnostic: &Diagnostic,
    sources: &[Source],
    excerpt: &Excerpt<'_>,
) -> shown::Diagnostic<usize> {
    let severity = match diagnostic.severity {
        Severity::Error => shown::Severity::Error,
        Severity::Warning => shown::Severity::Warning,
    };
    let label = |style, label: &Label| {
        let place = excerpt.range(label.span.file, &first_line(label.span, sources))?;
        let shown = shown::Label::new(style, label.span.file, place);
        Some(shown.with_message(visible(&label.text)))
    };
    let mut labels: Vec<_> =
        label(shown::LabelStyle::Primary, &diagnostic.primary).into_iter().collect();
    let others = diagnostic.labels.iter();
    labels.extend(others.filter_map(|other| label(shown::LabelStyle::Secondary, other)));
    let mut notes = Vec::new();
    notes.extend(diagnostic.help.as_ref().map(|help| format!("help: {}", visible(help))));
    notes.extend(diagnostic.note.as_ref().map(|note| format!("note: {}", visible(note))));
    shown::Diagnostic::new(severity)
        .with_code(diagnostic.code)
        .with_message(visible(&diagnostic.message))
        .with_labels(labels)
        .with_notes(notes)
}

/// The part of a span on its first line: enough to see the place, and easy to read.
fn first_line(span: Span, sources: &[Source]) -> std::ops::Range<usize> {
    let text = sources.get(span.file).map_or("", |source| span.text(&source.text));
    let length = text.lines().next().map_or(0, |line| line.trim_end().len());
    if text.contains('\n') { span.start..span.start + length } else { span.start..span.end }
}

/// All diagnostics with lines and columns from 1, columns in characters.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &[Source]) -> Value {
    let one = |diagnostic: &Diagnostic| {
        json!({
            "code": diagnostic.code.word(),
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "label": diagnostic.primary.text,
            "place": place(diagnostic.primary.span, sources),
            "also": diagnostic.labels.iter().map(|label| json!({
                "label": label.text,
                "place": place(label.span, sources),
            })).collect::<Vec<_>>(),
            "help": diagnostic.help,
            "note": diagnostic.note,
            "fix": diagnostic.fix.as_ref().map(|fix| fix_json(fix, sources)),
        })
    };
    Value::Array(diagnostics.iter().map(one).collect())
}

fn fix_json(fix: &Fix, sources: &[Source]) -> Value {
    let edits: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| json!({ "place": place(edit.span, sources), "text": edit.text }))
        .collect();
    json!({ "title": fix.title, "applicability": fix.applicability, "edits": edits })
}

fn place(span: Span, sources: &[Source]) -> Value {
    let source = sources.get(span.file);
    let text = source.map_or("", |source| source.text.as_str());
    let (from, to) = (position(text, span.start), position(text, span.end));
    json!({
        "path": source.map_or("", |source| source.path.as_str()),
        "line": from.line,
        "column": from.column,
        "end_line": to.line,
        "end_column": to.column,
        "start": span.start,
        "end": span.end,
    })
}

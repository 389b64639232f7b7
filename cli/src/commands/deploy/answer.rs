//! What a server says to a deploy. Problems come as lines and columns, and are turned back into
//! diagnostics, so that they look as those of `sojourn check`.

use dsl::compile::Source;
use dsl::diagnostic::{Code, Diagnostic, render};
use dsl::span::Span;
use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// The ways it can go, once there is an answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// It was done.
    Deployed(Deployed),
    /// It was not, for this reason.
    Refused(Failure),
    /// It was not, because of what the files say; as text for people.
    Problems(String),
}

/// What changed.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deployed {
    pub(super) version: i64,
    pub(super) changed: bool,
    pub(super) campaigns_new: Vec<String>,
    pub(super) campaigns_changed: Vec<String>,
    pub(super) campaigns_removed: Vec<String>,
    pub(super) segments: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Problem {
    code: String,
    message: String,
    span: Place,
    label: Option<String>,
    #[serde(default)]
    labels: Vec<Remark>,
    help: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Deserialize)]
struct Remark {
    span: Place,
    text: String,
}

/// Reads the body of an answer; `sources` are the files as they were sent.
pub(super) fn read(body: &Value, sources: &[Source], colours: bool) -> Answer {
    let error = body.pointer("/errors/0");
    let problems = error
        .and_then(|error| error.pointer("/extensions/diagnostics"))
        .and_then(|list| Vec::<Problem>::deserialize(list).ok());
    if let Some(problems) = problems {
        return Answer::Problems(shown(&problems, sources, colours));
    }
    if let Some(error) = error {
        return Answer::Refused(refusal(error));
    }
    match body.pointer("/data/deploy").map(Deployed::deserialize) {
        Some(Ok(deployed)) => Answer::Deployed(deployed),
        None if body.pointer("/detail").is_some() => Answer::Refused(
            Failure::unreachable(format!(
                "the server refused: {}",
                body.pointer("/detail").and_then(Value::as_str).unwrap_or_default()
            ))
            .help("`--server` takes the address that `sojourn serve` says, without a path"),
        ),
        Some(Err(_)) | None => Answer::Refused(
            Failure::unreachable("the server answered in a way that is not understood")
                .help("is it a Sojourn server of the same version?"),
        ),
    }
}

fn refusal(error: &Value) -> Failure {
    let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let message = match text("/extensions/field") {
        "" => format!("the server refused: {}", text("/message")),
        field => format!("the server refused `{field}`: {}", text("/message")),
    };
    match text("/extensions/code") {
        "CONFLICT" => Failure::problem(message)
            .help("each file belongs to one set of files; `--source` names the set"),
        "UNAUTHENTICATED" | "FORBIDDEN" => Failure::problem(message)
            .help("`--key` and `SOJOURN_KEY` take a key with the role editor or admin"),
        "UNAVAILABLE" => Failure::unreachable(message),
        _ => Failure::problem(message),
    }
}

/// A problem in a file that lies elsewhere is told in one line.
fn shown(problems: &[Problem], sources: &[Source], colours: bool) -> String {
    let mut known = Vec::new();
    let mut text = String::new();
    for problem in problems {
        match diagnostic(problem, sources) {
            Some(diagnostic) => known.push(diagnostic),
            None => {
                let Place { path, line, column, .. } = &problem.span;
                let (code, message) = (&problem.code, &problem.message);
                text.push_str(&format!(
                    "error[{code}]: {message}\n  ┌─ {path}:{line}:{column}\n\n"
                ));
            }
        }
    }
    text.push_str(&render::text(&known, sources, colours));
    text
}

fn diagnostic(problem: &Problem, sources: &[Source]) -> Option<Diagnostic> {
    let code = Code::from_word(&problem.code)?;
    let mut diagnostic =
        Diagnostic::new(code, span(&problem.span, sources)?, problem.message.clone());
    if let Some(label) = &problem.label {
        diagnostic = diagnostic.here(label.clone());
    }
    for remark in &problem.labels {
        if let Some(span) = span(&remark.span, sources) {
            diagnostic = diagnostic.also(span, remark.text.clone());
        }
    }
    diagnostic.help = problem.help.clone();
    diagnostic.note = problem.note.clone();
    Some(diagnostic)
}

fn span(place: &Place, sources: &[Source]) -> Option<Span> {
    let file = sources.iter().position(|source| source.path == place.path)?;
    let text = &sources.get(file)?.text;
    let start = offset(text, place.line, place.column)?;
    let end = offset(text, place.end_line, place.end_column)?;
    (start <= end).then(|| Span::new(file, start, end))
}

/// The byte at a line and column, both from 1; `None` past the end of the line.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut start = 0;
    for _ in 1..line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let rest = text.get(start..)?;
    let within = rest.lines().next().unwrap_or_default();
    let ends = within.char_indices().map(|(at, _)| at).chain([within.len()]);
    ends.take(column).last().filter(|_| column <= within.chars().count() + 1).map(|at| start + at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source(text: &str) -> Vec<Source> {
        vec![Source { path: "a.journey".to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn places_are_found_again() {
        let text = "a\nä b\n\nlast";
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let position = dsl::span::position(text, at);
            assert_eq!(offset(text, position.line, position.column), Some(at), "{position:?}");
        }
        assert_eq!(offset(text, 9, 1), None);
        assert_eq!(offset(text, 1, 9), None);
    }

    #[test]
    fn problems_look_as_in_check() {
        let sources = source("segment \"x\" = customer.plan = \"pro\"\n");
        let compilation = dsl::compile::compile(&sources, &dsl::compile::Catalog::default());
        let expected = render::text(&compilation.diagnostics, &sources, false);
        assert!(expected.contains("J0105"), "{expected}");
        let list = compilation.diagnostics.iter().map(|one| {
            let (from, to) = (
                dsl::span::position(&sources[0].text, one.primary.span.start),
                dsl::span::position(&sources[0].text, one.primary.span.end),
            );
            json!({
                "code": one.code.word(),
                "severity": "ERROR",
                "message": one.message,
                "span": {
                    "path": "a.journey", "line": from.line, "column": from.column,
                    "endLine": to.line, "endColumn": to.column,
                },
                "label": one.primary.text,
                "labels": [],
                "help": one.help,
                "note": one.note,
                "fix": null,
            })
        });
        let list: Vec<Value> = list.collect();
        let body = json!({ "errors": [{ "message": "1 problem", "extensions": {
            "code": "INVALID_SOURCE", "diagnostics": list } }] });
        let Answer::Problems(found) = read(&body, &sources, false) else { panic!("no problems") };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_problem_in_a_file_that_is_not_here_is_told_in_a_line() {
        let body = json!({ "errors": [{ "message": "1 problem", "extensions": { "diagnostics": [{
            "code": "J0205", "message": "two of `x`", "labels": [],
            "span": { "path": "b.journey", "line": 3, "column": 1, "endLine": 3, "endColumn": 2 },
        }] } }] });
        let Answer::Problems(found) = read(&body, &source(""), false) else {
            panic!("no problems")
        };
        assert_eq!(found, "error[J0205]: two of `x`\n  ┌─ b.journey:3:1\n\n");
    }

    #[test]
    fn refusals_say_why() {
        let body = json!({ "data": null, "errors": [{ "message": "expected the role editor",
            "extensions": { "code": "FORBIDDEN" } }] });
        let Answer::Refused(failure) = read(&body, &[], false) else { panic!("no refusal") };
        assert_eq!(failure.to_string(), "the server refused: expected the role editor");
        let Answer::Refused(failure) = read(&json!({ "data": {} }), &[], false) else {
            panic!("no refusal")
        };
        assert!(failure.to_string().contains("not understood"));
    }

    #[test]
    fn what_was_done_is_read() {
        let body = json!({ "data": { "deploy": { "version": 3, "changed": true,
            "campaignsNew": ["A"], "campaignsChanged": [], "campaignsRemoved": ["B"],
            "segments": [] } } });
        let Answer::Deployed(deployed) = read(&body, &[], false) else { panic!("not deployed") };
        assert_eq!((deployed.version, deployed.campaigns_new.len()), (3, 1));
    }
}

//! `sojourn test`: runs the `test` blocks of files under a virtual clock.

use anyhow::Result;
use dsl::compile::Compilation;
use dsl::diagnostic::render;
use dsl::simulate::{self, TestReport, report};
use dsl::span::{Span, position};
use serde_json::{Value, json};

use super::check;
use crate::args::{Format, Test};
use crate::failure::{Ending, Failure};
use crate::files::Files;
use crate::{offer, output};

/// One workspace and what became of its tests.
struct Played {
    files: Files,
    compilation: Compilation,
    reports: Vec<TestReport>,
}

pub(super) fn run(test: &Test) -> Result<Ending> {
    let mut all = Vec::new();
    for path in &test.paths {
        let files = Files::read(path)?;
        let compilation = files.compile();
        let only = test.only.as_deref();
        let reports = if compilation.has_errors() {
            Vec::new()
        } else {
            simulate::run_tests(&compilation.definitions, only)
        };
        all.push(Played { files, compilation, reports });
    }
    let has_errors = all.iter().any(|played| played.compilation.has_errors());
    if let Some(only) = &test.only
        && !has_errors
        && all.iter().all(|played| played.reports.is_empty())
    {
        return Err(no_such_test(only, &all).into());
    }
    match test.format {
        Format::Text => print_text(&all)?,
        Format::Json => output::line(summary(&all))?,
    }
    let has_failed = all.iter().flat_map(|played| &played.reports).any(|report| !report.passed);
    Ok(Ending::problems(has_errors || has_failed))
}

fn no_such_test(only: &str, all: &[Played]) -> Failure {
    let tests = all.iter().flat_map(|played| &played.compilation.definitions.tests);
    let names: Vec<&str> = tests.map(|test| &*test.name).collect();
    let failure = Failure::wrong_use(format!("there is no test `{only}`"));
    if names.is_empty() {
        return failure.help("the files have no tests");
    }
    failure.help(offer::offer("tests", only, &names))
}

fn print_text(all: &[Played]) -> Result<()> {
    if all.iter().all(|played| {
        played.compilation.definitions.tests.is_empty() && !played.compilation.has_errors()
    }) {
        output::note("there is no test here; one is written `test \"name\" { campaign \"…\"  … }`");
    }
    for played in all {
        check::print_problems(&played.files, &played.compilation);
        if !played.compilation.has_errors() {
            output::text(report::text(&played.reports, &played.files.sources))?;
        }
    }
    Ok(())
}

fn summary(all: &[Played]) -> Value {
    let (mut tests, mut diagnostics) = (Vec::new(), Vec::new());
    for Played { files, compilation, reports } in all {
        tests.extend(reports.iter().map(|report| one(report, files)));
        if let Value::Array(shown) = render::json(&compilation.diagnostics, &files.sources) {
            diagnostics.extend(shown);
        }
    }
    let reports = || all.iter().flat_map(|played| &played.reports);
    json!({
        "passed": reports().filter(|report| report.passed).count(),
        "failed": reports().filter(|report| !report.passed).count(),
        "tests": tests,
        "diagnostics": diagnostics,
    })
}

fn one(report: &TestReport, files: &Files) -> Value {
    let failure = report.failure.as_ref().map(|failure| {
        json!({
            "place": place(failure.span, files),
            "line": failure.line,
            "message": failure.message,
            "timeline": failure.timeline,
        })
    });
    json!({
        "name": report.name,
        "place": place(report.span, files),
        "passed": report.passed,
        "failure": failure,
    })
}

fn place(span: Span, files: &Files) -> Value {
    files.sources.get(span.file).map_or(Value::Null, |source| {
        let position = position(&source.text, span.start);
        json!({ "path": source.path, "line": position.line, "column": position.column })
    })
}

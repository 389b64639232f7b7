//! `sojourn test`: runs the `test` blocks of files under a virtual clock.

use std::sync::Arc;

use anyhow::Result;
use dsl::compile::Source;
use dsl::simulate::{self, TestReport, report};
use dsl::span::{Span, position};
use serde_json::{Value, json};

use crate::args::{Format, Test};
use crate::failure::{Ending, Failure};
use crate::files::Files;
use crate::problems::Problems;
use crate::progress::Progress;
use crate::{offer, output};

/// One workspace and what became of its tests.
struct Played {
    sources: Vec<Source>,
    /// As they are written.
    tests: Vec<Arc<str>>,
    reports: Vec<TestReport>,
}

pub(super) fn run(test: &Test) -> Result<Ending> {
    let (mut all, mut problems) = (Vec::new(), Problems::default());
    let progress = Progress::start();
    for path in &test.paths {
        let mut files = Files::read_each(path, &progress);
        let count = output::count(files.sources.len(), "file", "files");
        progress.phase(format!("testing {count}"), None);
        let compilation = files.compile();
        let is_whole = files.troubles.is_empty() && !compilation.has_errors();
        let reports = match is_whole {
            true => simulate::run_tests(&compilation.definitions, test.only.as_deref()),
            false => Vec::new(),
        };
        problems.add_workspace(&mut files, &compilation);
        let tests = compilation.definitions.tests.into_iter().map(|test| test.name).collect();
        all.push(Played { sources: files.sources, tests, reports });
    }
    drop(progress);
    let ending = problems.ending();
    if let Some(only) = &test.only
        && ending == Ending::Fine
        && all.iter().all(|played| played.reports.is_empty())
    {
        return Err(no_such_test(only, &all).into());
    }
    match test.format {
        Format::Text => print_text(&all, &problems)?,
        Format::Json => output::line(summary(&all, &problems))?,
    }
    let reports = || all.iter().flat_map(|played| &played.reports);
    // Where every test was left out, nothing speaks for the campaigns.
    let none_ran = reports().next().is_some() && reports().all(|report| report.not_run.is_some());
    let has_failed = none_ran || reports().any(TestReport::has_failed);
    Ok(ending.max(Ending::problems(has_failed)))
}

fn no_such_test(only: &str, all: &[Played]) -> Failure {
    let names: Vec<&str> =
        all.iter().flat_map(|played| &played.tests).map(|name| &**name).collect();
    let failure = Failure::wrong_use(format!("there is no test `{only}`"));
    if names.is_empty() {
        return failure.help("the files have no tests");
    }
    failure.help(offer::offer("tests", only, &names))
}

fn print_text(all: &[Played], problems: &Problems) -> Result<()> {
    problems.print();
    let has_tests = all.iter().any(|played| !played.tests.is_empty());
    if !has_tests && problems.ending() == Ending::Fine {
        output::note("there is no test here; one is written `test \"name\" { campaign \"…\"  … }`");
    }
    for played in all.iter().filter(|played| !played.reports.is_empty()) {
        output::text(report::text(&played.reports, &played.sources))?;
    }
    Ok(())
}

fn summary(all: &[Played], problems: &Problems) -> Value {
    let tests: Vec<Value> = all
        .iter()
        .flat_map(|played| played.reports.iter().map(|report| one(report, &played.sources)))
        .collect();
    let reports = || all.iter().flat_map(|played| &played.reports);
    json!({
        "passed": reports().filter(|report| report.passed).count(),
        "failed": reports().filter(|report| report.has_failed()).count(),
        "not_run": reports().filter(|report| report.not_run.is_some()).count(),
        "tests": tests,
        "diagnostics": problems.diagnostics_json(),
        "failures": problems.troubles_json(),
    })
}

fn one(report: &TestReport, sources: &[Source]) -> Value {
    let failure = report.failure.as_ref().map(|failure| {
        json!({
            "place": place(failure.span, sources),
            "line": failure.line,
            "message": failure.message,
            "timeline": failure.timeline,
        })
    });
    json!({
        "name": report.name,
        "place": place(report.span, sources),
        "passed": report.passed,
        "not_run": report.not_run,
        "failure": failure,
    })
}

fn place(span: Span, sources: &[Source]) -> Value {
    sources.get(span.file).map_or(Value::Null, |source| {
        let position = position(&source.text, span.start);
        json!({ "path": source.path, "line": position.line, "column": position.column })
    })
}

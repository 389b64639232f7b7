//! The outcome of tests as text for a terminal.

use std::fmt::{Result, Write};

use super::{Failure, TestReport, TimelineEntry};
use crate::compile::Source;
use crate::span::{Span, position};
use crate::time::Instant;

/// A line for each test, the failures in full, and the count. A test that was not played says why.
///
/// `sources` are those the tests were compiled from, to tell lines by.
#[must_use]
pub fn text(reports: &[TestReport], sources: &[Source]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut text, reports, sources);
    text
}

fn write_all(text: &mut String, reports: &[TestReport], sources: &[Source]) -> Result {
    for report in reports {
        match &report.not_run {
            Some(reason) => writeln!(text, "skip {}: {reason}", report.name)?,
            None if report.passed => writeln!(text, "ok   {}", report.name)?,
            None => writeln!(text, "FAIL {}", report.name)?,
        }
    }
    for report in reports {
        if let Some(failure) = &report.failure {
            write_failure(text, report, failure, sources)?;
        }
    }
    let passed = reports.iter().filter(|report| report.passed).count();
    let failed = reports.iter().filter(|report| report.has_failed()).count();
    let blank = if reports.is_empty() { "" } else { "\n" };
    write!(text, "{blank}{passed} passed, {failed} failed")?;
    match reports.len() - passed - failed {
        0 => writeln!(text),
        not_run => writeln!(text, ", {not_run} not run"),
    }
}

fn write_failure(
    text: &mut String,
    report: &TestReport,
    failure: &Failure,
    sources: &[Source],
) -> Result {
    writeln!(text, "\ntest {:?} failed", report.name)?;
    writeln!(text, "  {}", place(failure.span, sources))?;
    if !failure.line.is_empty() {
        writeln!(text, "    {}", failure.line)?;
    }
    writeln!(text, "  {}", failure.message)?;
    if !failure.timeline.is_empty() {
        writeln!(text, "\n  what happened")?;
    }
    let mut last: Option<Instant> = None;
    for entry in &failure.timeline {
        write_entry(text, entry, last == Some(entry.at))?;
        last = Some(entry.at);
    }
    Ok(())
}

/// The time stands only where it changes; what decided stands below.
fn write_entry(text: &mut String, entry: &TimelineEntry, same_time: bool) -> Result {
    let width = entry.local.chars().count();
    let local = if same_time { "" } else { &entry.local };
    writeln!(text, "    {local:width$}  {}", entry.what)?;
    for (path, value) in &entry.deciding {
        writeln!(text, "    {:width$}    {path} = {}", "", super::timeline::shown(value))?;
    }
    Ok(())
}

fn place(span: Span, sources: &[Source]) -> String {
    sources.get(span.file).map_or_else(String::new, |source| {
        let position = position(&source.text, span.start);
        format!("{}:{}:{}", source.path, position.line, position.column)
    })
}

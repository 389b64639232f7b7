//! `sojourn check`: every problem of every file.

use anyhow::Result;
use dsl::compile::Compilation;
use dsl::diagnostic::{Severity, render};
use serde_json::{Value, json};

use crate::args::{Check, Format};
use crate::failure::Ending;
use crate::files::Files;
use crate::output;

pub(super) fn run(check: &Check) -> Result<Ending> {
    let mut checked = Vec::new();
    for path in &check.paths {
        let files = Files::read(path)?;
        let compilation = files.compile();
        checked.push((files, compilation));
    }
    match check.format {
        Format::Text => print_text(&checked)?,
        Format::Json => output::line(summary(&checked))?,
    }
    Ok(Ending::problems(checked.iter().any(|(_, compilation)| compilation.has_errors())))
}

/// Prints the problems of one workspace, if it has any, as all commands do.
pub(super) fn print_problems(files: &Files, compilation: &Compilation) {
    if !compilation.diagnostics.is_empty() {
        let colours = output::colours_on_stderr();
        let text = render::text(&compilation.diagnostics, &files.sources, colours);
        output::note(text.trim_end());
    }
}

fn print_text(checked: &[(Files, Compilation)]) -> Result<()> {
    for (files, compilation) in checked {
        print_problems(files, compilation);
    }
    if checked.iter().all(|(_, compilation)| compilation.diagnostics.is_empty()) {
        let files = output::count(files(checked), "file", "files");
        output::line(format_args!("{files}, no problems"))?;
    }
    Ok(())
}

fn summary(checked: &[(Files, Compilation)]) -> Value {
    let mut diagnostics = Vec::new();
    for (files, compilation) in checked {
        if let Value::Array(shown) = render::json(&compilation.diagnostics, &files.sources) {
            diagnostics.extend(shown);
        }
    }
    json!({
        "files": files(checked),
        "errors": count(checked, Severity::Error),
        "warnings": count(checked, Severity::Warning),
        "diagnostics": diagnostics,
    })
}

fn files(checked: &[(Files, Compilation)]) -> usize {
    checked.iter().map(|(files, _)| files.sources.len()).sum()
}

fn count(checked: &[(Files, Compilation)], severity: Severity) -> usize {
    let all = checked.iter().flat_map(|(_, compilation)| &compilation.diagnostics);
    all.filter(|diagnostic| diagnostic.severity == severity).count()
}

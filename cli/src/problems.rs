//! Problems of all paths that a command was given, shown as one list.

use dsl::compile::{Compilation, Source};
use dsl::diagnostic::{Applicability, Code, Diagnostic, Severity, render};
use serde_json::{Value, json};

use crate::failure::{Ending, Failure};
use crate::files::Files;
use crate::output;

/// What a file that was not read may have declared.
const FOLLOWING: [Code; 4] = [Code::J0301, Code::J0302, Code::J0303, Code::J0308];

/// A path that could not be read or written, and why.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) path: String,
    pub(crate) failure: Failure,
}

/// Everything that is wrong, with the texts that show it.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    sources: Vec<Source>,
    diagnostics: Vec<Diagnostic>,
    troubles: Vec<Trouble>,
}

impl Problems {
    /// Those of files that were all read.
    pub(crate) fn of(files: &Files, compilation: &Compilation) -> Self {
        let mut problems = Self::default();
        problems.add(&files.sources, compilation.diagnostics.iter().cloned());
        problems
    }

    /// Takes in what was found in texts that belong together.
    pub(crate) fn add(&mut self, sources: &[Source], found: impl IntoIterator<Item = Diagnostic>) {
        let before = self.sources.len();
        self.diagnostics.extend(found.into_iter().map(|problem| problem.behind(before)));
        self.sources.extend_from_slice(sources);
    }

    /// Takes in a workspace. Where a file of it was not read, names that it may declare are not
    /// called unknown.
    pub(crate) fn add_workspace(&mut self, files: &mut Files, compilation: &Compilation) {
        let is_whole = files.troubles.is_empty();
        let found = compilation.diagnostics.iter().cloned();
        self.add(
            &files.sources,
            found.filter(|problem| is_whole || !FOLLOWING.contains(&problem.code)),
        );
        self.troubles.append(&mut files.troubles);
    }

    /// Takes in that a path could not be read or written.
    pub(crate) fn trouble(&mut self, path: impl Into<String>, failure: Failure) {
        self.troubles.push(Trouble { path: path.into(), failure });
    }

    pub(crate) fn has_diagnostics(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    pub(crate) fn troubles(&self) -> usize {
        self.troubles.len()
    }

    pub(crate) fn files(&self) -> usize {
        self.sources.len()
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Problems that a program may mend by itself.
    pub(crate) fn fixable(&self) -> usize {
        let fixes = self.diagnostics.iter().filter_map(|problem| problem.fix.as_ref());
        fixes.filter(|fix| fix.applicability == Applicability::Safe).count()
    }

    /// The worst of all.
    pub(crate) fn ending(&self) -> Ending {
        let troubles = self.troubles.iter().map(|trouble| trouble.failure.ending());
        let errors = Ending::problems(self.count(Severity::Error) > 0);
        troubles.max().unwrap_or(Ending::Fine).max(errors)
    }

    /// Says all of it on stderr.
    pub(crate) fn print(&self) {
        for trouble in &self.troubles {
            output::error(&trouble.failure.to_string(), trouble.failure.remedy());
        }
        if self.has_diagnostics() {
            let colours = output::colours_on_stderr();
            let text = render::text(&self.diagnostics, &self.sources, colours);
            output::note(text.trim_end());
        }
    }

    /// The diagnostics for programs.
    pub(crate) fn diagnostics_json(&self) -> Value {
        render::json(&self.diagnostics, &self.sources)
    }

    /// The paths that could not be read or written, for programs.
    pub(crate) fn troubles_json(&self) -> Value {
        let one = |trouble: &Trouble| {
            json!({
                "path": trouble.path,
                "message": trouble.failure.to_string(),
                "help": trouble.failure.remedy(),
            })
        };
        Value::Array(self.troubles.iter().map(one).collect())
    }
}

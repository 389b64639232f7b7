//! `sojourn check`: every problem of every file, and with `--fix` the safe remedies.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use dsl::diagnostic::Severity;
use dsl::diagnostic::fix::{Mended, mend};
use dsl::facts::{self, CampaignFacts};
use serde_json::json;

use crate::args::{Check, Format};
use crate::failure::{Ending, Failure, reason};
use crate::files::{Files, replace};
use crate::output;
use crate::problems::Problems;
use crate::progress::Progress;

/// What `--fix` did.
#[derive(Debug, Default)]
struct Fixed {
    problems: usize,
    paths: BTreeSet<String>,
}

pub(super) fn run(check: &Check) -> Result<Ending> {
    let (mut problems, mut fixed) = (Problems::default(), Fixed::default());
    let mut explained: Vec<CampaignFacts> = Vec::new();
    let progress = Progress::start();
    for path in &check.paths {
        let mut files = Files::read_each(path, &progress);
        let count = output::count(files.sources.len(), "file", "files");
        if check.fix {
            progress.phase(format!("fixing {count}"), None);
            fix(&mut files, &mut fixed, &mut problems);
        }
        progress.phase(format!("checking {count}"), None);
        let compilation = files.compile();
        problems.add_workspace(&mut files, &compilation);
        // What could not be understood would make false facts.
        if check.explain && !compilation.has_errors() {
            explained.extend(facts::facts(&compilation.definitions));
        }
    }
    drop(progress);
    let explained = check.explain.then_some(explained.as_slice());
    match check.format {
        Format::Text => print_text(check, &problems, &fixed, explained)?,
        Format::Json => print_json(&problems, &fixed, explained)?,
    }
    Ok(problems.ending())
}

/// Mends the files of one workspace, in memory and on disk.
fn fix(files: &mut Files, fixed: &mut Fixed, problems: &mut Problems) {
    let Mended { mut sources, problems: mended } =
        mend(&files.sources, |sources| files.catalog(sources));
    for (index, count) in mended {
        let (Some(source), Some(old)) = (sources.get_mut(index), files.sources.get(index)) else {
            continue;
        };
        match replace::replace(Path::new(&source.path), &source.text) {
            Ok(()) => {
                fixed.problems += count;
                fixed.paths.insert(source.path.clone());
            }
            Err(error) => {
                let why = format!("cannot write `{}`: {}", source.path, reason(&error));
                problems.trouble(&source.path, Failure::problem(why));
                source.text.clone_from(&old.text);
            }
        }
    }
    files.others = files.catalog(&sources).files;
    files.sources = sources;
}

fn print_text(
    check: &Check,
    problems: &Problems,
    fixed: &Fixed,
    explained: Option<&[CampaignFacts]>,
) -> Result<()> {
    problems.print();
    if let Some(explained) = explained.filter(|explained| !explained.is_empty()) {
        output::line(format_args!("{}\n", facts::text(explained).trim_end()))?;
    }
    let fixable = problems.fixable();
    if fixable > 0 && !check.fix {
        output::note(format_args!("{fixable} can be fixed with `--fix`"));
    }
    match fixed.problems {
        0 if check.fix => output::line("fixed no problems")?,
        0 => {}
        fixed_problems => output::line(format_args!(
            "fixed {} in {}",
            output::count(fixed_problems, "problem", "problems"),
            output::count(fixed.paths.len(), "file", "files")
        ))?,
    }
    if !problems.has_diagnostics() && problems.files() > 0 {
        let files = output::count(problems.files(), "file", "files");
        output::line(match problems.troubles() {
            0 => format!("{files}, no problems"),
            more => format!("{files}, no problems in what could be read; {more} could not"),
        })?;
    }
    Ok(())
}

fn print_json(
    problems: &Problems,
    fixed: &Fixed,
    explained: Option<&[CampaignFacts]>,
) -> Result<()> {
    let mut summary = json!({
        "files": problems.files(),
        "errors": problems.count(Severity::Error),
        "warnings": problems.count(Severity::Warning),
        "fixed": { "problems": fixed.problems, "paths": fixed.paths },
        "diagnostics": problems.diagnostics_json(),
        "failures": problems.troubles_json(),
    });
    if let (Some(explained), Some(members)) = (explained, summary.as_object_mut()) {
        members.insert("facts".to_owned(), json!(explained));
    }
    output::line(summary)?;
    Ok(())
}

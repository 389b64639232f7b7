//! `sojourn fmt`: one way to lay out a file.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};
use dsl::compile::Source;
use dsl::format::{Refused, format};
use serde_json::json;

use crate::args::{Fmt, Format};
use crate::failure::{Ending, Failure, reason};
use crate::files::{self, replace};
use crate::problems::Problems;
use crate::progress::Progress;
use crate::{difference, output};

/// The path that means stdin and stdout.
const PIPE: &str = "-";
/// What it is called in messages.
const PIPED: &str = "stdin";
/// Bytes that are read from it; more than any file may have.
const PIPED_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What became of all files.
#[derive(Debug)]
struct Outcome<'a> {
    fmt: &'a Fmt,
    /// Those that are not as they should be, or were not, each with the difference.
    changed: Vec<(String, String)>,
    fine: usize,
    /// Those whose text has errors.
    faulty: Vec<String>,
    problems: Problems,
}

pub(super) fn run(fmt: &Fmt) -> Result<Ending> {
    let mut outcome = Outcome {
        fmt,
        changed: Vec::new(),
        fine: 0,
        faulty: Vec::new(),
        problems: Problems::default(),
    };
    if fmt.paths.iter().any(|path| path == Path::new(PIPE)) {
        outcome.pipe()?;
    } else {
        outcome.files();
        outcome.print()?;
    }
    Ok(outcome.ending())
}

impl Outcome<'_> {
    fn files(&mut self) {
        let progress = Progress::start();
        let (found, troubles) = files::find_all(&self.fmt.paths);
        for trouble in troubles {
            self.problems.trouble(trouble.path, trouble.failure);
        }
        progress.phase("formatting", Some(found.len()));
        for path in found {
            self.file(&path);
            progress.step();
        }
    }

    fn file(&mut self, path: &Path) {
        let shown = files::shown(path);
        let text = match files::text(path) {
            Ok(text) => text,
            Err(failure) => return self.problems.trouble(shown, failure),
        };
        let Some(formatted) = self.formatted(&shown, &text) else { return };
        if formatted != text
            && !self.fmt.check
            && let Err(error) = replace::replace(path, &formatted)
        {
            let why = format!("cannot write `{shown}`: {}", reason(&error));
            return self.problems.trouble(shown, Failure::problem(why));
        }
        self.compare(shown, &text, &formatted);
    }

    /// From stdin to stdout, as editors ask for it.
    fn pipe(&mut self) -> Result<()> {
        if self.fmt.paths.len() > 1 {
            return Err(Failure::wrong_use("`-` stands alone, without other paths").into());
        }
        if self.fmt.format == Format::Json && !self.fmt.check {
            return Err(Failure::wrong_use("`-` prints the formatted text, not JSON")
                .help("leave out `--format json`, or add `--check`")
                .into());
        }
        let mut text = String::new();
        let stdin = io::stdin().lock();
        stdin.take(PIPED_BYTES_MAX).read_to_string(&mut text).context("cannot read stdin")?;
        let formatted = self.formatted(PIPED, &text);
        if let Some(formatted) = &formatted {
            self.compare(PIPED.to_owned(), &text, formatted);
        }
        if self.fmt.check {
            return self.print();
        }
        self.problems.print();
        output::text(formatted.unwrap_or_default())?;
        Ok(())
    }

    /// The text as it should be; why it cannot be formatted is kept.
    fn formatted(&mut self, path: &str, text: &str) -> Option<String> {
        match format(text) {
            Ok(formatted) => return Some(formatted),
            Err(Refused::Faulty(found)) => {
                let source = Source { path: path.to_owned(), text: text.to_owned() };
                self.problems.add(&[source], found);
                self.faulty.push(path.to_owned());
            }
            Err(Refused::Unsound(why)) => self.problems.trouble(path, unsound(path, &why)),
        }
        None
    }

    fn compare(&mut self, path: String, text: &str, formatted: &str) {
        if text == formatted {
            self.fine += 1;
        } else {
            let difference = if self.fmt.check {
                difference::between(&path, text, formatted)
            } else {
                String::new()
            };
            self.changed.push((path, difference));
        }
    }

    fn ending(&self) -> Ending {
        let to_do = self.fmt.check && !self.changed.is_empty();
        self.problems.ending().max(Ending::problems(to_do || !self.faulty.is_empty()))
    }

    fn print(&self) -> Result<()> {
        match self.fmt.format {
            Format::Text => self.print_text(),
            Format::Json => self.print_json(),
        }
    }

    fn print_text(&self) -> Result<()> {
        self.problems.print();
        let colours = output::colours_on_stdout();
        for (_, difference) in self.changed.iter().filter(|_| self.fmt.check) {
            output::text(difference::shown(difference, colours))?;
        }
        let changed = output::count(self.changed.len(), "file", "files");
        let mut sum = match self.fmt.check {
            true => format!("{changed} to format, {} fine", self.fine),
            false => format!("formatted {changed}, {} fine already", self.fine),
        };
        let failed = self.faulty.len() + self.problems.troubles();
        if failed > 0 {
            sum.push_str(&format!(", {failed} with problems"));
        }
        if self.problems.fixable() > 0 {
            let fixable = self.problems.fixable();
            output::note(format_args!("{fixable} can be fixed with `sojourn check --fix`"));
        }
        if self.fmt.check {
            // What is on stdout can be given to `patch`.
            output::note(sum);
        } else if self.changed.len() + self.fine + self.faulty.len() > 0 {
            output::line(sum)?;
        }
        Ok(())
    }

    fn print_json(&self) -> Result<()> {
        let changed = self.changed.iter().map(|(path, difference)| {
            json!({ "path": path, "diff": self.fmt.check.then_some(difference) })
        });
        output::line(json!({
            "changed": changed.collect::<Vec<_>>(),
            "fine": self.fine,
            "faulty": self.faulty,
            "diagnostics": self.problems.diagnostics_json(),
            "failures": self.problems.troubles_json(),
        }))?;
        Ok(())
    }
}

fn unsound(path: &str, why: &str) -> Failure {
    Failure::problem(format!("`{path}` stays as it is, for formatting it would change it: {why}"))
        .help("this is a fault of Sojourn; please report it, with the file where you may show it")
}

//! The house rules that a program can check, as tests: layers, sizes, words, files, links,
//! licences. Each failure names the place and what to do there.

mod edges;
mod files;
mod licences;
mod links;
mod metadata;
mod sizes;
mod source;
mod tree;
mod words;

use std::fmt;

/// A broken rule.
struct Problem {
    path: String,
    /// 0 where the whole file is meant.
    line: usize,
    message: String,
}

impl Problem {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.path, self.message),
            line => write!(formatter, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// Fails with all problems at once.
fn report(problems: &[Problem]) {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    assert!(problems.is_empty(), "{} found\n\n{}\n", problems.len(), lines.join("\n"));
}

//! The one way to lay out a file of the language: same meaning, same comments, same texts.
//!
//! Lines are chosen here, from the tree, by few and general rules: a construct that is new in the
//! grammar is laid out like its neighbours. Nothing here judges what a file means.

mod block_text;
mod build;
mod elements;
mod layout;
mod outline;
mod print;
mod rows;
mod segment;
mod spacing;
mod table;

use elements::Source;

use crate::ast;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::span::Span;
use crate::syntax::{Parsed, SOURCE_BYTES_MAX, parse};

/// Columns of a line, wherever it can be broken.
pub const WIDTH: usize = 100;

/// Why a file stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// Its shape is not understood: these are the errors.
    Faulty(Vec<Diagnostic>),
    /// The result would have meant something else, which is a bug of the formatter. Says what
    /// differs.
    Unsound(String),
}

/// Formats one file.
///
/// ```
/// let text = "segment \"x\"=customer.a==1";
/// assert_eq!(dsl::format::format(text), Ok("segment \"x\" = customer.a == 1\n".to_owned()));
/// ```
///
/// # Errors
///
/// Says what keeps it from being formatted.
pub fn format(text: &str) -> Result<String, Refused> {
    within(text, WIDTH)
}

fn within(text: &str, width: usize) -> Result<String, Refused> {
    let parsed = parse(text, 0);
    let errors = errors(&parsed, text);
    if !errors.is_empty() {
        return Err(Refused::Faulty(errors));
    }
    let source = Source { text, tree: &parsed.tree };
    let formatted = laid_out(source, width);
    if formatted.len() > SOURCE_BYTES_MAX {
        return Err(Refused::Faulty(vec![too_large(text, formatted.len())]));
    }
    match difference(source, &formatted, width) {
        Some(difference) => Err(Refused::Unsound(difference)),
        None => Ok(formatted),
    }
}

fn laid_out(source: Source<'_>, width: usize) -> String {
    print::file(&build::file(source), width)
}

fn too_large(text: &str, formatted: usize) -> Diagnostic {
    Diagnostic::new(
        Code::J0902,
        Span::new(0, text.len(), text.len()),
        format!("this file would have {formatted} bytes, the most is {SOURCE_BYTES_MAX}"),
    )
    .here("with a line for each step")
    .help("spread the declarations over several files; they are compiled together")
}

/// What is wrong with the shape of a file, whatever its names mean.
fn errors(parsed: &Parsed, text: &str) -> Vec<Diagnostic> {
    let (_, built) = ast::build(&parsed.tree, text, &parsed.diagnostics);
    let mut errors: Vec<Diagnostic> = parsed.diagnostics.iter().cloned().chain(built).collect();
    errors.retain(|diagnostic| diagnostic.severity == Severity::Error);
    errors.sort_by_key(|diagnostic| diagnostic.primary.span);
    errors
}

/// What a file and its formatted text do not have in common, if there is anything.
fn difference(source: Source<'_>, formatted: &str, width: usize) -> Option<String> {
    let parsed = parse(formatted, 0);
    let result = Source { text: formatted, tree: &parsed.tree };
    if let Some(error) = errors(&parsed, formatted).first() {
        return Some(format!("the result has an error: {}", error.message));
    }
    if outline::comments(source) != outline::comments(result) {
        return Some("the comments differ".to_owned());
    }
    let (before, after) = (outline::outline(source), outline::outline(result));
    if let Some((was, is)) = before.iter().zip(&after).find(|(was, is)| was != is) {
        return Some(format!("{was:?} became {is:?}"));
    }
    if before.len() != after.len() {
        return Some(format!("{} parts became {}", before.len(), after.len()));
    }
    (laid_out(result, width) != formatted)
        .then(|| "formatting the result changes it again".to_owned())
}

/// Lines of every width: wherever a line is broken, the file still says the same.
#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Refused, WIDTH, within};

    #[expect(clippy::disallowed_methods, reason = "tests read their samples")]
    fn samples(folder: &str) -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "journey"))
            .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("a text")))
            .collect()
    }

    #[test]
    fn lines_of_any_width_say_the_same() {
        let folders = ["tests/language/ok", "tests/language/format", "../examples"];
        for (path, text) in folders.into_iter().flat_map(samples) {
            for width in [0, 12, 24, 40, 60, 80, WIDTH, 1_000] {
                if let Err(Refused::Unsound(difference)) = within(&text, width) {
                    panic!("{path} in {width} columns: {difference}");
                }
            }
        }
    }

    #[test]
    fn lines_keep_to_the_width_where_they_can() {
        let text = "segment \"x\" = customer.a == 1 and (customer.b == 2 or customer.c == 3)";
        let lines = [
            "segment \"x\" =",
            "    customer.a == 1",
            "    and (customer.b == 2",
            "        or customer.c == 3)",
            "",
        ];
        assert_eq!(within(text, 34), Ok(lines.join("\n")));
    }
}

//! Examples: what surrounds them, and whether they are true.
//!
//! Behind `journey` stands what a block shows: nothing or `declarations` for whole declarations,
//! else `clause`, `step`, `condition` (one a line) or `test`; and then `wrong J0101` where exactly
//! that is the problem of it.

use dsl::compile::{Catalog, Source, compile};
use dsl::diagnostic::render;
use dsl::format::{Refused, format};

use super::page::Block;
use crate::corpus::catalog_with;

/// The names that examples may use without declaring them.
const NAMES: &str = r#"{
  "segments": ["Employees", "Paying customers", "Trial users", "VIP"],
  "topics": ["Offers", "Product news"],
  "messages": {
    "email": ["discount", "march-a", "march-b", "need-help", "receipt", "upgrade-nudge", "welcome"],
    "sms": ["code", "reminder"],
    "push": ["nice-start"],
    "in_app": ["tour"],
    "slack": ["sales-ping"]
  },
  "campaigns": ["Trial onboarding", "Win back"]
}"#;
/// What the lines of a test speak of.
const TESTED: &str = include_str!("tested.journey");
const FILES: [&str; 2] = ["welcome.de.mjml", "welcome.mjml"];

/// What is not as it should be.
pub(super) fn problem(block: &Block) -> Option<String> {
    let marks: Vec<&str> = block.marks.iter().map(String::as_str).collect();
    let (shape, wanted) = match marks.as_slice() {
        [] => ("declarations", ""),
        [shape] => (*shape, ""),
        ["wrong", code] => ("declarations", *code),
        [shape, "wrong", code] => (*shape, *code),
        _ => return Some(format!("nobody knows the marks {marks:?}")),
    };
    let Some(file) = whole(shape, &block.text) else {
        return Some(format!("nobody knows the mark `{shape}`"));
    };
    let before = if shape == "test" { TESTED } else { "" };
    let (codes, said) = compiled(&format!("{before}{file}"), &catalog());
    match codes.as_slice() {
        [] if wanted.is_empty() => layout_problem(&file),
        [only] if only == wanted => None,
        _ if wanted.is_empty() => Some(format!("should compile without a word\n{said}")),
        _ => Some(format!("should say {wanted} and nothing else, and says\n{said}")),
    }
}

/// The codes of all problems, and how they are shown.
pub(super) fn compiled(text: &str, catalog: &Catalog) -> (Vec<String>, String) {
    let sources = [Source { path: "example.journey".to_owned(), text: text.to_owned() }];
    let diagnostics = compile(&sources, catalog).diagnostics;
    let said = render::text(&diagnostics, &sources, false);
    (diagnostics.iter().map(|problem| problem.code.word().to_owned()).collect(), said)
}

/// What the formatter would change.
pub(super) fn layout_problem(file: &str) -> Option<String> {
    match format(file) {
        Ok(formatted) if formatted == file => None,
        Ok(formatted) => Some(format!("is laid out like this:\n{formatted}")),
        Err(Refused::Unsound(difference)) => Some(difference),
        Err(Refused::Faulty(_)) => Some("cannot be formatted".to_owned()),
    }
}

fn catalog() -> Catalog {
    let mut catalog = catalog_with(NAMES);
    for file in FILES {
        catalog.files.insert(file.to_owned(), "<mjml></mjml>".to_owned());
    }
    catalog
}

/// The whole file that an example is a part of.
fn whole(shape: &str, text: &str) -> Option<String> {
    Some(match shape {
        "declarations" => text.to_owned(),
        "clause" => {
            let on = if text.starts_with("on ") { "" } else { "  on event \"signed_up\"\n" };
            let clauses = indented(text);
            format!("campaign \"Example\" {{\n{on}{clauses}\n  send email \"welcome\"\n}}\n")
        }
        "step" => {
            format!("campaign \"Example\" {{\n  on event \"signed_up\"\n\n{}}}\n", indented(text))
        }
        "condition" => conditions(text),
        "test" => {
            let campaign =
                if text.starts_with("campaign ") { "" } else { "  campaign \"Example\"\n" };
            format!("test \"example\" {{\n{campaign}{}}}\n", indented(text))
        }
        _ => return None,
    })
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") };
    text.lines().map(line).collect()
}

/// Each line a segment; one that is indented goes on with the one before.
fn conditions(text: &str) -> String {
    let mut file = String::new();
    for (number, line) in text.lines().enumerate() {
        match (line.is_empty(), line.starts_with([' ', '#'])) {
            (true, _) => file.push('\n'),
            (false, true) => file.push_str(&format!("{line}\n")),
            (false, false) => file.push_str(&format!("segment \"{number}\" = {line}\n")),
        }
    }
    file
}

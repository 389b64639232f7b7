//! The formatter. Each `format/*.journey` becomes what stands beside it as `*.formatted`; and what
//! must hold of every result is asked of every file in the repository that can be formatted.

use std::path::PathBuf;

use dsl::compile::{Source, compile};
use dsl::diagnostic::Code;
use dsl::format::{Refused, format};
use dsl::syntax::{NESTING_MAX, SOURCE_BYTES_MAX, parse};

use crate::corpus::{catalog, check_snapshot, samples};

/// Bytes of a text that is long enough to show what grows faster than it.
const LARGE: usize = 20_000;

/// Every file of the language in the repository.
fn everything() -> Vec<(PathBuf, String)> {
    [
        "ok",
        "errors",
        "format",
        "../../../examples",
        "../../../tests/journeys",
        "../../../tests/crash",
    ]
    .into_iter()
    .flat_map(samples)
    .collect()
}

/// Panics where the formatter does to a text what it must not do. Says whether it formats it.
pub(crate) fn check(text: &str) -> bool {
    let result = format(text);
    assert!(!matches!(result, Err(Refused::Unsound(_))), "{result:?}");
    let Ok(formatted) = result else { return false };
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "formatting twice changes more");
    assert!(formatted.is_empty() || formatted.ends_with('\n'), "the last line ends");
    assert!(!formatted.starts_with('\n') && !formatted.ends_with("\n\n"), "blank at an end");
    assert_eq!(comments(&formatted), comments(text), "comments are kept, in order");
    let mut known = codes(text);
    for code in codes(&formatted) {
        let same = known.iter().position(|known| *known == code);
        known.remove(same.expect("the compiler finds nothing new"));
    }
    true
}

fn comments(text: &str) -> Vec<&str> {
    parse(text, 0).tree.comments.iter().map(|comment| comment.text(text)).collect()
}

fn codes(text: &str) -> Vec<Code> {
    let sources = [Source { path: "x.journey".to_owned(), text: text.to_owned() }];
    compile(&sources, &catalog()).diagnostics.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn files_are_laid_out_as_what_stands_beside_them() {
    let mut failures = Vec::new();
    for (path, text) in samples("format") {
        match format(&text) {
            Ok(found) => check_snapshot(&path.with_extension("formatted"), &found, &mut failures),
            Err(Refused::Unsound(difference)) => {
                failures.push(format!("{}: {difference}", path.display()));
            }
            Err(Refused::Faulty(problems)) => {
                failures.extend(problems.iter().map(|problem| {
                    format!("{}: {} at {:?}", path.display(), problem.message, problem.primary.span)
                }));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_file_keeps_its_meaning_and_its_comments() {
    let mut formatted = 0;
    for (path, text) in everything() {
        println!("{}", path.display());
        formatted += usize::from(check(&text));
    }
    assert!(formatted > 30, "most files can be formatted");
}

#[test]
fn line_ends_and_byte_order_marks_make_no_difference() {
    for (path, text) in samples("format") {
        let text = text.replace('\r', "");
        let other = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        assert_eq!(format(&other), format(&text), "{}", path.display());
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    for (text, code) in [
        ("segment \"x\" = customer.a", Code::J0113),
        ("segment \"x\" = customer.a = 1", Code::J0105),
        ("campaign \"x\" { on event \"x\"", Code::J0117),
        ("email \"x\" { subject: \"x }", Code::J0102),
    ] {
        let Err(Refused::Faulty(problems)) = format(text) else { panic!("`{text}` is formatted") };
        assert_eq!(problems.first().map(|problem| problem.code), Some(code), "{text}");
    }
}

/// Names that lead nowhere, wrong types and the like do not keep a file from being formatted.
#[test]
fn what_is_wrong_in_meaning_is_formatted() {
    let text = "campaign \"x\" { on event \"x\"  send email \"nowhere\" }";
    assert!(format(text).is_ok());
}

#[test]
fn what_would_be_too_large_is_refused() {
    let steps = "exit ".repeat(SOURCE_BYTES_MAX / 48);
    let text = format!(
        "campaign \"x\" {{ on event \"x\" {} {steps} {} }}",
        "if customer.a == 1 {".repeat(NESTING_MAX - 2),
        "}".repeat(NESTING_MAX - 2),
    );
    let Err(Refused::Faulty(problems)) = format(&text) else { panic!("it is formatted") };
    assert_eq!(problems.first().map(|problem| problem.code), Some(Code::J0902));
}

/// Each would take hours if a part were looked at again for every part around it.
#[test]
fn large_files_are_formatted() {
    let many = |part: &str| part.repeat(LARGE / part.len());
    let depth = NESTING_MAX - 2;
    let nested = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    for text in [
        format!("segment \"x\" = {}customer.b == 2", many("customer.a == 1 or ")),
        format!("segment \"x\" = {}customer.b == 2", many("customer.a == 1 # one\n or ")),
        format!("segment \"x\" = customer.a in [{}]", many("\"a\", ")),
        format!("segment \"x\" = customer.a in [{}]", many("\"a\", # one\n# two\n")),
        format!("segment \"x\" = {}customer.b == 2", many("not ")),
        format!("segment \"x\" = {}", nested("(customer.a == 1 and ", "customer.b == 2", ")")),
        format!("segment \"x\" = {}", nested("performed \"a\" where (", "customer.b == 2", ")")),
        format!(
            "campaign \"x\" {{ on event \"x\" {} }}",
            nested("if customer.a == 1 { } else { ", &many("wait 1 day "), "}")
        ),
        format!("campaign \"x\" {{ on event \"x\" {} }}", many("if customer.a == 1 # one\n{}")),
        format!("test \"x\" {{ {} }}", many("customer with { a: { b: [1, 2] } } ")),
        many("# one\n\n\n"),
        many("segment \"x\" # two\n = customer.a exists # one\n"),
        format!("email \"x\" {{ subject: \"x\" body: \"\"\"\n{}\"\"\" }}", many("  a\n")),
    ] {
        if let Err(refused) = format(&text) {
            panic!("{refused:?} for `{}`", &text[..80]);
        }
    }
}

#[test]
fn examples_are_formatted() {
    let mut failures = Vec::new();
    for (path, text) in samples("../../../examples") {
        check_snapshot(&path, &format(&text).expect("a correct file"), &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

//! What is changed in files, and what is left: `fmt`, `check --fix`, and files that cannot be read.

use serde_json::Value;

use crate::sojourn::Place;

const MESSY: &str = "segment \"A\" = customer.plan == \"pro\"   \n";
const TIDY: &str = "segment \"A\" = customer.plan == \"pro\"\n";
const FAULTY: &str = "campaign \"C\" {\n  on event \"e\"\n";
const SLIPS: &str = "segment \"B\" = customer.plan = 'pro' && in segment \"Aa\"\n";

fn three() -> Place {
    Place::new(&[
        ("all/faulty.journey", FAULTY),
        ("all/messy.journey", MESSY),
        ("all/tidy.journey", TIDY),
    ])
}

#[test]
fn files_are_formatted_and_those_with_errors_left() {
    let place = three();
    let formatted = place.run(&["fmt", "all", "all/tidy.journey"]);
    assert_eq!(formatted.code, 1, "{formatted:?}");
    assert_eq!(formatted.out, "formatted 1 file, 1 fine already, 1 with problems\n");
    assert!(formatted.err.contains("all/faulty.journey:1:14"), "{}", formatted.err);
    assert_eq!(place.text("all/messy.journey"), TIDY);
    assert_eq!(place.text("all/faulty.journey"), FAULTY);
    let again = place.run(&["fmt", "all/messy.journey"]);
    assert_eq!((again.code, &*again.out), (0, "formatted 0 files, 1 fine already\n"));
}

#[test]
fn what_would_change_is_shown_and_not_done() {
    let place = three();
    let checked = place.run(&["fmt", "--check", "all/messy.journey", "all/tidy.journey"]);
    assert_eq!(checked.code, 1);
    let difference =
        format!("--- all/messy.journey\n+++ all/messy.journey\n@@ -1 +1 @@\n-{MESSY}+{TIDY}");
    assert_eq!((checked.out, &*checked.err), (difference, "1 file to format, 1 fine\n"));
    assert_eq!(place.text("all/messy.journey"), MESSY);
    assert_eq!(place.run(&["fmt", "--check", "all/tidy.journey"]).code, 0);
}

#[test]
fn slips_that_keep_a_file_from_being_formatted_can_be_fixed() {
    let place = Place::new(&[("a.journey", SLIPS)]);
    let refused = place.run(&["fmt", "a.journey"]);
    assert!(
        refused.err.ends_with("3 can be fixed with `sojourn check --fix`\n"),
        "{}",
        refused.err
    );
    assert_eq!(place.run(&["check", "--fix", "a.journey"]).code, 1);
    assert_eq!(place.run(&["fmt", "a.journey"]).code, 0);
}

#[test]
fn editors_format_by_a_pipe() {
    let place = Place::new(&[]);
    let formatted = place.pipe(&["fmt", "-"], MESSY);
    assert_eq!((formatted.code, &*formatted.out, &*formatted.err), (0, TIDY, ""));
    let faulty = place.pipe(&["fmt", "-"], FAULTY);
    assert_eq!((faulty.code, &*faulty.out), (1, ""));
    assert!(faulty.err.contains("stdin:1:14"), "{}", faulty.err);
    assert_eq!(place.pipe(&["fmt", "-", "--check"], MESSY).code, 1);
    assert_eq!(place.pipe(&["fmt", "-", "--check"], TIDY).code, 0);
}

#[test]
fn safe_remedies_are_made_and_the_rest_is_said() {
    let place = Place::new(&[("a.journey", TIDY), ("b.journey", SLIPS)]);
    let hinted = place.run(&["check", "."]);
    assert!(hinted.err.ends_with("4 errors\n3 can be fixed with `--fix`\n"), "{}", hinted.err);
    let fixed = place.run(&["check", ".", "--fix"]);
    assert_eq!((fixed.code, &*fixed.out), (1, "fixed 3 problems in 1 file\n"));
    assert!(
        fixed.err.contains("error[J0301]") && fixed.err.ends_with("1 error\n"),
        "{}",
        fixed.err
    );
    let expected = "segment \"B\" = customer.plan == \"pro\" and in segment \"Aa\"\n";
    assert_eq!((place.text("a.journey"), &*place.text("b.journey")), (TIDY.to_owned(), expected));
    let again = place.run(&["check", ".", "--fix"]);
    assert_eq!((again.code, &*again.out), (1, "fixed no problems\n"));
}

#[test]
fn a_file_that_is_named_by_a_fix_is_found() {
    let email = "email \"e\" {\n  subject: \"Hi\"\n  body: file 'b.html'\n}\n";
    let place = Place::new(&[("a.journey", email), ("b.html", "<p>Hi</p>")]);
    let fixed = place.run(&["check", "a.journey", "--fix"]);
    assert_eq!((fixed.code, &*fixed.err), (0, ""));
    assert_eq!(fixed.out, "fixed 1 problem in 1 file\n1 file, no problems\n");
}

#[test]
fn one_unreadable_file_does_not_hide_the_others() {
    let place = Place::new(&[
        ("all/a.journey", SLIPS),
        ("all/needs.journey", "segment \"D\" = in segment \"declared elsewhere\"\n"),
        ("all/binary.journey", ""),
    ]);
    std::fs::write(place.path().join("all/binary.journey"), [0xff, 0xfe]).unwrap();
    let checked = place.run(&["check", "gone", "all"]);
    assert_eq!((checked.code, &*checked.out), (2, ""));
    assert!(
        checked.err.starts_with("error: cannot read `gone`: there is no such file or folder\n")
    );
    assert!(checked.err.contains("cannot read `all/binary.journey`: it is not text in UTF-8"));
    assert!(checked.err.contains("error[J0105]"), "{}", checked.err);
    assert!(!checked.err.contains("declared elsewhere"), "{}", checked.err);
    let data = place.run(&["check", "all", "--format", "json"]);
    let data: Value = serde_json::from_str(&data.out).unwrap();
    assert_eq!((&data["files"], &data["errors"]), (&2.into(), &3.into()));
    assert_eq!(data["failures"][0]["path"], "all/binary.journey");
    for command in ["fmt", "test"] {
        let ended = place.run(&[command, "all"]);
        assert_eq!(ended.code, 1, "{command}");
        assert!(ended.err.contains("cannot read `all/binary.journey`"), "{}", ended.err);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(&[("a.journey", MESSY), ("b.journey", MESSY), ("c.journey", SLIPS)]);
    for path in ["a.journey", "c.journey"] {
        let read_only = std::fs::Permissions::from_mode(0o444);
        std::fs::set_permissions(place.path().join(path), read_only).unwrap();
    }
    let formatted = place.run(&["fmt", "a.journey", "b.journey"]);
    assert_eq!(formatted.code, 1);
    assert_eq!(formatted.err, "error: cannot write `a.journey`: this is not permitted\n");
    assert_eq!(formatted.out, "formatted 1 file, 0 fine already, 1 with problems\n");
    let fixed = place.run(&["check", "--fix", "c.journey"]);
    assert!(fixed.err.starts_with("error: cannot write `c.journey`"), "{}", fixed.err);
    assert!(fixed.err.contains("error[J0105]"), "{}", fixed.err);
    assert_eq!((fixed.code, place.text("c.journey")), (1, SLIPS.to_owned()));
}

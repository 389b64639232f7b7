//! What lies in the repository, and how its text is written.

use crate::source::{code_only, test_modules, tokens};
use crate::tree::File;
use crate::{Problem, report, tree};

/// What stands at the top; a new folder there is a decision.
const TOP_LEVEL: [&str; 24] = [
    ".ci",
    ".config",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "api",
    "cli",
    "clippy.toml",
    "docs",
    "domain",
    "dsl",
    "examples",
    "grammar",
    "migration",
    "rustfmt.toml",
    "tests",
    "worker",
];
const STRAY_ENDINGS: [&str; 11] = [
    ".orig",
    ".rej",
    ".bak",
    "~",
    ".swp",
    ".tmp",
    ".log",
    ".DS_Store",
    ".pyc",
    ".snap.new",
    ".pending-snap",
];
/// What a snapshot holds is what was printed; what a sample of the language holds is its point.
const VERBATIM: [&str; 3] = [".snap", ".journey", ".formatted"];
const LOCK: &str = "Cargo.lock";

#[test]
fn nothing_strays() {
    let mut problems = Vec::new();
    for file in tree::files() {
        let top = file.path.split('/').next().unwrap_or_default();
        if !TOP_LEVEL.contains(&top) {
            let message = "not known at the top; move it into a folder, or add it to TOP_LEVEL in tests/tidy/files.rs";
            problems.push(Problem::new(&file.path, 0, message));
        }
        if STRAY_ENDINGS.iter().any(|ending| file.path.ends_with(ending)) {
            problems.push(Problem::new(&file.path, 0, "left over by a tool; delete it"));
        }
        if file.path.ends_with("/mod.rs") {
            problems.push(Problem::new(
                &file.path,
                0,
                "we write `name.rs` beside `name/`; move it",
            ));
        }
        if file.length == 0 {
            problems.push(Problem::new(&file.path, 0, "empty; delete it"));
        }
    }
    report(&problems);
}

/// A snapshot names the file whose test compares it; one whose test is gone compares nothing.
#[test]
fn every_snapshot_has_its_test() {
    let files = tree::files();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".snap")) {
        let source = file.text().lines().find_map(|line| line.strip_prefix("source: "));
        if !files.iter().any(|other| Some(other.path.as_str()) == source) {
            let message = format!("its test `{}` is gone; delete it", source.unwrap_or("unnamed"));
            problems.push(Problem::new(&file.path, 1, message));
        }
    }
    report(&problems);
}

#[test]
fn text_is_clean() {
    let mut problems = Vec::new();
    for file in tree::files() {
        let is_verbatim = VERBATIM.iter().any(|ending| file.path.ends_with(ending));
        let Some(text) = file.text.as_deref().filter(|text| !is_verbatim && !text.is_empty())
        else {
            continue;
        };
        if !text.ends_with('\n') {
            problems.push(Problem::new(&file.path, 0, "no newline at the end; add one"));
        }
        if text.ends_with("\n\n") {
            problems.push(Problem::new(&file.path, 0, "empty lines at the end; delete them"));
        }
        for (number, line) in text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                problems.push(Problem::new(
                    &file.path,
                    number + 1,
                    "white space at the end of the line; delete it",
                ));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_rust()) {
        if !file.text().starts_with("//! ") {
            problems.push(Problem::new(
                &file.path,
                1,
                "begin with `//!` and what this file is for",
            ));
        }
        for (number, line) in code_only(file.text()).lines().enumerate() {
            if line.trim_start().starts_with("#[ignore") {
                problems.push(Problem::new(
                    &file.path,
                    number + 1,
                    "no ignored tests; mend it or delete it",
                ));
            }
        }
    }
    report(&problems);
}

#[test]
fn no_place_of_one_machine_is_named() {
    let mut problems = Vec::new();
    for file in tree::files() {
        let everywhere = [concat!("/", "work"), concat!("/", "root"), concat!("/", "home")];
        for (line, text) in outside_of_test_modules(&file) {
            let mut named: Vec<&str> =
                everywhere.into_iter().filter(|path| names(text, path)).collect();
            if !file.is_test() && names(text, concat!("/", "tmp")) {
                named.push(concat!("/", "tmp"));
            }
            for path in named {
                let message = format!(
                    "names `{path}`, a place of one machine; use a relative path or a temporary folder"
                );
                problems.push(Problem::new(&file.path, line, message));
            }
        }
    }
    report(&problems);
}

#[test]
fn no_package_registry_is_named() {
    let hosts = [
        concat!("static.", "crates.io"),
        concat!("index.", "crates.io"),
        concat!("://", "crates.io"),
        concat!("pypi", ".org"),
        concat!("files.", "pythonhosted.org"),
        concat!("registry.", "npmjs.org"),
        concat!("deb.", "debian.org"),
    ];
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|file| file.path != LOCK) {
        for (number, line) in file.text().lines().enumerate() {
            for host in hosts.iter().filter(|host| line.contains(**host)) {
                let message =
                    format!("names `{host}`; leave the registry to the machine's settings");
                problems.push(Problem::new(&file.path, number + 1, message));
            }
        }
    }
    report(&problems);
}

/// Numbered lines of the file, less its test modules where it is Rust.
fn outside_of_test_modules(file: &File) -> Vec<(usize, &str)> {
    let code = if file.is_rust() { code_only(file.text()) } else { String::new() };
    let tests = test_modules(&tokens(&code));
    let lines = file.text().lines().enumerate().map(|(number, line)| (number + 1, line));
    lines
        .filter(|(line, _)| !tests.iter().any(|(first, last)| (*first..=*last).contains(line)))
        .collect()
}

/// Whether an absolute path begins with `path` somewhere in the line.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        let after = line[place + path.len()..].chars().next();
        let goes_on = |it: char| it.is_alphanumeric() || "_.-~*}])$>/".contains(it);
        let is_start = before.is_none_or(|it| !goes_on(it));
        is_start
            && after.is_none_or(|it| it == '/' || !(it.is_alphanumeric() || it == '_' || it == '-'))
    })
}

#[test]
fn absolute_paths_are_told_from_others() {
    let work = concat!("/", "work");
    for wrong in [format!("see {work}/x"), format!("`{work}`"), format!("\"{work}\"")] {
        assert!(names(&wrong, work), "`{wrong}`");
    }
    for right in [
        format!("{work}er/src"),
        format!("frame{work}"),
        format!("..{work}/x"),
        format!("https:/{work}.test"),
    ] {
        assert!(!names(&right, work), "`{right}`");
    }
}

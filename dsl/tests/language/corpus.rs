//! The two corpora and their snapshots.

use std::fs;
use std::path::{Path, PathBuf};

use dsl::compile::{Catalog, Compilation, Source, compile};
use dsl::diagnostic::render;
use serde_json::{Value, json};

/// Where the corpora lie.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language")
}

/// The `.journey` files of a corpus, by name.
pub(crate) fn samples(corpus: &str) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = list(&root().join(corpus));
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "journey"));
    paths.sort();
    assert!(!paths.is_empty(), "the corpus `{corpus}` is empty");
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// What surrounds every sample: a few names from outside, and the files of `files/`.
pub(crate) fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.segments.insert("Employees".to_owned());
    catalog
        .messages
        .entry(dsl::graph::Channel::Email)
        .or_default()
        .insert("from outside".to_owned());
    for path in list(&root().join("files")) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        catalog.files.insert(name, read(&path));
    }
    catalog
}

/// The catalog with what `json` says instead of its names, where there is any.
pub(crate) fn catalog_with(json: &str) -> Catalog {
    let catalog = catalog();
    if json.is_empty() {
        return catalog;
    }
    Catalog { files: catalog.files, ..Catalog::from_json(json).expect("a catalog") }
}

/// One sample, compiled alone, with the catalog that lies beside it.
pub(crate) fn compiled(path: &Path, text: &str) -> (Compilation, Vec<Source>) {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let sources = vec![Source { path: name, text: text.to_owned() }];
    let catalog = catalog_with(&read(&path.with_extension("catalog.json")));
    (compile(&sources, &catalog), sources)
}

#[expect(clippy::disallowed_methods, reason = "tests read their samples")]
pub(crate) fn list(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "tests read their samples")]
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Compares with the snapshot, or writes it where that is asked for.
#[expect(clippy::disallowed_methods, reason = "tests keep their snapshots in files")]
pub(crate) fn check_snapshot(path: &Path, found: &str, failures: &mut Vec<String>) {
    if read(path) == found {
        return;
    }
    if std::env::var("SOJOURN_UPDATE").is_ok() {
        fs::write(path, found).expect("a snapshot that can be written");
    } else {
        failures.push(format!("{}\n{found}", path.display()));
    }
}

#[test]
fn correct_files_become_what_stands_beside_them() {
    let mut failures = Vec::new();
    for (path, text) in samples("ok") {
        let (compilation, sources) = compiled(&path, &text);
        let said = render::text(&compilation.diagnostics, &sources, false);
        if !said.is_empty() {
            failures.push(format!("{} should compile without a word\n{said}", path.display()));
        }
        let found = format!("{:#}\n", definitions(&compilation));
        check_snapshot(&path.with_extension("json"), &found, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn wrong_files_get_the_messages_that_stand_beside_them() {
    let mut failures = Vec::new();
    for (path, text) in samples("errors") {
        let (compilation, sources) = compiled(&path, &text);
        let found = render::text(&compilation.diagnostics, &sources, false);
        assert!(!found.is_empty(), "{} has nothing wrong", path.display());
        check_snapshot(&path.with_extension("txt"), &found, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every snapshot has its sample.
#[test]
fn no_snapshot_is_left_over() {
    for (corpus, ending) in
        [("ok", "json"), ("errors", "txt"), ("lints", "txt"), ("format", "formatted")]
    {
        for path in list(&root().join(corpus)) {
            if path.extension().is_some_and(|found| found == ending) {
                assert!(
                    path.with_extension("journey").exists(),
                    "{} belongs to no sample",
                    path.display()
                );
            }
        }
    }
}

fn definitions(compilation: &Compilation) -> Value {
    let made = &compilation.definitions;
    let mut value = json!({
        "settings": made.settings,
        "segments": made.segments,
        "emails": made.emails,
        "campaigns": made.campaigns,
        "tests": made.tests,
    });
    without_places(&mut value);
    value
}

/// Places are of no interest here, and would change with every line.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.shift_remove("span");
            members.values_mut().for_each(without_places);
        }
        Value::Array(members) => members.iter_mut().for_each(without_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

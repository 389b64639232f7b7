//! The pictures of the language reference, made from the grammar. Each lies in `docs/language` under
//! the name of its rule; after a change of the grammar, run once with `SOJOURN_UPDATE=1`.

mod book;
mod draw;
mod shape;

use std::fs;
use std::path::{Path, PathBuf};

use book::Book;

use crate::corpus;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/language")
}

#[test]
fn pictures_show_the_grammar_as_it_is() {
    let book = Book::read();
    let mut failures = Vec::new();
    for (name, shape) in book.shapes() {
        let path = folder().join(format!("{name}.svg"));
        corpus::check_snapshot(&path, &draw::svg(&book.label(&name), &shape), &mut failures);
    }
    let stale: Vec<&str> = failures.iter().filter_map(|it| it.lines().next()).collect();
    assert!(stale.is_empty(), "stale; run with SOJOURN_UPDATE=1\n{}", stale.join("\n"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests keep their snapshots in files")]
fn no_picture_is_left_over() {
    let shapes = Book::read().shapes();
    let mut left_over = Vec::new();
    for path in corpus::list(&folder()) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let is_picture = path.extension().is_some_and(|ending| ending == "svg");
        if is_picture && !shapes.contains_key(&name) {
            left_over.push(path);
        }
    }
    if std::env::var("SOJOURN_UPDATE").is_ok() {
        left_over.drain(..).for_each(|path| fs::remove_file(path).expect("a file to delete"));
    }
    assert!(left_over.is_empty(), "no rule of these has a picture: {left_over:?}");
}

#[test]
fn a_picture_shows_what_is_right_and_nothing_else() {
    let shapes = Book::read().shapes();
    let shown = |name: &str| draw::text(&shapes[name]);
    assert_eq!(shown("only_if"), "'only if' condition", "`kw_…` are words, rules are places");
    assert_eq!(shown("add"), "'add' expression 'to' path");
    let duration = "((number unit)… | '(' expression ')' unit)";
    assert_eq!(shown("duration"), duration, "slips are left out");
    let object = "'{' ((word | \"text\") ':' expression or object with ',' between)…? '}'";
    assert_eq!(shown("object"), object, "what is parted by commas is a loop");
    assert_eq!(shown("block"), "'{' step…? '}'", "so are junk and open ends");
}

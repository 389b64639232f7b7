//! Any text as a file: the compiler ends, the tree covers the text, and every problem can be shown.

#![no_main]

use dsl::compile::{Catalog, Source, compile};
use dsl::diagnostic::render;
use dsl::syntax::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let tree = parse(text, 0).tree;
    assert_eq!((tree.root.span.start, tree.root.span.end), (0, text.len()));
    let sources = [Source { path: "any.journey".to_owned(), text: text.to_owned() }];
    let compilation = compile(&sources, &Catalog::default());
    for problem in &compilation.diagnostics {
        let span = problem.primary.span;
        assert!(text.get(span.start..span.end).is_some(), "{problem:?} ends inside a character");
    }
    let said = render::text(&compilation.diagnostics, &sources, false);
    assert_eq!(said.is_empty(), compilation.diagnostics.is_empty());
});

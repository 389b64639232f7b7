//! `docs/graph.md` shows one campaign in every form; what it shows is what comes out. After a change
//! of a picture, run once with `SOJOURN_UPDATE=1`.

use std::path::Path;

use dsl::compile::{Catalog, Source, compile};
use dsl::picture::{self, Counts};

use crate::corpus;

#[test]
fn the_page_shows_what_comes_out() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let page = corpus::read(&docs.join("graph.md"));
    let (_, rest) = page.split_once("```journey\n").expect("an example");
    let (text, _) = rest.split_once("```\n").expect("its end");
    let sources = [Source { path: "first-steps.journey".to_owned(), text: text.to_owned() }];
    let compilation = compile(&sources, &Catalog::default());
    assert_eq!(compilation.diagnostics, [], "the example compiles without a word");
    let campaign = &compilation.definitions.campaigns[0];

    let mut shown = page.clone();
    for (language, made) in [
        ("json", format!("{:#}\n", picture::json(campaign, &sources))),
        ("mermaid", picture::mermaid(campaign)),
        ("dot", picture::dot(campaign)),
    ] {
        shown = with_block(&shown, language, &made);
    }
    let mut failures = Vec::new();
    corpus::check_snapshot(&docs.join("graph.md"), &shown, &mut failures);
    let svg = picture::svg(campaign, &Counts::new());
    corpus::check_snapshot(&docs.join("graph.svg"), &svg, &mut failures);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `page` with the content of its block of that language exchanged.
fn with_block(page: &str, language: &str, content: &str) -> String {
    let head = format!("```{language}\n");
    let (before, rest) = page.split_once(&head).expect("a block of the language");
    let (_, after) = rest.split_once("```\n").expect("its end");
    format!("{before}{head}{content}```\n{after}")
}

//! The reference of the language and the tutorial: their examples compile and are laid out as the
//! formatter does it, and nothing that the grammar knows is left out. What is made from the code
//! lies between two marks; after a change, run once with `SOJOURN_UPDATE=1`.

mod example;
mod made;
mod page;
mod tutorial;

use std::collections::BTreeSet;

use dsl::diagnostic::Code;
use pest_meta::ast::RuleType;

use crate::corpus;
use crate::grammar::{Grammar, is_tolerance, names};
use page::{Page, Section};

/// The chapters in the order of their reading.
const CHAPTERS: [&str; 8] =
    ["values", "declarations", "campaigns", "steps", "conditions", "broadcasts", "tests", "tables"];
/// What is looked up in this one, has no sections of a form.
const TABLES: &str = "tables";
/// Each alternative of these has a section.
const HUBS: [&str; 7] =
    ["declaration", "clause", "step", "predicate", "relation", "test_line", "primary"];
/// Parts of an alternative that are none themselves.
const PARTS: [&str; 5] = ["default", "gap", "label", "operand", "space"];

fn chapters() -> Vec<Page> {
    CHAPTERS.iter().map(|name| Page::read(&format!("language/{name}.md"))).collect()
}

fn entrance() -> Page {
    Page::read("language.md")
}

fn sections() -> Vec<Section> {
    let chapters = chapters();
    chapters.iter().filter(|page| page.name() != TABLES).flat_map(Page::sections).collect()
}

#[test]
fn every_example_says_what_it_should() {
    let mut failures = Vec::new();
    let mut count = 0;
    for page in chapters().iter().chain([&entrance()]) {
        for block in page.blocks(&["journey"]) {
            count += 1;
            failures.extend(example::problem(&block).map(|it| format!("{}: {it}", block.place)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= sections().len(), "only {count} examples");
}

#[test]
fn whatever_the_grammar_knows_has_a_section() {
    let grammar = Grammar::read();
    let described: BTreeSet<String> = sections().iter().flat_map(Section::rules).collect();
    let mut missing = BTreeSet::new();
    for hub in HUBS {
        let found = parts_of(&grammar, hub);
        assert!(found.len() > 3, "`{hub}` is no choice between rules any more");
        missing.extend(found.into_iter().filter(|name| !described.contains(*name)));
    }
    assert!(
        missing.is_empty(),
        "these rules have no section; write one, with the picture of the rule or `<a id=\"RULE\"></a>`: {missing:?}"
    );
}

/// What a rule is made of; a rule without a node of its own is what it is made of itself.
fn parts_of<'g>(grammar: &'g Grammar, rule: &str) -> Vec<&'g str> {
    let mut found = Vec::new();
    for name in names(grammar.expression(rule)) {
        match grammar.rule(name) {
            _ if PARTS.contains(&name) || is_tolerance(name) => {}
            Some(part) if part.ty == RuleType::Silent => found.extend(parts_of(grammar, name)),
            _ => found.push(name),
        }
    }
    found
}

#[test]
fn every_picture_is_shown() {
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for page in chapters().iter().chain([&entrance()]) {
        shown.extend(page.pictures());
    }
    let mut unused = Vec::new();
    for path in corpus::list(&page::folder().join("language")) {
        let is_picture = path.extension().is_some_and(|ending| ending == "svg");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if is_picture && !shown.contains(&name) {
            unused.push(name);
        }
    }
    unused.sort();
    assert!(unused.is_empty(), "no page shows these pictures: {unused:?}");
}

#[test]
fn every_section_has_the_same_parts_in_the_same_order() {
    let faults: Vec<String> = sections().iter().filter_map(Section::fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_code_is_named() {
    let all: String = chapters().iter().map(|page| page.text.as_str()).collect();
    let unnamed: Vec<&Code> =
        Code::ALL.iter().filter(|code| !all.contains(&format!("errors/{code}.md"))).collect();
    assert!(unnamed.is_empty(), "no section links these: {unnamed:?}");
}

#[test]
fn what_is_made_from_the_code_is_as_it_is() {
    let mut failures = Vec::new();
    for (page, mark, text) in made::parts(&chapters()) {
        made::check(&page, mark, &text, &mut failures);
    }
    assert!(failures.is_empty(), "stale; run with SOJOURN_UPDATE=1\n{}", failures.join("\n"));
}

#[test]
fn what_is_kept_for_later_is_named() {
    let grammar = Grammar::read();
    let tables = Page::read(&format!("language/{TABLES}.md"));
    let mut words = Vec::new();
    for rule in ["later_clause_head", "later_step_head"] {
        words.extend(grammar.spellings(rule).expect("a list of phrases"));
    }
    assert!(words.len() > 2, "the grammar keeps {words:?}");
    for word in words {
        assert!(tables.text.contains(&format!("`{}", word.trim())), "`{word}` is kept for later");
    }
}

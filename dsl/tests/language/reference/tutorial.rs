//! The tutorial: its blocks are laid over each other, so that a declaration takes the place of the
//! earlier one of its name. Each state compiles, and the last has every declaration of the example
//! that it is about, word for word.

use dsl::compile::{Catalog, Compilation, Source, compile};
use dsl::diagnostic::render;
use dsl::simulate::{report, run_tests};

use super::example::layout_problem;
use super::page::Page;
use crate::corpus::catalog;

const EXAMPLE: &str = include_str!("../../../../examples/welcome.journey");
const MAIL: &str = include_str!("../../../../examples/welcome.html");
const FILE: &str = "welcome.journey";

#[test]
fn the_tutorial_grows_the_example() {
    let page = Page::read("tutorial.md");
    let (mut file, mut failures, mut shown) = (Vec::new(), Vec::new(), String::new());
    let mut commands = 0;
    for block in page.blocks(&["journey", "console"]) {
        if block.kind == "console" {
            let (command, expected) = block.text.split_once('\n').unwrap_or_default();
            let found = run(command, &shown);
            if found.trim_end() != expected.trim_end() {
                failures.push(format!("{}: `{command}` prints\n{found}", block.place));
            }
            commands += 1;
            continue;
        }
        let mut tried: Vec<String> = file.clone();
        lay(&mut tried, &block.text);
        shown = tried.concat();
        let (_, said) = compiled(&shown);
        let is_wrong = block.marks.iter().any(|mark| mark == "wrong");
        if said.is_empty() == is_wrong {
            failures.push(format!("{}: says `{said}`", block.place));
        }
        if !is_wrong {
            failures.extend(layout_problem(&shown).map(|it| format!("{}: {it}", block.place)));
            file = tried;
        }
    }
    for declaration in &file {
        if !EXAMPLE.contains(declaration.trim_end()) {
            failures.push(format!("examples/{FILE} does not have\n{declaration}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let mut wanted: Vec<String> = Vec::new();
    lay(&mut wanted, EXAMPLE);
    let missing =
        wanted.iter().map(|it| head(it)).find(|it| file.iter().all(|own| head(own) != *it));
    assert_eq!(missing, None, "the tutorial ends without it");
    assert!(commands > 3, "only {commands} commands");
}

/// Puts each paragraph that begins at the margin in the place of the one with the same first words.
fn lay(file: &mut Vec<String>, text: &str) {
    for declaration in declarations(text) {
        let place = file.iter().position(|known| head(known) == head(&declaration));
        match place {
            Some(place) => file[place] = declaration,
            None => file.push(declaration),
        }
    }
    for (index, declaration) in file.iter_mut().enumerate() {
        let trimmed = declaration.trim();
        *declaration = format!("{}{trimmed}\n", if index == 0 { "" } else { "\n" });
    }
}

/// A declaration with the remark above it.
fn declarations(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        if !is_open && !line.is_empty() {
            let is_remarked = found.last().is_some_and(|last| head(last).is_empty());
            if !is_remarked {
                found.push(String::new());
            }
        }
        if let Some(last) = found.last_mut() {
            last.push_str(&format!("{line}\n"));
        }
        is_open = match line {
            "}" => false,
            _ if !is_open && line.ends_with('{') => true,
            _ => is_open,
        };
    }
    found
}

/// `email "welcome"`; nothing for remarks alone.
fn head(declaration: &str) -> &str {
    let line = declaration.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
    line.unwrap_or_default().trim_end_matches('{').split('=').next().unwrap_or_default().trim()
}

fn surroundings() -> Catalog {
    let mut catalog = catalog();
    catalog.files.insert("welcome.html".to_owned(), MAIL.to_owned());
    catalog
}

fn compiled(text: &str) -> (Compilation, String) {
    let compilation = compile(&sources(text), &surroundings());
    let said = render::text(&compilation.diagnostics, &sources(text), false);
    (compilation, said)
}

fn sources(text: &str) -> [Source; 1] {
    [Source { path: FILE.to_owned(), text: text.to_owned() }]
}

/// What the command prints about the file.
fn run(command: &str, text: &str) -> String {
    let (compilation, said) = compiled(text);
    match command.strip_prefix("$ sojourn ").and_then(|words| words.split_once(' ')) {
        Some(("check", FILE)) if said.is_empty() => "1 file, no problems\n".to_owned(),
        Some(("check", FILE)) => said,
        Some(("test", FILE)) => {
            report::text(&run_tests(&compilation.definitions, None), &sources(text))
        }
        _ => panic!("nobody knows `{command}`"),
    }
}

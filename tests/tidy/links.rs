//! Documents that lead somewhere: links within the repository, and the pages of the codes.

use std::collections::BTreeSet;

use crate::source::{code_only, tokens};
use crate::{Problem, report, tree};

const CODE_TABLE: &str = "dsl/src/diagnostic/code.rs";
const CODE_PAGES: &str = "docs/errors/";

#[test]
fn links_lead_somewhere() {
    let files = tree::files();
    let mut places = BTreeSet::new();
    for file in &files {
        let pieces: Vec<&str> = file.path.split('/').collect();
        places.extend((1..=pieces.len()).map(|count| pieces[..count].join("/")));
    }
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, link) in links(file.text()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let Some(target) = resolve(&file.path, path).filter(|it| places.contains(it)) else {
                let message = format!(
                    "the link `{link}` leads nowhere; name a file of the repository, relative to this one"
                );
                problems.push(Problem::new(&file.path, line, message));
                continue;
            };
            let document = files.iter().find(|it| it.path == target && it.path.ends_with(".md"));
            let is_missing = |text: &str| !headings(text).contains(&heading.to_owned());
            if !heading.is_empty() && document.is_some_and(|it| is_missing(it.text())) {
                let message = format!("the link `{link}` names a heading that `{target}` has not");
                problems.push(Problem::new(&file.path, line, message));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_page_of_a_code_is_of_a_code_there_is() {
    let files = tree::files();
    let table =
        files.iter().find(|file| file.path == CODE_TABLE).expect("the table of codes is there");
    let code = code_only(table.text());
    let known: BTreeSet<&str> =
        tokens(&code).iter().map(|token| token.text).filter(|it| is_code(it)).collect();
    assert!(!known.is_empty(), "`{CODE_TABLE}` has no codes");
    let mut problems = Vec::new();
    for file in &files {
        let Some(page) = file.path.strip_prefix(CODE_PAGES) else { continue };
        let code = page.strip_suffix(".md").unwrap_or(page);
        if is_code(code) && !known.contains(code) {
            let message = format!("`{code}` is not in {CODE_TABLE}; rename or delete the page");
            problems.push(Problem::new(&file.path, 0, message));
        }
    }
    report(&problems);
}

/// A letter and four digits.
fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('J').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// The targets of `[…](…)` and `[…]: …`, with their lines, outside of code.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in prose(text) {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let target = after.split([')', ' ']).next().unwrap_or_default();
            links.push((line, target.to_owned()));
            rest = after;
        }
        let reference = text.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
        if let Some((_, target)) = reference {
            links.push((line, target.split(' ').next().unwrap_or_default().to_owned()));
        }
    }
    links
}

/// The lines outside of fenced blocks, without what is in back-ticks.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut is_fenced = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            lines.push((number + 1, line.split('`').step_by(2).collect()));
        }
    }
    lines
}

/// The anchors of a document's headings, as GitHub makes them.
fn headings(text: &str) -> Vec<String> {
    let mut is_fenced = false;
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        is_fenced ^= line.trim_start().starts_with("```");
        let title = line.trim_start_matches('#').strip_prefix(' ');
        let Some(title) = title.filter(|_| !is_fenced && line.starts_with('#')) else { continue };
        let kept = |it: &char| it.is_alphanumeric() || " -_".contains(*it);
        let slug: String = title.to_lowercase().chars().filter(kept).collect();
        let slug = slug.trim().replace(' ', "-");
        let earlier = found.iter().filter(|it| **it == slug).count();
        found.push(if earlier == 0 { slug } else { format!("{slug}-{earlier}") });
    }
    found
}

/// The path that a link in `from` means; none where it leaves the repository.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    let mut pieces: Vec<&str> = from.split('/').collect();
    pieces.pop();
    for piece in link.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop()?;
            }
            name => pieces.push(name),
        }
    }
    Some(pieces.join("/"))
}

#[test]
fn links_and_headings_are_read_as_markdown_means_them() {
    let text = "# A `b` — c!\n[x](../y.md#z) `[no](code)` [w](<#q>)\n```\n[no](fence)\n```\n## A b  c\n[r]: z.md\n";
    let found = links(text);
    assert_eq!(found[0], (2, "../y.md#z".to_owned()));
    assert_eq!(found[2], (7, "z.md".to_owned()));
    assert_eq!(headings(text), ["a-b--c", "a-b--c-1"]);
    assert_eq!(resolve("docs/errors/a.md", "../b.md").as_deref(), Some("docs/b.md"));
    assert_eq!(resolve("a.md", "../b.md"), None);
}

//! The page of every code: what, why, a wrong example with exactly this problem, and a right one.

use dsl::compile::{Source, compile};
use dsl::diagnostic::{Code, explain, render};

use crate::corpus::{catalog_with, read, samples};

/// Codes whose wrong example would fill pages; [`crate::hostile`] makes one.
const WITHOUT_EXAMPLE: [Code; 2] = [Code::J0902, Code::J0904];

/// The blocks of the page that are marked like this.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let fence = format!("```{mark}\n");
    page.split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned() + "\n")
        .collect()
}

fn problems(code: Code, text: &str) -> (Vec<Code>, String) {
    let sources = [Source { path: format!("{code}.journey"), text: text.to_owned() }];
    let catalog = catalog_with(&blocks(code.page(), "json catalog").concat());
    let compilation = compile(&sources, &catalog);
    let said = render::text(&compilation.diagnostics, &sources, false);
    (compilation.diagnostics.into_iter().map(|problem| problem.code).collect(), said)
}

#[test]
fn every_code_has_a_page_whose_examples_are_true() {
    let mut failures = Vec::new();
    for code in Code::ALL.iter().copied() {
        let page = code.page();
        if !page.starts_with(&format!("# {code}: {}\n", code.title())) {
            failures
                .push(format!("the page of {code} should begin with `# {code}: {}`", code.title()));
        }
        let wrong = blocks(page, "journey wrong");
        if wrong.is_empty() != WITHOUT_EXAMPLE.contains(&code) {
            failures.push(format!("{code} has {} wrong examples", wrong.len()));
        }
        for text in wrong {
            let (codes, said) = problems(code, &text);
            if codes != [code] {
                failures.push(format!("the wrong example of {code} says\n{said}"));
            }
        }
        let right = blocks(page, "journey right");
        if right.is_empty() {
            failures.push(format!("{code} has no right example"));
        }
        for text in right {
            let (codes, said) = problems(code, &text);
            if !codes.is_empty() {
                failures.push(format!("the right example of {code} says\n{said}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The samples show each message as people see it; beyond the limits, [`crate::hostile`] does.
#[test]
fn every_code_has_a_sample() {
    let mut said = String::new();
    for corpus in ["errors", "lints"] {
        for (path, _) in samples(corpus) {
            said.push_str(&read(&path.with_extension("txt")));
        }
    }
    let without: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| !WITHOUT_EXAMPLE.contains(code) && *code != Code::J0903)
        .filter(|code| !said.contains(&format!("[{code}]")))
        .collect();
    assert!(without.is_empty(), "no sample is told {without:?}");
}

#[test]
fn pages_are_found_by_their_code() {
    assert_eq!(explain("j0105"), Some(Code::J0105.page()));
    assert_eq!(explain("J9999"), None);
}

//! The page of every code: what, why, a wrong example with exactly this problem, and a right one.

use dsl::compile::{Source, compile};
use dsl::diagnostic::{Code, explain, render};

use crate::corpus::catalog;

/// Codes whose wrong example would fill pages; [`crate::hostile`] makes one.
const WITHOUT_EXAMPLE: [Code; 2] = [Code::J0902, Code::J0904];

/// The blocks of the page that are marked `journey KIND`.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let fence = format!("```journey {kind}\n");
    page.split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned() + "\n")
        .collect()
}

fn problems(code: Code, text: &str) -> (Vec<Code>, String) {
    let sources = [Source { path: format!("{code}.journey"), text: text.to_owned() }];
    let compilation = compile(&sources, &catalog());
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
        let wrong = blocks(page, "wrong");
        if wrong.is_empty() != WITHOUT_EXAMPLE.contains(&code) {
            failures.push(format!("{code} has {} wrong examples", wrong.len()));
        }
        for text in wrong {
            let (codes, said) = problems(code, &text);
            if codes != [code] {
                failures.push(format!("the wrong example of {code} says\n{said}"));
            }
        }
        let right = blocks(page, "right");
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

#[test]
fn pages_are_found_by_their_code() {
    assert_eq!(explain("j0105"), Some(Code::J0105.page()));
    assert_eq!(explain("J9999"), None);
}

//! Fixes mend: each one, applied alone, takes its problem away.

use dsl::compile::Source;
use dsl::diagnostic::fix::{applied, mend};
use dsl::diagnostic::{Applicability, Diagnostic, Severity};

use crate::corpus::{catalog, compiled, samples};

fn alike(problems: &[Diagnostic], to: &Diagnostic) -> usize {
    problems.iter().filter(|one| one.code == to.code && one.message == to.message).count()
}

#[test]
fn each_fix_takes_its_problem_away() {
    let mut failures = Vec::new();
    let mut fixes = 0;
    for (path, text) in samples("errors").into_iter().chain(samples("lints")) {
        let before = compiled(&path, &text).0.diagnostics;
        for problem in &before {
            let Some(fix) = &problem.fix else {
                continue;
            };
            fixes += 1;
            let mended = applied(&text, &fix.edits)
                .unwrap_or_else(|| panic!("edits of `{}` overlap", fix.title));
            let after = compiled(&path, &mended).0.diagnostics;
            if alike(&after, problem) >= alike(&before, problem) {
                failures.push(format!(
                    "{}: `{}` does not mend `{}`",
                    path.display(),
                    fix.title,
                    problem.message
                ));
            }
        }
    }
    assert!(fixes > 50, "there are only {fixes} fixes");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_was_mended_is_mended_for_good() {
    let catalog = catalog();
    let mut mended_problems = 0;
    for (path, text) in samples("errors") {
        let sources = [Source { path: path.display().to_string(), text: text.clone() }];
        let once = mend(&sources, |_| catalog.clone());
        let twice = mend(&once.sources, |_| catalog.clone());
        assert_eq!(twice.sources, once.sources, "{}", path.display());
        let errors = |text: &str| {
            let problems = compiled(&path, text).0.diagnostics;
            problems.iter().filter(|problem| problem.severity == Severity::Error).count()
        };
        let left = errors(&once.sources[0].text);
        assert!(left <= errors(&text), "{} has more errors than before", path.display());
        mended_problems += once.problems.values().sum::<usize>();
    }
    assert!(mended_problems > 50, "only {mended_problems} problems were mended");
}

#[test]
fn names_are_never_chosen_for_the_author() {
    let mut guesses = 0;
    for (path, text) in samples("errors") {
        for problem in compiled(&path, &text).0.diagnostics {
            let names = ["J0301", "J0302", "J0303", "J0304", "J0308", "J0312"];
            let Some(fix) = problem.fix.filter(|_| names.contains(&problem.code.word())) else {
                continue;
            };
            guesses += 1;
            assert_eq!(fix.applicability, Applicability::Guess, "{}", problem.message);
        }
    }
    assert!(guesses > 4, "there are only {guesses} guesses of names");
}

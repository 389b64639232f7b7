//! Fixes mend: each one, applied alone, takes its problem away.

use dsl::diagnostic::{Diagnostic, Fix};

use crate::corpus::{compiled, samples};

fn applied(text: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    for pair in edits.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "edits of `{}` overlap", fix.title);
    }
    let mut mended = text.to_owned();
    for edit in edits.iter().rev() {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    mended
}

fn alike(problems: &[Diagnostic], to: &Diagnostic) -> usize {
    problems.iter().filter(|one| one.code == to.code && one.message == to.message).count()
}

#[test]
fn each_fix_takes_its_problem_away() {
    let mut failures = Vec::new();
    let mut fixes = 0;
    for (path, text) in samples("errors") {
        let before = compiled(&path, &text).0.diagnostics;
        for problem in &before {
            let Some(fix) = &problem.fix else {
                continue;
            };
            fixes += 1;
            let mended = applied(&text, fix);
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

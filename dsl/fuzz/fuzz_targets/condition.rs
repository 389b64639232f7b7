//! Any text as one condition: there is a condition or an error, never both, never neither.

#![no_main]

use dsl::compile::{Catalog, compile_condition};
use dsl::diagnostic::Severity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (condition, problems) = compile_condition(text, &Catalog::default());
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    assert_ne!(condition.is_some(), failed, "{problems:?}");
    for problem in &problems {
        let span = problem.primary.span;
        assert!(text.get(span.start..span.end).is_some(), "{problem:?} ends inside a character");
    }
});

//! The warnings, tested by files: what each sample is told stands beside it as text. A sample whose
//! name ends with `_silent` is told nothing.

use std::collections::BTreeSet;

use dsl::compile::{Catalog, Source, compile};
use dsl::diagnostic::{Code, Severity, render};

use crate::corpus::{check_snapshot, compiled, samples};

#[test]
fn samples_get_the_warnings_that_stand_beside_them() {
    let mut failures = Vec::new();
    for (path, text) in samples("lints") {
        let (compilation, sources) = compiled(&path, &text);
        let found = render::text(&compilation.diagnostics, &sources, false);
        assert!(!compilation.has_errors(), "{} has errors\n{found}", path.display());
        if path.to_string_lossy().ends_with("_silent.journey") {
            assert!(found.is_empty(), "{} should be told nothing\n{found}", path.display());
        } else {
            assert!(!found.is_empty(), "{} is told nothing", path.display());
            check_snapshot(&path.with_extension("txt"), &found, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_sample_that_is_told_something_has_one_that_is_not() {
    let names: BTreeSet<String> = samples("lints")
        .iter()
        .map(|(path, _)| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    for name in names.iter().filter(|name| !name.ends_with("_silent")) {
        assert!(names.contains(&format!("{name}_silent")), "`{name}` has no silent sample");
    }
}

#[test]
fn an_error_is_not_silenced() {
    let text = "# allow J0207: it starts by itself\ncampaign \"x\" { wait 1 day }\n";
    let sources = [Source { path: "x.journey".to_owned(), text: text.to_owned() }];
    let found = compile(&sources, &Catalog::default()).diagnostics;
    let codes: Vec<Code> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::J0512, Code::J0207]);
    assert_eq!(found[0].severity, Severity::Warning);
}

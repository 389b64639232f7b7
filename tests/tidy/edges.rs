//! Layers: who may depend on whom, and on what from outside.

use crate::metadata::Metadata;
use crate::source::{code_only, test_modules, tokens};
use crate::{Problem, report, tree};

/// Our packages, each with those of ours it may depend on.
const LAYERS: [(&str, &[&str]); 8] = [
    ("liquid", &[]),
    ("dsl", &["liquid"]),
    ("migration", &[]),
    ("domain", &["dsl", "migration"]),
    ("api", &["dsl", "domain"]),
    ("worker", &["dsl", "liquid", "domain"]),
    ("cli", &["dsl", "liquid", "domain", "migration", "api", "worker"]),
    ("tests", &["dsl", "liquid", "domain", "migration", "api", "worker"]),
];

/// Crates with a place of their own: the crate, who may depend on it, and why.
const PLACES: [(&str, &[&str], &str); 9] = [
    ("sea-orm", &["domain", "tests"], "all SQL is in domain"),
    ("sqlx", &["domain", "tests"], "all SQL is in domain"),
    (
        "sea-orm-migration",
        &["migration", "domain", "tests"],
        "the schema's history is in migration",
    ),
    ("actix-web", &["api"], "HTTP is translated in api"),
    ("async-graphql", &["api"], "GraphQL is translated in api"),
    ("apalis", &["worker"], "the pool is in worker"),
    ("lettre", &["worker"], "mail leaves from worker"),
    ("clap", &["cli"], "the command line is in cli"),
    ("anyhow", &["cli"], "only cli may not care which error it was; elsewhere use thiserror"),
];

/// What the pure packages must not reach, by any way.
const IMPURE: [&str; 16] = [
    "tokio",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "futures",
    "sea-orm",
    "sqlx",
    "actix-web",
    "hyper",
    "reqwest",
    "lettre",
    "apalis",
    "rand",
    "tempfile",
    "async-graphql",
];
const PURE: [&str; 2] = ["dsl", "liquid"];
/// Modules of the standard library that reach outside, and what does in others.
const OUTSIDE: [&str; 4] = ["fs", "env", "process", "thread"];
const SOCKETS: [&str; 4] = ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs"];

#[test]
fn packages_depend_only_on_lower_layers() {
    let metadata = Metadata::read();
    let mut problems = Vec::new();
    for package in metadata.ours() {
        let manifest = manifest(&package.name);
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == package.name) else {
            let message = format!("package `{}` has no layer; give it one in LAYERS", package.name);
            problems.push(Problem::new(&manifest, 0, message));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|it| !it.is_dev) {
            let name = dependency.name.as_str();
            let is_ours = LAYERS.iter().any(|(layer, _)| *layer == name);
            if is_ours && !allowed.contains(&name) {
                let message = format!(
                    "`{}` must not depend on `{name}`; it may depend on {allowed:?}, so move what it needs there",
                    package.name
                );
                problems.push(Problem::new(&manifest, 0, message));
            }
            let place = PLACES.iter().find(|(outside, _, _)| *outside == name);
            if let Some((_, places, why)) =
                place.filter(|it| !it.1.contains(&package.name.as_str()))
            {
                let message = format!("`{name}` belongs in {places:?} alone: {why}");
                problems.push(Problem::new(&manifest, 0, message));
            }
        }
    }
    assert_eq!(metadata.ours().count(), LAYERS.len(), "LAYERS names packages that are not there");
    report(&problems);
}

#[test]
fn the_core_reaches_nothing_outside() {
    let metadata = Metadata::read();
    let mut problems = Vec::new();
    for pure in PURE {
        if let Some(chain) = metadata.chain(pure, |name| IMPURE.contains(&name)) {
            let message =
                format!("the core is pure, but {}; drop that dependency", chain.join(" → "));
            problems.push(Problem::new(&manifest(pure), 0, message));
        }
    }
    for file in tree::files().iter().filter(|it| it.is_rust() && it.path.starts_with("dsl/")) {
        if file.is_test() {
            continue;
        }
        let code = code_only(file.text());
        let tokens = tokens(&code);
        let tests = test_modules(&tokens);
        for window in tokens.windows(4) {
            let [std, _, colon, module] = window else { continue };
            let is_test = tests.iter().any(|(first, last)| (*first..=*last).contains(&std.line));
            let is_module =
                std.text == "std" && colon.text == ":" && OUTSIDE.contains(&module.text);
            if !is_test && (is_module || SOCKETS.contains(&module.text)) {
                let message = format!(
                    "the core is pure: no `{}`; take what it gives as an argument",
                    module.text
                );
                problems.push(Problem::new(&file.path, std.line, message));
            }
        }
    }
    report(&problems);
}

/// apalis may be exchanged one day, so that one module alone knows it.
#[test]
fn only_the_pool_knows_apalis() {
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|it| it.is_rust() && it.path.starts_with("worker/src/"))
    {
        if file.path == "worker/src/pool.rs" || file.path.starts_with("worker/src/pool/") {
            continue;
        }
        let code = code_only(file.text());
        for token in tokens(&code).iter().filter(|it| it.text.starts_with("apalis")) {
            let message = "only worker/src/pool knows apalis; give the pool a function for this";
            problems.push(Problem::new(&file.path, token.line, message));
        }
    }
    report(&problems);
}

/// A test file that no `[[test]]` names is never run, and nothing would say so.
#[test]
fn every_test_file_is_run() {
    let manifest =
        std::fs::read_to_string(tree::root().join("tests/Cargo.toml")).expect("it is there");
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|it| it.is_rust()) {
        let Some(path) = file.path.strip_prefix("tests/") else { continue };
        let is_root = !path.contains('/') || path.ends_with("/main.rs");
        if is_root && !manifest.contains(&format!("path = \"{path}\"")) {
            let message =
                format!("never run; add `[[test]]` with `path = \"{path}\"` to tests/Cargo.toml");
            problems.push(Problem::new(&file.path, 0, message));
        }
    }
    report(&problems);
}

fn manifest(package: &str) -> String {
    match package {
        "liquid" => "dsl/liquid/Cargo.toml".to_owned(),
        name => format!("{name}/Cargo.toml"),
    }
}

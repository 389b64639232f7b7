//! Licences and sources of everything we build upon.

use crate::metadata::Metadata;
use crate::{Problem, report, tree};

/// Permissive ones, and MPL-2.0, which binds its own files only.
const ACCEPTED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn dependencies_are_permissive_or_mpl() {
    let metadata = Metadata::read();
    let mut problems = Vec::new();
    for package in metadata.packages.values() {
        let licence = package.licence.as_deref().unwrap_or("none");
        if !is_accepted(licence) {
            let message = format!(
                "`{} {}` is under `{licence}`, expected a permissive licence or MPL-2.0; find another crate, \
                 or accept it in ACCEPTED of tests/tidy/licences.rs",
                package.name, package.version
            );
            problems.push(Problem::new("Cargo.lock", 0, message));
        }
    }
    assert!(metadata.packages.len() > metadata.ours().count(), "no dependency was looked at");
    report(&problems);
}

#[test]
fn dependencies_come_from_the_public_registry() {
    let lock =
        std::fs::read_to_string(tree::root().join("Cargo.lock")).expect("Cargo.lock is there");
    let mut problems = Vec::new();
    for (number, line) in lock.lines().enumerate() {
        let source = line.strip_prefix("source = \"").and_then(|rest| rest.strip_suffix('"'));
        if let Some(source) = source.filter(|source| *source != SOURCE) {
            let message = format!("comes from `{source}`; depend on a released version instead");
            problems.push(Problem::new("Cargo.lock", number + 1, message));
        }
    }
    report(&problems);
}

/// SPDX: `OR` is our choice, `AND` binds to all; the old `/` means `OR`.
fn is_accepted(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut place = 0;
    let accepted = any(&words, &mut place);
    accepted && place == words.len()
}

fn any(words: &[&str], place: &mut usize) -> bool {
    let mut accepted = all(words, place);
    while words.get(*place) == Some(&"OR") {
        *place += 1;
        accepted |= all(words, place);
    }
    accepted
}

fn all(words: &[&str], place: &mut usize) -> bool {
    let mut accepted = one(words, place);
    while words.get(*place) == Some(&"AND") {
        *place += 1;
        accepted &= one(words, place);
    }
    accepted
}

fn one(words: &[&str], place: &mut usize) -> bool {
    let Some(&word) = words.get(*place) else { return false };
    *place += 1;
    if word == "(" {
        let accepted = any(words, place);
        *place += 1;
        return accepted && words.get(*place - 1) == Some(&")");
    }
    if words.get(*place) == Some(&"WITH") {
        let exception = words.get(*place + 1).copied().unwrap_or_default();
        *place += 2;
        return ACCEPTED.contains(&format!("{word} WITH {exception}").as_str());
    }
    ACCEPTED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::is_accepted;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "(GPL-2.0 OR MIT) AND ISC",
            "GPL-3.0-only OR Apache-2.0 WITH LLVM-exception AND BSD-3-Clause",
        ] {
            assert!(is_accepted(good), "`{good}`");
        }
        for bad in
            ["none", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT MIT", "MIT WITH some-exception", ""]
        {
            assert!(!is_accepted(bad), "`{bad}`");
        }
    }
}

//! The Python that has the official clients of `tests/requirements.txt`.

use std::path::PathBuf;

/// `SOJOURN_TEST_PYTHON`, or the environment that `.ci/run` made below `target/`. Where neither
/// is, tests of Python clients say so and stop, unless the variable promises one.
pub fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("SOJOURN_TEST_PYTHON") {
        let named = PathBuf::from(named);
        assert!(named.exists(), "SOJOURN_TEST_PYTHON is `{}`, no such file", named.display());
        return Some(named);
    }
    let made = crate::process::repository().join("target/python/bin/python");
    if made.exists() {
        return Some(made);
    }
    crate::postgres::announce(
        "Python clients: NOT run, no target/python (bash .ci/run makes it, SOJOURN_TEST_PYTHON names another)",
    );
    None
}

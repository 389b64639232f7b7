//! The files of the repository: those that git knows or would take.

use std::path::PathBuf;
use std::process::Command;

/// Taken over as they are from somewhere else.
const VENDORED: [&str; 1] = ["api/console/graphiql/"];

/// A file with its text; none where it is not text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: Option<String>,
    pub(crate) length: usize,
}

impl File {
    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Tests may do what the product may not.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.contains("/benches/")
            || self.path.ends_with("/tests.rs")
    }
}

pub(crate) fn root() -> PathBuf {
    tests::process::repository()
}

/// Everything but what is vendored, in order of path.
pub(crate) fn files() -> Vec<File> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("`git` runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut paths: Vec<&str> = listed.split_terminator('\0').collect();
    paths.retain(|path| !VENDORED.iter().any(|folder| path.starts_with(folder)));
    paths.sort_unstable();
    paths.dedup();
    let files: Vec<File> = paths.into_iter().filter_map(read).collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "this is not the repository");
    files
}

/// None for a file that is deleted in the work tree but not yet in git.
fn read(path: &str) -> Option<File> {
    let bytes = std::fs::read(root().join(path)).ok()?;
    let length = bytes.len();
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    Some(File { path: path.to_owned(), text, length })
}

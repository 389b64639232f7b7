//! Reading `.journey` files: a path is one file, or a folder whose files are one workspace.
//!
//! `file "x.html"` is looked up beside the file that says it, then in the folder that was named,
//! and nowhere else.

mod mentions;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use dsl::compile::{Catalog, Compilation, Source, compile};

use crate::failure::{Failure, reason};

/// Ending of the files that hold declarations.
const ENDING: &str = "journey";
/// Folders within each other.
const DEPTH_MAX: usize = 32;
/// Files of one workspace.
const FILES_MAX: usize = domain::definitions::DEPLOY_FILES_MAX;
/// Bytes of all files together.
const BYTES_MAX: u64 = domain::definitions::DEPLOY_BYTES_MAX as u64;

/// The files of one workspace.
#[derive(Debug)]
pub(crate) struct Files {
    /// The `.journey` files, by path as people should see it.
    pub(crate) sources: Vec<Source>,
    /// Their paths within the folder that was named.
    pub(crate) inner_paths: Vec<String>,
    /// What they refer to, by path as written.
    pub(crate) others: BTreeMap<String, String>,
}

impl Files {
    /// Reads a file, or all `.journey` files below a folder, with what they refer to.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let root = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        let mut reader = Reader { root, bytes: 0, others: BTreeMap::new() };
        let mut files =
            Self { sources: Vec::new(), inner_paths: Vec::new(), others: BTreeMap::new() };
        for found in find(path)? {
            let text = reader.text(&found)?;
            let folder = found.parent().unwrap_or(Path::new(""));
            for mention in mentions::mentions(&text) {
                reader.mentioned(&found, folder, &mention)?;
            }
            files.inner_paths.push(shown(found.strip_prefix(root).unwrap_or(&found)));
            files.sources.push(Source { path: shown(&found), text });
        }
        files.others = reader.others.into_iter().map(|(key, other)| (key, other.text)).collect();
        Ok(files)
    }

    /// Compiles them as one workspace.
    pub(crate) fn compile(&self) -> Compilation {
        let catalog = Catalog { files: self.others.clone(), ..Catalog::default() };
        compile(&self.sources, &catalog)
    }
}

struct Reader<'a> {
    root: &'a Path,
    bytes: u64,
    others: BTreeMap<String, Other>,
}

/// A file that is referred to.
struct Other {
    place: PathBuf,
    text: String,
}

impl Reader<'_> {
    fn text(&mut self, path: &Path) -> Result<String, Failure> {
        let unreadable = |why: &dyn std::fmt::Display| {
            Failure::problem(format!("cannot read `{}`: {why}", path.display()))
        };
        let size = fs::metadata(path).map_err(|error| unreadable(&reason(&error)))?.len();
        self.bytes = self.bytes.saturating_add(size);
        if self.bytes > BYTES_MAX {
            return Err(unreadable(&format_args!(
                "all files together have more than {BYTES_MAX} bytes"
            )));
        }
        let bytes = fs::read(path).map_err(|error| unreadable(&reason(&error)))?;
        String::from_utf8(bytes).map_err(|_| {
            unreadable(&"it is not text in UTF-8")
                .help("save it as UTF-8, without another encoding")
        })
    }

    /// Takes in the file that `written` means in `source`. One that is not there is the compiler's
    /// to report, with its place in the text.
    fn mentioned(&mut self, source: &Path, folder: &Path, written: &str) -> Result<(), Failure> {
        let Some(place) = self.place(folder, written) else { return Ok(()) };
        match self.others.get(written) {
            Some(known) if known.place == place => Ok(()),
            Some(known) => Err(Failure::problem(format!(
                "`file \"{written}\"` means `{}` in `{}`, and `{}` elsewhere",
                place.display(),
                source.display(),
                known.place.display(),
            ))
            .help("give one of the two another name")),
            None => {
                let text = self.text(&place)?;
                self.others.insert(written.to_owned(), Other { place, text });
                Ok(())
            }
        }
    }

    fn place(&self, folder: &Path, written: &str) -> Option<PathBuf> {
        let written = Path::new(written);
        // What is deployed must not depend on files that lie elsewhere on this machine.
        let is_inside = written
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let places = [folder.join(written), self.root.join(written)];
        is_inside.then(|| places.into_iter().find(|place| place.is_file())).flatten()
    }
}

/// The `.journey` files of a path, in order.
fn find(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let missing = |error: &std::io::Error| {
        Failure::wrong_use(format!("cannot read `{}`: {}", path.display(), reason(error)))
    };
    if !fs::metadata(path).map_err(|error| missing(&error))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    look_into(path, 0, &mut found).map_err(|error| missing(&error))?;
    found.sort();
    if found.is_empty() {
        return Err(Failure::wrong_use(format!(
            "there is no `.{ENDING}` file in `{}`",
            path.display()
        )));
    }
    if found.len() > FILES_MAX {
        return Err(Failure::wrong_use(format!(
            "a workspace has at most {FILES_MAX} files, found more in `{}`",
            path.display()
        )));
    }
    Ok(found)
}

/// Hidden folders and links to folders are left out.
fn look_into(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if depth > DEPTH_MAX || found.len() > FILES_MAX {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            look_into(&path, depth + 1, found)?;
        } else if path.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// With `/` on every system, so that messages and deploys are the same everywhere.
fn shown(path: &Path) -> String {
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests;

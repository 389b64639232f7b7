//! Reading `.journey` files: a path is one file, or a folder whose files are one workspace.
//!
//! `file "x.html"` is looked up beside the file that says it, then in the folder that was named,
//! and nowhere else. `sojourn.catalog.json` in that folder tells what exists outside the files.

mod mentions;
pub(crate) mod replace;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use dsl::compile::{Catalog, Compilation, Source, compile};

use crate::failure::{Failure, reason};
use crate::problems::Trouble;
use crate::progress::Progress;

/// Ending of the files that hold declarations.
const ENDING: &str = "journey";
/// What exists outside the files.
const CATALOG: &str = "sojourn.catalog.json";
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
    /// What `sojourn.catalog.json` says.
    catalog: Catalog,
    /// What could not be read.
    pub(crate) troubles: Vec<Trouble>,
    root: PathBuf,
}

impl Files {
    /// Reads a file, or all `.journey` files below a folder, with what they refer to.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut files = Self::read_each(path, &Progress::none());
        match files.troubles.is_empty() {
            true => Ok(files),
            false => Err(files.troubles.swap_remove(0).failure),
        }
    }

    /// Reads what can be read of them, and keeps why the rest could not.
    pub(crate) fn read_each(path: &Path, progress: &Progress) -> Self {
        let root = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        let (found, troubles) = find(path);
        progress.phase("reading", Some(found.len()));
        let mut reader =
            Reader { root, bytes: 0, is_full: false, others: BTreeMap::new(), troubles };
        let (mut sources, mut inner_paths) = (Vec::new(), Vec::new());
        for path in found {
            match reader.text(&path) {
                Ok(text) => {
                    reader.mentions(&path, &text);
                    inner_paths.push(shown(path.strip_prefix(root).unwrap_or(&path)));
                    sources.push(Source { path: shown(&path), text });
                }
                Err(failure) => reader.trouble(&path, failure),
            }
            if reader.is_full {
                break;
            }
            progress.step();
        }
        let catalog = reader.catalog().unwrap_or_else(|failure| {
            reader.trouble(&root.join(CATALOG), failure);
            Catalog::default()
        });
        let Reader { others, troubles, .. } = reader;
        let others = others.into_iter().map(|(key, other)| (key, other.text)).collect();
        Self { sources, inner_paths, others, catalog, troubles, root: root.to_owned() }
    }

    /// Compiles them as one workspace.
    pub(crate) fn compile(&self) -> Compilation {
        compile(&self.sources, &self.catalog(&self.sources))
    }

    /// What surrounds these texts of the same files, which may refer to others than before.
    pub(crate) fn catalog(&self, sources: &[Source]) -> Catalog {
        let mut files = self.others.clone();
        let changed = sources.iter().zip(&self.sources).filter(|(new, old)| new.text != old.text);
        for (source, _) in changed {
            for mention in mentions::mentions(&source.text) {
                let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
                if let Some(place) = place(&self.root, folder, &mention)
                    && !files.contains_key(&mention)
                    && let Ok(text) = text(&place)
                {
                    files.insert(mention, text);
                }
            }
        }
        Catalog { files, ..self.catalog.clone() }
    }
}

struct Reader<'a> {
    root: &'a Path,
    bytes: u64,
    is_full: bool,
    others: BTreeMap<String, Other>,
    troubles: Vec<Trouble>,
}

/// A file that is referred to.
struct Other {
    place: PathBuf,
    text: String,
}

impl Reader<'_> {
    fn trouble(&mut self, path: &Path, failure: Failure) {
        self.troubles.push(Trouble { path: shown(path), failure });
    }

    fn text(&mut self, path: &Path) -> Result<String, Failure> {
        let size = fs::metadata(path).map_err(|error| unreadable(path, &reason(&error)))?.len();
        if self.bytes.saturating_add(size) > BYTES_MAX {
            self.is_full = true;
            let why = format!("all files together have more than {BYTES_MAX} bytes");
            return Err(unreadable(path, &why));
        }
        self.bytes += size;
        text(path)
    }

    /// Takes in the files that the text of `source` refers to.
    fn mentions(&mut self, source: &Path, text: &str) {
        for written in mentions::mentions(text) {
            if let Err(failure) = self.mentioned(source, &written) {
                self.trouble(source, failure);
            }
        }
    }

    /// What `sojourn.catalog.json` says, nothing where there is none.
    fn catalog(&mut self) -> Result<Catalog, Failure> {
        let place = self.root.join(CATALOG);
        if !place.is_file() {
            return Ok(Catalog::default());
        }
        let text = self.text(&place)?;
        Catalog::from_json(&text).map_err(|fault| {
            let failure = Failure::problem(format!("`{}`: {fault}", shown(&place)));
            match fault.help {
                Some(help) => failure.help(help),
                None => failure,
            }
        })
    }

    /// Takes in the file that `written` means in `source`. One that is not there is the compiler's
    /// to report, with its place in the text.
    fn mentioned(&mut self, source: &Path, written: &str) -> Result<(), Failure> {
        let folder = source.parent().unwrap_or(Path::new(""));
        let Some(place) = place(self.root, folder, written) else { return Ok(()) };
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
}

/// The file that `written` means in a source of `folder`.
fn place(root: &Path, folder: &Path, written: &str) -> Option<PathBuf> {
    let written = Path::new(written);
    // What is deployed must not depend on files that lie elsewhere on this machine.
    let is_inside =
        written.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let places = [folder.join(written), root.join(written)];
    is_inside.then(|| places.into_iter().find(|place| place.is_file())).flatten()
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &reason(&error)))?;
    String::from_utf8(bytes).map_err(|_| {
        unreadable(path, "it is not text in UTF-8")
            .help("save it as UTF-8, without another encoding")
    })
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::problem(format!("cannot read `{}`: {why}", path.display()))
}

/// The `.journey` files of all paths, each once, and what stood in the way of finding more.
pub(crate) fn find_all(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Trouble>) {
    let (mut all, mut troubles) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for path in paths {
        let (found, trouble) = find(path);
        all.extend(
            found.into_iter().filter(|path| {
                seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone()))
            }),
        );
        troubles.extend(trouble);
    }
    (all, troubles)
}

/// The `.journey` files of a path, in order, and what stood in the way of finding more.
fn find(path: &Path) -> (Vec<PathBuf>, Vec<Trouble>) {
    let (mut found, mut troubles) = (Vec::new(), Vec::new());
    let wrong = |why: String| Trouble { path: shown(path), failure: Failure::wrong_use(why) };
    let called = path.display();
    match fs::metadata(path) {
        Err(error) => {
            troubles.push(wrong(format!("cannot read `{called}`: {}", reason(&error))));
        }
        Ok(about) if !about.is_dir() => found.push(path.to_owned()),
        Ok(_) => {
            look_into(path, 0, &mut found, &mut troubles);
            found.sort();
            if found.is_empty() && troubles.is_empty() {
                troubles.push(wrong(format!("there is no `.{ENDING}` file in `{called}`")));
            }
            if found.len() > FILES_MAX {
                found.clear();
                troubles.push(wrong(format!(
                    "a workspace has at most {FILES_MAX} files, found more in `{called}`"
                )));
            }
        }
    }
    (found, troubles)
}

/// Hidden folders and links to folders are left out.
fn look_into(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, troubles: &mut Vec<Trouble>) {
    if depth > DEPTH_MAX || found.len() > FILES_MAX {
        return;
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.unwrap_or_else(|error| {
        let failure = unreadable(folder, &reason(&error));
        troubles.push(Trouble { path: shown(folder), failure });
        Vec::new()
    });
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            look_into(&path, depth + 1, found, troubles);
        } else if path.extension().is_some_and(|ending| ending == ENDING)
            // A link that leads nowhere is told when it is read.
            && fs::metadata(&path).map_or(true, |about| about.is_file())
        {
            found.push(path);
        }
    }
}

/// With `/` on every system, so that messages and deploys are the same everywhere.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests;

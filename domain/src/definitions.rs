//! What a workspace's `.journey` files declare: deployed as one release, compiled once per process
//! and release.

mod cache;
mod deploy;

use std::collections::BTreeMap;

use dsl::compile::Source;

pub use cache::{Cache, Loaded, current};
pub use deploy::{Deployed, check, deploy};

use crate::WorkspaceId;
use crate::error::Result;
use crate::store::Store;

/// Ending of the files that hold declarations; the others are what they refer to.
const JOURNEY_FILE: &str = ".journey";
/// Bytes of all files of one deploy together.
pub const DEPLOY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Files of one deploy.
pub const DEPLOY_FILES_MAX: usize = 10_000;
/// Name of the source that a deploy replaces unless it names another.
pub const DEFAULT_SOURCE: &str = "default";

/// One file of a deploy: a `.journey` file, or one that these refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the folder that is deployed.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Splits files into sources and what they may refer to.
#[must_use]
pub fn split(files: Vec<File>) -> (Vec<Source>, BTreeMap<String, String>) {
    let mut sources = Vec::new();
    let mut others = BTreeMap::new();
    for File { path, text } in files {
        if path.ends_with(JOURNEY_FILE) {
            sources.push(Source { path, text });
        } else {
            others.insert(path, text);
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    (sources, others)
}

/// The files of a workspace as they were deployed, by source.
pub async fn files(store: &Store, w: WorkspaceId) -> Result<Vec<(String, File)>> {
    let sql = "SELECT source, path, text FROM file WHERE w = $1 ORDER BY source, path";
    let rows = store.read().all(sql, vec![w.into()]).await?;
    rows.iter()
        .map(|row| {
            let file = File { path: row.text("path")?, text: row.text("text")? };
            Ok((row.text("source")?, file))
        })
        .collect()
}

//! Deploying: everything of one source in one transaction, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use dsl::compile::{Catalog, Compilation, Source, compile};
use dsl::definition::Definitions;
use dsl::diagnostic::Diagnostic;
use dsl::machine::unsupported;
use dsl::span::Span;
use dsl::time::Instant;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{DEPLOY_BYTES_MAX, DEPLOY_FILES_MAX, File, files, split};
use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::settings::hex;
use crate::store::dialect::Kind;
use crate::store::{Session, Store};

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// Number of the release; that of the last one where nothing changed.
    pub version: i64,
    /// Whether anything changed.
    pub changed: bool,
    /// Names of campaigns that are new.
    pub campaigns_new: Vec<String>,
    /// Names of campaigns with a new version.
    pub campaigns_changed: Vec<String>,
    /// Names of campaigns that let nobody in any more.
    pub campaigns_removed: Vec<String>,
    /// Names of segments of this source.
    pub segments: Vec<String>,
    /// Warnings, with what they point into.
    pub warnings: Vec<Diagnostic>,
    /// The sources that were compiled.
    pub sources: Vec<Source>,
}

/// Replaces everything of `source` by what `files` declare. People walk on in the versions they
/// stand in; nobody enters because of a deploy.
pub async fn deploy(
    store: &Store,
    w: WorkspaceId,
    source: &str,
    new: Vec<File>,
    by_key: Option<i64>,
) -> Result<Deployed> {
    let compiled_against = crate::workspaces::by_id(store, w).await?.version;
    let own: BTreeSet<String> = new.iter().map(|file| file.path.clone()).collect();
    let (compilation, sources) = compile_with_others(store, w, source, &new).await?;
    if compilation.has_errors() {
        return Err(Error::Source { diagnostics: compilation.diagnostics, sources });
    }
    let plan = Plan {
        w,
        compiled_against,
        source: source.to_owned(),
        parts: Parts::of(&compilation.definitions, &sources, &own),
        files: new,
        by_key,
        now: store.clock().now(),
    };
    let mut deployed =
        store.write(move |session| Box::pin(async move { plan.apply(session).await })).await?;
    deployed.warnings = compilation.diagnostics;
    deployed.sources = sources;
    Ok(deployed)
}

/// What a deploy of `new` as `source` would say, and what it points into. Nothing is changed.
pub async fn check(
    store: &Store,
    w: WorkspaceId,
    source: &str,
    new: &[File],
) -> Result<(Vec<Diagnostic>, Vec<Source>)> {
    let (compilation, sources) = compile_with_others(store, w, source, new).await?;
    Ok((compilation.diagnostics, sources))
}

/// Compiles new files together with those of the other sources, whose names they may use.
async fn compile_with_others(
    store: &Store,
    w: WorkspaceId,
    source: &str,
    new: &[File],
) -> Result<(Compilation, Vec<Source>)> {
    check_size(new)?;
    let others: Vec<(String, File)> =
        files(store, w).await?.into_iter().filter(|(of, _)| of != source).collect();
    let own: BTreeSet<&str> = new.iter().map(|file| file.path.as_str()).collect();
    if let Some((of, file)) = others.iter().find(|(_, file)| own.contains(file.path.as_str())) {
        return Err(Error::Conflict {
            message: format!("the file `{}` belongs to the source `{of}`", file.path),
        });
    }
    let all = new.iter().cloned().chain(others.into_iter().map(|(_, file)| file)).collect();
    let (sources, assets) = split(all);
    let mut compilation = compile(&sources, &Catalog { files: assets, ..Catalog::default() });
    if !compilation.has_errors() {
        // Nobody may walk into what the machine cannot run.
        compilation.diagnostics.extend(unsupported(&compilation.definitions));
        compilation.diagnostics.sort_by_key(|problem| problem.primary.span);
    }
    Ok((compilation, sources))
}

fn check_size(new: &[File]) -> Result<()> {
    let bytes: usize = new.iter().map(|file| file.text.len()).sum();
    if bytes > DEPLOY_BYTES_MAX || new.len() > DEPLOY_FILES_MAX {
        return Err(Error::Limit {
            message: format!(
                "a deploy takes at most {DEPLOY_FILES_MAX} files with {DEPLOY_BYTES_MAX} bytes \
                 together, found {} with {bytes}",
                new.len()
            ),
        });
    }
    let mut paths = BTreeSet::new();
    for File { path, text } in new {
        if path.contains('\0') || text.contains('\0') {
            let shown = path.replace('\0', "\u{fffd}");
            let message = format!("expected text, found a NUL character in `{shown}`");
            return Err(Error::invalid("files", message));
        }
        if !paths.insert(path) {
            return Err(Error::invalid(
                "files",
                format!("expected each path once, found `{path}` twice"),
            ));
        }
    }
    Ok(())
}

/// One declaration of this source, as text.
struct Part {
    name: String,
    description: Option<String>,
    text: String,
    path: String,
}

struct Parts {
    campaigns: Vec<Part>,
    segments: Vec<Part>,
}

impl Parts {
    fn of(definitions: &Definitions, sources: &[Source], own: &BTreeSet<String>) -> Self {
        let part = |name: &str, description: &Option<String>, span: Span| {
            let source = sources.get(span.file).filter(|source| own.contains(&source.path))?;
            Some(Part {
                name: name.to_owned(),
                description: description.clone(),
                text: span.text(&source.text).to_owned(),
                path: source.path.clone(),
            })
        };
        Self {
            campaigns: definitions
                .campaigns
                .iter()
                .filter_map(|one| part(&one.name, &one.description, one.span))
                .collect(),
            segments: definitions
                .segments
                .iter()
                .filter_map(|one| part(&one.name, &one.description, one.span))
                .collect(),
        }
    }
}

struct Plan {
    w: WorkspaceId,
    /// The release whose other sources were compiled beside this one.
    compiled_against: i64,
    source: String,
    parts: Parts,
    files: Vec<File>,
    by_key: Option<i64>,
    now: Instant,
}

#[derive(Serialize)]
struct FileRow<'a> {
    w: WorkspaceId,
    source: &'a str,
    path: &'a str,
    text: &'a str,
}

const FILE: &[(&str, Kind)] =
    &[("w", Kind::Int), ("source", Kind::Text), ("path", Kind::Text), ("text", Kind::Text)];

impl Plan {
    async fn apply(&self, session: &Session<'_>) -> Result<Deployed> {
        let version = self.lock(session).await?;
        if version != self.compiled_against {
            // Names that were there may be gone by now.
            return Err(Error::Conflict {
                message: "another deploy came in between; deploy again".to_owned(),
            });
        }
        let mut deployed = Deployed {
            version,
            changed: false,
            campaigns_new: Vec::new(),
            campaigns_changed: Vec::new(),
            campaigns_removed: Vec::new(),
            segments: self.parts.segments.iter().map(|part| part.name.clone()).collect(),
            warnings: Vec::new(),
            sources: Vec::new(),
        };
        if self.same_files(session).await? {
            return Ok(deployed);
        }
        deployed.changed = true;
        deployed.version = version + 1;
        self.replace_files(session).await?;
        self.segments(session).await?;
        self.campaigns(session, &mut deployed).await?;
        self.release(session, version + 1).await?;
        Ok(deployed)
    }

    /// One deploy at a time: the row of the workspace is locked until the end.
    async fn lock(&self, session: &Session<'_>) -> Result<i64> {
        let sql = "UPDATE workspace SET version = version WHERE id = $1 RETURNING version";
        let row = session.one(sql, vec![self.w.into()]).await?;
        row.ok_or_else(|| Error::not_found("workspace"))?.int("version")
    }

    async fn same_files(&self, session: &Session<'_>) -> Result<bool> {
        let sql = "SELECT path, text FROM file WHERE w = $1 AND source = $2";
        let rows = session.all(sql, vec![self.w.into(), self.source.as_str().into()]).await?;
        let mut stored = BTreeMap::new();
        for row in &rows {
            stored.insert(row.text("path")?, row.text("text")?);
        }
        Ok(stored.len() == self.files.len()
            && self.files.iter().all(|file| stored.get(&file.path) == Some(&file.text)))
    }

    async fn replace_files(&self, session: &Session<'_>) -> Result<()> {
        let sql = "DELETE FROM file WHERE w = $1 AND source = $2";
        session.execute(sql, vec![self.w.into(), self.source.as_str().into()]).await?;
        let rows: Vec<FileRow<'_>> = self
            .files
            .iter()
            .map(|file| FileRow {
                w: self.w,
                source: &self.source,
                path: &file.path,
                text: &file.text,
            })
            .collect();
        session.insert("file", FILE, &rows, "").await.map(|_| ())
    }

    async fn segments(&self, session: &Session<'_>) -> Result<()> {
        let sql = "SELECT name FROM segment WHERE w = $1 AND source = $2";
        let key = vec![self.w.into(), self.source.as_str().into()];
        for row in session.all(sql, key).await? {
            let name = row.text("name")?;
            if !self.parts.segments.iter().any(|part| part.name == name) {
                let sql = "DELETE FROM segment WHERE w = $1 AND name = $2";
                session.execute(sql, vec![self.w.into(), name.into()]).await?;
            }
        }
        let sql = "INSERT INTO segment (w, id, name, description, text, source, path, created_at)
            SELECT $1, (SELECT coalesce(max(id), 0) + 1 FROM segment WHERE w = $1), $2, $3, $4, $5, $6, $7
            WHERE true
            ON CONFLICT (w, name) DO UPDATE SET description = excluded.description,
                text = excluded.text, source = excluded.source, path = excluded.path";
        for part in &self.parts.segments {
            let values = vec![
                self.w.into(),
                part.name.as_str().into(),
                part.description.clone().into(),
                part.text.as_str().into(),
                self.source.as_str().into(),
                part.path.as_str().into(),
                self.now.into(),
            ];
            session.execute(sql, values).await?;
        }
        Ok(())
    }

    async fn campaigns(&self, session: &Session<'_>, deployed: &mut Deployed) -> Result<()> {
        let sql = "SELECT c.name AS name, c.source AS source, c.id AS id, v.hash AS hash,
                c.state AS state
            FROM campaign c JOIN campaign_version v ON v.w = c.w AND v.id = c.version
            WHERE c.w = $1";
        let mut stored = BTreeMap::new();
        for row in session.all(sql, vec![self.w.into()]).await? {
            let known =
                (row.int("id")?, row.text("hash")?, row.text("source")?, row.text("state")?);
            stored.insert(row.text("name")?, known);
        }
        for part in &self.parts.campaigns {
            let hash = hex(&Sha256::digest(part.text.as_bytes()));
            match stored.remove(&part.name) {
                None => {
                    self.new_campaign(session, part, &hash).await?;
                    deployed.campaigns_new.push(part.name.clone());
                }
                Some((id, old, _, state)) if old != hash || state != "active" => {
                    self.new_version(session, id, part, &hash).await?;
                    deployed.campaigns_changed.push(part.name.clone());
                }
                Some(_) => {}
            }
        }
        for (name, (id, _, source, state)) in stored {
            if source == self.source && state == "active" {
                let sql = "UPDATE campaign SET state = 'draining' WHERE w = $1 AND id = $2";
                session.execute(sql, vec![self.w.into(), id.into()]).await?;
                deployed.campaigns_removed.push(name);
            }
        }
        Ok(())
    }

    async fn new_campaign(&self, session: &Session<'_>, part: &Part, hash: &str) -> Result<()> {
        let sql = "INSERT INTO campaign (w, id, name, state, version, source, path, created_at)
            SELECT $1, coalesce(max(id), 0) + 1, $2, 'active', 0, $3, $4, $5
            FROM campaign WHERE w = $1 RETURNING id";
        let values = vec![
            self.w.into(),
            part.name.as_str().into(),
            self.source.as_str().into(),
            part.path.as_str().into(),
            self.now.into(),
        ];
        let id = session.number(sql, values).await?;
        self.new_version(session, id, part, hash).await
    }

    async fn new_version(
        &self,
        session: &Session<'_>,
        campaign: i64,
        part: &Part,
        hash: &str,
    ) -> Result<()> {
        let sql = "INSERT INTO campaign_version (w, id, campaign, number, text, hash, at)
            SELECT $1, (SELECT coalesce(max(id), 0) + 1 FROM campaign_version WHERE w = $1), $2,
                (SELECT coalesce(max(number), 0) + 1 FROM campaign_version
                    WHERE w = $1 AND campaign = $2), $3, $4, $5
            RETURNING id";
        let values = vec![
            self.w.into(),
            campaign.into(),
            part.text.as_str().into(),
            hash.into(),
            self.now.into(),
        ];
        let version = session.number(sql, values).await?;
        let sql = "UPDATE campaign SET version = $3, state = 'active', source = $4, path = $5
            WHERE w = $1 AND id = $2";
        let values = vec![
            self.w.into(),
            campaign.into(),
            version.into(),
            self.source.as_str().into(),
            part.path.as_str().into(),
        ];
        session.execute(sql, values).await.map(|_| ())
    }

    /// The number of the release, and a sweep through every lane that takes people along.
    async fn release(&self, session: &Session<'_>, number: i64) -> Result<()> {
        let sql = "INSERT INTO release (w, number, source, by_key, at) VALUES ($1, $2, $3, $4, $5)";
        let values = vec![
            self.w.into(),
            number.into(),
            self.source.as_str().into(),
            self.by_key.into(),
            self.now.into(),
        ];
        session.execute(sql, values).await?;
        let sql = "UPDATE workspace SET version = $2 WHERE id = $1";
        session.execute(sql, vec![self.w.into(), number.into()]).await?;
        let sql = "INSERT INTO sweep (w, l, kind, target, cursor)
            SELECT n.w, n.l, 'version', $2, $3 FROM lane n WHERE n.w = $1
            ON CONFLICT (w, l, kind) DO UPDATE SET target = excluded.target,
                cursor = excluded.cursor";
        let values = vec![self.w.into(), number.into(), uuid::Uuid::nil().into()];
        session.execute(sql, values).await.map(|_| ())
    }
}

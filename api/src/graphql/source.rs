//! Checking and deploying source text.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::definitions::{self, DEFAULT_SOURCE, File};

use super::call::{Call, Needs};
use super::diagnostic::{self, Diagnostic};
use super::fail::{failed, invalid};
use crate::auth::Right;

/// Bytes of the name of a source.
const SOURCE_BYTES_MAX: usize = 150;

/// One file: a `.journey` file, or one that these refer to.
#[derive(Debug, InputObject)]
struct FileInput {
    /// Its path, relative to the folder that is deployed.
    path: String,
    /// Its text.
    text: String,
}

#[derive(Debug, InputObject)]
struct DeployInput {
    /// Everything of this source is replaced; `default` where nothing is said.
    source: Option<String>,
    /// All its files.
    files: Vec<FileInput>,
}

#[derive(Debug, SimpleObject)]
struct CheckSourcePayload {
    /// Whether it could be deployed.
    ok: bool,
    /// Every problem, in source order; at most 1,000.
    diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, SimpleObject)]
struct DeployPayload {
    /// Number of the release; that of the last one where nothing changed.
    version: i64,
    /// Whether anything changed.
    changed: bool,
    /// Names of campaigns that are new.
    campaigns_new: Vec<String>,
    /// Names of campaigns with a new version.
    campaigns_changed: Vec<String>,
    /// Names of campaigns that let nobody in any more.
    campaigns_removed: Vec<String>,
    /// Names of the segments of this source.
    segments: Vec<String>,
    /// What is probably not meant.
    warnings: Vec<Diagnostic>,
}

#[derive(Debug, Default)]
pub(crate) struct SourceMutation;

#[Object]
impl SourceMutation {
    /// Says what a deploy of these files would say; changes nothing.
    #[graphql(guard = "Needs(Right::Edit)")]
    async fn check_source(
        &self,
        context: &Context<'_>,
        files: Vec<FileInput>,
        #[graphql(desc = "The source that they would replace; `default` where nothing is said.")]
        source: Option<String>,
    ) -> Result<CheckSourcePayload> {
        let call = Call::of(context)?;
        let (source, files) = (name(source)?, read(files));
        let (found, sources) = definitions::check(&call.store, call.workspace, &source, &files)
            .await
            .map_err(failed)?;
        let ok = !found.iter().any(|it| it.severity == dsl::diagnostic::Severity::Error);
        Ok(CheckSourcePayload { ok, diagnostics: diagnostic::list(&found, &sources) })
    }

    /// Replaces everything of a source by what the files declare: all of it, or with any error
    /// nothing. People walk on in the version they are in; nobody enters because of a deploy.
    #[graphql(guard = "Needs(Right::Edit)")]
    async fn deploy(&self, context: &Context<'_>, input: DeployInput) -> Result<DeployPayload> {
        let call = Call::of(context)?;
        let (source, files) = (name(input.source)?, read(input.files));
        let done = definitions::deploy(&call.store, call.workspace, &source, files, Some(call.key))
            .await
            .map_err(failed)?;
        Ok(DeployPayload {
            version: done.version,
            changed: done.changed,
            campaigns_new: done.campaigns_new,
            campaigns_changed: done.campaigns_changed,
            campaigns_removed: done.campaigns_removed,
            segments: done.segments,
            warnings: diagnostic::list(&done.warnings, &done.sources),
        })
    }
}

fn name(source: Option<String>) -> Result<String> {
    let source = source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    if source.is_empty() || source.len() > SOURCE_BYTES_MAX || source.contains('\0') {
        let message =
            format!("expected a name of 1 to {SOURCE_BYTES_MAX} bytes without NUL characters");
        return Err(invalid("source", message));
    }
    Ok(source)
}

fn read(files: Vec<FileInput>) -> Vec<File> {
    files.into_iter().map(|file| File { path: file.path, text: file.text }).collect()
}

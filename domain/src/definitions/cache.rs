//! The compiled workspace: made from the stored files once per release and process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use dsl::compile::{Catalog, Compilation, Source, compile};
use dsl::definition::Definitions;
use dsl::graph::Channel;
use dsl::machine::{LinkedCampaign, Linking, Workspace};

use super::{files, split};
use crate::WorkspaceId;
use crate::error::{Error, Result};
use crate::store::Store;

/// Versions of a campaign that are kept at hand besides those people walk: another process may
/// let people into one while this one loads the next.
const VERSIONS_AT_HAND: i64 = 3;

/// Compiled workspaces, by their id.
#[derive(Debug, Default)]
pub struct Cache(Mutex<BTreeMap<WorkspaceId, Arc<Loaded>>>);

/// A compiled workspace.
#[derive(Debug)]
pub struct Loaded {
    /// For the machine.
    pub workspace: Workspace,
    /// As compiled, for the API.
    pub definitions: Definitions,
    /// The versions that were looked at; the machine ends runs of one that does not compile.
    versions: BTreeSet<i64>,
}

impl Loaded {
    /// Whether this version of a campaign was looked at.
    #[must_use]
    pub fn knows(&self, version: i64) -> bool {
        self.versions.contains(&version)
    }
}

impl Cache {
    /// Forgets a workspace, so that the next look loads it anew.
    pub(crate) fn forget(&self, w: WorkspaceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&w);
    }

    fn get(&self, w: WorkspaceId, version: i64) -> Option<Arc<Loaded>> {
        let loaded = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&w).cloned()?;
        (loaded.workspace.version() == version).then_some(loaded)
    }

    fn put(&self, w: WorkspaceId, loaded: Arc<Loaded>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(w, loaded);
    }
}

/// The workspace as of its latest release.
pub async fn current(store: &Store, w: WorkspaceId) -> Result<Arc<Loaded>> {
    let version = crate::workspaces::by_id(store, w).await?.version;
    if let Some(loaded) = store.definitions().get(w, version) {
        return Ok(loaded);
    }
    let loaded = Arc::new(load(store, w, version).await?);
    store.definitions().put(w, loaded.clone());
    Ok(loaded)
}

async fn load(store: &Store, w: WorkspaceId, version: i64) -> Result<Loaded> {
    let stored = files(store, w).await?.into_iter().map(|(_, file)| file).collect();
    let (sources, others) = split(stored);
    let compilation = understood(&sources, Catalog { files: others, ..Catalog::default() });
    if compilation.has_errors() {
        // It compiled when it was deployed: this program understands the language otherwise.
        return Err(Error::internal(format!(
            "release {version} of workspace {w} does not compile any more"
        )));
    }
    let definitions = compilation.definitions;
    let ids = segment_ids(store, w).await?;
    let segments = definitions
        .segments
        .iter()
        .filter_map(|segment| Some((*ids.get(segment.name.as_ref())?, segment.clone())))
        .collect();
    let (campaigns, versions) = campaigns(store, w, &definitions).await?;
    let zone = definitions.settings.timezone.as_deref().and_then(|name| name.parse().ok());
    let linking = Linking {
        version,
        zone: zone.unwrap_or(Tz::UTC),
        segments,
        campaigns,
        emails: definitions.emails.iter().map(|one| one.email.clone()).collect(),
        settings: definitions.settings.clone(),
    };
    let workspace = Workspace::link(linking).map_err(Error::internal)?;
    Ok(Loaded { workspace, definitions, versions })
}

/// Compiles stored text. One from before topics had to be declared names them freely.
fn understood(sources: &[Source], mut catalog: Catalog) -> Compilation {
    let compilation = compile(sources, &catalog);
    if !compilation.has_errors() {
        return compilation;
    }
    let named = topics(&compilation.definitions);
    catalog.topics.extend(named.map(str::to_owned));
    compile(sources, &catalog)
}

/// The topics that are declared or named.
fn topics(definitions: &Definitions) -> impl Iterator<Item = &str> {
    let declared = definitions.topics.iter().map(|topic| &topic.name);
    let of_campaigns = definitions.campaigns.iter().filter_map(|one| one.delivery.topic.as_ref());
    let of_emails = definitions.emails.iter().filter_map(|one| one.email.topic.as_ref());
    declared.chain(of_campaigns).chain(of_emails).map(AsRef::as_ref)
}

async fn segment_ids(store: &Store, w: WorkspaceId) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT id, name FROM segment WHERE w = $1";
    let rows = store.read().all(sql, vec![w.into()]).await?;
    rows.iter().map(|row| Ok((row.text("name")?, row.int("id")?))).collect()
}

/// Newest versions from the files, older ones from their own stored text.
async fn campaigns(
    store: &Store,
    w: WorkspaceId,
    definitions: &Definitions,
) -> Result<(Vec<LinkedCampaign>, BTreeSet<i64>)> {
    let sql = "SELECT v.id AS id, v.campaign AS campaign, v.text AS text, c.name AS name,
            c.version AS newest, c.state AS state
        FROM campaign_version v JOIN campaign c ON c.w = v.w AND c.id = v.campaign
        WHERE v.w = $1 AND (v.number > (SELECT max(n.number) FROM campaign_version n
                WHERE n.w = v.w AND n.campaign = v.campaign) - $2
            OR v.id IN (SELECT DISTINCT r.version FROM run r WHERE r.w = $1))
        ORDER BY v.id";
    let rows = store.read().all(sql, vec![w.into(), VERSIONS_AT_HAND.into()]).await?;
    let catalog = names(definitions);
    let mut linked = Vec::with_capacity(rows.len());
    let mut versions = BTreeSet::new();
    for row in &rows {
        let (id, name) = (row.int("id")?, row.text("name")?);
        versions.insert(id);
        let newest = row.int("newest")? == id;
        let live = definitions.campaigns.iter().find(|one| newest && one.name.as_ref() == name);
        let campaign = match live {
            Some(campaign) => campaign.clone(),
            None => match compile_one(row.text("text")?, &catalog) {
                Some(campaign) => campaign,
                None => continue,
            },
        };
        let accepting = live.is_some() && row.text("state")? == "active";
        linked.push(LinkedCampaign { id: row.int("campaign")?, version: id, accepting, campaign });
    }
    Ok((linked, versions))
}

/// What an older version may refer to: the names of today.
fn names(definitions: &Definitions) -> Catalog {
    let segments = definitions.segments.iter().map(|one| &one.name);
    let by_hand = definitions.manual_segments.iter().map(|one| &one.name);
    let mut messages: BTreeMap<Channel, BTreeSet<String>> = BTreeMap::new();
    for one in &definitions.messages {
        messages.entry(one.channel).or_default().insert(one.name.to_string());
    }
    Catalog {
        segments: segments.chain(by_hand).map(|name| name.to_string()).collect(),
        messages,
        campaigns: definitions.campaigns.iter().map(|one| one.name.to_string()).collect(),
        topics: topics(definitions).map(str::to_owned).collect(),
        ..Catalog::default()
    }
}

fn compile_one(text: String, catalog: &Catalog) -> Option<dsl::graph::Campaign> {
    let source = Source { path: "older version".to_owned(), text };
    let compilation = understood(&[source], catalog.clone());
    if compilation.has_errors() {
        tracing::error!("an older version of a campaign refers to what is gone; its runs will end");
        return None;
    }
    compilation.definitions.campaigns.into_iter().next()
}

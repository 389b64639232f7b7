//! All definitions of a workspace, linked for [`super::advance()`]: names are resolved, templates
//! parsed, and for every kind of change it is known which conditions it can touch.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use liquid::Template;

use super::{AtomId, CampaignId, SegmentId, VersionId};
use crate::definition::{Segment, Settings};
use crate::expr::reads::Reads;
use crate::expr::{Atom, Condition};
use crate::graph::{Campaign, StepIndex};
use crate::message::{Compiled, Email};

/// What is to be linked. The order of the lists means nothing.
#[derive(Debug, Clone)]
pub struct Linking {
    /// Grows with every change of the definitions.
    pub version: i64,
    /// The workspace's zone.
    pub zone: Tz,
    /// All segments.
    pub segments: Vec<(SegmentId, Segment)>,
    /// The newest version of each campaign, and older ones as long as people walk them.
    pub campaigns: Vec<LinkedCampaign>,
    /// All e-mails.
    pub emails: Vec<Email>,
    /// Defaults of messages.
    pub settings: Settings,
}

/// One version of a campaign.
#[derive(Debug, Clone)]
pub struct LinkedCampaign {
    /// The campaign.
    pub id: CampaignId,
    /// The version.
    pub version: VersionId,
    /// Whether people may enter: it is the newest version, and active.
    pub accepting: bool,
    /// What it says.
    pub campaign: Campaign,
}

/// A linked workspace; share it, it never changes.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(super) version: i64,
    pub(super) zone: Tz,
    pub(super) settings: Settings,
    /// A segment stands behind all segments it reads.
    pub(super) segments: Vec<WorkspaceSegment>,
    pub(super) segment_ids: BTreeMap<SegmentId, usize>,
    pub(super) segment_names: BTreeMap<Arc<str>, usize>,
    pub(super) touching: Touching,
    pub(super) atoms: BTreeMap<AtomId, AtomSpec>,
    pub(super) atoms_of: BTreeMap<Arc<str>, Vec<AtomId>>,
    pub(super) campaigns: Vec<CampaignVersion>,
    pub(super) versions: BTreeMap<VersionId, usize>,
    /// Campaigns that let people enter by an event, by the name of the event.
    pub(super) triggers: BTreeMap<Arc<str>, Vec<usize>>,
    pub(super) emails: BTreeMap<Arc<str>, Compiled>,
    /// Templates of steps, by their source.
    pub(super) templates: BTreeMap<String, Template>,
}

/// One kind of behaviour that some condition asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomSpec {
    /// Name of the event.
    pub event: Arc<str>,
    /// Which of these events count.
    pub filter: Option<Condition>,
    /// How many of the latest timestamps the conditions need.
    pub keep: usize,
}

/// A segment of a linked workspace.
#[derive(Debug, Clone)]
pub struct WorkspaceSegment {
    /// Its id.
    pub id: SegmentId,
    /// As declared.
    pub segment: Segment,
    pub(super) reads: Reads,
}

/// A version of a campaign in a linked workspace.
#[derive(Debug, Clone)]
pub struct CampaignVersion {
    /// The campaign.
    pub id: CampaignId,
    /// The version.
    pub version: VersionId,
    /// Whether people may enter.
    pub accepting: bool,
    /// As declared.
    pub campaign: Campaign,
    /// What can touch each `exit when`.
    pub(super) exits: Vec<Reads>,
    /// What can touch each signal of each arm of each step.
    pub(super) arms: Vec<Vec<Vec<Reads>>>,
    pub(super) places: BTreeMap<Arc<str>, StepIndex>,
}

/// From a change to the segments it can touch, by their index.
#[derive(Debug, Clone, Default)]
pub(super) struct Touching {
    pub(super) attributes: BTreeMap<String, Vec<usize>>,
    pub(super) any_attribute: Vec<usize>,
    pub(super) events: BTreeMap<Arc<str>, Vec<usize>>,
    pub(super) segments: Vec<Vec<usize>>,
    pub(super) clock: Vec<usize>,
}

impl Workspace {
    /// Which version of the definitions this is; [`super::Person::version`] is compared with it.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// The workspace's zone, for people without one.
    #[must_use]
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// Defaults of messages.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Everything that must be kept of people's behaviour. What is new here must be filled from
    /// the activity log before the next decision.
    #[must_use]
    pub const fn atoms(&self) -> &BTreeMap<AtomId, AtomSpec> {
        &self.atoms
    }

    /// An e-mail by its name.
    #[must_use]
    pub fn email(&self, name: &str) -> Option<&Compiled> {
        self.emails.get(name)
    }

    /// A version of a campaign.
    #[must_use]
    pub fn campaign(&self, version: VersionId) -> Option<&CampaignVersion> {
        self.versions.get(&version).and_then(|index| self.campaigns.get(*index))
    }

    /// All versions of all campaigns, by campaign and version.
    #[must_use]
    pub fn campaigns(&self) -> &[CampaignVersion] {
        &self.campaigns
    }

    /// A segment by its id.
    #[must_use]
    pub fn segment(&self, id: SegmentId) -> Option<&WorkspaceSegment> {
        self.segment_ids.get(&id).and_then(|index| self.segments.get(*index))
    }

    /// A segment by its name.
    #[must_use]
    pub fn segment_named(&self, name: &str) -> Option<&WorkspaceSegment> {
        self.segment_names.get(name).and_then(|index| self.segments.get(*index))
    }

    /// All segments; each stands behind those it reads.
    #[must_use]
    pub fn segments(&self) -> &[WorkspaceSegment] {
        &self.segments
    }

    /// Under which id timestamps for `atom` are kept; `None` where no condition asks about it.
    #[must_use]
    pub fn atom_id(&self, atom: &Atom) -> Option<AtomId> {
        self.atoms_of.get(atom.activity.event_name()?)?.iter().copied().find(|id| {
            self.atoms.get(id).is_some_and(|spec| spec.filter.as_ref() == atom.filter.as_deref())
        })
    }
}

impl CampaignVersion {
    /// The step with that identity.
    #[must_use]
    pub fn step(&self, place: &str) -> Option<StepIndex> {
        self.places.get(place).copied()
    }
}

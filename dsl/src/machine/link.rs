//! Linking: everything that can be found out about definitions before the first person comes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use liquid::Template;

use super::ids::atom_id;
use super::workspace::{
    AtomSpec, CampaignVersion, LinkedCampaign, Linking, Touching, Workspace, WorkspaceSegment,
};
use super::{ATOM_TIMES_MAX, SegmentId};
use crate::definition::Segment;
use crate::expr::reads::Reads;
use crate::expr::{Condition, Count};
use crate::graph::{Campaign, Channel, ExitWhen, Signal, Step, StepIndex, StepKind, Trigger};
use crate::message::{Compiled, TemplateFault};

/// Why definitions do not fit together. The compiler finds all of this in source text; here it
/// guards against definitions that were stored and read back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Two of one name or id.
    #[error("two {kind} of the name or id `{name}`")]
    Duplicate {
        /// Which kind, as a plural.
        kind: &'static str,
        /// The name or id.
        name: String,
    },
    /// Segments that read each other in a circle.
    #[error("segment `{0}` reads itself")]
    SegmentLoop(Arc<str>),
    /// A name that nothing has.
    #[error("{within} names {kind} `{name}`, which does not exist")]
    Unknown {
        /// Who names it.
        within: String,
        /// Kind of the missing thing, with its article.
        kind: &'static str,
        /// The name.
        name: Arc<str>,
    },
    /// An e-mail whose templates do not parse.
    #[error("email `{email}`: {fault}")]
    Email {
        /// The e-mail.
        email: Arc<str>,
        /// What is wrong with it.
        fault: TemplateFault,
    },
    /// A step with a text that is no template.
    #[error("campaign `{campaign}`, step `{step}`: {fault}")]
    StepTemplate {
        /// The campaign.
        campaign: Arc<str>,
        /// The step.
        step: Arc<str>,
        /// What is wrong with the text.
        fault: liquid::ParseError,
    },
    /// A way that leads to no step.
    #[error("campaign `{campaign}` has no step {step}")]
    Graph {
        /// The campaign.
        campaign: Arc<str>,
        /// Where the way leads.
        step: StepIndex,
    },
}

impl Workspace {
    /// Links definitions.
    ///
    /// Versions that no longer let people in may name things that are gone: such a segment has no
    /// members, such a message fails when it is rendered.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn link(linking: Linking) -> Result<Self, LinkError> {
        let segments = in_order(linking.segments)?;
        let mut workspace = Self {
            version: linking.version,
            zone: linking.zone,
            settings: linking.settings,
            touching: Touching::of(&segments),
            segments,
            segment_ids: BTreeMap::new(),
            segment_names: BTreeMap::new(),
            atoms: BTreeMap::new(),
            atoms_of: BTreeMap::new(),
            campaigns: Vec::new(),
            versions: BTreeMap::new(),
            triggers: BTreeMap::new(),
            emails: BTreeMap::new(),
            templates: BTreeMap::new(),
        };
        for email in &linking.emails {
            let compiled = Compiled::new(email)
                .map_err(|fault| LinkError::Email { email: email.name.clone(), fault })?;
            once(&mut workspace.emails, email.name.clone(), compiled, ("emails", &email.name))?;
        }
        workspace.link_segments()?;
        let mut campaigns = linking.campaigns;
        campaigns.sort_by_key(|linked| (linked.id, linked.version));
        for linked in campaigns {
            workspace.link_campaign(linked)?;
        }
        Ok(workspace)
    }

    fn link_segments(&mut self) -> Result<(), LinkError> {
        for (index, WorkspaceSegment { id, segment, .. }) in self.segments.iter().enumerate() {
            once(&mut self.segment_ids, *id, index, ("segments", &id.to_string()))?;
            let name = &segment.name;
            once(&mut self.segment_names, name.clone(), index, ("segments", name))?;
        }
        for index in 0..self.segments.len() {
            let Some(linked) = self.segments.get(index) else { continue };
            let condition = linked.segment.condition.clone();
            self.keep_atoms(&condition);
        }
        Ok(())
    }

    fn link_campaign(&mut self, linked: LinkedCampaign) -> Result<(), LinkError> {
        let LinkedCampaign { id, version, accepting, campaign } = linked;
        check_ways(&campaign)?;
        if accepting {
            self.check_names(&campaign)?;
        }
        for condition in campaign.conditions() {
            self.keep_atoms(condition);
        }
        for step in &campaign.graph.steps {
            self.keep_templates(&campaign, step, accepting)?;
        }
        let index = self.campaigns.len();
        once(&mut self.versions, version, index, ("campaign versions", &version.to_string()))?;
        if accepting {
            let rival = self.campaigns.iter().any(|other| other.accepting && other.id == id);
            if rival {
                let name = campaign.name.to_string();
                return Err(LinkError::Duplicate { kind: "accepting versions", name });
            }
            let events: BTreeSet<&Arc<str>> =
                campaign.triggers.iter().filter_map(triggering_event).collect();
            for event in events {
                self.triggers.entry(event.clone()).or_default().push(index);
            }
        }
        let steps = &campaign.graph.steps;
        self.campaigns.push(CampaignVersion {
            id,
            version,
            accepting,
            exits: campaign.exits.iter().map(|exit| exit_reads(&exit.when)).collect(),
            arms: steps.iter().map(arm_reads).collect(),
            places: steps.iter().enumerate().map(|(at, step)| (step.id.clone(), at)).collect(),
            campaign,
        });
        Ok(())
    }

    fn check_names(&self, campaign: &Campaign) -> Result<(), LinkError> {
        let unknown = |kind, name: &Arc<str>| LinkError::Unknown {
            within: format!("campaign `{}`", campaign.name),
            kind,
            name: name.clone(),
        };
        for condition in campaign.conditions() {
            for name in Reads::of(condition).segments {
                if !self.segment_names.contains_key(&name) {
                    return Err(unknown("a segment", &name));
                }
            }
        }
        for step in &campaign.graph.steps {
            if let StepKind::Send { channel: Channel::Email, message, .. } = &step.kind
                && !self.emails.contains_key(message)
            {
                return Err(unknown("an email", message));
            }
        }
        Ok(())
    }

    /// Has the behaviour kept that `condition` asks about.
    pub(crate) fn keep_atoms(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.keep_atoms(part));
            }
            Condition::Not(part) => self.keep_atoms(part),
            Condition::Performed { atom, count, .. } => {
                // Only events are kept so far.
                let Some(event) = atom.activity.event_name() else { return };
                let id = atom_id(atom);
                let spec = self.atoms.entry(id).or_insert_with(|| {
                    self.atoms_of.entry(event.clone()).or_default().push(id);
                    AtomSpec {
                        event: event.clone(),
                        filter: atom.filter.as_deref().cloned(),
                        keep: 0,
                    }
                });
                spec.keep = spec.keep.max(times_needed(*count));
            }
            Condition::Compare { .. }
            | Condition::Between { .. }
            | Condition::In { .. }
            | Condition::Text { .. }
            | Condition::Presence { .. }
            | Condition::InSegment(_)
            | Condition::Moment { .. }
            | Condition::AnyItem { .. }
            | Condition::Interaction(_)
            | Condition::InCampaign(_)
            | Condition::EnteredCampaign(_)
            | Condition::FinishedCampaign(_)
            | Condition::SubscribedTo(_)
            | Condition::Unsubscribed
            | Condition::Suppressed
            | Condition::HasDevice(_)
            | Condition::RelatedTo { .. }
            | Condition::Random { .. } => {}
        }
    }

    fn keep_templates(
        &mut self,
        campaign: &Campaign,
        step: &Step,
        accepting: bool,
    ) -> Result<(), LinkError> {
        let mut sources = Vec::new();
        step.values().into_iter().for_each(|value| value.templates(&mut sources));
        for source in sources {
            match Template::parse(source) {
                Ok(template) => {
                    self.templates.insert(source.to_owned(), template);
                }
                Err(fault) if accepting => {
                    return Err(LinkError::StepTemplate {
                        campaign: campaign.name.clone(),
                        step: step.id.clone(),
                        fault,
                    });
                }
                Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Touching {
    fn of(segments: &[WorkspaceSegment]) -> Self {
        let mut touching = Self { segments: vec![Vec::new(); segments.len()], ..Self::default() };
        let places: BTreeMap<&str, usize> =
            segments.iter().enumerate().map(|(at, linked)| (&*linked.segment.name, at)).collect();
        for (index, WorkspaceSegment { reads, .. }) in segments.iter().enumerate() {
            for attribute in &reads.attributes {
                touching.attributes.entry(attribute.clone()).or_default().push(index);
            }
            for event in &reads.events {
                touching.events.entry(event.clone()).or_default().push(index);
            }
            for read in &reads.segments {
                let place = places.get(&**read).copied();
                if let Some(readers) = place.and_then(|at| touching.segments.get_mut(at)) {
                    readers.push(index);
                }
            }
            if reads.all_attributes {
                touching.any_attribute.push(index);
            }
            if reads.clock {
                touching.clock.push(index);
            }
        }
        touching
    }
}

/// Segments such that each stands behind those it reads.
fn in_order(mut segments: Vec<(SegmentId, Segment)>) -> Result<Vec<WorkspaceSegment>, LinkError> {
    segments.sort_by_key(|(id, _)| *id);
    let mut waiting: Vec<WorkspaceSegment> = segments
        .into_iter()
        .map(|(id, segment)| WorkspaceSegment { id, reads: Reads::of(&segment.condition), segment })
        .collect();
    let names: BTreeSet<Arc<str>> =
        waiting.iter().map(|linked| linked.segment.name.clone()).collect();
    for linked in &waiting {
        if let Some(name) = linked.reads.segments.iter().find(|name| !names.contains(*name)) {
            return Err(LinkError::Unknown {
                within: format!("segment `{}`", linked.segment.name),
                kind: "a segment",
                name: name.clone(),
            });
        }
    }
    let mut placed = BTreeSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    while let Some(first) = waiting.first() {
        let stuck = first.segment.name.clone();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|linked| linked.reads.segments.iter().all(|name| placed.contains(name)));
        if ready.is_empty() {
            return Err(LinkError::SegmentLoop(stuck));
        }
        placed.extend(ready.iter().map(|linked| linked.segment.name.clone()));
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}

/// One more than the question is about: whether there are more decides `at most` and `exactly`.
fn times_needed(count: Count) -> usize {
    let (Count::AtLeast(times) | Count::AtMost(times) | Count::Exactly(times)) = count;
    usize::try_from(times).unwrap_or(ATOM_TIMES_MAX).saturating_add(1).min(ATOM_TIMES_MAX)
}

/// Events are found by their names.
fn triggering_event(trigger: &Trigger) -> Option<&Arc<str>> {
    match trigger {
        Trigger::Activity { activity, .. } => activity.event_name(),
        Trigger::Match(_)
        | Trigger::EnterSegment(_)
        | Trigger::LeaveSegment(_)
        | Trigger::Change { .. }
        | Trigger::Date { .. }
        | Trigger::Object { .. }
        | Trigger::Call
        | Trigger::Schedule { .. } => None,
    }
}

/// An activity is found by its name; what its filter reads cannot touch it.
fn signal_reads(signal: &Signal) -> Reads {
    match signal {
        Signal::Activity { .. } => Reads::default(),
        Signal::Condition(condition) => Reads::of(condition),
    }
}

fn exit_reads(when: &ExitWhen) -> Reads {
    when.signal().map_or_else(Reads::default, signal_reads)
}

fn arm_reads(step: &Step) -> Vec<Vec<Reads>> {
    let StepKind::Listen { arms, .. } = &step.kind else { return Vec::new() };
    arms.iter().map(|arm| arm.signals.iter().map(signal_reads).collect()).collect()
}

fn check_ways(campaign: &Campaign) -> Result<(), LinkError> {
    let mut ways: Vec<Option<StepIndex>> = vec![campaign.graph.start];
    let mut ids = BTreeSet::new();
    for step in &campaign.graph.steps {
        if !ids.insert(&step.id) {
            return Err(LinkError::Duplicate { kind: "steps", name: step.id.to_string() });
        }
        ways.push(step.next);
        ways.extend(step.ways());
    }
    let lost = ways.into_iter().flatten().find(|step| *step >= campaign.graph.steps.len());
    lost.map_or(Ok(()), |step| Err(LinkError::Graph { campaign: campaign.name.clone(), step }))
}

fn once<K: Ord, V>(
    map: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    (kind, name): (&'static str, &str),
) -> Result<(), LinkError> {
    match map.insert(key, value) {
        None => Ok(()),
        Some(_) => Err(LinkError::Duplicate { kind, name: name.to_owned() }),
    }
}

//! Every name that can be referred to.

use std::collections::{BTreeMap, BTreeSet};

use super::each_step;
use crate::ast::{
    Campaign, ClauseKind, DeclarationKind, File, Name, NameKind, Part, Share, StepKind,
};
use crate::compile::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::span::Span;
use crate::syntax::nearest;

/// Every name that can be referred to, and where it is declared if in a file.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub(super) known: BTreeMap<NameKind, BTreeMap<String, Option<Span>>>,
    /// Segments whose members their conditions choose.
    pub(super) with_condition: BTreeMap<String, Span>,
    /// Arms by their split or experiment.
    pub(super) arms: BTreeMap<String, BTreeSet<String>>,
    /// Whether a campaign was not wholly understood, so that its splits may be more.
    pub(super) has_broken_campaign: bool,
    /// Whether all collections are known.
    knows_collections: bool,
}

impl Names {
    /// The names of the files and of the catalog.
    #[must_use]
    pub fn collect(files: &[File], catalog: &Catalog) -> Self {
        let mut names = Self::default();
        names.outside(catalog);
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            let name = &declaration.name;
            if let Some(kind) = kind_of(&declaration.kind) {
                let of_kind = names.known.entry(kind).or_default();
                of_kind.entry(name.value.clone()).or_default().get_or_insert(name.span);
            }
            match &declaration.kind {
                DeclarationKind::Segment(_) => {
                    names.with_condition.entry(name.value.clone()).or_insert(name.span);
                }
                DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) => {
                    names.has_broken_campaign |= declaration.broken;
                    names.splits(campaign);
                }
                DeclarationKind::Unknown(NameKind::Campaign | NameKind::Broadcast) => {
                    names.has_broken_campaign = true;
                }
                _ => {}
            }
        }
        names
    }

    fn outside(&mut self, catalog: &Catalog) {
        let sets = [
            (NameKind::Segment, &catalog.segments),
            (NameKind::Topic, &catalog.topics),
            (NameKind::Campaign, &catalog.campaigns),
        ];
        let messages =
            catalog.messages.iter().map(|(channel, names)| (NameKind::Message(*channel), names));
        for (kind, outside) in sets.into_iter().chain(messages) {
            let of_kind = self.known.entry(kind).or_default();
            of_kind.extend(outside.iter().map(|name| (name.clone(), None)));
        }
        if let Some(collections) = &catalog.collections {
            self.knows_collections = true;
            let of_kind = self.known.entry(NameKind::Collection).or_default();
            of_kind.extend(collections.keys().map(|name| (name.clone(), None)));
        }
    }

    fn splits(&mut self, campaign: &Campaign) {
        each_step(&campaign.body, &mut |step| {
            let (StepKind::Split { name, arms, .. } | StepKind::Experiment { name, arms, .. }) =
                &step.kind
            else {
                return;
            };
            let of_split = self.arms.entry(name.value.clone()).or_default();
            of_split.extend(arms.iter().map(|arm: &Share| arm.name.value.clone()));
        });
    }

    /// The place of the first declaration, if it stands in a file.
    pub(super) fn first(&self, kind: NameKind, name: &str) -> Option<Span> {
        self.known.get(&kind)?.get(name).copied().flatten()
    }

    fn has(&self, kind: NameKind, name: &str) -> bool {
        self.known.get(&kind).is_some_and(|names| names.contains_key(name))
    }

    fn near(&self, kind: NameKind, name: &str) -> Option<&str> {
        nearest(name, self.known.get(&kind)?.keys().map(String::as_str))
    }

    /// Another channel that has a message of this name.
    fn other_channel(&self, kind: NameKind, name: &str) -> Option<Channel> {
        let NameKind::Message(asked) = kind else { return None };
        let mut others = Channel::ALL.into_iter().filter(|channel| *channel != asked);
        others.find(|channel| self.has(NameKind::Message(*channel), name))
    }

    /// Says that `name` is unknown, unless it is known; an empty name was reported already.
    /// `channel` is where the channel of a message is written.
    pub(super) fn unknown(
        &self,
        kind: NameKind,
        name: &Name,
        channel: Option<Span>,
        suggest: bool,
    ) -> Option<Diagnostic> {
        if self.has(kind, &name.value) || name.value.is_empty() {
            return None;
        }
        let code = code_of(kind)?;
        if kind == NameKind::Collection && !self.knows_collections {
            return None;
        }
        if let Some(other) = self.other_channel(kind, &name.value) {
            return Some(in_another_channel(kind, name, channel, other));
        }
        let diagnostic = Diagnostic::new(
            code,
            name.span,
            format!("there is no {} `{}`", called(kind), name.value),
        );
        if let Some(elsewhere) = self.of_another_kind(kind, &name.value) {
            return Some(diagnostic.here(elsewhere).help(declare(kind, &name.value)));
        }
        let near = if suggest { self.near(kind, &name.value) } else { None };
        Some(match near {
            Some(near) => super::did_you_mean(diagnostic, name.span, near, true),
            None => diagnostic.here("declared nowhere").help(declare(kind, &name.value)),
        })
    }

    /// Campaigns and broadcasts are easily taken for each other.
    fn of_another_kind(&self, kind: NameKind, name: &str) -> Option<&'static str> {
        match kind {
            NameKind::Campaign if self.has(NameKind::Broadcast, name) => {
                Some("this is a broadcast")
            }
            NameKind::Broadcast if self.has(NameKind::Campaign, name) => Some("this is a campaign"),
            _ => None,
        }
    }
}

fn in_another_channel(
    kind: NameKind,
    name: &Name,
    channel: Option<Span>,
    other: Channel,
) -> Diagnostic {
    let (asked, article) = (called(kind), article(other));
    let diagnostic = Diagnostic::new(
        Code::J0302,
        name.span,
        format!("there is no {asked} `{}`, but {article} {}", name.value, called_channel(other)),
    )
    .here(format!("declared as {article} {}", called_channel(other)));
    match channel {
        Some(span) => {
            diagnostic.replace(format!("write `{}`", other.word()), span, other.word()).guessed()
        }
        None => diagnostic.help("a message is like another of its own channel"),
    }
}

/// The goals of a campaign.
pub(super) fn goals(campaign: &Campaign) -> Vec<&str> {
    let clauses = campaign.body.iter().filter_map(|part| match part {
        Part::Clause(clause) => Some(&clause.kind),
        Part::Step(_) => None,
    });
    let goals = clauses.filter_map(|clause| match clause {
        ClauseKind::Goal(goal) => Some(goal.name.value.as_str()),
        _ => None,
    });
    goals.collect()
}

/// What kind of name a declaration gives, if any.
#[must_use]
pub const fn kind_of(kind: &DeclarationKind) -> Option<NameKind> {
    match kind {
        DeclarationKind::Segment(_) | DeclarationKind::ManualSegment => Some(NameKind::Segment),
        DeclarationKind::Topic(_) => Some(NameKind::Topic),
        DeclarationKind::Cap(_) => Some(NameKind::Cap),
        DeclarationKind::Message(message) => Some(NameKind::Message(message.channel)),
        DeclarationKind::Layout(_) => Some(NameKind::Layout),
        DeclarationKind::Snippet(_) => Some(NameKind::Snippet),
        DeclarationKind::Campaign(_) => Some(NameKind::Campaign),
        DeclarationKind::Broadcast(_) => Some(NameKind::Broadcast),
        DeclarationKind::Test(_) => Some(NameKind::Test),
        DeclarationKind::Unknown(kind) => Some(*kind),
        DeclarationKind::Workspace(_) => None,
    }
}

/// The code of a name that is unknown; `None` for what is never referred to.
const fn code_of(kind: NameKind) -> Option<Code> {
    match kind {
        NameKind::Segment => Some(Code::J0301),
        NameKind::Message(_) => Some(Code::J0302),
        NameKind::Campaign => Some(Code::J0303),
        NameKind::Topic => Some(Code::J0314),
        NameKind::Layout => Some(Code::J0315),
        NameKind::Collection => Some(Code::J0316),
        NameKind::Broadcast => Some(Code::J0317),
        NameKind::Cap | NameKind::Snippet | NameKind::Test => None,
    }
}

/// What people call it.
pub(super) const fn called(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Segment => "segment",
        NameKind::Topic => "topic",
        NameKind::Cap => "cap",
        NameKind::Message(channel) => called_channel(channel),
        NameKind::Layout => "layout",
        NameKind::Snippet => "snippet",
        NameKind::Campaign => "campaign",
        NameKind::Broadcast => "broadcast",
        NameKind::Test => "test",
        NameKind::Collection => "collection",
    }
}

const fn called_channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "e-mail",
        Channel::Sms => "SMS",
        Channel::Push => "push message",
        Channel::InApp => "in-app message",
        Channel::Slack => "Slack message",
    }
}

const fn article(channel: Channel) -> &'static str {
    match channel {
        Channel::Email | Channel::Sms | Channel::InApp => "an",
        Channel::Push | Channel::Slack => "a",
    }
}

fn declare(kind: NameKind, name: &str) -> String {
    let shape = match kind {
        NameKind::Segment => format!("segment \"{name}\" = …"),
        NameKind::Topic => format!("topic \"{name}\" {{ default: subscribed }}"),
        NameKind::Cap => format!("cap \"{name}\" {{ … }}"),
        NameKind::Message(channel) => format!("{} \"{name}\" {{ … }}", channel.word()),
        NameKind::Layout => format!("layout \"{name}\" {{ … }}"),
        NameKind::Snippet => format!("snippet \"{name}\" {{ … }}"),
        NameKind::Campaign => format!("campaign \"{name}\" {{ … }}"),
        NameKind::Broadcast => format!("broadcast \"{name}\" {{ … }}"),
        NameKind::Test => format!("test \"{name}\" {{ … }}"),
        NameKind::Collection => {
            return "collections are made by the API; `sojourn.catalog.json` lists them".to_owned();
        }
    };
    let outside = match kind {
        NameKind::Segment | NameKind::Topic | NameKind::Message(_) | NameKind::Campaign => {
            ", or list it in `sojourn.catalog.json`"
        }
        _ => "",
    };
    format!("declare it in one of the files, `{shape}`{outside}")
}

//! What a picture is drawn of: campaigns and broadcasts look alike to everything behind this.

use super::words;
use crate::expr::Condition;
use crate::graph::{Broadcast, Campaign, DeliveryRules, Goal, Graph, Trigger};
use crate::span::Span;

/// A campaign or a broadcast, as pictures see it. Made by `From`, so that the functions of this
/// module take either.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) description: Option<&'a str>,
    /// None for a broadcast.
    pub(super) triggers: &'a [Trigger],
    /// All of them, triggers too, in the order of the language.
    pub(super) clauses: Vec<Clause>,
    pub(super) graph: &'a Graph,
    pub(super) topic: Option<&'a str>,
    pub(super) span: Span,
}

/// Which declaration it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Campaign,
    Broadcast,
}

impl Kind {
    /// The word of the language.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Broadcast => "broadcast",
        }
    }
}

/// A line above the steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) kind: ClauseKind,
    /// What stands behind the words of its kind.
    pub(super) rest: String,
}

impl Clause {
    /// As the language writes it.
    pub(super) fn text(&self) -> String {
        format!("{} {}", self.kind.words(), self.rest)
    }
}

/// What a clause rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClauseKind {
    On,
    OnlyIf,
    Enter,
    ExitWhen,
    To,
    At,
    Goal,
    Topic,
    SendOnly,
    Limit,
    Holdout,
}

impl ClauseKind {
    /// The words of the language that it begins with.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::OnlyIf => "only if",
            Self::Enter => "enter",
            Self::ExitWhen => "exit when",
            Self::To => "to",
            Self::At => "at",
            Self::Goal => "goal",
            Self::Topic => "topic",
            Self::SendOnly => "send only",
            Self::Limit => "limit",
            Self::Holdout => "holdout",
        }
    }
}

impl<'a> From<&'a Campaign> for Subject<'a> {
    fn from(campaign: &'a Campaign) -> Self {
        let clause = |kind, rest| Clause { kind, rest };
        let mut clauses: Vec<Clause> = campaign
            .triggers
            .iter()
            .map(|trigger| clause(ClauseKind::On, words::trigger(trigger)))
            .collect();
        clauses
            .extend(campaign.only_if.as_ref().map(|it| clause(ClauseKind::OnlyIf, it.to_string())));
        clauses.push(clause(ClauseKind::Enter, words::enter(&campaign.enter)));
        clauses.extend(campaign.exits.iter().map(|exit| {
            let words = ClauseKind::ExitWhen.words();
            let rest = exit.text.strip_prefix(words).map_or(&*exit.text, str::trim_start);
            clause(ClauseKind::ExitWhen, rest.to_owned())
        }));
        clauses.extend(shared(&campaign.goals, &campaign.delivery, campaign.holdout));
        Self {
            kind: Kind::Campaign,
            name: &campaign.name,
            description: described(campaign.description.as_deref()),
            triggers: &campaign.triggers,
            clauses,
            graph: &campaign.graph,
            topic: campaign.delivery.topic.as_deref(),
            span: campaign.span,
        }
    }
}

impl<'a> From<&'a Broadcast> for Subject<'a> {
    fn from(broadcast: &'a Broadcast) -> Self {
        let audience = match &broadcast.audience {
            Condition::All(parts) if parts.is_empty() => "everybody".to_owned(),
            condition => condition.to_string(),
        };
        let mut clauses = vec![Clause { kind: ClauseKind::To, rest: audience }];
        if let Some(moment) = &broadcast.at {
            clauses.push(Clause { kind: ClauseKind::At, rest: moment.to_string() });
        }
        clauses.extend(shared(&broadcast.goals, &broadcast.delivery, broadcast.holdout));
        Self {
            kind: Kind::Broadcast,
            name: &broadcast.name,
            description: described(broadcast.description.as_deref()),
            triggers: &[],
            clauses,
            graph: &broadcast.graph,
            topic: broadcast.delivery.topic.as_deref(),
            span: broadcast.span,
        }
    }
}

fn described(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// The clauses that both have.
fn shared(goals: &[Goal], delivery: &DeliveryRules, holdout: f64) -> Vec<Clause> {
    let clause = |kind, rest| Clause { kind, rest };
    let mut clauses: Vec<Clause> =
        goals.iter().map(|goal| clause(ClauseKind::Goal, words::goal(goal))).collect();
    clauses.extend(delivery.topic.as_ref().map(|it| clause(ClauseKind::Topic, words::quoted(it))));
    clauses
        .extend(delivery.send_only.as_ref().map(|it| clause(ClauseKind::SendOnly, it.to_string())));
    clauses.extend(
        delivery.limit_per_hour.map(|it| clause(ClauseKind::Limit, format!("{it} per hour"))),
    );
    if holdout > 0.0 {
        clauses.push(clause(ClauseKind::Holdout, format!("{holdout}%")));
    }
    clauses
}

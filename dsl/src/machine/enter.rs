//! Who enters which campaign, and who does not.

use std::sync::Arc;

use super::advance::{Engine, Happening, Walker};
use super::ids::derive;
use super::workspace::CampaignVersion;
use super::{Effect, LIVE_RUNS_MAX, Run, StepOutcome, TRIGGER_AGE_MAX};
use crate::expr::Object;
use crate::expr::eval::{self, RunView, earliest};
use crate::graph::{ExitWhen, HowOften, Signal, Trigger, WhileActive};
use crate::time::{self, Instant};

impl<'w> Engine<'w, '_> {
    /// Lets the person into the campaigns that `event` triggers.
    pub(super) fn enter_by(&mut self, event: &Happening<'_>, at: Instant) {
        if at.saturating_sub(event.time) > TRIGGER_AGE_MAX {
            return;
        }
        let workspace = self.workspace;
        for campaign in workspace.triggers.get(event.name).into_iter().flatten() {
            if let Some(on) = workspace.campaigns.get(*campaign) {
                self.consider(on, event, at);
            }
        }
    }

    fn consider(&mut self, on: &'w CampaignVersion, event: &Happening<'_>, at: Instant) {
        let mut deciding = Object::from_iter([("event".to_owned(), (&**event.name).into())]);
        if !self.triggered(on, event, at, &mut deciding) || !self.may_enter(on, at) {
            return;
        }
        if let Some(only_if) = &on.campaign.only_if
            && !self.admits(only_if, event, at, &mut deciding)
        {
            return;
        }
        let Some(next) = self.unmet_exits(on, event, at) else { return };
        let live: Vec<usize> = self.live_in(on).collect();
        if on.campaign.enter.while_active == WhileActive::Replace {
            for index in live {
                let nothing = Object::new();
                self.record(index, (&Arc::from(""), StepOutcome::Replaced), nothing, at);
                self.end(index);
            }
        } else if live.len() >= LIVE_RUNS_MAX {
            let what = format!("campaign `{}` has {LIVE_RUNS_MAX} live runs", on.campaign.name);
            self.outcome.effects.push(Effect::Cut { what, at });
            return;
        }
        self.arm(next);
        self.enter(on, event, deciding, at);
    }

    fn triggered(
        &self,
        on: &CampaignVersion,
        event: &Happening<'_>,
        at: Instant,
        deciding: &mut Object,
    ) -> bool {
        on.campaign.triggers.iter().any(|trigger| {
            let Trigger::Activity { activity, filter } = trigger else { return false };
            activity.event_name() == Some(event.name)
                && filter.as_ref().is_none_or(|filter| {
                    self.explain_for(None, filter, (at, Some(event)), deciding).holds
                })
        })
    }

    /// What `enter …` says.
    fn may_enter(&self, on: &CampaignVersion, at: Instant) -> bool {
        let last = self.person.entries.get(&on.id).and_then(|entries| entries.last().copied());
        let often = match (on.campaign.enter.how_often, last) {
            (HowOften::EveryTime, _) | (_, None) => true,
            (HowOften::Once, Some(_)) => false,
            (HowOften::OncePer(length), Some(last)) => {
                let zone = time::zone_of(&self.person.attributes, self.workspace.zone);
                time::add(last, length, zone) <= at
            }
        };
        let beside = match on.campaign.enter.while_active {
            WhileActive::Replace => true,
            WhileActive::Refuse => self.live_in(on).next().is_none(),
            // Only `every time` lets runs of one campaign stand side by side.
            WhileActive::Alongside => {
                on.campaign.enter.how_often == HowOften::EveryTime
                    || self.live_in(on).next().is_none()
            }
        };
        often && beside
    }

    fn admits(
        &self,
        only_if: &crate::expr::Condition,
        event: &Happening<'_>,
        at: Instant,
        deciding: &mut Object,
    ) -> bool {
        let nothing = Object::new();
        let mut context = self.context(at, None);
        context.run = Some(RunView { trigger: event.data, vars: &nothing, since: at });
        eval::explain(only_if, &context, deciding).holds
    }

    /// `None` if the person meets an exit already; else when time could first meet one.
    fn unmet_exits(
        &self,
        on: &CampaignVersion,
        event: &Happening<'_>,
        at: Instant,
    ) -> Option<Option<Instant>> {
        let nothing = Object::new();
        let mut context = self.context(at, None);
        context.run = Some(RunView { trigger: event.data, vars: &nothing, since: at });
        let mut next = None;
        for exit in &on.campaign.exits {
            if let ExitWhen::Signal(Signal::Condition(condition)) = &exit.when {
                let judged = eval::evaluate(condition, &context);
                if judged.holds {
                    return None;
                }
                next = earliest(next, judged.next);
            }
        }
        Some(next)
    }

    /// Live runs of the campaign, in whichever version, oldest first.
    fn live_in(&self, on: &CampaignVersion) -> impl Iterator<Item = usize> {
        let campaign = on.id;
        self.walkers
            .iter()
            .enumerate()
            .filter(move |(_, walker)| walker.live && walker.run.campaign == campaign)
            .map(|(index, _)| index)
    }

    fn enter(
        &mut self,
        on: &'w CampaignVersion,
        event: &Happening<'_>,
        deciding: Object,
        at: Instant,
    ) {
        let start = on.campaign.graph.start;
        let first = start.and_then(|start| on.campaign.graph.steps.get(start));
        let run = Run {
            id: derive(event.input.id, on.id, event.input.at),
            campaign: on.id,
            version: on.version,
            place: first.map_or_else(|| Arc::from(""), |step| step.id.clone()),
            arrived: at,
            due: Some(at),
            since: at,
            trigger: event.data.clone(),
            vars: Object::new(),
            ordinal: 0,
            depth: event.input.depth,
        };
        self.person.entries.entry(on.id).or_default().push(at);
        self.outcome.effects.push(Effect::Entered { run: run.id, campaign: on.id, at });
        let index = self.walkers.len();
        self.walkers.push(Walker::new(run, on, start.unwrap_or_default()));
        self.record(index, (&Arc::from(""), StepOutcome::Entered), deciding, at);
        if first.is_none() {
            self.go(index, None, at);
        }
    }
}

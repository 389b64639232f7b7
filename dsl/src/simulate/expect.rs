//! Judging what a test expects.

use std::sync::Arc;

use super::stage::{Fate, Stage, Watched};
use super::timeline::shown;
use crate::definition::{self, Expectation};
use crate::expr::eval::{Context, Facts, NoFacts, explain};
use crate::expr::{Atom, Condition, Object};
use crate::graph::Channel;
use crate::machine::{History, StepOutcome};
use crate::time::{Instant, Length};

/// `Ok`, or what was expected and what was found.
pub(super) fn judge(stage: &mut Stage, expectation: &Expectation) -> Result<(), String> {
    match expectation {
        Expectation::Message { channel, message, negated, filter, within } => {
            let wanted = Wanted { channel: *channel, message, filter: filter.as_ref() };
            if *negated { wanted.absent(stage, *within) } else { wanted.present(stage, *within) }
        }
        Expectation::NotSent { channel, message, fate, because } => {
            let wanted = Wanted { channel: *channel, message, filter: None };
            wanted.kept_back(stage, *fate == definition::Fate::Failed, because.as_deref())
        }
        Expectation::AtStep(name) => at_step(stage, name),
        Expectation::Finished => match end(stage)? {
            line if line.outcome == StepOutcome::Finished => Ok(()),
            line => Err(format!("did not finish: {}", how_it_ended(line))),
        },
        Expectation::ExitWhen(clause) => match end(stage)? {
            line if line.outcome == StepOutcome::Exited
                && bare(clause_of(line)) == bare(clause) =>
            {
                Ok(())
            }
            line => Err(format!("was not ended by that clause: {}", how_it_ended(line))),
        },
        Expectation::Condition(condition) => holds(stage, condition),
        Expectation::Event { .. } | Expectation::Call { .. } | Expectation::Goal(_) => {
            Err("this version cannot judge this line yet".to_owned())
        }
    }
}

/// The message an expectation speaks of.
struct Wanted<'e> {
    channel: Channel,
    message: &'e Arc<str>,
    filter: Option<&'e Condition>,
}

impl Wanted<'_> {
    fn present(&self, stage: &mut Stage, within: Option<Length>) -> Result<(), String> {
        let until = within.map(|within| stage.after(within));
        loop {
            if self.first_hit(stage).is_some() {
                return Ok(());
            }
            let Some(until) = until.filter(|until| stage.now < *until) else { break };
            stage.step_until(until)?;
        }
        Err(self.why_not(stage))
    }

    fn absent(&self, stage: &mut Stage, within: Option<Length>) -> Result<(), String> {
        if let Some(within) = within {
            let until = stage.after(within);
            stage.run_until(until)?;
        }
        match self.first_hit(stage) {
            None => Ok(()),
            Some(at) => {
                Err(format!("no {} was expected, but it left on {}", self.name(), stage.show(at)))
            }
        }
    }

    fn kept_back(&self, stage: &Stage, failed: bool, because: Option<&str>) -> Result<(), String> {
        let fits = |reason: &str| because.is_none_or(|part| reason.contains(part));
        let kept = stage.messages.iter().any(|message| {
            message.name == *self.message
                && match &message.fate {
                    Fate::Skipped(reason) => !failed && fits(reason),
                    Fate::Failed(why) => failed && fits(why),
                    Fate::Left(_) => false,
                }
        });
        if kept {
            return Ok(());
        }
        let verb = if failed { "fail" } else { "get skipped" };
        let because = because.map_or_else(String::new, |part| format!(" because of `{part}`"));
        Err(format!("{} did not {verb}{because}: {}", self.name(), self.fates(stage)))
    }

    /// When the first message that fits has left.
    fn first_hit(&self, stage: &Stage) -> Option<Instant> {
        let fits = |fields: &Object| self.fits(stage, fields, &mut Object::new());
        stage.messages.iter().find_map(|message| match &message.fate {
            Fate::Left(fields) if message.name == *self.message && fits(fields) => Some(message.at),
            Fate::Left(_) | Fate::Skipped(_) | Fate::Failed(_) => None,
        })
    }

    fn fits(&self, stage: &Stage, fields: &Object, deciding: &mut Object) -> bool {
        self.filter.is_none_or(|filter| {
            let attributes = &stage.person.attributes;
            let at = (stage.now, stage.zone());
            let context = Context {
                run: stage.run.as_ref().map(Watched::view),
                message: Some(fields),
                ..Context::of(stage.person.id, attributes, at, &NoFacts)
            };
            explain(filter, &context, deciding).holds
        })
    }

    fn why_not(&self, stage: &Stage) -> String {
        let left = stage.messages.iter().rev().find_map(|message| match &message.fate {
            Fate::Left(fields) if message.name == *self.message => Some(fields),
            Fate::Left(_) | Fate::Skipped(_) | Fate::Failed(_) => None,
        });
        let Some(fields) = left else {
            return format!("{} has not left: {}", self.name(), self.fates(stage));
        };
        let mut deciding = Object::new();
        self.fits(stage, fields, &mut deciding);
        format!("{} has left, but {}", self.name(), listed(&deciding))
    }

    fn fates(&self, stage: &Stage) -> String {
        let latest = stage.messages.iter().rev().find(|message| message.name == *self.message);
        match latest.map(|message| &message.fate) {
            None => "nothing sent it so far".to_owned(),
            Some(Fate::Left(_)) => "it left".to_owned(),
            Some(Fate::Skipped(reason)) => format!("it was skipped as `{reason}`"),
            Some(Fate::Failed(why)) => format!("it failed, {why}"),
        }
    }

    fn name(&self) -> String {
        format!("{} `{}`", self.channel.word(), self.message)
    }
}

fn at_step(stage: &Stage, name: &str) -> Result<(), String> {
    let run = latest(stage)?;
    if let Some(line) = &run.end {
        return Err(format!("stands at no step any more: {}", how_it_ended(line)));
    }
    let (title, found) = stands(stage, run, name);
    if found { Ok(()) } else { Err(format!("stands at `{title}`, not at step `{name}`")) }
}

/// The title of the step a run stands at, and whether `name` is its name.
fn stands(stage: &Stage, run: &Watched, name: &str) -> (String, bool) {
    stage
        .person
        .runs
        .iter()
        .find(|live| live.id == run.id)
        .and_then(|live| {
            let on = stage.workspace.campaign(live.version)?;
            on.campaign.graph.steps.get(on.step(&live.place)?)
        })
        .map(|step| {
            let labelled = step.label.as_ref().is_some_and(|label| **label == *name);
            (step.title.clone(), labelled || *step.id == *name)
        })
        .unwrap_or_default()
}

/// How the latest run ended, if it did.
fn end(stage: &Stage) -> Result<&History, String> {
    let run = latest(stage)?;
    run.end.as_ref().ok_or_else(|| format!("is not over: stands at `{}`", stands(stage, run, "").0))
}

fn latest(stage: &Stage) -> Result<&Watched, String> {
    let campaign = stage.name(stage.campaign).map_or("", |name| name);
    stage.run.as_ref().ok_or_else(|| format!("never entered campaign `{campaign}`"))
}

fn how_it_ended(line: &History) -> String {
    match line.outcome {
        StepOutcome::Exited => format!("`{}` ended the run", clause_of(line)),
        StepOutcome::Replaced => "a newer run replaced it".to_owned(),
        _ => "the run finished".to_owned(),
    }
}

fn clause_of(line: &History) -> &str {
    line.deciding.get("clause").and_then(|clause| clause.as_str()).unwrap_or_default()
}

/// A clause without its head and with single spaces.
fn bare(clause: &str) -> String {
    let words: Vec<&str> = clause.split_whitespace().collect();
    let words = words.strip_prefix(&["exit", "when"]).unwrap_or(&words);
    words.join(" ")
}

/// Segments and behaviour of the person of a test.
struct Known<'s>(&'s Stage);

impl Facts for Known<'_> {
    fn member(&self, segment: &str) -> bool {
        let segment = self.0.workspace.segment_named(segment);
        segment.is_some_and(|segment| self.0.person.memberships.contains_key(&segment.id))
    }

    fn times(&self, atom: &Atom) -> &[Instant] {
        let kept = self.0.workspace.atom_id(atom).and_then(|id| self.0.person.atoms.get(&id));
        kept.map_or(&[], Vec::as_slice)
    }
}

fn holds(stage: &Stage, condition: &Condition) -> Result<(), String> {
    let mut deciding = Object::new();
    let known = Known(stage);
    let at = (stage.now, stage.zone());
    let context = Context {
        run: stage.run.as_ref().map(Watched::view),
        ..Context::of(stage.person.id, &stage.person.attributes, at, &known)
    };
    if explain(condition, &context, &mut deciding).holds {
        return Ok(());
    }
    Err(format!("does not hold: {}", listed(&deciding)))
}

fn listed(deciding: &Object) -> String {
    let values = deciding.iter().map(|(path, value)| format!("`{path}` is {}", shown(value)));
    values.collect::<Vec<_>>().join(", ")
}

//! What happens in a test, told in the words of the language.

use std::sync::Arc;

use super::TimelineEntry;
use super::stage::{Fate, Stage};
use crate::expr::{Object, Value};
use crate::machine::{Delivery, Effect, History, StepOutcome};
use crate::time::Instant;

/// Keys of [`History::deciding`] that the words themselves contain.
const TOLD: [&str; 4] = ["arm", "clause", "event", "until"];

impl Stage {
    /// Adds an effect to the timeline, if it is one that people ask about.
    pub(super) fn tell(&mut self, effect: &Effect) {
        match effect {
            Effect::Event { name, data, at, .. } => {
                let with = match data {
                    Value::Object(object) if object.is_empty() => String::new(),
                    Value::Null => String::new(),
                    data => format!(" with {data}"),
                };
                self.note(*at, format!("event {}{with}", quoted(name)));
            }
            // A run's own line of history tells of what it writes.
            Effect::Attribute { run: Some(_), .. } => {}
            Effect::Attribute { path, from, to, at, .. } => {
                self.note(*at, format!("customer.{path}: {} -> {}", shown(from), shown(to)));
            }
            Effect::Membership { segment, entered, at } => {
                let name = self.workspace.segment(*segment).map(|s| s.segment.name.clone());
                let verb = if *entered { "enters" } else { "leaves" };
                self.note(*at, format!("{verb} segment {}", quoted(&name.unwrap_or_default())));
            }
            Effect::Cut { what, at } => self.note(*at, format!("cut: {what}")),
            Effect::History(line) => self.tell_line(line),
            Effect::Entered { .. } | Effect::Delivery(_) => {}
        }
    }

    /// Adds what became of a message.
    pub(super) fn tell_fate(&mut self, delivery: &Delivery, fate: &Fate) {
        let message = quoted(&delivery.message);
        let channel = delivery.channel.word();
        let what = match fate {
            Fate::Left(fields) => {
                let subject = fields.get("subject").map_or_else(String::new, shown);
                format!("{channel} {message} leaves: {subject}")
            }
            Fate::Skipped(reason) => format!("{channel} {message} is skipped: {reason}"),
            Fate::Failed(why) => format!("{channel} {message} fails: {why}"),
        };
        let campaign = self.name(delivery.campaign).cloned();
        self.push(delivery.at, campaign, what, Object::new());
    }

    fn tell_line(&mut self, line: &History) {
        let name = self.name(line.campaign).cloned();
        let campaign = quoted(name.as_deref().unwrap_or_default());
        let on = self.workspace.campaign(line.version);
        let step = on
            .and_then(|on| on.campaign.graph.steps.iter().find(|step| step.id == line.step))
            .map_or_else(|| line.step.to_string(), |step| step.title.clone());
        let decided = |key: &str| {
            line.deciding.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let what = match line.outcome {
            // The fate of the message tells it better.
            StepOutcome::Sent => return,
            StepOutcome::Entered => format!("enters campaign {campaign}"),
            StepOutcome::Waiting => format!("{step}: until {}", self.until(line)),
            StepOutcome::Elapsed => format!("{step}: over"),
            StepOutcome::Signalled => decided("arm"),
            StepOutcome::TimedOut => "on timeout".to_owned(),
            StepOutcome::Branched => decided("arm"),
            StepOutcome::Set | StepOutcome::Unset => step,
            StepOutcome::Exited => format!("leaves campaign {campaign}: {}", decided("clause")),
            StepOutcome::Finished => format!("finishes campaign {campaign}"),
            StepOutcome::Replaced => {
                format!("leaves campaign {campaign}: replaced by a newer run")
            }
        };
        let deciding = line
            .deciding
            .iter()
            .filter(|(key, _)| !TOLD.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        self.push(line.at, name, what, deciding);
    }

    /// The end of a wait as the person reads it.
    fn until(&self, line: &History) -> String {
        let until = line.deciding.get("until").and_then(Value::as_str).unwrap_or_default();
        chrono::DateTime::parse_from_rfc3339(until)
            .map_or_else(|_| until.to_owned(), |until| self.show(until.timestamp_millis()))
    }

    /// Adds something that has no run and no values behind it.
    pub(super) fn note(&mut self, at: Instant, what: String) {
        self.push(at, None, what, Object::new());
    }

    fn push(&mut self, at: Instant, campaign: Option<Arc<str>>, what: String, deciding: Object) {
        let local = self.show(at);
        self.timeline.push(TimelineEntry { at, local, campaign, what, deciding });
    }
}

/// A value as the language writes it; missing has a word.
pub(super) fn shown(value: &Value) -> String {
    if value.is_null() { "missing".to_owned() } else { value.to_string() }
}

pub(super) fn quoted(name: &str) -> Value {
    Value::String(name.to_owned())
}

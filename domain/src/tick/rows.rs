//! What decisions become: rows for each table, gathered over all people of a tick.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike};
use dsl::expr::Value;
use dsl::gate::Verdict;
use dsl::machine::{self, Delivery, Effect, History, Person, Run};
use dsl::time::{DAY, Instant};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::Report;
use super::decide::Moved;
use crate::WorkspaceId;
use crate::clock::real_now;
use crate::definitions::Loaded;
use crate::deliveries::State;
use crate::identifier::PersonKey;

/// Rows to write, by table. What is empty costs no statement.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) w: WorkspaceId,
    pub(super) taken: Vec<TakenRow>,
    pub(super) people: Vec<PersonRow>,
    pub(super) atoms: Vec<AtomsRow>,
    /// The last change of each membership: since when, or gone.
    memberships: BTreeMap<(PersonKey, i64), Option<Instant>>,
    pub(super) runs: Vec<RunRow>,
    pub(super) ended: Vec<EndedRow>,
    pub(super) entries: Vec<EntryRow>,
    pub(super) clocks: Vec<ClockRow>,
    pub(super) no_clocks: Vec<PersonRowKey>,
    pub(super) events: Vec<EventRow>,
    pub(super) changes: Vec<ChangeRow>,
    pub(super) history: Vec<HistoryRow>,
    pub(super) deliveries: Vec<DeliveryRow>,
    pub(super) outgoing: Vec<OutgoingRow>,
    pub(super) quarantine: Vec<QuarantineRow>,
    pub(super) counters: BTreeMap<(String, i64), i64>,
}

#[derive(Debug, Serialize)]
pub(super) struct TakenRow {
    pub(super) w: WorkspaceId,
    pub(super) l: i64,
    pub(super) seq: i64,
}

#[derive(Debug, Serialize)]
pub(super) struct PersonRowKey {
    pub(super) w: WorkspaceId,
    pub(super) l: i64,
    pub(super) p: Uuid,
}

#[derive(Debug, Serialize)]
pub(super) struct PersonRow {
    #[serde(flatten)]
    key: PersonRowKey,
    attributes: dsl::expr::Object,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct AtomsRow {
    #[serde(flatten)]
    key: PersonRowKey,
    times: BTreeMap<String, Vec<Instant>>,
}

#[derive(Debug, Serialize)]
pub(super) struct MembershipRow {
    #[serde(flatten)]
    key: PersonRowKey,
    segment: i64,
    since: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct RunRow {
    #[serde(flatten)]
    key: PersonRowKey,
    run: Uuid,
    campaign: i64,
    version: i64,
    place: std::sync::Arc<str>,
    arrived: Instant,
    due: Option<Instant>,
    since: Instant,
    trigger: Value,
    vars: dsl::expr::Object,
    ordinal: i64,
    depth: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct EndedRow {
    #[serde(flatten)]
    key: PersonRowKey,
    run: Uuid,
}

#[derive(Debug, Serialize)]
pub(super) struct EntryRow {
    #[serde(flatten)]
    key: PersonRowKey,
    campaign: i64,
    at: Instant,
    run: Uuid,
}

#[derive(Debug, Serialize)]
pub(super) struct ClockRow {
    #[serde(flatten)]
    key: PersonRowKey,
    due: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct EventRow {
    #[serde(flatten)]
    key: PersonRowKey,
    at: Instant,
    id: Uuid,
    name: std::sync::Arc<str>,
    data: Value,
    accepted_at: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct ChangeRow {
    #[serde(flatten)]
    key: PersonRowKey,
    at: Instant,
    id: Uuid,
    changes: Vec<Value>,
    run: Option<Uuid>,
}

#[derive(Debug, Serialize)]
pub(super) struct HistoryRow {
    month: i64,
    #[serde(flatten)]
    key: PersonRowKey,
    run: Uuid,
    ordinal: i64,
    campaign: i64,
    version: i64,
    step: std::sync::Arc<str>,
    outcome: &'static str,
    deciding: dsl::expr::Object,
    at: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct DeliveryRow {
    #[serde(flatten)]
    key: PersonRowKey,
    delivery: Uuid,
    run: Uuid,
    campaign: i64,
    version: i64,
    step: std::sync::Arc<str>,
    channel: &'static str,
    message: std::sync::Arc<str>,
    state: &'static str,
    rank: i64,
    reason: Option<&'static str>,
    address: Option<String>,
    frozen: dsl::expr::Object,
    attempts: i64,
    created_at: Instant,
    updated_at: Instant,
}

#[derive(Debug, Serialize)]
pub(super) struct OutgoingRow {
    #[serde(flatten)]
    key: PersonRowKey,
    channel: &'static str,
    priority: i64,
    not_before: i64,
    delivery: Uuid,
    attempts: i64,
    sending: i64,
    lease_until: i64,
    token: Uuid,
}

#[derive(Debug, Serialize)]
pub(super) struct QuarantineRow {
    pub(super) w: WorkspaceId,
    pub(super) l: i64,
    pub(super) p: Uuid,
    pub(super) at: Instant,
    pub(super) reason: String,
    pub(super) inputs: Value,
}

/// The month a line of history lies in, as year × 12 + month.
pub(crate) fn month(at: Instant) -> i64 {
    DateTime::from_timestamp_millis(at)
        .map_or(0, |time| i64::from(time.year()) * 12 + i64::from(time.month0()))
}

impl Rows {
    pub(super) fn new(w: WorkspaceId) -> Self {
        Self { w, ..Self::default() }
    }

    /// Memberships that stand after the tick, and those that are gone.
    pub(super) fn memberships(&self) -> (Vec<MembershipRow>, Vec<MembershipRow>) {
        let (joined, left): (Vec<_>, Vec<_>) =
            self.memberships.iter().partition(|(_, since)| since.is_some());
        let rows = |changes: Vec<(&(PersonKey, i64), &Option<Instant>)>| {
            let row = |(key, segment): &(PersonKey, i64), since: &Option<Instant>| MembershipRow {
                key: self.key(*key),
                segment: *segment,
                since: since.unwrap_or_default(),
            };
            changes.into_iter().map(|(change, since)| row(change, since)).collect()
        };
        (rows(joined), rows(left))
    }

    pub(super) fn taken(&mut self, key: PersonKey, seq: i64) {
        self.taken.push(TakenRow { w: self.w, l: key.l, seq });
    }

    pub(super) fn no_clock(&mut self, key: PersonKey) {
        let key = self.key(key);
        self.no_clocks.push(key);
    }

    /// Everything that changed about one person.
    pub(super) fn person(
        &mut self,
        key: PersonKey,
        moved: &Moved,
        now: Instant,
        loaded: &Loaded,
        report: &mut Report,
    ) {
        let (person, outcome) = (&moved.person, &moved.outcome);
        if outcome.changed.person || !moved.exists {
            self.people.push(PersonRow {
                key: self.key(key),
                attributes: person.attributes.clone(),
                version: person.version,
                created_at: now,
                updated_at: now,
            });
        }
        if outcome.changed.atoms {
            let times =
                person.atoms.iter().map(|(id, times)| (id.to_string(), times.clone())).collect();
            self.atoms.push(AtomsRow { key: self.key(key), times });
        }
        if outcome.changed.due {
            self.clock(key, person.due, moved.had_due);
        }
        self.runs(key, moved);
        for effect in &outcome.effects {
            self.effect(key, person, effect, loaded, report);
        }
    }

    fn key(&self, key: PersonKey) -> PersonRowKey {
        PersonRowKey { w: self.w, l: key.l, p: key.p }
    }

    fn clock(&mut self, key: PersonKey, due: Option<Instant>, had_due: bool) {
        match due {
            Some(due) => self.clocks.push(ClockRow { key: self.key(key), due }),
            None if had_due => self.no_clock(key),
            None => {}
        }
    }

    fn runs(&mut self, key: PersonKey, moved: &Moved) {
        for run in moved.person.runs.iter().filter(|run| moved.outcome.touched.contains(&run.id)) {
            self.runs.push(run_row(self.key(key), run));
            self.moved_to(moved, run.id, Some((run.version, run.place.as_ref())));
        }
        for run in &moved.outcome.ended {
            if moved.places.contains_key(run) {
                self.ended.push(EndedRow { key: self.key(key), run: *run });
                self.moved_to(moved, *run, None);
            }
        }
    }

    /// People per step, as differences.
    fn moved_to(&mut self, moved: &Moved, run: Uuid, to: Option<(i64, &str)>) {
        let from = moved.places.get(&run).map(|(version, place)| (*version, place.as_str()));
        if from == to {
            return;
        }
        if let Some((version, place)) = from {
            self.count(format!("place:{version}:{place}"), 0, -1);
        }
        if let Some((version, place)) = to {
            self.count(format!("place:{version}:{place}"), 0, 1);
        }
    }

    fn count(&mut self, metric: String, day: i64, delta: i64) {
        *self.counters.entry((metric, day)).or_default() += delta;
    }

    fn effect(
        &mut self,
        key: PersonKey,
        person: &Person,
        effect: &Effect,
        loaded: &Loaded,
        report: &mut Report,
    ) {
        match effect {
            Effect::Event { id, name, data, time, at } => self.events.push(EventRow {
                key: self.key(key),
                at: *time,
                id: *id,
                name: name.clone(),
                data: data.clone(),
                accepted_at: *at,
            }),
            Effect::Attribute { path, from, to, at, run } => {
                let change = json!({ "path": path, "from": from, "to": to });
                self.change(key, *at, *run, change);
            }
            Effect::Membership { segment, entered, at } => {
                report.segment_changes += 1;
                self.count(format!("segment:{segment}"), 0, if *entered { 1 } else { -1 });
                self.memberships.insert((key, *segment), entered.then_some(*at));
            }
            Effect::Entered { run, campaign, at } => {
                self.count(format!("entered:{campaign}"), at / DAY, 1);
                let (key, campaign, at, run) = (self.key(key), *campaign, *at, *run);
                self.entries.push(EntryRow { key, campaign, at, run });
            }
            Effect::History(line) => {
                report.steps += 1;
                self.history.push(history_row(self.key(key), line));
            }
            Effect::Delivery(delivery) => self.delivery(key, delivery, loaded, report),
            Effect::Cut { what, .. } => {
                tracing::warn!(person = %person.id, what, "a limit cut something short");
            }
        }
    }

    /// Changes of one moment and cause are one row of the activity log.
    fn change(&mut self, key: PersonKey, at: Instant, run: Option<Uuid>, change: Value) {
        if let Some(last) = self.changes.last_mut()
            && (last.key.p, last.at, last.run) == (key.p, at, run)
        {
            last.changes.push(change);
            return;
        }
        let id = machine::named(&Uuid::new_v4().to_string(), at);
        self.changes.push(ChangeRow { key: self.key(key), at, id, changes: vec![change], run });
    }

    fn delivery(
        &mut self,
        key: PersonKey,
        delivery: &Delivery,
        loaded: &Loaded,
        report: &mut Report,
    ) {
        report.deliveries += 1;
        let (state, reason) = match &delivery.verdict {
            Verdict::Ready => (State::Queued, None),
            Verdict::Skipped { reason } => (State::Skipped, Some(reason.word())),
        };
        let channel = delivery.channel.word();
        self.count(
            format!("delivery:{}:{}", delivery.campaign, state.word()),
            delivery.at / DAY,
            1,
        );
        if state == State::Queued {
            report.ready += 1;
            let email = loaded.workspace.email(&delivery.message);
            self.outgoing.push(OutgoingRow {
                key: self.key(key),
                channel,
                priority: i64::from(!email.is_some_and(|email| email.email.transactional)),
                not_before: real_now(),
                delivery: delivery.id,
                attempts: 0,
                sending: 0,
                lease_until: 0,
                token: Uuid::nil(),
            });
        }
        self.deliveries.push(DeliveryRow {
            key: self.key(key),
            delivery: delivery.id,
            run: delivery.run,
            campaign: delivery.campaign,
            version: delivery.version,
            step: delivery.step.clone(),
            channel,
            message: delivery.message.clone(),
            state: state.word(),
            rank: state.rank(),
            reason,
            address: delivery.to.clone(),
            frozen: delivery.frozen.clone(),
            attempts: 0,
            created_at: delivery.at,
            updated_at: delivery.at,
        });
    }
}

fn run_row(key: PersonRowKey, run: &Run) -> RunRow {
    RunRow {
        key,
        run: run.id,
        campaign: run.campaign,
        version: run.version,
        place: run.place.clone(),
        arrived: run.arrived,
        due: run.due,
        since: run.since,
        trigger: run.trigger.clone(),
        vars: run.vars.clone(),
        ordinal: run.ordinal,
        depth: run.depth,
    }
}

fn history_row(key: PersonRowKey, line: &History) -> HistoryRow {
    HistoryRow {
        month: month(line.at),
        key,
        run: line.run,
        ordinal: line.ordinal,
        campaign: line.campaign,
        version: line.version,
        step: line.step.clone(),
        outcome: line.outcome.word(),
        deciding: line.deciding.clone(),
        at: line.at,
    }
}

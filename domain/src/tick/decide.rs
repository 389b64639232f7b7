//! Deciding in memory: the pure core moves each person; what it says becomes rows.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dsl::expr::{Object, Value};
use dsl::machine::{self, Input, Person, Piece};
use dsl::time::Instant;
use uuid::Uuid;

use super::Report;
use super::load::Known;
use super::pick::{Pending, Picked, Sweep, Work};
use super::rows::{QuarantineRow, Rows};
use crate::WorkspaceId;
use crate::definitions::Loaded;
use crate::identifier::{Identifier, IdentifierKind, PersonKey};

/// What is derived from a piece to carry its names; the core's own ordinals are above.
const NAMES_ORDINAL: i64 = -2;

/// Everything one tick is going to write.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) w: WorkspaceId,
    pub(super) now: Instant,
    pub(super) lanes: Vec<i64>,
    pub(super) rows: Rows,
    pub(super) sweeps: Vec<Sweep>,
    pub(super) report: Report,
}

impl Decided {
    fn new(w: WorkspaceId, picked: &mut Picked) -> Self {
        Self {
            w,
            now: picked.now,
            lanes: std::mem::take(&mut picked.lanes),
            rows: Rows::new(w),
            sweeps: std::mem::take(&mut picked.sweeps),
            report: Report { more: picked.more, ..Report::default() },
        }
    }
}

/// Moves every picked person. A person whose decision panics is put into quarantine with its
/// inputs; the others go on.
pub(super) fn decide(
    w: WorkspaceId,
    loaded: &Loaded,
    mut picked: Picked,
    mut people: BTreeMap<PersonKey, Known>,
) -> Decided {
    let mut decided = Decided::new(w, &mut picked);
    let until = picked.horizon;
    for (key, work) in picked.work {
        let known = people.remove(&key).unwrap_or_default();
        decided.report.people += 1;
        if let Some(due) = work.due {
            decided.report.due_lag_ms = decided.report.due_lag_ms.max(picked.now - due);
        }
        let moved = catch_unwind(AssertUnwindSafe(|| move_one(loaded, known, &work, until)));
        match moved {
            Ok(moved) => decided.take(key, &work, &moved, loaded),
            Err(panic) => decided.quarantine(key, &work, &said(panic.as_ref())),
        }
    }
    decided
}

/// Parks one person with its inputs: the way out when the database refuses its rows. Everybody
/// else waits for the next tick.
pub(super) fn quarantine_one(w: WorkspaceId, mut picked: Picked, key: PersonKey) -> Decided {
    let only_swept =
        picked.work.get(&key).is_some_and(|work| work.pieces.is_empty() && work.due.is_none());
    picked.sweeps.retain(|sweep| only_swept && sweep.l == key.l);
    for sweep in &mut picked.sweeps {
        // It goes on behind this person, who was the next one.
        (sweep.cursor, sweep.done) = (key.p, false);
    }
    let mut decided = Decided::new(w, &mut picked);
    decided.report.more = true;
    if let Some(work) = picked.work.remove(&key) {
        decided.quarantine(key, &work, "the database refused what was to be written");
    }
    decided
}

/// What a decision changed, with what the rows need of the state before.
pub(super) struct Moved {
    pub(super) person: Person,
    pub(super) exists: bool,
    pub(super) places: BTreeMap<Uuid, (i64, String)>,
    pub(super) inputs: Vec<Input>,
    pub(super) outcome: machine::Outcome,
    pub(super) had_due: bool,
    /// Pieces that are none this program knows, by their place in the inbox.
    unreadable: Vec<i64>,
}

fn move_one(loaded: &Loaded, known: Known, work: &Work, until: Instant) -> Moved {
    let Known { mut person, exists, past } = known;
    let places =
        person.runs.iter().map(|run| (run.id, (run.version, run.place.to_string()))).collect();
    let had_due = person.due.is_some();
    let past = past.iter().map(|event| (event.name.as_str(), &event.data, event.time));
    let remembered = loaded.workspace.remember(&mut person, past);
    let (mut inputs, mut unreadable) = (Vec::with_capacity(work.pieces.len() + 1), Vec::new());
    for pending in &work.pieces {
        let first = !exists && inputs.is_empty();
        match serde_json::from_value(pending.piece.clone()) {
            Ok(piece) => inputs.extend(as_inputs(pending, piece, first, &person)),
            Err(_) => unreadable.push(pending.seq),
        }
    }
    // Pieces act when they were accepted; a wake-up behind an unread piece has to wait for it.
    let until = inputs.iter().map(|input| input.at).max().unwrap_or(until).max(until);
    let mut outcome = machine::advance(&loaded.workspace, &mut person, &inputs, until);
    outcome.changed.atoms |= remembered;
    Moved { person, exists, places, inputs, outcome, had_due, unreadable }
}

/// A row of the inbox as inputs of the core: names become attributes where they are missing.
fn as_inputs(pending: &Pending, mut piece: Piece, first: bool, person: &Person) -> Vec<Input> {
    let depth = u32::try_from(pending.depth).unwrap_or(u32::MAX);
    let input = |id, piece| Input { id, at: pending.accepted_at, depth, piece };
    let mut names = Object::new();
    for Identifier { kind, value } in &pending.identifiers {
        let name = match kind {
            IdentifierKind::Id => "id",
            IdentifierKind::Email => "email",
            IdentifierKind::AnonymousId => "anonymous_id",
        };
        if !person.attributes.contains_key(name) {
            names.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
    match &mut piece {
        Piece::Identify { patch } => {
            for (name, value) in names {
                patch.entry(name).or_insert(value);
            }
            vec![input(pending.id, piece)]
        }
        Piece::Event { .. } if first && !names.is_empty() => {
            let id = machine::derive(pending.id, NAMES_ORDINAL, pending.accepted_at);
            vec![input(id, Piece::Identify { patch: names }), input(pending.id, piece)]
        }
        Piece::Event { .. } => vec![input(pending.id, piece)],
    }
}

impl Decided {
    fn take(&mut self, key: PersonKey, work: &Work, moved: &Moved, loaded: &Loaded) {
        let taken: Vec<&Pending> = taken_pieces(work, moved);
        self.report.inputs += taken.len();
        for pending in taken {
            self.rows.taken(key, pending.seq);
        }
        if moved.outcome.more || moved.outcome.inputs_taken < moved.inputs.len() {
            self.report.more = true;
        }
        self.rows.person(key, moved, self.now, loaded, &mut self.report);
        let unreadable: Vec<&Pending> =
            work.pieces.iter().filter(|one| moved.unreadable.contains(&one.seq)).collect();
        if !unreadable.is_empty() {
            self.park(key, &unreadable, "this version of the program cannot read these inputs");
        }
    }

    /// Keeps inputs where people can see them and hand them in again.
    fn park(&mut self, key: PersonKey, inputs: &[&Pending], reason: &str) {
        tracing::error!(person = %key.p, reason, "inputs were put into quarantine");
        self.report.quarantined += 1;
        let inputs: Vec<&Value> = inputs.iter().map(|pending| &pending.piece).collect();
        self.rows.quarantine.push(QuarantineRow {
            w: self.w,
            l: key.l,
            p: key.p,
            at: self.now,
            reason: reason.to_owned(),
            inputs: serde_json::json!(inputs),
        });
    }

    fn quarantine(&mut self, key: PersonKey, work: &Work, reason: &str) {
        let pieces: Vec<&Pending> = work.pieces.iter().collect();
        self.park(key, &pieces, reason);
        for pending in &work.pieces {
            self.rows.taken(key, pending.seq);
        }
        // Where pieces were at fault, the wake-up is not: its journeys go on.
        if work.pieces.is_empty() && work.due.is_some() {
            self.rows.no_clock(key);
        }
    }
}

/// The rows of the inbox whose inputs were all reached; an unreadable one is taken too, else it
/// would stand in the way for ever.
fn taken_pieces<'a>(work: &'a Work, moved: &Moved) -> Vec<&'a Pending> {
    let left: Vec<Uuid> =
        moved.inputs.iter().skip(moved.outcome.inputs_taken).map(|i| i.id).collect();
    work.pieces.iter().filter(|pending| !left.contains(&pending.id)).collect()
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

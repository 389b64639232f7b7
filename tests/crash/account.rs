//! The reckoning: every id that a client was told is taken, every step, every mail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dsl::machine::{Input, Piece, Workspace, named};
use dsl::message::AfterCrash;
use dsl::time::Instant;
use tests::Mail;
use uuid::Uuid;

use crate::ledger::{Event, Ledger};
use crate::load::{Act, Message, Script};
use crate::prediction::{Comparison, Story, compare};

/// Sums for the line that is printed.
#[derive(Debug, Default)]
pub struct Account {
    pub events: usize,
    pub journeys: usize,
    pub steps: usize,
    /// People for whom a wake-up came before an input that was accepted earlier.
    pub overtaken: usize,
    /// By how much at most.
    pub overtaken_ms: i64,
    pub mails: usize,
    /// Mails beyond the first for one delivery.
    pub doubled: usize,
    /// Deliveries that were left because nobody knows whether they arrived.
    pub unknown: usize,
}

impl fmt::Display for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} events, {} journeys, {} steps ({} people overtaken by a wake-up, by {} ms at most), \
             {} mails ({} doubled, {} unknown)",
            self.events,
            self.journeys,
            self.steps,
            self.overtaken,
            self.overtaken_ms,
            self.mails,
            self.doubled,
            self.unknown
        )
    }
}

/// Compares every person's story with what the core makes of its inputs.
pub fn people(
    scripts: &[Script],
    ledger: &Ledger,
    workspace: &Workspace,
    (w, now): (i64, Instant),
) -> Account {
    let mut account = Account { events: ledger.events.len(), ..Account::default() };
    let mut by_message: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in &ledger.events {
        let message = event.data["message"].as_str().expect("each event names its message");
        by_message.entry(message).or_default().push(event);
    }
    assert_eq!(scripts.len(), ledger.people.len(), "as many people as scripts");
    let nothing = Story::default();
    for script in scripts {
        let person = ledger.people[&script.name];
        let taken = |message: &Message| input(w, person, message, ledger, &by_message);
        let inputs: Vec<Input> = script.messages.iter().map(taken).collect();
        assert!(inputs.is_sorted_by_key(|input| input.at), "taken in order: {inputs:?}");
        let actual = ledger.stories.get(&person).unwrap_or(&nothing);
        match compare(workspace, person, &inputs, now, actual) {
            Comparison::Same => {}
            Comparison::Overtaken(ms) => {
                account.overtaken += 1;
                account.overtaken_ms = account.overtaken_ms.max(ms);
            }
            Comparison::Different(expected) => panic!(
                "{} went another way than the core says\ninputs {inputs:#?}\nexpected {expected:#?}\nfound {actual:#?}",
                script.name
            ),
        }
        account.journeys += actual.entries.len();
        account.steps += actual.history.len();
    }
    let messages: BTreeSet<&str> =
        scripts.iter().flat_map(|one| &one.messages).map(|message| message.id.as_str()).collect();
    for message in by_message.keys() {
        assert!(messages.contains(message), "`{message}` was never sent");
    }
    account
}

/// The one input that a message became. Its id follows from the message's own, so what follows
/// from the input is the same however often it is tried.
fn input(
    w: i64,
    person: Uuid,
    message: &Message,
    ledger: &Ledger,
    events: &BTreeMap<&str, Vec<&Event>>,
) -> Input {
    let (at, piece) = match &message.act {
        Act::Track { event, data } => {
            let found = events.get(message.id.as_str()).map_or(&[][..], Vec::as_slice);
            let [one] = found else { panic!("`{}` was taken {} times", message.id, found.len()) };
            assert_eq!((one.person, one.name.as_str()), (person, *event));
            assert_eq!(&one.data, data);
            let time = one.accepted_at;
            (time, Piece::Event { name: (*event).into(), data: data.clone(), time })
        }
        Act::Identify { traits, round } => {
            let found = ledger.rounds.get(&(person, *round)).map_or(&[][..], Vec::as_slice);
            let [at] = found else { panic!("`{}` was taken {} times", message.id, found.len()) };
            let mut patch = traits.as_object().cloned().expect("traits are an object");
            if *round == 0 {
                let (name, _) = message.id.split_once('/').expect("ids begin with the name");
                patch.insert("id".to_owned(), name.into());
            }
            (*at, Piece::Identify { patch })
        }
    };
    Input { id: named(&format!("{w}/{}", message.id), at), at, depth: 0, piece }
}

/// Counts the mails of each delivery against the rule of its message. `in_flight` is how many may
/// have been under way at the kills.
pub fn mails(
    account: &mut Account,
    ledger: &Ledger,
    workspace: &Workspace,
    mails: &[Mail],
    in_flight: usize,
) {
    let mut arrived: BTreeMap<Uuid, usize> = BTreeMap::new();
    for mail in mails {
        let id = mail.message_id().trim_start_matches('<');
        let id = id.split('@').next().and_then(|id| id.parse().ok());
        *arrived.entry(id.expect("a Message-ID holds the delivery's id")).or_default() += 1;
    }
    account.mails = mails.len();
    let mut decided = 0;
    let deliveries = ledger.stories.values().flat_map(|story| &story.deliveries);
    for (id, decision) in deliveries.filter(|(_, decision)| decision.is_ready) {
        decided += 1;
        let count = arrived.remove(id).unwrap_or(0);
        let state = ledger.states[id].as_str();
        let email = workspace.email(&decision.message).expect("the message is declared");
        match (email.email.after_crash, state) {
            (AfterCrash::Retry, "sent") => assert!(count >= 1, "{id} was lost"),
            (AfterCrash::Leave, "sent") => assert_eq!(count, 1, "{id} came {count} times"),
            (AfterCrash::Leave, "unknown") => {
                assert!(count <= 1, "{id} came {count} times");
                account.unknown += 1;
            }
            (rule, state) => panic!("{id} with {rule:?} ended as `{state}`"),
        }
        account.doubled += count.saturating_sub(1);
    }
    assert!(arrived.is_empty(), "mails that nobody decided: {arrived:?}");
    assert!(decided > 0, "no mail was decided at all");
    assert!(account.doubled <= in_flight, "{} doubled, {in_flight} in flight", account.doubled);
    assert!(account.unknown <= in_flight, "{} unknown, {in_flight} in flight", account.unknown);
}

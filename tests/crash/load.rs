//! Who does what and when, and the clients that report it until they are believed.

use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};
use tests::Activity;
use tests::activity::{identify, track};

/// People whose activity travels in one request.
const PEOPLE_PER_BATCH: usize = 5;
/// Longest pause between two things that one person does: longer than any wait of the journeys
/// is not needed.
const PAUSE_MAX_MS: u64 = 4_500;
/// Of a hundred batches so many are sent again although they were taken.
const AGAIN_PERCENT: u32 = 15;

/// One person, and all it does, in order.
#[derive(Debug, Clone)]
pub struct Script {
    /// What the client calls it.
    pub name: String,
    /// Everything, in order.
    pub messages: Vec<Message>,
}

/// One message of a client.
#[derive(Debug, Clone)]
pub struct Message {
    /// The client's own id.
    pub id: String,
    /// What it says.
    pub act: Act,
}

/// What a person does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Writes attributes, always one of them to a value it never had: `round`.
    Identify { traits: Value, round: u64 },
    /// An event; its data holds the message id.
    Track { event: &'static str, data: Value },
}

/// People who travel together: one batch after the other, with pauses before each.
#[derive(Debug)]
pub struct Group {
    people: Vec<Script>,
    /// How long before each batch, and how many messages of each person it takes up to.
    batches: Vec<(Duration, usize)>,
    is_sent_again: Vec<bool>,
}

/// `count` people whose first activity falls into `within`.
pub fn groups(count: usize, within: Duration, random: &mut StdRng) -> Vec<Group> {
    let mut groups = Vec::new();
    let people: Vec<usize> = (0..count).collect();
    for numbers in people.chunks(PEOPLE_PER_BATCH) {
        let start = random.random_range(0..within.as_millis() as u64);
        let pauses = [start, random.random_range(0..PAUSE_MAX_MS), random.random_range(0..1_000)];
        let batches = pauses.into_iter().zip([2, 4, 5]);
        groups.push(Group {
            people: numbers.iter().map(|number| script(*number, random)).collect(),
            batches: batches.map(|(ms, upto)| (Duration::from_millis(ms), upto)).collect(),
            is_sent_again: (0..3).map(|_| random.random_ratio(AGAIN_PERCENT, 100)).collect(),
        });
    }
    groups
}

/// Reports everything of a group; returns the people, and how often a request was not answered.
pub async fn report(group: Group, client: Activity) -> (Vec<Script>, usize) {
    let mut repeats = 0;
    let mut from = 0;
    for ((pause, upto), again) in group.batches.into_iter().zip(group.is_sent_again) {
        tokio::time::sleep(pause).await;
        let batch: Vec<Value> = group.people.iter().flat_map(|one| wire(one, from, upto)).collect();
        from = upto;
        if batch.is_empty() {
            continue;
        }
        repeats += client.send(&batch).await - 1;
        if again {
            repeats += client.send(&batch).await - 1;
        }
    }
    (group.people, repeats)
}

fn wire(script: &Script, from: usize, upto: usize) -> impl Iterator<Item = Value> + '_ {
    script.messages.iter().take(upto).skip(from).map(|message| match &message.act {
        Act::Identify { traits, .. } => identify(&message.id, &script.name, traits),
        Act::Track { event, data } => track(&message.id, &script.name, event, data),
    })
}

/// Two messages at the beginning, then up to two and up to one more.
fn script(number: usize, random: &mut StdRng) -> Script {
    let name = format!("person-{number}");
    let mut acts = vec![
        Act::Identify {
            traits: json!({
                "email": format!("{name}@people.test"),
                "first_name": format!("Zoë {number}"),
                "plan": if random.random_ratio(1, 2) { "trial" } else { "free" },
                "round": 0,
            }),
            round: 0,
        },
        Act::Track { event: "signed_up", data: json!({}) },
    ];
    acts.extend(later(random));
    let messages = acts.into_iter().enumerate().map(|(at, act)| message(&name, at, act)).collect();
    Script { name, messages }
}

fn later(random: &mut StdRng) -> Vec<Act> {
    let event = |event| Act::Track { event, data: json!({}) };
    let score = random.random_range(1..=9);
    let activated = Act::Track { event: "activated", data: json!({ "score": score }) };
    let paying = Act::Identify { traits: json!({ "plan": "pro", "round": 1 }), round: 1 };
    let moved = Act::Identify { traits: json!({ "city": "Zürich", "round": 1 }), round: 1 };
    let courses = [
        vec![],
        vec![activated.clone()],
        vec![activated.clone(), moved.clone(), activated.clone()],
        vec![event("opened_app"), event("opened_app"), activated.clone()],
        vec![event("opened_app"), activated, event("cancelled")],
        vec![event("cancelled")],
        vec![paying],
        vec![moved, event("opened_app"), event("opened_app")],
    ];
    courses.choose(random).cloned().unwrap_or_default()
}

fn message(name: &str, at: usize, act: Act) -> Message {
    let id = format!("{name}/{at}");
    let act = match act {
        Act::Track { event, mut data } => {
            data["message"] = id.as_str().into();
            Act::Track { event, data }
        }
        Act::Identify { .. } => act,
    };
    Message { id, act }
}

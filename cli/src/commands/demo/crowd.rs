//! The sample people: each signs up and then lives a life of its own, in days of the demo.
//!
//! Nothing here waits or sends. The same seed gives the same crowd.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::names::{COMPANIES, FIRST, GOODS, LAST};

/// People who are there from the start, so that there is something to see at once.
const PEOPLE_AT_START: usize = 6;
/// After this many nobody new comes.
const PEOPLE_MAX: usize = 2_000;
/// Real time between two sign-ups, on average.
const ARRIVAL_MS: u64 = 2_500;
/// Pieces of activity handed out at once.
const AT_ONCE_MAX: usize = 200;

/// All sample people, and what they are going to do.
pub(super) struct Crowd {
    random: StdRng,
    day_ms: f64,
    people: Vec<Person>,
    next_arrival: u64,
    plans: BinaryHeap<Reverse<(u64, usize, Act)>>,
    pieces: u64,
}

struct Person {
    first_name: &'static str,
    last_name: &'static str,
    company: (&'static str, &'static str),
    good: (&'static str, u32),
}

/// What a person may do. The order is that of doing, where two fall on one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    SignUp,
    CreateProject,
    FillCart,
    Order,
    InviteTeammate,
    Upgrade,
    Cancel,
    Return,
}

/// What comes after an act: how likely, and after how many days.
struct Next {
    act: Act,
    chance: f64,
    days: (f64, f64),
}

impl Crowd {
    /// A crowd for whom a day takes `day_ms` of real time.
    pub(super) fn new(seed: u64, day_ms: f64) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            day_ms,
            people: Vec::new(),
            next_arrival: 0,
            plans: BinaryHeap::new(),
            pieces: 0,
        }
    }

    /// How many have signed up.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// What is done up to `now`, in real milliseconds since the start, as entries of `/v1/batch`.
    pub(super) fn due(&mut self, now: u64) -> Vec<Value> {
        while self.next_arrival <= now && self.people.len() < PEOPLE_MAX {
            self.arrive();
        }
        let mut pieces = Vec::new();
        while pieces.len() < AT_ONCE_MAX
            && let Some(Reverse((at, person, act))) = self.plans.peek().copied()
            && at <= now
        {
            self.plans.pop();
            self.act(person, act, &mut pieces);
            for next in act.followed_by() {
                if self.random.random_bool(next.chance) {
                    let days = self.random.random_range(next.days.0..next.days.1);
                    self.plan(at, days, person, next.act);
                }
            }
        }
        pieces
    }

    fn arrive(&mut self) {
        let person = Person {
            first_name: self.pick(&FIRST),
            last_name: self.pick(&LAST),
            company: self.pick(&COMPANIES),
            good: self.pick(&GOODS),
        };
        self.people.push(person);
        self.plans.push(Reverse((self.next_arrival, self.people.len() - 1, Act::SignUp)));
        if self.people.len() >= PEOPLE_AT_START {
            self.next_arrival += self.random.random_range(1..2 * ARRIVAL_MS);
        }
    }

    fn plan(&mut self, from: u64, days: f64, person: usize, act: Act) {
        let pause = std::time::Duration::from_secs_f64(days * self.day_ms / 1000.0);
        let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self.plans.push(Reverse((from.saturating_add(pause), person, act)));
    }

    fn act(&mut self, index: usize, act: Act, pieces: &mut Vec<Value>) {
        let Some(person) = self.people.get(index) else { return };
        let (good, price) = person.good;
        let cart = json!({
            "cart_id": format!("cart-{index}"),
            "order_id": format!("order-{index}"),
            "products": [good],
            "total": price,
        });
        let done: Vec<(&str, Value)> = match act {
            Act::SignUp => {
                vec![("", person.traits(index)), ("signed_up", json!({ "plan": "trial" }))]
            }
            Act::CreateProject => vec![("project_created", json!({ "name": "Our first project" }))],
            Act::InviteTeammate => vec![("teammate_invited", json!({ "role": "editor" }))],
            Act::FillCart => vec![("cart_updated", cart)],
            Act::Order => vec![("order_placed", cart)],
            Act::Upgrade | Act::Return => vec![
                ("", json!({ "plan": "team" })),
                ("subscription_started", json!({ "plan": "team" })),
            ],
            Act::Cancel => vec![
                ("", json!({ "plan": "cancelled" })),
                ("subscription_cancelled", json!({ "reason": "too_expensive" })),
            ],
        };
        for (event, data) in done {
            self.pieces += 1;
            let id = format!("demo-{}", self.pieces);
            let who = format!("person-{index}");
            pieces.push(if event.is_empty() {
                json!({ "type": "identify", "messageId": id, "userId": who, "traits": data })
            } else {
                json!({
                    "type": "track",
                    "messageId": id,
                    "userId": who,
                    "event": event,
                    "properties": data,
                })
            });
        }
    }

    fn pick<T: Copy + Default>(&mut self, among: &[T]) -> T {
        among.choose(&mut self.random).copied().unwrap_or_default()
    }
}

impl Person {
    fn traits(&self, index: usize) -> Value {
        let (company, domain) = self.company;
        let (first, last) = (self.first_name.to_lowercase(), self.last_name.to_lowercase());
        json!({
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": format!("{first}.{last}.{index}@{domain}"),
            "company": company,
            "plan": "trial",
        })
    }
}

impl Act {
    fn followed_by(self) -> Vec<Next> {
        let next = |act, chance, days| Next { act, chance, days };
        match self {
            Self::SignUp => vec![
                next(Self::CreateProject, 0.6, (0.1, 3.5)),
                next(Self::FillCart, 0.5, (0.05, 4.0)),
                next(Self::Upgrade, 0.35, (4.0, 14.0)),
            ],
            Self::CreateProject => vec![next(Self::InviteTeammate, 0.5, (0.5, 3.0))],
            Self::FillCart => vec![next(Self::Order, 0.45, (0.05, 1.5))],
            Self::Upgrade => vec![next(Self::Cancel, 0.4, (2.0, 9.0))],
            Self::Cancel => vec![next(Self::Return, 0.3, (3.0, 20.0))],
            Self::Order => vec![next(Self::FillCart, 0.3, (3.0, 10.0))],
            Self::InviteTeammate | Self::Return => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: f64 = 1_000.0;

    fn events(pieces: &[Value]) -> Vec<&str> {
        pieces.iter().filter_map(|piece| piece["event"].as_str()).collect()
    }

    #[test]
    fn somebody_is_there_at_once_and_introduces_themselves_first() {
        let mut crowd = Crowd::new(1, DAY_MS);
        let pieces = crowd.due(0);
        assert_eq!(crowd.people(), PEOPLE_AT_START);
        assert_eq!(pieces.len(), 2 * PEOPLE_AT_START);
        for pair in pieces.chunks(2) {
            assert_eq!(pair[0]["type"], "identify");
            assert!(pair[0]["traits"]["email"].as_str().unwrap().contains('@'));
            assert_eq!(pair[1]["event"], "signed_up");
            assert_eq!(pair[0]["userId"], pair[1]["userId"]);
        }
    }

    #[test]
    fn one_seed_gives_one_crowd() {
        let (mut one, mut other) = (Crowd::new(7, DAY_MS), Crowd::new(7, DAY_MS));
        assert_eq!(one.due(60_000), other.due(60_000));
        assert_ne!(Crowd::new(8, DAY_MS).due(0), Crowd::new(7, DAY_MS).due(0));
    }

    #[test]
    fn within_a_month_everything_happens() {
        let mut crowd = Crowd::new(1, DAY_MS);
        let mut seen = std::collections::BTreeSet::new();
        let mut ids = std::collections::BTreeSet::new();
        for now in (0..200_000).step_by(500) {
            let pieces = crowd.due(now);
            assert!(pieces.len() <= AT_ONCE_MAX + 1, "{}", pieces.len());
            seen.extend(events(&pieces).into_iter().map(str::to_owned));
            for piece in &pieces {
                assert!(ids.insert(piece["messageId"].as_str().unwrap().to_owned()), "{piece}");
            }
        }
        let expected = [
            "cart_updated",
            "order_placed",
            "project_created",
            "signed_up",
            "subscription_cancelled",
            "subscription_started",
            "teammate_invited",
        ];
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_crowd_has_an_end() {
        let mut crowd = Crowd::new(1, DAY_MS);
        crowd.due(u64::from(u32::MAX));
        assert_eq!(crowd.people(), PEOPLE_MAX);
    }
}

//! Triggers, clauses and parts of steps in the words of the language, for labels.

use crate::expr::{Activity, Condition, Key, Path, Scope, Value};
use crate::graph::{
    Attribution, Enter, Every, Goal, HowOften, ObjectTrigger, ScheduleDays, Signal, Target,
    Trigger, WhileActive,
};
use crate::time::{Days, Zone};

/// What stands behind the word `on`: `event "signed_up" where event.plan == "trial"`
pub(super) fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Activity { activity: what, filter } => activity(what) + &filtered(filter.as_ref()),
        Trigger::Match(condition) => format!("match {condition}"),
        Trigger::EnterSegment(name) => format!("enter segment {}", quoted(name)),
        Trigger::LeaveSegment(name) => format!("leave segment {}", quoted(name)),
        Trigger::Change { keys, from, to } => {
            format!("change {}", change(Scope::Customer, keys, from.as_ref(), to.as_ref()))
        }
        Trigger::Date { moment, every } => format!("date {moment}{}", again(*every)),
        Trigger::Object { object, on, people } => {
            let people = people.as_ref();
            let people = people.map(|it| format!(" for people where ({it})")).unwrap_or_default();
            format!("object {} {}{people}", quoted(object), object_trigger(on))
        }
        Trigger::Call => "call".to_owned(),
        Trigger::Schedule { days, at, zone: whose } => {
            let days = match days {
                ScheduleDays::Week(Days::ALL) => "day".to_owned(),
                ScheduleDays::Week(days) => days.to_string(),
                ScheduleDays::Month(day) => ordinal(*day),
            };
            format!("schedule every {days} at {at}{}", zone(whose))
        }
    }
}

fn object_trigger(on: &ObjectTrigger) -> String {
    match on {
        ObjectTrigger::Match(condition) => format!("match {condition}"),
        ObjectTrigger::Change { keys, from, to } => {
            format!("change {}", change(Scope::Object, keys, from.as_ref(), to.as_ref()))
        }
        ObjectTrigger::Date { moment, every } => format!("date {moment}{}", again(*every)),
        ObjectTrigger::Related => "related".to_owned(),
        ObjectTrigger::Unrelated => "unrelated".to_owned(),
    }
}

fn change(scope: Scope, keys: &[Key], from: Option<&Value>, to: Option<&Value>) -> String {
    let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
    let to = to.map(|to| format!(" to {to}")).unwrap_or_default();
    format!("{}{from}{to}", path(scope, keys))
}

const fn again(every: Option<Every>) -> &'static str {
    match every {
        Some(Every::Year) => " yearly",
        Some(Every::Month) => " monthly",
        None => "",
    }
}

/// What stands behind the word `enter`. That a second run is refused goes without saying wherever
/// runs cannot stand beside each other.
pub(super) fn enter(enter: &Enter) -> String {
    let mut text = match enter.how_often {
        HowOften::Once => "once".to_owned(),
        HowOften::OncePer(length) => format!("once per {length}"),
        HowOften::EveryTime => "every time".to_owned(),
    };
    if let Some(path) = &enter.per {
        text += &format!(" per {path}");
    }
    match (enter.while_active, enter.how_often) {
        (WhileActive::Replace, _) => text.push_str(" replacing active"),
        (WhileActive::Refuse, HowOften::EveryTime) => text.push_str(" unless active"),
        _ => {}
    }
    if enter.including_current {
        text.push_str(" including current");
    }
    text
}

/// What stands behind the word `goal`.
pub(super) fn goal(goal: &Goal) -> String {
    let of = match goal.of {
        Attribution::Send => String::new(),
        of => format!(" of {}", of.word()),
    };
    let within = match goal.within {
        Some(within) => format!(" within {within}{of}"),
        None => String::new(),
    };
    format!("{} when {}{within}", quoted(&goal.name), signal(&goal.signal))
}

fn signal(signal: &Signal) -> String {
    match signal {
        Signal::Activity { activity: what, filter } => activity(what) + &filtered(filter.as_ref()),
        Signal::Condition(condition) => condition.to_string(),
    }
}

fn activity(activity: &Activity) -> String {
    format!("{} {}", activity.kind.word(), quoted(&activity.name))
}

fn filtered(filter: Option<&Condition>) -> String {
    filter.map(|filter| format!(" where {filter}")).unwrap_or_default()
}

/// The person's own clock goes without saying.
fn zone(zone: &Zone) -> String {
    match zone {
        Zone::Customer => String::new(),
        Zone::Named(name) => format!(" in {}", quoted(name)),
    }
}

fn ordinal(day: u32) -> String {
    let ending = match (day % 10, day % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

/// `customer.address.city`
pub(super) fn target(target: &Target) -> String {
    match target {
        Target::Customer(keys) => path(Scope::Customer, keys),
        Target::Journey(keys) => path(Scope::Journey, keys),
    }
}

/// `row.price`
pub(super) fn path(scope: Scope, keys: &[Key]) -> String {
    Path { scope, keys: keys.to_vec() }.to_string()
}

/// A name as a string of the language.
pub(super) fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

#[cfg(test)]
mod tests;

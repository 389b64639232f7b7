//! Triggers, entry and targets in the words of the language, for labels.

use crate::expr::{Path, Scope};
use crate::graph::{Enter, HowOften, Target, Trigger, WhileActive};

/// What stands behind the word `on`: `event "signed_up" where event.plan == "trial"`
pub(super) fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Event { name, filter: Some(filter) } => {
            format!("event \"{name}\" where {filter}")
        }
        Trigger::Event { name, filter: None } => format!("event \"{name}\""),
    }
}

/// What stands behind the word `enter`. That a second run is refused goes without saying wherever
/// runs cannot stand beside each other.
pub(super) fn enter(enter: Enter) -> String {
    let how_often = match enter.how_often {
        HowOften::Once => "once".to_owned(),
        HowOften::OncePer(length) => format!("once per {length}"),
        HowOften::EveryTime => "every time".to_owned(),
    };
    match (enter.while_active, enter.how_often) {
        (WhileActive::Replace, _) => how_often + " replacing active",
        (WhileActive::Refuse, HowOften::EveryTime) => how_often + " unless active",
        _ => how_often,
    }
}

/// `customer.address.city`
pub(super) fn target(target: &Target) -> String {
    let (scope, keys) = match target {
        Target::Customer(keys) => (Scope::Customer, keys),
        Target::Journey(keys) => (Scope::Journey, keys),
    };
    Path { scope, keys: keys.clone() }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Key;
    use crate::time::Length;

    #[test]
    fn entry_says_only_what_is_not_understood() {
        let check = |how_often, while_active, text: &str| {
            assert_eq!(enter(Enter { how_often, while_active }), text);
        };
        check(HowOften::Once, WhileActive::Refuse, "once");
        check(HowOften::EveryTime, WhileActive::Alongside, "every time");
        check(HowOften::EveryTime, WhileActive::Refuse, "every time unless active");
        let month = Length { months: 1, ms: 0 };
        check(HowOften::OncePer(month), WhileActive::Replace, "once per 1 month replacing active");
    }

    #[test]
    fn targets_are_paths() {
        let keys = vec![Key::Name("address".to_owned()), Key::Name("odd key".to_owned())];
        assert_eq!(target(&Target::Journey(keys)), "journey.address[\"odd key\"]");
    }
}

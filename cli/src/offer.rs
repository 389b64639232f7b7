//! Names to choose from, where one was given that is not known.

/// Names listed at most.
const LISTED_MAX: usize = 8;
/// Names offered at most as what was meant.
const MEANT_MAX: usize = 3;
/// Letters of a name for each that may be wrong.
const LETTERS_PER_SLIP: usize = 4;

/// What was probably meant, or else which names there are; `called` is what they are, in plural.
pub(crate) fn offer(called: &str, wanted: &str, names: &[&str]) -> String {
    let close: Vec<&str> = names.iter().copied().filter(|name| is_close(wanted, name)).collect();
    match close.as_slice() {
        [] if names.is_empty() => format!("there are no {called}"),
        [] => format!("the {called} are {}", list(names)),
        close => format!("did you mean {}?", list(close.get(..MEANT_MAX).unwrap_or(close))),
    }
}

/// The names in back-ticks, at most so many that they can be read.
pub(crate) fn list(names: &[&str]) -> String {
    let shown: Vec<String> =
        names.iter().take(LISTED_MAX).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED_MAX) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn is_close(wanted: &str, name: &str) -> bool {
    let (wanted, name) = (wanted.trim().to_lowercase(), name.to_lowercase());
    let slips_max = wanted.chars().count() / LETTERS_PER_SLIP;
    !wanted.is_empty()
        && (name.contains(&wanted) || strsim::damerau_levenshtein(&wanted, &name) <= slips_max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_close_is_offered() {
        let names = ["Win back", "Welcome"];
        for wanted in ["win back", "Winback", "back", "Win bakc"] {
            assert_eq!(offer("campaigns", wanted, &names), "did you mean `Win back`?");
        }
        assert_eq!(offer("campaigns", "Nope", &names), "the campaigns are `Win back`, `Welcome`");
        assert_eq!(offer("campaigns", "", &[]), "there are no campaigns");
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> =
            (0..LISTED_MAX + 2).map(|number| format!("name {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(list(&names).ends_with("`name 7` and 2 more"), "{}", list(&names));
    }
}

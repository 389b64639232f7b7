//! One word, one meaning: names in our code use the words of docs/style.md.

use crate::source::{code_only, declared, tokens, words_of};
use crate::{Problem, report, tree};

/// The word, and what to write instead.
const BANNED: [(&str, &str); 9] = [
    ("user", "person, or account where somebody signs in"),
    ("workflow", "campaign (the definition) or journey (one person's way)"),
    ("flow", "campaign (the definition) or journey (one person's way)"),
    ("task", "step, effect, delivery, hint or job"),
    ("item", "what it is: activity, row, line, entry"),
    ("manager", "what it does"),
    ("helper", "what it does"),
    ("util", "what it does"),
    ("common", "what it is about"),
];

/// Where the word is not ours: a file or folder, the name, and the reason.
const ALLOWED: [(&str, &str, &str); 6] = [
    ("docs/language/", "any_item", OF_THE_LANGUAGE),
    ("dsl/src/", "any_item", OF_THE_LANGUAGE),
    ("dsl/src/", "AnyItem", OF_THE_LANGUAGE),
    ("dsl/src/expr.rs", "Item", OF_THE_LANGUAGE),
    ("dsl/src/resolve/place.rs", "Item", OF_THE_LANGUAGE),
    ("dsl/src/expr/eval.rs", "item", OF_THE_LANGUAGE),
];
const OF_THE_LANGUAGE: &str =
    "the language's own word: `any customer.orders where (item.total > 50)`";

#[test]
fn names_use_our_words() {
    let mut problems = Vec::new();
    let mut used = vec![false; ALLOWED.len()];
    for file in tree::files() {
        let stem = file.path.rsplit('/').next().and_then(|name| name.split('.').next());
        let mut names = vec![(0, stem.unwrap_or_default())];
        let code = if file.is_rust() { code_only(file.text()) } else { String::new() };
        names.extend(declared(&tokens(&code)).iter().map(|token| (token.line, token.text)));
        for (line, name) in names {
            let Some((word, instead)) = banned(name) else { continue };
            let allowed = ALLOWED
                .iter()
                .position(|(path, allowed, _)| file.path.starts_with(path) && *allowed == name);
            match allowed {
                Some(place) => used[place] = true,
                None => problems.push(Problem::new(
                    &file.path,
                    line,
                    format!("`{name}` says `{word}`; we say {instead} (or ALLOWED in tests/tidy/words.rs, with the reason)"),
                )),
            }
        }
    }
    for ((path, name, _), _) in ALLOWED.iter().zip(used).filter(|(_, used)| !used) {
        let message =
            format!("`{name}` in `{path}` is allowed, but no longer there; take it out of ALLOWED");
        problems.push(Problem::new("tests/tidy/words.rs", 0, message));
    }
    report(&problems);
}

/// The banned word in a name, also in the plural.
fn banned(name: &str) -> Option<(&'static str, &'static str)> {
    words_of(name).iter().find_map(|word| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        BANNED.into_iter().find(|(banned, _)| word == banned || singular == *banned)
    })
}

#[test]
fn whole_words_are_banned_and_parts_are_not() {
    for wrong in ["user_id", "TaskQueue", "items", "run_workflow", "StringUtils", "NEXT_ITEM"] {
        assert!(banned(wrong).is_some(), "`{wrong}`");
    }
    for right in ["overflow", "reuse", "multitasking", "commonly", "tasked", "superuser"] {
        assert!(banned(right).is_none(), "`{right}`");
    }
}

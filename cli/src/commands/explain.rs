//! `sojourn explain`: the page of a diagnostic, or the list of all.

mod page;

use anyhow::Result;
use dsl::diagnostic::Code;
use serde_json::{Value, json};

use crate::args::{Explain, Format};
use crate::failure::{Ending, Failure};
use crate::output;

/// What codes of a hundred are about, by their first digit.
const HUNDREDS: [(char, &str); 6] = [
    ('1', "how things are written"),
    ('2', "what stands where"),
    ('3', "names and templates"),
    ('4', "values"),
    ('5', "warnings: probably not what was meant"),
    ('9', "limits"),
];
/// Letters of a code that may be wrong.
const SLIPS_MAX: usize = 1;
/// Codes offered at most.
const OFFERED_MAX: usize = 3;

pub(super) fn run(explain: &Explain) -> Result<Ending> {
    let code = explain.code.as_deref().map(|word| Code::from_word(word.trim()).ok_or(word));
    match (code, explain.format) {
        (Some(Err(word)), _) => return Err(unknown(word).into()),
        (Some(Ok(code)), Format::Text) => output::line(page::shown(code.page().trim_end()))?,
        (Some(Ok(code)), Format::Json) => output::line(about(code))?,
        (None, Format::Text) => output::text(list())?,
        (None, Format::Json) => {
            output::line(Value::Array(Code::ALL.iter().map(|code| about(*code)).collect()))?;
        }
    }
    Ok(Ending::Fine)
}

fn about(code: Code) -> Value {
    json!({
        "code": code.word(),
        "severity": code.severity(),
        "title": code.title(),
        "page": code.page(),
    })
}

fn list() -> String {
    let mut text = String::new();
    for (digit, subject) in HUNDREDS {
        text.push_str(&page::heading(subject));
        text.push('\n');
        for code in Code::ALL.iter().filter(|code| hundred(**code) == Some(digit)) {
            text.push_str(&format!("  {}  {}\n", code.word(), code.title()));
        }
        text.push('\n');
    }
    text.push_str("`sojourn explain CODE` says more about one of them\n");
    text
}

/// `1` of `J0105`.
fn hundred(code: Code) -> Option<char> {
    code.word().chars().nth(2)
}

fn unknown(word: &str) -> Failure {
    let failure = Failure::wrong_use(format!("there is no code `{word}`"));
    let near = near(word);
    if near.is_empty() {
        return failure.help(
            "a code stands in brackets before a message: `error[J0105]`; `sojourn explain` lists all",
        );
    }
    let near: Vec<String> =
        near.iter().map(|code| format!("`{}` ({})", code.word(), code.title())).collect();
    failure.help(format!("did you mean {}?", near.join(" or ")))
}

/// The codes that are probably meant, the nearest first.
fn near(word: &str) -> Vec<Code> {
    let word = word.trim().to_uppercase();
    let slips = |code: &Code| strsim::damerau_levenshtein(code.word(), &word);
    let mut near: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| slips(code) <= SLIPS_MAX).collect();
    if near.is_empty()
        && let Ok(number) = word.trim_start_matches('J').parse::<u32>()
    {
        near.extend(Code::from_word(&format!("J{number:04}")));
    }
    near.truncate(OFFERED_MAX);
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_list_once() {
        let list = list();
        for code in Code::ALL {
            let line = format!("  {}  {}\n", code.word(), code.title());
            assert_eq!(list.matches(&line).count(), 1, "{code}");
        }
    }

    #[test]
    fn slips_in_a_code_are_seen() {
        for (word, expected) in
            [("J105", "J0105"), ("105", "J0105"), ("j01O5", "J0105"), ("E0114", "J0114")]
        {
            assert_eq!(near(word).first().map(|code| code.word()), Some(expected), "{word}");
        }
        assert!(near("what").is_empty());
    }
}

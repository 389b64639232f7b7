//! `sojourn explain`: the page of a diagnostic.

use anyhow::Result;
use dsl::diagnostic::Code;

use crate::args::Explain;
use crate::failure::{Ending, Failure};
use crate::output;

pub(super) fn run(explain: &Explain) -> Result<Ending> {
    match dsl::diagnostic::explain(explain.code.trim()) {
        Some(page) => {
            output::line(page.trim_end())?;
            Ok(Ending::Fine)
        }
        None => Err(unknown(&explain.code).into()),
    }
}

fn unknown(word: &str) -> Failure {
    let failure = Failure::wrong_use(format!("there is no code `{word}`"));
    let word = word.trim().to_uppercase();
    let nearest = Code::ALL.iter().min_by_key(|code| strsim::levenshtein(code.word(), &word));
    match nearest.filter(|code| strsim::levenshtein(code.word(), &word) <= 1) {
        Some(code) => failure.help(format!("did you mean `{}`, {}?", code.word(), code.title())),
        None => failure.help("a code stands in brackets before a message: `error[J0105]`"),
    }
}

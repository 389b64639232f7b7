//! What was expected where a strict attempt stopped, in words.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::token::{quoted, token_at};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::lines::line_start;
use crate::syntax::scan::{self, PieceKind};
use crate::syntax::slips::slip;
use crate::syntax::words::{self, called, nearest, spelt};

/// The token at which the attempt stopped.
pub(super) fn stops_at(error: &Error<Rule>, text: &str, tried: Span) -> Span {
    let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
    token_at(text, Span::new(tried.file, tried.start + offset, text.len()))
}

/// Says what was expected where the strict attempt stopped.
pub(crate) fn expectation(
    error: &Error<Rule>,
    text: &str,
    tried: Span,
    shapes: &[&str],
) -> Diagnostic {
    let token = stops_at(error, text, tried);
    let found = quoted(text, token);
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    if let Some(diagnostic) = quote_before(text, token).or_else(|| slip(text, token)) {
        return diagnostic;
    }
    let word = token.text(text);
    if word == "," && between_digits(text, token) {
        return Diagnostic::new(Code::J0120, token, "thousands are written without a comma")
            .here("expected digits alone")
            .replace("take it out", token, "");
    }
    let spelt: Vec<String> = expected.iter().flat_map(|rule| spelt(*rule)).collect();
    let near = nearest(word, spelt.iter().map(String::as_str)).filter(|near| *near != word);
    if let Some(near) = near {
        return misspelt(token, word, near);
    }
    if let Some(diagnostic) = half_phrase(text, token, &spelt) {
        return diagnostic;
    }
    let mut named: Vec<(u8, String)> = expected.iter().filter_map(|rule| called(*rule)).collect();
    named.sort();
    named.dedup();
    for limit in [words::COMPARISON, words::OPTIONAL] {
        if named.iter().any(|(rank, _)| *rank < limit) {
            named.retain(|(rank, _)| *rank < limit);
        }
    }
    let named: Vec<String> = named.into_iter().map(|(_, words)| words).take(3).collect();
    let message = if named.is_empty() && word.is_empty() {
        "something is missing at the end of this line".to_owned()
    } else if named.is_empty() {
        format!("did not expect {found} here")
    } else {
        format!("expected {}, found {found}", either(&named))
    };
    let diagnostic =
        Diagnostic::new(Code::J0101, token, message).here("not understood from here on");
    if shapes.is_empty() {
        return diagnostic;
    }
    let shapes: Vec<String> = shapes.iter().map(|shape| format!("`{shape}`")).collect();
    diagnostic.help(format!("it is written {}", either(&shapes)))
}

/// Whether the sign stands between two digits, as in `1,000`.
pub(super) fn between_digits(text: &str, sign: Span) -> bool {
    let before = text.get(..sign.start).and_then(|before| before.chars().next_back());
    let after = text.get(sign.end..).and_then(|after| after.chars().next());
    [before, after].into_iter().all(|side| side.is_some_and(|side| side.is_ascii_digit()))
}

/// `only customer.x`: the first word of a phrase, and then not its second.
fn half_phrase(text: &str, token: Span, spelt: &[String]) -> Option<Diagnostic> {
    let word = token.text(text);
    let mut rests = spelt.iter().filter_map(|phrase| phrase.strip_prefix(word)?.strip_prefix(' '));
    let (Some(rest), None) = (rests.next(), rests.next()) else {
        return None;
    };
    let next = token_at(text, Span::new(token.file, token.end, text.len()));
    let found = next.text(text);
    Some(match nearest(found, [rest]) {
        Some(near) => misspelt(next, found, near),
        None => Diagnostic::new(
            Code::J0101,
            next,
            format!("expected `{rest}` after `{word}`, found {}", quoted(text, next)),
        )
        .here("not understood from here on")
        .help(format!("it is written `{word} {rest}`")),
    })
}

/// A word that touches the quote before it: the quotes of this line are one too few.
pub(super) fn quote_before(text: &str, token: Span) -> Option<Diagnostic> {
    let before = text.get(..token.start).filter(|before| before.ends_with('"'))?;
    let first = token.text(text).chars().next()?;
    if !(first.is_alphanumeric() || first == '_') {
        return None;
    }
    let from = line_start(text, token.start);
    let line = before.get(from..)?;
    let string =
        scan::pieces(line).last().copied().filter(|piece| piece.kind == PieceKind::Text)?;
    let string = Span::new(token.file, from + string.start, token.start);
    Some(
        Diagnostic::new(Code::J0102, string, "a quote is missing on this line")
            .here("taken for one string")
            .help("end each string with a `\"` of its own"),
    )
}

pub(super) fn misspelt(token: Span, word: &str, near: &str) -> Diagnostic {
    let here = if !word.is_ascii() && near.is_ascii() {
        // Letters of another alphabet can look the same.
        format!("a letter here is none of `a` to `z`; did you mean `{near}`?")
    } else {
        format!("did you mean `{near}`?")
    };
    Diagnostic::new(Code::J0115, token, format!("unknown word `{word}`"))
        .respell(token, word, near)
        .here(here)
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

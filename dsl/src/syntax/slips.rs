//! Signs that other languages write here, and what this one writes in their place.

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

/// What begins a comment elsewhere.
const COMMENTS: [&str; 3] = ["//", "/*", "--"];
/// Comparisons as word processors write them.
const COMPARISONS: [(&str, &str); 4] = [("≥", ">="), ("≤", "<="), ("≠", "!="), ("＝", "==")];
/// Dashes that look like a minus.
const DASHES: [&str; 4] = ["–", "—", "−", "‐"];

/// Names the slip that the token begins, where it begins one.
pub(super) fn slip(text: &str, token: Span) -> Option<Diagnostic> {
    let rest = text.get(token.start..)?;
    if let Some(sign) = COMMENTS.into_iter().find(|sign| rest.starts_with(sign)) {
        let span = Span::new(token.file, token.start, token.start + sign.len());
        return Some(
            Diagnostic::new(Code::J0101, span, format!("a comment does not begin with `{sign}`"))
                .here("a comment in another language")
                .help("write `#`, which goes to the end of the line"),
        );
    }
    let word = token.text(text);
    if let Some((_, meant)) = COMPARISONS.into_iter().find(|(sign, _)| *sign == word) {
        return Some(
            Diagnostic::new(Code::J0106, token, format!("`{word}` is written `{meant}` here"))
                .here("an operator of another language")
                .replace(format!("write `{meant}`"), token, meant),
        );
    }
    if DASHES.contains(&word) {
        return Some(
            Diagnostic::new(Code::J0101, token, format!("`{word}` is no minus sign"))
                .here("a dash that looks like one")
                .help("take it out, or write `-` before a number"),
        );
    }
    if word == ";" {
        return Some(
            Diagnostic::new(Code::J0101, token, "did not expect `;` here")
                .here("what stands before it is complete")
                .replace("take it out", token, ""),
        );
    }
    None
}

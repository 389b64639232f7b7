//! Small edits to a line that was not understood: one word put in, replaced or left out. An edit is
//! offered only where the grammar takes the whole line after it.

use std::cell::Cell;

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use super::expected::misspelt;
use super::token::{quoted, token_at};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::lines::one_line;
use crate::syntax::words::{
    CONTINUATIONS, KEYWORDS, NEVER_PUT, PUT_AT_END, PUT_BEFORE_TEXT, habit, nearest, spelt,
};

/// Attempts in one file, so that a file of nothing but mistakes is read quickly.
pub(super) const ATTEMPTS_MAX: u32 = 1_000;
/// Bytes of a line that is tried.
const LINE_BYTES_MAX: usize = 300;
/// Edits of one line.
const EDITS_MAX: usize = 3;
/// Words that are tried at one place.
const WORDS_MAX: usize = 12;
/// A line that is shown whole.
const SHOWN_MAX: usize = 72;
/// Small words that may be one too many.
const FILLERS: [&str; 17] = [
    "a", "an", "the", "then", "on", "of", "at", "to", "by", "for", "do", "and", "is", "please",
    ":", "between", "event",
];

/// A line that is to be taken by a rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// The whole source.
    pub(super) text: &'a str,
    /// What should take it.
    pub(super) rule: Rule,
    /// Without its block.
    pub(super) span: Span,
    /// Stands for its block.
    pub(super) block: &'static str,
    /// Whether it was understood up to its last words.
    pub(super) complete: bool,
}

#[derive(Clone)]
struct Draft {
    /// The line as far as it was edited.
    done: String,
    /// Where the rest begins in the source.
    rest: usize,
    edits: Vec<Edit>,
}

struct Reach {
    /// In the draft.
    at: usize,
    whole: bool,
    expected: Vec<String>,
}

impl Line<'_> {
    /// The diagnostic with a fix, where some edit mends the line.
    pub(super) fn mended(self, attempts: &Cell<u32>) -> Option<Diagnostic> {
        if self.span.end - self.span.start > LINE_BYTES_MAX {
            return None;
        }
        let draft = Draft { done: String::new(), rest: self.span.start, edits: Vec::new() };
        let reach = self.reach(&draft, attempts)?;
        if reach.whole {
            return None;
        }
        let first = self.token(&draft, &reach);
        let (mended, word) = self.search(&draft, &reach, EDITS_MAX, attempts)?;
        Some(self.said(first, &word, mended))
    }

    /// The same for a line that begins with a word of another language.
    pub(super) fn meant(self, gone: Span, word: &str, attempts: &Cell<u32>) -> Option<Vec<Edit>> {
        let nothing = Draft { done: String::new(), rest: self.span.start, edits: Vec::new() };
        let draft = self.with(&nothing, gone, word);
        let reach = self.reach(&draft, attempts)?;
        if reach.whole {
            return Some(draft.edits);
        }
        Some(self.search(&draft, &reach, EDITS_MAX - 1, attempts)?.0.edits)
    }

    fn source(self, draft: &Draft) -> String {
        let rest = self.text.get(draft.rest..self.span.end).unwrap_or_default();
        format!("{}{rest}{}", draft.done, self.block)
    }

    fn reach(self, draft: &Draft, attempts: &Cell<u32>) -> Option<Reach> {
        attempts.set(attempts.get().checked_sub(1)?);
        let source = self.source(draft);
        Some(match Grammar::parse(self.rule, &source) {
            Ok(pairs) => {
                let end = pairs.map(|pair| pair.as_span().end()).max().unwrap_or(0);
                let at = source.get(..end).map_or(0, |taken| taken.trim_end().len());
                let expected = CONTINUATIONS.iter().map(|word| (*word).to_owned()).collect();
                Reach { at, whole: at == source.trim_end().len(), expected }
            }
            Err(error) => {
                let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
                let expected = match &error.variant {
                    ErrorVariant::ParsingError { positives, .. } => {
                        positives.iter().flat_map(|rule| spelt(*rule)).collect()
                    }
                    ErrorVariant::CustomError { .. } => Vec::new(),
                };
                Reach { at, whole: false, expected }
            }
        })
    }

    /// Where the draft stops being understood, in the source.
    fn token(self, draft: &Draft, reach: &Reach) -> Option<Span> {
        let at = (draft.rest + reach.at.checked_sub(draft.done.len())?).min(self.span.end);
        let token = token_at(self.text, Span::new(self.span.file, at, self.span.end));
        Some(Span::new(token.file, token.start.min(self.span.end), token.end.min(self.span.end)))
    }

    fn search(
        self,
        draft: &Draft,
        reach: &Reach,
        left: usize,
        attempts: &Cell<u32>,
    ) -> Option<(Draft, String)> {
        let token = self.token(draft, reach)?;
        let mut best: Option<(usize, Draft, Reach, String)> = None;
        for (edited, word) in self.edited(draft, token, &reach.expected) {
            let found = self.reach(&edited, attempts)?;
            if found.whole {
                return Some((edited, word));
            }
            // Progress is counted in what is left of the source.
            let Some(next) = self.token(&edited, &found).filter(|next| next.start > token.start)
            else {
                continue;
            };
            if best.as_ref().is_none_or(|(start, ..)| next.start > *start) {
                best = Some((next.start, edited, found, word));
            }
        }
        let (_, edited, found, word) = best.filter(|_| left > 1)?;
        let (mended, _) = self.search(&edited, &found, left - 1, attempts)?;
        Some((mended, word))
    }

    /// The drafts to try at a token, the likeliest first.
    fn edited(self, draft: &Draft, token: Span, expected: &[String]) -> Vec<(Draft, String)> {
        let found = token.text(self.text);
        // The sign of a `set` is no rule that could be expected, and `to` is taken for it.
        let sign = |word| if self.rule == Rule::set && word == "to" { "=" } else { word };
        let expected: Vec<&str> = expected.iter().map(|word| sign(word.as_str())).collect();
        let next = token_at(self.text, Span::new(token.file, token.end, self.span.end));
        let mut drafts = Vec::new();
        let stands = |gone: Span, word: &str| {
            self.text.get(gone.start..self.span.end).is_some_and(|rest| rest.starts_with(word))
        };
        for (gone, word) in self.replacements(token, &expected) {
            if stands(gone, word) {
                continue;
            }
            drafts.push((self.with(draft, gone, word), word.to_owned()));
        }
        let put = expected
            .iter()
            .filter(|word| **word != found && self.may_be_put(word, found))
            .take(WORDS_MAX);
        for word in put {
            let gone = Span::new(token.file, token.start, token.start);
            drafts.push((self.with(draft, gone, word), (*word).to_owned()));
        }
        if !self.complete && FILLERS.contains(&found) {
            let gone = Span::new(token.file, token.start, next.start);
            drafts.push((self.with(draft, gone, ""), String::new()));
        }
        drafts
    }

    /// What the token, alone or with the next ones, may have been meant to be.
    fn replacements<'w>(self, token: Span, expected: &[&'w str]) -> Vec<(Span, &'w str)> {
        let mut found = Vec::new();
        let words = || expected.iter().copied();
        let longer = |gone: Span| {
            let next = token_at(self.text, Span::new(token.file, gone.end, self.span.end));
            Span::new(token.file, token.start, next.end.min(self.span.end).max(gone.end))
        };
        let two = longer(token);
        for gone in [longer(two), two, token] {
            let written = one_line(gone.text(self.text));
            found.extend(words().filter(|word| habit(&written, word)).map(|word| (gone, word)));
            if written.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ')) {
                let near = nearest(&written, words()).filter(|near| **near != *written);
                found.extend(near.map(|word| (gone, word)));
                let begun = format!("{written} ");
                let mut longer = words().filter(|word| word.starts_with(&begun));
                if let (Some(word), None) = (longer.next(), longer.next()) {
                    found.push((gone, word));
                }
            }
        }
        let written = token.text(self.text);
        let ended = format!(" {written}");
        found.extend(words().filter(|word| word.ends_with(&ended)).map(|word| (token, word)));
        found
    }

    fn may_be_put(self, word: &str, before: &str) -> bool {
        match before.chars().next() {
            None => PUT_AT_END.contains(&word),
            Some(_) if NEVER_PUT.contains(&word) => false,
            Some('"') if self.complete => PUT_BEFORE_TEXT.contains(&word),
            Some(first) if self.complete => first.is_ascii_digit() && word == "at",
            // A bare word is rather meant to be something else than to stand behind something.
            Some(first) => {
                !first.is_alphabetic() && first != '-'
                    || before.contains('.')
                    || KEYWORDS.contains(&before)
                    || spelt(Rule::days).iter().any(|day| day == before)
            }
        }
    }

    /// The draft with `word` in place of what is gone.
    fn with(self, draft: &Draft, gone: Span, word: &str) -> Draft {
        let kept = self.text.get(draft.rest..gone.start).unwrap_or_default();
        let before =
            if gone.start > self.span.start && !ends_blank(kept, &draft.done) { " " } else { "" };
        let glued = self.text.get(gone.end..self.span.end).and_then(|rest| rest.chars().next());
        let after =
            if glued.is_some_and(|c| !c.is_whitespace()) && !word.is_empty() { " " } else { "" };
        let text = format!("{before}{word}{after}");
        let mut edits = draft.edits.clone();
        edits.push(Edit { span: gone, text: text.clone() });
        Draft { done: format!("{}{kept}{text}", draft.done), rest: gone.end, edits }
    }

    fn said(self, token: Option<Span>, word: &str, mended: Draft) -> Diagnostic {
        let token = token.unwrap_or(self.span);
        let found = token.text(self.text);
        let gone = mended.edits.first().map_or(token, |edit| edit.span);
        let written = one_line(gone.text(self.text));
        let other = |token, message| Diagnostic::new(Code::J0101, token, message);
        let diagnostic = if word.is_empty() {
            other(token, format!("did not expect `{found}` here")).here("one word too many")
        } else if !written.is_empty() && nearest(&written, [word]).is_some() {
            misspelt(gone, &written, word)
        } else if !written.is_empty() {
            other(gone, format!("expected `{word}`, found `{written}`"))
                .here(format!("here it is `{word}`"))
        } else if found.is_empty() && !self.block.is_empty() {
            other(token, format!("`{word}` is missing before `{{`")).here("`{` follows")
        } else if found.is_empty() {
            other(token, format!("`{word}` is missing at the end of the line"))
                .here("the line ends too early")
        } else {
            other(token, format!("expected `{word}`, found {}", quoted(self.text, token)))
                .here(format!("`{word}` belongs before it"))
        };
        let title = self.title(word, &mended);
        diagnostic.fix(title, mended.edits)
    }

    /// The whole line where it is short enough, else the first word of it that changes.
    fn title(self, word: &str, mended: &Draft) -> String {
        let rest = self.text.get(mended.rest..self.span.end).unwrap_or_default();
        let line = one_line(&format!("{}{rest}", mended.done));
        if line.chars().count() <= SHOWN_MAX {
            format!("write `{line}{}`", if self.block.is_empty() { "" } else { " { … }" })
        } else if mended.edits.len() == 1 && !word.is_empty() {
            format!("write `{word}`")
        } else {
            "change these words".to_owned()
        }
    }
}

fn ends_blank(kept: &str, done: &str) -> bool {
    let before = if kept.is_empty() { done } else { kept };
    before.ends_with(char::is_whitespace)
}

//! What is said of one piece of junk.

use pest::Parser as _;

use super::Walk;
use super::expected::{between_digits, either, expectation, misspelt, quote_before};
use super::repair::Line;
use super::token::{first_word, quoted, token_at};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::lines::one_line;
use crate::syntax::slips::slip;
use crate::syntax::tree::Node;
use crate::syntax::words::{self, CONTINUATIONS, Form, KEYWORDS, Place, nearest};

impl Walk<'_> {
    /// Junk behind something complete on its line, where an edit makes one of the two.
    pub(super) fn continued(
        &self,
        span: Span,
        junk: &Node,
        place: Place,
        last: &Node,
    ) -> Option<Diagnostic> {
        let token = self.token(span, junk);
        if let Some(diagnostic) = quote_before(self.text, token)
            .or_else(|| slip(self.text, token))
            .or_else(|| self.date_and_time(token, last))
        {
            return Some(diagnostic);
        }
        let line = Line {
            text: self.text,
            rule: place.part_rule().unwrap_or(last.rule),
            span: Span::new(self.file, last.span.start, span.end.max(last.span.end)),
            block: block_of(junk),
            complete: true,
        };
        if let Some(diagnostic) = line.mended(&self.attempts) {
            return Some(diagnostic);
        }
        let word = token.text(self.text);
        let unfinished =
            token.end == span.end && block_of(junk).is_empty() && CONTINUATIONS.contains(&word);
        unfinished.then(|| {
            Diagnostic::new(Code::J0101, token, format!("something is missing behind `{word}`"))
                .here("the line ends too early")
        })
    }

    /// The first token of the junk, which is that of its block where it has no head.
    fn token(&self, span: Span, junk: &Node) -> Span {
        let end = if span.start == span.end { junk.span.end } else { span.end };
        token_at(self.text, Span::new(self.file, span.start, end))
    }

    /// `2026-03-02 10:00`
    fn date_and_time(&self, token: Span, last: &Node) -> Option<Diagnostic> {
        let (date, time) = (last.span.text(self.text), token.text(self.text));
        let is_date =
            date.get(date.len().checked_sub("2026-03-02".len())?..)?.split('-').count() == 3;
        if !is_date || !time.contains(':') || !time.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let gap = Span::new(self.file, last.span.end, token.start);
        Some(
            Diagnostic::new(Code::J0121, token, "a date and its time are joined by `T`")
                .here("a time of day")
                .replace(format!("write `T{time}`"), gap, "T"),
        )
    }

    /// `default subscribed`, `reply to: "…"`
    fn field(&self, token: Span) -> Option<Diagnostic> {
        let name = token.text(self.text);
        if !name.starts_with(char::is_alphabetic) || name.contains('.') {
            return None;
        }
        let next = token_at(self.text, Span::new(self.file, token.end, self.text.len()));
        let word = next.text(self.text);
        let gap = Span::new(self.file, token.end, next.start);
        let is_word = word.starts_with(char::is_alphanumeric);
        if is_word && self.text.get(next.end..).is_some_and(|rest| rest.starts_with(':')) {
            return Some(
                Diagnostic::new(Code::J0122, token, "the name of a field is one word")
                    .here("two words before the `:`")
                    .replace(format!("write `{name}_{word}:`"), gap, "_"),
            );
        }
        (is_word || word == "{").then(|| {
            let end = Span::new(self.file, token.end, token.end);
            Diagnostic::new(Code::J0122, token, format!("a `:` is missing after `{name}`"))
                .here("a field is written `name: VALUE`")
                .replace(format!("write `{name}:`"), end, ":")
        })
    }

    /// Junk behind something complete, which `last` is.
    pub(super) fn trailing(&self, span: Span, junk: &Node, last: Option<&Node>) -> Diagnostic {
        let token = self.token(span, junk);
        if let Some(diagnostic) = quote_before(self.text, token).or_else(|| slip(self.text, token))
        {
            return diagnostic;
        }
        let word = token.text(self.text);
        if let Some(near) = nearest(word, CONTINUATIONS.iter().copied())
            && near != word
            && word.len() > "for".len()
        {
            return misspelt(token, word, near);
        }
        let diagnostic = Diagnostic::new(
            Code::J0101,
            token,
            format!("did not expect {} here", quoted(self.text, token)),
        )
        .here("what stands before it is complete");
        if word == "," && between_digits(self.text, token) {
            return diagnostic.help("thousands are written without a comma: `1000`");
        }
        if word == "with" {
            return diagnostic.help("data is written `with { key: VALUE }`");
        }
        let follows = |rule| last.is_some_and(|last| last.find(rule).is_some());
        if matches!(word, "and" | ",") && follows(Rule::wait) {
            return diagnostic.help("parts of a duration stand side by side: `2 days 12 hours`");
        }
        if matches!(word, "and" | "or" | ",") && follows(Rule::on_activity) {
            return diagnostic
                .help("give each its own line; several lines with `on` mean any of them");
        }
        diagnostic
    }

    /// Junk that stands where a part of `place` should.
    pub(super) fn opening(
        &self,
        span: Span,
        junk: &Node,
        place: Place,
        last: Option<&Node>,
    ) -> Diagnostic {
        let token = self.token(span, junk);
        if let Some(diagnostic) = slip(self.text, token) {
            return diagnostic;
        }
        if place.part == words::FIELDS.part
            && let Some(diagnostic) = self.field(token)
        {
            return diagnostic;
        }
        let word = token.text(self.text);
        if word == "else" && place.part == words::CAMPAIGN.part {
            return self.lonely_else(token, last);
        }
        if word == "late" && place.part == words::CAMPAIGN.part {
            return Diagnostic::new(Code::J0203, token, "this `late` belongs to no `at`")
                .here("no `at` ends just before")
                .help("`late` follows the `}` of its `at`");
        }
        if let Some(form) = place.forms.iter().find(|form| form.begins_with(word)) {
            return self.strictly(span, junk, *form);
        }
        let foreign = place.foreign.iter().filter(|(written, _)| *written == word);
        for (_, meant) in foreign.clone() {
            if let Some(diagnostic) = self.translated(span, junk, place, token, meant) {
                return diagnostic;
            }
        }
        if let Some((elsewhere, help)) = self.elsewhere(word, place) {
            return Diagnostic::new(
                Code::J0216,
                token,
                format!("expected {}, found {elsewhere}", place.part),
            )
            .here("cannot stand here")
            .help(help);
        }
        if let Some(near) = nearest(word, place.forms.iter().map(|form| form.head)) {
            return misspelt(token, word, near);
        }
        let meant = foreign.map(|(_, meant)| *meant).next();
        self.unknown(token, place, meant)
    }

    fn unknown(&self, token: Span, place: Place, meant: Option<&str>) -> Diagnostic {
        let found = quoted(self.text, token);
        let diagnostic =
            Diagnostic::new(Code::J0101, token, format!("expected {}, found {found}", place.part))
                .here("not understood");
        let form = meant
            .and_then(first_word)
            .and_then(|word| place.forms.iter().find(|form| form.head == word));
        if let Some(form) = form {
            return diagnostic.here("a word of another language").help(written(form.shapes));
        }
        let quotes = |words: &[&str]| -> Vec<String> {
            words.iter().map(|word| format!("`{word}`")).collect()
        };
        if place.forms.is_empty() {
            diagnostic.help("a field is written `name: VALUE`")
        } else if place.samples.is_empty() {
            let shapes: Vec<&str> =
                place.forms.iter().flat_map(|form| form.shapes).copied().collect();
            diagnostic.help(written(&shapes))
        } else if place.samples.len() < place.forms.len() {
            let heads = either(&quotes(place.samples));
            diagnostic.help(format!("{} begins with a word such as {heads}", place.part))
        } else {
            diagnostic.help(format!(
                "{} begins with {}",
                place.part,
                either(&quotes(place.samples))
            ))
        }
    }

    /// `run campaign "x"`: a word that other languages have, where the rest fits what it is here.
    fn translated(
        &self,
        span: Span,
        junk: &Node,
        place: Place,
        token: Span,
        meant: &str,
    ) -> Option<Diagnostic> {
        let rule = place.part_rule()?;
        let line = Line { text: self.text, rule, span, block: block_of(junk), complete: false };
        let edits = line.meant(token, meant, &self.attempts)?;
        let word = token.text(self.text);
        let diagnostic =
            Diagnostic::new(Code::J0101, token, format!("expected {}, found `{word}`", place.part))
                .here(if KEYWORDS.contains(&word) {
                    "cannot stand here"
                } else {
                    "a word of another language"
                });
        let mut mended = span.text(self.text).to_owned();
        for edit in edits.iter().rev() {
            let place = edit.span.start - span.start..edit.span.end - span.start;
            if mended.get(place.clone()).is_some() {
                mended.replace_range(place, &edit.text);
            }
        }
        let block = if block_of(junk).is_empty() { "" } else { " { … }" };
        Some(diagnostic.fix(format!("write `{}{block}`", one_line(&mended)), edits))
    }

    fn lonely_else(&self, token: Span, last: Option<&Node>) -> Diagnostic {
        if let Some(at) = last.and_then(|last| last.find(Rule::at_step))
            && !at.has(Rule::late)
        {
            return Diagnostic::new(Code::J0101, token, "expected `late`, found `else`")
                .here("a moment that has passed is `late`")
                .replace("write `late`", token, "late");
        }
        Diagnostic::new(Code::J0203, token, "this `else` belongs to no `if`")
            .here("no `if` ends just before")
            .help("`else` follows the `}` of its `if`")
    }

    /// What the word begins in another place.
    fn elsewhere(&self, word: &str, place: Place) -> Option<(String, &'static str)> {
        [
            (
                words::CAMPAIGN,
                "steps stand inside `campaign \"name\" { … }`, those of an arm inside its `{ … }`",
            ),
            (words::OUTSIDE, "declarations stand outside of each other, on the outermost level"),
            (words::TEST, "such a line stands inside `test \"name\" { … }`"),
        ]
        .into_iter()
        .filter(|(other, _)| other.part != place.part)
        .find(|(other, _)| other.forms.iter().any(|form| form.head == word))
        .map(|(other, help)| (format!("`{word}`, which begins {}", other.part), help))
    }

    /// Tries the rule that the head names, to learn where it stops.
    fn strictly(&self, span: Span, junk: &Node, form: Form) -> Diagnostic {
        let has_block = junk.has(Rule::junk_tail) || junk.has(Rule::junk_wait);
        let rule = self.rule_of(span, form, has_block);
        let tried = Span::new(self.file, span.start, junk.span.end);
        if rule == Rule::wait_listen && !has_block {
            return self.no_arms(span);
        }
        let Err(error) = Grammar::parse(rule, tried.text(self.text)) else {
            return self.trailing(span, junk, None);
        };
        let token = super::expected::stops_at(&error, self.text, tried);
        if let Some(diagnostic) = quote_before(self.text, token).or_else(|| slip(self.text, token))
        {
            return diagnostic;
        }
        let line = Line { text: self.text, rule, span, block: block_of(junk), complete: false };
        if let Some(diagnostic) = line.mended(&self.attempts) {
            return diagnostic;
        }
        expectation(&error, self.text, tried, &self.shapes_of(span, form))
    }

    fn no_arms(&self, span: Span) -> Diagnostic {
        Diagnostic::new(Code::J0101, span, "a wait with a limit says what it waits for")
            .here("no `{ … }` follows")
            .help("it is written `wait up to 5 days { on event \"name\" { … } on timeout { … } }`; a plain pause is `wait 5 days`")
    }

    /// The shapes whose second word stands there, or all.
    fn shapes_of(&self, span: Span, form: Form) -> Vec<&'static str> {
        let second = span.text(self.text).split_whitespace().nth(1).unwrap_or_default();
        let alike: Vec<&str> = form
            .shapes
            .iter()
            .copied()
            .filter(|shape| shape.split_whitespace().nth(1) == Some(second))
            .collect();
        if alike.is_empty() { form.shapes.to_vec() } else { alike }
    }

    fn rule_of(&self, span: Span, form: Form, has_block: bool) -> Rule {
        let rest = span.text(self.text);
        let second = rest.split_whitespace().nth(1).unwrap_or_default();
        let number = second.starts_with(|c: char| c.is_ascii_digit());
        match (form.rule, second) {
            (Rule::on_any, "event" | "page" | "screen" | "form") => Rule::on_activity,
            (Rule::on_any, "match") => Rule::on_match,
            (Rule::on_any, "change") => Rule::on_change,
            (Rule::on_any, "date") => Rule::on_date,
            (Rule::on_any, "object") => Rule::on_object,
            (Rule::on_any, "schedule") => Rule::on_schedule,
            (Rule::send_any, "only") => Rule::send_only,
            (Rule::wait_any, "for") => Rule::wait_for,
            (Rule::wait_any, "up" | "forever" | "{") => Rule::wait_listen,
            (Rule::wait_any, _) if number => Rule::wait,
            (Rule::at_any, _) if has_block => Rule::at_step,
            (rule, _) => rule,
        }
    }
}

/// What stands for the block of the junk, if it has one.
fn block_of(junk: &Node) -> &'static str {
    if junk.has(Rule::junk_tail) || junk.has(Rule::junk_wait) { " { }" } else { "" }
}

fn written(shapes: &[&str]) -> String {
    let shapes: Vec<String> = shapes.iter().map(|shape| format!("`{shape}`")).collect();
    format!("it is written {}", either(&shapes))
}

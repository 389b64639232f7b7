//! What to say of text that nothing in the grammar took: the rule that was meant is tried alone,
//! and where it stops is what the message points at.

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::{Grammar, Rule};
use super::lines::{begins_line, indentation, line_end, line_start};
use super::scan::{self, PieceKind};
use super::slips::slip;
use super::tree::{Node, Tree};
use super::words::{self, Form, Place, called, keyword, nearest};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileIndex, Span};

/// Words that may follow something complete on its line.
const CONTINUATIONS: [&str; 22] = [
    "where",
    "with",
    "to",
    "and",
    "or",
    "unless active",
    "replacing active",
    "ignoring case",
    "within",
    "per",
    "since entry",
    "in the last",
    "at least",
    "at most",
    "exactly",
    "because",
    "transactional",
    "as",
    "until",
    "unless",
    "replacing",
    "ignoring",
];

/// Names every piece of junk that does not follow from another problem.
pub(super) fn explain(tree: &Tree, text: &str, file: FileIndex) -> Vec<Diagnostic> {
    let mut walk = Walk { text, file, found: Vec::new() };
    walk.children(&tree.root, Some(words::OUTSIDE));
    walk.found
}

struct Walk<'a> {
    text: &'a str,
    file: FileIndex,
    found: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// `place` is `None` inside a block whose head was not understood.
    fn children(&mut self, node: &Node, place: Option<Place>) {
        let mut last: Option<&Node> = None;
        let mut entry_told = false;
        for child in &node.children {
            match child.rule {
                Rule::junk | Rule::junk_outside => {
                    if let Some(place) = place
                        && !last.is_some_and(|before| self.goes_on(before, child))
                    {
                        self.junk(child, place, last);
                    }
                    self.inside_junk(child);
                }
                Rule::bad_condition => self.bad_condition(child),
                Rule::else_broken => self.else_broken(child),
                Rule::entry_junk if entry_told => {}
                Rule::entry_junk => {
                    entry_told = true;
                    self.entry(child);
                }
                _ => self.children(child, inner_place(child.rule).or(place)),
            }
            last = Some(child);
        }
    }

    /// Whether this junk is the rest of a broken construct that began further left.
    fn goes_on(&self, before: &Node, junk: &Node) -> bool {
        let broken = matches!(before.rule, Rule::junk | Rule::junk_outside)
            || before.find(Rule::bad_condition).is_some();
        let deeper =
            indentation(self.text, junk.span.start) > indentation(self.text, before.span.start);
        let rest_of_line = !begins_line(self.text, junk.span.start);
        broken && (deeper || rest_of_line)
    }

    fn inside_junk(&mut self, junk: &Node) {
        if let Some(wait) = junk.child(Rule::junk_wait) {
            self.children(wait, None);
        }
        let known = first_word(junk.text(self.text))
            .is_some_and(|word| ["if", "else", "on", "wait"].contains(&word));
        if let Some(tail) = junk.child(Rule::junk_tail) {
            for block in tail.all(Rule::block) {
                self.children(block, known.then_some(words::CAMPAIGN));
            }
        }
    }

    fn junk(&mut self, junk: &Node, place: Place, last: Option<&Node>) {
        if self.open_string(junk) {
            return;
        }
        let head = junk.find(Rule::junk_head).map_or(junk.span, |head| head.span);
        let label_end = label_length(head.text(self.text));
        let start = head.start + label_end;
        let span = Span::new(self.file, start, head.end);
        let word = token_at(self.text, span).text(self.text);
        let known = place.forms.is_empty()
            || word == "else"
            || place.forms.iter().any(|form| form.head == word);
        let found = if !begins_line(self.text, head.start) && last.is_some() && !known {
            self.trailing(span, last)
        } else {
            self.opening(span, junk, place)
        };
        self.found.push(found);
    }

    /// Junk behind something complete.
    fn trailing(&self, span: Span, last: Option<&Node>) -> Diagnostic {
        let token = token_at(self.text, span);
        if let Some(diagnostic) = quote_before(self.text, token).or_else(|| slip(self.text, token))
        {
            return diagnostic;
        }
        let word = token.text(self.text);
        if let Some(near) = nearest(word, CONTINUATIONS)
            && near != word
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
        if word == "and" && last.is_some_and(|last| last.find(Rule::wait).is_some()) {
            return diagnostic.help("parts of a duration stand side by side: `2 days 12 hours`");
        }
        diagnostic
    }

    /// Junk that stands where a part of `place` should.
    fn opening(&self, span: Span, junk: &Node, place: Place) -> Diagnostic {
        let token = token_at(self.text, span);
        if let Some(diagnostic) = slip(self.text, token) {
            return diagnostic;
        }
        let word = token.text(self.text);
        if word == "else" {
            return Diagnostic::new(Code::J0203, token, "this `else` belongs to no `if`")
                .here("no `if` ends just before")
                .help("`else` follows the `}` of its `if`");
        }
        if let Some(form) = place.forms.iter().find(|form| form.head == word) {
            return self.strictly(span, junk, *form);
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
        let heads = place.forms.iter().map(|form| form.head).chain(place.later.iter().copied());
        if let Some(near) = nearest(word, heads) {
            return misspelt(token, word, near);
        }
        let found = quoted(self.text, token);
        let diagnostic =
            Diagnostic::new(Code::J0101, token, format!("expected {}, found {found}", place.part))
                .here("not understood");
        match place.forms {
            [] => diagnostic.help("a field is written `name: VALUE`"),
            forms => {
                let heads: Vec<_> = forms.iter().map(|form| format!("`{}`", form.head)).collect();
                diagnostic.help(format!("{} begins with {}", place.part, either(&heads)))
            }
        }
    }

    /// What the word begins in another place.
    fn elsewhere(&self, word: &str, place: Place) -> Option<(String, &'static str)> {
        [
            (words::CAMPAIGN, "steps stand inside `campaign \"name\" { … }`, those of a wait inside its arms: `on event \"x\" { … }`"),
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
        let rule = self.rule_of(span, form);
        let tried = Span::new(self.file, span.start, junk.span.end);
        match Grammar::parse(rule, tried.text(self.text)) {
            Err(error) => expectation(&error, self.text, tried, form.shapes),
            Ok(_) => self.trailing(span, None),
        }
    }

    fn rule_of(&self, span: Span, form: Form) -> Rule {
        let rest = span.text(self.text);
        let second = rest.split_whitespace().nth(1).unwrap_or_default();
        match (form.rule, second) {
            (Rule::wait_any, second) if second.starts_with(|c: char| c.is_ascii_digit()) => {
                Rule::wait
            }
            (Rule::wait_any, "up" | "forever") => Rule::wait_listen,
            (rule, _) => rule,
        }
    }

    /// A string without its end explains everything behind it.
    fn open_string(&mut self, node: &Node) -> bool {
        let Some(string) = node.find(Rule::open_string).or_else(|| node.find(Rule::open_block))
        else {
            return false;
        };
        let span = first_line(string.span, self.text);
        self.found.push(
            Diagnostic::new(Code::J0102, span, "this string does not end")
                .here("a quote is missing")
                .help("end it with the quotes it begins with"),
        );
        true
    }

    fn bad_condition(&mut self, node: &Node) {
        if self.open_string(node) {
            return;
        }
        let end = if node.span.start == node.span.end {
            line_end(self.text, node.span.start)
        } else {
            node.span.end
        };
        let tried = Span::new(self.file, node.span.start, end);
        if let Err(error) = Grammar::parse(Rule::condition_only, tried.text(self.text)) {
            self.found.push(expectation(
                &error,
                self.text,
                tried,
                &["segment \"name\" = CONDITION"],
            ));
        }
    }

    fn else_broken(&mut self, node: &Node) {
        let start = node.child(Rule::kw_if).map_or(node.span.start, |word| word.span.end);
        let end = node.child(Rule::block).map_or(node.span.end, |block| block.span.start);
        let tried = Span::new(self.file, start, end);
        if let Err(error) = Grammar::parse(Rule::condition_only, tried.text(self.text)) {
            self.found.push(expectation(&error, self.text, tried, &["else if CONDITION { … }"]));
        }
        self.children(node, Some(words::CAMPAIGN));
    }

    fn entry(&mut self, node: &Node) {
        if self.open_string(node) {
            return;
        }
        if let (true, Err(error)) =
            (node.text(self.text).contains(':'), Grammar::parse(Rule::entry, node.text(self.text)))
        {
            self.found.push(expectation(
                &error,
                self.text,
                node.span,
                &["{ plan: \"pro\", seats: 3 }"],
            ));
            return;
        }
        let token = token_at(self.text, node.span);
        self.found.push(
            Diagnostic::new(
                Code::J0101,
                token,
                format!("expected `key: VALUE`, found {}", quoted(self.text, token)),
            )
            .here("not understood")
            .help("an object is written `{ plan: \"pro\", seats: 3 }`"),
        );
    }
}

const fn inner_place(rule: Rule) -> Option<Place> {
    match rule {
        Rule::block => Some(words::CAMPAIGN),
        Rule::arms => Some(words::ARMS),
        Rule::fields => Some(words::FIELDS),
        Rule::test_block => Some(words::TEST),
        _ => None,
    }
}

/// Says what was expected where the strict attempt stopped.
pub(super) fn expectation(
    error: &Error<Rule>,
    text: &str,
    tried: Span,
    shapes: &[&str],
) -> Diagnostic {
    let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
    let token = token_at(text, Span::new(tried.file, tried.start + offset, text.len()));
    let found = quoted(text, token);
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    if let Some(diagnostic) = quote_before(text, token).or_else(|| slip(text, token)) {
        return diagnostic;
    }
    let word = token.text(text);
    let mut spelt: Vec<String> = expected.iter().filter_map(|rule| keyword(*rule)).collect();
    if expected.contains(&Rule::signal) {
        spelt.extend(["event".to_owned(), "performed".to_owned()]);
    }
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
    let message = if named.is_empty() {
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
fn between_digits(text: &str, sign: Span) -> bool {
    let before = text.get(..sign.start).and_then(|before| before.chars().next_back());
    let after = text.get(sign.end..).and_then(|after| after.chars().next());
    [before, after].into_iter().all(|side| side.is_some_and(|side| side.is_ascii_digit()))
}

/// `only customer.x`: the first word of a phrase, and then not its second.
fn half_phrase(text: &str, token: Span, spelt: &[String]) -> Option<Diagnostic> {
    let word = token.text(text);
    let rest = spelt.iter().find_map(|phrase| phrase.strip_prefix(word)?.strip_prefix(' '))?;
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
fn quote_before(text: &str, token: Span) -> Option<Diagnostic> {
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

fn misspelt(token: Span, word: &str, near: &str) -> Diagnostic {
    let here = if !word.is_ascii() && near.is_ascii() {
        // Letters of another alphabet can look the same.
        format!("a letter here is none of `a` to `z`; did you mean `{near}`?")
    } else {
        format!("did you mean `{near}`?")
    };
    Diagnostic::new(Code::J0115, token, format!("unknown word `{word}`")).here(here).replace(
        format!("write `{near}`"),
        token,
        near,
    )
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

fn first_line(span: Span, text: &str) -> Span {
    let length = span.text(text).lines().next().map_or(0, str::len);
    Span::new(span.file, span.start, span.start + length)
}

fn first_word(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().filter(|word| !word.is_empty())
}

/// Length of `label: ` at the beginning, 0 without one.
fn label_length(text: &str) -> usize {
    let word = first_word(text).map_or(0, str::len);
    match text.get(word..).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) if word > 0 && !rest.trim_start().is_empty() => {
            text.len() - rest.trim_start().len()
        }
        _ => 0,
    }
}

/// The token at the beginning of `span`; an empty span at the end of a line where there is none.
fn token_at(text: &str, span: Span) -> Span {
    let rest = text.get(span.start..).unwrap_or_default();
    let mut at = span.start;
    for piece in scan::pieces(rest.get(..line_limit(rest)).unwrap_or_default()) {
        at = span.start + piece.start;
        match piece.kind {
            PieceKind::Blank => {}
            PieceKind::Comment => break,
            PieceKind::Text | PieceKind::Sign(_) | PieceKind::Other => {
                return Span::new(span.file, at, span.start + piece.end);
            }
        }
    }
    let end = span.start + rest.get(..at - span.start).unwrap_or_default().trim_end().len();
    Span::new(span.file, end, end)
}

/// Far enough to see the next token, which may be a block string.
fn line_limit(rest: &str) -> usize {
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let line = rest.get(blank..).unwrap_or_default();
    if line.starts_with("\"\"\"") {
        rest.len()
    } else {
        blank + line.find('\n').unwrap_or(line.len())
    }
}

fn quoted(text: &str, token: Span) -> String {
    match token.text(text) {
        "" if token.start >= text.len() => "the end of the file".to_owned(),
        "" => "the end of the line".to_owned(),
        word => match word.chars().next() {
            Some(first) if first.is_control() => {
                format!("the invisible character U+{:04X}", u32::from(first))
            }
            _ => format!("`{}`", word.lines().next().unwrap_or_default()),
        },
    }
}

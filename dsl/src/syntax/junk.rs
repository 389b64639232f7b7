//! What to say of text that nothing in the grammar took: the rule that was meant is tried alone,
//! and where it stops is what the message points at.

mod expected;
mod message;
mod repair;
mod token;

pub(super) use expected::expectation;

use std::cell::Cell;

use pest::Parser as _;

use super::grammar::{Grammar, Rule};
use super::lines::{begins_line, indentation, line_end};
use super::tree::{Node, Tree};
use super::words::{self, Place};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileIndex, Span};
use token::{first_line, first_word, label_length, quoted, token_at};

/// Words that begin something whose block holds steps.
const BLOCK_HEADS: [&str; 8] = ["if", "else", "on", "at", "late", "repeat", "iff", "unless"];

/// Names every piece of junk that does not follow from another problem.
pub(super) fn explain(tree: &Tree, text: &str, file: FileIndex) -> Vec<Diagnostic> {
    let mut walk =
        Walk { tree, text, file, found: Vec::new(), attempts: Cell::new(repair::ATTEMPTS_MAX) };
    walk.children(&tree.root, Some(words::OUTSIDE));
    walk.found
}

struct Walk<'a> {
    tree: &'a Tree,
    text: &'a str,
    file: FileIndex,
    found: Vec<Diagnostic>,
    attempts: Cell<u32>,
}

impl Walk<'_> {
    /// `place` is `None` inside a block whose head was not understood.
    fn children(&mut self, node: &Node, place: Option<Place>) {
        let mut last: Option<&Node> = None;
        let mut entry_told = false;
        for child in &node.children {
            match child.rule {
                Rule::junk | Rule::junk_outside => {
                    let goes_on = last.is_some_and(|before| self.goes_on(before, child));
                    if let Some(place) = place
                        && !goes_on
                    {
                        self.junk(child, place, last);
                    }
                    self.inside_junk(child);
                    if goes_on {
                        // What comes next is measured by what began it.
                        continue;
                    }
                }
                Rule::bad_condition => self.bad_condition(child),
                Rule::else_broken => self.else_broken(child),
                Rule::entry_junk if entry_told => {}
                Rule::entry_junk => {
                    entry_told = true;
                    self.entry(child);
                }
                _ if self.tree.has_junk(child.span) => {
                    self.children(child, inner_place(child.rule).or(place));
                }
                _ => {}
            }
            last = Some(child);
        }
    }

    /// Whether this junk is the rest of a broken construct that began further left.
    fn goes_on(&self, before: &Node, junk: &Node) -> bool {
        let broken = matches!(before.rule, Rule::junk | Rule::junk_outside)
            || self.tree.has_junk(before.span) && before.find(Rule::bad_condition).is_some();
        let deeper =
            indentation(self.text, junk.span.start) > indentation(self.text, before.span.start);
        let rest_of_line = !begins_line(self.text, junk.span.start);
        broken && (deeper || rest_of_line)
    }

    fn inside_junk(&mut self, junk: &Node) {
        if let Some(wait) = junk.child(Rule::junk_wait) {
            self.children(wait, None);
        }
        let known = holds_steps(junk.text(self.text));
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
        let wait = junk.child(Rule::junk_wait).unwrap_or(junk);
        let empty = Span::new(self.file, junk.span.start, junk.span.start);
        let head = wait.child(Rule::junk_head).map_or(empty, |head| head.span);
        let is_step = place.part == words::CAMPAIGN.part;
        let label_end = if is_step { label_length(head.text(self.text)) } else { 0 };
        let start = head.start + label_end;
        let span = Span::new(self.file, start, head.end);
        let word = token_at(self.text, Span::new(self.file, start, junk.span.end)).text(self.text);
        let known = place.forms.is_empty()
            || word == "else"
            || place.forms.iter().any(|form| form.begins_with(word));
        let before = last.filter(|_| !begins_line(self.text, head.start));
        if before.is_some_and(ends_bare) && word.chars().all(char::is_alphanumeric) {
            // The name before it was told to have no quotes already.
            return;
        }
        let continued = before.and_then(|last| self.continued(span, junk, place, last));
        let found = continued.unwrap_or_else(|| match before {
            Some(_) if !known => self.trailing(span, junk, last),
            _ => self.opening(span, junk, place, last),
        });
        self.found.push(found);
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

/// Whether the last of it is a name without quotes.
fn ends_bare(node: &Node) -> bool {
    node.rule == Rule::slip_name || node.children.last().is_some_and(ends_bare)
}

/// Whether what begins with this junk holds steps in its block.
fn holds_steps(junk: &str) -> bool {
    let head = junk.get(label_length(junk)..).unwrap_or_default();
    head.starts_with(|c: char| c.is_ascii_digit() || c == '"')
        || first_word(head).is_some_and(|word| BLOCK_HEADS.contains(&word))
}

const fn inner_place(rule: Rule) -> Option<Place> {
    match rule {
        Rule::block => Some(words::CAMPAIGN),
        Rule::arms => Some(words::ARMS),
        Rule::match_arms => Some(words::MATCH_ARMS),
        Rule::shares => Some(words::SHARES),
        Rule::call_fields => Some(words::CALL_FIELDS),
        Rule::cap_block => Some(words::CAP),
        Rule::fields => Some(words::FIELDS),
        Rule::test_block => Some(words::TEST),
        _ => None,
    }
}

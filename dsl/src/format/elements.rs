//! What stands in a node, in order: inner nodes, words that are no node, comments.
//!
//! The words are what the grammar spells out inside a rule, such as `{` or `edition`. They are read
//! from the text between the inner nodes, so that no rule of the grammar needs to be known here.

use super::table;
use crate::span::Span;
use crate::syntax::{Node, Rule, Tree};

/// One file, as the formatter reads it.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) tree: &'t Tree,
}

/// A part of a node.
#[derive(Clone, Copy)]
pub(super) enum Element<'t> {
    Node(&'t Node),
    Word(Span),
    Comment(Span),
}

impl Element<'_> {
    pub(super) const fn span(&self) -> Span {
        match self {
            Self::Node(node) => node.span,
            Self::Word(span) | Self::Comment(span) => *span,
        }
    }
}

impl<'t> Source<'t> {
    /// Everything in `node`. Empty for a node that is one word as a whole.
    pub(super) fn elements(&self, node: &'t Node) -> Vec<Element<'t>> {
        let mut elements = Vec::new();
        if self.is_word(node) {
            return elements;
        }
        let mut at = node.span.start;
        for child in &node.children {
            self.between(Span::new(node.span.file, at, child.span.start), &mut elements);
            elements.push(Element::Node(child));
            at = child.span.end.max(at);
        }
        self.between(Span::new(node.span.file, at, node.span.end), &mut elements);
        elements
    }

    /// Whether a node is written as one word, whatever stands in it.
    pub(super) fn is_word(&self, node: &Node) -> bool {
        table::is_word(node.rule)
            || node.children.is_empty()
                && node.rule != Rule::file
                && self.comments(node.span).next().is_none()
    }

    /// The text of a word, white space inside it as one space, where it is a word of the language.
    pub(super) fn word(&self, node: &Node) -> String {
        let text = node.text(self.text);
        if table::is_verbatim(node.rule) {
            return text.to_owned();
        }
        text.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn comments(&self, within: Span) -> impl Iterator<Item = Span> + use<'t> {
        let all: &'t [Span] = &self.tree.comments;
        let first = all.partition_point(|comment| comment.start < within.start);
        let rest = all.get(first..).unwrap_or_default();
        rest.iter().copied().take_while(move |comment| comment.end <= within.end)
    }

    fn between(&self, gap: Span, elements: &mut Vec<Element<'t>>) {
        let mut at = gap.start;
        for comment in self.comments(gap) {
            self.words(Span::new(gap.file, at, comment.start), elements);
            elements.push(Element::Comment(comment));
            at = comment.end;
        }
        self.words(Span::new(gap.file, at, gap.end), elements);
    }

    fn words(&self, gap: Span, elements: &mut Vec<Element<'t>>) {
        let text = self.text.get(gap.start..gap.end).unwrap_or_default();
        let mut at = 0;
        while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.get(at..).unwrap_or_default();
            let length = match class(first) {
                Class::Blank | Class::Alone => first.len_utf8(),
                class_of_word => rest.find(|c| class(c) != class_of_word).unwrap_or(rest.len()),
            };
            if class(first) != Class::Blank {
                let start = gap.start + at;
                elements.push(Element::Word(Span::new(gap.file, start, start + length)));
            }
            at += length;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    /// A word by itself, whatever stands beside it.
    Alone,
    Letter,
    Sign,
}

fn class(c: char) -> Class {
    match c {
        '{' | '}' | '(' | ')' | '[' | ']' | ',' | ':' => Class::Alone,
        c if is_blank(c) => Class::Blank,
        c if c.is_alphanumeric() || c == '_' => Class::Letter,
        _ => Class::Sign,
    }
}

/// White space of the language.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

//! The tree: what the grammar found, with spans that end where the text ends and not where the
//! white space after it does.

use pest::iterators::{Pair, Pairs};

use super::grammar::Rule;
use crate::span::{FileIndex, Span};

/// A whole text as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Covers everything.
    pub root: Node,
    /// Every comment, in order; they stand in no node.
    pub comments: Vec<Span>,
}

/// A part of the text that a rule of the grammar took.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Which rule.
    pub rule: Rule,
    /// From its first to its last token.
    pub span: Span,
    /// In order.
    pub children: Vec<Node>,
}

impl Tree {
    pub(super) const fn empty(rule: Rule, span: Span) -> Self {
        Self { root: Node { rule, span, children: Vec::new() }, comments: Vec::new() }
    }

    pub(super) fn new(rule: Rule, pairs: Pairs<'_, Rule>, text: &str, file: FileIndex) -> Self {
        let mut comments = Vec::new();
        for pair in pairs.clone().flatten() {
            if pair.as_rule() == Rule::COMMENT {
                let span = pair.as_span();
                let length = span.as_str().trim_end().len();
                comments.push(Span::new(file, span.start(), span.start() + length));
            }
        }
        comments.sort();
        comments.dedup();
        let convert = Convert { text, file, comments: &comments };
        let children = pairs
            .filter(|pair| pair.as_rule() == rule)
            .flat_map(Pair::into_inner)
            .filter_map(|pair| convert.node(pair))
            .collect();
        let root = Node { rule, span: Span::new(file, 0, text.len()), children };
        Self { root, comments }
    }

    /// Offsets at which blank lines begin, between lines that are not.
    #[must_use]
    pub fn blank_lines(&self, text: &str) -> Vec<usize> {
        let mut at = 0;
        let mut blank = Vec::new();
        for line in text.split_inclusive('\n') {
            if line.trim().is_empty() {
                blank.push(at);
            }
            at += line.len();
        }
        blank
    }
}

impl Node {
    /// The text under it.
    #[must_use]
    pub fn text<'t>(&self, source: &'t str) -> &'t str {
        self.span.text(source)
    }

    /// The first child of this rule.
    #[must_use]
    pub fn child(&self, rule: Rule) -> Option<&Self> {
        self.children.iter().find(|child| child.rule == rule)
    }

    /// All children of this rule.
    pub fn all(&self, rule: Rule) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.rule == rule)
    }

    /// Whether there is a child of this rule.
    #[must_use]
    pub fn has(&self, rule: Rule) -> bool {
        self.child(rule).is_some()
    }

    /// The first node of this rule among its descendants, itself included.
    #[must_use]
    pub fn find(&self, rule: Rule) -> Option<&Self> {
        if self.rule == rule {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(rule))
    }
}

struct Convert<'a> {
    text: &'a str,
    file: FileIndex,
    comments: &'a [Span],
}

impl Convert<'_> {
    fn node(&self, pair: Pair<'_, Rule>) -> Option<Node> {
        let rule = pair.as_rule();
        if matches!(rule, Rule::COMMENT | Rule::EOI) {
            return None;
        }
        let span = pair.as_span();
        let (start, end) = (span.start(), self.trimmed(span.start(), span.end()));
        let children: Vec<Node> = pair.into_inner().filter_map(|inner| self.node(inner)).collect();
        // A brace that was put in place of a blank stands behind what is left of its block.
        let end = children.last().map_or(end, |last| end.max(last.span.end));
        Some(Node { rule, span: Span::new(self.file, start, end), children })
    }

    /// Takes white space and comments off the end, which optional parts of a rule ran over.
    fn trimmed(&self, start: usize, mut end: usize) -> usize {
        loop {
            let text = self.text.get(start..end).unwrap_or_default();
            end =
                start + text.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').len();
            let after = self.comments.partition_point(|comment| comment.end < end);
            match self.comments.get(after) {
                Some(comment) if comment.end == end && comment.start >= start => {
                    end = comment.start
                }
                _ => return end,
            }
        }
    }
}

//! The tree: what the grammar found, with spans that end where the text ends and not where the
//! white space after it does.

use pest::iterators::{Pair, Pairs};

use super::grammar::Rule;
use super::scan::is_blank;
use crate::span::{FileIndex, Span};

/// A whole text as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Covers everything.
    pub root: Node,
    /// Every comment, in order; they stand in no node.
    pub comments: Vec<Span>,
    /// Where that begins which was not understood, in order.
    junk: Vec<usize>,
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
        let root = Node { rule, span, children: Vec::new() };
        Self { root, comments: Vec::new(), junk: Vec::new() }
    }

    /// Whether something that was not understood begins here.
    pub(super) fn has_junk(&self, span: Span) -> bool {
        let at = self.junk.partition_point(|start| *start < span.start);
        self.junk.get(at).is_some_and(|start| *start <= span.end)
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

/// A tree whose parts are parsed one after the other.
pub(super) struct Growing<'a> {
    text: &'a str,
    file: FileIndex,
    /// Where the part begins that is read.
    base: usize,
    children: Vec<Node>,
    /// Those met so far, in order.
    comments: Vec<Span>,
    /// Beginnings of those met so far, in order.
    junk: Vec<usize>,
}

impl<'a> Growing<'a> {
    pub(super) fn new(text: &'a str, file: FileIndex) -> Self {
        let (children, comments, junk) = (Vec::new(), Vec::new(), Vec::new());
        Self { text, file, base: 0, children, comments, junk }
    }

    /// Takes in what was found in the part that begins at byte `base`.
    pub(super) fn add(&mut self, rule: Rule, pairs: Pairs<'_, Rule>, base: usize) {
        self.base = base;
        for pair in pairs.filter(|pair| pair.as_rule() == rule).flat_map(Pair::into_inner) {
            let node = self.node(pair);
            self.children.extend(node);
        }
    }

    pub(super) fn tree(self, rule: Rule) -> Tree {
        let span = Span::new(self.file, 0, self.text.len());
        let root = Node { rule, span, children: self.children };
        Tree { root, comments: self.comments, junk: self.junk }
    }

    fn node(&mut self, pair: Pair<'_, Rule>) -> Option<Node> {
        let rule = pair.as_rule();
        let span = pair.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        match rule {
            Rule::EOI => return None,
            Rule::COMMENT => {
                self.comment(start, end);
                return None;
            }
            Rule::junk
            | Rule::junk_outside
            | Rule::bad_condition
            | Rule::else_broken
            | Rule::entry_junk => self.junk.push(start),
            _ => {}
        }
        let children: Vec<Node> = pair.into_inner().filter_map(|inner| self.node(inner)).collect();
        // INVARIANT: all comments before `end` are known, since they stand in what was just read.
        let end = self.trimmed(start, end);
        // A brace that was put in place of a blank stands behind what is left of its block.
        let end = children.last().map_or(end, |last| end.max(last.span.end));
        Some(Node { rule, span: Span::new(self.file, start, end), children })
    }

    fn comment(&mut self, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        let comment = Span::new(self.file, start, start + text.trim_end_matches(is_blank).len());
        if self.comments.last().is_none_or(|last| *last < comment) {
            self.comments.push(comment);
        }
    }

    /// Takes white space and comments off the end, which optional parts of a rule ran over.
    fn trimmed(&self, start: usize, mut end: usize) -> usize {
        loop {
            let text = self.text.get(start..end).unwrap_or_default();
            end = start + text.trim_end_matches(is_blank).len();
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

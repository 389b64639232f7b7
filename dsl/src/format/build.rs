//! From the tree to phrases: which parts a line has, and how they follow each other.

use std::borrow::Cow;

use super::elements::{Element, Source, is_blank};
use super::layout::{Bracketed, Comment, Frame, Kind, Part, Phrase, Row, Stop};
use super::rows::{Finished, Rows};
use super::spacing;
use super::table::{self, Inside};
use crate::span::Span;
use crate::syntax::{Node, Rule};

/// The rows of a whole file.
pub(super) fn file<'t>(source: Source<'t>) -> Vec<Row<'t>> {
    let root = &source.tree.root;
    let mut rows = Rows::new(source, root.span.start, Frame::File);
    for element in source.elements(root) {
        rows.push(element);
    }
    rows.finish().rows
}

/// Parts of one line as they come.
pub(super) struct Line<'t> {
    source: Source<'t>,
    parts: Vec<Part<'t>>,
    /// What the next word is spaced from, with its end in the source.
    before: Option<Before<'t>>,
    /// Whether a line may be broken before the next word.
    next_stop: Stop,
}

struct Before<'t> {
    text: Cow<'t, str>,
    end: usize,
}

impl<'t> Line<'t> {
    pub(super) const fn new(source: Source<'t>) -> Self {
        Self { source, parts: Vec::new(), before: None, next_stop: Stop::Never }
    }

    pub(super) fn finish(self) -> Phrase<'t> {
        Phrase::new(self.parts)
    }

    pub(super) fn element(&mut self, element: Element<'t>) {
        match element {
            Element::Node(node) => self.node(node),
            Element::Word(span) => self.word(Cow::Borrowed(span.text(self.source.text)), span),
            Element::Comment(span) => self.comment(span),
        }
    }

    pub(super) fn node(&mut self, node: &'t Node) {
        if self.source.is_word(node) {
            let text = node.text(self.source.text);
            let word = self.source.word(node);
            let word = if word == text { Cow::Borrowed(text) } else { Cow::Owned(word) };
            self.word(word, node.span);
            if let Some(stop) = table::stop_behind(node.rule) {
                self.next_stop = stop;
            }
            return;
        }
        if table::is_condition(node.rule)
            && node.children.iter().any(|child| table::is_junction(child.rule))
        {
            self.condition(node);
            return;
        }
        let mut elements = self.source.elements(node).into_iter();
        while let Some(element) = elements.next() {
            if let Element::Node(child) = element
                && let Some(stop) = table::stop_before(node.rule, child.rule)
            {
                self.may_break(stop);
            }
            match self.opened(element, node.rule) {
                Some(frame) => self.bracketed(frame, element.span(), &mut elements),
                None => self.element(element),
            }
        }
    }

    /// A line may be broken before the next word, unless it is the first.
    fn may_break(&mut self, stop: Stop) {
        if self.next_stop == Stop::Never && !self.parts.is_empty() {
            self.next_stop = stop;
        }
    }

    /// The frame that begins with this element.
    fn opened(&self, element: Element<'t>, rule: Rule) -> Option<Frame> {
        let Element::Word(span) = element else { return None };
        match (span.text(self.source.text), table::inside(rule)) {
            ("[", _) => Some(Frame::List),
            ("{", Inside::Lines) => Some(Frame::Lines),
            ("{", Inside::Fields) => Some(Frame::Fields),
            ("{", Inside::Entries) => Some(Frame::Entries),
            _ => None,
        }
    }

    fn word(&mut self, word: Cow<'t, str>, span: Span) {
        let spaced = self.spaced(&word, span.start);
        if self.next_stop == Stop::Junction {
            self.mark_comments(Stop::Junction);
        }
        let stop = std::mem::replace(&mut self.next_stop, Stop::Never);
        let kind = if word.starts_with("\"\"\"") && word.contains('\n') {
            Kind::BlockText(span.text(self.source.text))
        } else {
            Kind::Word(word.clone())
        };
        let part = Part { spaced, stop, kind };
        if matches!(word.as_ref(), "," | ":") {
            self.push_before_comments(part);
        } else {
            self.parts.push(part);
        }
        self.before = Some(Before { text: word, end: span.end });
    }

    fn spaced(&self, word: &str, start: usize) -> bool {
        self.before
            .as_ref()
            .is_some_and(|before| spacing::is_spaced(&before.text, word, before.end < start))
    }

    /// Signs that belong to the word before them do not stand behind its comment.
    fn push_before_comments(&mut self, part: Part<'t>) {
        let comments = self.trailing_comments();
        self.parts.push(part);
        self.parts.extend(comments.into_iter().map(Part::comment));
    }

    /// Comments on lines of their own are indented as what follows them.
    fn mark_comments(&mut self, stop: Stop) {
        for part in self.parts.iter_mut().rev().take_while(|part| part.is_comment()) {
            part.stop = stop;
        }
    }

    pub(super) fn trailing_comments(&mut self) -> Vec<Comment<'t>> {
        let mut comments = Vec::new();
        while let Some(Part { kind: Kind::Comment(comment), .. }) = self.parts.last() {
            comments.push(*comment);
            self.parts.pop();
        }
        comments.reverse();
        comments
    }

    fn comment(&mut self, span: Span) {
        let text = span.text(self.source.text);
        let is_alone = begins_line(self.source.text, span.start);
        self.remark(Comment { text, is_alone });
    }

    pub(super) fn remark(&mut self, comment: Comment<'t>) {
        self.parts.push(Part::comment(comment));
    }

    fn condition(&mut self, node: &'t Node) {
        let mut inner = Self::new(self.source);
        inner.before = self.before.take();
        for element in self.source.elements(node) {
            if let Element::Node(child) = element
                && table::is_junction(child.rule)
            {
                inner.next_stop = Stop::Junction;
            }
            inner.element(element);
        }
        self.before = inner.before.take();
        let first = inner.parts.first_mut();
        let spaced = first.is_some_and(|part| std::mem::take(&mut part.spaced));
        let stop = std::mem::replace(&mut self.next_stop, Stop::Never);
        self.parts.push(Part { spaced, stop, kind: Kind::Condition(inner.finish()) });
    }

    fn bracketed(
        &mut self,
        frame: Frame,
        opener: Span,
        elements: &mut impl Iterator<Item = Element<'t>>,
    ) {
        let (open, close) = frame.ends();
        let spaced = self.spaced(open, opener.start);
        let mut rows = Rows::new(self.source, opener.end, frame);
        if frame != Frame::List {
            rows.adopt(self.trailing_comments());
        }
        let mut end = opener.end;
        for element in elements {
            end = element.span().end;
            let is_comment = matches!(element, Element::Comment(_));
            if !is_comment && element.span().text(self.source.text) == close {
                break;
            }
            rows.push(element);
        }
        let is_one_line = rows.is_one_line(end);
        let Finished { rows, remark } = rows.finish();
        let inner = Bracketed::new(frame, rows, remark, is_one_line);
        self.parts.push(Part { spaced, stop: Stop::Never, kind: Kind::Bracketed(inner) });
        self.next_stop = Stop::Never;
        self.before = Some(Before { text: Cow::Borrowed(close), end });
    }
}

impl<'t> Part<'t> {
    const fn comment(comment: Comment<'t>) -> Self {
        Self { spaced: false, stop: Stop::Never, kind: Kind::Comment(comment) }
    }
}

fn begins_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default().chars().all(is_blank)
}

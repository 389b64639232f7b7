//! What stands on lines of its own inside braces, brackets and files, and where comments go.

use super::build::Line;
use super::elements::{Element, Source};
use super::layout::{Comment, Frame, Phrase, Row, RowKind};
use crate::span::Span;
use crate::syntax::Rule;

/// Rows of a frame as they come.
pub(super) struct Rows<'t> {
    source: Source<'t>,
    frame: Frame,
    rows: Vec<Row<'t>>,
    /// What stands between two commas, where rows end with one.
    open: Option<(Line<'t>, bool)>,
    remark: Option<&'t str>,
    start: usize,
    /// Where the last element ended.
    end: usize,
}

pub(super) struct Finished<'t> {
    pub(super) rows: Vec<Row<'t>>,
    pub(super) remark: Option<&'t str>,
}

impl<'t> Rows<'t> {
    pub(super) const fn new(source: Source<'t>, start: usize, frame: Frame) -> Self {
        Self { source, frame, rows: Vec::new(), open: None, remark: None, start, end: start }
    }

    fn has_commas(&self) -> bool {
        !self.frame.is_block()
    }

    pub(super) fn is_one_line(&self, end: usize) -> bool {
        !self.source.text.get(self.start..end).unwrap_or_default().contains('\n')
    }

    /// Comments from before the opening brace.
    pub(super) fn adopt(&mut self, comments: Vec<Comment<'t>>) {
        for comment in comments {
            if self.remark.is_none() && self.rows.is_empty() && !comment.is_alone {
                self.remark = Some(comment.text);
            } else {
                self.rows.push(Row::comment(comment.text, false));
            }
        }
    }

    pub(super) fn push(&mut self, element: Element<'t>) {
        let span = element.span();
        let between = self.source.text.get(self.end..span.start).unwrap_or_default();
        let breaks = between.bytes().filter(|byte| *byte == b'\n').count();
        let has_blank = breaks > 1;
        match element {
            Element::Comment(_) => self.comment(span, breaks == 0, has_blank),
            _ if self.has_commas() => self.entry(element, has_blank),
            Element::Node(node) => {
                let mut line = Line::new(self.source);
                line.node(node);
                self.rows.push(Row::phrase(line.finish(), has_blank, Some(node.rule)));
            }
            Element::Word(_) => {
                let mut line = Line::new(self.source);
                line.element(element);
                self.rows.push(Row::phrase(line.finish(), has_blank, None));
            }
        }
        self.end = span.end;
    }

    fn entry(&mut self, element: Element<'t>, has_blank: bool) {
        if element.span().text(self.source.text) == "," {
            self.close_entry();
            return;
        }
        let (line, _) = self.open.get_or_insert_with(|| (Line::new(self.source), has_blank));
        line.element(element);
    }

    fn close_entry(&mut self) {
        if let Some((mut line, has_blank)) = self.open.take() {
            let comments = line.trailing_comments();
            self.rows.push(Row::phrase(line.finish(), has_blank, None));
            for comment in comments {
                self.behind(comment, false);
            }
        }
    }

    fn comment(&mut self, span: Span, same_line: bool, has_blank: bool) {
        let text = span.text(self.source.text);
        let comment = Comment { text, is_alone: !same_line };
        if let Some((line, _)) = &mut self.open {
            line.remark(comment);
            return;
        }
        self.behind(comment, has_blank);
    }

    /// A comment behind the last row, or behind the opening brace.
    fn behind(&mut self, comment: Comment<'t>, has_blank: bool) {
        let next_describes = self.describes_next(comment);
        let place = match self.rows.last_mut() {
            _ if comment.is_alone || next_describes => None,
            Some(Row { kind: RowKind::Phrase { remark, .. }, .. }) => Some(remark),
            Some(Row { kind: RowKind::Comment(_), .. }) => None,
            None if self.frame == Frame::File => None,
            None => Some(&mut self.remark),
        };
        match place {
            Some(remark @ None) => *remark = Some(comment.text),
            _ => self.rows.push(Row::comment(comment.text, has_blank)),
        }
    }

    /// A description is a line of its own, also where it was written behind the declaration above.
    fn describes_next(&self, comment: Comment<'t>) -> bool {
        self.frame == Frame::File && comment.text.starts_with("##")
    }

    pub(super) fn finish(mut self) -> Finished<'t> {
        self.close_entry();
        if let Some(first) = self.rows.first_mut() {
            first.has_blank_before = false;
        }
        Finished { rows: self.rows, remark: self.remark }
    }
}

impl<'t> Row<'t> {
    const fn comment(text: &'t str, has_blank_before: bool) -> Self {
        Self { has_blank_before, kind: RowKind::Comment(text) }
    }

    const fn phrase(phrase: Phrase<'t>, has_blank_before: bool, rule: Option<Rule>) -> Self {
        Self { has_blank_before, kind: RowKind::Phrase { phrase, remark: None, rule } }
    }
}

//! From phrases to lines. Each part is looked at once: whether it fits is known from widths that
//! were added up before.

use super::block_text;
use super::layout::{Bracketed, Frame, Kind, Part, Phrase, Row, RowKind, Stop};
use super::segment::{Behind, Segment};
use super::table;
use crate::syntax::Rule;

/// Columns per level of blocks.
const LEVEL: usize = 2;
/// Columns by which a line that goes on is indented further than the line it belongs to.
const GOES_ON: usize = 4;

/// Lays out a file in lines of at most `width` columns, where that is possible.
pub(super) fn file(rows: &[Row<'_>], width: usize) -> String {
    let mut printer = Printer { out: String::new(), column: 0, width };
    printer.rows(rows, Frame::File, 0);
    printer.out
}

struct Printer {
    out: String,
    column: usize,
    width: usize,
}

/// Where the parts of a phrase go once they need several lines.
#[derive(Clone, Copy)]
struct Place {
    /// The indentation of the row, from which its blocks are indented.
    row: usize,
    /// The indentation of the line it begins on.
    line: usize,
    /// The indentation of its `and` and `or`.
    junction: usize,
}

impl Printer {
    fn rows(&mut self, rows: &[Row<'_>], frame: Frame, indent: usize) {
        for (index, (row, has_blank)) in rows.iter().zip(self.blanks(rows, frame)).enumerate() {
            if has_blank && index > 0 {
                self.out.push('\n');
            }
            self.indent(indent);
            match &row.kind {
                RowKind::Comment(text) => self.write(text),
                RowKind::Phrase { phrase, remark, .. } => {
                    self.row(phrase, frame.suffix(), indent);
                    self.remark(*remark);
                }
            }
            self.end_line();
        }
    }

    /// Before which rows a blank line stands: where its author put one, between clauses and steps,
    /// and around declarations of several lines. Comments stay with what follows them.
    fn blanks(&self, rows: &[Row<'_>], frame: Frame) -> Vec<bool> {
        let mut blanks: Vec<bool> = rows.iter().map(|row| row.has_blank_before).collect();
        let mut above: Option<(usize, Option<Rule>, bool)> = None;
        for (index, row) in rows.iter().enumerate() {
            let RowKind::Phrase { phrase, rule, .. } = &row.kind else { continue };
            let is_long = frame == Frame::File && phrase.flat.is_none_or(|flat| flat > self.width);
            if let Some((last, rule_above, was_long)) = above {
                let are_apart = rule_above
                    .zip(*rule)
                    .is_some_and(|(above, below)| table::are_apart(above, below));
                let between = blanks.get_mut(last + 1..=index).unwrap_or_default();
                if (are_apart || is_long || was_long)
                    && !between.contains(&true)
                    && let Some(first) = between.first_mut()
                {
                    *first = true;
                }
            }
            above = Some((index, *rule, is_long));
        }
        blanks
    }

    fn row(&mut self, phrase: &Phrase<'_>, suffix: &str, indent: usize) {
        if self.fits(phrase.flat, suffix.len()) {
            self.flat(phrase);
        } else {
            let place = Place { row: indent, line: indent, junction: indent };
            self.broken(phrase, place, suffix.len());
        }
        self.write(suffix);
    }

    fn remark(&mut self, remark: Option<&str>) {
        if let Some(text) = remark {
            self.write("  ");
            self.write(text);
        }
    }

    fn flat(&mut self, phrase: &Phrase<'_>) {
        for part in &phrase.parts {
            self.space(part.spaced);
            self.flat_part(part);
        }
    }

    fn flat_part(&mut self, part: &Part<'_>) {
        match &part.kind {
            Kind::Word(word) => self.write(word),
            Kind::BlockText(text) => self.write(text),
            Kind::Comment(comment) => self.write(comment.text),
            Kind::Condition(inner) => self.flat(inner),
            Kind::Bracketed(inner) => self.flat_bracketed(inner),
        }
    }

    fn flat_bracketed(&mut self, inner: &Bracketed<'_>) {
        let (open, close) = inner.frame.ends();
        let padding = if inner.frame == Frame::List { "" } else { " " };
        self.write(open);
        self.write(padding);
        for (index, phrase) in inner.phrases().enumerate() {
            if index > 0 {
                self.write(inner.frame.separator());
            }
            self.flat(phrase);
        }
        if !inner.is_empty() {
            self.write(padding);
        }
        self.write(close);
    }

    /// A phrase that does not fit on one line. `after` is the width of what follows it.
    fn broken(&mut self, phrase: &Phrase<'_>, mut place: Place, after: usize) {
        let after = phrase.after(after);
        let head = Segment::head(&phrase.parts, &after);
        let is_head_flat = self.fits(head.flat, head.after);
        // The indentation of the line on which the parts now stand.
        let mut line = place.line;
        let mut behind = Behind::Word;
        for (index, (part, width)) in phrase.parts.iter().zip(&after).enumerate() {
            let goes_on = place.line + GOES_ON;
            let begin = match part.stop {
                _ if index == 0 || part.is_remark() => None,
                Stop::Junction => Some(place.junction),
                _ if behind.is_of_block() && (part.is_comment() || behind.is_comment()) => {
                    Some(place.line)
                }
                _ if part.is_comment() || behind.is_comment() => Some(goes_on),
                Stop::Never => None,
                Stop::Comma => (!is_head_flat).then_some(goes_on),
                Stop::Narrower | Stop::Sign | Stop::Clause if behind == Behind::Lines => {
                    Some(goes_on)
                }
                Stop::Narrower | Stop::Sign | Stop::Clause | Stop::Meaning => {
                    let ahead = phrase.parts.get(index..).unwrap_or_default();
                    let segment = Segment::new(ahead, after.get(index..).unwrap_or_default());
                    self.begins_line(&segment).then_some(goes_on)
                }
            };
            if let Some(indent) = begin {
                self.end_line();
                self.indent(indent);
                line = indent;
            } else {
                self.space(part.spaced);
            }
            if part.stop == Stop::Meaning {
                place.line = line;
            }
            let junction = if begin.is_some() { line } else { line + GOES_ON };
            let is_broken = self.part(part, Place { row: place.row, line, junction }, *width);
            behind = behind.then(part, is_broken);
        }
    }

    /// Whether a segment is better off on a line of its own.
    fn begins_line(&self, segment: &Segment) -> bool {
        let stays = self.fits(segment.flat, segment.after)
            || segment.hugs && self.fits(Some(segment.lead), 0);
        !stays
    }

    /// Says whether it took conditions apart.
    fn part(&mut self, part: &Part<'_>, place: Place, after: usize) -> bool {
        match &part.kind {
            Kind::Word(word) => self.write(word),
            Kind::BlockText(text) => self.lines(&block_text::indented(text, place.line + LEVEL)),
            Kind::Comment(comment) if comment.is_alone => self.write(comment.text),
            Kind::Comment(comment) => self.remark(Some(comment.text)),
            Kind::Condition(inner) if self.fits(inner.flat, after) => self.flat(inner),
            Kind::Condition(inner) => {
                let place = Place { line: place.junction, ..place };
                self.broken(inner, place, after);
                return true;
            }
            Kind::Bracketed(inner) if inner.is_empty() => self.flat_bracketed(inner),
            Kind::Bracketed(inner) if inner.frame.is_block() => self.rows_of(inner, place.row),
            Kind::Bracketed(inner) if self.fits(inner.flat, after) => self.flat_bracketed(inner),
            Kind::Bracketed(inner) if inner.is_filled() => self.filled(inner, place.line),
            Kind::Bracketed(inner) => self.rows_of(inner, place.line),
        }
        false
    }

    fn rows_of(&mut self, inner: &Bracketed<'_>, indent: usize) {
        let (open, close) = inner.frame.ends();
        self.write(open);
        self.remark(inner.remark);
        self.end_line();
        self.rows(&inner.rows, inner.frame, indent + LEVEL);
        self.indent(indent);
        self.write(close);
    }

    /// Short elements side by side, on as many lines as they need.
    fn filled(&mut self, inner: &Bracketed<'_>, indent: usize) {
        let (open, close) = inner.frame.ends();
        self.write(open);
        self.end_line();
        self.indent(indent + LEVEL);
        for (index, phrase) in inner.phrases().enumerate() {
            let width = phrase.flat.unwrap_or(0) + inner.frame.suffix().len();
            if index > 0 && self.column + 1 + width > self.width {
                self.end_line();
                self.indent(indent + LEVEL);
            } else {
                self.space(index > 0);
            }
            self.flat(phrase);
            self.write(inner.frame.suffix());
        }
        self.end_line();
        self.indent(indent);
        self.write(close);
    }

    fn fits(&self, flat: Option<usize>, after: usize) -> bool {
        flat.is_some_and(|flat| self.column + flat + after <= self.width)
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
        self.column = columns;
    }

    fn space(&mut self, is_there: bool) {
        if is_there {
            self.write(" ");
        }
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn lines(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = text.rsplit('\n').next().unwrap_or_default().chars().count();
    }

    fn end_line(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }
}

//! The text as it is to be laid out, before lines are chosen: phrases of parts, with their widths.

use std::borrow::Cow;

/// A step, a clause, a field, the head of a declaration: what stands on one line if it fits.
#[derive(Default)]
pub(super) struct Phrase<'t> {
    pub(super) parts: Vec<Part<'t>>,
    /// Width on one line; `None` where it cannot stand on one.
    pub(super) flat: Option<usize>,
    /// Width up to the first place where it can be broken.
    pub(super) lead: usize,
}

pub(super) struct Part<'t> {
    /// Whether a space stands before it on one line.
    pub(super) spaced: bool,
    pub(super) stop: Stop,
    pub(super) kind: Kind<'t>,
}

/// What a line break before a part would be, from what is broken last to what is broken first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    Never,
    /// Before what narrows a value that is reckoned with, such as `in the last` of a `sum`.
    Narrower,
    /// Before `+` and its like, each for itself.
    Sign,
    /// Before `where`, `with` and their like, each for itself.
    Clause,
    /// Between what stands side by side in a head, all of them or none.
    Comma,
    /// Before `and` and `or`, all of one condition or none.
    Junction,
    /// Between `=` and what it defines.
    Meaning,
}

pub(super) enum Kind<'t> {
    Word(Cow<'t, str>),
    /// `""" … """` over several lines.
    BlockText(&'t str),
    Comment(Comment<'t>),
    /// Several conditions, joined.
    Condition(Phrase<'t>),
    Bracketed(Bracketed<'t>),
}

#[derive(Clone, Copy)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    /// Whether it stands on a line of its own.
    pub(super) is_alone: bool,
}

/// Braces or brackets with rows in them.
pub(super) struct Bracketed<'t> {
    pub(super) frame: Frame,
    pub(super) rows: Vec<Row<'t>>,
    /// Behind the opening brace, on its line.
    pub(super) remark: Option<&'t str>,
    pub(super) flat: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// Declarations.
    File,
    /// Steps, clauses, arms, lines of a test.
    Lines,
    Fields,
    Entries,
    List,
}

/// A line of its own inside a frame or a file, where it cannot share one.
pub(super) struct Row<'t> {
    pub(super) has_blank_before: bool,
    pub(super) kind: RowKind<'t>,
}

pub(super) enum RowKind<'t> {
    Comment(&'t str),
    Phrase {
        phrase: Phrase<'t>,
        /// Behind it, on its line.
        remark: Option<&'t str>,
        /// Which rule it is; a list mixes them.
        rule: Option<crate::syntax::Rule>,
    },
}

/// Elements of a list that are this short share lines.
const SHORT_MAX: usize = 12;

impl Frame {
    pub(super) const fn ends(self) -> (&'static str, &'static str) {
        match self {
            Self::List => ("[", "]"),
            Self::File => ("", ""),
            Self::Lines | Self::Fields | Self::Entries => ("{", "}"),
        }
    }

    /// What stands between rows on one line.
    pub(super) const fn separator(self) -> &'static str {
        match self {
            Self::File | Self::Lines | Self::Fields => "  ",
            Self::Entries | Self::List => ", ",
        }
    }

    /// What stands behind each row on its own line.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::File | Self::Lines | Self::Fields => "",
            Self::Entries | Self::List => ",",
        }
    }

    /// Whether it is broken only together with the whole line it stands in.
    pub(super) const fn is_block(self) -> bool {
        matches!(self, Self::File | Self::Lines | Self::Fields)
    }

    const fn padding(self) -> usize {
        match self {
            Self::File | Self::List => 0,
            Self::Lines | Self::Fields | Self::Entries => 1,
        }
    }
}

impl<'t> Bracketed<'t> {
    /// `is_one_line`: whether its author wrote it on one line.
    pub(super) fn new(
        frame: Frame,
        rows: Vec<Row<'t>>,
        remark: Option<&'t str>,
        is_one_line: bool,
    ) -> Self {
        let mut made = Self { frame, rows, remark, flat: None };
        made.flat = made.width(is_one_line);
        made
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.remark.is_none()
    }

    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase<'t>> {
        self.rows.iter().filter_map(|row| match &row.kind {
            RowKind::Phrase { phrase, .. } => Some(phrase),
            RowKind::Comment(_) => None,
        })
    }

    /// Whether its rows share lines where they need several.
    pub(super) fn is_filled(&self) -> bool {
        self.frame == Frame::List
            && self.is_bare()
            && self.phrases().all(|phrase| phrase.flat.is_some_and(|flat| flat <= SHORT_MAX))
    }

    /// Whether no comment stands in it.
    fn is_bare(&self) -> bool {
        self.remark.is_none()
            && self.rows.iter().all(|row| matches!(row.kind, RowKind::Phrase { remark: None, .. }))
    }

    fn has_block(&self) -> bool {
        self.phrases().any(Phrase::has_block)
    }

    fn width(&self, is_one_line: bool) -> Option<usize> {
        if self.is_empty() {
            return Some(2 + self.frame.padding());
        }
        let is_simple = match self.frame {
            Frame::Lines => self.rows.len() == 1 && !self.has_block(),
            Frame::File | Frame::Fields => !self.has_block(),
            Frame::Entries | Frame::List => true,
        };
        if !self.is_bare() || !is_simple || !(is_one_line || self.frame == Frame::List) {
            return None;
        }
        let rows = self.phrases().try_fold(0, |sum, phrase| Some(sum + phrase.flat?))?;
        let between = self.frame.separator().len() * (self.rows.len() - 1);
        Some(2 + 2 * self.frame.padding() + rows + between)
    }
}

impl<'t> Phrase<'t> {
    pub(super) fn new(parts: Vec<Part<'t>>) -> Self {
        let mut made = Self { parts, flat: Some(0), lead: 0 };
        made.flat = made.parts.iter().try_fold(0, |sum, part| Some(sum + part.flat()?));
        for (index, part) in made.parts.iter().enumerate() {
            if index > 0 && part.stop != Stop::Never {
                break;
            }
            made.lead += part.lead();
            if part.can_break() {
                break;
            }
        }
        made
    }

    fn has_block(&self) -> bool {
        self.parts.iter().any(|part| match &part.kind {
            Kind::Bracketed(inner) => inner.frame.is_block(),
            Kind::Word(_) | Kind::BlockText(_) | Kind::Comment(_) | Kind::Condition(_) => false,
        })
    }

    /// For each part, the width of what follows it up to the first place that can be broken, if it
    /// is `after` behind the last one.
    pub(super) fn after(&self, after: usize) -> Vec<usize> {
        let mut widths = vec![after; self.parts.len()];
        let mut next: Option<(&Part<'_>, usize)> = None;
        for (part, width) in self.parts.iter().zip(&mut widths).rev() {
            if let Some((following, behind)) = next {
                *width = match following.stop {
                    Stop::Never if following.can_break() => following.lead(),
                    Stop::Never => following.lead() + behind,
                    _ => 0,
                };
            }
            next = Some((part, *width));
        }
        widths
    }
}

impl Part<'_> {
    pub(super) const fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Comment(_))
    }

    /// Whether it is a comment behind something on its line.
    pub(super) const fn is_remark(&self) -> bool {
        matches!(self.kind, Kind::Comment(Comment { is_alone: false, .. }))
    }

    /// Whether it is a block that has lines of its own once its row needs several.
    pub(super) fn is_block(&self) -> bool {
        matches!(&self.kind, Kind::Bracketed(inner) if inner.frame.is_block() && !inner.is_empty())
    }

    pub(super) fn flat(&self) -> Option<usize> {
        let width = match &self.kind {
            Kind::Word(word) => word.chars().count(),
            Kind::Condition(inner) => inner.flat?,
            Kind::Bracketed(inner) => inner.flat?,
            Kind::BlockText(_) | Kind::Comment(_) => return None,
        };
        Some(width + usize::from(self.spaced))
    }

    /// Whether it can be laid out over several lines.
    pub(super) fn can_break(&self) -> bool {
        match &self.kind {
            Kind::Word(_) => false,
            Kind::Bracketed(inner) => !inner.is_empty(),
            Kind::BlockText(_) | Kind::Comment(_) | Kind::Condition(_) => true,
        }
    }

    /// Width up to the first place where it can be broken.
    pub(super) fn lead(&self) -> usize {
        let width = match &self.kind {
            Kind::Word(word) => word.chars().count(),
            Kind::BlockText(_) => 3,
            Kind::Comment(_) => return 0,
            Kind::Condition(inner) => inner.lead,
            Kind::Bracketed(inner) if inner.is_empty() => inner.flat.unwrap_or(0),
            Kind::Bracketed(_) => 1,
        };
        width + usize::from(self.spaced)
    }
}

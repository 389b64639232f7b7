//! Parts of a phrase that are kept together, and what a part stands behind: all that decides where
//! a line goes on.

use super::layout::{Kind, Part, Stop};

/// What the next part stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    Word,
    /// A condition on several lines, and what closes it.
    Lines,
    Block,
    Comment,
    CommentOfBlock,
}

impl Behind {
    pub(super) fn then(self, part: &Part<'_>, is_broken: bool) -> Self {
        match (&part.kind, self) {
            (Kind::Comment(_), Self::Block | Self::CommentOfBlock) => Self::CommentOfBlock,
            (Kind::Comment(_), Self::Word | Self::Lines | Self::Comment) => Self::Comment,
            (Kind::Bracketed(inner), _) if inner.frame.is_block() => Self::Block,
            (Kind::Word(word), Self::Lines) if word == ")" || word == "," => Self::Lines,
            _ if is_broken => Self::Lines,
            _ => Self::Word,
        }
    }

    pub(super) fn is_comment(self) -> bool {
        matches!(self, Self::Comment | Self::CommentOfBlock)
    }

    pub(super) fn is_of_block(self) -> bool {
        matches!(self, Self::Block | Self::CommentOfBlock)
    }
}

/// Parts that are better kept together.
pub(super) struct Segment {
    pub(super) flat: Option<usize>,
    /// Width up to the first place where it can be broken inside.
    pub(super) lead: usize,
    /// Width of what follows it on its line.
    pub(super) after: usize,
    /// Whether it ends in brackets that can be broken, and nowhere else.
    pub(super) hugs: bool,
}

impl Segment {
    /// From a place where a line may be broken up to the next one that is not broken later.
    pub(super) fn new(ahead: &[Part<'_>], after: &[usize]) -> Self {
        let stop = ahead.first().map_or(Stop::Never, |part| part.stop);
        let end = ahead
            .iter()
            .enumerate()
            .skip(1)
            .find(|(_, part)| part.stop >= stop || part.is_block())
            .map_or(ahead.len(), |(index, _)| index);
        Self::of(ahead.get(..end).unwrap_or_default(), after)
    }

    /// All that stands before the first block.
    pub(super) fn head(parts: &[Part<'_>], after: &[usize]) -> Self {
        let end = parts.iter().position(Part::is_block).unwrap_or(parts.len());
        Self::of(parts.get(..end).unwrap_or_default(), after)
    }

    fn of(parts: &[Part<'_>], after: &[usize]) -> Self {
        let flat = parts.iter().try_fold(0, |sum, part| Some(sum + part.flat()?));
        let breaks = parts.iter().position(Part::can_break).unwrap_or(parts.len());
        let lead = parts.iter().take(breaks + 1).map(Part::lead).sum();
        let hugs = breaks + 1 == parts.len()
            && parts.last().is_some_and(|last| !matches!(last.kind, Kind::Condition(_)));
        let after = after.get(parts.len().saturating_sub(1)).copied().unwrap_or(0);
        Self { flat, lead, after, hugs }
    }
}

//! A place among the words of one output or tag, and the words' own faults.

use std::ops::Range;

use crate::error::ParseError;
use crate::lexer::{self, Kind, Sign, Token};
use crate::limits::NESTING;
use crate::segment::Markup;

#[derive(Debug)]
pub(crate) struct Cursor<'s> {
    markup: Markup<'s>,
    tokens: Vec<Token<'s>>,
    at: usize,
    depth: usize,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(markup: Markup<'s>) -> Result<Self, ParseError> {
        Ok(Self { tokens: lexer::tokens(markup)?, markup, at: 0, depth: 0 })
    }

    pub(crate) fn peek(&self) -> Option<Kind<'s>> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// The word behind the next one.
    pub(crate) fn peek_second(&self) -> Option<Kind<'s>> {
        self.tokens.get(self.at + 1).map(|token| token.kind)
    }

    pub(crate) fn advance(&mut self) {
        self.at += 1;
    }

    pub(crate) fn eat(&mut self, sign: Sign) -> bool {
        self.eat_kind(Kind::Sign(sign))
    }

    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        matches!(self.peek(), Some(Kind::Name(name)) if name == word) && {
            self.advance();
            true
        }
    }

    pub(crate) fn expect(&mut self, sign: Sign, wanted: &str) -> Result<(), ParseError> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(wanted)) }
    }

    pub(crate) fn name(&mut self, wanted: &str) -> Result<&'s str, ParseError> {
        match self.peek() {
            Some(Kind::Name(name)) => {
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// A name that can be given to a variable.
    pub(crate) fn variable(&mut self) -> Result<&'s str, ParseError> {
        let span = self.here();
        let name = self.name("the name of a variable")?;
        if name.ends_with('?') {
            return Err(ParseError::new(format!("a variable cannot be named `{name}`"), span)
                .help("leave out the `?`"));
        }
        Ok(name)
    }

    /// Complains unless everything has been read.
    pub(crate) fn finish(&self, wanted: &str) -> Result<(), ParseError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.unexpected(wanted)) }
    }

    /// The place of the next word, or the end.
    pub(crate) fn here(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or_else(|| self.end(), |token| token.span.clone())
    }

    /// Where the word before this place ends.
    pub(crate) fn last_end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(self.markup.start, |token| token.span.end)
    }

    /// What the source says there.
    pub(crate) fn source(&self, span: &Range<usize>) -> &'s str {
        let start = span.start.saturating_sub(self.markup.start);
        let end = span.end.saturating_sub(self.markup.start);
        self.markup.text.get(start..end).unwrap_or_default()
    }

    pub(crate) fn unexpected(&self, wanted: &str) -> ParseError {
        let span = self.here();
        let found = match self.source(&span) {
            "" => "nothing".to_owned(),
            found => format!("`{found}`"),
        };
        ParseError::new(format!("expected {wanted}, found {found}"), span)
    }

    /// Enters a bracket or a parenthesis.
    pub(crate) fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(too_deep("brackets", self.here()));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn eat_kind(&mut self, kind: Kind<'_>) -> bool {
        self.peek() == Some(kind) && {
            self.advance();
            true
        }
    }

    /// An empty place behind the last word.
    fn end(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(self.markup.start, |token| token.span.end);
        end..end
    }
}

pub(crate) fn too_deep(what: &str, span: Range<usize>) -> ParseError {
    ParseError::new(format!("{what} are nested more than {NESTING} deep"), span)
}

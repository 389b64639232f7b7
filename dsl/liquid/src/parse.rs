//! Reads a template into its parsed form; the first fault ends it.

mod cursor;
mod expression;
mod tags;

use crate::error::ParseError;
use crate::expr::{Block, Node, NodeKind};
use crate::limits::NESTING;
use crate::segment::{Markup, Scanner, Segment, Tag};
use crate::suggest;

use cursor::Cursor;

/// Every tag that can open or stand alone, for "did you mean".
const TAGS: [&str; 10] =
    ["if", "unless", "case", "for", "assign", "capture", "comment", "raw", "break", "continue"];

/// The tags that only stand within or close another.
const INNER_TAGS: [(&str, &str); 10] = [
    ("elsif", "if"),
    ("else", "if"),
    ("when", "case"),
    ("endif", "if"),
    ("endunless", "unless"),
    ("endcase", "case"),
    ("endfor", "for"),
    ("endcapture", "capture"),
    ("endcomment", "comment"),
    ("endraw", "raw"),
];

pub(crate) fn template(source: &str) -> Result<Block, ParseError> {
    let mut parser = Parser { scanner: Scanner::new(source), open: Vec::new() };
    parser.block(&[]).map(|(block, _)| block)
}

struct Parser<'s> {
    scanner: Scanner<'s>,
    /// The tags that are not closed yet, outermost first.
    open: Vec<Tag<'s>>,
}

impl<'s> Parser<'s> {
    /// Reads nodes up to one of these tags, or to the end of the source where no tag is open.
    fn block(&mut self, ends: &[&str]) -> Result<(Block, Option<Tag<'s>>), ParseError> {
        let mut nodes = Vec::new();
        while let Some(segment) = self.scanner.next()? {
            match segment {
                Segment::Text(markup) => nodes.extend(text(markup)),
                Segment::Output { markup, span } => {
                    if !markup.text.trim().is_empty() {
                        let value = expression::filtered(&mut Cursor::new(markup)?)?;
                        nodes.push(Node { kind: NodeKind::Output(value), span });
                    }
                }
                Segment::Remark { markup } => tags::remark(markup)?,
                Segment::Tag(tag) if ends.contains(&tag.name) => {
                    return Ok((Block::new(nodes), Some(tag)));
                }
                Segment::Tag(tag) => {
                    let span = tag.span.clone();
                    if let Some(kind) = self.tag(tag)? {
                        nodes.push(Node { kind, span });
                    }
                }
            }
        }
        match self.open.last() {
            None => Ok((Block::new(nodes), None)),
            Some(tag) => {
                let message = format!("`{}` is never closed", tag.name);
                let help = format!("close it with `{{% end{} %}}`", tag.name);
                Err(ParseError::new(message, tag.span.clone()).help(help))
            }
        }
    }

    fn tag(&mut self, tag: Tag<'s>) -> Result<Option<NodeKind>, ParseError> {
        let kind = match tag.name {
            "if" | "unless" => self.nested(tag, Self::parse_if)?,
            "case" => self.nested(tag, Self::parse_case)?,
            "for" => self.nested(tag, Self::parse_for)?,
            "capture" => self.nested(tag, Self::parse_capture)?,
            "assign" => tags::assign(&tag)?,
            "break" => tags::bare(&tag, NodeKind::Break)?,
            "continue" => tags::bare(&tag, NodeKind::Continue)?,
            "comment" => {
                self.scanner.comment(&tag)?;
                return Ok(None);
            }
            "raw" => {
                let markup = self.scanner.raw(&tag)?;
                return Ok(text(markup).map(|node| node.kind));
            }
            _ => return Err(self.unknown(&tag)),
        };
        Ok(Some(kind))
    }

    fn nested(
        &mut self,
        tag: Tag<'s>,
        parse: fn(&mut Self, &Tag<'s>) -> Result<NodeKind, ParseError>,
    ) -> Result<NodeKind, ParseError> {
        if self.open.len() >= NESTING {
            return Err(cursor::too_deep("tags", tag.span));
        }
        self.open.push(tag.clone());
        let kind = parse(self, &tag)?;
        self.open.pop();
        Ok(kind)
    }

    /// A tag that is not known, or not here.
    fn unknown(&self, tag: &Tag<'_>) -> ParseError {
        let name = tag.name;
        let inner = INNER_TAGS.iter().find(|(inner, _)| *inner == name);
        if let Some((_, opener)) = inner {
            return match self.open.last() {
                Some(open) => {
                    let message = format!("expected `end{}` before `{name}`", open.name);
                    ParseError::new(message, tag.name_span())
                        .help(format!("`{}` was opened before and is not closed", open.name))
                }
                None => ParseError::new(format!("`{name}` without `{opener}`"), tag.name_span()),
            };
        }
        let error = ParseError::new(format!("unknown tag `{name}`"), tag.name_span());
        let known = TAGS.into_iter().chain(INNER_TAGS.into_iter().map(|(name, _)| name));
        match suggest::nearest(name, known) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        }
    }
}

fn text(markup: Markup<'_>) -> Option<Node> {
    let kind = NodeKind::Text(markup.text.into());
    (!markup.text.is_empty()).then(|| Node { kind, span: markup.span() })
}

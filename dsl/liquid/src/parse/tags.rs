//! Reads one tag each.

use super::Parser;
use super::cursor::Cursor;
use super::expression::{condition, expression, filtered};
use crate::error::ParseError;
use crate::expr::{Argument, Arm, Block, Branch, Case, Expr, For, If, NodeKind, Offset};
use crate::lexer::{Kind, Sign};
use crate::segment::{Markup, Tag};

impl<'s> Parser<'s> {
    /// `if` and `unless`; what stands behind `else` is read and ignored, as Shopify does.
    pub(super) fn parse_if(&mut self, tag: &Tag<'s>) -> Result<NodeKind, ParseError> {
        let end = if tag.name == "if" { "endif" } else { "endunless" };
        let ends = ["elsif", "else", end];
        let mut node = If { branches: Vec::new(), otherwise: Block::default() };
        let mut heading = Some((tag.clone(), tag.name == "if"));
        let mut closed_by_else = false;
        loop {
            let condition = match &heading {
                Some((tag, _)) => Some(condition(&mut Cursor::new(tag.markup)?)?),
                None => None,
            };
            let (body, next) = self.block(&ends)?;
            if !closed_by_else {
                match (condition, &heading) {
                    (Some(condition), Some((_, wanted))) => {
                        node.branches.push(Branch { wanted: *wanted, condition, body });
                    }
                    _ => {
                        node.otherwise = body;
                        closed_by_else = true;
                    }
                }
            }
            match next {
                Some(tag) if tag.name == "elsif" => heading = Some((tag, true)),
                Some(tag) if tag.name == "else" => {
                    bare(&tag, ()).map_err(|error| error.help("another condition is `elsif`"))?;
                    heading = None;
                }
                _ => break,
            }
        }
        if !node.bodies().any(|body| body.loud) {
            node.branches.iter_mut().for_each(|branch| branch.body.silence());
            node.otherwise.silence();
        }
        Ok(NodeKind::If(node))
    }

    pub(super) fn parse_case(&mut self, tag: &Tag<'s>) -> Result<NodeKind, ParseError> {
        let mut cursor = Cursor::new(tag.markup)?;
        let subject = expression(&mut cursor)?;
        cursor.finish("the end")?;
        let ends = ["when", "else", "endcase"];
        // What stands before the first `when` belongs to no arm.
        let (_, mut next) = self.block(&ends)?;
        let mut arms = Vec::new();
        while let Some(tag) = next.filter(|tag| tag.name != "endcase") {
            let values = if tag.name == "when" { Some(when(&tag)?) } else { bare(&tag, None)? };
            let (body, behind) = self.block(&ends)?;
            arms.push(Arm { values, body });
            next = behind;
        }
        if !arms.iter().any(|arm| arm.body.loud) {
            arms.iter_mut().for_each(|arm| arm.body.silence());
        }
        Ok(NodeKind::Case(Case { subject, arms }))
    }

    pub(super) fn parse_for(&mut self, tag: &Tag<'s>) -> Result<NodeKind, ParseError> {
        let mut node = loop_heading(&mut Cursor::new(tag.markup)?)?;
        let (body, next) = self.block(&["else", "endfor"])?;
        node.body = body;
        if let Some(tag) = next.filter(|tag| tag.name == "else") {
            bare(&tag, ())?;
            node.otherwise = self.block(&["endfor"])?.0;
        }
        if !node.body.loud && !node.otherwise.loud {
            node.body.silence();
            node.otherwise.silence();
        }
        Ok(NodeKind::For(Box::new(node)))
    }

    pub(super) fn parse_capture(&mut self, tag: &Tag<'s>) -> Result<NodeKind, ParseError> {
        let mut cursor = Cursor::new(tag.markup)?;
        let name = match cursor.peek() {
            Some(Kind::Text(name)) => {
                cursor.advance();
                name
            }
            _ => cursor.variable()?,
        };
        cursor.finish("the end")?;
        let (body, _) = self.block(&["endcapture"])?;
        Ok(NodeKind::Capture { name: name.into(), body })
    }
}

pub(super) fn assign(tag: &Tag<'_>) -> Result<NodeKind, ParseError> {
    let mut cursor = Cursor::new(tag.markup)?;
    let name = cursor.variable()?;
    cursor.expect(Sign::Equals, "`=`")?;
    Ok(NodeKind::Assign { name: name.into(), value: filtered(&mut cursor)? })
}

/// A tag that takes no arguments.
pub(super) fn bare<T>(tag: &Tag<'_>, node: T) -> Result<T, ParseError> {
    Cursor::new(tag.markup)?.finish("the end")?;
    Ok(node)
}

/// `{% # … %}`: every line that says something begins with `#`.
pub(super) fn remark(markup: Markup<'_>) -> Result<(), ParseError> {
    let mut start = markup.start;
    for (number, line) in markup.text.split('\n').enumerate() {
        let said = line.trim();
        if number > 0 && !said.is_empty() && !said.starts_with('#') {
            let message = format!("expected `#`, found `{said}`");
            let from = start + line.len() - line.trim_start().len();
            return Err(ParseError::new(message, from..from + said.len())
                .help("begin every line of the comment with `#`"));
        }
        start += line.len() + 1;
    }
    Ok(())
}

fn when(tag: &Tag<'_>) -> Result<Vec<Expr>, ParseError> {
    let mut cursor = Cursor::new(tag.markup)?;
    let mut values = vec![expression(&mut cursor)?];
    while cursor.eat(Sign::Comma) || cursor.eat_word("or") {
        values.push(expression(&mut cursor)?);
    }
    cursor.finish("`,`, `or` or the end")?;
    Ok(values)
}

/// `name in collection reversed limit: 3 offset: continue`, commas where one likes.
fn loop_heading(cursor: &mut Cursor<'_>) -> Result<For, ParseError> {
    let name = cursor.variable()?;
    if !cursor.eat_word("in") {
        return Err(cursor.unexpected("`in`").help("write `for x in list`"));
    }
    let start = cursor.here().start;
    let over = expression(cursor)?;
    let label = format!("{name}-{}", cursor.source(&(start..cursor.last_end())));
    let mut node = For {
        name: name.into(),
        label: label.into(),
        over,
        reversed: false,
        limit: None,
        offset: None,
        body: Block::default(),
        otherwise: Block::default(),
    };
    loop {
        while cursor.eat(Sign::Comma) {}
        if cursor.peek().is_none() {
            return Ok(node);
        }
        loop_argument(cursor, &mut node)?;
    }
}

fn loop_argument(cursor: &mut Cursor<'_>, node: &mut For) -> Result<(), ParseError> {
    const WANTED: &str = "`limit`, `offset`, `reversed` or the end";
    if cursor.eat_word("reversed") {
        node.reversed = true;
    } else if cursor.eat_word("limit") {
        cursor.expect(Sign::Colon, "`:`")?;
        node.limit = Some(argument(cursor)?);
    } else if cursor.eat_word("offset") {
        cursor.expect(Sign::Colon, "`:`")?;
        let goes_on = cursor.eat_word("continue");
        node.offset =
            Some(if goes_on { Offset::Continue } else { Offset::Value(argument(cursor)?) });
    } else {
        return Err(cursor.unexpected(WANTED));
    }
    Ok(())
}

fn argument(cursor: &mut Cursor<'_>) -> Result<Argument, ParseError> {
    let start = cursor.here().start;
    let value = expression(cursor)?;
    Ok(Argument { value, span: start..cursor.last_end() })
}

//! Reads expressions, filters and conditions.

use std::ops::Range;

use super::cursor::Cursor;
use crate::error::ParseError;
use crate::expr::{
    Comparison, Condition, Expr, FilterUse, Filtered, Join, Operator, Path, Root, Step,
};
use crate::filters::{self, Spec};
use crate::lexer::{Kind, Sign};
use crate::suggest;

/// `value | filter: argument, name: argument | …`, to the end.
pub(crate) fn filtered(cursor: &mut Cursor<'_>) -> Result<Filtered, ParseError> {
    let value = expression(cursor)?;
    let mut filters = Vec::new();
    while cursor.eat(Sign::Pipe) {
        filters.push(filter(cursor)?);
    }
    cursor.finish("`|` or the end")?;
    Ok(Filtered { value, filters })
}

/// Comparisons joined by `and` and `or`, to the end.
pub(crate) fn condition(cursor: &mut Cursor<'_>) -> Result<Condition, ParseError> {
    let mut joined = Vec::new();
    let last = loop {
        let comparison = comparison(cursor)?;
        if cursor.eat_word("and") {
            joined.push((comparison, Join::And));
        } else if cursor.eat_word("or") {
            joined.push((comparison, Join::Or));
        } else {
            break comparison;
        }
    };
    if cursor.peek().is_some() {
        return Err(condition_end(cursor));
    }
    Ok(Condition { joined, last })
}

/// One value without filters.
pub(crate) fn expression(cursor: &mut Cursor<'_>) -> Result<Expr, ParseError> {
    let expr = match cursor.peek() {
        Some(Kind::Int(value)) => Expr::Int(value),
        Some(Kind::Float(value)) => Expr::Float(value),
        Some(Kind::Text(value)) => Expr::Text(value.into()),
        Some(Kind::Name(name)) => match literal(name) {
            Some(expr) => expr,
            None => return path(cursor).map(Expr::Path),
        },
        Some(Kind::Sign(Sign::OpenBracket)) => return path(cursor).map(Expr::Path),
        Some(Kind::Sign(Sign::OpenParen)) => return range(cursor),
        // `contains` is an operator only where one can stand.
        Some(Kind::Compare(Operator::Contains)) => return path(cursor).map(Expr::Path),
        _ => return Err(cursor.unexpected("a value")),
    };
    cursor.advance();
    Ok(expr)
}

fn literal(name: &str) -> Option<Expr> {
    Some(match name {
        "nil" | "null" => Expr::Nil,
        "true" => Expr::Bool(true),
        "false" => Expr::Bool(false),
        "empty" => Expr::Empty,
        "blank" => Expr::Blank,
        _ => return None,
    })
}

fn range(cursor: &mut Cursor<'_>) -> Result<Expr, ParseError> {
    cursor.enter()?;
    cursor.advance();
    let first = expression(cursor)?;
    cursor.expect(Sign::DotDot, "`..`").map_err(|error| {
        error.help("parentheses hold a range like `(1..5)`; conditions cannot be grouped")
    })?;
    let last = expression(cursor)?;
    cursor.expect(Sign::CloseParen, "`)`")?;
    cursor.leave();
    Ok(Expr::Range(Box::new((first, last))))
}

fn path(cursor: &mut Cursor<'_>) -> Result<Path, ParseError> {
    let start = cursor.here().start;
    let root = match cursor.peek() {
        Some(Kind::Name(name)) => {
            cursor.advance();
            Root::Name(name.into())
        }
        Some(Kind::Compare(Operator::Contains)) => {
            cursor.advance();
            Root::Name("contains".into())
        }
        _ => match bracket(cursor)? {
            Step::Key(name) | Step::Name(name) => Root::Name(name),
            Step::Computed(expr) => Root::Computed(expr),
            Step::Index(_) => {
                return Err(ParseError::new(
                    "a variable has a name, not a number",
                    start..cursor.last_end(),
                ));
            }
        },
    };
    let mut steps = Vec::new();
    loop {
        if cursor.eat(Sign::Dot) {
            steps.push(Step::Name(key(cursor)?.into()));
        } else if cursor.peek() == Some(Kind::Sign(Sign::OpenBracket)) {
            steps.push(bracket(cursor)?);
        } else {
            break;
        }
    }
    let span = start..cursor.last_end();
    let shown = cursor.source(&span).into();
    Ok(Path { root, steps, span, shown })
}

/// The name behind a dot; words that mean something elsewhere are plain names here.
fn key<'s>(cursor: &mut Cursor<'s>) -> Result<&'s str, ParseError> {
    match cursor.peek() {
        Some(Kind::Compare(Operator::Contains)) => {
            cursor.advance();
            Ok("contains")
        }
        Some(Kind::Int(index)) => Err(cursor
            .unexpected("a name behind `.`")
            .help(format!("reach into a list with `[{index}]`"))),
        _ => cursor.name("a name behind `.`"),
    }
}

fn bracket(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    cursor.enter()?;
    cursor.advance();
    let step = match expression(cursor)? {
        Expr::Text(name) => Step::Key(name),
        Expr::Int(index) => Step::Index(index),
        other => Step::Computed(Box::new(other)),
    };
    cursor.expect(Sign::CloseBracket, "`]`")?;
    cursor.leave();
    Ok(step)
}

fn filter(cursor: &mut Cursor<'_>) -> Result<FilterUse, ParseError> {
    let name_span = cursor.here();
    let name = cursor.name("the name of a filter")?;
    let spec = filters::find(name).ok_or_else(|| unknown_filter(name, name_span.clone()))?;
    let (mut args, mut named) = (Vec::new(), Vec::new());
    if cursor.eat(Sign::Colon) {
        loop {
            if let (Some(Kind::Name(key)), Some(Kind::Sign(Sign::Colon))) =
                (cursor.peek(), cursor.peek_second())
            {
                let key = named_argument(spec, key, cursor.here())?;
                cursor.advance();
                cursor.advance();
                named.push((key, expression(cursor)?));
            } else {
                args.push(expression(cursor)?);
            }
            if !cursor.eat(Sign::Comma) {
                break;
            }
        }
    }
    let span = name_span.start..cursor.last_end();
    count_arguments(spec, args.len(), &span)?;
    Ok(FilterUse { spec, args, named, span })
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Comparison, ParseError> {
    let left = expression(cursor)?;
    let Some(Kind::Compare(operator)) = cursor.peek() else {
        return Ok(Comparison { left, right: None });
    };
    cursor.advance();
    Ok(Comparison { left, right: Some((operator, expression(cursor)?)) })
}

fn condition_end(cursor: &Cursor<'_>) -> ParseError {
    let error = cursor.unexpected("a comparison, `and`, `or` or the end");
    match cursor.peek() {
        Some(Kind::Sign(Sign::Equals)) => error.help("compare with `==`"),
        Some(Kind::Sign(Sign::Pipe)) => {
            error.help("a condition takes no filters; `assign` the filtered value first")
        }
        _ => error,
    }
}

fn unknown_filter(name: &str, span: Range<usize>) -> ParseError {
    let error = ParseError::new(format!("unknown filter `{name}`"), span);
    match suggest::nearest(name, filters::names()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn named_argument(
    spec: &'static Spec,
    key: &str,
    span: Range<usize>,
) -> Result<&'static str, ParseError> {
    spec.named.iter().copied().find(|known| *known == key).ok_or_else(|| {
        ParseError::new(format!("`{}` has no argument `{key}`", spec.name), span)
            .help(format!("write `{}`", spec.usage))
    })
}

fn count_arguments(spec: &Spec, found: usize, span: &Range<usize>) -> Result<(), ParseError> {
    if spec.args.contains(&found) {
        return Ok(());
    }
    let (least, most) = (*spec.args.start(), *spec.args.end());
    let wanted = match (least, most) {
        (_, 0) => "no arguments".to_owned(),
        (1, 1) => "1 argument".to_owned(),
        _ if least == most => format!("{most} arguments"),
        _ => format!("{least} to {most} arguments"),
    };
    let message = format!("`{}` takes {wanted}, found {found}", spec.name);
    Err(ParseError::new(message, span.clone()).help(format!("write `{}`", spec.usage)))
}

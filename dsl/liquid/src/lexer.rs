//! The words between the braces: names, numbers, texts and signs, each with its place in the source.

use std::ops::Range;

use crate::error::ParseError;
use crate::expr::Operator;
use crate::segment::Markup;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind<'s> {
    Name(&'s str),
    Text(&'s str),
    Int(i64),
    Float(f64),
    Compare(Operator),
    Sign(Sign),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Dot,
    DotDot,
    Comma,
    Colon,
    Pipe,
    Equals,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
}

#[derive(Debug, Clone)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind<'s>,
    pub(crate) span: Range<usize>,
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [(&str, Kind<'static>); 17] = [
    ("==", Kind::Compare(Operator::Equal)),
    ("!=", Kind::Compare(Operator::NotEqual)),
    ("<>", Kind::Compare(Operator::NotEqual)),
    ("<=", Kind::Compare(Operator::LessOrEqual)),
    (">=", Kind::Compare(Operator::GreaterOrEqual)),
    ("<", Kind::Compare(Operator::Less)),
    (">", Kind::Compare(Operator::Greater)),
    ("..", Kind::Sign(Sign::DotDot)),
    (".", Kind::Sign(Sign::Dot)),
    (",", Kind::Sign(Sign::Comma)),
    (":", Kind::Sign(Sign::Colon)),
    ("|", Kind::Sign(Sign::Pipe)),
    ("=", Kind::Sign(Sign::Equals)),
    ("[", Kind::Sign(Sign::OpenBracket)),
    ("]", Kind::Sign(Sign::CloseBracket)),
    ("(", Kind::Sign(Sign::OpenParen)),
    (")", Kind::Sign(Sign::CloseParen)),
];

pub(crate) fn tokens(markup: Markup<'_>) -> Result<Vec<Token<'_>>, ParseError> {
    let mut tokens = Vec::new();
    let mut rest = markup.text.trim_start();
    while let Some(first) = rest.chars().next() {
        let start = markup.start + markup.text.len() - rest.len();
        let (kind, length) = token(rest, first, start)?;
        tokens.push(Token { kind, span: start..start + length });
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn token(rest: &str, first: char, start: usize) -> Result<(Kind<'_>, usize), ParseError> {
    if name_start(first) {
        return Ok(name(rest));
    }
    if first.is_ascii_digit() || (first == '-' && digits(rest, 1) > 0) {
        return number(rest, start);
    }
    if first == '"' || first == '\'' {
        return text(rest, first, start);
    }
    if let Some((sign, kind)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((*kind, sign.len()));
    }
    Err(unexpected(rest, first, start))
}

fn name(rest: &str) -> (Kind<'_>, usize) {
    let mut length = rest.find(|c| !name_start(c) && c != '-' && !c.is_numeric());
    if let Some(at) = length
        && rest.get(at..).is_some_and(|behind| behind.starts_with('?'))
    {
        length = Some(at + 1);
    }
    let name = length.and_then(|at| rest.get(..at)).unwrap_or(rest);
    let kind = match name {
        "contains" => Kind::Compare(Operator::Contains),
        _ => Kind::Name(name),
    };
    (kind, name.len())
}

fn number(rest: &str, start: usize) -> Result<(Kind<'_>, usize), ParseError> {
    let sign = usize::from(rest.starts_with('-'));
    let whole = sign + digits(rest, sign);
    let fraction = if rest.get(whole..).is_some_and(|behind| behind.starts_with('.')) {
        digits(rest, whole + 1)
    } else {
        0
    };
    let length = if fraction > 0 { whole + 1 + fraction } else { whole };
    let literal = rest.get(..length).unwrap_or_default();
    let kind = if fraction > 0 {
        literal.parse().ok().filter(|value: &f64| value.is_finite()).map(Kind::Float)
    } else {
        literal.parse().ok().map(Kind::Int)
    };
    let kind = kind.ok_or_else(|| {
        ParseError::new(format!("the number `{literal}` is too large"), start..start + length)
    })?;
    Ok((kind, length))
}

fn text(rest: &str, quote: char, start: usize) -> Result<(Kind<'_>, usize), ParseError> {
    let inside = rest.get(1..).unwrap_or_default();
    let Some(length) = inside.find(quote) else {
        return Err(ParseError::new(
            "the text is never closed",
            start..start + rest.trim_end().len(),
        )
        .help(format!("close it with `{quote}`")));
    };
    Ok((Kind::Text(inside.get(..length).unwrap_or_default()), length + 2))
}

fn unexpected(rest: &str, first: char, start: usize) -> ParseError {
    let error =
        |found: &str| ParseError::new(format!("unexpected `{found}`"), start..start + found.len());
    if rest.starts_with("&&") {
        return error("&&").help("write `and`");
    }
    match first {
        '!' => error("!").help("write `unless`, or compare with `== false`"),
        '“' | '”' | '„' | '‘' | '’' => {
            error(first.encode_utf8(&mut [0; 4])).help("use straight quotes: `\"` or `'`")
        }
        '+' | '-' | '*' | '/' => error(first.encode_utf8(&mut [0; 4]))
            .help("calculate with filters: `plus`, `minus`, `times`, `divided_by`"),
        _ => error(first.encode_utf8(&mut [0; 4])),
    }
}

fn name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

/// How many digits stand there.
fn digits(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
}

//! Filters that work on lists, and those that know lists and texts alike.

use super::Env;
use crate::compare;
use crate::error::Fault;
use crate::number;
use crate::value::{List, Text, Val, pair};

type Filtered<'a> = Result<Val<'a>, Fault>;

pub(super) fn first<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    Ok(match input {
        Val::List(list) => list.get(0),
        Val::Object(map) => map.iter().next().map_or(Val::Nil, pair),
        _ => Val::Nil,
    })
}

pub(super) fn last<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    Ok(match input {
        Val::List(list) => list.get(-1),
        Val::Object(map) => map.iter().next_back().map_or(Val::Nil, pair),
        _ => Val::Nil,
    })
}

pub(super) fn size<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    Ok(input.size().into())
}

pub(super) fn join<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let separator = match args.first() {
        None => " ".into(),
        Some(separator) => env.text(separator)?,
    };
    let mut joined = String::new();
    for (at, value) in elements(input, env)?.iter().enumerate() {
        let text = env.text(value)?;
        let between = if at == 0 { "" } else { separator.as_ref() };
        env.budget.text(between.len() + text.len())?;
        joined.push_str(between);
        joined.push_str(&text);
    }
    Ok(joined.into())
}

/// Empty pieces at the end are left out; one space splits at any white space, an empty text into letters.
pub(super) fn split<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let separator = env.text(args.first().unwrap_or(&Val::Empty))?;
    let pieces = match text.borrowed() {
        Some(text) => pieces(text, &separator, Text::data, env)?,
        None => pieces(text.as_str(), &separator, |piece| Text::own(piece.to_owned()), env)?,
    };
    Ok(pieces.into())
}

/// The property of each element.
pub(super) fn map<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let name = env.text(args.first().unwrap_or(&Val::Empty))?;
    let values = elements(input, env)?;
    let values = values.iter().map(|value| property(value, &name));
    values.collect::<Result<Vec<_>, _>>().map(Val::from)
}

/// The elements whose property is true, or equals a value.
pub(super) fn filter_where<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    env: &mut Env<'_>,
) -> Filtered<'a> {
    let name = env.text(args.first().unwrap_or(&Val::Empty))?;
    let wanted = args.get(1).filter(|value| !value.is_nil());
    let mut kept = Vec::new();
    for value in elements(input, env)? {
        let found = property(&value, &name)?;
        if wanted.map_or(found.is_true(), |wanted| compare::equal(&found, wanted)) {
            kept.push(value);
        }
    }
    Ok(kept.into())
}

/// Leaves out nil, or the elements whose property is nil.
pub(super) fn compact<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let name = args.first().map(|name| env.text(name)).transpose()?;
    let mut kept = Vec::new();
    for value in elements(input, env)? {
        let nil = match &name {
            Some(name) => property(&value, name)?.is_nil(),
            None => value.is_nil(),
        };
        if !nil {
            kept.push(value);
        }
    }
    Ok(kept.into())
}

pub(super) fn concat<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let other = match args.first() {
        Some(other @ Val::List(_)) => other,
        other => {
            let kind = other.map_or("nothing", Val::kind);
            return Err(format!("expected a list to add, found {kind}").into());
        }
    };
    let mut values = elements(input, env)?;
    values.append(&mut elements(other, env)?);
    Ok(values.into())
}

pub(super) fn reverse<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let mut values = elements(input, env)?;
    values.reverse();
    Ok(values.into())
}

/// So many letters or elements from a place on, counted from the end where negative.
pub(super) fn slice<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let start = number::whole(args.first().unwrap_or(&Val::Nil))?;
    let length = match args.get(1) {
        None | Some(Val::Nil) => 1,
        Some(length) => usize::try_from(number::whole(length)?).unwrap_or(0),
    };
    if let Val::List(list) = input {
        let from = offset(start, list.len());
        let values = from.into_iter().flat_map(|from| from..from.saturating_add(length));
        let values: Vec<_> =
            values.map_while(|at| charged(list, at, env).transpose()).collect::<Result<_, _>>()?;
        return Ok(values.into());
    }
    let text = env.text_value(input)?;
    let Some(from) = offset(start, text.as_str().chars().count()) else {
        return Ok(Val::Text(Text::data("")));
    };
    if text.borrowed().is_none() {
        env.budget.text(text.as_str().len())?;
    }
    Ok(Val::Text(text.marked(false).part(|text| cut(text, from, length))))
}

/// The elements of a list and of the lists in it; anything else is the only element.
pub(super) fn elements<'a>(input: &Val<'a>, env: &mut Env<'_>) -> Result<Vec<Val<'a>>, Fault> {
    let mut values = Vec::new();
    match input {
        Val::Nil | Val::Empty | Val::Blank => {}
        Val::List(list) => flatten(list, &mut values, env)?,
        other => values.push(other.clone()),
    }
    Ok(values)
}

/// A property of an element; nil has none, and what is no object cannot have any.
pub(super) fn property<'a>(value: &Val<'a>, name: &str) -> Filtered<'a> {
    match value {
        Val::Nil => Ok(Val::Nil),
        Val::Object(_) | Val::Loop(_) => Ok(value.key(name)),
        _ => Err(format!("expected objects with a `{name}`, found {}", value.kind()).into()),
    }
}

fn flatten<'a>(list: &List<'a>, into: &mut Vec<Val<'a>>, env: &mut Env<'_>) -> Result<(), Fault> {
    env.budget.steps(list.len())?;
    for value in list.iter() {
        match value {
            Val::List(inner) => flatten(&inner, into, env)?,
            value => into.push(value),
        }
    }
    Ok(())
}

fn charged<'a>(list: &List<'a>, at: usize, env: &mut Env<'_>) -> Result<Option<Val<'a>>, Fault> {
    env.budget.steps(1)?;
    Ok(list.at(at))
}

fn offset(start: i64, length: usize) -> Option<usize> {
    let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    if start < 0 { length.checked_sub(distance) } else { Some(distance) }
}

fn cut(text: &str, from: usize, length: usize) -> &str {
    let place = |count| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    text.get(place(from)..place(from.saturating_add(length))).unwrap_or_default()
}

fn pieces<'t, 'a>(
    text: &'t str,
    separator: &str,
    piece: fn(&'t str) -> Text<'a>,
    env: &mut Env<'_>,
) -> Result<Vec<Val<'a>>, Fault> {
    let mut pieces = Vec::new();
    let mut push = |part: &'t str| -> Result<(), Fault> {
        env.budget.steps(1)?;
        env.budget.text(part.len())?;
        pieces.push(Val::Text(piece(part)));
        Ok(())
    };
    match separator {
        "" => text.split_inclusive(|_: char| true).try_for_each(&mut push)?,
        " " => text.split_whitespace().try_for_each(&mut push)?,
        _ => text.split(separator).try_for_each(&mut push)?,
    }
    while pieces.last().is_some_and(Val::is_empty) {
        pieces.pop();
    }
    Ok(pieces)
}

//! Filters that make texts of texts.

use super::Env;
use crate::error::Fault;
use crate::escape;
use crate::number;
use crate::value::{Text, Val};

const TRUNCATE_LENGTH: i64 = 50;
const TRUNCATE_WORDS: i64 = 15;
const ELLIPSIS: &str = "...";

type Filtered<'a> = Result<Val<'a>, Fault>;

pub(super) fn append<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let (start, end) = (env.text_value(input)?, argument(args, 0, env)?);
    joined(&start, &end, env)
}

pub(super) fn prepend<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let (start, end) = (argument(args, 0, env)?, env.text_value(input)?);
    joined(&start, &end, env)
}

pub(super) fn upcase<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    made(text.as_str().to_uppercase(), env)
}

pub(super) fn downcase<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    made(text.as_str().to_lowercase(), env)
}

/// The first letter large, all others small.
pub(super) fn capitalize<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let mut letters = text.as_str().chars();
    let mut capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    capital.push_str(&letters.as_str().to_lowercase());
    made(capital, env)
}

pub(super) fn strip<'a>(input: &Val<'a>, _: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let safe = text.safe;
    if text.borrowed().is_none() {
        env.budget.text(text.as_str().len())?;
    }
    Ok(Val::Text(text.part(|text| text.trim()).marked(safe)))
}

pub(super) fn remove<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    substitute(input, args.first(), None, usize::MAX, env)
}

pub(super) fn replace<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    substitute(input, args.first(), args.get(1), usize::MAX, env)
}

pub(super) fn replace_first<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    env: &mut Env<'_>,
) -> Filtered<'a> {
    substitute(input, args.first(), args.get(1), 1, env)
}

/// So many letters, the ending among them.
pub(super) fn truncate<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let length = count(args.first(), TRUNCATE_LENGTH)?;
    if text.as_str().chars().nth(length).is_none() {
        return Ok(Val::Text(text));
    }
    let ending = ending(args, env)?;
    let kept = length.saturating_sub(ending.chars().count());
    let end = text.as_str().char_indices().nth(kept).map_or(text.as_str().len(), |(at, _)| at);
    let (kept, _) = text.as_str().split_at(end);
    env.budget.text(kept.len() + ending.len())?;
    Ok((kept.to_owned() + &ending).into())
}

/// So many words, at least one, then the ending.
pub(super) fn truncatewords<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    env: &mut Env<'_>,
) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let count = count(args.first(), TRUNCATE_WORDS)?.max(1);
    let mut words = text.as_str().split_whitespace();
    let mut kept = String::new();
    for word in words.by_ref().take(count) {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if words.next().is_none() {
        return Ok(Val::Text(text));
    }
    kept.push_str(&ending(args, env)?);
    made(kept, env)
}

/// Charges a text that cannot be much longer than the one it is made of.
fn made<'a>(text: String, env: &mut Env<'_>) -> Filtered<'a> {
    env.budget.text(text.len())?;
    Ok(text.into())
}

/// Two texts in one; where either is markup, the other is escaped and the whole is markup.
fn joined<'a>(start: &Text<'_>, end: &Text<'_>, env: &mut Env<'_>) -> Filtered<'a> {
    let safe = start.safe || end.safe;
    let length = |text: &Text<'_>| match safe && !text.safe {
        true => escape::html_len(text.as_str()),
        false => text.as_str().len(),
    };
    let length = length(start) + length(end);
    env.budget.text(length)?;
    let mut whole = String::with_capacity(length);
    for text in [start, end] {
        if safe && !text.safe {
            // Writing to a string cannot fail.
            let _ = escape::html(&mut whole, text.as_str());
        } else {
            whole.push_str(text.as_str());
        }
    }
    Ok(Val::Text(Text::own(whole).marked(safe)))
}

fn substitute<'a>(
    input: &Val<'a>,
    old: Option<&Val<'a>>,
    new: Option<&Val<'a>>,
    most: usize,
    env: &mut Env<'_>,
) -> Filtered<'a> {
    let text = env.text_value(input)?;
    let old = env.text(old.unwrap_or(&Val::Empty))?;
    let new = env.text(new.unwrap_or(&Val::Empty))?;
    let found = text.as_str().matches(old.as_ref()).take(most).count();
    if found == 0 {
        return Ok(Val::Text(text));
    }
    let kept = text.as_str().len() - found * old.len();
    env.budget.text(kept.saturating_add(found.saturating_mul(new.len())))?;
    Ok(text.as_str().replacen(old.as_ref(), &new, most).into())
}

fn argument<'a>(args: &[Val<'a>], at: usize, env: &mut Env<'_>) -> Result<Text<'a>, Fault> {
    env.text_value(args.get(at).unwrap_or(&Val::Empty))
}

fn count(arg: Option<&Val<'_>>, otherwise: i64) -> Result<usize, Fault> {
    let count = match arg {
        None | Some(Val::Nil) => otherwise,
        Some(arg) => number::whole(arg)?,
    };
    Ok(usize::try_from(count.max(0)).unwrap_or(usize::MAX))
}

fn ending(args: &[Val<'_>], env: &mut Env<'_>) -> Result<String, Fault> {
    match args.get(1) {
        None => Ok(ELLIPSIS.to_owned()),
        Some(ending) => env.text(ending).map(std::borrow::Cow::into_owned),
    }
}

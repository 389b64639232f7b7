//! Filters that compare the elements of a list with each other.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::Env;
use super::list::{elements, property};
use crate::compare;
use crate::error::Fault;
use crate::print;
use crate::value::Val;

type Filtered<'a> = Result<Val<'a>, Fault>;

/// Orders numbers or texts, or objects by a property of theirs; nil comes last.
pub(super) fn sort<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let mut keyed = keyed(input, args, env)?;
    comparable(&keyed)?;
    keyed.sort_by(|(left, _), (right, _)| match (left.is_nil(), right.is_nil()) {
        (false, false) => compare::order(left, right).unwrap_or(Ordering::Equal),
        (left, right) => left.cmp(&right),
    });
    Ok(keyed.into_iter().map(|(_, value)| value).collect::<Vec<_>>().into())
}

/// Leaves out what stood in the list before, or what shares a property with it.
pub(super) fn uniq<'a>(input: &Val<'a>, args: &[Val<'a>], env: &mut Env<'_>) -> Filtered<'a> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for (key, value) in keyed(input, args, env)? {
        let mut shape = String::new();
        // Writing to a string cannot fail.
        let _ = print::json(&mut shape, &key);
        env.budget.scan(shape.len())?;
        if seen.insert(shape) {
            kept.push(value);
        }
    }
    Ok(kept.into())
}

/// Every element behind what it is compared by.
fn keyed<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    env: &mut Env<'_>,
) -> Result<Vec<(Val<'a>, Val<'a>)>, Fault> {
    let name = match args.first() {
        None | Some(Val::Nil) => None,
        Some(name) => Some(env.text(name)?),
    };
    elements(input, env)?
        .into_iter()
        .map(|value| match &name {
            Some(name) => Ok((property(&value, name)?, value)),
            None => Ok((value.clone(), value)),
        })
        .collect()
}

/// All keys must be numbers, or all texts.
fn comparable(keyed: &[(Val<'_>, Val<'_>)]) -> Result<(), Fault> {
    let mut keys = keyed.iter().map(|(key, _)| key).filter(|key| !key.is_nil());
    let Some(first) = keys.next() else { return Ok(()) };
    match keys.find(|key| compare::order(first, key).is_none()) {
        Some(other) => {
            Err(format!("cannot put {} and {} in order", first.kind(), other.kind()).into())
        }
        None => Ok(()),
    }
}

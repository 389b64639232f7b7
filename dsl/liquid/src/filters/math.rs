//! Filters that calculate.
//!
//! Whole numbers stay whole; one fraction makes the result a fraction. Sums and products are free of binary noise.

use super::Env;
use crate::error::Fault;
use crate::number::{self, Number, without_noise};
use crate::value::Val;

/// More decimal places than a number can have.
const MOST_PLACES: i64 = 20;

type Filtered<'a> = Result<Val<'a>, Fault>;

pub(super) fn plus<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    combine(input, args, i64::checked_add, |a, b| without_noise(a + b))
}

pub(super) fn minus<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    combine(input, args, i64::checked_sub, |a, b| without_noise(a - b))
}

pub(super) fn times<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    combine(input, args, i64::checked_mul, |a, b| without_noise(a * b))
}

/// Two whole numbers divide to a whole one, rounded down.
pub(super) fn divided_by<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    not_zero(args)?;
    combine(input, args, floor_div, |a, b| a / b)
}

/// What is left of a division, with the sign of the divisor.
pub(super) fn modulo<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    not_zero(args)?;
    combine(input, args, floor_mod, |a, b| without_noise(a - b * (a / b).floor()))
}

pub(super) fn abs<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    match Number::of(input) {
        Number::Int(value) => Ok(Val::Int(value.saturating_abs())),
        Number::Float(value) => finite(value.abs()),
    }
}

pub(super) fn at_least<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    let (value, bound) = (Number::of(input), argument(args));
    Ok(if value.float() < bound.float() { bound } else { value }.into())
}

pub(super) fn at_most<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    let (value, bound) = (Number::of(input), argument(args));
    Ok(if value.float() > bound.float() { bound } else { value }.into())
}

pub(super) fn floor<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    Ok(whole(input, f64::floor))
}

pub(super) fn ceil<'a>(input: &Val<'a>, _: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    Ok(whole(input, f64::ceil))
}

/// To a whole number, or to so many decimal places.
pub(super) fn round<'a>(input: &Val<'a>, args: &[Val<'a>], _: &mut Env<'_>) -> Filtered<'a> {
    let places = args.first().map_or(0, number::bound).min(MOST_PLACES);
    match (Number::of(input), usize::try_from(places)) {
        (Number::Int(value), _) => Ok(Val::Int(value)),
        (Number::Float(value), Ok(places)) if places > 0 => finite(number::round_at(value, places)),
        (Number::Float(value), _) => Ok(number::whole_value(number::round_at(value, 0))),
    }
}

fn combine<'a>(
    input: &Val<'a>,
    args: &[Val<'a>],
    ints: fn(i64, i64) -> Option<i64>,
    floats: fn(f64, f64) -> f64,
) -> Filtered<'a> {
    let (left, right) = (Number::of(input), argument(args));
    if let (Number::Int(left), Number::Int(right)) = (left, right)
        && let Some(result) = ints(left, right)
    {
        return Ok(Val::Int(result));
    }
    finite(floats(left.float(), right.float()))
}

fn finite<'a>(value: f64) -> Filtered<'a> {
    if value.is_finite() { Ok(Val::Float(value)) } else { Err("the result is too large".into()) }
}

fn not_zero(args: &[Val<'_>]) -> Result<(), Fault> {
    if argument(args).is_zero() { Err("cannot divide by 0".into()) } else { Ok(()) }
}

fn argument(args: &[Val<'_>]) -> Number {
    args.first().map_or(Number::Int(0), Number::of)
}

fn whole<'a>(input: &Val<'_>, to: fn(f64) -> f64) -> Val<'a> {
    match Number::of(input) {
        Number::Int(value) => Val::Int(value),
        Number::Float(value) => number::whole_value(to(value)),
    }
}

fn floor_div(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let uneven = left.checked_rem(right)? != 0;
    if uneven && (left < 0) != (right < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

fn floor_mod(left: i64, right: i64) -> Option<i64> {
    let rest = left.checked_rem(right)?;
    if rest != 0 && (rest < 0) != (right < 0) { rest.checked_add(right) } else { Some(rest) }
}

//! Numbers: whole ones stay whole, and what is not a number counts as 0, as in Shopify's Liquid.

use std::fmt;

use serde_json::Number as DataNumber;

use crate::value::{Val, scalar};

/// Whole numbers beyond this lie too far apart to be told from fractions.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;
/// Sums and products of decimal fractions are right to this many digits.
const DIGITS: usize = 15;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

/// A number of the data; a whole one is whole whichever way the client wrote it, so `5.0` prints as `5`.
pub(crate) fn from_data(value: &DataNumber) -> Val<'static> {
    match (value.as_i64(), value.as_f64()) {
        (Some(whole), _) => Val::Int(whole),
        (None, Some(float)) if float.fract() == 0.0 => whole_value(float),
        (None, float) => Val::Float(float.unwrap_or_default()),
    }
}

/// A float without a fraction as a whole number, where it is small enough to be one.
pub(crate) fn whole_value(value: f64) -> Val<'static> {
    if value.abs() <= WHOLE_LIMIT { Val::Int(truncated(value)) } else { Val::Float(value) }
}

/// A number as Liquid prints it: `5`, `5.0`, `0.1`, never with an exponent.
pub(crate) fn write_float(out: &mut impl fmt::Write, value: f64) -> fmt::Result {
    if value.fract() == 0.0 && value.abs() <= WHOLE_LIMIT {
        write!(out, "{value:.1}")
    } else {
        write!(out, "{value}")
    }
}

impl Number {
    pub(crate) fn of(value: &Val<'_>) -> Self {
        match value {
            Val::Int(value) => Self::Int(*value),
            Val::Float(value) => Self::Float(*value),
            Val::Text(text) => Self::parse(text.as_str()),
            _ => Self::Int(0),
        }
    }

    /// `5`, `-5.1`; of anything else the leading digits.
    fn parse(text: &str) -> Self {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let fraction = digits.get(whole..).and_then(|behind| behind.strip_prefix('.'));
        if whole > 0
            && let Some(fraction) = fraction
            && !fraction.is_empty()
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Self::Float(text.parse().unwrap_or(0.0));
        }
        let end = text.len() - digits.len() + whole;
        Self::Int(text.get(..end).and_then(|number| number.parse().ok()).unwrap_or(0))
    }

    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(value) => int_to_float(value),
            Self::Float(value) => value,
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.float() == 0.0
    }
}

impl From<Number> for Val<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(value) => Val::Int(value),
            Number::Float(value) => Val::Float(value),
        }
    }
}

/// A whole number, or a text that is one.
pub(crate) fn whole(value: &Val<'_>) -> Result<i64, String> {
    let parsed = match value {
        Val::Int(value) => Some(*value),
        Val::Text(text) => text.as_str().trim().parse().ok(),
        _ => None,
    };
    parsed.ok_or_else(|| match scalar(value) {
        Some(text) if !text.is_empty() => format!("expected a whole number, found `{text}`"),
        _ => format!("expected a whole number, found {}", value.kind()),
    })
}

/// The end of a range: fractions are cut off, what is no number is 0.
pub(crate) fn bound(value: &Val<'_>) -> i64 {
    match Number::of(value) {
        Number::Int(value) => value,
        Number::Float(value) => truncated(value),
    }
}

/// Rounds half away from zero at a decimal place, as the number reads in decimal.
pub(crate) fn round_at(value: f64, places: usize) -> f64 {
    let text = format!("{}", value.abs());
    let Some((whole, fraction)) = text.split_once('.') else { return value };
    let Some(next) = fraction.as_bytes().get(places) else { return value };
    let kept = fraction.get(..places).unwrap_or_default();
    let Ok(digits) = format!("{whole}{kept}").parse::<u128>() else { return value };
    let digits = (digits + u128::from(*next >= b'5')).to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}0").parse().map_or(value, |rounded: f64| rounded.copysign(value))
}

/// Takes the binary noise off a sum or a product: `0.1 + 0.2` is `0.3`.
pub(crate) fn without_noise(value: f64) -> f64 {
    format!("{value:.places$e}", places = DIGITS - 1).parse().unwrap_or(value)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "cutting the fraction off is the purpose; the cast saturates"
)]
pub(crate) fn truncated(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_precision_loss, reason = "Liquid's mixed arithmetic is in floating point")]
pub(crate) fn int_to_float(value: i64) -> f64 {
    value as f64
}

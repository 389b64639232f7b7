//! Filters for parts of addresses.

use std::fmt::Write as _;

use super::Env;
use crate::error::Fault;
use crate::value::Val;

/// Bytes of an escaped byte: `%C3`.
const ESCAPED_LENGTH: usize = 3;

pub(super) fn encode<'a>(
    input: &Val<'a>,
    _: &[Val<'a>],
    env: &mut Env<'_>,
) -> Result<Val<'a>, Fault> {
    let text = env.text_value(input)?;
    let text = text.as_str();
    let grown = text.bytes().filter(|byte| !plain(*byte) && *byte != b' ').count();
    env.budget.text(text.len() + grown * (ESCAPED_LENGTH - 1))?;
    let mut encoded = String::with_capacity(text.len() + grown * (ESCAPED_LENGTH - 1));
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            _ if plain(byte) => encoded.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    Ok(encoded.into())
}

pub(super) fn decode<'a>(
    input: &Val<'a>,
    _: &[Val<'a>],
    env: &mut Env<'_>,
) -> Result<Val<'a>, Fault> {
    let text = env.text_value(input)?;
    env.budget.text(text.as_str().len())?;
    let mut decoded = Vec::with_capacity(text.as_str().len());
    let mut rest = text.as_str().as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'%', [high, low, behind @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    decoded.push(high * 16 + low);
                    rest = behind;
                }
                _ => decoded.push(*first),
            },
            (b'+', _) => decoded.push(b' '),
            _ => decoded.push(*first),
        }
    }
    String::from_utf8(decoded).map(Val::from).map_err(|_| {
        Fault::from(format!("expected UTF-8 behind the `%`, found `{}`", text.as_str()))
    })
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~')
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

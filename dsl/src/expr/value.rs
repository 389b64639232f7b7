//! Finding values by their paths, and comparing them.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::eval::Context;
use super::{Expr, Key, Object, Path, Scope, Value};

/// What stands at `path`; `null` counts as missing.
#[must_use]
pub fn look_up<'a>(path: &Path, context: &Context<'a>) -> Option<Cow<'a, Value>> {
    match path.scope {
        Scope::Customer => in_object(context.customer, &path.keys),
        Scope::Journey => in_object(context.run?.vars, &path.keys),
        Scope::With => in_object(context.with?, &path.keys),
        Scope::Message => in_object(context.message?, &path.keys),
        Scope::Event => within(context.event?, &path.keys).map(Cow::Borrowed),
        Scope::Trigger => within(context.run?.trigger, &path.keys).map(Cow::Borrowed),
    }
}

/// The value of an expression, as far as it needs no template: a template stands for its own text.
#[must_use]
pub fn value_of<'a>(expr: &'a Expr, context: &Context<'a>) -> Option<Cow<'a, Value>> {
    match expr {
        Expr::Literal(value) => present(value).map(Cow::Borrowed),
        Expr::Path(path) => look_up(path, context),
        Expr::Template(text) => Some(Cow::Owned(Value::String(text.clone()))),
    }
}

/// Whether two scalars are the same; values of different types, lists and objects never are.
#[must_use]
pub fn equal(left: &Value, right: &Value, ignoring_case: bool) -> bool {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(_), Value::Number(_)) | (Value::String(_), Value::String(_)) => {
            order(left, right, ignoring_case) == Some(Ordering::Equal)
        }
        _ => false,
    }
}

/// How two numbers or two texts stand to each other; anything else has no order.
#[must_use]
pub fn order(left: &Value, right: &Value, ignoring_case: bool) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) if ignoring_case => {
            Some(a.to_lowercase().cmp(&b.to_lowercase()))
        }
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether `text` has the shape of `pattern`: `*` stands for any text, `?` for one character.
#[must_use]
pub fn matches(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut at, mut of) = (0, 0);
    // Where to go on when what follows the last star does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of) {
            Some('*') => {
                retry = Some((at, of + 1));
                of += 1;
            }
            Some(sign) if *sign == '?' || text.get(at) == Some(sign) => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((from, after_star)) = retry else { return false };
                retry = Some((from + 1, after_star));
                at = from + 1;
                of = after_star;
            }
        }
    }
    pattern.iter().skip(of).all(|sign| *sign == '*')
}

/// A value that is not null.
fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}

fn in_object<'a>(object: &'a Object, keys: &[Key]) -> Option<Cow<'a, Value>> {
    match keys.split_first() {
        None => Some(Cow::Owned(Value::Object(object.clone()))),
        Some((Key::Name(name), rest)) => within(object.get(name)?, rest).map(Cow::Borrowed),
        Some((Key::Index(_), _)) => None,
    }
}

fn within<'a>(root: &'a Value, keys: &[Key]) -> Option<&'a Value> {
    let mut value = root;
    for key in keys {
        value = match key {
            Key::Name(name) => value.get(name.as_str())?,
            Key::Index(index) => value.get(*index)?,
        };
    }
    present(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (text, pattern, fits) in [
            ("", "", true),
            ("", "*", true),
            ("a", "", false),
            ("/pricing/eu", "/pricing*", true),
            ("/pricing", "/pricing*", true),
            ("/price", "/pricing*", false),
            ("abcabd", "*ab?", true),
            ("abcabd", "a*d", true),
            ("abcabd", "a*c", false),
            ("äb", "?b", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*c", false),
        ] {
            assert_eq!(matches(text, pattern), fits, "`{text}` against `{pattern}`");
        }
    }
}

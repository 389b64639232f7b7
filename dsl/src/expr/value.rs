//! Finding values by their paths, and comparing them.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Number;

use super::eval::Context;
use super::moment::{self, is_duration};
use super::{ArithmeticOp, Expr, Key, Object, Path, Scope, Value};

/// Beyond this, doubles skip whole numbers.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

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
        Scope::Item => within(context.item?, &path.keys).map(Cow::Borrowed),
        // Nothing that is judged here has them.
        Scope::Row | Scope::Object | Scope::Relationship | Scope::Old | Scope::Secret => None,
    }
}

/// The value of an expression, as far as it needs no template: a template stands for its own text.
#[must_use]
pub fn value_of<'a>(expr: &'a Expr, context: &Context<'a>) -> Option<Cow<'a, Value>> {
    match expr {
        Expr::Literal(value) => present(value).map(Cow::Borrowed),
        Expr::Path(path) => look_up(path, context),
        Expr::Template(text) => Some(Cow::Owned(Value::String(text.clone()))),
        Expr::List(members) => {
            let members = members.iter().map(|member| owned(member, context));
            Some(Cow::Owned(Value::Array(members.collect())))
        }
        Expr::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), owned(value, context)));
            Some(Cow::Owned(Value::Object(entries.collect())))
        }
        Expr::Arithmetic { left, right, .. } if is_duration(left) || is_duration(right) => {
            moment::written(expr, context).map(Cow::Owned)
        }
        Expr::Arithmetic { left, op, right } => {
            let (left, right) = (value_of(left, context)?, value_of(right, context)?);
            arithmetic(&left, *op, &right).map(Cow::Owned)
        }
        Expr::Default { value, default } => {
            value_of(value, context).or_else(|| present(default).map(Cow::Borrowed))
        }
        Expr::Moment(_) | Expr::At { .. } => moment::written(expr, context).map(Cow::Owned),
        // A length is no value, and nothing answers for a person's past yet.
        Expr::Duration(_) | Expr::Total(_) | Expr::Occurrence(_) => None,
    }
}

/// A member of a list or an object; what is missing is null there.
fn owned(expr: &Expr, context: &Context<'_>) -> Value {
    value_of(expr, context).map_or(Value::Null, Cow::into_owned)
}

/// Numbers by all signs, texts by `+`; anything else is missing, and so is what has no end.
fn arithmetic(left: &Value, op: ArithmeticOp, right: &Value) -> Option<Value> {
    match (left, op, right) {
        (Value::String(left), ArithmeticOp::Add, Value::String(right)) => {
            Some(Value::String(format!("{left}{right}")))
        }
        (Value::Number(left), op, Value::Number(right)) => {
            let (left, right) = (left.as_f64()?, right.as_f64()?);
            let made = match op {
                ArithmeticOp::Add => left + right,
                ArithmeticOp::Subtract => left - right,
                ArithmeticOp::Multiply => left * right,
                ArithmeticOp::Divide => left / right,
            };
            made.is_finite().then(|| Value::Number(number(made)))
        }
        _ => None,
    }
}

/// A number of JSON: whole ones without a point, as other sources write them.
pub(crate) fn number(number: f64) -> Number {
    let whole = (number.fract() == 0.0 && number.abs() < WHOLE_MAX)
        .then(|| format!("{number:.0}").parse::<i64>().ok())
        .flatten();
    whole.map_or_else(|| Number::from_f64(number).unwrap_or_else(|| Number::from(0)), Number::from)
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

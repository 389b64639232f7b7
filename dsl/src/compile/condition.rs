//! Conditions and values as the machine takes them.

use serde_json::Number;

use crate::ast::{self, ConditionKind, ExprKind, Window, scope_of};
use crate::expr::{Atom, Condition, Expr, Object, Path, Scope, Value};

/// Beyond this, doubles skip whole numbers.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

pub(super) fn lower(condition: &ast::Condition) -> Condition {
    match &condition.kind {
        ConditionKind::All(parts) => Condition::All(parts.iter().map(lower).collect()),
        ConditionKind::Any(parts) => Condition::Any(parts.iter().map(lower).collect()),
        ConditionKind::Not(inner) => Condition::Not(Box::new(lower(inner))),
        ConditionKind::Compare { left, op, right, ignoring_case } => Condition::Compare {
            left: expr(left),
            op: op.value,
            right: expr(right),
            ignoring_case: *ignoring_case,
        },
        ConditionKind::Between { value, low, high } => {
            Condition::Between { value: expr(value), low: expr(low), high: expr(high) }
        }
        ConditionKind::In { value, list, ignoring_case } => Condition::In {
            value: expr(value),
            list: list.iter().map(expr).collect(),
            ignoring_case: *ignoring_case,
        },
        ConditionKind::Text { left, op, right, ignoring_case } => Condition::Text {
            left: expr(left),
            op: op.value,
            right: expr(right),
            ignoring_case: *ignoring_case,
        },
        ConditionKind::Presence { path: of, test } => {
            Condition::Presence { path: path(of), test: *test }
        }
        ConditionKind::InSegment(name) => Condition::InSegment(name.value.as_str().into()),
        ConditionKind::Performed { event, filter, count, window } => Condition::Performed {
            atom: Atom {
                event: event.value.as_str().into(),
                filter: filter.as_ref().map(|filter| Box::new(lower(filter))),
            },
            count: *count,
            window: match window.value {
                Window::Ever => crate::expr::Window::Ever,
                Window::Last(length) => crate::expr::Window::Last(length),
                Window::SinceEntry => crate::expr::Window::SinceEntry,
            },
        },
        ConditionKind::Unknown => Condition::Any(Vec::new()),
    }
}

/// A value of a condition: texts are texts.
fn expr(value: &ast::Expr) -> Expr {
    match &value.kind {
        ExprKind::Path(of) => Expr::Path(path(of)),
        _ => Expr::Literal(literal(value)),
    }
}

/// A value that a step hands on: texts with Liquid in them are rendered.
pub(super) fn rendered(value: &ast::Expr) -> Expr {
    match &value.kind {
        ExprKind::Text(text) if text.renders() => Expr::Template(text.text.clone()),
        _ => expr(value),
    }
}

pub(super) fn path(of: &ast::Path) -> Path {
    Path { scope: scope_of(&of.scope.value).unwrap_or(Scope::Customer), keys: of.keys.clone() }
}

/// A value written out; what is not is null.
pub(super) fn literal(value: &ast::Expr) -> Value {
    match &value.kind {
        ExprKind::Text(text) => Value::String(text.text.clone()),
        ExprKind::Number(number) => Value::Number(json_number(*number)),
        ExprKind::Boolean(truth) => Value::Bool(*truth),
        ExprKind::List(members) => Value::Array(members.iter().map(literal).collect()),
        ExprKind::Object(entries) => Value::Object(object(entries)),
        ExprKind::Path(_) | ExprKind::Unknown => Value::Null,
    }
}

pub(super) fn object(entries: &[(ast::Name, ast::Expr)]) -> Object {
    entries.iter().map(|(key, value)| (key.value.clone(), literal(value))).collect()
}

/// Whole numbers without a point, as other sources of JSON write them.
fn json_number(number: f64) -> Number {
    let whole = (number.fract() == 0.0 && number.abs() < WHOLE_MAX)
        .then(|| format!("{number:.0}").parse::<i64>().ok())
        .flatten();
    whole.map_or_else(|| Number::from_f64(number).unwrap_or_else(|| Number::from(0)), Number::from)
}

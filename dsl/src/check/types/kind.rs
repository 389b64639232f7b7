//! What a value is known to be before anything runs.

use crate::ast::{Expr, ExprKind};
use crate::expr::ArithmeticOp;

/// What a value is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Type {
    Text,
    Number,
    Boolean,
    List,
    Object,
    /// An instant or a day.
    Moment,
    /// A length of time.
    Duration,
}

impl Type {
    pub(in crate::check) const fn called(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Moment => "a moment",
            Self::Duration => "a length of time",
        }
    }
}

/// The type of a value where the text alone tells it.
pub(in crate::check) fn type_of(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        ExprKind::Text(_) => Some(Type::Text),
        ExprKind::Number(_) | ExprKind::Total(_) => Some(Type::Number),
        ExprKind::Boolean(_) => Some(Type::Boolean),
        ExprKind::List(_) => Some(Type::List),
        ExprKind::Object(_) => Some(Type::Object),
        ExprKind::Duration(_) => Some(Type::Duration),
        ExprKind::Moment(_) | ExprKind::At { .. } => Some(Type::Moment),
        ExprKind::Occurrence(occurrence) => occurrence.keys.is_empty().then_some(Type::Moment),
        ExprKind::Path(path) => {
            let is_field = path.scope.value == "message" && !path.keys.is_empty();
            is_field.then_some(Type::Text)
        }
        ExprKind::Default { value, default } => type_of(value).or_else(|| type_of(default)),
        ExprKind::Arithmetic { left, op, right } => joined(type_of(left), op.value, type_of(right)),
        ExprKind::Null | ExprKind::Unknown => None,
    }
}

/// What comes out of a calculation, where its parts fit.
fn joined(left: Option<Type>, op: ArithmeticOp, right: Option<Type>) -> Option<Type> {
    match (left, op, right) {
        (Some(Type::Moment), _, _) | (_, _, Some(Type::Moment)) => Some(Type::Moment),
        (Some(Type::Duration), _, _) => Some(Type::Duration),
        (_, ArithmeticOp::Add | ArithmeticOp::Subtract, Some(Type::Duration)) => Some(Type::Moment),
        (_, _, Some(Type::Duration)) => Some(Type::Duration),
        (Some(Type::Text), ArithmeticOp::Add, _) | (_, ArithmeticOp::Add, Some(Type::Text)) => {
            Some(Type::Text)
        }
        (None, ArithmeticOp::Add, None) => None,
        _ => Some(Type::Number),
    }
}

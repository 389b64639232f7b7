//! Types, as far as they are written down: literals, and the fields of a rendered message.

use super::Check;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{CompareOp, TextOp};

/// What a value is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Boolean,
    List,
    Object,
}

impl Type {
    const fn called(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

fn type_of(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        ExprKind::Text(_) => Some(Type::Text),
        ExprKind::Number(_) => Some(Type::Number),
        ExprKind::Boolean(_) => Some(Type::Boolean),
        ExprKind::List(_) => Some(Type::List),
        ExprKind::Object(_) => Some(Type::Object),
        ExprKind::Path(path) if path.scope.value == "message" && !path.keys.is_empty() => {
            Some(Type::Text)
        }
        ExprKind::Path(_) | ExprKind::Unknown => None,
    }
}

impl Check<'_> {
    pub(super) fn types(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                for part in parts {
                    self.types(part);
                }
            }
            ConditionKind::Not(inner) => self.types(inner),
            ConditionKind::Compare { left, op, right, .. } => self.compared(left, op.value, right),
            ConditionKind::Between { value, low, high } => self.between(value, low, high),
            ConditionKind::In { value, list, .. } => {
                for member in list {
                    self.scalar(
                        member,
                        "a list that is searched holds texts, numbers, true and false",
                    );
                    self.same(value, member);
                }
            }
            ConditionKind::Text { left, op, right, .. } => self.searched(left, op.value, right),
            ConditionKind::Performed { filter: Some(filter), .. } => self.types(filter),
            ConditionKind::Performed { filter: None, .. }
            | ConditionKind::Presence { .. }
            | ConditionKind::InSegment(_)
            | ConditionKind::Unknown => {}
        }
    }

    fn compared(&mut self, left: &Expr, op: CompareOp, right: &Expr) {
        let help = "one of several values is asked for by `in [\"a\", \"b\"]`, a member of a list by `contains`";
        if self.scalar(left, help) || self.scalar(right, help) {
            return;
        }
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        for side in [left, right] {
            if ordered && type_of(side) == Some(Type::Boolean) {
                self.report(
                    Diagnostic::new(Code::J0401, side.span, "true and false have no order")
                        .here("neither is greater")
                        .help("compare by `==` or `!=`"),
                );
                return;
            }
        }
        self.same(left, right);
    }

    fn between(&mut self, value: &Expr, low: &Expr, high: &Expr) {
        let help = "the ends of `between` are numbers or texts";
        if self.scalar(low, help) || self.scalar(high, help) || self.same(low, high) {
            return;
        }
        self.same(value, low);
    }

    fn searched(&mut self, left: &Expr, op: TextOp, right: &Expr) {
        let word = match op {
            TextOp::Contains => return self.contains(right),
            TextOp::StartsWith => "starts with",
            TextOp::EndsWith => "ends with",
            TextOp::Matches => "matches",
        };
        for side in [left, right] {
            if let Some(other) = type_of(side).filter(|of| *of != Type::Text) {
                self.report(
                    Diagnostic::new(
                        Code::J0401,
                        side.span,
                        format!("`{word}` looks at texts, and this is {}", other.called()),
                    )
                    .here(format!("{}, not a text", other.called())),
                );
            }
        }
    }

    fn contains(&mut self, right: &Expr) {
        self.scalar(right, "`contains` looks for one value; ask for several with `or`");
    }

    /// Reports a value that is no text, number or truth.
    fn scalar(&mut self, expr: &Expr, help: &str) -> bool {
        let Some(of @ (Type::List | Type::Object)) = type_of(expr) else {
            return false;
        };
        self.report(
            Diagnostic::new(Code::J0401, expr.span, format!("{} cannot be compared", of.called()))
                .here(of.called())
                .help(help),
        );
        true
    }

    /// Reports two values whose types are known and differ.
    fn same(&mut self, left: &Expr, right: &Expr) -> bool {
        let (Some(one), Some(other)) = (type_of(left), type_of(right)) else {
            return false;
        };
        if one == other {
            return false;
        }
        self.report(
            Diagnostic::new(
                Code::J0401,
                right.span,
                format!("{} cannot be compared with {}", other.called(), one.called()),
            )
            .here(other.called())
            .also(left.span, one.called())
            .help("compare values of one type; a text is never a number"),
        );
        true
    }
}

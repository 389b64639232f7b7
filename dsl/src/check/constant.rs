//! Conditions that cannot change, and text that looks like a template where none is rendered.

use super::Check;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{CompareOp, Count};

impl Check<'_> {
    pub(super) fn constant(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) => {
                for part in parts {
                    self.constant(part);
                }
                self.contradiction(condition, parts);
            }
            ConditionKind::Any(parts) => {
                for part in parts {
                    self.constant(part);
                }
            }
            ConditionKind::Not(inner) => self.constant(inner),
            ConditionKind::Compare { left, right, .. }
            | ConditionKind::Text { left, right, .. } => {
                self.unrendered(left);
                self.unrendered(right);
                let alike =
                    std::mem::discriminant(&left.kind) == std::mem::discriminant(&right.kind);
                if alike && written_out(left) && written_out(right) {
                    self.always_same(
                        condition,
                        "nothing here depends on anything",
                        "one side should be a path, such as `customer.plan`",
                    );
                }
            }
            ConditionKind::Between { value, low, high } => {
                self.empty_range(condition, [value, low, high])
            }
            ConditionKind::In { list, .. } => {
                for member in list {
                    self.unrendered(member);
                }
                if list.is_empty() {
                    self.always_same(
                        condition,
                        "nothing is in an empty list",
                        "put values into the list",
                    );
                }
            }
            ConditionKind::Performed { filter, count, .. } => {
                if *count == Count::AtLeast(0) {
                    self.always_same(
                        condition,
                        "everyone did this at least 0 times",
                        "say `at least 1 times`, or leave the count out",
                    );
                }
                if let Some(filter) = filter {
                    self.constant(filter);
                }
            }
            ConditionKind::Presence { .. }
            | ConditionKind::InSegment(_)
            | ConditionKind::Unknown => {}
        }
    }

    fn empty_range(&mut self, condition: &Condition, [value, low, high]: [&Expr; 3]) {
        for part in [value, low, high] {
            self.unrendered(part);
        }
        let empty = match (&low.kind, &high.kind) {
            (ExprKind::Number(low), ExprKind::Number(high)) => low > high,
            (ExprKind::Text(low), ExprKind::Text(high)) => low.text > high.text,
            _ => false,
        };
        if empty {
            self.always_same(condition, "nothing lies between these", "put the lower end first");
        }
    }

    /// One path that should equal two values at once.
    fn contradiction(&mut self, whole: &Condition, parts: &[Condition]) {
        let equal: Vec<(&Expr, &Expr)> = parts
            .iter()
            .filter_map(|part| match &part.kind {
                ConditionKind::Compare { left, op, right, ignoring_case: false }
                    if op.value == CompareOp::Equal
                        && matches!(left.kind, ExprKind::Path(_))
                        && written_out(right) =>
                {
                    Some((left, right))
                }
                _ => None,
            })
            .collect();
        for (index, (path, value)) in equal.iter().enumerate() {
            let other = equal
                .iter()
                .skip(index + 1)
                .find(|(other, wanted)| same_path(path, other) && !same_value(value, wanted));
            if let Some((_, wanted)) = other {
                self.report(
                    Diagnostic::new(Code::J0504, whole.span, "this condition never holds")
                        .here("one value cannot equal both")
                        .also(value.span, "this")
                        .also(wanted.span, "and this")
                        .help("ask for one or the other with `or`, or with `in [ … ]`"),
                );
                return;
            }
        }
    }

    fn always_same(&mut self, condition: &Condition, here: &str, help: &str) {
        self.report(
            Diagnostic::new(Code::J0504, condition.span, "this condition never changes")
                .here(here)
                .help(help),
        );
    }

    fn unrendered(&mut self, expr: &Expr) {
        if let ExprKind::Text(text) = &expr.kind {
            self.no_template(text);
        }
    }

    /// Warns of Liquid in a text that is taken as it is.
    pub(super) fn no_template(&mut self, text: &Template) {
        if text.renders() {
            self.report(
                Diagnostic::new(Code::J0503, text.span, "no template is rendered here")
                    .here("taken as it is, braces included")
                    .help("compare with a path instead, such as `customer.plan == customer.wanted_plan`"),
            );
        }
    }
}

const fn written_out(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Boolean(_))
}

fn same_path(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Path(one), ExprKind::Path(other)) => {
            one.scope.value == other.scope.value && one.keys == other.keys
        }
        _ => false,
    }
}

fn same_value(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Text(one), ExprKind::Text(other)) => one.text == other.text,
        (ExprKind::Number(one), ExprKind::Number(other)) => one.total_cmp(other).is_eq(),
        (ExprKind::Boolean(one), ExprKind::Boolean(other)) => one == other,
        _ => false,
    }
}

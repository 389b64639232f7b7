//! Calculations: `* /` bind closer than `+ -`, and `at TIME` closes them.

use super::Builder;
use crate::ast::{Expr, ExprKind, Spanned};
use crate::expr::ArithmeticOp;
use crate::syntax::{Node, Rule};

impl Builder<'_> {
    /// The parts of an `operand`, in written order: values, signs, `default …`, `at …`.
    pub(super) fn calculation(&mut self, parts: &[Node]) -> Expr {
        let Some((first, rest)) = parts.split_first() else {
            return self.unknown_value(crate::span::Span::default());
        };
        let first = self.primary(first);
        self.calculation_from(first, rest)
    }

    /// Goes on from a first value that was read already.
    pub(super) fn calculation_from(&mut self, first: Expr, parts: &[Node]) -> Expr {
        let mut terms = vec![first];
        let mut signs: Vec<Spanned<ArithmeticOp>> = Vec::new();
        let mut time: Option<&Node> = None;
        for part in parts {
            match part.rule {
                Rule::sign => {
                    let value = op_of(part.text(self.text));
                    signs.push(Spanned { value, span: part.span });
                }
                Rule::default => {
                    if let Some(value) = terms.pop() {
                        terms.push(self.defaulted(value, part));
                    }
                }
                Rule::at_time => time = Some(part),
                _ => terms.push(self.primary(part)),
            }
        }
        let sum = folded(terms, signs);
        match time {
            Some(time) => self.at(sum, time),
            None => sum,
        }
    }

    fn defaulted(&mut self, value: Expr, node: &Node) -> Expr {
        let span = value.span.to(node.span);
        let default = match node.child(Rule::literal) {
            Some(literal) => self.value(literal),
            None => self.unknown_value(node.span),
        };
        let kind = ExprKind::Default { value: Box::new(value), default: Box::new(default) };
        Expr { kind, span }
    }

    fn at(&mut self, day: Expr, node: &Node) -> Expr {
        let span = day.span.to(node.span);
        let zone = self.zone_in(node);
        let kind = match self.clock_in(node) {
            Some(time) => ExprKind::At { day: Box::new(day), time, zone },
            None => ExprKind::Unknown,
        };
        Expr { kind, span }
    }
}

/// Joins values by their signs, those that bind closer first.
fn folded(terms: Vec<Expr>, signs: Vec<Spanned<ArithmeticOp>>) -> Expr {
    let mut terms = terms.into_iter();
    let mut sums: Vec<Expr> = terms.next().into_iter().collect();
    let mut outer: Vec<Spanned<ArithmeticOp>> = Vec::new();
    for (sign, term) in signs.into_iter().zip(terms) {
        if matches!(sign.value, ArithmeticOp::Multiply | ArithmeticOp::Divide) {
            if let Some(left) = sums.pop() {
                sums.push(joined(left, sign, term));
            }
        } else {
            outer.push(sign);
            sums.push(term);
        }
    }
    let mut sums = sums.into_iter();
    let first = sums.next().unwrap_or(Expr { kind: ExprKind::Unknown, span: Default::default() });
    outer.into_iter().zip(sums).fold(first, |left, (sign, right)| joined(left, sign, right))
}

fn joined(left: Expr, op: Spanned<ArithmeticOp>, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    let kind = ExprKind::Arithmetic { left: Box::new(left), op, right: Box::new(right) };
    Expr { kind, span }
}

fn op_of(sign: &str) -> ArithmeticOp {
    match sign {
        "+" => ArithmeticOp::Add,
        "-" => ArithmeticOp::Subtract,
        "*" => ArithmeticOp::Multiply,
        _ => ArithmeticOp::Divide,
    }
}

//! What a predicate claims of one value, and whether two claims can be true together.

use std::cmp::Ordering;

use super::Check;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind};
use crate::expr::{CompareOp, Presence};
use crate::span::Span;

/// What one predicate claims.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim<'c> {
    /// Of what; the same text for the same value.
    pub(super) of: String,
    pub(super) fact: Fact<'c>,
    pub(super) span: Span,
}

/// What is claimed of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fact<'c> {
    /// It equals one of these.
    OneOf(Vec<Literal<'c>>),
    /// It equals none of these; it may be missing.
    NoneOf(Vec<Literal<'c>>),
    /// It is a number from here to there.
    Range(End, End),
    /// Something else that only a value that is not empty fulfils.
    Filled,
    /// It exists.
    Present,
    /// It is missing.
    Missing,
    /// It is missing or empty.
    Empty,
}

/// An end of a range, and whether it belongs to it.
type End = (f64, bool);

const LOWEST: End = (f64::NEG_INFINITY, true);
const HIGHEST: End = (f64::INFINITY, true);

/// A value that is written out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Literal<'c> {
    Text(&'c str),
    Number(f64),
    Boolean(bool),
}

/// The value of a literal.
pub(super) fn literal(expr: &Expr) -> Option<Literal<'_>> {
    match &expr.kind {
        ExprKind::Text(text) if !text.renders() => Some(Literal::Text(&text.text)),
        ExprKind::Number(number) => Some(Literal::Number(*number)),
        ExprKind::Boolean(truth) => Some(Literal::Boolean(*truth)),
        _ => None,
    }
}

impl Check<'_> {
    /// What this predicate claims, where it is plain enough to tell.
    pub(super) fn claim<'c>(&self, term: &'c Condition) -> Option<Claim<'c>> {
        let (of, fact) = match &term.kind {
            ConditionKind::Compare { left, op, right, ignoring_case } => {
                let (value, op, other) = match (literal(left), literal(right)) {
                    (None, Some(other)) => (left, op.value, other),
                    (Some(other), None) => (right, turned(op.value), other),
                    _ => return None,
                };
                (self.called(value)?, compared(op, other, *ignoring_case))
            }
            ConditionKind::Between { value, low, high } => {
                let fact = match (literal(low), literal(high)) {
                    (Some(Literal::Number(low)), Some(Literal::Number(high))) => {
                        Fact::Range((low, true), (high, true))
                    }
                    _ => Fact::Filled,
                };
                (self.called(value)?, fact)
            }
            ConditionKind::In { value, list, ignoring_case } => {
                let literals: Option<Vec<Literal<'c>>> = list.iter().map(literal).collect();
                let fact = literals
                    .filter(|found| !ignoring_case && !found.is_empty())
                    .map_or(Fact::Filled, Fact::OneOf);
                (self.called(value)?, fact)
            }
            ConditionKind::Text { left, .. } => (self.called(left)?, Fact::Filled),
            ConditionKind::Moment { value, .. } => (self.called(value)?, Fact::Filled),
            ConditionKind::Presence { path, test } => {
                let value = Expr { kind: ExprKind::Path(path.clone()), span: path.span };
                let fact = match test {
                    Presence::Exists => Fact::Present,
                    Presence::Missing => Fact::Missing,
                    Presence::Empty => Fact::Empty,
                };
                (self.called(&value)?, fact)
            }
            ConditionKind::Not(inner) => {
                let claim = self.claim(inner)?;
                (claim.of, denied(claim.fact)?)
            }
            _ => return None,
        };
        Some(Claim { of, fact, span: term.span })
    }
}

const fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::Equal,
        CompareOp::NotEqual => CompareOp::NotEqual,
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
    }
}

fn compared(op: CompareOp, other: Literal<'_>, ignoring_case: bool) -> Fact<'_> {
    let number = match other {
        Literal::Number(number) => Some(number),
        Literal::Text(_) | Literal::Boolean(_) => None,
    };
    match (op, number) {
        (CompareOp::Equal, _) if !ignoring_case => Fact::OneOf(vec![other]),
        (CompareOp::NotEqual, _) if !ignoring_case => Fact::NoneOf(vec![other]),
        (CompareOp::NotEqual, _) => Fact::NoneOf(Vec::new()),
        (CompareOp::Less, Some(end)) => Fact::Range(LOWEST, (end, false)),
        (CompareOp::LessOrEqual, Some(end)) => Fact::Range(LOWEST, (end, true)),
        (CompareOp::Greater, Some(end)) => Fact::Range((end, false), HIGHEST),
        (CompareOp::GreaterOrEqual, Some(end)) => Fact::Range((end, true), HIGHEST),
        _ => Fact::Filled,
    }
}

fn denied(fact: Fact<'_>) -> Option<Fact<'_>> {
    match fact {
        Fact::OneOf(values) => Some(Fact::NoneOf(values)),
        Fact::NoneOf(values) if !values.is_empty() => Some(Fact::OneOf(values)),
        Fact::Present => Some(Fact::Missing),
        Fact::Missing => Some(Fact::Present),
        Fact::NoneOf(_) | Fact::Range(..) | Fact::Filled | Fact::Empty => None,
    }
}

/// Why both cannot be true of one value at once.
pub(super) fn conflict(one: &Fact<'_>, other: &Fact<'_>) -> Option<&'static str> {
    conflict_of(one, other).or_else(|| conflict_of(other, one))
}

fn conflict_of(one: &Fact<'_>, other: &Fact<'_>) -> Option<&'static str> {
    let all =
        |values: &[Literal<'_>], wrong: &dyn Fn(&Literal<'_>) -> bool| values.iter().all(wrong);
    match (one, other) {
        (Fact::OneOf(some), Fact::OneOf(others)) if all(some, &|value| !others.contains(value)) => {
            Some(if some.len() == 1 && others.len() == 1 {
                "one value cannot equal both"
            } else {
                "no value is allowed by both"
            })
        }
        (Fact::OneOf(some), Fact::NoneOf(others)) if all(some, &|value| others.contains(value)) => {
            Some("what one of them asks for, the other forbids")
        }
        (Fact::OneOf(some), Fact::Range(low, high))
            if all(some, &|value| !within(value, *low, *high)) =>
        {
            Some("the value lies outside of the range")
        }
        (Fact::Range(low, high), Fact::Range(other_low, other_high))
            if apart(*low, *other_high) || apart(*other_low, *high) =>
        {
            Some("no number lies in both ranges")
        }
        (Fact::Missing, Fact::OneOf(_) | Fact::Range(..) | Fact::Filled | Fact::Present) => {
            Some("what is missing has no value")
        }
        (Fact::Empty, Fact::Range(..) | Fact::Filled) => Some("what is empty has no value"),
        (Fact::Empty, Fact::OneOf(some)) if all(some, &|value| *value != Literal::Text("")) => {
            Some("what is empty has no value")
        }
        _ => None,
    }
}

/// Why at least one of both is true, whatever the value is.
pub(super) fn always(one: &Fact<'_>, other: &Fact<'_>) -> Option<&'static str> {
    let (one, other) = match (one, other) {
        (Fact::OneOf(_) | Fact::Missing, _) => (other, one),
        _ => (one, other),
    };
    match (one, other) {
        (Fact::NoneOf(some), Fact::NoneOf(others))
            if !some.is_empty()
                && !others.is_empty()
                && some.iter().all(|value| !others.contains(value)) =>
        {
            Some("what equals the one does not equal the other")
        }
        (Fact::NoneOf(some), Fact::OneOf(others))
            if !some.is_empty() && some.iter().all(|value| others.contains(value)) =>
        {
            Some("every value fulfils one of both")
        }
        (Fact::Present, Fact::Missing) => Some("everything exists or is missing"),
        _ => None,
    }
}

fn within(value: &Literal<'_>, low: End, high: End) -> bool {
    let Literal::Number(number) = value else {
        return false;
    };
    !apart(low, (*number, true)) && !apart((*number, true), high)
}

/// Whether nothing lies from `low` to `high`.
fn apart(low: End, high: End) -> bool {
    match low.0.partial_cmp(&high.0) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => !(low.1 && high.1),
        Some(Ordering::Less) | None => false,
    }
}

//! Equality, order and `contains`, as conditions and filters see them.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::expr::Operator;
use crate::number::int_to_float;
use crate::value::{List, Val, scalar};

/// Values of different kinds are neither equal nor in any order.
pub(crate) fn holds(left: &Val<'_>, operator: Operator, right: &Val<'_>) -> bool {
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::Less => order(left, right).is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
        Operator::Greater => order(left, right).is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
        Operator::Contains => contains(left, right),
    }
}

pub(crate) fn equal(left: &Val<'_>, right: &Val<'_>) -> bool {
    match (left, right) {
        (Val::Nil, Val::Nil) | (Val::Empty, Val::Empty) | (Val::Blank, Val::Blank) => true,
        (Val::Empty, Val::Blank) | (Val::Blank, Val::Empty) => false,
        (Val::Empty, other) | (other, Val::Empty) => other.is_empty(),
        (Val::Blank, other) | (other, Val::Blank) => other.is_blank(),
        (Val::Bool(left), Val::Bool(right)) => left == right,
        (Val::Text(left), Val::Text(right)) => left.as_str() == right.as_str(),
        (Val::List(List::Range { .. }), Val::List(List::Range { .. })) => same_range(left, right),
        (Val::List(left), Val::List(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(left, right)| equal(&left, &right))
        }
        (Val::Object(left), Val::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| {
                    right.get(name).is_some_and(|right| equal(&left.into(), &right.into()))
                })
        }
        (Val::Loop(left), Val::Loop(right)) => Rc::ptr_eq(left, right),
        _ => order(left, right).is_some_and(Ordering::is_eq),
    }
}

/// The order of two numbers or two texts.
pub(crate) fn order(left: &Val<'_>, right: &Val<'_>) -> Option<Ordering> {
    match (left, right) {
        (Val::Int(left), Val::Int(right)) => Some(left.cmp(right)),
        (Val::Float(left), Val::Float(right)) => left.partial_cmp(right),
        (Val::Int(left), Val::Float(right)) => int_to_float(*left).partial_cmp(right),
        (Val::Float(left), Val::Int(right)) => left.partial_cmp(&int_to_float(*right)),
        (Val::Text(left), Val::Text(right)) => Some(left.as_str().cmp(right.as_str())),
        _ => None,
    }
}

/// Ranges can be too long to be compared number by number.
fn same_range(left: &Val<'_>, right: &Val<'_>) -> bool {
    match (left, right) {
        (
            Val::List(List::Range { first: a, last: b }),
            Val::List(List::Range { first: c, last: d }),
        ) => (a == c && b == d) || (a > b && c > d),
        _ => false,
    }
}

/// Nothing contains nil.
fn contains(left: &Val<'_>, right: &Val<'_>) -> bool {
    if right.is_nil() {
        return false;
    }
    match left {
        Val::Text(text) => {
            scalar(right).is_some_and(|right| text.as_str().contains(right.as_ref()))
        }
        Val::List(List::Range { first, last }) => {
            matches!(right, Val::Int(value) if (first..=last).contains(&value))
        }
        Val::List(list) => list.iter().any(|value| equal(&value, right)),
        Val::Object(map) => match right {
            Val::Text(name) => map.contains_key(name.as_str()),
            _ => false,
        },
        _ => false,
    }
}

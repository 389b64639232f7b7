//! The ways through conditions and blocks that several checks share.

use super::Check;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind, Part, Step};
use crate::expr::Key;
use crate::syntax::tokens;

/// The steps of a block, without the clauses that stand among them by mistake.
pub(super) fn steps_of(parts: &[Part]) -> impl DoubleEndedIterator<Item = &Step> {
    parts.iter().filter_map(|part| match part {
        Part::Step(step) => Some(&**step),
        Part::Clause(_) => None,
    })
}

/// Calls `found` with every predicate; what stands in a `where` is a part of its predicate.
pub(super) fn each_term<'c>(condition: &'c Condition, found: &mut impl FnMut(&'c Condition)) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                each_term(part, found);
            }
        }
        ConditionKind::Not(inner) => each_term(inner, found),
        _ => found(condition),
    }
}

/// What must all hold for the condition to hold.
pub(super) fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match &condition.kind {
        ConditionKind::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        _ => vec![condition],
    }
}

/// What lets the condition hold, each alone.
pub(super) fn alternatives(condition: &Condition) -> Vec<&Condition> {
    match &condition.kind {
        ConditionKind::Any(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![condition],
    }
}

/// The `where` of a predicate.
pub(super) fn filter_of(condition: &Condition) -> Option<&Condition> {
    match &condition.kind {
        ConditionKind::Performed { filter, .. } | ConditionKind::RelatedTo { filter, .. } => {
            filter.as_deref()
        }
        ConditionKind::AnyItem { filter, .. } => Some(filter),
        ConditionKind::All(_)
        | ConditionKind::Any(_)
        | ConditionKind::Not(_)
        | ConditionKind::Compare { .. }
        | ConditionKind::Between { .. }
        | ConditionKind::In { .. }
        | ConditionKind::Text { .. }
        | ConditionKind::Presence { .. }
        | ConditionKind::InSegment(_)
        | ConditionKind::Moment { .. }
        | ConditionKind::Interaction(_)
        | ConditionKind::InCampaign(_)
        | ConditionKind::EnteredCampaign(_)
        | ConditionKind::FinishedCampaign(_)
        | ConditionKind::SubscribedTo(_)
        | ConditionKind::Unsubscribed
        | ConditionKind::Suppressed
        | ConditionKind::HasDevice(_)
        | ConditionKind::Random { .. }
        | ConditionKind::Unknown => None,
    }
}

impl Check<'_> {
    /// The words of a condition, the same however it is broken into lines.
    pub(super) fn words(&self, condition: &Condition) -> String {
        tokens(self.text(condition.span))
    }

    /// What a value is called: the same for the same value, `None` where that is not certain.
    pub(super) fn called(&self, value: &Expr) -> Option<String> {
        match &value.kind {
            ExprKind::Path(path) => {
                let mut called = path.scope.value.clone();
                for key in &path.keys {
                    match key {
                        Key::Name(name) => called.extend([".", name.as_str()]),
                        Key::Index(index) => called.push_str(&format!("[{index}]")),
                    }
                }
                Some(called)
            }
            ExprKind::Total(_) | ExprKind::Occurrence(_) => Some(tokens(self.text(value.span))),
            ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::List(_)
            | ExprKind::Object(_)
            | ExprKind::Null
            | ExprKind::Arithmetic { .. }
            | ExprKind::Default { .. }
            | ExprKind::Duration(_)
            | ExprKind::Moment(_)
            | ExprKind::At { .. }
            | ExprKind::Unknown => None,
        }
    }
}

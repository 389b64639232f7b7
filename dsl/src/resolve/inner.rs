//! What stands inside a condition or a value, itself included.

use crate::ast::{
    Condition, ConditionKind, Duration, DurationKind, Expr, ExprKind, MomentTest, Path, Window,
};

/// One thing inside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Inner<'c> {
    Condition(&'c Condition),
    Expr(&'c Expr),
    Path(&'c Path),
}

/// Calls `found` with everything in a condition, in written order.
pub(crate) fn inside<'c>(condition: &'c Condition, found: &mut dyn FnMut(Inner<'c>)) {
    found(Inner::Condition(condition));
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            parts.iter().for_each(|part| inside(part, found));
        }
        ConditionKind::Not(inner) => inside(inner, found),
        ConditionKind::Compare { left, right, .. } | ConditionKind::Text { left, right, .. } => {
            inside_value(left, found);
            inside_value(right, found);
        }
        ConditionKind::Between { value, low, high } => {
            for part in [value, low, high] {
                inside_value(part, found);
            }
        }
        ConditionKind::In { value, list, .. } => {
            inside_value(value, found);
            list.iter().for_each(|member| inside_value(member, found));
        }
        ConditionKind::Presence { path, .. } => found(Inner::Path(path)),
        ConditionKind::Performed { filter, window, .. } => {
            filter.iter().for_each(|filter| inside(filter, found));
            inside_window(&window.value, found);
        }
        ConditionKind::Moment { value, test } => {
            inside_value(value, found);
            match &test.value {
                MomentTest::Before(moment) | MomentTest::After(moment) => {
                    inside_value(moment, found);
                }
                MomentTest::InTheLast(_)
                | MomentTest::InTheNext(_)
                | MomentTest::MoreThanAgo(_)
                | MomentTest::MoreThanFromNow(_) => {}
            }
        }
        ConditionKind::AnyItem { path, filter } => {
            found(Inner::Path(path));
            inside(filter, found);
        }
        ConditionKind::Interaction(interaction) => {
            inside_window(&interaction.window.value, found);
        }
        ConditionKind::RelatedTo { filter, .. } => {
            filter.iter().for_each(|filter| inside(filter, found));
        }
        ConditionKind::InSegment(_)
        | ConditionKind::InCampaign(_)
        | ConditionKind::EnteredCampaign(_)
        | ConditionKind::FinishedCampaign(_)
        | ConditionKind::SubscribedTo(_)
        | ConditionKind::Unsubscribed
        | ConditionKind::Suppressed
        | ConditionKind::HasDevice(_)
        | ConditionKind::Random { .. }
        | ConditionKind::Unknown => {}
    }
}

/// Calls `found` with everything in a value, in written order.
pub(crate) fn inside_value<'c>(value: &'c Expr, found: &mut dyn FnMut(Inner<'c>)) {
    found(Inner::Expr(value));
    match &value.kind {
        ExprKind::Path(path) => found(Inner::Path(path)),
        ExprKind::List(members) => members.iter().for_each(|member| inside_value(member, found)),
        ExprKind::Object(entries) => {
            entries.iter().for_each(|(_, value)| inside_value(value, found));
        }
        ExprKind::Arithmetic { left, right, .. } => {
            inside_value(left, found);
            inside_value(right, found);
        }
        ExprKind::Default { value, default } => {
            inside_value(value, found);
            inside_value(default, found);
        }
        ExprKind::Duration(duration) => inside_duration(duration, found),
        ExprKind::At { day, .. } => inside_value(day, found),
        ExprKind::Total(total) => {
            total.filter.iter().for_each(|filter| inside(filter, found));
            inside_window(&total.window.value, found);
        }
        ExprKind::Text(_)
        | ExprKind::Number(_)
        | ExprKind::Boolean(_)
        | ExprKind::Null
        | ExprKind::Moment(_)
        | ExprKind::Occurrence(_)
        | ExprKind::Unknown => {}
    }
}

/// Calls `found` with everything in a length of time that is computed.
pub(crate) fn inside_duration<'c>(duration: &'c Duration, found: &mut dyn FnMut(Inner<'c>)) {
    match &duration.kind {
        DurationKind::Fixed(_) => {}
        DurationKind::Computed(amount, _) => inside_value(amount, found),
    }
}

fn inside_window<'c>(window: &'c Window, found: &mut dyn FnMut(Inner<'c>)) {
    match window {
        Window::Before(moment) | Window::After(moment) => inside_value(moment, found),
        Window::Ever | Window::Last(_) | Window::SinceEntry => {}
    }
}

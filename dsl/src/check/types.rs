//! Types, as far as the text tells them: literals, moments, totals, calculations, and the fields of
//! a rendered message.

mod kind;
mod moments;
mod values;

use kind::{Type, type_of};

use super::Check;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind, Interaction, Spanned, Window};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{CompareOp, TextOp};

impl Check<'_> {
    pub(super) fn types(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                for part in parts {
                    self.types(part);
                }
            }
            ConditionKind::Not(inner) => self.types(inner),
            ConditionKind::Compare { left, op, right, .. } => self.compared(left, op, right),
            ConditionKind::Between { value, low, high } => self.between(value, low, high),
            ConditionKind::In { value, list, .. } => self.members(value, list),
            ConditionKind::Text { left, op, right, .. } => self.searched(left, op.value, right),
            ConditionKind::Moment { value, test } => self.placed(value, test),
            ConditionKind::Performed { filter, window, .. } => {
                if let Some(filter) = filter {
                    self.types(filter);
                }
                self.bounds(window);
            }
            ConditionKind::AnyItem { filter, .. }
            | ConditionKind::RelatedTo { filter: Some(filter), .. } => self.types(filter),
            ConditionKind::Interaction(interaction) => {
                let Interaction { window, .. } = interaction.as_ref();
                self.bounds(window);
            }
            ConditionKind::RelatedTo { filter: None, .. }
            | ConditionKind::Presence { .. }
            | ConditionKind::InSegment(_)
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

    fn bounds(&mut self, window: &Spanned<Window>) {
        match &window.value {
            Window::Before(moment) | Window::After(moment) => self.moment(moment),
            Window::Ever | Window::Last(_) | Window::SinceEntry => {}
        }
    }

    fn compared(&mut self, left: &Expr, op: &Spanned<CompareOp>, right: &Expr) {
        self.value(left);
        self.value(right);
        let help = "one of several values is asked for by `in [\"a\", \"b\"]`, a member of a list by `contains`";
        if self.scalar(left, help) || self.scalar(right, help) || self.by_signs(left, op, right) {
            return;
        }
        let ordered = !matches!(op.value, CompareOp::Equal | CompareOp::NotEqual);
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
        for part in [value, low, high] {
            self.value(part);
        }
        let help = "the ends of `between` are numbers, texts or moments";
        if self.scalar(low, help) || self.scalar(high, help) {
            return;
        }
        for part in [low, high] {
            if type_of(part) == Some(Type::Duration) {
                self.no_time(
                    part,
                    "ask how long ago it is: `more than 3 days ago`, or `in the last 3 days`",
                );
                return;
            }
        }
        if !self.same(low, high) {
            self.same(value, low);
        }
    }

    fn members(&mut self, value: &Expr, list: &[Expr]) {
        self.value(value);
        for member in list {
            let help = "a list that is searched holds texts, numbers, true and false";
            if self.scalar(member, help)
                || self.no_time(member, "moments are asked for by `before`, `after` and `between`")
                || self.same(value, member)
            {
                return;
            }
        }
    }

    fn searched(&mut self, left: &Expr, op: TextOp, right: &Expr) {
        self.value(left);
        self.value(right);
        let word = match op {
            TextOp::Contains => return self.contains(left, right),
            TextOp::StartsWith => "starts with",
            TextOp::EndsWith => "ends with",
            TextOp::Matches => "matches",
        };
        for side in [left, right] {
            if let Some(other) = type_of(side).filter(|of| *of != Type::Text) {
                let diagnostic = Diagnostic::new(
                    Code::J0401,
                    side.span,
                    format!("`{word}` looks at texts, and this is {}", other.called()),
                )
                .here(format!("{}, not a text", other.called()));
                self.report(match &side.kind {
                    ExprKind::Number(_) => {
                        let quoted = format!("\"{}\"", self.text(side.span));
                        diagnostic.replace(format!("write `{quoted}`"), side.span, quoted)
                    }
                    ExprKind::List(_) => diagnostic.help("ask for each of them, joined by `or`"),
                    _ => diagnostic,
                });
            }
        }
    }

    fn contains(&mut self, left: &Expr, right: &Expr) {
        let times = "moments are asked for by `before`, `after` and `between`";
        if self.scalar(right, "`contains` looks for one value; ask for several with `or`")
            || self.no_time(right, times)
        {
            return;
        }
        if let Some(of @ (Type::Number | Type::Boolean | Type::Moment | Type::Duration)) =
            type_of(left)
        {
            self.report(
                Diagnostic::new(
                    Code::J0401,
                    left.span,
                    format!("`contains` looks into texts and lists, and this is {}", of.called()),
                )
                .here(of.called()),
            );
        }
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

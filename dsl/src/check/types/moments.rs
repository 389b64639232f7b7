//! Where a moment is asked for, or moments are compared.

use super::kind::{Type, type_of};
use crate::ast::{Expr, ExprKind, MomentTest, Path, Spanned};
use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::expr::CompareOp;
use crate::time::MomentLiteral;

const MOMENTS: &str = "moments are written like `2026-03-01`, `2026-03-01T09:00`, `monday 09:00`, `now` or `customer.trial_ends_at - 3 days`";

impl Check<'_> {
    pub(super) fn placed(&mut self, value: &Expr, test: &Spanned<MomentTest>) {
        self.moment(value);
        match &test.value {
            MomentTest::Before(moment) | MomentTest::After(moment) => self.moment(moment),
            MomentTest::InTheLast(_)
            | MomentTest::InTheNext(_)
            | MomentTest::MoreThanAgo(_)
            | MomentTest::MoreThanFromNow(_) => {}
        }
    }

    /// A value that says when.
    pub(super) fn moment(&mut self, value: &Expr) {
        self.value(value);
        match (&value.kind, type_of(value)) {
            (_, None | Some(Type::Moment)) => {}
            (ExprKind::Text(text), _) if is_date(&text.text) => {}
            (ExprKind::Text(text), _) => {
                let diagnostic = Diagnostic::new(
                    Code::J0403,
                    value.span,
                    format!("`{}` is no moment", text.text),
                )
                .here("expected a date or a time")
                .help(MOMENTS);
                self.report(diagnostic);
            }
            (_, Some(Type::Duration)) => {
                let written = self.text(value.span);
                let diagnostic = Diagnostic::new(
                    Code::J0403,
                    value.span,
                    format!("`{written}` is a length of time, and a moment is meant here"),
                )
                .here("counted from when?")
                .help(format!("write `now + {written}`, or `now - {written}` for the past"));
                self.report(diagnostic);
            }
            (_, Some(other)) => self.report(
                Diagnostic::new(
                    Code::J0403,
                    value.span,
                    format!("a moment is meant here, and this is {}", other.called()),
                )
                .here("no moment")
                .help(MOMENTS),
            ),
        }
    }

    /// Signs between moments; `true` where that was reported.
    pub(super) fn by_signs(&mut self, left: &Expr, op: &Spanned<CompareOp>, right: &Expr) -> bool {
        let of = [type_of(left), type_of(right)];
        if of.contains(&Some(Type::Duration)) {
            self.by_length(left, right);
            return true;
        }
        let fits = |side: Option<Type>| matches!(side, None | Some(Type::Moment));
        if !of.contains(&Some(Type::Moment)) || !of.into_iter().all(fits) {
            return false;
        }
        let sign = self.text(op.span);
        let (one, other) = (self.text(left.span), self.text(right.span));
        let diagnostic =
            Diagnostic::new(Code::J0407, op.span, format!("moments are not compared by `{sign}`"));
        let found = match op.value {
            CompareOp::Less => {
                diagnostic.here("earlier?").replace("write `before`", op.span, "before")
            }
            CompareOp::Greater => {
                diagnostic.here("later?").replace("write `after`", op.span, "after")
            }
            CompareOp::LessOrEqual => {
                diagnostic.here("not later?").help(format!("write `not {one} after {other}`"))
            }
            CompareOp::GreaterOrEqual => {
                diagnostic.here("not earlier?").help(format!("write `not {one} before {other}`"))
            }
            CompareOp::Equal => match self.whole_day(right) {
                Some(day) => diagnostic.here("on that day?").fix(
                    format!("write `between {day} and {day}`, the whole day"),
                    vec![Edit {
                        span: op.span.to(right.span),
                        text: format!("between {day} and {day}"),
                    }],
                ),
                None => diagnostic
                    .here("at that very instant?")
                    .help("say a span of time: `between … and …`, or `in the last 1 hour`"),
            },
            CompareOp::NotEqual => {
                diagnostic.here("at any other instant?").help("say `not … between … and …`")
            }
        };
        self.report(found);
        true
    }

    fn whole_day(&self, value: &Expr) -> Option<String> {
        match &value.kind {
            ExprKind::Moment(MomentLiteral::Date { time: None, .. }) => {
                Some(self.text(value.span).to_owned())
            }
            _ => None,
        }
    }

    /// A length of time beside a sign: how old something is, most likely.
    fn by_length(&mut self, left: &Expr, right: &Expr) {
        let is_left = type_of(left) == Some(Type::Duration);
        let (length, other) = if is_left { (left, right) } else { (right, left) };
        let written = self.text(length.span);
        let asked = match &other.kind {
            ExprKind::Path(Path { span, .. }) => self.text(*span),
            _ => "customer.created_at",
        };
        self.report(
            Diagnostic::new(
                Code::J0403,
                length.span,
                "a length of time cannot be compared by a sign",
            )
            .here("a length of time")
            .help(format!(
                "ask how long ago it is: `{asked} more than {written} ago`, or `{asked} in the last {written}`"
            )),
        );
    }

    /// A value in a place where moments and lengths of time mean nothing.
    pub(super) fn no_time(&mut self, value: &Expr, help: &str) -> bool {
        let Some(of @ (Type::Moment | Type::Duration)) = type_of(value) else {
            return false;
        };
        self.report(
            Diagnostic::new(Code::J0403, value.span, format!("{} cannot stand here", of.called()))
                .here(of.called())
                .help(help),
        );
        true
    }
}

/// Whether a text can be read as a moment.
pub(super) fn is_date(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
        || chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

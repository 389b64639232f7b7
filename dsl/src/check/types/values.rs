//! Values that are kept, handed on or calculated.

use super::kind::{Type, type_of};
use crate::ast::{Duration, DurationKind, Expr, ExprKind, File, Spanned};
use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ArithmeticOp;
use crate::resolve::{Use, What, readings};

impl Check<'_> {
    /// The types of all values of the files, conditions apart.
    pub(in crate::check) fn values(&mut self, files: &[File]) {
        for reading in readings(files) {
            match reading.what {
                What::Value(value, of) => self.used(value, of),
                What::Duration(duration) => self.amount(duration),
                What::Match(value, literals) => self.matched(value, &literals),
                What::Condition(_) | What::Path(_) => {}
            }
        }
    }

    fn used(&mut self, value: &Expr, of: Use) {
        match of {
            Use::Moment => return self.moment(value),
            Use::Kept | Use::Data => self.kept(value),
            Use::Json => self.value(value),
            Use::Member => {
                self.kept(value);
                if let Some(of @ (Type::List | Type::Object)) = type_of(value) {
                    self.report(
                        Diagnostic::new(
                            Code::J0403,
                            value.span,
                            format!("one value is put into a list, and this is {}", of.called()),
                        )
                        .here("expected a text or a number")
                        .help("write one `add … to …` for each value"),
                    );
                }
            }
            Use::Text => {
                self.kept(value);
                if let Some(of) = type_of(value).filter(|of| *of != Type::Text)
                    && !matches!(of, Type::Duration | Type::Moment)
                {
                    self.report(
                        Diagnostic::new(
                            Code::J0403,
                            value.span,
                            format!("a text is meant here, and this is {}", of.called()),
                        )
                        .here("expected a text")
                        .help("write it in quotes, or read it: `customer.email`"),
                    );
                }
            }
        }
        if of != Use::Json {
            self.no_null(value);
        }
    }

    /// A value that attributes, variables and events can hold.
    fn kept(&mut self, value: &Expr) {
        self.value(value);
        if type_of(value) == Some(Type::Duration) {
            let written = self.text(value.span);
            self.report(
                Diagnostic::new(
                    Code::J0403,
                    value.span,
                    "a length of time is no value that can be kept",
                )
                .here("counted from when?")
                .help(format!("keep a moment, `now + {written}`, or a number")),
            );
        }
        match &value.kind {
            ExprKind::List(members) => members.iter().for_each(|member| self.kept(member)),
            ExprKind::Object(entries) => entries.iter().for_each(|(_, inner)| self.kept(inner)),
            _ => {}
        }
    }

    fn no_null(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Null => self.report(
                Diagnostic::new(Code::J0402, value.span, "`null` is no value of this language")
                    .here("known in the `json` of a `call` alone")
                    .help("what has no value is missing: take it out by `unset`, ask for it by `is missing`"),
            ),
            ExprKind::List(members) => members.iter().for_each(|member| self.no_null(member)),
            ExprKind::Object(entries) => entries.iter().for_each(|(_, inner)| self.no_null(inner)),
            _ => {}
        }
    }

    /// What is wrong inside a value, whatever becomes of it.
    pub(super) fn value(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Arithmetic { left, op, right } => {
                self.value(left);
                self.value(right);
                self.calculated(left, op, right);
            }
            ExprKind::Default { value, default } => {
                self.value(value);
                self.value(default);
            }
            ExprKind::Duration(duration) => self.amount(duration),
            ExprKind::At { day, .. } => self.moment(day),
            ExprKind::Total(total) => {
                if let Some(filter) = &total.filter {
                    self.types(filter);
                }
                self.bounds(&total.window);
            }
            ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::List(_)
            | ExprKind::Object(_)
            | ExprKind::Path(_)
            | ExprKind::Null
            | ExprKind::Moment(_)
            | ExprKind::Occurrence(_)
            | ExprKind::Unknown => {}
        }
    }

    fn calculated(&mut self, left: &Expr, op: &Spanned<ArithmeticOp>, right: &Expr) {
        let (one, other) = (type_of(left), type_of(right));
        let sign = op.value.sign();
        let problem = match (one, op.value, other) {
            // A moment and a length of time, in this order.
            (
                None | Some(Type::Moment),
                ArithmeticOp::Add | ArithmeticOp::Subtract,
                Some(Type::Duration),
            ) => None,
            (Some(Type::Duration), ArithmeticOp::Add, Some(Type::Moment)) => Some((
                "a length of time is added to a moment, not the other way round",
                "write the moment first: `now + 2 days`",
            )),
            (Some(Type::Duration), _, Some(Type::Duration)) => Some((
                "lengths of time are not calculated with each other",
                "write them behind each other, `1 day 12 hours`, or compute the number: `(trigger.days + 2) days`",
            )),
            (Some(Type::Duration), _, _) | (_, _, Some(Type::Duration)) => Some((
                "a length of time can only be added to a moment or taken from one",
                "compute the number instead: `(2 * customer.weeks) days`",
            )),
            (Some(Type::Moment), ArithmeticOp::Subtract, Some(Type::Moment)) => Some((
                "moments are not taken from each other",
                "compare them: `customer.paid_at before now - 3 days`, or `more than 3 days ago`",
            )),
            (Some(Type::Moment), _, _) | (_, _, Some(Type::Moment)) => Some((
                "only a length of time can be added to a moment or taken from one",
                "write its unit: `now + 2 days`",
            )),
            (Some(Type::Text), ArithmeticOp::Add, None | Some(Type::Text))
            | (None, ArithmeticOp::Add, Some(Type::Text)) => None,
            (Some(Type::Number), ArithmeticOp::Add, Some(Type::Text))
            | (Some(Type::Text), ArithmeticOp::Add, Some(Type::Number)) => {
                return self.text_and_number(left, right);
            }
            (None | Some(Type::Number), _, None | Some(Type::Number)) => None,
            (Some(Type::Text), _, _) | (_, _, Some(Type::Text)) => {
                Some(("texts can only be joined, by `+`", "calculate with numbers"))
            }
            _ => Some((
                "only numbers are calculated with, and texts joined",
                "a list is changed by `add … to …`",
            )),
        };
        let Some((message, help)) = problem else { return };
        self.report(
            Diagnostic::new(Code::J0409, op.span, message)
                .here(format!("nothing comes out of this `{sign}`"))
                .also(left.span, one.map_or("", Type::called))
                .also(right.span, other.map_or("", Type::called))
                .help(help),
        );
    }

    /// `"a" + 5`: a number that is written out can be a text.
    fn text_and_number(&mut self, left: &Expr, right: &Expr) {
        let number = if type_of(left) == Some(Type::Number) { left } else { right };
        let written = self.text(number.span).to_owned();
        let diagnostic =
            Diagnostic::new(Code::J0409, number.span, "a number is never joined with a text")
                .here("a number");
        self.report(if matches!(number.kind, ExprKind::Number(_)) {
            diagnostic.replace(
                format!("write `\"{written}\"`"),
                number.span,
                format!("\"{written}\""),
            )
        } else {
            diagnostic.help("put both into one text: `\"{{ journey.code }}-{{ journey.number }}\"`")
        });
    }

    fn amount(&mut self, duration: &Duration) {
        let DurationKind::Computed(amount, unit) = &duration.kind else { return };
        self.value(amount);
        if let Some(of) = type_of(amount).filter(|of| *of != Type::Number) {
            self.report(
                Diagnostic::new(
                    Code::J0403,
                    amount.span,
                    format!("the number of {}s is {}", unit.word(), of.called()),
                )
                .here("expected a number")
                .help("compute it of numbers: `(trigger.days_supply - 5) days`"),
            );
        }
    }

    /// The arms of a `match` are all of one kind, and of the kind of its value.
    fn matched(&mut self, value: &Expr, literals: &[&Expr]) {
        self.value(value);
        if self.no_time(value, "moments are asked for by `if … before …`") {
            return;
        }
        let mut first: Option<&Expr> = None;
        for literal in literals {
            if self.scalar(
                literal,
                "an arm names texts, numbers, true or false: `\"team\", \"pro\" { … }`",
            ) || self.no_time(literal, "moments are asked for by `if … before …`")
            {
                return;
            }
            match first {
                None => {
                    if self.same(value, literal) {
                        return;
                    }
                    first = Some(literal);
                }
                Some(first) => {
                    if self.same(first, literal) {
                        return;
                    }
                }
            }
        }
    }
}

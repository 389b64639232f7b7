//! Arms of `match`, `split` and `experiment`, and of waits: how many, how large, none twice.

use std::collections::BTreeMap;

use super::Check;
use super::numbers::percent;
use crate::ast::{Arm, Expr, ExprKind, Part, Share, Signal, Spanned, Step};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ActivityKind;
use crate::span::Span;

/// How far a sum of written percentages may be off.
const TOLERANCE: f64 = 1e-6;

impl Check<'_> {
    pub(super) fn match_arms(
        &mut self,
        step: &Step,
        arms: &[(Vec<Expr>, Vec<Part>)],
        otherwise: &[Spanned<Vec<Part>>],
        broken: bool,
    ) {
        if let [first, second, ..] = otherwise {
            self.report(
                Diagnostic::new(Code::J0217, second.span, "a `match` has one `else`")
                    .here("again")
                    .also(first.span, "first here")
                    .help("put their steps into one"),
            );
        }
        if arms.is_empty() && !broken {
            self.report(
                Diagnostic::new(Code::J0221, step.head, "this `match` compares with nothing")
                    .here(if otherwise.is_empty() {
                        "no arms inside"
                    } else {
                        "nothing but `else`"
                    })
                    .help("say what the value may be: `\"free\" { … }  \"team\", \"pro\" { … }`"),
            );
        }
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for literal in arms.iter().flat_map(|(literals, _)| literals) {
            self.unrendered(literal);
            let Some(value) = written(literal) else {
                continue;
            };
            if let Some(first) = seen.get(&value) {
                self.report(
                    Diagnostic::new(
                        Code::J0217,
                        literal.span,
                        format!("two arms of this `match` are for `{value}`"),
                    )
                    .here("never reached: the first arm that equals is taken")
                    .also(*first, "first here")
                    .help("take one of them out"),
                );
            } else {
                seen.insert(value, literal.span);
            }
        }
    }

    pub(super) fn split_arms(&mut self, step: &Step, arms: &[Share], broken: bool) {
        self.share_names(arms);
        if broken || !self.enough_arms(step, arms, "split") || !self.shares(arms) {
            return;
        }
        let sum: f64 = arms.iter().map(|arm| arm.percent.value).sum();
        let missing = 100.0 - sum;
        if missing.abs() < TOLERANCE {
            return;
        }
        let largest = arms.iter().map(|arm| arm.percent.value).fold(0.0, f64::max);
        let changed = largest + missing;
        let help = match (missing > 0.0, changed > 0.0) {
            (true, _) if missing < 1.0 => format!("make one arm {}", percent(changed)),
            (true, _) => {
                format!("make one arm {}, or add an arm of {}", percent(changed), percent(missing))
            }
            (false, true) => format!("make one arm {}", percent(changed)),
            (false, false) => "make the arms smaller".to_owned(),
        };
        self.report(
            Diagnostic::new(
                Code::J0204,
                step.head,
                format!("percentages of this split add up to {}, not 100%", percent(sum)),
            )
            .here(added(arms))
            .help(help),
        );
    }

    pub(super) fn experiment_arms(&mut self, step: &Step, arms: &[Share], broken: bool) {
        self.share_names(arms);
        if broken || !self.enough_arms(step, arms, "experiment") || !self.shares(arms) {
            return;
        }
        let sum: f64 = arms.iter().map(|arm| arm.percent.value).sum();
        if sum > 100.0 + TOLERANCE {
            self.report(
                Diagnostic::new(
                    Code::J0204,
                    step.head,
                    format!(
                        "percentages of this experiment add up to {}, more than 100%",
                        percent(sum)
                    ),
                )
                .here(added(arms))
                .note("who is in no arm waits for the winner and gets that one")
                .help("make the arms smaller, such as `10%` and `10%`"),
            );
        }
    }

    fn enough_arms(&mut self, step: &Step, arms: &[Share], word: &str) -> bool {
        if arms.len() >= 2 {
            return true;
        }
        let (message, here) = if arms.is_empty() {
            (format!("this {word} has no arms"), "nothing inside")
        } else {
            (format!("this {word} has one arm, so there is nothing to tell apart"), "one arm")
        };
        let example = if word == "split" {
            "50% \"a\" { … }  50% \"b\" { … }"
        } else {
            "10% \"a\" { … }  10% \"b\" { … }"
        };
        self.report(
            Diagnostic::new(Code::J0221, step.head, message)
                .here(here)
                .help(format!("write at least two: `{example}`")),
        );
        false
    }

    /// Whether each arm is some people at least.
    fn shares(&mut self, arms: &[Share]) -> bool {
        let wrong = arms.iter().find(|arm| {
            arm.percent.value.is_nan() || arm.percent.value <= 0.0 || arm.percent.value > 100.0
        });
        if let Some(arm) = wrong {
            self.not_between(
                arm.percent.span,
                "an arm takes more than 0% and at most 100% of the people",
                "50% \"control\" { … }",
            );
        }
        wrong.is_none()
    }

    fn share_names(&mut self, arms: &[Share]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for arm in arms {
            let name = arm.name.value.as_str();
            if let Some(first) = seen.get(name) {
                self.report(
                    Diagnostic::new(
                        Code::J0217,
                        arm.name.span,
                        format!("two arms are called `{name}`"),
                    )
                    .here("again")
                    .also(*first, "first here")
                    .note("people are counted by the name of their arm")
                    .help("give one of them another name"),
                );
            } else {
                seen.insert(name, arm.name.span);
            }
        }
    }

    /// An arm of a wait that an earlier one always takes before it.
    pub(super) fn heard_before(&mut self, arms: &[Arm]) {
        let mut seen: BTreeMap<(ActivityKind, &str), Span> = BTreeMap::new();
        for arm in arms {
            for signal in &arm.signals {
                let Signal::Activity(activity) = signal else {
                    continue;
                };
                let called = (activity.kind, activity.name.value.as_str());
                if let Some(first) = seen.get(&called) {
                    self.report(
                        Diagnostic::new(
                            Code::J0217,
                            activity.name.span,
                            format!("two arms of this wait listen for `{}`", activity.name.value),
                        )
                        .here("never reached: the first arm that hears it is taken")
                        .also(*first, "first here")
                        .help("take one of them out, or tell them apart by `where`, the special one first"),
                    );
                } else if activity.filter.is_none() && !activity.name.value.is_empty() {
                    seen.insert(called, activity.name.span);
                }
            }
        }
    }
}

fn added(arms: &[Share]) -> String {
    arms.iter().map(|arm| percent(arm.percent.value)).collect::<Vec<_>>().join(" + ")
}

/// A literal as it is written, the same for the same value.
fn written(literal: &Expr) -> Option<String> {
    match &literal.kind {
        ExprKind::Text(text) => Some(format!("\"{}\"", text.text)),
        ExprKind::Number(number) => Some(number.to_string()),
        ExprKind::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

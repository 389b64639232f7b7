//! Conditions that cannot change, and text that looks like a template where none is rendered.

use std::collections::BTreeMap;

use super::super::Check;
use super::super::facts::{Claim, Fact, always, conflict, literal};
use super::super::terms::{alternatives, conjuncts, filter_of};
use crate::ast::{Condition, ConditionKind, Expr, ExprKind, Part, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{CompareOp, Count, TotalFunction};
use crate::span::Span;
use crate::syntax::one_line;
use crate::time::MomentLiteral;

impl Check<'_> {
    pub(in super::super) fn constant(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(_) => {
                let parts = conjuncts(condition);
                if !self.twice(&parts, "this condition never holds", "both cannot hold") {
                    self.contradiction(&parts);
                }
                for part in parts {
                    self.constant(part);
                }
            }
            ConditionKind::Any(_) => {
                let parts = alternatives(condition);
                if !self.twice(&parts, "this condition always holds", "one of both always holds") {
                    self.tautology(&parts);
                }
                for part in parts {
                    self.constant(part);
                }
            }
            ConditionKind::Not(inner) => self.constant(inner),
            ConditionKind::Compare { left, op, right, .. } => {
                self.compared_with_itself(condition, left, right);
                self.impossible_count(condition, left, op.value, right);
            }
            ConditionKind::Text { left, right, .. } => {
                self.compared_with_itself(condition, left, right)
            }
            ConditionKind::Between { value, low, high } => {
                self.empty_range(condition, [value, low, high])
            }
            ConditionKind::In { list, .. } => self.empty_list(condition, list),
            ConditionKind::Performed { count, .. } => self.any_number(condition, *count),
            ConditionKind::Interaction(interaction) => {
                self.any_number(condition, interaction.count)
            }
            ConditionKind::Random { percent, .. } => {
                if percent.value == 0.0 || percent.value == 100.0 {
                    self.always_same(
                        condition,
                        "nobody, or everybody, is drawn",
                        "say a percentage between 0% and 100%",
                    );
                }
            }
            ConditionKind::Presence { .. }
            | ConditionKind::InSegment(_)
            | ConditionKind::Moment { .. }
            | ConditionKind::AnyItem { .. }
            | ConditionKind::InCampaign(_)
            | ConditionKind::EnteredCampaign(_)
            | ConditionKind::FinishedCampaign(_)
            | ConditionKind::SubscribedTo(_)
            | ConditionKind::Unsubscribed
            | ConditionKind::Suppressed
            | ConditionKind::HasDevice(_)
            | ConditionKind::RelatedTo { .. }
            | ConditionKind::Unknown => {}
        }
        if let Some(filter) = filter_of(condition) {
            self.constant(filter);
        }
    }

    fn compared_with_itself(&mut self, condition: &Condition, left: &Expr, right: &Expr) {
        self.unrendered(left);
        self.unrendered(right);
        if let (Some(one), Some(other)) = (literal(left), literal(right))
            && std::mem::discriminant(&one) == std::mem::discriminant(&other)
        {
            self.always_same(
                condition,
                "nothing here depends on anything",
                "one side should be a path, such as `customer.plan`",
            );
        }
        let called = self.called(left);
        if called.is_some() && called == self.called(right) {
            self.always_same(
                condition,
                "both sides are the same",
                "compare it with something else",
            );
        }
    }

    /// A count is never below nothing.
    fn impossible_count(
        &mut self,
        condition: &Condition,
        left: &Expr,
        op: CompareOp,
        right: &Expr,
    ) {
        let (ExprKind::Total(total), ExprKind::Number(number)) = (&left.kind, &right.kind) else {
            return;
        };
        if !matches!(total.function, TotalFunction::Count | TotalFunction::Distinct) {
            return;
        }
        let same = match op {
            CompareOp::Less | CompareOp::GreaterOrEqual => *number <= 0.0,
            CompareOp::LessOrEqual | CompareOp::Greater => *number < 0.0,
            CompareOp::Equal | CompareOp::NotEqual => *number < 0.0 || number.fract() != 0.0,
        };
        if same {
            self.always_same(
                condition,
                "a count is a whole number from 0",
                "compare with a number that people can reach",
            );
        }
    }

    fn empty_range(&mut self, condition: &Condition, [value, low, high]: [&Expr; 3]) {
        for part in [value, low, high] {
            self.unrendered(part);
        }
        let empty = match (&low.kind, &high.kind) {
            (ExprKind::Number(low), ExprKind::Number(high)) => low > high,
            (ExprKind::Text(low), ExprKind::Text(high)) => low.text > high.text,
            (
                ExprKind::Moment(MomentLiteral::Date { date, time, .. }),
                ExprKind::Moment(MomentLiteral::Date { date: end, time: until, .. }),
            ) => date > end || (date == end && time.is_some() && until.is_some() && time > until),
            _ => false,
        };
        if empty {
            self.always_same(condition, "nothing lies between these", "put the lower end first");
        }
    }

    fn empty_list(&mut self, condition: &Condition, list: &[Expr]) {
        for member in list {
            self.unrendered(member);
        }
        if list.is_empty() {
            self.always_same(condition, "nothing is in an empty list", "put values into the list");
        }
    }

    fn any_number(&mut self, condition: &Condition, count: Count) {
        if count == Count::AtLeast(0) {
            self.always_same(
                condition,
                "this is so at least 0 times for everyone",
                "say `at least 1 times`, or leave the count out",
            );
        }
    }

    /// One predicate that stands there again, or the opposite of another.
    fn twice(&mut self, parts: &[&Condition], message: &str, here: &str) -> bool {
        let mut said: BTreeMap<(bool, String), Span> = BTreeMap::new();
        for part in parts {
            let (denied, term) = match &part.kind {
                ConditionKind::Not(inner) => (true, &**inner),
                _ => (false, *part),
            };
            if matches!(term.kind, ConditionKind::Unknown) {
                continue;
            }
            let words = self.words(term);
            if words.is_empty() {
                continue;
            }
            let opposite = said.get(&(!denied, words.clone())).copied();
            let again = said.get(&(denied, words.clone())).copied();
            if let Some(first) = opposite {
                self.report(
                    Diagnostic::new(Code::J0504, part.span, message)
                        .here(here)
                        .also(first, "this is its opposite")
                        .help("take one of them out"),
                );
                return true;
            }
            if let Some(first) = again {
                self.report(
                    Diagnostic::new(
                        Code::J0504,
                        part.span,
                        format!("`{}` is asked twice", one_line(self.text(part.span))),
                    )
                    .here("again: it changes nothing")
                    .also(first, "first here")
                    .help("take one of them out, or ask for something else"),
                );
                return true;
            }
            said.insert((denied, words), part.span);
        }
        false
    }

    /// Claims of one value that cannot be true together.
    pub(in super::super) fn conflicting<'c>(
        &self,
        parts: &[&'c Condition],
    ) -> Option<(Claim<'c>, Claim<'c>, &'static str)> {
        let mut claims: BTreeMap<String, Vec<Claim<'c>>> = BTreeMap::new();
        for claim in parts.iter().filter_map(|part| self.claim(part)) {
            let earlier = claims.entry(claim.of.clone()).or_default();
            let found = earlier
                .iter()
                .find_map(|before| Some((before.clone(), conflict(&before.fact, &claim.fact)?)));
            if let Some((before, why)) = found {
                return Some((before, claim, why));
            }
            earlier.push(claim);
        }
        None
    }

    fn contradiction(&mut self, parts: &[&Condition]) {
        if let Some((one, other, why)) = self.conflicting(parts) {
            let equal = matches!((&one.fact, &other.fact), (Fact::OneOf(_), Fact::OneOf(_)));
            self.report(
                Diagnostic::new(Code::J0504, other.span, "this condition never holds")
                    .here(why)
                    .also(one.span, "together with this")
                    .help(if equal {
                        "ask for one or the other with `or`, or with `in [ … ]`"
                    } else {
                        "take one of them out, or join them by `or`"
                    }),
            );
        }
    }

    fn tautology(&mut self, parts: &[&Condition]) {
        let mut claims: BTreeMap<String, Vec<Claim<'_>>> = BTreeMap::new();
        for claim in parts.iter().filter_map(|part| self.claim(part)) {
            let earlier = claims.entry(claim.of.clone()).or_default();
            let found = earlier
                .iter()
                .find_map(|before| Some((before.span, always(&before.fact, &claim.fact)?)));
            if let Some((before, why)) = found {
                self.report(
                    Diagnostic::new(Code::J0504, claim.span, "this condition always holds")
                        .here(why)
                        .also(before, "or this")
                        .help("take one of them out, or join them by `and`"),
                );
                return;
            }
            earlier.push(claim);
        }
    }

    /// An arm of an `if` that asks what an earlier arm asked.
    pub(in super::super) fn asked_before(&mut self, arms: &[(Condition, Vec<Part>)]) {
        let mut said: BTreeMap<String, Span> = BTreeMap::new();
        for (condition, _) in arms {
            let words = self.words(condition);
            if words.is_empty() || matches!(condition.kind, ConditionKind::Unknown) {
                continue;
            }
            if let Some(first) = said.get(&words) {
                self.report(
                    Diagnostic::new(Code::J0504, condition.span, "this arm is never taken")
                        .here("the same was asked before")
                        .also(*first, "who fulfils it went this way")
                        .help("take the arm out, or ask for something else"),
                );
            } else {
                said.insert(words, condition.span);
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

    pub(in super::super) fn unrendered(&mut self, expr: &Expr) {
        if let ExprKind::Text(text) = &expr.kind {
            self.no_template(text);
        }
    }

    /// Warns of Liquid in a text that is taken as it is.
    pub(in super::super) fn no_template(&mut self, text: &Template) {
        if text.renders() {
            self.report(
                Diagnostic::new(Code::J0503, text.span, "no template is rendered here")
                    .here("taken as it is, braces included")
                    .help("compare with a path instead, such as `customer.plan == customer.wanted_plan`"),
            );
        }
    }
}

//! Conditions: how predicates are joined.

use super::Builder;
use crate::ast::{Condition, ConditionKind, Duration, DurationKind, Expr, ExprKind};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;
use crate::syntax::{Node, Rule};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    And,
    Or,
}

impl Builder<'_> {
    pub(super) fn condition(&mut self, node: &Node) -> Condition {
        let mut terms: Vec<Condition> = Vec::new();
        let mut words: Vec<(Word, Span)> = Vec::new();
        for child in &node.children {
            match child.rule {
                Rule::unary => terms.push(self.unary(child)),
                Rule::junction => words.push((self.junction(child), child.span)),
                _ => {}
            }
        }
        if let Some((first, _)) = words.first().copied()
            && let Some((_, other)) = words.iter().find(|(word, _)| *word != first)
        {
            self.mixed(node.span, *other, &terms, &words);
        }
        join(terms, &words, node.span)
    }

    /// The condition below `node`; never true where there is none.
    pub(super) fn condition_in(&mut self, node: &Node) -> Condition {
        match node.child(Rule::condition) {
            Some(condition) => self.condition(condition),
            None => Condition { kind: ConditionKind::Unknown, span: node.span },
        }
    }

    fn junction(&mut self, node: &Node) -> Word {
        let written = node.text(self.text).to_owned();
        let (word, meant) = match written.as_str() {
            "and" | "&&" => (Word::And, "and"),
            _ => (Word::Or, "or"),
        };
        if written != meant {
            self.foreign(node.span, &written, meant);
        }
        word
    }

    /// An operator as other languages write it.
    pub(super) fn foreign(&mut self, span: Span, written: &str, meant: &str) {
        self.report(
            Diagnostic::new(
                Code::J0106,
                span,
                format!("`{written}` is written `{}` here", meant.trim()),
            )
            .here("an operator of another language")
            .replace(format!("write `{}`", meant.trim()), span, meant),
        );
    }

    fn mixed(&mut self, whole: Span, at: Span, terms: &[Condition], words: &[(Word, Span)]) {
        let mut edits = Vec::new();
        let mut start = 0;
        for run in words.split(|(word, _)| *word == Word::Or) {
            let end = start + run.len();
            if let (Some(first), Some(last), false) =
                (terms.get(start), terms.get(end), run.is_empty())
            {
                let point = |at| Span::new(whole.file, at, at);
                edits.push(Edit { span: point(first.span.start), text: "(".to_owned() });
                edits.push(Edit { span: point(last.span.end), text: ")".to_owned() });
            }
            start = end + 1;
        }
        self.report(
            Diagnostic::new(
                Code::J0114,
                whole,
                "`and` and `or` stand side by side without brackets",
            )
            .here("which belongs together?")
            .also(at, "the other word")
            .fix("put brackets around what belongs together", edits)
            .guessed(),
        );
    }

    /// `( … )`, or a calculation that begins with a bracket.
    fn group(&mut self, node: &Node) -> Condition {
        let span = node.span;
        let Some(tail) = node.child(Rule::group_tail) else {
            return Condition { kind: self.condition_in(node).kind, span };
        };
        let Some(left) = self.group_value(node) else {
            return self.after_condition(node, tail);
        };
        let relations: Vec<&Node> = tail.all(Rule::relation).collect();
        match relations.split_first() {
            Some((relation, rest)) => Condition { kind: self.related(left, relation, rest), span },
            None => {
                self.report(
                    Diagnostic::new(Code::J0113, span, "a value alone is no condition")
                        .here("compare it with something")
                        .help("say what it is compared with: `(customer.a + customer.b) > 3`"),
                );
                Condition { kind: ConditionKind::Unknown, span }
            }
        }
    }

    /// The value that a `group` and its calculation make; `None` where a condition stands in the
    /// brackets.
    fn group_value(&mut self, node: &Node) -> Option<Expr> {
        let condition = node.child(Rule::condition)?;
        let [unary] = condition.children.as_slice() else {
            return None;
        };
        let inner = match unary.children.as_slice() {
            [group] if group.rule == Rule::group => {
                let compared =
                    group.child(Rule::group_tail).is_some_and(|it| it.has(Rule::relation));
                if compared { None } else { self.group_value(group) }
            }
            [comparison] if comparison.rule == Rule::comparison => {
                let operand = comparison.child(Rule::operand);
                operand.filter(|_| comparison.children.len() == 1).map(|value| self.value(value))
            }
            _ => None,
        }?;
        let Some(tail) = node.child(Rule::group_tail) else {
            return Some(inner);
        };
        let first = match tail.child(Rule::unit) {
            Some(unit) => computed(inner, unit.text(self.text), node.span),
            None => inner,
        };
        let calculation: Vec<Node> = tail
            .children
            .iter()
            .filter(|part| !matches!(part.rule, Rule::relation | Rule::unit))
            .cloned()
            .collect();
        Some(self.calculation_from(first, &calculation))
    }

    /// `(customer.a == 1) > 2`
    fn after_condition(&mut self, node: &Node, tail: &Node) -> Condition {
        let kind = self.condition_in(node).kind;
        self.report(
            Diagnostic::new(Code::J0124, tail.span, "a condition is compared with nothing")
                .here("what stands in the brackets is a condition already")
                .help("join it with another condition by `and` or `or`"),
        );
        Condition { kind, span: node.span }
    }

    fn unary(&mut self, node: &Node) -> Condition {
        let negations: Vec<&Node> = node.all(Rule::negation).collect();
        let mut condition = match node.children.last() {
            Some(group) if group.rule == Rule::group => self.group(group),
            Some(predicate) => self.predicate(predicate),
            None => Condition { kind: ConditionKind::Unknown, span: node.span },
        };
        for negation in &negations {
            if negation.has(Rule::slip_bang) {
                self.foreign(negation.span, "!", "not ");
            }
        }
        // Two negations cancel out, so that nothing nests without brackets.
        if negations.len() % 2 == 1 {
            let span = node.span;
            condition = Condition { kind: ConditionKind::Not(Box::new(condition)), span };
        }
        condition
    }
}

/// `(customer.a) days`
fn computed(amount: Expr, unit: &str, span: Span) -> Expr {
    let kind = DurationKind::Computed(Box::new(amount), super::length::unit_of(unit));
    Expr { kind: ExprKind::Duration(Duration { kind, span }), span }
}

/// `and` binds closer than `or`.
fn join(terms: Vec<Condition>, words: &[(Word, Span)], span: Span) -> Condition {
    let mut any: Vec<Condition> = Vec::new();
    let mut all: Vec<Condition> = Vec::new();
    for (index, term) in terms.into_iter().enumerate() {
        let joined = index.checked_sub(1).and_then(|before| words.get(before));
        if joined.is_some_and(|(word, _)| *word == Word::Or) {
            any.push(together(std::mem::take(&mut all), ConditionKind::All));
        }
        all.push(term);
    }
    any.push(together(all, ConditionKind::All));
    let condition = together(any, ConditionKind::Any);
    Condition { kind: condition.kind, span }
}

fn together(mut parts: Vec<Condition>, kind: fn(Vec<Condition>) -> ConditionKind) -> Condition {
    let span = match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    };
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            Condition { kind: kind(parts), span }
        }
    }
}

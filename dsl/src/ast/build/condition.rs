//! Conditions: how predicates are joined.

use super::Builder;
use crate::ast::{Condition, ConditionKind};
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
            .fix("put brackets around what belongs together", edits),
        );
    }

    fn unary(&mut self, node: &Node) -> Condition {
        let negations: Vec<&Node> = node.all(Rule::negation).collect();
        let mut condition = match node.children.last() {
            Some(group) if group.rule == Rule::group => {
                let inner = self.condition_in(group);
                Condition { kind: inner.kind, span: group.span }
            }
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

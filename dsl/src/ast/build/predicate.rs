//! Predicates: comparisons, and which others there are.

use super::Builder;
use crate::ast::{Condition, ConditionKind, Expr, ExprKind, Spanned};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::expr::{CompareOp, Presence, TextOp};
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};

const OPERATORS: [&str; 10] = [
    "contains",
    "starts with",
    "ends with",
    "matches",
    "between",
    "exists",
    "is missing",
    "is empty",
    "in",
    "not in",
];

impl Builder<'_> {
    pub(super) fn predicate(&mut self, node: &Node) -> Condition {
        let kind = match node.rule {
            Rule::in_segment => ConditionKind::InSegment(self.name_in(node)),
            Rule::campaign_history => self.campaign_history(node),
            Rule::subscribed => ConditionKind::SubscribedTo(self.name_in(node)),
            Rule::unsubscribed => ConditionKind::Unsubscribed,
            Rule::suppressed => ConditionKind::Suppressed,
            Rule::has_device => ConditionKind::HasDevice(self.platform_in(node)),
            Rule::related_to => self.related_to(node),
            Rule::random => {
                ConditionKind::Random { percent: self.percent_in(node), seed: self.name_in(node) }
            }
            Rule::any_item => self.any_item(node),
            Rule::performed => self.performed(node),
            Rule::interaction => self.interaction(node),
            Rule::comparison => self.comparison(node),
            _ => ConditionKind::Unknown,
        };
        Condition { kind, span: node.span }
    }

    fn comparison(&mut self, node: &Node) -> ConditionKind {
        if let Some(slip) = node.child(Rule::slip_relation) {
            return self.unknown_relation(slip);
        }
        let Some(operand) = node.child(Rule::operand) else {
            return ConditionKind::Unknown;
        };
        let mut relations = node.all(Rule::relation);
        let Some(relation) = relations.next() else {
            return self.bare(operand);
        };
        let left = self.value(operand);
        let rest: Vec<&Node> = relations.collect();
        self.related(left, relation, &rest)
    }

    /// A value and what is said of it.
    pub(super) fn related(&mut self, left: Expr, relation: &Node, rest: &[&Node]) -> ConditionKind {
        if let Some(second) = rest.first() {
            self.report(
                Diagnostic::new(Code::J0124, second.span, "comparisons do not chain")
                    .here("a second comparison of the same value")
                    .help("join two comparisons by `and`, or say `between 1 and 5`"),
            );
            return ConditionKind::Unknown;
        }
        let Some(inner) = relation.children.first() else {
            return ConditionKind::Unknown;
        };
        match inner.rule {
            Rule::compare => self.compare(left, inner),
            Rule::between => self.between(left, inner),
            Rule::in_list => self.in_list(left, inner),
            Rule::text_match => self.text_match(left, inner),
            Rule::presence => self.presence(&left, inner),
            Rule::placed => self.placed(left, inner),
            Rule::slip_is => self.is(left, inner),
            _ => ConditionKind::Unknown,
        }
    }

    /// A value alone is no condition; `== true` is what it means elsewhere.
    fn bare(&mut self, operand: &Node) -> ConditionKind {
        let written = operand.text(self.text).to_owned();
        let diagnostic = Diagnostic::new(
            Code::J0113,
            operand.span,
            format!("`{written}` alone is no condition"),
        )
        .here("compare it with something");
        let end = Span::new(operand.span.file, operand.span.end, operand.span.end);
        let path = operand.child(Rule::path).filter(|_| operand.children.len() == 1);
        let Some(path) = path else {
            self.report(
                diagnostic.help("say what it is compared with: `customer.plan == \"pro\"`"),
            );
            return ConditionKind::Unknown;
        };
        let path = self.path(path);
        if path.keys.is_empty() {
            if nearest(&path.scope.value, ["timeout"]).is_some() {
                self.report(
                    Diagnostic::new(Code::J0115, operand.span, format!("unknown word `{written}`"))
                        .here("did you mean `timeout`?")
                        .replace("write `timeout`", operand.span, "timeout"),
                );
                return ConditionKind::Unknown;
            }
            self.report(
                diagnostic
                    .help("say what is asked: `customer.plan == \"pro\"`, `customer.plan exists`"),
            );
            return ConditionKind::Unknown;
        }
        self.report(
            diagnostic
                .replace(
                    format!("write `{written} == true`, or `{written} exists`"),
                    end,
                    " == true",
                )
                .guessed(),
        );
        let span = operand.span;
        ConditionKind::Compare {
            left: Expr { kind: ExprKind::Path(path), span },
            op: Spanned { value: CompareOp::Equal, span },
            right: Expr { kind: ExprKind::Boolean(true), span },
            ignoring_case: false,
        }
    }

    fn unknown_relation(&mut self, node: &Node) -> ConditionKind {
        let Some(words) = node.child(Rule::slip_relation_words) else {
            return ConditionKind::Unknown;
        };
        let written = words.text(self.text).to_owned();
        let diagnostic =
            |code| Diagnostic::new(code, words.span, format!("unknown comparison `{written}`"));
        match nearest(&written, OPERATORS) {
            Some(near) => self.report(
                diagnostic(Code::J0115).respell(words.span, &written, near),
            ),
            None => self.report(
                diagnostic(Code::J0101)
                    .here("not a comparison")
                    .help("there are `==`, `!=`, `<`, `<=`, `>`, `>=`, `between`, `in`, `contains`, `starts with`, `ends with`, `matches`, `exists`, `is missing` and `is empty`"),
            ),
        }
        ConditionKind::Unknown
    }

    fn compare(&mut self, left: Expr, node: &Node) -> ConditionKind {
        let (Some(op), Some(operand)) = (node.child(Rule::compare_op), node.child(Rule::operand))
        else {
            return ConditionKind::Unknown;
        };
        let written = op.text(self.text).to_owned();
        let (value, meant) = comparison_of(&written);
        if written == "=" {
            self.report(
                Diagnostic::new(Code::J0105, op.span, "a comparison is written `==`")
                    .here("`=` sets a value")
                    .replace("write `==`", op.span, "=="),
            );
        } else if op.has(Rule::slip_compare_words) {
            self.report(
                Diagnostic::new(
                    Code::J0110,
                    op.span,
                    format!("`{written}` is written `{meant}` here"),
                )
                .here("comparisons are signs")
                .replace(format!("write `{meant}`"), op.span, meant),
            );
        } else if written != meant {
            self.foreign(op.span, &written, meant);
        }
        let right = if operand.has(Rule::null) {
            self.null_comparison(&left, operand, value);
            Expr { kind: ExprKind::Unknown, span: operand.span }
        } else {
            self.value(operand)
        };
        let ignoring_case = node.has(Rule::kw_ignoring_case);
        ConditionKind::Compare { left, op: Spanned { value, span: op.span }, right, ignoring_case }
    }

    fn null_comparison(&mut self, left: &Expr, operand: &Node, op: CompareOp) {
        let asked = if op == CompareOp::NotEqual { "exists" } else { "is missing" };
        let left_text = left.span.text(self.text).to_owned();
        let span = Span::new(operand.span.file, left.span.end, operand.span.end);
        self.report(
            Diagnostic::new(Code::J0402, operand.span, "`null` is no value of this language")
                .here("a missing value is asked for by words")
                .replace(format!("write `{left_text} {asked}`"), span, format!(" {asked}")),
        );
    }

    fn between(&mut self, value: Expr, node: &Node) -> ConditionKind {
        let mut ends = node.all(Rule::operand);
        match (ends.next(), ends.next()) {
            (Some(low), Some(high)) => {
                let (low, high) = (self.value(low), self.value(high));
                ConditionKind::Between { value, low, high }
            }
            _ => ConditionKind::Unknown,
        }
    }

    fn in_list(&mut self, value: Expr, node: &Node) -> ConditionKind {
        let ignoring_case = node.has(Rule::kw_ignoring_case);
        let list = if let Some(list) = node.child(Rule::list) {
            self.members(list)
        } else if let Some(list) = node.child(Rule::slip_list) {
            self.round_list(list);
            self.members(list)
        } else {
            self.not_a_list(&value, node);
            return ConditionKind::Unknown;
        };
        let found = ConditionKind::In { value, list, ignoring_case };
        if node.has(Rule::kw_not) {
            ConditionKind::Not(Box::new(Condition { kind: found, span: node.span }))
        } else {
            found
        }
    }

    fn round_list(&mut self, list: &Node) {
        let span = list.span;
        let first = Span::new(span.file, span.start, span.start + 1);
        let last = Span::new(span.file, span.end.saturating_sub(1), span.end);
        self.report(
            Diagnostic::new(Code::J0106, span, "a list stands in square brackets")
                .here("in round brackets")
                .fix(
                    "write `[…]`",
                    vec![
                        Edit { span: first, text: "[".to_owned() },
                        Edit { span: last, text: "]".to_owned() },
                    ],
                ),
        );
    }

    fn not_a_list(&mut self, value: &Expr, node: &Node) {
        let Some(slip) = node.child(Rule::slip_in_path) else {
            return;
        };
        let written = slip.text(self.text).to_owned();
        let diagnostic = Diagnostic::new(
            Code::J0401,
            slip.span,
            format!("`in` looks into a list, and `{written}` is none"),
        )
        .here("expected a list");
        let diagnostic = if slip.has(Rule::path) {
            let whole = value.span.to(slip.span);
            let left = value.span.text(self.text);
            diagnostic.replace(
                format!("write `{written} contains {left}`"),
                whole,
                format!("{written} contains {left}"),
            )
        } else {
            diagnostic.replace(format!("write `[{written}]`"), slip.span, format!("[{written}]"))
        };
        self.report(diagnostic);
    }

    fn text_match(&mut self, left: Expr, node: &Node) -> ConditionKind {
        let (Some(op), Some(operand)) = (node.child(Rule::text_op), node.child(Rule::operand))
        else {
            return ConditionKind::Unknown;
        };
        let written = op.text(self.text).to_owned();
        let negated = written.starts_with("does") || written.starts_with("not");
        let (value, meant) = match written
            .trim_start_matches("does")
            .trim_start_matches("n't")
            .trim()
            .trim_start_matches("not")
            .trim()
        {
            text if text.starts_with("start") => (TextOp::StartsWith, "starts with"),
            text if text.starts_with("end") => (TextOp::EndsWith, "ends with"),
            text if text.starts_with("match") => (TextOp::Matches, "matches"),
            _ => (TextOp::Contains, "contains"),
        };
        if negated {
            self.negated(left.span, op.span, &written, meant);
        } else if op.has(Rule::slip_text_op) {
            self.report(
                Diagnostic::new(Code::J0115, op.span, format!("unknown comparison `{written}`"))
                    .here(format!("did you mean `{meant}`?"))
                    .replace(format!("write `{meant}`"), op.span, meant),
            );
        }
        let right = self.value(operand);
        let ignoring_case = node.has(Rule::kw_ignoring_case);
        let span = left.span.to(right.span);
        let found = ConditionKind::Text {
            left,
            op: Spanned { value, span: op.span },
            right,
            ignoring_case,
        };
        if negated { ConditionKind::Not(Box::new(Condition { kind: found, span })) } else { found }
    }

    /// `does not contain`, `is not empty`: a negation goes before the whole predicate.
    fn negated(&mut self, left: Span, op: Span, written: &str, meant: &str) {
        let subject = left.text(self.text).to_owned();
        let before = Span::new(left.file, left.start, left.start);
        self.report(
            Diagnostic::new(
                Code::J0111,
                op,
                format!("there is no `{written}`; `not` goes before the whole comparison"),
            )
            .here(format!("`{meant}`, negated"))
            .fix(
                format!("write `not {subject} {meant}`"),
                vec![
                    Edit { span: before, text: "not ".to_owned() },
                    Edit { span: op, text: meant.to_owned() },
                ],
            ),
        );
    }

    fn presence(&mut self, left: &Expr, node: &Node) -> ConditionKind {
        let written = node.text(self.text).to_owned();
        let words: Vec<&str> = written.split_whitespace().collect();
        let (test, meant, negated) = match words.as_slice() {
            ["exists"] | ["is", "set" | "present"] => (Presence::Exists, "exists", false),
            ["is", "missing" | "null" | "undefined" | "unset"] => {
                (Presence::Missing, "is missing", false)
            }
            ["is", "empty" | "blank"] => (Presence::Empty, "is empty", false),
            ["is", "not", "empty"] => (Presence::Empty, "is empty", true),
            ["is", "not", "set"] => (Presence::Missing, "is missing", false),
            ["is", "not", "missing" | "null"] => (Presence::Exists, "exists", false),
            _ => (Presence::Missing, "is missing", false),
        };
        if negated {
            self.negated(left.span, node.span, &written, meant);
        } else if written != meant && words.join(" ") != meant {
            self.report(
                Diagnostic::new(
                    Code::J0111,
                    node.span,
                    format!("`{written}` is written `{meant}` here"),
                )
                .here("one way to ask for each")
                .replace(format!("write `{meant}`"), node.span, meant),
            );
        }
        let ExprKind::Path(path) = &left.kind else {
            if left.kind != ExprKind::Unknown {
                self.report(
                    Diagnostic::new(Code::J0401, left.span, format!("`{meant}` asks about a path"))
                        .here("this is always there")
                        .help("ask about an attribute, such as `customer.plan exists`"),
                );
            }
            return ConditionKind::Unknown;
        };
        let kind = ConditionKind::Presence { path: path.clone(), test };
        if negated {
            ConditionKind::Not(Box::new(Condition { kind, span: left.span.to(node.span) }))
        } else {
            kind
        }
    }

    fn is(&mut self, left: Expr, node: &Node) -> ConditionKind {
        let Some(operand) = node.child(Rule::operand) else {
            return ConditionKind::Unknown;
        };
        if self.misspelt_first_word(operand, &["missing", "empty"]) {
            return ConditionKind::Unknown;
        }
        let negated = node.has(Rule::kw_not);
        let (meant, value) =
            if negated { ("!=", CompareOp::NotEqual) } else { ("==", CompareOp::Equal) };
        let span = Span::new(node.span.file, node.span.start, operand.span.start);
        let written = span.text(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let place =
            Span::new(span.file, span.start, span.start + span.text(self.text).trim_end().len());
        self.report(
            Diagnostic::new(Code::J0110, place, format!("`{written}` is written `{meant}` here"))
                .here("comparisons are signs")
                .replace(format!("write `{meant}`"), place, meant),
        );
        let right = self.value(operand);
        ConditionKind::Compare {
            left,
            op: Spanned { value, span: place },
            right,
            ignoring_case: false,
        }
    }
}

/// What was meant by an operator, and how it is written.
fn comparison_of(written: &str) -> (CompareOp, &'static str) {
    let words: Vec<&str> =
        written.split_whitespace().filter(|word| !matches!(*word, "is" | "than" | "to")).collect();
    match words.as_slice() {
        ["!=" | "!==" | "<>"] => (CompareOp::NotEqual, "!="),
        ["<" | "smaller" | "lower" | "less"] => (CompareOp::Less, "<"),
        ["<=" | "=<"] | ["at", "most"] => (CompareOp::LessOrEqual, "<="),
        [">" | "greater" | "bigger" | "larger" | "higher" | "more"] => (CompareOp::Greater, ">"),
        [">=" | "=>"] | ["at", "least"] => (CompareOp::GreaterOrEqual, ">="),
        _ => (CompareOp::Equal, "=="),
    }
}

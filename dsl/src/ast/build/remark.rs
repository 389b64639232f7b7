//! What does not become data: comments, and language that this version knows by name only.

use super::Builder;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;
use crate::syntax::{Node, Rule, one_line};

/// Whether a node stands for a construct of a later version.
pub(super) const fn is_later(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::later_declaration
            | Rule::later_clause
            | Rule::later_step
            | Rule::later_predicate
            | Rule::later_relation
            | Rule::later_window
            | Rule::later_test_line
            | Rule::later_field
            | Rule::later_value
            | Rule::later_including
            | Rule::later_per
            | Rule::later_signal
            | Rule::later_at
    )
}

impl Builder<'_> {
    /// Names each construct below `node` that is not supported yet, once.
    pub(super) fn later(&mut self, node: &Node) {
        if is_later(node.rule) {
            let (span, called) = self.called(node);
            self.report(
                Diagnostic::new(Code::J0901, span, format!("{called} is not supported yet"))
                    .here("known, but not in this version"),
            );
            return;
        }
        for child in &node.children {
            self.later(child);
        }
    }

    fn called(&self, node: &Node) -> (Span, String) {
        let head = match node.children.first() {
            Some(line) if matches!(line.rule, Rule::later_step_line | Rule::later_test_text) => {
                line.children.first().unwrap_or(line)
            }
            Some(first) if node.rule != Rule::later_per && node.rule != Rule::later_at => first,
            _ => node,
        };
        let words = one_line(head.text(self.text));
        let called = match node.rule {
            Rule::later_at => "an event at another time".to_owned(),
            Rule::later_per => format!("`per {words}`"),
            Rule::later_field => format!("the field `{}`", words.trim_end_matches([':', ' '])),
            Rule::later_declaration if head.rule == Rule::later_segment => {
                "a `manual` segment".to_owned()
            }
            Rule::later_declaration if head.rule == Rule::later_email => {
                "`email … like …`".to_owned()
            }
            Rule::later_declaration => format!("a declaration of `{words}`"),
            Rule::later_relation if words.starts_with(['+', '-', '*', '/']) => {
                format!("calculating with `{words}`")
            }
            _ => format!("`{words}`"),
        };
        (head.span, called)
    }

    /// The `##` lines that end just above byte `at`.
    pub(super) fn description(&self, at: usize) -> Option<String> {
        let mut lines: Vec<&str> = Vec::new();
        let mut below = at;
        let above = self.tree.comments.partition_point(|comment| comment.end <= at);
        for comment in self.tree.comments.iter().take(above).rev() {
            let text = comment.text(self.text);
            if !text.starts_with("##") || !self.next_line(comment.end, below) {
                break;
            }
            let said = text.trim_start_matches('#');
            lines.push(said.strip_prefix(' ').unwrap_or(said).trim_end());
            below = comment.start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Warns of descriptions that stand above no declaration, once for lines that belong together.
    pub(super) fn remarks(&mut self) {
        let starts: Vec<usize> =
            self.tree.root.children.iter().map(|node| node.span.start).collect();
        let described: Vec<Span> = self
            .tree
            .comments
            .iter()
            .copied()
            .filter(|comment| comment.text(self.text).starts_with("##"))
            .collect();
        let mut lines: Vec<Span> = Vec::new();
        for (index, comment) in described.iter().enumerate() {
            lines.push(*comment);
            if described.get(index + 1).is_some_and(|next| self.next_line(comment.end, next.start))
            {
                continue;
            }
            let below = starts.get(starts.partition_point(|start| *start < comment.end));
            if !below.is_some_and(|below| self.next_line(comment.end, *below)) {
                self.describes_nothing(&lines);
            }
            lines.clear();
        }
    }

    /// Whether nothing but one line break lies between.
    fn next_line(&self, end: usize, start: usize) -> bool {
        let between = self.text.get(end..start).unwrap_or("x");
        between.trim().is_empty() && between.matches('\n').count() == 1
    }

    fn describes_nothing(&mut self, lines: &[Span]) {
        let Some(first) = lines.first() else {
            return;
        };
        let sign = |line: &Span| Span::new(line.file, line.start, line.start + "##".len());
        let edits =
            lines.iter().map(|line| Edit { span: sign(line), text: "#".to_owned() }).collect();
        self.report(
            Diagnostic::new(Code::J0502, *first, "this description describes nothing")
                .here("no declaration begins on the next line")
                .fix("write `#` for a remark, or put it just above a declaration", edits),
        );
    }
}

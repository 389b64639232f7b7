//! What does not become data: comments, and language that this version knows by name only.

use super::Builder;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;
use crate::syntax::{Node, Rule, one_line};

/// Whether a node stands for a construct of a later version.
pub(super) const fn is_later(rule: Rule) -> bool {
    matches!(rule, Rule::later_clause | Rule::later_step)
}

/// Whether clauses and steps can stand below: what has values below is large, and holds none.
pub(super) const fn holds_steps(rule: Rule) -> bool {
    is_later(rule)
        || matches!(
            rule,
            Rule::campaign
                | Rule::broadcast
                | Rule::block
                | Rule::clause
                | Rule::step
                | Rule::junk
                | Rule::junk_wait
                | Rule::junk_tail
                | Rule::junk_outside
                | Rule::wait_listen
                | Rule::arms
                | Rule::signal_arm
                | Rule::timeout_arm
                | Rule::at_step
                | Rule::late
                | Rule::if_step
                | Rule::else_if
                | Rule::else_broken
                | Rule::else_block
                | Rule::match_step
                | Rule::match_arms
                | Rule::match_arm
                | Rule::split
                | Rule::experiment
                | Rule::shares
                | Rule::share
                | Rule::repeat
        )
}

impl Builder<'_> {
    /// Names each construct below `node` that is not supported yet, once.
    pub(super) fn later(&mut self, node: &Node) {
        if is_later(node.rule) {
            let head = node
                .find(Rule::later_clause_head)
                .or_else(|| node.find(Rule::later_step_head))
                .unwrap_or(node);
            let words = one_line(head.text(self.text));
            self.report(
                Diagnostic::new(Code::J0901, head.span, format!("`{words}` is not supported yet"))
                    .here("known, but not in this version"),
            );
            return;
        }
        for child in node.children.iter().filter(|child| holds_steps(child.rule)) {
            self.later(child);
        }
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
                .fix("write `#` for a remark, or put it just above a declaration", edits)
                .guessed(),
        );
    }
}

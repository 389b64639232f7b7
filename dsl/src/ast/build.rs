//! From the tree to declarations. Slips that the grammar took in are named here, and meant as their
//! author meant them, so that nothing follows from them.

mod behaviour;
mod calculation;
mod campaign;
mod condition;
mod declaration;
mod effect;
mod length;
mod literal;
mod moment;
mod predicate;
mod remark;
mod slip;
mod step;
mod test;
mod value;

pub(crate) use literal::block_lines;

use super::{File, Name, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{Node, Rule, Tree};

/// Builds what one file declares. `syntax` is what was found wrong with its shape.
#[must_use]
pub fn build(tree: &Tree, text: &str, syntax: &[Diagnostic]) -> (File, Vec<Diagnostic>) {
    let mut builder = Builder { text, tree, syntax, found: Vec::new() };
    let file = builder.file();
    builder.remarks();
    (file, builder.found)
}

/// Builds one condition from a `condition_only`.
#[must_use]
pub fn build_condition(tree: &Tree, text: &str) -> (Option<super::Condition>, Vec<Diagnostic>) {
    let mut builder = Builder { text, tree, syntax: &[], found: Vec::new() };
    builder.later(&tree.root);
    let condition = tree.root.child(Rule::condition).map(|node| builder.condition(node));
    (condition, builder.found)
}

struct Builder<'a> {
    text: &'a str,
    tree: &'a Tree,
    syntax: &'a [Diagnostic],
    found: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// A name in quotes, or the bare word taken for one.
    fn name(&mut self, node: &Node) -> Name {
        let value = match node.child(Rule::text) {
            Some(text) => self.string(text).text,
            None => {
                let bare = node.text(self.text).to_owned();
                self.report(
                    Diagnostic::new(
                        Code::J0104,
                        node.span,
                        format!("the name `{bare}` stands without quotes"),
                    )
                    .here("quotes are missing")
                    .replace(
                        format!("write `\"{bare}\"`"),
                        node.span,
                        format!("\"{bare}\""),
                    ),
                );
                bare
            }
        };
        if value.is_empty() {
            self.report(
                Diagnostic::new(Code::J0208, node.span, "this name is empty")
                    .here("expected at least one character"),
            );
        }
        Spanned { value, span: node.span }
    }

    /// The name below `node`, empty where there is none.
    fn name_in(&mut self, node: &Node) -> Name {
        match node.child(Rule::name).or_else(|| node.child(Rule::decl_name)) {
            Some(name) => self.name(name),
            None => Spanned { value: String::new(), span: node.span },
        }
    }

    fn word(&self, node: &Node) -> Name {
        Spanned { value: node.text(self.text).to_owned(), span: node.span }
    }

    /// From the beginning of `node` to the beginning of its first child that `ends` it.
    fn head_before(&self, node: &Node, ends: &[Rule]) -> Span {
        let end = node
            .children
            .iter()
            .find(|child| ends.contains(&child.rule))
            .map_or(node.span.end, |child| child.span.start);
        let head = Span::new(node.span.file, node.span.start, end);
        let length = head.text(self.text).trim_end().len();
        Span::new(head.file, head.start, head.start + length)
    }
}

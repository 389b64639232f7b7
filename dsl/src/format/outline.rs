//! What must be the same before and after: rules, words, texts and comments, wherever they stand.

use super::block_text;
use super::elements::{Element, Source};
use crate::syntax::{Node, Rule};

/// One thing that a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Begins(Rule),
    Ends(Rule),
    Word(String),
}

/// All that a file says but its comments, in order. Commas may come and go at the end of a list.
pub(super) fn outline(source: Source<'_>) -> Vec<Said> {
    let mut said = Vec::new();
    walk(source, &source.tree.root, &mut said);
    said
}

/// The comments of a file, in order.
pub(super) fn comments<'t>(source: Source<'t>) -> Vec<&'t str> {
    source.tree.comments.iter().map(|comment| comment.text(source.text)).collect()
}

fn walk(source: Source<'_>, node: &Node, said: &mut Vec<Said>) {
    if source.is_word(node) {
        let word = source.word(node);
        if word == "," {
            return;
        }
        said.push(Said::Begins(node.rule));
        let is_block = word.starts_with("\"\"\"");
        said.push(Said::Word(if is_block { block_text::value(&word) } else { word }));
        return;
    }
    said.push(Said::Begins(node.rule));
    for element in source.elements(node) {
        match element {
            Element::Node(child) => walk(source, child, said),
            Element::Word(span) if span.text(source.text) == "," => {}
            Element::Word(span) => said.push(Said::Word(span.text(source.text).to_owned())),
            Element::Comment(_) => {}
        }
    }
    said.push(Said::Ends(node.rule));
}

//! The tree covers the whole text: nothing is lost between what the grammar found.

use dsl::span::Span;
use dsl::syntax::{Node, Rule, Tree, parse};

use crate::corpus::samples;

/// Rules whose text is made of nothing but their children, brackets and white space.
const CONTAINERS: [Rule; 5] = [Rule::file, Rule::block, Rule::arms, Rule::fields, Rule::test_block];

/// Panics where a character belongs to no part of the tree.
pub(crate) fn assert_covers(tree: &Tree, text: &str) {
    assert_eq!(
        (tree.root.span.start, tree.root.span.end),
        (0, text.len()),
        "the root covers everything"
    );
    for comment in &tree.comments {
        assert!(comment.text(text).starts_with('#'), "a comment begins with its sign");
    }
    node(&tree.root, &tree.comments, text);
}

fn node(of: &Node, comments: &[Span], text: &str) {
    assert!(
        text.get(of.span.start..of.span.end).is_some(),
        "{:?} ends inside a character",
        of.rule
    );
    let mut at = of.span.start;
    for child in &of.children {
        assert!(
            child.span.start >= at && child.span.end <= of.span.end,
            "{:?} lies outside {:?}",
            child.rule,
            of.rule
        );
        if CONTAINERS.contains(&of.rule) {
            gap(of.rule, at, child.span.start, comments, text);
        }
        node(child, comments, text);
        at = child.span.end;
    }
    if CONTAINERS.contains(&of.rule) {
        gap(of.rule, at, of.span.end, comments, text);
    }
}

fn gap(of: Rule, start: usize, end: usize, comments: &[Span], text: &str) {
    let mut left = text[start..end].to_owned();
    for comment in
        comments.iter().filter(|comment| comment.start >= start && comment.end <= end).rev()
    {
        left.replace_range(comment.start - start..comment.end - start, "");
    }
    let lost =
        left.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '\u{FEFF}'));
    assert!(lost.is_empty(), "{of:?} lost `{lost}`");
}

#[test]
fn the_tree_covers_every_sample() {
    for corpus in ["ok", "errors", "lints", "format"] {
        for (path, text) in samples(corpus) {
            let parsed = parse(&text, 0);
            assert_covers(&parsed.tree, &text);
            let hashes = text.lines().filter(|line| line.trim_start().starts_with("# ")).count();
            assert!(parsed.tree.comments.len() >= hashes, "{} lost a comment", path.display());
        }
    }
}

#[test]
fn blank_lines_and_comments_are_kept() {
    let text = "# one\n\nsegment \"a\" = customer.x exists # two\n\n\n# three\n";
    let tree = parse(text, 0).tree;
    let said: Vec<&str> = tree.comments.iter().map(|comment| comment.text(text)).collect();
    assert_eq!(said, ["# one", "# two", "# three"]);
    assert_eq!(tree.blank_lines(text), [6, 45, 46]);
    let segment = &tree.root.children[0];
    assert_eq!(segment.text(text), "segment \"a\" = customer.x exists");
}

//! What a rule looks like to a reader: words, places to fill, and how they follow each other. What
//! the grammar takes only to speak about it is left out.

use std::collections::BTreeSet;

use pest_meta::ast::Expr;

use super::book::Book;
use crate::grammar::{alternatives, is_tolerance, parts};

/// More words than this get a picture of their own.
pub(super) const WORDS_MAX: usize = 6;

/// A piece of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Nothing,
    /// Stands there as it is.
    Word(String),
    /// Is filled with what the rule of this name takes.
    Place(String),
    Row(Vec<Shape>),
    Either(Vec<Shape>),
    Maybe(Box<Shape>),
    Many {
        of: Box<Shape>,
        between: Box<Shape>,
    },
}

/// Draws rules, and keeps which rules it left to pictures of their own.
pub(super) struct Drafter<'a> {
    book: &'a Book,
    open: Vec<String>,
    pub(super) met: BTreeSet<String>,
}

impl<'a> Drafter<'a> {
    pub(super) fn new(book: &'a Book) -> Self {
        Self { book, open: Vec::new(), met: BTreeSet::new() }
    }

    /// The inside of a rule; none where nothing in it is right.
    pub(super) fn inside(&mut self, name: &str) -> Option<Shape> {
        if let Some(words) = self.book.words(name) {
            return Some(either(words.into_iter().map(Shape::Word).collect()));
        }
        assert!(
            !self.open.iter().any(|open| open == name),
            "`{name}` contains itself; give it a picture in PICTURES of railroad/book.rs"
        );
        self.open.push(name.to_owned());
        let book = self.book;
        let shape = self.draft(book.expression(name));
        self.open.pop();
        shape
    }

    fn draft(&mut self, expression: &Expr) -> Option<Shape> {
        match expression {
            Expr::Str(text) | Expr::Insens(text) => Some(Shape::Word(text.clone())),
            Expr::Ident(name) => self.named(name),
            Expr::Seq(..) => {
                let found: Option<Vec<Shape>> =
                    parts(expression).into_iter().map(|part| self.draft(part)).collect();
                found.map(row)
            }
            Expr::Choice(..) => {
                let found: Vec<Shape> =
                    alternatives(expression).into_iter().filter_map(|it| self.draft(it)).collect();
                (!found.is_empty()).then(|| either(found))
            }
            Expr::Opt(inner) => Some(maybe(self.draft(inner).unwrap_or(Shape::Nothing))),
            Expr::Rep(inner) => Some(maybe(many(self.draft(inner).unwrap_or(Shape::Nothing)))),
            Expr::RepOnce(inner) => self.draft(inner).map(many),
            Expr::PosPred(_) | Expr::NegPred(_) => Some(Shape::Nothing),
            other => panic!("no picture of `{other}` yet; draw it in railroad/shape.rs"),
        }
    }

    fn named(&mut self, name: &str) -> Option<Shape> {
        if is_tolerance(name) {
            return None;
        }
        if let Some(words) = self.book.keyword(name) {
            return Some(Shape::Word(words));
        }
        if matches!(name, "gap" | "blank" | "space" | "SOI" | "EOI" | "WHITESPACE" | "COMMENT") {
            return Some(Shape::Nothing);
        }
        if self.book.is_pictured(name) || self.book.is_long_list(name) {
            self.met.insert(name.to_owned());
            return Some(Shape::Place(self.book.label(name)));
        }
        if self.book.is_leaf(name) {
            return Some(Shape::Place(self.book.label(name)));
        }
        self.inside(name)
    }
}

fn row(found: Vec<Shape>) -> Shape {
    let mut flat: Vec<Shape> = Vec::new();
    for shape in found {
        match shape {
            Shape::Nothing => {}
            Shape::Row(inner) => flat.extend(inner),
            other => flat.push(other),
        }
        fold_list(&mut flat);
    }
    if flat.len() > 1 { Shape::Row(flat) } else { flat.pop().unwrap_or(Shape::Nothing) }
}

/// `a (, a)*` is many of `a` with commas between; `a` may itself be several pieces.
fn fold_list(flat: &mut Vec<Shape>) {
    let [before @ .., Shape::Maybe(rest)] = flat.as_slice() else { return };
    let Shape::Many { of, between } = rest.as_ref() else { return };
    if **between != Shape::Nothing {
        return;
    }
    let again = match of.as_ref() {
        Shape::Row(pieces) => pieces.as_slice(),
        one => std::slice::from_ref(one),
    };
    let pairs = before.iter().rev().zip(again.iter().rev());
    let same = pairs.take_while(|(first, second)| first == second).count();
    if same == 0 {
        return;
    }
    let (between, of) = again.split_at(again.len() - same);
    let folded =
        Shape::Many { of: Box::new(row(of.to_vec())), between: Box::new(row(between.to_vec())) };
    flat.truncate(flat.len() - 1 - same);
    flat.push(folded);
}

fn either(found: Vec<Shape>) -> Shape {
    let mut flat: Vec<Shape> = Vec::new();
    let mut may_be_nothing = false;
    for shape in found {
        let inner = match shape {
            Shape::Nothing => Vec::new(),
            Shape::Either(inner) => inner,
            Shape::Maybe(inner) => vec![*inner],
            other => {
                flat.push(other);
                continue;
            }
        };
        may_be_nothing |= inner.is_empty();
        flat.extend(inner);
    }
    let mut seen: Vec<Shape> = Vec::new();
    flat.retain(|shape| {
        !seen.contains(shape) && {
            seen.push(shape.clone());
            true
        }
    });
    let one =
        if flat.len() > 1 { Shape::Either(flat) } else { flat.pop().unwrap_or(Shape::Nothing) };
    if may_be_nothing { maybe(one) } else { one }
}

fn maybe(of: Shape) -> Shape {
    match of {
        Shape::Nothing | Shape::Maybe(_) => of,
        other => Shape::Maybe(Box::new(other)),
    }
}

fn many(of: Shape) -> Shape {
    match of {
        Shape::Nothing => of,
        Shape::Maybe(inner) => maybe(many(*inner)),
        other => Shape::Many { of: Box::new(other), between: Box::new(Shape::Nothing) },
    }
}

//! The variables of one rendering, and the values of expressions.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::expr::{Expr, Path, Root, Step};
use crate::globals::Globals;
use crate::number;
use crate::value::{List, Loop, Text, Val, scalar};

/// Loop variables hide assigned ones, and those hide the data.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    globals: &'a Globals<'a>,
    assigned: BTreeMap<&'a str, Val<'a>>,
    /// The loops around the present place, innermost last, each with its variable.
    loops: Vec<(&'a str, Val<'a>, Rc<Loop<'a>>)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(globals: &'a Globals<'a>) -> Self {
        Self { globals, assigned: BTreeMap::new(), loops: Vec::new() }
    }

    pub(crate) fn assign(&mut self, name: &'a str, value: Val<'a>) {
        self.assigned.insert(name, value);
    }

    pub(crate) fn enter(&mut self, name: &'a str, label: &'a str, length: usize) {
        let parent = self.loops.last().map(|(_, _, state)| Rc::clone(state));
        let state = Loop { label, length, index: 0.into(), parent };
        self.loops.push((name, Val::Nil, Rc::new(state)));
    }

    /// Goes to an iteration of the innermost loop.
    pub(crate) fn iterate(&mut self, index: usize, value: Val<'a>) {
        if let Some((_, variable, state)) = self.loops.last_mut() {
            *variable = value;
            state.index.set(index);
        }
    }

    pub(crate) fn leave(&mut self) {
        self.loops.pop();
    }

    pub(crate) fn value(&self, expr: &'a Expr) -> Val<'a> {
        match expr {
            Expr::Nil => Val::Nil,
            Expr::Empty => Val::Empty,
            Expr::Blank => Val::Blank,
            Expr::Bool(value) => Val::Bool(*value),
            Expr::Int(value) => Val::Int(*value),
            Expr::Float(value) => Val::Float(*value),
            Expr::Text(text) => Val::Text(Text::data(text)),
            Expr::Range(ends) => Val::List(List::Range {
                first: number::bound(&self.value(&ends.0)),
                last: number::bound(&self.value(&ends.1)),
            }),
            Expr::Path(path) => self.path(path),
        }
    }

    fn path(&self, path: &'a Path) -> Val<'a> {
        let mut value = match &path.root {
            Root::Name(name) => self.variable(name),
            Root::Computed(expr) => {
                scalar(&self.value(expr)).map_or(Val::Nil, |name| self.variable(&name))
            }
        };
        for step in &path.steps {
            if value.is_nil() {
                break;
            }
            value = match step {
                Step::Name(name) => value.property(name),
                Step::Key(name) => value.key(name),
                Step::Index(index) => value.index(*index),
                Step::Computed(expr) => value.at(&self.value(expr)),
            };
        }
        value
    }

    fn variable(&self, name: &str) -> Val<'a> {
        for (variable, value, state) in self.loops.iter().rev() {
            if *variable == name {
                return value.clone();
            }
            if name == "forloop" {
                return Val::Loop(Rc::clone(state));
            }
        }
        match self.assigned.get(name) {
            Some(value) => value.clone(),
            None => self.globals.get(name).map_or(Val::Nil, Val::from),
        }
    }
}

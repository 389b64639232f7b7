//! Renders the parsed form: walks the nodes, charges every step, stops at the first fault.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::compare;
use crate::error::{Fault, RenderError};
use crate::expr::{
    Argument, Block, Case, Comparison, Condition, Expr, FilterUse, Filtered, For, If, Join, Node,
    NodeKind, Offset, Operator, Path,
};
use crate::filters::{Env, Plain, Run};
use crate::globals::Globals;
use crate::limits::Budget;
use crate::number;
use crate::options::{Escape, Missing, Options};
use crate::print;
use crate::scope::Scope;
use crate::sink::Sink;
use crate::value::{List, Text, Val, pair};

pub(crate) fn render(
    body: &Block,
    globals: &Globals<'_>,
    options: &Options,
) -> Result<String, RenderError> {
    let mut renderer = Renderer {
        options,
        scope: Scope::new(globals),
        budget: Budget::new(options.limits),
        out: Sink::new(options.limits.output_bytes),
        ends: BTreeMap::new(),
    };
    renderer.block(body)?;
    Ok(renderer.out.into_text())
}

struct Renderer<'a> {
    options: &'a Options,
    scope: Scope<'a>,
    budget: Budget,
    out: Sink,
    /// Where the last loop of each label ended, for `offset: continue`.
    ends: BTreeMap<&'a str, usize>,
}

/// What comes after a node; outside of loops, `break` and `continue` end the template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Next,
    Break,
    Continue,
}

/// A value, and the variable it was read from if that one has none.
struct Read<'a> {
    value: Val<'a>,
    missing: Option<&'a Path>,
}

impl<'a> Renderer<'a> {
    fn block(&mut self, block: &'a Block) -> Result<Turn, RenderError> {
        for node in &block.nodes {
            let turn = self.node(node)?;
            if turn != Turn::Next {
                return Ok(turn);
            }
        }
        Ok(Turn::Next)
    }

    fn node(&mut self, node: &'a Node) -> Result<Turn, RenderError> {
        self.budget.steps(1).map_err(|fault| fault.at(&node.span))?;
        match &node.kind {
            NodeKind::Text(text) => {
                let written = self.out.write_str(text);
                written.map_err(|_| self.budget.out_of_output().at(&node.span))?;
            }
            NodeKind::Output(filtered) => self.output(filtered, &node.span)?,
            NodeKind::Assign { name, value } => {
                let value = self.filtered(value)?.value;
                self.scope.assign(name, value);
            }
            NodeKind::Capture { name, body } => return self.capture(name, body, &node.span),
            NodeKind::If(branches) => return self.branches(branches, &node.span),
            NodeKind::Case(case) => return self.case(case, &node.span),
            NodeKind::For(node_for) => return self.repeat(node_for, &node.span),
            NodeKind::Break => return Ok(Turn::Break),
            NodeKind::Continue => return Ok(Turn::Continue),
        }
        Ok(Turn::Next)
    }

    fn output(&mut self, filtered: &'a Filtered, span: &Range<usize>) -> Result<(), RenderError> {
        let read = self.filtered(filtered)?;
        self.present(read.missing)?;
        let written = match self.options.escape {
            Escape::Html => print::html(&mut self.out, &read.value),
            Escape::None => print::plain(&mut self.out, &read.value),
        };
        written.map_err(|_| self.budget.out_of_output().at(span))
    }

    fn capture(
        &mut self,
        name: &'a str,
        body: &'a Block,
        span: &Range<usize>,
    ) -> Result<Turn, RenderError> {
        let around = std::mem::replace(&mut self.out, Sink::new(self.options.limits.output_bytes));
        let turn = self.block(body)?;
        let text = std::mem::replace(&mut self.out, around).into_text();
        self.budget.text(text.len()).map_err(|fault| fault.at(span))?;
        // Its values have been escaped on their way in.
        let safe = self.options.escape == Escape::Html;
        self.scope.assign(name, Val::Text(Text::own(text).marked(safe)));
        Ok(turn)
    }

    fn branches(&mut self, node: &'a If, span: &Range<usize>) -> Result<Turn, RenderError> {
        for branch in &node.branches {
            let holds = self.condition(&branch.condition).map_err(|fault| fault.at(span))?;
            if holds == branch.wanted {
                return self.block(&branch.body);
            }
        }
        self.block(&node.otherwise)
    }

    /// Every arm that matches is rendered, and `else` if none before it did.
    fn case(&mut self, case: &'a Case, span: &Range<usize>) -> Result<Turn, RenderError> {
        let subject = self.scope.value(&case.subject);
        let mut matched = false;
        for arm in &case.arms {
            let matches = match &arm.values {
                None => !matched,
                Some(values) => self.any_equal(&subject, values).map_err(|fault| fault.at(span))?,
            };
            if matches {
                matched |= arm.values.is_some();
                let turn = self.block(&arm.body)?;
                if turn != Turn::Next {
                    return Ok(turn);
                }
            }
        }
        Ok(Turn::Next)
    }

    fn repeat(&mut self, node: &'a For, span: &Range<usize>) -> Result<Turn, RenderError> {
        let over = self.iterable(&node.over, span)?;
        let from = match &node.offset {
            None => 0,
            Some(Offset::Continue) => self.ends.get(&*node.label).copied().unwrap_or(0),
            Some(Offset::Value(argument)) => self.count(argument)?.unwrap_or(0),
        };
        let limit = match &node.limit {
            Some(argument) => self.count(argument)?,
            None => None,
        };
        let length = over.len().saturating_sub(from).min(limit.unwrap_or(usize::MAX));
        self.ends.insert(&node.label, from.saturating_add(length));
        if length == 0 {
            return self.block(&node.otherwise);
        }
        self.scope.enter(&node.name, &node.label, length);
        for index in 0..length {
            self.budget.steps(1).map_err(|fault| fault.at(span))?;
            let at = if node.reversed { from + length - 1 - index } else { from + index };
            self.scope.iterate(index, over.at(at).unwrap_or(Val::Nil));
            if self.block(&node.body)? == Turn::Break {
                break;
            }
        }
        self.scope.leave();
        Ok(Turn::Next)
    }

    /// What a loop goes over: an object's members as pairs, a text as itself, anything else as nothing.
    fn iterable(&mut self, expr: &'a Expr, span: &Range<usize>) -> Result<List<'a>, RenderError> {
        let values = match self.scope.value(expr) {
            Val::List(list) => return Ok(list),
            Val::Object(map) => {
                self.budget.steps(map.len()).map_err(|fault| fault.at(span))?;
                map.iter().map(pair).collect()
            }
            Val::Text(text) if !text.as_str().is_empty() => vec![Val::Text(text)],
            _ => Vec::new(),
        };
        Ok(List::Own(values.into()))
    }

    /// The number of a loop's argument; a missing one counts as not given.
    fn count(&mut self, argument: &'a Argument) -> Result<Option<usize>, RenderError> {
        let value = self.scope.value(&argument.value);
        if value.is_nil() {
            return Ok(None);
        }
        let count =
            number::whole(&value).map_err(|message| Fault::from(message).at(&argument.span))?;
        Ok(Some(usize::try_from(count.max(0)).unwrap_or(usize::MAX)))
    }

    fn condition(&mut self, condition: &'a Condition) -> Result<bool, Fault> {
        // Binding to the right, each word decides as soon as what stands before it settles the whole.
        for (comparison, join) in &condition.joined {
            match (self.comparison(comparison)?, join) {
                (false, Join::And) => return Ok(false),
                (true, Join::Or) => return Ok(true),
                _ => {}
            }
        }
        self.comparison(&condition.last)
    }

    fn comparison(&mut self, comparison: &'a Comparison) -> Result<bool, Fault> {
        let left = self.scope.value(&comparison.left);
        match &comparison.right {
            Some((operator, right)) => self.compare(&left, *operator, right),
            None => {
                self.budget.steps(1)?;
                Ok(left.is_true())
            }
        }
    }

    fn any_equal(&mut self, subject: &Val<'a>, values: &'a [Expr]) -> Result<bool, Fault> {
        for value in values {
            if self.compare(subject, Operator::Equal, value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn compare(
        &mut self,
        left: &Val<'a>,
        operator: Operator,
        right: &'a Expr,
    ) -> Result<bool, Fault> {
        let right = self.scope.value(right);
        self.budget.steps(1)?;
        self.budget.scan(left.weight().saturating_add(right.weight()))?;
        Ok(compare::holds(left, operator, &right))
    }

    fn filtered(&mut self, filtered: &'a Filtered) -> Result<Read<'a>, RenderError> {
        let mut read = self.read(&filtered.value);
        for filter in &filtered.filters {
            read = match filter.spec.run {
                Run::Default => self.or_default(read, filter),
                Run::Plain(run) => {
                    self.present(read.missing)?;
                    let mut args = Vec::with_capacity(filter.args.len());
                    for arg in &filter.args {
                        let arg = self.read(arg);
                        self.present(arg.missing)?;
                        args.push(arg.value);
                    }
                    let value = self.filter(run, &read.value, &args);
                    Read { value: value.map_err(|fault| fault.at(&filter.span))?, missing: None }
                }
            };
        }
        Ok(read)
    }

    fn filter(&mut self, run: Plain, input: &Val<'a>, args: &[Val<'a>]) -> Result<Val<'a>, Fault> {
        self.budget.steps(1)?;
        self.budget.scan(input.weight())?;
        let (escape, now) = (self.options.escape, self.options.now);
        run(input, args, &mut Env { budget: &mut self.budget, escape, now })
    }

    /// `default` replaces what is nil, false or empty; a default that is missing itself stays missing.
    fn or_default(&self, read: Read<'a>, filter: &'a FilterUse) -> Read<'a> {
        let allow_false = filter.named.iter().any(|(_, expr)| self.scope.value(expr).is_true());
        let replaced = match &read.value {
            Val::Nil | Val::Empty | Val::Blank => true,
            Val::Bool(value) => !value && !allow_false,
            value => value.is_empty(),
        };
        match (replaced, filter.args.first()) {
            (false, _) => read,
            (true, Some(default)) => self.read(default),
            (true, None) => Read { value: Val::Empty, missing: None },
        }
    }

    fn read(&self, expr: &'a Expr) -> Read<'a> {
        let value = self.scope.value(expr);
        let missing = if value.is_nil() { expr.as_path() } else { None };
        Read { value, missing }
    }

    fn present(&self, missing: Option<&Path>) -> Result<(), RenderError> {
        match (missing, self.options.missing) {
            (Some(path), Missing::Error) => {
                Err(RenderError::Missing { path: path.shown.to_string(), span: path.span.clone() })
            }
            _ => Ok(()),
        }
    }
}

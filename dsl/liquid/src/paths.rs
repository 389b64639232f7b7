//! Which variables a template reads, found without rendering it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::expr::{
    Argument, Block, Case, Comparison, Condition, Expr, FilterUse, Filtered, For, If, Join, Node,
    NodeKind, Offset, Operator, Path, Root, Step,
};
use crate::filters::Run;

/// Data is not nested deeper than this; what lies deeper is not followed.
const MOST_KEYS: usize = 32;

/// One reading of a variable of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathUse {
    /// The way to the value, as far as it can be known without the data.
    pub keys: Vec<Key>,
    /// Where the template writes it; loop variables are written shorter than their keys are.
    pub span: Range<usize>,
    /// Whether the template can do without a value here: under `default`, in a condition, as what a loop goes over,
    /// and where a condition around it has made sure of the value, of its parent, or of a part of it.
    pub optional: bool,
}

/// One step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A member of an object, or `size`, `first` and `last` of what has them.
    Name(String),
    /// An element of a list; the first one also stands for all that a loop goes over.
    Index(usize),
}

/// What a variable of the template's own stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// A place in the data.
    Place(Vec<Key>),
    /// A value the template makes, or one of several.
    Made,
}

impl fmt::Display for PathUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.keys.iter().enumerate() {
            match key {
                Key::Name(name) if at == 0 => f.write_str(name)?,
                Key::Name(name) => write!(f, ".{name}")?,
                Key::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

pub(crate) fn read_by(block: &Block) -> Vec<PathUse> {
    let mut reader = Reader::default();
    reader.block(block);
    reader.found
}

/// Whether it is written out, and no word for what may be missing.
const fn is_value(expr: &Expr) -> bool {
    match expr {
        Expr::Bool(_) | Expr::Int(_) | Expr::Float(_) | Expr::Text(_) | Expr::Range(_) => true,
        Expr::Nil | Expr::Empty | Expr::Blank | Expr::Path(_) => false,
    }
}

#[derive(Default)]
struct Reader<'t> {
    found: Vec<PathUse>,
    assigned: BTreeMap<&'t str, Meaning>,
    /// The names in the order of their assignments.
    assignments: Vec<&'t str>,
    loops: Vec<(&'t str, Meaning)>,
    /// Values that conditions around this place have made sure of.
    sure: Vec<Vec<Key>>,
}

impl<'t> Reader<'t> {
    fn block(&mut self, block: &'t Block) {
        block.nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &'t Node) {
        match &node.kind {
            NodeKind::Text(_) | NodeKind::Break | NodeKind::Continue => {}
            NodeKind::Output(filtered) => self.filtered(filtered, false),
            NodeKind::Assign { name, value } => self.assign(name, value),
            NodeKind::Capture { name, body } => {
                self.block(body);
                self.mean(name, Meaning::Made);
            }
            NodeKind::If(node) => self.branches(node),
            NodeKind::Case(node) => self.case(node),
            NodeKind::For(node) => self.repeat(node),
        }
    }

    /// A variable that only gets another's value may go without one; its uses tell whether it must not.
    fn assign(&mut self, name: &'t str, value: &'t Filtered) {
        self.filtered(value, true);
        let meaning = match (&value.value, value.filters.is_empty()) {
            (Expr::Path(path), true) => match self.resolve(path) {
                Some((keys, true)) => Meaning::Place(keys),
                _ => Meaning::Made,
            },
            _ => Meaning::Made,
        };
        self.mean(name, meaning);
    }

    fn mean(&mut self, name: &'t str, meaning: Meaning) {
        self.assignments.push(name);
        self.assigned.insert(name, meaning);
    }

    /// A branch is sure of what its condition tells, and of what the conditions before it did not.
    fn branches(&mut self, node: &'t If) {
        let (before, sure) = (self.assignments.len(), self.sure.len());
        for branch in &node.branches {
            self.condition(&branch.condition);
            let unmet = self.sure.len();
            self.rely_on(&branch.condition, branch.wanted);
            self.block(&branch.body);
            self.sure.truncate(unmet);
            self.rely_on(&branch.condition, !branch.wanted);
        }
        self.block(&node.otherwise);
        self.sure.truncate(sure);
        self.blur(before);
    }

    fn case(&mut self, node: &'t Case) {
        self.expr(&node.subject, true);
        let (before, sure) = (self.assignments.len(), self.sure.len());
        for arm in &node.arms {
            let values = arm.values.as_deref().unwrap_or_default();
            values.iter().for_each(|value| self.expr(value, true));
            if !values.is_empty() && values.iter().all(is_value) {
                self.rely_on_expr(&node.subject);
            }
            self.block(&arm.body);
            self.sure.truncate(sure);
        }
        self.blur(before);
    }

    /// Takes note of the values that must be there where the condition came out like this.
    fn rely_on(&mut self, condition: &'t Condition, outcome: bool) {
        // From the left, as long as the signs leave no choice: `a and …` needs `a` to hold,
        // `a or …` needs it not to hold.
        let binding = if outcome { Join::And } else { Join::Or };
        for (comparison, join) in &condition.joined {
            if *join != binding {
                return;
            }
            self.rely_on_comparison(comparison, outcome);
        }
        self.rely_on_comparison(&condition.last, outcome);
    }

    fn rely_on_comparison(&mut self, comparison: &'t Comparison, outcome: bool) {
        let Comparison { left, right } = comparison;
        let Some((operator, right)) = right else {
            if outcome {
                self.rely_on_expr(left);
            }
            return;
        };
        let same = match operator {
            Operator::Equal => outcome,
            Operator::NotEqual => !outcome,
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Contains => {
                if outcome {
                    self.rely_on_expr(left);
                    self.rely_on_expr(right);
                }
                return;
            }
        };
        for (side, other) in [(left, right), (right, left)] {
            let is_there =
                if same { is_value(other) } else { matches!(other, Expr::Nil | Expr::Blank) };
            if is_there {
                self.rely_on_expr(side);
            }
        }
    }

    fn rely_on_expr(&mut self, expr: &'t Expr) {
        if let Some((keys, _)) = expr.as_path().and_then(|path| self.resolve(path)) {
            self.sure.push(keys);
        }
    }

    /// Whether a condition has made sure of the value, of what it is part of, or of a part of it.
    /// The root alone says nothing, since it is always there.
    fn is_sure(&self, keys: &[Key]) -> bool {
        self.sure.iter().any(|sure| {
            let is_part = sure.len() > 1 && keys.starts_with(sure);
            sure.as_slice() == keys || is_part || sure.starts_with(keys)
        })
    }

    fn repeat(&mut self, node: &'t For) {
        self.expr(&node.over, true);
        if let Some(argument) = &node.limit {
            self.argument(argument);
        }
        if let Some(Offset::Value(argument)) = &node.offset {
            self.argument(argument);
        }
        let element = match node.over.as_path().and_then(|path| self.resolve(path)) {
            Some((mut keys, true)) => {
                keys.push(Key::Index(0));
                Meaning::Place(keys)
            }
            _ => Meaning::Made,
        };
        let (before, sure) = (self.assignments.len(), self.sure.len());
        self.rely_on_expr(&node.over);
        self.loops.push((&node.name, element));
        self.block(&node.body);
        self.loops.pop();
        self.sure.truncate(sure);
        self.block(&node.otherwise);
        self.blur(before);
    }

    /// What was assigned on one of several ways can stand for several things afterwards.
    fn blur(&mut self, before: usize) {
        for name in self.assignments.iter().skip(before) {
            self.assigned.insert(name, Meaning::Made);
        }
    }

    fn condition(&mut self, condition: &'t Condition) {
        let joined = condition.joined.iter().map(|(comparison, _)| comparison);
        for Comparison { left, right } in joined.chain([&condition.last]) {
            self.expr(left, true);
            if let Some((_, right)) = right {
                self.expr(right, true);
            }
        }
    }

    fn argument(&mut self, argument: &'t Argument) {
        self.expr(&argument.value, true);
    }

    /// `optional` is what holds for a value without filters.
    fn filtered(&mut self, filtered: &'t Filtered, optional: bool) {
        let optional_before = |filters: &[FilterUse]| match filters.first() {
            None => optional,
            Some(next) => matches!(next.spec.run, Run::Default),
        };
        self.expr(&filtered.value, optional_before(&filtered.filters));
        let mut behind = filtered.filters.as_slice();
        while let [filter, rest @ ..] = behind {
            behind = rest;
            let default = matches!(filter.spec.run, Run::Default);
            let args_optional = default && optional_before(rest);
            filter.args.iter().for_each(|arg| self.expr(arg, args_optional));
            filter.named.iter().for_each(|(_, arg)| self.expr(arg, true));
        }
    }

    fn expr(&mut self, expr: &'t Expr, optional: bool) {
        match expr {
            Expr::Range(ends) => {
                self.expr(&ends.0, true);
                self.expr(&ends.1, true);
            }
            Expr::Path(path) => self.path(path, optional),
            _ => {}
        }
    }

    fn path(&mut self, path: &'t Path, optional: bool) {
        if let Some((keys, _)) = self.resolve(path) {
            let optional = optional || self.is_sure(&keys);
            self.found.push(PathUse { keys, span: path.span.clone(), optional });
        }
        if let Root::Computed(expr) = &path.root {
            self.expr(expr, optional);
        }
        for step in &path.steps {
            if let Step::Computed(expr) = step {
                self.expr(expr, optional);
            }
        }
    }

    /// The place in the data that a path means, and whether that is the whole path.
    fn resolve(&self, path: &Path) -> Option<(Vec<Key>, bool)> {
        let Root::Name(root) = &path.root else { return None };
        let mut keys = match self.meaning(root) {
            Some(Meaning::Made) => return None,
            Some(Meaning::Place(keys)) => keys,
            None => vec![Key::Name(root.to_string())],
        };
        for step in &path.steps {
            if keys.len() >= MOST_KEYS {
                return Some((keys, false));
            }
            keys.push(match step {
                Step::Name(name) | Step::Key(name) => Key::Name(name.to_string()),
                Step::Index(index) => match usize::try_from(*index) {
                    Ok(index) => Key::Index(index),
                    Err(_) => return Some((keys, false)),
                },
                Step::Computed(_) => return Some((keys, false)),
            });
        }
        Some((keys, true))
    }

    /// What a variable of the template's own stands for; `None` where it is one of the data.
    fn meaning(&self, name: &str) -> Option<Meaning> {
        if let Some((_, meaning)) = self.loops.iter().rev().find(|(own, _)| *own == name) {
            return Some(meaning.clone());
        }
        if name == "forloop" && !self.loops.is_empty() {
            return Some(Meaning::Made);
        }
        self.assigned.get(name).cloned()
    }
}

//! The parsed form of a template: nodes, expressions, conditions.

use std::ops::Range;

use crate::filters::Spec;

/// A run of nodes between two tags.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) nodes: Vec<Node>,
    /// Whether some node can write more than white space.
    pub(crate) loud: bool,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Text(Box<str>),
    Output(Filtered),
    Assign { name: Box<str>, value: Filtered },
    Capture { name: Box<str>, body: Block },
    If(If),
    Case(Case),
    For(Box<For>),
    Break,
    Continue,
}

#[derive(Debug)]
pub(crate) struct If {
    pub(crate) branches: Vec<Branch>,
    pub(crate) otherwise: Block,
}

#[derive(Debug)]
pub(crate) struct Branch {
    /// What the condition must come out as: `unless` wants false.
    pub(crate) wanted: bool,
    pub(crate) condition: Condition,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) subject: Expr,
    pub(crate) arms: Vec<Arm>,
}

#[derive(Debug)]
pub(crate) struct Arm {
    /// `None` is `else`.
    pub(crate) values: Option<Vec<Expr>>,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) name: Box<str>,
    /// What Liquid calls the loop: `name-collection`; `offset: continue` goes on where the last of that name ended.
    pub(crate) label: Box<str>,
    pub(crate) over: Expr,
    pub(crate) reversed: bool,
    pub(crate) limit: Option<Argument>,
    pub(crate) offset: Option<Offset>,
    pub(crate) body: Block,
    pub(crate) otherwise: Block,
}

#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) value: Expr,
    pub(crate) span: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum Offset {
    Continue,
    Value(Argument),
}

/// An expression and the filters its value passes through.
#[derive(Debug)]
pub(crate) struct Filtered {
    pub(crate) value: Expr,
    pub(crate) filters: Vec<FilterUse>,
}

#[derive(Debug)]
pub(crate) struct FilterUse {
    pub(crate) spec: &'static Spec,
    pub(crate) args: Vec<Expr>,
    pub(crate) named: Vec<(&'static str, Expr)>,
    pub(crate) span: Range<usize>,
}

/// Comparisons joined by `and` and `or`, which bind to the right: `a and b or c` is `a and (b or c)`.
#[derive(Debug)]
pub(crate) struct Condition {
    /// All but the last, each with the word behind it.
    pub(crate) joined: Vec<(Comparison, Join)>,
    pub(crate) last: Comparison,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    And,
    Or,
}

#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) left: Expr,
    pub(crate) right: Option<(Operator, Expr)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Nil,
    Empty,
    Blank,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    Range(Box<(Expr, Expr)>),
    Path(Path),
}

#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) root: Root,
    pub(crate) steps: Vec<Step>,
    pub(crate) span: Range<usize>,
    /// The path as the source writes it.
    pub(crate) shown: Box<str>,
}

#[derive(Debug)]
pub(crate) enum Root {
    Name(Box<str>),
    /// `[expression]`: a variable whose name is the value of another.
    Computed(Box<Expr>),
}

#[derive(Debug)]
pub(crate) enum Step {
    /// `.name`, which also knows `size`, `first` and `last`.
    Name(Box<str>),
    /// `["name"]`, which does not.
    Key(Box<str>),
    Index(i64),
    Computed(Box<Expr>),
}

impl Block {
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        let loud = nodes.iter().any(Node::loud);
        Self { nodes, loud }
    }

    /// Drops the white space of a block that writes nothing else.
    pub(crate) fn silence(&mut self) {
        self.nodes.retain(|node| !matches!(node.kind, NodeKind::Text(_)));
    }
}

impl Node {
    fn loud(&self) -> bool {
        match &self.kind {
            NodeKind::Text(text) => !text.trim().is_empty(),
            NodeKind::Output(_) | NodeKind::Break | NodeKind::Continue => true,
            NodeKind::Assign { .. } | NodeKind::Capture { .. } => false,
            NodeKind::If(node) => node.bodies().any(|body| body.loud),
            NodeKind::Case(node) => node.arms.iter().any(|arm| arm.body.loud),
            NodeKind::For(node) => node.body.loud || node.otherwise.loud,
        }
    }
}

impl If {
    pub(crate) fn bodies(&self) -> impl Iterator<Item = &Block> {
        self.branches.iter().map(|branch| &branch.body).chain([&self.otherwise])
    }
}

impl Expr {
    pub(crate) fn as_path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            _ => None,
        }
    }
}

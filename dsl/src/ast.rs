//! The declarations of one file as typed data, every part with its place. Names are still names:
//! whether they are known is asked by [`crate::resolve`].

mod build;
mod condition;
mod test;

pub use build::{build, build_condition};
pub use condition::{Condition, ConditionKind, Expr, ExprKind, Path, SCOPES, Window, scope_of};
pub use test::{Moment, TestLine, TestLineKind};

use crate::graph::Enter;
use crate::span::Span;
use crate::time::Length;

/// Something and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// What.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A name as written, without its quotes.
pub type Name = Spanned<String>;

/// One file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// In written order.
    pub declarations: Vec<Declaration>,
}

/// One declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// What it declares.
    pub kind: DeclarationKind,
    /// Unique within its kind; empty for `workspace`.
    pub name: Name,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// All of it.
    pub span: Span,
    /// Something inside was not understood, so nothing is concluded from what is absent.
    pub broken: bool,
}

/// The kinds of declarations.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclarationKind {
    /// `workspace { … }`
    Workspace(Vec<Field>),
    /// `segment "x" = …`
    Segment(Box<Condition>),
    /// `email "x" [transactional] { … }`
    Email(Email),
    /// `campaign "x" { … }`
    Campaign(Campaign),
    /// `test "x" { … }`
    Test(Vec<TestLine>),
    /// Not understood, but meant to declare something: what refers to it is left alone.
    Unknown(NameKind),
}

/// What a name can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A segment.
    Segment,
    /// An e-mail.
    Email,
    /// A campaign.
    Campaign,
    /// A test.
    Test,
}

/// `email`.
#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    /// `transactional`.
    pub transactional: bool,
    /// In written order.
    pub fields: Vec<Field>,
}

/// `name: VALUE`
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Spanned<FieldValue>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// `"…"`
    Text(Template),
    /// `html """…"""`, `file "…"`
    Typed(Name, Template),
    /// One word.
    Word(String),
    /// A kind of value that no field takes so far, in words.
    Other(&'static str),
    /// Reported already.
    Unknown,
}

/// A text, and the way from its characters back to the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Escapes and indentation taken out.
    pub text: String,
    /// Quotes included.
    pub span: Span,
    /// Stretches that are the same in both: offset in `text`, offset in the source.
    pub origin: Vec<(usize, usize)>,
}

impl Template {
    /// The place in the source of a range of the text.
    #[must_use]
    pub fn place(&self, range: std::ops::Range<usize>) -> Span {
        let at = |offset: usize| {
            let after = self.origin.partition_point(|(text, _)| *text <= offset);
            let (text, source) = after
                .checked_sub(1)
                .and_then(|index| self.origin.get(index))
                .copied()
                .unwrap_or((0, self.span.start));
            (source + offset - text).min(self.span.end)
        };
        let start = at(range.start);
        Span::new(self.span.file, start, at(range.end).max(start))
    }

    /// Whether something in it asks to be rendered.
    #[must_use]
    pub fn renders(&self) -> bool {
        self.text.contains("{{") || self.text.contains("{%")
    }
}

/// `campaign`.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Everything inside, in written order.
    pub body: Vec<Part>,
}

/// A clause or a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A clause.
    Clause(Clause),
    /// A step.
    Step(Step),
}

/// One clause of a campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// All of it.
    pub span: Span,
}

/// The kinds of clauses, in the order in which they stand.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// `on event "x" [where COND]`
    On(EventSignal),
    /// `only if COND`
    OnlyIf(Condition),
    /// `enter …`
    Enter(Enter),
    /// `exit when SIGNAL`
    ExitWhen(Signal),
    /// `topic "x"`
    Topic(Name),
    /// Reported already; the text is a stand-in for its place in the order.
    Unknown(String),
}

/// `event "x" [where COND]`
#[derive(Debug, Clone, PartialEq)]
pub struct EventSignal {
    /// Name of the event.
    pub name: Name,
    /// Its filter.
    pub filter: Option<Condition>,
}

/// What a clause or an arm listens for.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// An event.
    Event(EventSignal),
    /// A condition.
    Condition(Condition),
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `label:`
    pub label: Option<Name>,
    /// What it does.
    pub kind: StepKind,
    /// All of it, blocks included.
    pub span: Span,
    /// Without label and blocks.
    pub head: Span,
}

/// The kinds of steps.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// `send email "x" [to EXPR] [with {…}]`
    Send {
        /// Which message.
        email: Name,
        /// Another address.
        to: Option<Expr>,
        /// Data for the template.
        with: Vec<(Name, Expr)>,
    },
    /// `wait D`
    Wait(Spanned<Length>),
    /// `wait [up to D | forever] { … }`
    Listen {
        /// How long.
        limit: Limit,
        /// In written order.
        arms: Vec<Arm>,
        /// `on timeout { … }`, and where its head stands.
        timeouts: Vec<Spanned<Vec<Part>>>,
    },
    /// `if … else …`
    If {
        /// In written order.
        arms: Vec<(Condition, Vec<Part>)>,
        /// `else { … }`
        otherwise: Option<Vec<Part>>,
    },
    /// `set PATH = EXPR`
    Set(Path, Expr),
    /// `unset PATH`
    Unset(Path),
    /// `exit`
    Exit,
    /// Reported already; the blocks that could be read nevertheless.
    Broken(Vec<Vec<Part>>),
}

/// How long a wait for signals lasts.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// Nothing is said.
    None,
    /// `forever`
    Forever,
    /// `up to D`
    UpTo(Spanned<Length>),
}

/// `on SIGNAL[, SIGNAL] [as name] { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Any of them.
    pub signals: Vec<Signal>,
    /// `as name`
    pub name: Option<Name>,
    /// Its steps.
    pub body: Vec<Part>,
    /// Without its block.
    pub head: Span,
}

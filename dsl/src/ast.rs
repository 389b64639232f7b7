//! The declarations of one file as typed data, every part with its place. Names are still names:
//! whether they are known is asked by [`crate::resolve`].

mod build;
mod condition;
mod step;
mod test;

pub(crate) use build::block_lines;
pub use build::{build, build_condition};
pub use condition::{
    Condition, ConditionKind, Duration, DurationKind, Expr, ExprKind, Interaction, MomentTest,
    Occurrence, Path, Reach, SCOPES, Total, Window, scope_of,
};
pub use step::{Arm, Call, CallField, Limit, Lookup, Share, Step, StepKind};
pub use test::{Expected, Given, Input, Moment, TestLine, TestLineKind};

use crate::expr::ActivityKind;
use crate::graph::{Attribution, Channel, Every, HowOften, ScheduleDays, WhileActive};
use crate::span::Span;
use crate::time::{Length, TimeOfDay, TimeWindow, Zone};

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
    /// `segment "x" manual`
    ManualSegment,
    /// `topic "x" { default: … }`
    Topic(Vec<Field>),
    /// `cap "x" { … }`
    Cap(Cap),
    /// `email "x" [transactional] [like "y"] { … }`, and the other channels.
    Message(Message),
    /// `layout "x" { … }`
    Layout(Vec<Field>),
    /// `snippet "x" { … }`
    Snippet(Vec<Field>),
    /// `campaign "x" { … }`
    Campaign(Campaign),
    /// `broadcast "x" { … }`
    Broadcast(Campaign),
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
    /// A topic.
    Topic,
    /// A cap.
    Cap,
    /// A message of a channel.
    Message(Channel),
    /// A layout.
    Layout,
    /// A snippet.
    Snippet,
    /// A campaign.
    Campaign,
    /// A broadcast.
    Broadcast,
    /// A test.
    Test,
    /// A collection, which only the API makes.
    Collection,
}

/// `email` and the other channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Which way it goes.
    pub channel: Channel,
    /// `transactional`.
    pub transactional: bool,
    /// `like "x"`: fields that are not said here are those of `x`.
    pub like: Option<Name>,
    /// In written order.
    pub fields: Vec<Field>,
    /// `in "de" { … }`
    pub languages: Vec<Language>,
}

/// The fields of a message in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// `de`, `de-AT`
    pub name: Name,
    /// In written order.
    pub fields: Vec<Field>,
    /// All of it.
    pub span: Span,
}

/// `cap`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cap {
    /// `at most N per D`
    pub limits: Vec<(Spanned<u32>, Spanned<Length>)>,
    /// `topic "x"`, as often as it is said.
    pub topics: Vec<Name>,
    /// `hold up to D`, as often as it is said.
    pub holds: Vec<Spanned<Length>>,
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
    /// A number.
    Number(f64),
    /// `true`, `false`.
    Boolean(bool),
    /// A length of time.
    Duration(Length),
    /// `{ key: VALUE }`
    Object(Vec<(Name, Expr)>),
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

/// The body of `campaign` or `broadcast`.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Everything inside, in written order.
    pub body: Vec<Part>,
}

/// A clause or a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A clause.
    Clause(Box<Clause>),
    /// A step.
    Step(Box<Step>),
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
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// `on …`
    On(Trigger),
    /// `to COND`, in a broadcast.
    To(Condition),
    /// `at MOMENT`, in a broadcast.
    At(Expr),
    /// `only if COND`
    OnlyIf(Condition),
    /// `enter …`
    Enter(Enter),
    /// `exit when …`
    ExitWhen(ExitWhen),
    /// `goal "x" when SIGNAL …`
    Goal(Goal),
    /// `topic "x"`
    Topic(Name),
    /// `send only WINDOW`
    SendOnly(Spanned<TimeWindow>),
    /// `limit N per hour`
    Limit(Spanned<f64>),
    /// `holdout 5%`
    Holdout(Spanned<f64>),
    /// Reported already; the text is a stand-in for its place in the order.
    Unknown(String),
}

/// `on …`; see [`crate::graph::Trigger`].
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// `on event "x" [where COND]` and the like.
    Activity(ActivitySignal),
    /// `on match COND`
    Match(Condition),
    /// `on enter segment "S"`
    EnterSegment(Name),
    /// `on leave segment "S"`
    LeaveSegment(Name),
    /// `on change PATH [from LIT] [to LIT]`
    Change(Change),
    /// `on date MOMENT [yearly|monthly]`
    Date(Expr, Option<Every>),
    /// `on object "account" … [for people where (…)]`
    Object {
        /// The type of the object.
        object: Name,
        /// What happens to it.
        on: ObjectTrigger,
        /// `for people where (…)`
        people: Option<Condition>,
    },
    /// `on call`
    Call,
    /// `on schedule every …`
    Schedule {
        /// On which days.
        days: Spanned<ScheduleDays>,
        /// At what time.
        at: TimeOfDay,
        /// Whose clock shows it.
        zone: Zone,
    },
    /// Reported already.
    Unknown,
}

/// See [`crate::graph::ObjectTrigger`].
#[derive(Debug, Clone, PartialEq)]
pub enum ObjectTrigger {
    /// `match COND`
    Match(Condition),
    /// `change PATH [from LIT] [to LIT]`
    Change(Change),
    /// `date MOMENT [yearly|monthly]`
    Date(Expr, Option<Every>),
    /// `related`
    Related,
    /// `unrelated`
    Unrelated,
}

/// `change PATH [from LIT] [to LIT]`
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What changes.
    pub path: Path,
    /// What it was.
    pub from: Option<Expr>,
    /// What it becomes.
    pub to: Option<Expr>,
}

/// `enter …`; see [`crate::graph::Enter`].
#[derive(Debug, Clone, PartialEq)]
pub struct Enter {
    /// `once`, `once per D`, `every time`.
    pub how_often: HowOften,
    /// `per PATH`
    pub per: Option<Path>,
    /// What is said of a live run; `None` takes the default of the trigger.
    pub while_active: Option<Spanned<WhileActive>>,
    /// `including current`, and where.
    pub including_current: Option<Span>,
}

/// `exit when …`
#[expect(clippy::large_enum_variant, reason = "there are few, and none is moved often")]
#[derive(Debug, Clone, PartialEq)]
pub enum ExitWhen {
    /// A signal.
    Signal(Signal),
    /// `unmatched`
    Unmatched,
    /// `goal`
    Goal,
}

/// `goal "Name" when SIGNAL [within D of …]`
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Its name.
    pub name: Name,
    /// What reaches it.
    pub signal: Signal,
    /// `within D`
    pub within: Option<Spanned<Length>>,
    /// `of entry` and the like.
    pub of: Option<Spanned<Attribution>>,
}

/// `event "x" [where COND]`, `page "…"`, `screen "…"`, `form "…"`
#[derive(Debug, Clone, PartialEq)]
pub struct ActivitySignal {
    /// Which kind.
    pub kind: ActivityKind,
    /// Its name or pattern.
    pub name: Name,
    /// Its filter.
    pub filter: Option<Condition>,
}

/// What a clause or an arm listens for.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// Something that people do.
    Activity(ActivitySignal),
    /// A condition.
    Condition(Condition),
}

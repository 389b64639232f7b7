//! What a set of `.journey` files declares, after every name was understood.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expr::{Activity, Condition, Object, Platform, Value};
use crate::graph::{Broadcast, Campaign, Channel, Method};
use crate::message::Email;
use crate::span::Span;
use crate::time::{Instant, Length};

/// All declarations of the files that were compiled together, each kind in written order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definitions {
    /// `workspace { … }`, or the defaults.
    pub settings: Settings,
    /// `segment "x" = …`
    pub segments: Vec<Segment>,
    /// `segment "x" manual`
    pub manual_segments: Vec<ManualSegment>,
    /// `topic "x" { … }`
    pub topics: Vec<Topic>,
    /// `cap "x" { … }`
    pub caps: Vec<Cap>,
    /// `email "x" { … }`, as far as they can be rendered.
    pub emails: Vec<EmailDefinition>,
    /// Messages of every channel, with all that is said of them.
    pub messages: Vec<Message>,
    /// `layout "x" { … }`
    pub layouts: Vec<Part>,
    /// `snippet "x" { … }`
    pub snippets: Vec<Part>,
    /// `campaign "x" { … }`
    pub campaigns: Vec<Campaign>,
    /// `broadcast "x" { … }`
    pub broadcasts: Vec<Broadcast>,
    /// `test "x" { … }`
    pub tests: Vec<Test>,
}

/// `workspace { … }`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// IANA name; `None` is UTC.
    pub timezone: Option<String>,
    /// Default sender of messages.
    pub from: Option<String>,
    /// Default language of messages.
    pub language: Option<String>,
}

/// A segment whose members are found by a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Unique among segments.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Who is in it.
    pub condition: Condition,
    /// Where it is declared.
    pub span: Span,
}

/// A segment whose members are put in and taken out by hand, by the API or by steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualSegment {
    /// Unique among segments.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// What people can subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Unique among topics.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// `default: subscribed`: who never chose gets it.
    pub subscribed_by_default: bool,
    /// Where it is declared.
    pub span: Span,
}

/// How many messages a person gets at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// Unique among caps.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// `at most N per D`; all of them bind.
    pub limits: Vec<(u32, Length)>,
    /// Messages of that topic; `None` is all that are not transactional.
    pub topic: Option<Arc<str>>,
    /// `hold up to D`; `None` skips at once.
    pub hold: Option<Length>,
    /// Where it is declared.
    pub span: Span,
}

/// A message of any channel with all its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Which way it goes.
    pub channel: Channel,
    /// Unique in its channel.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Ignores consent, caps and quiet hours.
    pub transactional: bool,
    /// In written order; those of the message it is `like` behind its own.
    pub fields: Vec<(String, Content)>,
    /// `in "de" { … }`, by language.
    pub languages: Vec<(String, Vec<(String, Content)>)>,
    /// Where it is declared.
    pub span: Span,
}

/// What a field of a message holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Liquid.
    Text(String),
    /// Liquid of a named kind, a file read in: `mjml`, `html`, `markdown`, `text`.
    Typed {
        /// Which kind.
        kind: String,
        /// The text.
        text: String,
    },
    /// One word.
    Word(String),
    /// A number.
    Number(f64),
    /// `true`, `false`.
    Boolean(bool),
    /// A length of time.
    Duration(Length),
    /// `{ "X-Odd": 3 }`; texts are Liquid.
    Object(Object),
}

/// A layout or a snippet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Unique among its kind.
    pub name: Arc<str>,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// What it says.
    pub body: Content,
    /// Where it is declared.
    pub span: Span,
}

/// An e-mail and where it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailDefinition {
    /// The message.
    pub email: Email,
    /// The `##` lines above it.
    pub description: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// `test "x" { … }`: a story under a virtual clock.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Test {
    /// Unique among tests.
    pub name: Arc<str>,
    /// The campaign that `finished`, `at step` and `exit when` speak of.
    pub campaign: Arc<str>,
    /// In written order.
    pub lines: Vec<TestLine>,
    /// Where it is declared.
    pub span: Span,
}

/// One line of a test, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestLine {
    /// What it says.
    pub kind: TestLineKind,
    /// As written, without line breaks.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a line of a test says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestLineKind {
    /// What is so before the start.
    Given(Given),
    /// `at 2026-03-02T10:00`: the start.
    Start(Instant),
    /// What happens.
    Input(TestInput),
    /// `wait D`: moves the clock.
    Wait(Length),
    /// `wait until MOMENT`, an absolute one.
    WaitUntil(Instant),
    /// `expect …`
    Expect(Expectation),
}

/// What is so before a test starts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// `given customer with {…}`: silently.
    Customer(Object),
    /// `given segment "S"`: is in it at the start.
    Segment(Arc<str>),
    /// `given events "x" 3 times at MOMENT`
    Events {
        /// Name of the event.
        name: Arc<str>,
        /// How many.
        times: u32,
        /// When; `None` is an hour before the start.
        at: Option<Instant>,
        /// Their data.
        data: Object,
    },
    /// `given reply 200 with {…}`: what calls are answered.
    Reply {
        /// Status of HTTP.
        status: u16,
        /// The body.
        body: Object,
    },
    /// `given row "coupons" with {…}`
    Row {
        /// The collection.
        collection: Arc<str>,
        /// The row.
        row: Object,
    },
    /// `given device ios`
    Device(Platform),
    /// `given related to "account" with {…}`
    RelatedTo {
        /// The type of the object.
        object: Arc<str>,
        /// The object; its `relationship` is taken out of it.
        data: Object,
    },
    /// `given arm "split" "discount"`
    Arm {
        /// The split or experiment.
        split: Arc<str>,
        /// Which arm the person gets.
        arm: Arc<str>,
    },
    /// `given held out`
    HeldOut,
    /// `given no email`: cannot be reached this way.
    No(Channel),
    /// `given unsubscribed`
    Unsubscribed,
}

/// What happens in a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestInput {
    /// `event|page|screen|form "x" [with {…}] [at MOMENT]`
    Activity {
        /// What is done.
        activity: Activity,
        /// Its data.
        data: Value,
        /// Its own time; `None` is now.
        at: Option<Instant>,
    },
    /// `customer with {…}`: an attribute change.
    Customer(Object),
    /// `opens|clicks|bounces|converts email "m" [link "…"] [by machine]`
    Interaction {
        /// What becomes of it.
        kind: crate::expr::InteractionKind,
        /// Which way it went.
        channel: Channel,
        /// Which message.
        message: Arc<str>,
        /// Which link.
        link: Option<String>,
        /// A program did it, not a person.
        by_machine: bool,
    },
    /// `subscribes to topic "T"`
    Subscribes(Arc<str>),
    /// `unsubscribes from topic "T"`; without a topic from everything.
    Unsubscribes(Option<Arc<str>>),
    /// `call with {…}`: the campaign is started by the API.
    Call(Object),
    /// `object "account" with {…}`: an object changes.
    Object {
        /// The type of the object.
        object: Arc<str>,
        /// Its attributes.
        data: Object,
    },
    /// `broadcast "B"`: it starts.
    Broadcast(Arc<str>),
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// `expect [no] email "m" [where (…)] [within D]`
    Message {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Arc<str>,
        /// `no`: not in the test so far.
        negated: bool,
        /// On the rendered fields, as `message.*`.
        filter: Option<Condition>,
        /// Runs the clock up to this long, stops at the hit.
        within: Option<Length>,
    },
    /// `expect held|drafted|skipped|failed email "m" [because "…"]`
    NotSent {
        /// Which way.
        channel: Channel,
        /// Which message.
        message: Arc<str>,
        /// What became of it instead.
        fate: Fate,
        /// Part of the reason.
        because: Option<String>,
    },
    /// `expect [no] event "x" [where (…)] [within D]`: it was emitted.
    Event {
        /// Its name.
        name: Arc<str>,
        /// `no`: not in the test so far.
        negated: bool,
        /// On its data, as `event.*`.
        filter: Option<Condition>,
        /// Runs the clock up to this long, stops at the hit.
        within: Option<Length>,
    },
    /// `expect [no] call POST "https://…" [within D]`
    Call {
        /// How it is asked.
        method: Method,
        /// Whom; a pattern.
        url: String,
        /// `no`: not in the test so far.
        negated: bool,
        /// Runs the clock up to this long, stops at the hit.
        within: Option<Length>,
    },
    /// `expect at step NAME`
    AtStep(Arc<str>),
    /// `expect finished`
    Finished,
    /// `expect exit when …`: the text of the clause that ended the run.
    ExitWhen(String),
    /// `expect goal "Activated"`
    Goal(Arc<str>),
    /// `expect COND`
    Condition(Condition),
}

/// What became of a message that did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Waits for its hour or a cap.
    Held,
    /// Waits for approval.
    Drafted,
    /// Never leaves.
    Skipped,
    /// Could not be made or handed over.
    Failed,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Held, Self::Drafted, Self::Skipped, Self::Failed];

    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Drafted => "drafted",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

//! The one function that moves people: a person, the compiled workspace, new inputs and the present
//! moment go in; the changed person and the effects come out.
//!
//! The worker calls it in batches, `sojourn test` with a virtual clock. Ids derive from the input,
//! and no order depends on chance, so the same inputs give the same outcome everywhere.

mod advance;
mod attributes;
mod enter;
mod ids;
mod link;
mod react;
mod remember;
mod unsupported;
mod walk;
mod workspace;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use advance::advance;
pub use attributes::patch;
pub(crate) use attributes::write as write_value;
pub use ids::{atom_id, derive, lane, named, person_id};
pub use link::LinkError;
pub(crate) use react::place_in;
pub use unsupported::unsupported;
pub(crate) use unsupported::{Support, line_fault};

use serde::{Deserialize, Serialize};
use uuid::Uuid;
pub use workspace::{
    AtomSpec, CampaignVersion, LinkedCampaign, Linking, Workspace, WorkspaceSegment,
};

use crate::expr::{Object, Value};
use crate::graph::Channel;
use crate::time::{HOUR, Instant, MINUTE};

/// Id of a segment within its workspace.
pub type SegmentId = i64;
/// Id of a campaign within its workspace, the same for all its versions.
pub type CampaignId = i64;
/// Id of one immutable version of a campaign within its workspace.
pub type VersionId = i64;
/// Content hash of an [`crate::expr::Atom`].
pub type AtomId = i64;

/// A chain of causes longer than this is cut and reported.
pub const CAUSE_DEPTH_MAX: u32 = 16;
/// Steps one person may take in one call; what is left goes on in the next.
pub const STEPS_PER_CALL_MAX: usize = 1_000;
/// Runs one person may have at once in one campaign.
pub const LIVE_RUNS_MAX: usize = 100;
/// An event that is older than this when it is accepted lets nobody enter.
pub const TRIGGER_AGE_MAX: i64 = 72 * HOUR;
/// A wait of at least this length ends a chain of causes.
pub const CAUSE_RESET: i64 = MINUTE;
/// Timestamps kept for one atom of one person.
pub const ATOM_TIMES_MAX: usize = 101;

/// All that is known of one person when a decision is taken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: Uuid,
    /// Attributes; `id`, `email` and the like are among them.
    pub attributes: Object,
    /// Segments the person is in, and since when.
    pub memberships: BTreeMap<SegmentId, Instant>,
    /// Latest timestamps per atom, oldest first.
    pub atoms: BTreeMap<AtomId, Vec<Instant>>,
    /// Live runs, oldest first.
    pub runs: Vec<Run>,
    /// When the person entered which campaign, oldest first; outlives runs.
    pub entries: BTreeMap<CampaignId, Vec<Instant>>,
    /// The version of the workspace's definitions the person was last taken to; 0 is none.
    pub version: i64,
    /// When the person must be looked at again without new input.
    pub due: Option<Instant>,
}

/// One person's way through one version of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Derived from what started it.
    pub id: Uuid,
    /// Which campaign.
    pub campaign: CampaignId,
    /// Which version of it.
    pub version: VersionId,
    /// Identity of the step the run stands at.
    pub place: Arc<str>,
    /// When it came to this step.
    pub arrived: Instant,
    /// When this step ends by time alone, if it does.
    pub due: Option<Instant>,
    /// When it began.
    pub since: Instant,
    /// What started it: the event's data and the like, read as `trigger.*`.
    pub trigger: Value,
    /// Variables, read as `journey.*`.
    pub vars: Object,
    /// Number of the next line of its history.
    pub ordinal: i64,
    /// Depth of the cause that moved it last.
    pub depth: u32,
}

/// Something that came in for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Unique and the same on every replay; ids of what follows derive from it.
    pub id: Uuid,
    /// When it was accepted: the instant at which it is taken to act.
    pub at: Instant,
    /// How many causes lie behind it; 0 for what came from outside.
    pub depth: u32,
    /// What it is.
    pub piece: Piece,
}

/// The kinds of activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Piece {
    /// Attributes to write; `null` removes, a dotted name is a path.
    Identify {
        /// What to write.
        patch: Object,
    },
    /// Something the person did.
    Event {
        /// Name, exact.
        name: Arc<str>,
        /// Its data.
        data: Value,
        /// Its own time, never after it was accepted.
        time: Instant,
    },
}

/// What a decision came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What is to be done and recorded, in order.
    pub effects: Vec<Effect>,
    /// Which parts of the person changed and must be written.
    pub changed: Changed,
    /// Ids of runs that are over, also of those that began in this call; they are gone from the
    /// person.
    pub ended: Vec<Uuid>,
    /// Ids of runs that are new or moved.
    pub touched: Vec<Uuid>,
    /// Inputs after this many were not reached within [`STEPS_PER_CALL_MAX`]; all on most calls.
    pub inputs_taken: usize,
    /// True when the limit of steps cut the call short: call again at once.
    pub more: bool,
}

/// Which parts of a [`Person`] a decision changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// `attributes` or `version`.
    pub person: bool,
    /// `atoms`.
    pub atoms: bool,
    /// `due`.
    pub due: bool,
}

/// A consequence, to be written in the transaction of the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// An event to keep in the activity log (each [`Piece::Event`] makes one).
    Event {
        /// Derived from the input.
        id: Uuid,
        /// Name.
        name: Arc<str>,
        /// Data.
        data: Value,
        /// Its own time.
        time: Instant,
        /// When it was accepted.
        at: Instant,
    },
    /// An attribute changed; `null` stands for missing.
    Attribute {
        /// Dotted path.
        path: String,
        /// Before.
        from: Value,
        /// After.
        to: Value,
        /// When.
        at: Instant,
        /// The run whose `set` it was.
        run: Option<Uuid>,
    },
    /// Membership of a segment changed.
    Membership {
        /// Which.
        segment: SegmentId,
        /// Entered or left.
        entered: bool,
        /// When.
        at: Instant,
    },
    /// A run began.
    Entered {
        /// The run.
        run: Uuid,
        /// Its campaign.
        campaign: CampaignId,
        /// When.
        at: Instant,
    },
    /// A line of a run's history: what a step did, and the values that decided it.
    History(History),
    /// A message to one person.
    Delivery(Box<Delivery>),
    /// Something was cut by a limit; for operators and authors to see.
    Cut {
        /// Which limit, in words.
        what: String,
        /// When.
        at: Instant,
    },
}

/// One line of the history of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The run.
    pub run: Uuid,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The version it walks.
    pub version: VersionId,
    /// From 0, without gaps.
    pub ordinal: i64,
    /// Identity of the step; empty for entering and for exits by a clause.
    pub step: Arc<str>,
    /// What happened there.
    pub outcome: StepOutcome,
    /// The values that decided it, by the path or predicate that read them.
    pub deciding: Object,
    /// When.
    pub at: Instant,
}

/// What can become of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// The run began (no step).
    Entered,
    /// A delivery was made.
    Sent,
    /// The run stands and waits.
    Waiting,
    /// A wait is over by time.
    Elapsed,
    /// A signal came.
    Signalled,
    /// The limit of a wait came first.
    TimedOut,
    /// A way was chosen.
    Branched,
    /// A value was written.
    Set,
    /// A value was removed.
    Unset,
    /// A clause ended the run; `deciding.clause` is its text.
    Exited,
    /// The run came to its end, by its last step or by `exit`.
    Finished,
    /// The run was replaced by a newer one.
    Replaced,
}

impl StepOutcome {
    /// All of them, for tests that want to see each.
    pub const ALL: [Self; 12] = [
        Self::Entered,
        Self::Sent,
        Self::Waiting,
        Self::Elapsed,
        Self::Signalled,
        Self::TimedOut,
        Self::Branched,
        Self::Set,
        Self::Unset,
        Self::Exited,
        Self::Finished,
        Self::Replaced,
    ];

    /// The word kept in the database and shown by the API: `timed_out`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Sent => "sent",
            Self::Waiting => "waiting",
            Self::Elapsed => "elapsed",
            Self::Signalled => "signalled",
            Self::TimedOut => "timed_out",
            Self::Branched => "branched",
            Self::Set => "set",
            Self::Unset => "unset",
            Self::Exited => "exited",
            Self::Finished => "finished",
            Self::Replaced => "replaced",
        }
    }
}

/// One message to one person, gated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Derived from the run and the line of its history.
    pub id: Uuid,
    /// The run that sends.
    pub run: Uuid,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The version it walks.
    pub version: VersionId,
    /// The step that sends.
    pub step: Arc<str>,
    /// Which way.
    pub channel: Channel,
    /// Name of the message.
    pub message: Arc<str>,
    /// Address from `to`, where the step names one.
    pub to: Option<String>,
    /// What the template may read besides `customer`: `trigger`, `journey`, `with`, as they are now.
    pub frozen: Object,
    /// What the gate said.
    pub verdict: crate::gate::Verdict,
    /// When.
    pub at: Instant,
}

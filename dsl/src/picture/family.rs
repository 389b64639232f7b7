//! Kinds of steps that belong together, and the colours by which they are known in every picture.

use crate::graph::{Step, StepKind};

/// What a step is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// Something reaches the person.
    Message,
    /// Time passes.
    Wait,
    /// Time passes, and what happens meanwhile decides.
    Listen,
    /// The way divides.
    Decision,
    /// What is known of the person changes or is looked up.
    Data,
    /// Something outside is told.
    Call,
    /// The run ends.
    Exit,
    /// Nothing happens.
    Note,
}

/// Colours on a light ground.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tone {
    /// Icons and captions.
    pub(super) strong: &'static str,
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
}

/// Where people enter.
pub(super) const ENTER: Tone = Tone { strong: "#1f7a45", fill: "#e7f6ec", line: "#8fcfa8" };
/// Where runs are finished.
pub(super) const FINISH: Tone = Tone { strong: "#475467", fill: "#ffffff", line: "#b6bfcc" };

impl Family {
    pub(super) const ALL: [Self; 8] = [
        Self::Message,
        Self::Wait,
        Self::Listen,
        Self::Decision,
        Self::Data,
        Self::Call,
        Self::Exit,
        Self::Note,
    ];

    pub(super) const fn of(step: &Step) -> Self {
        match step.kind {
            StepKind::Send { .. } => Self::Message,
            StepKind::Wait(_) | StepKind::WaitUntil(_) | StepKind::WaitWindow(_) => Self::Wait,
            StepKind::Listen { .. } | StepKind::At { .. } => Self::Listen,
            StepKind::If { .. }
            | StepKind::Match { .. }
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Repeat { .. } => Self::Decision,
            StepKind::Set { .. }
            | StepKind::Unset(_)
            | StepKind::Add { .. }
            | StepKind::Remove { .. }
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Lookup { .. } => Self::Data,
            StepKind::Emit { .. } | StepKind::Call(_) | StepKind::StartCampaign { .. } => {
                Self::Call
            }
            StepKind::Exit => Self::Exit,
            StepKind::Note(_) => Self::Note,
        }
    }

    /// A name for classes of text pictures.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Wait => "wait",
            Self::Listen => "listen",
            Self::Decision => "decision",
            Self::Data => "data",
            Self::Call => "outside",
            Self::Exit => "exit",
            Self::Note => "note",
        }
    }

    pub(super) const fn tone(self) -> Tone {
        match self {
            Self::Message => Tone { strong: "#2a62d9", fill: "#edf3ff", line: "#a9c3f6" },
            Self::Wait => Tone { strong: "#a8690a", fill: "#fff7e3", line: "#e8c888" },
            Self::Listen => Tone { strong: "#7546cf", fill: "#f5f0ff", line: "#c5b0f0" },
            Self::Decision => Tone { strong: "#0b7d72", fill: "#e6f7f5", line: "#8fd0c9" },
            Self::Data => Tone { strong: "#b8356f", fill: "#fdeff5", line: "#e9aec9" },
            Self::Call => Tone { strong: "#3b5166", fill: "#eaf1f6", line: "#a5bccd" },
            Self::Exit => Tone { strong: "#c23b33", fill: "#fdf0ef", line: "#edb1ad" },
            Self::Note => Tone { strong: "#6d6a4f", fill: "#fdfdf2", line: "#cfccb0" },
        }
    }
}

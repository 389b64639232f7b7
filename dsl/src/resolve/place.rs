//! What can be read where.

use crate::expr::Scope;

/// A position in the language, by what is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The condition of a segment, a filter of the API.
    Segment,
    /// `where` of a trigger.
    Trigger,
    /// `only if`.
    Filter,
    /// `where` of an event that a clause or a wait listens for.
    Signal,
    /// Conditions and values of steps, `exit when`.
    Run,
    /// `where` of `performed`.
    Behaviour,
    /// `where` of an expected message.
    Message,
    /// A condition that a test expects.
    Expectation,
    /// The fields of a message.
    Template,
}

impl Place {
    /// The scopes that are known here.
    #[must_use]
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Segment => &[Scope::Customer],
            Self::Trigger => &[Scope::Event, Scope::Customer],
            Self::Filter => &[Scope::Customer, Scope::Trigger],
            Self::Signal => &[Scope::Event, Scope::Customer, Scope::Trigger, Scope::Journey],
            Self::Run | Self::Expectation => &[Scope::Customer, Scope::Trigger, Scope::Journey],
            Self::Behaviour => &[Scope::Event],
            Self::Message => &[Scope::Message],
            Self::Template => &[Scope::Customer, Scope::Trigger, Scope::Journey, Scope::With],
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn called(self) -> &'static str {
        match self {
            Self::Segment => "in a segment",
            Self::Trigger => "in the `where` of a trigger",
            Self::Filter => "in `only if`",
            Self::Signal => "in the `where` of an event",
            Self::Run => "in a step or an `exit when`",
            Self::Behaviour => "in the `where` of `performed`",
            Self::Message => "in the `where` of an expected message",
            Self::Expectation => "in an `expect`",
            Self::Template => "in a message",
        }
    }

    /// Whether a run exists whose entry can be asked about.
    #[must_use]
    pub const fn has_run(self) -> bool {
        matches!(self, Self::Run | Self::Signal | Self::Expectation)
    }

    /// Whether segments and behaviour can be asked about.
    #[must_use]
    pub const fn has_person(self) -> bool {
        !matches!(self, Self::Behaviour | Self::Message)
    }
}

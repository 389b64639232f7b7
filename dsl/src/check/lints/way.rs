//! What is so when a person comes to a step, on one way or another.

use crate::graph::Channel;
use crate::span::Span;

/// Channels that reach a person wherever they are.
pub(super) const LOUD: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Push];

/// What is so when a person comes to a step, on one way or another.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// No person comes here.
    pub(super) ended: bool,
    /// Time has passed since entry.
    pub(super) waited: bool,
    /// A message went out and no time has passed since.
    pub(super) asked: bool,
    /// The last message of each of [`LOUD`] since time has passed.
    pub(super) last: [Option<Last>; LOUD.len()],
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Last {
    pub(super) step: Span,
    /// It went out in an arm that the way has left, so not everybody here got it.
    pub(super) in_arm: bool,
}

impl Way {
    pub(super) const fn later(&self) -> Self {
        Self { ended: self.ended, waited: true, asked: false, last: [None; LOUD.len()] }
    }

    /// Into an arm. Who takes it may be nobody who took the arm of another step.
    pub(super) fn entering_arm(&self) -> Self {
        let mut way = self.clone();
        for last in &mut way.last {
            *last = last.filter(|last| !last.in_arm);
        }
        way
    }

    /// Out of an arm, before which it was so as in `before`.
    pub(super) fn leaving_arm(mut self, before: &Self) -> Self {
        for (last, before) in self.last.iter_mut().zip(before.last) {
            if let Some(last) = last
                && Some(*last) != before
            {
                last.in_arm = true;
            }
        }
        self
    }

    /// Forgets the messages from before some arms where time has passed in one of them: who took
    /// another may be nobody who goes on to the next message.
    pub(super) fn without_waited(mut self, before: &Self, ways: &[Self]) -> Self {
        for (index, last) in self.last.iter_mut().enumerate() {
            let from_before = before.last.get(index).copied().flatten();
            let kept = ways
                .iter()
                .all(|way| way.ended || way.last.get(index).is_some_and(Option::is_some));
            if from_before.is_some() && *last == from_before && !kept {
                *last = None;
            }
        }
        self
    }

    pub(super) fn or(self, other: Self) -> Self {
        if self.ended {
            return other;
        }
        if other.ended {
            return self;
        }
        let mut last = self.last;
        for (mine, theirs) in last.iter_mut().zip(other.last) {
            *mine = mine.or(theirs);
        }
        Self {
            ended: false,
            waited: self.waited || other.waited,
            asked: self.asked || other.asked,
            last,
        }
    }
}

//! Counting what a person did, within a window of time.

use super::{Context, Judgement, Trace, earliest};
use crate::expr::moment::{Placed, place};
use crate::expr::text::Performance;
use crate::expr::{Atom, Count, Expr, Window};
use crate::time::{self, Instant};

/// How many count now, and what will change that.
#[derive(Default)]
struct Counted {
    count: u32,
    /// Later instants at which so many more do.
    changes: Vec<(Instant, i32)>,
    /// When it must be counted anew, whatever the changes say.
    again: Option<Instant>,
}

pub(super) fn performed(
    atom: &Atom,
    (count, window): (Count, &Window),
    context: &Context<'_>,
    trace: &mut Trace<'_>,
) -> Judgement {
    let times = context.facts.times(atom);
    let Counted { count: counted, changes, again } = match window {
        Window::Ever | Window::Last(_) | Window::SinceEntry => count_in(times, window, context),
        Window::Before(mark) => count_beside(times, mark, false, context),
        Window::After(mark) => count_beside(times, mark, true, context),
    };
    trace.note(&Performance { atom, window }, || counted.into());
    let meets = |counted: u32| match count {
        Count::AtLeast(wanted) => counted >= wanted,
        Count::AtMost(wanted) => counted <= wanted,
        Count::Exactly(wanted) => counted == wanted,
    };
    let holds = meets(counted);
    let flip = first_flip(counted, &changes, |counted| meets(counted) != holds);
    Judgement { holds, next: earliest(flip, again) }
}

/// The windows that follow from each instant alone.
fn count_in(times: &[Instant], window: &Window, context: &Context<'_>) -> Counted {
    let now = context.now;
    let since = match window {
        // Without a run nothing was since its entry.
        Window::SinceEntry => context.run.map_or(Instant::MAX, |run| run.since),
        Window::Ever | Window::Last(_) | Window::Before(_) | Window::After(_) => Instant::MIN,
    };
    let mut counted = Counted::default();
    for time in times.iter().copied() {
        let end = match window {
            Window::Last(length) => time::add(time, *length, context.zone),
            Window::Ever | Window::SinceEntry | Window::Before(_) | Window::After(_) => {
                Instant::MAX
            }
        };
        if (*window == Window::SinceEntry && time <= since) || end <= now.max(time) {
            continue;
        }
        if time <= now {
            counted.count += 1;
        } else {
            counted.changes.push((time, 1));
        }
        if end != Instant::MAX {
            counted.changes.push((end, -1));
        }
    }
    counted
}

/// `before MOMENT` and `after MOMENT`; a bare date is the whole day, and nothing lies beside a
/// moment that is missing.
fn count_beside(times: &[Instant], mark: &Expr, after: bool, context: &Context<'_>) -> Counted {
    let mut counted = Counted::default();
    let Some(mark) = place(mark, context) else { return counted };
    for time in times.iter().copied() {
        let placed = Placed::still(time);
        let met = placed.meets(if after { mark.end } else { mark.at }, &mark, context.now);
        counted.again = earliest(counted.again, met);
        let beside = if after { time >= mark.end } else { time < mark.at };
        if beside && time <= context.now {
            counted.count += 1;
        } else if time > context.now {
            counted.again = earliest(counted.again, Some(time));
        }
    }
    counted
}

/// The first instant after whose changes the count is `other`.
fn first_flip(
    counted: u32,
    changes: &[(Instant, i32)],
    other: impl Fn(u32) -> bool,
) -> Option<Instant> {
    if changes.is_empty() {
        return None;
    }
    let mut changes = changes.to_vec();
    changes.sort_unstable();
    let mut count = counted;
    for same in changes.chunk_by(|a, b| a.0 == b.0) {
        for (_, change) in same {
            count = count.saturating_add_signed(*change);
        }
        if other(count) {
            return same.first().map(|(at, _)| *at);
        }
    }
    None
}

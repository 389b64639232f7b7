//! Hints, and per workspace what is waiting and what is running.
//!
//! A workspace is idle (no place here), queued, running, or running with
//! something pending. Hints merge into what is pending, so the queue is never
//! longer than there are workspaces, however many hints come.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use super::Again;
use super::lanes::Lanes;

/// Something to look at. A hint carries no rows: a lost one costs a moment, a
/// doubled one finds nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Tick { workspace: i64, lanes: Lanes },
    Deliver { workspace: i64 },
}

/// Where hints are given. Cheap to clone, never blocks, never fails.
#[derive(Clone)]
pub struct Hints {
    ticks: Arc<Line>,
    deliveries: Arc<Line>,
}

/// The other end, to be given to `run`. It keeps what was hinted before.
pub struct HintQueue {
    pub(super) ticks: Arc<Line>,
    pub(super) deliveries: Arc<Line>,
}

pub fn hints() -> (Hints, HintQueue) {
    let ticks = Arc::new(Line::default());
    let deliveries = Arc::new(Line::default());
    (
        Hints { ticks: Arc::clone(&ticks), deliveries: Arc::clone(&deliveries) },
        HintQueue { ticks, deliveries },
    )
}

impl Hints {
    pub fn send(&self, hint: Hint) {
        match hint {
            Hint::Tick { workspace, lanes } => self.tick(workspace, lanes),
            Hint::Deliver { workspace } => self.deliver(workspace),
        }
    }

    pub fn tick(&self, workspace: i64, lanes: Lanes) {
        if !lanes.is_empty() {
            self.ticks.hint(workspace, lanes);
        }
    }

    pub fn deliver(&self, workspace: i64) {
        self.deliveries.hint(workspace, Lanes::ALL);
    }

    /// Whether nothing is queued, running or resting at this moment.
    pub fn is_idle(&self) -> bool {
        self.ticks.is_idle() && self.deliveries.is_idle()
    }
}

/// One kind of hint: workspaces in the order of their turns.
#[derive(Default)]
pub(super) struct Line(Mutex<State>);

#[derive(Default)]
struct State {
    order: VecDeque<i64>,
    places: HashMap<i64, Place>,
    /// How many runs one workspace may have at once; none given means one.
    limit: Option<usize>,
    waker: Option<Waker>,
}

/// INVARIANT: a workspace is in `order` exactly once if `queued`, else never;
/// a place with nothing pending, running or resting does not exist.
#[derive(Default)]
struct Place {
    pending: Option<Lanes>,
    queued: bool,
    resting: bool,
    running: usize,
}

impl Line {
    pub(super) fn set_limit(&self, limit: usize) {
        self.state().limit = Some(limit);
    }

    fn hint(&self, workspace: i64, lanes: Lanes) {
        let mut state = self.state();
        state.places.entry(workspace).or_default().want(lanes);
        state.requeue(workspace);
    }

    /// The workspace whose turn it is, marked as running.
    pub(super) fn poll_claim(
        self: &Arc<Self>,
        cx: &Context<'_>,
        pause_after_panic: Duration,
    ) -> Poll<Claim> {
        let mut state = self.state();
        let Some(workspace) = state.order.pop_front() else {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let place = state.places.entry(workspace).or_default();
        place.queued = false;
        place.running += 1;
        let lanes = place.pending.take().unwrap_or_default();
        Poll::Ready(Claim {
            line: Arc::clone(self),
            workspace,
            lanes,
            pause_after_panic,
            settled: false,
        })
    }

    fn end_run(&self, workspace: i64, again: Option<Lanes>) {
        let mut state = self.state();
        let place = state.places.entry(workspace).or_default();
        place.running = place.running.saturating_sub(1);
        if let Some(lanes) = again {
            place.want(lanes);
        }
        state.requeue(workspace);
    }

    /// Ends a run and keeps the workspace out of the queue for a while.
    fn rest(self: &Arc<Self>, workspace: i64, lanes: Lanes, pause: Duration) {
        let Ok(runtime) = Handle::try_current() else {
            return self.end_run(workspace, Some(lanes));
        };
        self.state().places.entry(workspace).or_default().resting = true;
        self.end_run(workspace, Some(lanes));
        let line = Arc::clone(self);
        runtime.spawn(async move {
            tokio::time::sleep(pause).await;
            let mut state = line.state();
            state.places.entry(workspace).or_default().resting = false;
            state.requeue(workspace);
        });
    }

    fn is_idle(&self) -> bool {
        self.state().places.is_empty()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Puts the workspace behind the others if it has something to do and may
    /// run, or forgets it if it is idle.
    fn requeue(&mut self, workspace: i64) {
        let limit = self.limit.unwrap_or(1);
        let Some(place) = self.places.get_mut(&workspace) else { return };
        let may_run = !place.queued && !place.resting && place.running < limit;
        if place.pending.is_some() && may_run {
            place.queued = true;
            self.order.push_back(workspace);
            if let Some(waker) = self.waker.take() {
                waker.wake();
            }
        } else if place.pending.is_none() && place.running == 0 && !place.resting {
            self.places.remove(&workspace);
        }
    }
}

impl Place {
    fn want(&mut self, lanes: Lanes) {
        self.pending = Some(self.pending.unwrap_or_default().union(lanes));
    }
}

/// A run that has begun. However it ends, the workspace gets its state back:
/// one that is dropped unsettled (a panic, an abort) runs again after a pause.
pub(super) struct Claim {
    line: Arc<Line>,
    pub(super) workspace: i64,
    pub(super) lanes: Lanes,
    pause_after_panic: Duration,
    settled: bool,
}

impl Claim {
    pub(super) fn settle(mut self, again: Again) {
        self.settled = true;
        match again {
            Again::No => self.line.end_run(self.workspace, None),
            Again::Now => self.line.end_run(self.workspace, Some(self.lanes)),
            Again::After(pause) => self.line.rest(self.workspace, self.lanes, pause),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.settled {
            self.line.rest(self.workspace, self.lanes, self.pause_after_panic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes whatever is due now, as the worker would.
    fn take(line: &Arc<Line>) -> Option<Claim> {
        let cx = Context::from_waker(Waker::noop());
        match line.poll_claim(&cx, Duration::ZERO) {
            Poll::Ready(claim) => Some(claim),
            Poll::Pending => None,
        }
    }

    #[test]
    fn hints_merge_while_queued() {
        let (hints, queue) = hints();
        hints.tick(1, Lanes::of(4));
        hints.tick(1, Lanes::of(200));
        let claim = take(&queue.ticks).unwrap();
        assert_eq!((claim.workspace, claim.lanes), (1, [4, 200].into_iter().collect()));
        assert!(take(&queue.ticks).is_none());
        claim.settle(Again::No);
        assert!(hints.is_idle());
    }

    #[test]
    fn a_hint_during_a_run_is_run_afterwards_with_its_own_lanes() {
        let (hints, queue) = hints();
        hints.tick(1, Lanes::of(4));
        let claim = take(&queue.ticks).unwrap();
        hints.tick(1, Lanes::of(5));
        hints.tick(1, Lanes::of(6));
        assert!(take(&queue.ticks).is_none(), "one run per workspace at a time");
        claim.settle(Again::No);
        let claim = take(&queue.ticks).unwrap();
        assert_eq!(claim.lanes, [5, 6].into_iter().collect());
        claim.settle(Again::No);
        assert!(hints.is_idle());
    }

    #[test]
    fn again_keeps_the_lanes_and_goes_behind_the_others() {
        let (hints, queue) = hints();
        hints.tick(1, Lanes::of(4));
        hints.tick(2, Lanes::of(9));
        take(&queue.ticks).unwrap().settle(Again::Now);
        let second = take(&queue.ticks).unwrap();
        assert_eq!(second.workspace, 2);
        second.settle(Again::No);
        let third = take(&queue.ticks).unwrap();
        assert_eq!((third.workspace, third.lanes), (1, Lanes::of(4)));
        third.settle(Again::No);
        assert!(hints.is_idle());
    }

    #[test]
    fn a_limit_of_two_lets_a_second_run_begin_and_no_third() {
        let (hints, queue) = hints();
        queue.ticks.set_limit(2);
        hints.tick(1, Lanes::of(1));
        let first = take(&queue.ticks).unwrap();
        assert!(take(&queue.ticks).is_none(), "nothing pending, no second run");
        hints.tick(1, Lanes::of(2));
        let second = take(&queue.ticks).unwrap();
        hints.tick(1, Lanes::of(3));
        assert!(take(&queue.ticks).is_none());
        second.settle(Again::No);
        let third = take(&queue.ticks).unwrap();
        assert_eq!(third.lanes, Lanes::of(3));
        first.settle(Again::No);
        third.settle(Again::No);
        assert!(hints.is_idle());
    }

    #[test]
    fn ticks_and_deliveries_wait_apart_and_empty_lanes_say_nothing() {
        let (hints, queue) = hints();
        hints.tick(1, Lanes::NONE);
        assert!(hints.is_idle());
        hints.send(Hint::Deliver { workspace: 7 });
        assert!(take(&queue.ticks).is_none());
        let claim = take(&queue.deliveries).unwrap();
        assert_eq!(claim.workspace, 7);
        claim.settle(Again::No);
    }
}

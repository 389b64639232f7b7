//! apalis's `Backend` over a line of hints. It never fails and never ends:
//! an error from a backend would end its worker.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::RandomId;
use apalis_core::worker::context::WorkerContext;
use tokio::sync::watch;
use tower_layer::Identity;

use super::queue::{Claim, Line};

pub(super) struct HintBackend {
    line: Arc<Line>,
    pause_after_panic: Duration,
    stop: watch::Receiver<bool>,
}

impl HintBackend {
    pub(super) fn new(
        line: &Arc<Line>,
        pause_after_panic: Duration,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        Self { line: Arc::clone(line), pause_after_panic, stop: stop.clone() }
    }
}

impl Backend for HintBackend {
    type Task = Task<Claim>;
    type Error = Infallible;

    fn poll_ready(
        &mut self,
        _cx: &mut Context<'_>,
        _worker: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        _worker: &WorkerContext,
    ) -> Poll<Option<Result<Task<Claim>, Infallible>>> {
        // The monitor hears of a stop a little later; nothing begins meanwhile.
        if *self.stop.borrow() {
            return Poll::Pending;
        }
        self.line
            .poll_claim(cx, self.pause_after_panic)
            .map(|claim| Some(Ok(TaskBuilder::new(claim).build())))
    }

    /// Nothing to give back: what is still queued is a hint, no more.
    fn poll_close(
        &mut self,
        _cx: &mut Context<'_>,
        _worker: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for HintBackend {
    type Args = Claim;
    type Id = RandomId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _worker: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}

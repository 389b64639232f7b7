//! The pool as a whole: real workers, no sleeping for correctness.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::{Semaphore, mpsc};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

fn quick() -> PoolConfig {
    PoolConfig { pause_after_panic: Duration::from_millis(10), ..PoolConfig::default() }
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("the pool is stuck")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_what_is_hinted_before_and_after_the_start_and_stops() {
    let (hints, queue) = hints();
    let (stop, stopped) = watch::channel(false);
    let (seen, mut log) = mpsc::unbounded_channel();
    let (ticked, delivered) = (seen.clone(), seen);
    hints.tick(1, Lanes::of(7));
    let pool = tokio::spawn(run(
        queue,
        quick(),
        move |workspace, lanes| {
            let ticked = ticked.clone();
            async move {
                ticked.send(Hint::Tick { workspace, lanes }).unwrap();
                Again::No
            }
        },
        move |workspace| {
            let delivered = delivered.clone();
            async move {
                delivered.send(Hint::Deliver { workspace }).unwrap();
                Again::No
            }
        },
        stopped,
    ));
    assert_eq!(in_time(log.recv()).await, Some(Hint::Tick { workspace: 1, lanes: Lanes::of(7) }));
    hints.send(Hint::Deliver { workspace: 2 });
    assert_eq!(in_time(log.recv()).await, Some(Hint::Deliver { workspace: 2 }));
    stop.send_replace(true);
    in_time(pool).await.unwrap().unwrap();
    assert!(hints.is_idle());
    assert!(in_time(log.recv()).await.is_none(), "handlers are gone with the pool");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_tick_blocks_no_delivery_and_is_waited_for() {
    let (hints, queue) = hints();
    let (stop, stopped) = watch::channel(false);
    let gate = Arc::new(Semaphore::new(0));
    let (began, mut beginnings) = mpsc::unbounded_channel();
    let (ended, mut ends) = mpsc::unbounded_channel();
    let (held, delivered) = (Arc::clone(&gate), began.clone());
    let config = PoolConfig { tickers: 1, ..quick() };
    let pool = tokio::spawn(run(
        queue,
        config,
        move |_, _| {
            let (held, began, ended) = (Arc::clone(&held), began.clone(), ended.clone());
            async move {
                began.send("tick").unwrap();
                let _permit = held.acquire().await.unwrap();
                ended.send(()).unwrap();
                Again::Now
            }
        },
        move |_| {
            let delivered = delivered.clone();
            async move {
                delivered.send("deliver").unwrap();
                Again::No
            }
        },
        stopped,
    ));
    hints.tick(1, Lanes::ALL);
    assert_eq!(in_time(beginnings.recv()).await, Some("tick"));
    hints.tick(2, Lanes::ALL);
    hints.deliver(1);
    assert_eq!(in_time(beginnings.recv()).await, Some("deliver"));

    stop.send_replace(true);
    assert!(!pool.is_finished(), "the tick is still in flight");
    gate.add_permits(1);
    in_time(pool).await.unwrap().unwrap();
    assert_eq!(ends.recv().await, Some(()), "the tick in flight came to its end");
    assert_eq!(ends.recv().await, None, "and nothing new was begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_outlives_the_shutdown_timeout_is_aborted() {
    let (hints, queue) = hints();
    let (stop, stopped) = watch::channel(false);
    let (began, mut beginnings) = mpsc::unbounded_channel();
    let config = PoolConfig { shutdown_timeout: Duration::from_millis(20), ..quick() };
    let pool = tokio::spawn(run(
        queue,
        config,
        move |_, _| {
            let began = began.clone();
            async move {
                began.send(()).unwrap();
                std::future::pending::<Again>().await
            }
        },
        |_| async { Again::No },
        stopped,
    ));
    hints.tick(1, Lanes::ALL);
    in_time(beginnings.recv()).await.unwrap();
    stop.send_replace(true);
    in_time(pool).await.unwrap().unwrap();
    assert!(in_time(beginnings.recv()).await.is_none(), "the handler is dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_costs_a_pause_and_nothing_else() {
    let (hints, queue) = hints();
    let (_stop, stopped) = watch::channel(false);
    let (seen, mut log) = mpsc::unbounded_channel();
    let tries = Arc::new(AtomicUsize::new(0));
    let config = PoolConfig { tickers: 1, ..quick() };
    tokio::spawn(run(
        queue,
        config,
        move |workspace, lanes| {
            let (seen, tries) = (seen.clone(), Arc::clone(&tries));
            async move {
                if workspace == 1 && tries.fetch_add(1, Ordering::SeqCst) < 2 {
                    panic!("handler bug");
                }
                seen.send((workspace, lanes)).unwrap();
                Again::No
            }
        },
        |_| async { Again::No },
        stopped,
    ));
    hints.tick(1, Lanes::of(11));
    hints.tick(2, Lanes::of(22));
    let mut got = HashMap::new();
    for _ in 0..2 {
        let (workspace, lanes) = in_time(log.recv()).await.unwrap();
        got.insert(workspace, lanes);
    }
    assert_eq!(got, HashMap::from([(1, Lanes::of(11)), (2, Lanes::of(22))]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workspace_with_endless_work_takes_turns() {
    let (hints, queue) = hints();
    let (_stop, stopped) = watch::channel(false);
    let (seen, mut log) = mpsc::unbounded_channel();
    let config = PoolConfig { tickers: 1, ..quick() };
    for workspace in 1..=3 {
        hints.tick(workspace, Lanes::ALL);
    }
    tokio::spawn(run(
        queue,
        config,
        move |workspace, _| {
            let seen = seen.clone();
            async move {
                let _ = seen.send(workspace);
                Again::from(true)
            }
        },
        |_| async { Again::No },
        stopped,
    ));
    let mut turns = Vec::new();
    for _ in 0..9 {
        turns.push(in_time(log.recv()).await.unwrap());
    }
    assert_eq!(turns, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_waits_and_then_runs_with_what_came_meanwhile() {
    let (hints, queue) = hints();
    let (_stop, stopped) = watch::channel(false);
    let (seen, mut log) = mpsc::unbounded_channel();
    let (first, second) = (Lanes::of(1), Lanes::of(2));
    let again = hints.clone();
    tokio::spawn(run(
        queue,
        quick(),
        move |_, lanes| {
            let (seen, again) = (seen.clone(), again.clone());
            async move {
                seen.send(lanes).unwrap();
                if lanes != first {
                    return Again::No;
                }
                again.tick(1, second);
                Again::After(Duration::from_millis(10))
            }
        },
        |_| async { Again::No },
        stopped,
    ));
    hints.tick(1, first);
    assert_eq!(in_time(log.recv()).await, Some(first));
    assert_eq!(in_time(log.recv()).await, Some(first.union(second)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_hints_are_all_seen_and_quickly() {
    const WORKSPACES: u32 = 10_000;
    let (hints, queue) = hints();
    let (stop, stopped) = watch::channel(false);
    let seen = Arc::new(Mutex::new(HashMap::<i64, Lanes>::new()));
    let (noting, done) = (Arc::clone(&seen), Arc::new(Semaphore::new(0)));
    let finished = Arc::clone(&done);
    let pool = tokio::spawn(run(
        queue,
        PoolConfig { tickers: 8, ..quick() },
        move |workspace, lanes| {
            let (noting, finished) = (Arc::clone(&noting), Arc::clone(&finished));
            async move {
                let mut seen = noting.lock().unwrap();
                let all = seen.entry(workspace).or_default();
                let before = all.len();
                *all = all.union(lanes);
                finished.add_permits((all.len() - before) as usize);
                Again::No
            }
        },
        |_| async { Again::No },
        stopped,
    ));
    let start = Instant::now();
    for workspace in 0..i64::from(WORKSPACES) {
        hints.tick(workspace, Lanes::of((workspace % 251) as u8));
        hints.tick(workspace, Lanes::of(255));
    }
    let _all = in_time(done.acquire_many(2 * WORKSPACES)).await.unwrap();
    let took = start.elapsed();
    assert_eq!(seen.lock().unwrap().len(), WORKSPACES as usize);
    assert!(took < Duration::from_secs(10), "20k hints took {took:?}");
    stop.send_replace(true);
    in_time(pool).await.unwrap().unwrap();
    assert!(hints.is_idle());
}

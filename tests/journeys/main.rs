//! Whole journeys: from an official client, or the door of `domain`, to a mail at a mail server,
//! with the real processes, on both databases.

mod client;
mod quarantine;
mod restart;
mod statements;
mod trouble;
mod versions;

use std::time::{Duration, Instant};

use domain::Store;
use domain::deliveries::{self, Delivery, Filter};

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
const DELIVERIES_MAX: usize = 1_000;

/// The workspace that every database has.
async fn default_workspace(store: &Store) -> i64 {
    let name = domain::workspaces::DEFAULT;
    domain::workspaces::by_name(store, name).await.expect("there is a default workspace").id
}

async fn all_deliveries(store: &Store) -> Vec<Delivery> {
    let w = default_workspace(store).await;
    let all = Filter::default();
    deliveries::list(store, w, &all, None, DELIVERIES_MAX).await.expect("deliveries can be read")
}

/// Looks until the deliveries are as wanted; fails the test after `within`.
async fn wait_for_deliveries(
    store: &Store,
    within: Duration,
    wanted: impl Fn(&[Delivery]) -> bool,
) -> Vec<Delivery> {
    let started = Instant::now();
    loop {
        let found = all_deliveries(store).await;
        if wanted(&found) {
            return found;
        }
        assert!(started.elapsed() < within, "not within {within:?}, found {found:#?}");
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

//! Kills processes at random moments, and starts each again at once.

use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tests::System;

/// Shortest and longest time between two kills.
const BETWEEN_MS: std::ops::Range<u64> = 500..3_000;

/// What was killed.
#[derive(Debug, Default)]
pub struct Kills {
    pub all: usize,
    /// Kills of processes that hand over mail.
    pub deliverers: usize,
}

/// Kills `count` times, each process as often as the others.
pub async fn kill(system: &mut System, count: usize, random: &mut StdRng) -> Kills {
    let mut kills = Kills::default();
    let mut order: Vec<usize> = (0..system.processes()).cycle().take(count).collect();
    order.shuffle(random);
    for number in order {
        tokio::time::sleep(Duration::from_millis(random.random_range(BETWEEN_MS))).await;
        system.kill(number);
        kills.all += 1;
        kills.deliverers += usize::from(system.delivers(number));
        system.start_again(number).await;
    }
    kills
}

//! What `domain` promises, on both databases: intake, ticks, deploys, deliveries.

mod bench_side;
mod engine;
mod intake;
mod schema;

//! What `domain` promises, on both databases: intake, ticks, deploys, deliveries.

mod engine;
mod intake;
mod schema;

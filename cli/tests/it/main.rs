//! The binary as people use it: its words, its exit codes, and that it starts and stops.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may end at once")]

mod database;
mod examples;
mod files;
mod guide;
mod language;
mod running;
mod sojourn;
#[cfg(unix)]
mod terminal;
mod words;

//! What the tests share: both databases, the real binary, a mail server that records.
//!
//! Nothing here knows what a test is about. Everything is private to the test binary that uses
//! it, listens on loopback alone, and is gone when that binary is, however it ends.

pub mod activity;
pub mod effort;
pub mod mail;
pub mod matrix;
pub mod postgres;
pub mod process;
pub mod python;
pub mod side;
pub mod smtp_sink;
pub mod system;
pub mod watchdog;

pub use activity::Activity;
pub use effort::{effort, scaled};
pub use mail::Mail;
pub use matrix::{Database, Kind, for_each_database};
pub use postgres::postgres;
pub use process::{Launch, Sojourn};
pub use smtp_sink::{Fault, SmtpSink};
pub use system::System;

//! The journey language, pure: text to diagnostics, step graphs and decisions.
//!
//! Nothing here reads a clock, a file or a random number, and nothing waits. What depends on the
//! outside comes in as an argument, so that worker, simulator and tests run one and the same code.

pub mod ast;
pub mod check;
pub mod compile;
pub mod definition;
pub mod diagnostic;
pub mod expr;
pub mod facts;
pub mod format;
pub mod gate;
pub mod graph;
pub mod machine;
pub mod message;
pub mod picture;
pub mod resolve;
pub mod simulate;
pub mod span;
pub mod syntax;
pub mod time;

//! The pure core from outside: what people go through, step by step.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what makes a story may stop the test that asks for a wrong one"
)]

mod build;
mod conditions;
mod coverage;
mod entering;
mod moments;
mod random;
mod rendering;
mod segments;
mod simulating;
mod walking;

//! The language, tested by files. Each `ok/*.journey` compiles without a word, and what it becomes
//! stands beside it as JSON; each `errors/*.journey` gets the messages that stand beside it as text.
//! To add a test, add a file and run once with `SOJOURN_UPDATE=1`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on fails"
)]

mod corpus;
mod coverage;
mod editors;
mod fixes;
mod format;
mod grammar;
mod hostile;
mod lints;
mod mutation;
mod pages;
mod pictures;
mod railroad;
mod reference;

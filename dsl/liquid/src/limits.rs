//! What a template may cost, and the count of what it has cost so far.
//!
//! Templates are written by strangers: each bound here stands for a way to stop the process otherwise.

use std::fmt;

use crate::error::Fault;
use crate::print;
use crate::sink::Sink;
use crate::value::Val;

/// How deep blocks and brackets may nest; bounds the stack of the parser and of the renderer.
pub const NESTING: usize = 100;
/// The default for [`Limits::output_bytes`].
pub const OUTPUT_BYTES: usize = 1024 * 1024;
/// The default for [`Limits::text_bytes`].
pub const TEXT_BYTES: usize = 4 * 1024 * 1024;
/// The default for [`Limits::fuel`].
pub const FUEL: u64 = 100_000;

/// Looking through this many bytes of text costs as much as rendering one node.
const BYTES_PER_FUEL: usize = 256;

/// What one rendering may cost at most; beyond it rendering stops with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the rendered text, and of each captured one.
    pub output_bytes: usize,
    /// Bytes of all texts that filters and captures make on the way.
    pub text_bytes: usize,
    /// Nodes rendered, loop iterations and elements of lists made on the way.
    pub fuel: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { output_bytes: OUTPUT_BYTES, text_bytes: TEXT_BYTES, fuel: FUEL }
    }
}

/// What is left of the limits in one rendering.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    fuel: u64,
    text: usize,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, fuel: limits.fuel, text: limits.text_bytes }
    }

    /// Charges `count` steps, before they are taken.
    pub(crate) fn steps(&mut self, count: usize) -> Result<(), Fault> {
        let out_of_fuel = Fault::Limit { what: "steps", limit: self.limits.fuel };
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.fuel = self.fuel.checked_sub(count).ok_or(out_of_fuel)?;
        Ok(())
    }

    /// Charges for looking through `bytes` bytes of text.
    pub(crate) fn scan(&mut self, bytes: usize) -> Result<(), Fault> {
        self.steps(bytes / BYTES_PER_FUEL)
    }

    /// Prints a value into a text of its own; a huge one is cut short by the limit.
    pub(crate) fn print(&mut self, value: &Val<'_>) -> Result<String, Fault> {
        self.written(|sink| print::plain(sink, value))
    }

    /// The same as JSON.
    pub(crate) fn json(&mut self, value: &Val<'_>) -> Result<String, Fault> {
        self.written(|sink| print::json(sink, value))
    }

    fn written(&mut self, write: impl FnOnce(&mut Sink) -> fmt::Result) -> Result<String, Fault> {
        let mut sink = Sink::new(self.text);
        write(&mut sink).map_err(|_| self.out_of_text())?;
        let text = sink.into_text();
        self.text(text.len())?;
        Ok(text)
    }

    /// Charges a new text of `bytes` bytes, before it is made.
    pub(crate) fn text(&mut self, bytes: usize) -> Result<(), Fault> {
        self.text = self.text.checked_sub(bytes).ok_or_else(|| self.out_of_text())?;
        Ok(())
    }

    fn out_of_text(&self) -> Fault {
        Fault::Limit { what: "bytes of text on the way", limit: count(self.limits.text_bytes) }
    }

    pub(crate) fn out_of_output(&self) -> Fault {
        Fault::Limit { what: "bytes of output", limit: count(self.limits.output_bytes) }
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

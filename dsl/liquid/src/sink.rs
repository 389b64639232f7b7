//! A text that refuses to grow beyond a limit.

use std::fmt;

/// Its only error is that the limit is reached.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    text: String,
    limit: usize,
}

impl Sink {
    pub(crate) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > self.limit - self.text.len() {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

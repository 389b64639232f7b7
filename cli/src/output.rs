//! What the program says: results on stdout, everything else on stderr, colours only where a
//! person looks.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// A line of result.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Result as it is, without a line break of its own.
pub(crate) fn text(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    out.flush()
}

/// Something to know that is no result. Where stderr is closed there is nobody to tell.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Why a command failed, and what to do about it.
pub(crate) fn error(message: &str, help: Option<&str>) {
    let (red, plain) = if colours_on_stderr() { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    note(format_args!("{red}error{plain}: {message}"));
    if let Some(help) = help {
        note(format_args!("  = help: {help}"));
    }
}

/// Whether colours may be used on stderr.
pub(crate) fn colours_on_stderr() -> bool {
    io::stderr().is_terminal() && colours_allowed()
}

/// Whether colours may be used on stdout.
pub(crate) fn colours_on_stdout() -> bool {
    io::stdout().is_terminal() && colours_allowed()
}

/// Whether somebody looks at stdout.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// `one` or `other`, with the number before it: `1 error`, `2 errors`.
pub(crate) fn count(number: usize, one: &str, other: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { other })
}

/// The convention of no-color.org: any text but the empty one.
fn colours_allowed() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
}

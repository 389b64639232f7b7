//! What is different between two texts, as a unified diff.

use std::time::Duration;

use dsl::diagnostic::visible;
use similar::TextDiff;

/// How long a small difference is looked for; after that a larger one does.
const SEARCH_TIME: Duration = Duration::from_secs(1);
/// Lines of the file's name.
const HEADER_LINES: usize = 2;

/// The way from `old` to `new`; `patch -p0` can go it.
pub(crate) fn between(path: &str, old: &str, new: &str) -> String {
    let difference = TextDiff::configure().timeout(SEARCH_TIME).diff_lines(old, new);
    difference.unified_diff().header(path, path).to_string()
}

/// The difference as a terminal shows it, where `colours` are wanted, and otherwise as it is.
pub(crate) fn shown(difference: &str, colours: bool) -> String {
    if !colours {
        return difference.to_owned();
    }
    let one = |(index, line): (usize, &str)| {
        let style = match line.chars().next() {
            _ if index < HEADER_LINES => "1",
            Some('+') => "32",
            Some('-') => "31",
            Some('@') => "36",
            _ => "0",
        };
        format!("\x1b[{style}m{}\x1b[0m\n", visible(line))
    };
    difference.split_terminator('\n').enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "one\ntwo  \nthree\n";
    const NEW: &str = "one\ntwo\nthree\n";

    #[test]
    fn a_difference_is_one_that_patch_takes() {
        let expected = "--- a\n+++ a\n@@ -1,3 +1,3 @@\n one\n-two  \n+two\n three\n";
        assert_eq!(between("a", OLD, NEW), expected);
        assert_eq!(shown(expected, false), expected);
    }

    #[test]
    fn a_terminal_gets_colours_and_nothing_that_it_obeys() {
        let shown = shown(&between("a", "x\x1b[2J\r\n", "x\n"), true);
        assert!(shown.contains("\x1b[31m-x?[2J?\x1b[0m\n"), "{shown:?}");
        assert!(shown.contains("\x1b[32m+x\x1b[0m\n"), "{shown:?}");
    }
}

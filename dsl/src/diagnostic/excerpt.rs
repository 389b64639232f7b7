//! The lines of source that a message shows: those of its labels, long ones cut around the place,
//! and with a mark for every character that a terminal would obey or hide.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use super::{Diagnostic, Label};
use crate::compile::Source;
use crate::span::Span;

/// Bytes of a line that are shown whole.
const LINE_BYTES_MAX: usize = 240;
/// Bytes before the place, where a line is cut.
const BEFORE_BYTES: usize = 60;
const CUT: char = '…';

/// All source files, with where their lines begin.
pub(super) struct Lines<'a> {
    sources: &'a [Source],
    starts: Vec<Vec<usize>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(sources: &'a [Source]) -> Self {
        let starts = |source: &Source| {
            let after = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(after.map(|(at, _)| at + 1)).collect()
        };
        Self { sources, starts: sources.iter().map(starts).collect() }
    }

    /// What is shown of `diagnostic`.
    pub(super) fn excerpt(&self, diagnostic: &Diagnostic) -> Excerpt<'a> {
        let labels = || std::iter::once(&diagnostic.primary).chain(&diagnostic.labels);
        let files = self.sources.iter().enumerate().map(|(file, source)| {
            let spans = labels().map(|label: &Label| label.span).filter(|span| span.file == file);
            self.file(source, file, &spans.collect::<Vec<_>>())
        });
        Excerpt { files: files.collect() }
    }

    fn file(&self, source: &'a Source, file: usize, spans: &[Span]) -> Shown<'a> {
        let mut shown = Shown { path: &source.path, text: String::new(), lines: Vec::new() };
        let of = |span: &Span| self.line_of(file, span.start);
        // The renderer shows a single line between two labels, too.
        let wanted: BTreeSet<usize> = spans
            .iter()
            .flat_map(|span| of(span).saturating_sub(1)..=of(span).saturating_add(1))
            .collect();
        for index in wanted {
            let Some(whole) = self.line(source, file, index) else { continue };
            let focus = spans.iter().find(|span| of(span) == index).map(|span| span.start);
            shown.push(index, &source.text, whole, focus);
        }
        shown
    }

    fn line_of(&self, file: usize, at: usize) -> usize {
        let starts = self.starts.get(file).map_or(&[][..], Vec::as_slice);
        starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The bytes of a line without its end.
    fn line(&self, source: &Source, file: usize, index: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(file)?.get(index)?;
        let text = source.text.get(start..)?.split('\n').next()?;
        Some(start..start + text.trim_end_matches('\r').len())
    }
}

/// The lines that one message shows.
pub(super) struct Excerpt<'a> {
    files: Vec<Shown<'a>>,
}

struct Shown<'a> {
    path: &'a str,
    text: String,
    lines: Vec<Line>,
}

struct Line {
    index: usize,
    /// Its bytes in the source that are shown.
    window: Range<usize>,
    /// Where those stand in the excerpt.
    at: usize,
    /// The whole line in the excerpt, with the signs of a cut.
    shown: Range<usize>,
    /// Characters left out before the window.
    columns_before: usize,
}

impl Excerpt<'_> {
    /// Where a range of the source stands here; `None` where it was cut away.
    pub(super) fn range(&self, file: usize, range: &Range<usize>) -> Option<Range<usize>> {
        let lines = &self.files.get(file)?.lines;
        let line = lines.iter().rfind(|line| line.window.start <= range.start)?;
        let place = |at: usize| line.at + at.min(line.window.end) - line.window.start;
        let is_cut = line.shown.end > line.at + line.window.len();
        (!is_cut || range.start <= line.window.end).then(|| place(range.start)..place(range.end))
    }

    fn line(&self, file: usize, index: usize) -> Result<&Line, Error> {
        let lines = &self.files.get(file).ok_or(Error::FileMissing)?.lines;
        lines.iter().find(|line| line.index == index).ok_or(Error::LineTooLarge {
            given: index,
            max: lines.last().map_or(0, |line| line.index),
        })
    }
}

impl Shown<'_> {
    fn push(&mut self, index: usize, text: &str, whole: Range<usize>, focus: Option<usize>) {
        let window = window(text, &whole, focus.unwrap_or(whole.start));
        let start = self.text.len();
        if window.start > whole.start {
            self.text.push(CUT);
        }
        let at = self.text.len();
        self.text.push_str(&visible(text.get(window.clone()).unwrap_or_default()));
        if window.end < whole.end {
            self.text.push(CUT);
        }
        let shown = start..self.text.len();
        self.text.push('\n');
        let columns_before =
            text.get(whole.start..window.start).map_or(0, |before| before.chars().count());
        self.lines.push(Line { index, window, at, shown, columns_before });
    }
}

/// The part of a line that is shown.
fn window(text: &str, whole: &Range<usize>, focus: usize) -> Range<usize> {
    if whole.len() <= LINE_BYTES_MAX {
        return whole.clone();
    }
    let mut start = focus.saturating_sub(BEFORE_BYTES).clamp(whole.start, whole.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (start + LINE_BYTES_MAX).min(whole.end);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end
}

impl<'a> Files<'a> for Excerpt<'_> {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, file: usize) -> Result<&'a str, Error> {
        self.files.get(file).map(|shown| shown.path).ok_or(Error::FileMissing)
    }

    fn source(&'a self, file: usize) -> Result<&'a str, Error> {
        self.files.get(file).map(|shown| shown.text.as_str()).ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, file: usize, at: usize) -> Result<usize, Error> {
        let lines = &self.files.get(file).ok_or(Error::FileMissing)?.lines;
        let line = lines.iter().rfind(|line| line.shown.start <= at);
        Ok(line.map_or(0, |line| line.index))
    }

    fn column_number(&'a self, file: usize, index: usize, at: usize) -> Result<usize, Error> {
        let line = self.line(file, index)?;
        let before = self.source(file)?.get(line.at..at).unwrap_or_default();
        Ok(line.columns_before + before.chars().count() + 1)
    }

    fn line_range(&'a self, file: usize, index: usize) -> Result<Range<usize>, Error> {
        let line = self.line(file, index)?;
        Ok(line.shown.start..line.shown.end + 1)
    }
}

/// The text with a mark of the same length for every character that a terminal obeys or that hides
/// what stands there.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mark = |c: char| match c.len_utf8() {
        _ if !is_invisible(c) => c,
        1 => '?',
        2 => '¿',
        _ => '\u{FFFD}',
    };
    Cow::Owned(text.chars().map(mark).collect())
}

fn is_invisible(c: char) -> bool {
    let turns_direction =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns_direction || c.is_control() && !matches!(c, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::super::{Code, render};
    use super::*;

    fn shown(text: &str, place: &str) -> String {
        let sources = [Source { path: "a.journey".to_owned(), text: text.to_owned() }];
        let start = text.find(place).unwrap();
        let span = Span::new(0, start, start + place.len());
        let diagnostic = Diagnostic::new(Code::J0101, span, "wrong").here("here");
        render::text(&[diagnostic], &sources, false)
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = format!("{}HERE{}", "é ".repeat(400), " ü".repeat(400));
        for text in [line.clone(), format!("first\n{line}\nlast\n"), format!("{line}\r\n")] {
            let shown = shown(&text, "HERE");
            assert!(shown.contains(":801\n"), "{shown}");
            assert!(shown.lines().all(|line| line.len() < LINE_BYTES_MAX + 30), "{shown}");
            let lines: Vec<&str> = shown.lines().collect();
            let at = lines.iter().position(|line| line.contains("HERE")).unwrap();
            let column = |line: &str, part: &str| {
                line.split_once(part).map(|(before, _)| before.chars().count())
            };
            assert_eq!(column(lines[at], "HERE"), column(lines[at + 1], "^^^^ here"), "{shown}");
            assert!(lines[at].ends_with('…'), "{shown}");
        }
    }

    #[test]
    fn a_label_that_was_cut_away_is_left_out() {
        let text = format!("HERE{}THERE\n", " ".repeat(2 * LINE_BYTES_MAX));
        let sources = [Source { path: "a.journey".to_owned(), text: text.clone() }];
        let there = text.find("THERE").unwrap();
        let diagnostic = Diagnostic::new(Code::J0101, Span::new(0, 0, 4), "wrong")
            .here("here")
            .also(Span::new(0, there, there + 5), "there");
        let shown = render::text(&[diagnostic], &sources, false);
        assert!(shown.contains("^^^^ here") && !shown.contains("- there"), "{shown}");
    }

    #[test]
    fn a_terminal_is_told_nothing() {
        let shown = shown("a \u{1b}[31m \u{202e}x\u{7}y HERE\n", "HERE");
        assert!(shown.contains("a ?[31m \u{FFFD}x?y HERE"), "{shown}");
    }
}

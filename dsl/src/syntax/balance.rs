//! Braces, judged by indentation: which `{` is never closed, which `}` closes nothing.
//!
//! What is found is reported once, and mended in a copy of the text, so that the tree comes out as
//! it was meant. The copy keeps every offset: a brace is put in place of a blank, or taken out by
//! one.

use super::lines::{begins_line, indentation, line_end, line_start};
use super::scan::{self, Mark, PieceKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileIndex, Span};

/// Text that is fit for the grammar, and what was wrong with its braces.
pub(super) struct Balanced {
    pub(super) text: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

struct Walk<'a> {
    text: &'a str,
    file: FileIndex,
    mended: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy)]
struct Opener {
    at: usize,
    indent: usize,
}

/// Judges each declaration alone, since a brace rarely belongs to another one.
pub(super) fn balance(text: &str, marks: &[Mark], file: FileIndex) -> Balanced {
    let braces: Vec<Mark> =
        marks.iter().copied().filter(|mark| matches!(mark.sign, '{' | '}')).collect();
    let mut walk = Walk { text, file, mended: text.as_bytes().to_vec(), diagnostics: Vec::new() };
    let mut bounds = declaration_starts(text);
    bounds.push(text.len());
    let mut from = 0;
    for to in bounds {
        let place = |at| braces.partition_point(|mark| mark.at < at);
        let region = braces.get(place(from)..place(to)).unwrap_or_default();
        let opened = region.iter().filter(|mark| mark.sign == '{').count();
        let closed = region.len() - opened;
        if opened > closed {
            if !swallows_brace(text, from, to) {
                walk.missing(region, opened - closed, to);
            }
        } else {
            walk.stray(region, closed - opened);
        }
        from = to;
    }
    Balanced {
        text: String::from_utf8(walk.mended).unwrap_or_else(|_| text.to_owned()),
        diagnostics: walk.diagnostics,
    }
}

impl Walk<'_> {
    fn missing(&mut self, region: &[Mark], mut missing: usize, region_end: usize) {
        let mut open: Vec<Opener> = Vec::new();
        for mark in region {
            let indent = indentation(self.text, mark.at);
            if mark.sign == '{' {
                open.push(Opener { at: mark.at, indent });
                continue;
            }
            if begins_line(self.text, mark.at) {
                while missing > 0
                    && let Some(top) = open.pop_if(|top| top.indent > indent)
                {
                    missing -= 1;
                    self.report_missing(top, mark.at);
                }
            }
            open.pop();
        }
        for opener in open.into_iter().rev() {
            self.report_missing(opener, region_end);
        }
    }

    fn report_missing(&mut self, opener: Opener, before: usize) {
        let span = Span::new(self.file, opener.at, opener.at + 1);
        let mut diagnostic =
            Diagnostic::new(Code::J0117, span, "this `{` is never closed").here("opened here");
        if let Some(at) = self.drop_of_indentation(opener, before) {
            let start = line_start(self.text, at);
            let line = Span::new(self.file, at, line_end(self.text, at));
            diagnostic = diagnostic.also(line, "indented as if `}` stood before this line");
            let indent = " ".repeat(opener.indent);
            diagnostic = diagnostic
                .replace(
                    "put `}` on a line before",
                    Span::new(self.file, start, start),
                    format!("{indent}}}\n"),
                )
                .guessed();
            if start < at
                && let Some(byte) = self.mended.get_mut(start)
            {
                *byte = b'}';
            }
        } else {
            let from = opener.at + 1;
            let end = from + self.text.get(from..before).unwrap_or_default().trim_end().len();
            diagnostic = diagnostic
                .also(Span::new(self.file, end, end), "still open here")
                .help("put `}` where the block ends");
        }
        self.diagnostics.push(diagnostic);
    }

    /// The first token behind the opener that is indented no deeper than the opener's line.
    fn drop_of_indentation(&self, opener: Opener, before: usize) -> Option<usize> {
        let from = line_end(self.text, opener.at);
        let behind = self.text.get(from..before.max(from))?;
        scan::pieces(behind)
            .into_iter()
            .filter(|piece| !matches!(piece.kind, PieceKind::Blank | PieceKind::Comment))
            .map(|piece| from + piece.start)
            .find(|at| begins_line(self.text, *at) && indentation(self.text, *at) <= opener.indent)
    }

    fn stray(&mut self, region: &[Mark], mut extra: usize) {
        let mut open: Vec<Opener> = Vec::new();
        let mut emptied: Option<usize> = None;
        for mark in region {
            let indent = indentation(self.text, mark.at);
            if mark.sign == '{' {
                open.push(Opener { at: mark.at, indent });
                continue;
            }
            let misplaced = begins_line(self.text, mark.at)
                && open.last().is_some_and(|top| top.indent < indent)
                && !open.iter().any(|opener| opener.indent == indent);
            if extra > 0 && (misplaced || open.is_empty()) {
                extra -= 1;
                if misplaced && self.report_unopened(mark.at) {
                    continue;
                }
                self.report_stray(mark.at, emptied.take().filter(|_| open.is_empty()));
                continue;
            }
            open.pop();
            if open.is_empty() {
                emptied = Some(mark.at);
            }
        }
    }

    /// Where a line above this `}` looks like the head of its block, its `{` is what is missing.
    fn report_unopened(&mut self, at: usize) -> bool {
        let indent = indentation(self.text, at);
        let mut below = line_start(self.text, at);
        let mut deeper = false;
        while below > 0 {
            let start = line_start(self.text, below - 1);
            let end = line_end(self.text, start);
            let line = self.text.get(start..end).unwrap_or_default();
            below = start;
            if line.trim().is_empty() {
                continue;
            }
            let found = indentation(self.text, start);
            if found > indent {
                deeper = true;
                continue;
            }
            let head = line.trim();
            let word = head.split(' ').next().unwrap_or_default();
            let is_head = found == indent && deeper && BLOCK_WORDS.contains(&word);
            if !is_head || head.contains(['#', '{']) {
                return false;
            }
            let head = Span::new(self.file, start + found, start + line.trim_end().len());
            let end = Span::new(self.file, head.end, head.end);
            self.diagnostics.push(
                Diagnostic::new(Code::J0117, head, "a `{` is missing at the end of this line")
                    .here("its block begins here")
                    .also(Span::new(self.file, at, at + 1), "and ends here")
                    .replace("put `{` behind it", end, " {"),
            );
            if let Some(byte) = self.mended.get_mut(line_end(self.text, start)) {
                *byte = b'{';
            }
            return true;
        }
        false
    }

    /// `emptied` is the brace that closed the declaration before this one came.
    fn report_stray(&mut self, at: usize, emptied: Option<usize>) {
        let span = Span::new(self.file, at, at + 1);
        let mut diagnostic = Diagnostic::new(Code::J0118, span, "this `}` closes nothing")
            .here("no `{` is open here");
        let between = emptied.and_then(|early| self.text.get(early + 1..at));
        let mut masked = at;
        if let (Some(early), Some(between)) = (emptied, between)
            && scan::pieces(between)
                .iter()
                .any(|piece| !matches!(piece.kind, PieceKind::Blank | PieceKind::Comment))
        {
            masked = early;
            diagnostic = diagnostic
                .also(Span::new(self.file, early, early + 1), "the declaration ends here already")
                .help("take out one of the two");
        } else {
            diagnostic = diagnostic.replace("take it out", span, "").guessed();
        }
        if let Some(byte) = self.mended.get_mut(masked) {
            *byte = b' ';
        }
        self.diagnostics.push(diagnostic);
    }
}

/// Words that begin a line which ends by the `{` of its block.
const BLOCK_WORDS: [&str; 9] =
    ["if", "on", "wait", "at", "match", "split", "experiment", "repeat", "call"];

/// Words that begin a declaration with a name and a block.
pub(super) const BLOCK_KINDS: [&str; 12] = [
    "campaign",
    "email",
    "test",
    "broadcast",
    "topic",
    "cap",
    "sms",
    "push",
    "in_app",
    "slack",
    "layout",
    "snippet",
];

/// Whether a string that does not end took a `}` along: then the missing brace follows from it.
fn swallows_brace(text: &str, from: usize, to: usize) -> bool {
    let region = text.get(from..to).unwrap_or_default();
    scan::pieces(region).into_iter().filter(|piece| piece.kind == PieceKind::Text).any(|piece| {
        let string = region.get(piece.start..piece.end).unwrap_or_default();
        let block = string.starts_with("\"\"\"");
        let ends = if block {
            string.len() >= 6 && string.ends_with("\"\"\"")
        } else {
            string.len() > 1 && !string.starts_with('"')
                || string.len() > 1 && string.ends_with('"')
        };
        !ends && (block || string.contains('}'))
    })
}

/// Offsets of lines that can only be the head of a declaration.
fn declaration_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut begins_line = true;
    for piece in scan::pieces(text) {
        if piece.kind == PieceKind::Blank {
            begins_line |=
                text.get(piece.start..piece.end).is_some_and(|blank| blank.contains('\n'));
            continue;
        }
        let line = text.get(piece.start..).unwrap_or_default();
        if begins_line
            && piece.kind == PieceKind::Other
            && is_declaration_head(line.lines().next().unwrap_or_default())
        {
            starts.push(piece.start);
        }
        begins_line = false;
    }
    starts
}

fn is_declaration_head(line: &str) -> bool {
    let (word, rest) =
        line.split_once(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or((line, ""));
    let after = rest.trim_start();
    if word == "workspace" {
        return line.get(word.len()..).is_some_and(|tail| tail.trim_start().starts_with('{'));
    }
    let Some((_, tail)) = after.strip_prefix('"').and_then(|named| named.split_once('"')) else {
        return false;
    };
    let tail = tail.trim_start();
    if word == "segment" {
        return tail.starts_with('=') || tail.strip_prefix("manual").is_some_and(ends_word);
    }
    // Between name and block stand words, and names in quotes.
    let is_tail = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '"' | '-');
    BLOCK_KINDS.contains(&word) && tail.trim_start_matches(is_tail).starts_with('{')
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

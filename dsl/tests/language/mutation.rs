//! Samples, damaged at random from a fixed seed: nothing panics, every place is a place, the tree
//! still covers the text, and what can be formatted keeps its meaning.

use dsl::compile::{Source, compile};
use dsl::syntax::parse;

use crate::corpus::{catalog, samples};
use crate::coverage::assert_covers;
use crate::format;

/// Damaged texts in a usual run; `SOJOURN_TEST_EFFORT` multiplies them.
const MUTATIONS: u64 = 3_000;
/// Lines of a sample that are damaged together.
const LINES_MAX: usize = 16;
/// Edits of one text.
const EDITS_MAX: u64 = 8;

/// Texts in a usual run whose white space is changed.
const RESPACED: u64 = 300;

const BLANKS: [&str; 12] = [
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    "\u{FEFF} ",
    "\u{A0}",
    " # behind\n",
    "\n# alone\n",
    "\n\n  # apart\n\n",
    " ## described\n",
];

const PIECES: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "'",
    "“",
    "#",
    "##",
    "\n",
    "\r\n",
    "\u{FEFF}",
    "é",
    "𝄞",
    ":",
    ",",
    "=",
    "==",
    "&&",
    "!",
    " and ",
    " or ",
    " not ",
    "12h",
    "2 days",
    "2026-02-30",
    "send email \"x\"",
    "wait ",
    "else {",
    "if ",
    "on event \"x\" {",
    "exit when ",
    "campaign \"x\" {",
    "segment \"x\" = ",
    "repeat up to 3 times {",
    "{{ x }}",
    "customer.",
];

/// A small generator of chance, the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("a small number")
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a test runs is set outside")]
fn effort() -> u64 {
    std::env::var("SOJOURN_TEST_EFFORT").ok().and_then(|effort| effort.parse().ok()).unwrap_or(1)
}

fn boundary(text: &str, chance: &mut Chance) -> usize {
    let mut at = chance.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Some lines of a text: short texts make a quick test.
fn part(text: &str, chance: &mut Chance) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let from = chance.below(lines.len().saturating_sub(LINES_MAX) + 1);
    lines.iter().skip(from).take(LINES_MAX).copied().collect()
}

fn damaged(text: &str, chance: &mut Chance) -> String {
    let mut text = text.to_owned();
    for _ in 0..=chance.below(EDITS_MAX as usize) {
        let at = boundary(&text, chance);
        match chance.below(4) {
            0 => text.insert_str(at, PIECES[chance.below(PIECES.len())]),
            1 => {
                let end = boundary(&text, chance);
                if end > at && end - at < 40 {
                    text.replace_range(at..end, "");
                }
            }
            2 => {
                let end =
                    (at..=text.len()).skip(1).find(|end| text.is_char_boundary(*end)).unwrap_or(at);
                text.replace_range(at..end, PIECES[chance.below(PIECES.len())]);
            }
            _ => {
                let end = boundary(&text, chance);
                if end > at && end - at < 200 {
                    let copy = text[at..end].to_owned();
                    text.insert_str(at, &copy);
                }
            }
        }
    }
    text
}

fn check(text: &str) {
    let parsed = parse(text, 0);
    if !parsed.tree.root.children.is_empty() {
        assert_covers(&parsed.tree, text);
    }
    let sources = [Source { path: "x.journey".to_owned(), text: text.to_owned() }];
    for problem in compile(&sources, &catalog()).diagnostics {
        let edits = problem.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        let labels = problem.labels.iter().map(|label| label.span);
        for span in edits.chain(labels).chain([problem.primary.span]) {
            assert!(
                text.get(span.start..span.end).is_some(),
                "{} points at {span:?}",
                problem.code
            );
        }
    }
    format::check(text);
}

/// The same text with other white space and with comments, mostly.
fn respaced(text: &str, chance: &mut Chance) -> String {
    let mut text = text.to_owned();
    for _ in 0..=chance.below(EDITS_MAX as usize) {
        let start = boundary(&text, chance);
        let blank = |c: char| c == ' ' || c == '\n';
        let Some(at) = text[start..].find(blank).map(|found| start + found) else { continue };
        text.replace_range(at..=at, BLANKS[chance.below(BLANKS.len())]);
    }
    text
}

#[test]
fn respaced_texts_are_formatted() {
    let texts: Vec<String> = ["ok", "format", "../../../examples"]
        .into_iter()
        .flat_map(samples)
        .map(|(_, text)| text)
        .collect();
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let mut formatted = 0;
    for _ in 0..RESPACED * effort() {
        let text = respaced(&texts[chance.below(texts.len())], &mut chance);
        match std::panic::catch_unwind(|| format::check(&text)) {
            Ok(is_formatted) => formatted += u64::from(is_formatted),
            Err(_) => panic!("this text is not laid out well:\n{text}"),
        }
    }
    assert!(formatted > RESPACED / 4, "only {formatted} could be formatted");
}

#[test]
fn damaged_texts_are_survived() {
    let texts: Vec<String> = ["ok", "errors", "lints", "format"]
        .into_iter()
        .flat_map(samples)
        .map(|(_, text)| text)
        .collect();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..MUTATIONS * effort() {
        let text = damaged(&part(&texts[chance.below(texts.len())], &mut chance), &mut chance);
        if std::panic::catch_unwind(|| check(&text)).is_err() {
            panic!("this text is not survived:\n{text}");
        }
    }
}

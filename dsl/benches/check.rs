//! Checking as an author feels it: a whole workspace, and a file after each key. The text is made of
//! the examples, so that it grows with the language.
//!
//! `cargo bench -p dsl --bench check` prints times, and how they grow with ten times the text: that
//! should stay below twelve, whatever the text is.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use divan::Bencher;
use dsl::compile::{Catalog, Compilation, Source, compile};
use dsl::diagnostic::Severity;
use dsl::syntax::NESTING_MAX;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXAMPLES: [&str; 16] = [
    include_str!("../../examples/abandoned-cart.journey"),
    include_str!("../../examples/after-order.journey"),
    include_str!("../../examples/birthday.journey"),
    include_str!("../../examples/course.journey"),
    include_str!("../../examples/double-opt-in.journey"),
    include_str!("../../examples/dunning.journey"),
    include_str!("../../examples/nps.journey"),
    include_str!("../../examples/onboarding.journey"),
    include_str!("../../examples/price-drop.journey"),
    include_str!("../../examples/refill.journey"),
    include_str!("../../examples/renewal.journey"),
    include_str!("../../examples/trial-ending.journey"),
    include_str!("../../examples/webinar.journey"),
    include_str!("../../examples/weekly-digest.journey"),
    include_str!("../../examples/welcome.journey"),
    include_str!("../../examples/win-back.journey"),
];
const PAGE: &str = include_str!("../../examples/welcome.html");

/// For all of them together.
const WORKSPACE: &str = r#"
workspace {
  timezone: "Europe/Paris"
  from: "Acme <hello@acme.test>"
}

"#;

const CAMPAIGNS: usize = 1_000;
const FILES: usize = 20;
/// So many campaigns share their messages and segments.
const SHARE: usize = 2;
const KEYSTROKE_LINES: usize = 2_000;

const GROWTH: usize = 10;
const GROWTH_LINES: usize = 1_200;
const ATTEMPTS: usize = 7;

fn main() {
    divan::main();
    for (name, make) in
        [("plain", plain as fn(usize) -> String), ("deep", deep), ("broken", broken)]
    {
        let (small, large) = (make(GROWTH_LINES), make(GROWTH_LINES * GROWTH));
        let (before, after) = (fastest(&small), fastest(&large));
        let per_byte = |took: Duration, text: &str| took.as_secs_f64() / text.len() as f64;
        println!(
            "{name}: {} bytes in {before:.1?}, {} bytes in {after:.1?}: {:.1} times the time for {GROWTH} times \
             the text",
            small.len(),
            large.len(),
            per_byte(after, &large) / per_byte(before, &small) * GROWTH as f64,
        );
    }
}

/// 1,000 campaigns in several files.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn a_thousand_campaigns(bencher: Bencher<'_, '_>) {
    let sources = workspace(CAMPAIGNS);
    let lines: usize = sources.iter().map(|source| source.text.lines().count()).sum();
    let made = checked(&sources);
    let campaigns = made.definitions.campaigns.len();
    let error = made.diagnostics.iter().find(|problem| problem.severity == Severity::Error);
    assert!(error.is_none() && campaigns >= CAMPAIGNS, "{campaigns} campaigns, {error:?}");
    println!("{campaigns} campaigns in {lines} lines");
    bencher.bench(|| checked(&sources));
}

/// One key in the middle of a long file, which breaks a line.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn a_key_in_two_thousand_lines(bencher: Bencher<'_, '_>) {
    let mut text = plain(KEYSTROKE_LINES);
    let middle = text.match_indices("send email").nth(text.matches("send email").count() / 2);
    text.insert(middle.expect("a step in the middle").0 + 2, 'x');
    let sources = [source("long.journey", text)];
    assert!(checked(&sources).has_errors());
    bencher.bench(|| checked(&sources));
}

fn checked(sources: &[Source]) -> Compilation {
    let mut catalog = Catalog::default();
    catalog.files.insert("welcome.html".to_owned(), PAGE.to_owned());
    compile(black_box(sources), &catalog)
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn fastest(text: &str) -> Duration {
    let sources = [source("one.journey", text.to_owned())];
    let once = |_| {
        let started = Instant::now();
        black_box(checked(&sources));
        started.elapsed()
    };
    (0..ATTEMPTS).map(once).min().expect("more than one attempt")
}

fn source(path: &str, text: String) -> Source {
    Source { path: path.to_owned(), text }
}

/// Many campaigns without tests, spread over files.
fn workspace(campaigns: usize) -> Vec<Source> {
    let mut files = vec![String::new(); FILES];
    files.iter_mut().take(1).for_each(|first| first.push_str(WORKSPACE));
    let each = EXAMPLES.concat().matches("\ncampaign ").count();
    for copy in 0..campaigns.div_ceil(each) {
        let file = files.get_mut(copy % FILES).expect("as many as are filled");
        for example in EXAMPLES {
            file.push_str(&copied(example, copy, |kind| match kind {
                "campaign" => true,
                "test" => false,
                _ => copy.is_multiple_of(SHARE),
            }));
        }
    }
    let named = files.into_iter().enumerate();
    named.map(|(number, text)| source(&format!("{number}.journey"), text)).collect()
}

/// The examples one after the other, with their tests, until there are so many lines.
fn plain(lines: usize) -> String {
    let mut text = WORKSPACE.to_owned();
    for copy in 0.. {
        for example in EXAMPLES {
            text.push_str(&copied(example, copy * SHARE, |_| true));
        }
        if text.lines().count() >= lines {
            break;
        }
    }
    text
}

/// Campaigns of nothing but branches in branches.
fn deep(lines: usize) -> String {
    let mut text = String::new();
    for number in 0..lines / (2 * NESTING_MAX) {
        let depth = NESTING_MAX - 2;
        let open = "if customer.x == 1 {\n".repeat(depth);
        let close = "wait 1 day\n}\n".repeat(depth);
        writeln!(text, "campaign \"{number}\" {{\non event \"x\"\n{open}{close}}}")
            .expect("a text");
    }
    text
}

/// The examples with a piece missing in every seventh line; braces stay, since a file that is too deep
/// is not read at all.
fn broken(lines: usize) -> String {
    let plain = plain(lines);
    let mut text = String::new();
    for (number, line) in plain.lines().enumerate() {
        let is_cut = number % 7 == 3 && !line.contains(['{', '}']) && !line.contains("\"\"\"");
        let kept = line.chars().count() * (number % 11) / 11;
        text.extend(line.chars().take(if is_cut { kept } else { usize::MAX }));
        text.push('\n');
    }
    text
}

/// The chosen declarations of an example, under names of their own: each copy has its campaigns, and
/// shares the rest with its neighbours.
fn copied(example: &str, copy: usize, is_chosen: impl Fn(&str) -> bool) -> String {
    let heads: Vec<(&str, &str)> = example.lines().filter_map(head).collect();
    let mut text = String::new();
    let mut chosen = false;
    for line in example.lines() {
        if let Some((kind, name)) = head(line) {
            chosen = match kind {
                "edition" | "workspace" => false,
                "test" => is_chosen(kind),
                _ if heads.contains(&("campaign", name)) => true,
                _ => is_chosen(kind),
            };
        }
        if chosen {
            text.push_str(line);
            text.push('\n');
        }
    }
    // What is not declared here is declared by another example.
    let others = EXAMPLES.into_iter().filter(|other| *other != example);
    let mut renamed = BTreeSet::new();
    for example in std::iter::once(example).chain(others) {
        let heads: Vec<(&str, &str)> = example.lines().filter_map(head).collect();
        for (_, name) in heads.iter().filter(|(_, name)| !name.is_empty()) {
            let is_own =
                heads.iter().any(|head| matches!(head.0, "campaign" | "test") && head.1 == *name);
            let number = if is_own { copy } else { copy / SHARE };
            if renamed.insert(*name) {
                let own = format!("\"{name} {} {number}\"", place(example));
                text = text.replace(&format!("\"{name}\""), &own);
            }
        }
    }
    text
}

/// Which of the examples it is.
fn place(example: &str) -> usize {
    EXAMPLES.iter().position(|other| *other == example).unwrap_or_default()
}

/// The kind and the name of the declaration that begins on this line.
fn head(line: &str) -> Option<(&str, &str)> {
    let is_head = line.starts_with(char::is_alphabetic);
    let kind = line.split(' ').next().filter(|_| is_head)?;
    let after = line.get(kind.len()..)?.strip_prefix(" \"");
    Some((kind, after.and_then(|name| name.split('"').next()).unwrap_or_default()))
}

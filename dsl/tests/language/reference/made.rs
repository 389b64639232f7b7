//! The parts of the reference that are made from the code.

use dsl::check::{ARMS_MAX, CAP_LIMITS_MAX, DECLARATIONS_MAX, ROUNDS_MAX, STEPS_MAX, TERMS_MAX};
use dsl::compile::PROBLEMS_MAX;
use dsl::diagnostic::{Code, Severity};
use dsl::machine::{CAUSE_DEPTH_MAX, LIVE_RUNS_MAX, TRIGGER_AGE_MAX};
use dsl::syntax::{KEYWORDS, NESTING_MAX, SOURCE_BYTES_MAX};
use dsl::time::HOUR;

use super::page::{Page, folder};
use super::{TABLES, entrance};
use crate::corpus::check_snapshot;

/// Each with its page and its mark.
pub(super) fn parts(chapters: &[Page]) -> Vec<(Page, &'static str, String)> {
    let tables = || Page::read(&format!("language/{TABLES}.md"));
    vec![
        (entrance(), "index", index(chapters)),
        (tables(), "scopes", dsl::resolve::table()),
        (tables(), "words", words()),
        (tables(), "limits", limits()),
        (tables(), "codes", codes()),
    ]
}

/// Compares what lies between the marks, or writes it where that is asked for.
pub(super) fn check(page: &Page, mark: &str, text: &str, failures: &mut Vec<String>) {
    // Another part of the same page may have been written a moment ago.
    let page = Page::read(&page.path);
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let parts = page.text.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    let Some((before, after)) = parts else {
        failures.push(format!("docs/{} has no `{}`", page.path, begin.trim()));
        return;
    };
    let found = format!("{before}{begin}\n{text}\n{end}{after}");
    check_snapshot(&folder().join(&page.path), &found, failures);
}

/// Every heading of every chapter.
fn index(chapters: &[Page]) -> String {
    let mut index = String::new();
    for page in chapters {
        let mut parts: Vec<String> = Vec::new();
        for (depth, title) in page.headings() {
            let link = format!("[{title}](language/{}.md#{})", page.name(), slug(title));
            match depth {
                1 => index.push_str(&format!("- **[{title}](language/{}.md)**\n", page.name())),
                2 => parts.push(format!("  - {link}")),
                _ => match parts.last_mut() {
                    Some(part) if part.contains(": ") => part.push_str(&format!(" · {link}")),
                    Some(part) => part.push_str(&format!(": {link}")),
                    None => parts.push(format!("  - {link}")),
                },
            }
        }
        for part in parts {
            index.push_str(&format!("{part}\n"));
        }
    }
    index
}

/// The anchor of a heading.
fn slug(title: &str) -> String {
    let kept = |it: &char| it.is_alphanumeric() || " -_".contains(*it);
    title.to_lowercase().chars().filter(kept).collect::<String>().trim().replace(' ', "-")
}

fn words() -> String {
    let mut words = KEYWORDS.to_vec();
    words.sort_unstable();
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    format!("{}\n", quoted.join(" "))
}

fn limits() -> String {
    let rows = [
        ("bytes of a file", SOURCE_BYTES_MAX),
        ("brackets and braces that are open at once", NESTING_MAX),
        ("declarations of all files together", DECLARATIONS_MAX),
        ("steps of a campaign or broadcast", STEPS_MAX),
        ("arms of a step", ARMS_MAX),
        ("predicates of a condition", TERMS_MAX),
        ("limits of a cap", CAP_LIMITS_MAX),
        ("rounds of a `repeat`", ROUNDS_MAX as usize),
        (
            "hours after which an event starts no run any more",
            usize::try_from(TRIGGER_AGE_MAX / HOUR).expect("some hours"),
        ),
        ("runs of one person in one campaign at once", LIVE_RUNS_MAX),
        ("emits and starts that follow from each other", CAUSE_DEPTH_MAX as usize),
        ("problems that are reported at once", PROBLEMS_MAX),
    ];
    let mut table = "| what | most |\n|---|---|\n".to_owned();
    for (what, most) in rows {
        table.push_str(&format!("| {what} | {} |\n", grouped(most)));
    }
    table
}

/// With commas between thousands.
fn grouped(number: usize) -> String {
    match (number / 1000, number % 1000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{},{rest:03}", grouped(thousands)),
    }
}

fn codes() -> String {
    let mut table = "| code | | about |\n|---|---|---|\n".to_owned();
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let link = format!("[{code}](../errors/{code}.md)");
        table.push_str(&format!("| {link} | {severity} | {} |\n", code.title()));
    }
    table
}

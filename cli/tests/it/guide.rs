//! The guide to the command line: what it shows is what the binary prints.
//!
//! A block of a language and a name, such as `journey a.journey`, is a file; a block `console` is
//! a session in the folder of these files. `exit=1` behind `console` is how its last command ends.

use std::path::Path;

use serde_json::Value;

use crate::sojourn::{Outcome, Place};

#[test]
fn the_guide_shows_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let blocks = blocks(&guide);
    let files: Vec<(&str, &str)> = blocks
        .iter()
        .filter(|block| block.kind != "console" && !block.word.is_empty())
        .map(|block| (block.word, block.text.as_str()))
        .collect();
    let place = Place::new(&files);
    let mut commands = 0;
    for block in blocks.iter().filter(|block| block.kind == "console") {
        let mut code = 0;
        for (command, expected) in session(&block.text) {
            let arguments = arguments(command);
            let outcome = place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            compare(command, &outcome, &expected);
            code = outcome.code;
            commands += 1;
        }
        let expected = block.word.strip_prefix("exit=").unwrap_or("0");
        assert_eq!(code.to_string(), expected, "the exit code of\n{}", block.text);
    }
    assert!(commands > 8, "the guide shows only {commands} commands");
}

struct Block<'a> {
    kind: &'a str,
    word: &'a str,
    text: String,
}

fn blocks(guide: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let (kind, word) = info.split_once(' ').unwrap_or((info, ""));
        let inside = lines.by_ref().take_while(|line| *line != "```");
        let text = inside.flat_map(|line| [line, "\n"]).collect();
        blocks.push(Block { kind, word, text });
    }
    blocks
}

/// Whether all that is shown is there; keys may be added, for programs do not look at those.
fn holds(found: &Value, shown: &Value) -> bool {
    match (found, shown) {
        (Value::Object(found), Value::Object(shown)) => {
            shown.iter().all(|(key, shown)| found.get(key).is_some_and(|found| holds(found, shown)))
        }
        (Value::Array(found), Value::Array(shown)) => {
            found.len() == shown.len()
                && found.iter().zip(shown).all(|(found, shown)| holds(found, shown))
        }
        (found, shown) => found == shown,
    }
}

/// Each command with what is shown below it.
fn session(text: &str) -> Vec<(&str, String)> {
    let mut session: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ sojourn "), session.last_mut()) {
            (Some(command), _) => session.push((command, String::new())),
            (None, Some((_, shown))) => shown.extend([line, "\n"]),
            (None, None) => panic!("`{line}` stands before any `$ sojourn …`"),
        }
    }
    session
}

/// Words, or texts in double quotes.
fn arguments(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    words.collect()
}

fn compare(command: &str, outcome: &Outcome, expected: &str) {
    if command.contains("--format json") {
        let shown: Value = serde_json::from_str(expected).unwrap();
        let found: Value = serde_json::from_str(&outcome.out).unwrap();
        assert!(holds(&found, &shown), "`sojourn {command}` prints\n{found:#}");
    } else {
        let found = format!("{}{}", outcome.err, outcome.out);
        assert_eq!(found.trim_end(), expected.trim_end(), "`sojourn {command}` prints\n{found}");
    }
}

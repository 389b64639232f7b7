//! Every example is right, alone and with the others, and is tested by itself.

use serde_json::Value;

use crate::sojourn::{Place, examples};

fn files() -> Vec<String> {
    let entries = std::fs::read_dir(examples()).unwrap();
    let mut files: Vec<String> = entries
        .map(|entry| entry.unwrap().path().display().to_string())
        .filter(|path| path.ends_with(".journey"))
        .collect();
    files.sort();
    assert!(files.len() >= 15, "{files:?}");
    files
}

#[test]
fn each_is_right_and_its_tests_pass() {
    let place = Place::new(&[]);
    for file in files() {
        let checked = place.run(&["check", &file]);
        assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{file}");
        assert_eq!(checked.out, "1 file, no problems\n", "{file}");
        let tested = place.run(&["test", &file, "--format", "json"]);
        let summary: Value = serde_json::from_str(&tested.out).unwrap();
        let count = |key: &str| summary[key].as_u64().unwrap();
        assert_eq!(count("failed"), 0, "{file}: {}", tested.out);
        // Where nothing can run yet, that is told as a problem.
        assert_eq!(tested.code, i32::from(count("passed") == 0), "{file}: {}", tested.out);
        assert!(count("passed") + count("not_run") >= 2, "{file} has too few tests");
    }
}

#[test]
fn together_they_are_one_workspace() {
    let folder = examples().display().to_string();
    let checked = Place::new(&[]).run(&["check", &folder]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    assert_eq!(checked.out, format!("{} files, no problems\n", files().len()));
    let tested = Place::new(&[]).run(&["test", &folder]);
    assert_eq!(tested.code, 0, "{}", tested.out);
}

/// Every message that can leave is expected by some test, so that each is rendered.
#[test]
fn every_message_is_tested() {
    for file in files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let declared = text.lines().filter_map(|line| line.strip_prefix("email \""));
        for name in declared.filter_map(|rest| rest.split('"').next()) {
            let expected = format!("expect email \"{name}\"");
            assert!(text.contains(&expected), "{file}: no test says `{expected}`");
        }
    }
}

/// The files of an editor that saves half of a change must not look right.
#[test]
fn a_changed_example_fails_its_tests() {
    let text = std::fs::read_to_string(examples().join("abandoned-cart.journey")).unwrap();
    let broken = text.replace("wait 4 hours\n  send", "wait 5 hours\n  send");
    assert_ne!(text, broken);
    let tested = Place::new(&[("cart.journey", &broken)]).run(&["test", "cart.journey"]);
    assert_eq!(tested.code, 1, "{}", tested.out);
    assert!(tested.out.contains("FAIL a large cart gets an offer"), "{}", tested.out);
    assert!(tested.out.contains("what happened"), "{}", tested.out);
}

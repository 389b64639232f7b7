//! Sizes a reader can hold in mind.

use crate::source::{Token, code_only, functions, test_modules, tokens};
use crate::tree::File;
use crate::{Problem, report, tree};

const FILE_LINES_MAX: usize = 500;
/// Tests are lists of cases.
const TEST_FILE_LINES_MAX: usize = 1000;
const FUNCTION_LINES_MAX: usize = 70;
/// How far above a function its attributes may begin.
const ATTRIBUTE_LINES: usize = 8;

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_rust()) {
        let code = code_only(file.text());
        let lines = lines_without_tests(file.text(), &tokens(&code));
        let most = if file.is_test() { TEST_FILE_LINES_MAX } else { FILE_LINES_MAX };
        if lines > most {
            let message = format!(
                "{lines} lines without `mod tests`, at most {most}; give a subject a file of its own"
            );
            problems.push(Problem::new(&file.path, 0, message));
        }
    }
    report(&problems);
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_rust()) {
        problems.extend(long_functions(file));
    }
    report(&problems);
}

fn lines_without_tests(text: &str, tokens: &[Token<'_>]) -> usize {
    let tests: usize = test_modules(tokens).iter().map(|(first, last)| last - first + 1).sum();
    text.lines().count() - tests
}

fn long_functions(file: &File) -> Vec<Problem> {
    let code = code_only(file.text());
    let lines: Vec<&str> = file.text().lines().collect();
    let mut problems = Vec::new();
    for function in functions(&tokens(&code)) {
        let length = function.last - function.first + 1;
        let above = &lines[function.first.saturating_sub(ATTRIBUTE_LINES)..function.first];
        let is_expected = above.iter().any(|line| line.contains("clippy::too_many_lines"));
        if length > FUNCTION_LINES_MAX && !is_expected {
            let message = format!(
                "`{}` has {length} lines, at most {FUNCTION_LINES_MAX}; keep the branching, move what it does into \
                 functions, or say `#[expect(clippy::too_many_lines, reason = \"…\")]`",
                function.name
            );
            problems.push(Problem::new(&file.path, function.first, message));
        }
    }
    problems
}

#[test]
fn a_long_function_is_found_and_a_long_test_module_is_not_counted() {
    let body = "    let x = 1;\n".repeat(FUNCTION_LINES_MAX);
    let text = format!("//! A.\nfn long() {{\n{body}}}\n#[cfg(test)]\nmod tests {{\n{body}}}\n");
    let code = code_only(&text);
    assert_eq!(lines_without_tests(&text, &tokens(&code)), 1 + FUNCTION_LINES_MAX + 2);
    let file = File { path: "a.rs".to_owned(), length: text.len(), text: Some(text) };
    let found: Vec<String> = long_functions(&file).iter().map(|it| it.message.clone()).collect();
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with("`long` has 72 lines")),
        "{found:?}"
    );
}

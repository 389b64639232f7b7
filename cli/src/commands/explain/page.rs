//! Pages in Markdown, as a terminal shows them best; in a pipe they stay Markdown.

use crate::output;

/// How far code stands to the right.
const INDENT: &str = "    ";

/// The page, for whoever reads it.
pub(super) fn shown(page: &str) -> String {
    if output::is_watched() { rendered(page, output::colours_on_stdout()) } else { page.to_owned() }
}

/// A line above others.
pub(super) fn heading(text: &str) -> String {
    bold(text, output::colours_on_stdout())
}

/// Headings without their signs, and code without its fences.
fn rendered(page: &str, colours: bool) -> String {
    let mut text = String::new();
    let mut in_code = false;
    let mut was_blank = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        let is_blank = line.trim().is_empty();
        if is_blank && was_blank {
            continue;
        }
        was_blank = is_blank;
        if !is_blank {
            text.push_str(&match line.strip_prefix('#') {
                _ if in_code => format!("{INDENT}{}", coloured(line, "36", colours)),
                Some(title) => bold(title.trim_start_matches('#').trim_start(), colours),
                None => words(line, colours),
            });
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// What stands in back-ticks is coloured instead.
fn words(line: &str, colours: bool) -> String {
    if !colours || line.matches('`').count() % 2 == 1 {
        return line.to_owned();
    }
    let parts = line.split('`').enumerate();
    parts
        .map(
            |(index, part)| {
                if index % 2 == 1 { coloured(part, "36", true) } else { part.to_owned() }
            },
        )
        .collect()
}

fn bold(text: &str, colours: bool) -> String {
    coloured(text, "1", colours)
}

fn coloured(text: &str, style: &str, colours: bool) -> String {
    if colours { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::rendered;

    const PAGE: &str = "# J1: `a`\n\nSay `b`.\n\n```journey wrong\n# a remark\nx = 1\n```\n";

    #[test]
    fn a_page_on_a_terminal_has_no_signs_of_markdown() {
        assert_eq!(rendered(PAGE, false), "J1: `a`\n\nSay `b`.\n\n    # a remark\n    x = 1");
    }

    #[test]
    fn headings_are_bold_and_code_has_a_colour() {
        let expected = "\x1b[1mJ1: `a`\x1b[0m\n\nSay \x1b[36mb\x1b[0m.\n\n    \x1b[36m# a remark\x1b[0m\n    \x1b[36mx = 1\x1b[0m";
        assert_eq!(rendered(PAGE, true), expected);
    }
}

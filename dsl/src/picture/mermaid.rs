//! A campaign or broadcast as a Mermaid flowchart, for readmes, reviews and wikis.

use std::fmt::Write as _;

use super::chart::{self, Stop};
use super::family::{self, Family, Tone};
use super::subject::{Clause, Subject};

/// The flowchart as text, from the line `flowchart TD` on. Steps are named `s0`, `s1`, … in their
/// order; shapes are those of the kinds, so that the picture reads without colours.
#[must_use]
pub fn mermaid<'a>(subject: impl Into<Subject<'a>>) -> String {
    let subject = subject.into();
    // Writing to a string cannot fail.
    let mut text = String::from("flowchart TD\n");
    let _ = writeln!(text, "  enter(\"{}\"):::enter", entry(&subject));
    let mut families = Vec::new();
    for (index, step) in subject.graph.steps.iter().enumerate() {
        let family = Family::of(step);
        families.push(family);
        let (open, close) = brackets(family);
        let (title, class) = (escaped(&step.title), family.word());
        let _ = writeln!(text, "  s{index}{open}\"{title}\"{close}:::{class}");
    }
    let ways = chart::ways(subject.graph);
    if chart::is_finish_shown(&ways) {
        text.push_str("  finish((\"finished\"))\n");
    }
    for way in ways {
        let label = way.label.map(|label| format!("|\"{}\"|", escaped(&label))).unwrap_or_default();
        let _ = writeln!(text, "  {} -->{label} {}", name(way.from), name(way.to));
    }
    text += &class("enter", family::ENTER);
    for family in Family::ALL {
        if families.contains(&family) {
            text += &class(family.word(), family.tone());
        }
    }
    text
}

fn class(name: &str, Tone { strong, fill, .. }: Tone) -> String {
    format!("  classDef {name} fill:{fill},stroke:{strong},color:#1d2433\n")
}

/// Name and clauses, a line each.
fn entry(subject: &Subject) -> String {
    let mut lines = vec![format!("<b>{}</b>", escaped(subject.name))];
    lines.extend(subject.clauses.iter().map(Clause::text).map(|text| escaped(&text)));
    lines.join("<br/>")
}

const fn brackets(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Message => ("[", "]"),
        Family::Wait => ("([", "])"),
        Family::Listen => ("[[", "]]"),
        Family::Decision => ("{{", "}}"),
        Family::Data => ("[/", "/]"),
        Family::Call => ("[/", "\\]"),
        Family::Exit => ("(((", ")))"),
        Family::Note => (">", "]"),
    }
}

fn name(stop: Stop) -> String {
    match stop {
        Stop::Enter => "enter".to_owned(),
        Stop::Step(index) => format!("s{index}"),
        Stop::Finish => "finish".to_owned(),
    }
}

/// Mermaid's own entities: everything that could end a label, begin markup, a formula or a
/// directive, or be read as Markdown. Two signs of percent may begin a comment.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' | '#' | '`' | '\\' | '*' | '_' | ';' | '|' | '$' | '~' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            '%' if before == '%' => escaped.push_str("#37;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
        before = letter;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;

    #[test]
    fn the_flowchart_of_a_campaign() {
        insta::assert_snapshot!(mermaid(&samples::onboarding()));
    }

    #[test]
    fn no_text_can_leave_its_label() {
        for drawn in samples::all() {
            for line in mermaid(drawn.subject()).lines() {
                assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
            }
        }
        assert_eq!(escaped("a \"b\" <i> & #x\n"), "a #quot;b#quot; #lt;i#gt; #38; #35;x ");
        assert_eq!(escaped("%%{init: 10%}%%"), "%#37;{init: 10%}%#37;");
    }
}

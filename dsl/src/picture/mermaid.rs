//! A campaign as a Mermaid flowchart, for readmes, reviews and wikis.

use std::fmt::Write as _;

use super::chart::{Stop, kind, ways};
use super::words;
use crate::graph::{Campaign, Step, StepKind};

/// Colours of the classes, in the order in which they are written.
const CLASSES: [(&str, &str); 7] = [
    ("enter", "fill:#e7f6ec,stroke:#1f7a45,color:#123d25"),
    ("send", "fill:#e9f0fe,stroke:#2a62d9,color:#14306b"),
    ("wait", "fill:#fef5e0,stroke:#b0740f,color:#553708"),
    ("listen", "fill:#f2ecfe,stroke:#7546cf,color:#3a2169"),
    ("if", "fill:#e3f5f3,stroke:#0b7d72,color:#064039"),
    ("set", "fill:#fdeaf3,stroke:#b8356f,color:#5c1736"),
    ("exit", "fill:#fdeceb,stroke:#c23b33,color:#64191a"),
];

/// The flowchart as text, from the line `flowchart TD` on. Steps are named `s0`, `s1`, … in their
/// order; shapes are those of the kinds, so that the picture reads without colours.
#[must_use]
pub fn mermaid(campaign: &Campaign) -> String {
    // Writing to a string cannot fail.
    let mut text = String::from("flowchart TD\n");
    let _ = writeln!(text, "  enter(\"{}\"):::enter", entry(campaign));
    for (index, step) in campaign.graph.steps.iter().enumerate() {
        let (open, close) = brackets(step);
        let title = escaped(&step.title);
        let class = if kind(step) == "unset" { "set" } else { kind(step) };
        let _ = writeln!(text, "  s{index}{open}\"{title}\"{close}:::{class}");
    }
    let ways = ways(campaign);
    if ways.iter().any(|way| way.to == Stop::Finish) {
        text.push_str("  finish((\"finished\"))\n");
    }
    for way in ways {
        let label = way.label.map(|label| format!("|\"{}\"|", escaped(&label))).unwrap_or_default();
        let _ = writeln!(text, "  {} -->{label} {}", name(way.from), name(way.to));
    }
    for (class, style) in CLASSES {
        let _ = writeln!(text, "  classDef {class} {style}");
    }
    text
}

/// Name, triggers and clauses, a line each.
fn entry(campaign: &Campaign) -> String {
    let mut lines = vec![format!("<b>{}</b>", escaped(&campaign.name))];
    lines.extend(campaign.triggers.iter().map(|on| escaped(&format!("on {}", words::trigger(on)))));
    if let Some(condition) = &campaign.only_if {
        lines.push(escaped(&format!("only if {}", condition)));
    }
    lines.push(escaped(&format!("enter {}", words::enter(campaign.enter))));
    lines.extend(campaign.exits.iter().map(|exit| escaped(&exit.text)));
    lines.join("<br/>")
}

const fn brackets(step: &Step) -> (&'static str, &'static str) {
    match step.kind {
        StepKind::Send { .. } => ("[", "]"),
        StepKind::Wait(_) => ("([", "])"),
        StepKind::Listen { .. } => ("[[", "]]"),
        StepKind::If { .. } => ("{{", "}}"),
        StepKind::Set { .. } | StepKind::Unset(_) => ("[/", "/]"),
        StepKind::Exit => ("(((", ")))"),
    }
}

fn name(stop: Stop) -> String {
    match stop {
        Stop::Enter => "enter".to_owned(),
        Stop::Step(index) => format!("s{index}"),
        Stop::Finish => "finish".to_owned(),
    }
}

/// Mermaid's own entities: everything that could end a label, begin markup or be read as Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' | '#' | '`' | '\\' | '*' | '_' | ';' | '|' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
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
        for campaign in samples::all() {
            for line in mermaid(&campaign).lines() {
                assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
            }
        }
        assert_eq!(escaped("a \"b\" <i> & #x\n"), "a #quot;b#quot; #lt;i#gt; #38; #35;x ");
    }
}

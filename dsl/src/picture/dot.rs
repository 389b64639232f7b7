//! A campaign or broadcast as a DOT digraph, for Graphviz and what reads its language.

use std::fmt::Write as _;

use super::chart::{self, Stop, Way};
use super::family::{self, Family, Tone};
use super::lettering;
use super::subject::Subject;

const LETTERS: f64 = 12.0;
const SMALL_LETTERS: f64 = 10.0;
/// Graphviz does not break lines itself.
const ROOM: f64 = 230.0;
const LABEL_ROOM: f64 = 170.0;
const HEAD_ROOM: f64 = 420.0;
const LINES: usize = 6;

/// The digraph as text. Steps are named `s0`, `s1`, … in their order; long texts are cut, and stand
/// whole in `tooltip`.
#[must_use]
pub fn dot<'a>(subject: impl Into<Subject<'a>>) -> String {
    let subject = subject.into();
    // Writing to a string cannot fail.
    let mut text = format!("digraph {} {{\n", quoted(subject.name));
    text.push_str(
        "  rankdir=TB\n  bgcolor=\"#f6f7fa\"\n  pad=0.4\n  nodesep=0.4\n  ranksep=0.45\n",
    );
    let fonts = "fontname=\"Helvetica,Arial,sans-serif\"";
    let _ =
        writeln!(text, "  node [{fonts}, fontsize={LETTERS}, style=filled, margin=\"0.2,0.1\"]");
    let edges = format!("{fonts}, fontsize={SMALL_LETTERS}, color=\"#98a2b3\"");
    let _ = writeln!(text, "  edge [{edges}, fontcolor=\"#3b4558\"]");
    let entering = look(Family::Message).with(family::ENTER);
    let _ = writeln!(text, "  enter [{entering}, label={}]", entry(&subject));
    for (index, step) in subject.graph.steps.iter().enumerate() {
        let family = Family::of(step);
        let label = lines(&step.title, LETTERS, ROOM);
        let look = look(family).with(family.tone());
        let tooltip = quoted(&step.title);
        let _ = writeln!(text, "  s{index} [{look}, label={label}, tooltip={tooltip}]");
    }
    let ways = chart::ways(subject.graph);
    if chart::is_finish_shown(&ways) {
        let finished = look(Family::Wait).with(family::FINISH);
        let _ = writeln!(text, "  finish [{finished}, label=\"finished\"]");
    }
    for way in ways {
        let _ = writeln!(text, "  {}", edge(&way));
    }
    text.push_str("}\n");
    text
}

fn edge(way: &Way) -> String {
    let mut text = format!("{} -> {}", name(way.from), name(way.to));
    if let Some(label) = &way.label {
        let lines = lines(label, SMALL_LETTERS, LABEL_ROOM);
        let tooltip = quoted(label);
        let _ = write!(text, " [label={lines}, labeltooltip={tooltip}]");
    }
    text
}

/// Name and clauses, a line each, from the left.
fn entry(subject: &Subject) -> String {
    let texts = std::iter::once(subject.name.to_owned())
        .chain(subject.clauses.iter().map(super::subject::Clause::text));
    let lines: String = texts
        .flat_map(|text| lettering::wrap(&text, LETTERS, HEAD_ROOM, LINES))
        .map(|line| escaped(&line) + "\\l")
        .collect();
    format!("\"{lines}\"")
}

/// How a family is drawn, so that it is told apart without colours.
struct Look {
    shape: &'static str,
    style: &'static str,
    more: &'static str,
}

impl Look {
    fn with(&self, tone: Tone) -> String {
        let Self { shape, style, more } = self;
        let Tone { strong, fill, .. } = tone;
        format!("shape={shape}, style=\"{style}\"{more}, color=\"{strong}\", fillcolor=\"{fill}\"")
    }
}

const fn look(family: Family) -> Look {
    let (shape, style, more) = match family {
        Family::Message => ("box", "rounded,filled", ""),
        Family::Wait => ("oval", "filled", ""),
        Family::Listen => ("oval", "filled", ", peripheries=2"),
        Family::Decision => ("hexagon", "filled", ""),
        Family::Data => ("note", "filled", ""),
        Family::Call => ("cds", "filled", ""),
        Family::Exit => ("octagon", "filled", ""),
        Family::Note => ("box", "dashed,filled", ""),
    };
    Look { shape, style, more }
}

fn name(stop: Stop) -> String {
    match stop {
        Stop::Enter => "enter".to_owned(),
        Stop::Step(index) => format!("s{index}"),
        Stop::Finish => "finish".to_owned(),
    }
}

fn lines(text: &str, size: f64, room: f64) -> String {
    let lines: Vec<String> =
        lettering::wrap(text, size, room, LINES).iter().map(|line| escaped(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// In labels a backslash begins a placeholder (`\N` is the name of the node), and entities of HTML
/// are read.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '\\' => escaped.extend(['\\', letter]),
            '&' => escaped.push_str("&amp;"),
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
    fn the_digraph_of_a_campaign() {
        insta::assert_snapshot!(dot(&samples::onboarding()));
    }

    #[test]
    fn no_text_can_leave_its_quotes() {
        for drawn in samples::all() {
            for line in dot(drawn.subject()).lines() {
                let bare = line.replace("\\\\", "").replace("\\\"", "");
                assert!(bare.matches('"').count().is_multiple_of(2), "{line}");
            }
        }
        assert_eq!(escaped("a\\N \"b\" &amp;\n"), "a\\\\N \\\"b\\\" &amp;amp; ");
    }
}

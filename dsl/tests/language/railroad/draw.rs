//! From shapes to SVG, and to one line of text for those who cannot see it.

use std::collections::BTreeMap;

use ::railroad::{
    Choice, Diagram, Empty, MultiChoice, Node, NonTerminal, Optional, Repeat, Sequence, SimpleEnd,
    SimpleStart, Stack, Terminal, svg,
};

use super::shape::Shape;

/// What fits beside text.
const WIDTH_MAX: i64 = 720;
/// More ways than this stand in columns.
const COLUMN_MAX: usize = 12;
/// Between the pieces of a row.
const SPACING: i64 = 10;

const STYLE: &str = "\
svg.railroad{color:#1f2328;--rail:#8c959f;--word:#ddf4ff;--edge:#54aeff;--place:#f6f8fa}
@media(prefers-color-scheme:dark){svg.railroad{color:#e6edf3;--rail:#6e7681;--word:#10233d;--edge:#388bfd;--place:#161b22}}
.railroad path{fill:none;stroke:var(--rail);stroke-width:1.5}
.railroad rect{stroke-width:1.2}
.railroad .railroad_canvas{fill:none;stroke:none}
.railroad .terminal rect{fill:var(--word);stroke:var(--edge)}
.railroad .nonterminal rect{fill:var(--place);stroke:var(--rail)}
.railroad text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;text-anchor:middle;fill:currentColor}
.railroad .terminal text{font-weight:600}
.railroad .nonterminal text{font-style:italic}
";

type Drawn = Box<dyn Node>;

/// The picture of one rule.
pub(super) fn svg(title: &str, shape: &Shape) -> String {
    let mut diagram = Diagram::new(rows(shape));
    let size = BTreeMap::from([("width", diagram.width()), ("height", diagram.height())]);
    for (name, length) in size {
        diagram.attr(name.to_owned()).or_insert(length.to_string());
    }
    diagram.attr("role".to_owned()).or_insert("img".to_owned());
    diagram.add_element(svg::Element::new("title").raw_text(&escaped(title)));
    diagram.add_element(svg::Element::new("desc").raw_text(&escaped(&text(shape))));
    diagram.add_element(svg::Element::new("style").raw_text(STYLE));
    let drawn = diagram.to_string();
    let lines = drawn.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

/// From start to end; a row that is too wide goes on below.
fn rows(shape: &Shape) -> Drawn {
    let pieces = match shape {
        Shape::Row(pieces) => pieces.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut rows: Vec<Vec<Drawn>> = vec![Vec::new()];
    let mut width = 0;
    for piece in pieces {
        let drawn = node(piece);
        width += drawn.width() + SPACING;
        let row = rows.last_mut().expect("one from the start");
        if width > WIDTH_MAX && !row.is_empty() {
            width = drawn.width() + SPACING;
            rows.push(vec![drawn]);
        } else {
            row.push(drawn);
        }
    }
    let mut rows: Vec<Drawn> =
        rows.into_iter().map(|row| -> Drawn { Box::new(Sequence::new(row)) }).collect();
    let way: Drawn = if rows.len() > 1 { Box::new(Stack::new(rows)) } else { rows.remove(0) };
    Box::new(Sequence::new(vec![Box::new(SimpleStart), way, Box::new(SimpleEnd) as Drawn]))
}

fn node(shape: &Shape) -> Drawn {
    match shape {
        Shape::Nothing => Box::new(Empty),
        Shape::Word(word) => Box::new(Terminal::new(word.clone())),
        Shape::Place(label) => Box::new(NonTerminal::new(label.clone())),
        Shape::Row(pieces) => Box::new(Sequence::new(pieces.iter().map(node).collect())),
        Shape::Either(ways) if ways.len() > COLUMN_MAX => {
            let length = ways.len().div_ceil(ways.len().div_ceil(COLUMN_MAX));
            let columns = ways.chunks(length).map(|some| some.iter().map(node).collect());
            Box::new(MultiChoice::new(columns.collect()))
        }
        Shape::Either(ways) => Box::new(Choice::new(ways.iter().map(node).collect())),
        Shape::Maybe(of) => Box::new(Optional::new(node(of))),
        Shape::Many { of, between } => Box::new(Repeat::new(node(of), node(between))),
    }
}

/// The same as text: words in quotes, `?` for what may be left out, `…` for what may come again.
pub(super) fn text(shape: &Shape) -> String {
    match shape {
        Shape::Nothing => String::new(),
        Shape::Word(word) => format!("'{word}'"),
        Shape::Place(label) => label.clone(),
        Shape::Row(pieces) => pieces.iter().map(text).collect::<Vec<_>>().join(" "),
        Shape::Either(ways) => {
            format!("({})", ways.iter().map(text).collect::<Vec<_>>().join(" | "))
        }
        Shape::Maybe(of) => format!("{}?", grouped(of)),
        Shape::Many { of, between } if **between == Shape::Nothing => format!("{}…", grouped(of)),
        Shape::Many { of, between } => format!("({} with {} between)…", text(of), text(between)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn grouped(shape: &Shape) -> String {
    let text = text(shape);
    if matches!(shape, Shape::Row(_)) { format!("({text})") } else { text }
}

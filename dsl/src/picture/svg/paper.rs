//! Writing SVG: elements with escaped text and attributes, and nothing that a page around the
//! picture could collide with.

use std::fmt::Write as _;

use super::super::layout::Rect;

/// Interface fonts of the reader's own machine.
const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, \
                     'Noto Sans', sans-serif";
/// Icons are drawn on a square of this side.
const ICON_GRID: f64 = 24.0;

/// How text looks.
pub(super) struct Text {
    pub(super) size: f64,
    pub(super) weight: u32,
    pub(super) fill: &'static str,
    /// Around its x instead of from it.
    pub(super) centred: bool,
}

/// The picture, as far as it is written.
pub(super) struct Paper {
    text: String,
}

type Attributes<'a> = [(&'a str, &'a str)];

impl Paper {
    /// An empty picture; `name` is what screen readers say.
    pub(super) fn new(width: f64, height: f64, name: &str) -> Self {
        let (width, height) = (px(width.ceil()), px(height.ceil()));
        let mut paper = Self { text: String::new() };
        let view = format!("0 0 {width} {height}");
        paper.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("viewBox", &view),
                ("width", &width),
                ("height", &height),
                ("font-family", FONTS),
                ("role", "img"),
                ("aria-label", name),
            ],
        );
        paper.text.push('\n');
        paper.title(name);
        paper
    }

    pub(super) fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    /// Everything until [`Self::close_group`] is moved by `x` and `y`.
    pub(super) fn open_group(&mut self, x: f64, y: f64, attributes: &Attributes) {
        let moved = format!("translate({} {})", px(x), px(y));
        let mut all = attributes.to_vec();
        if x != 0.0 || y != 0.0 {
            all.push(("transform", &moved));
        }
        self.open("g", &all);
        self.text.push('\n');
    }

    pub(super) fn close_group(&mut self) {
        self.text.push_str("</g>\n");
    }

    /// What is shown where the pointer rests.
    pub(super) fn title(&mut self, text: &str) {
        self.whole("title", &[], text);
    }

    pub(super) fn rect(&mut self, rect: Rect, radius: f64, attributes: &Attributes) {
        let (x, y) = (px(rect.left), px(rect.top));
        let (width, height, radius) = (px(rect.width), px(rect.height), px(radius));
        let mut all = vec![("x", &*x), ("y", &*y), ("width", &*width), ("height", &*height)];
        if radius != "0" {
            all.push(("rx", &*radius));
        }
        all.extend(attributes);
        self.whole("rect", &all, "");
    }

    pub(super) fn path(&mut self, outline: &str, attributes: &Attributes) {
        let mut all = vec![("d", outline)];
        all.extend(attributes);
        self.whole("path", &all, "");
    }

    /// Text with its base line at `y`.
    pub(super) fn text(&mut self, x: f64, y: f64, content: &str, style: &Text) {
        self.text_with_tail((x, y), (content, style), None);
    }

    /// Text, and more text behind it that looks otherwise.
    pub(super) fn text_with_tail(
        &mut self,
        (x, y): (f64, f64),
        (content, style): (&str, &Text),
        tail: Option<&(String, Text)>,
    ) {
        let (x, y, size, weight) = (px(x), px(y), px(style.size), style.weight.to_string());
        let mut all = vec![("x", &*x), ("y", &*y), ("font-size", &*size), ("fill", style.fill)];
        all.push(("font-weight", &*weight));
        if style.centred {
            all.push(("text-anchor", "middle"));
        }
        self.open("text", &all);
        self.text.push_str(&escaped(content));
        if let Some((content, style)) = tail {
            let weight = style.weight.to_string();
            self.text.push(' ');
            self.open("tspan", &[("fill", style.fill), ("font-weight", &*weight)]);
            let _ = write!(self.text, "{}</tspan>", escaped(content));
        }
        self.text.push_str("</text>\n");
    }

    /// Line art around a middle, `side` wide.
    pub(super) fn icon(&mut self, art: &str, x: f64, y: f64, side: f64, stroke: &str) {
        let scale = side / ICON_GRID;
        let transform =
            format!("translate({} {}) scale({scale:.3})", px(x - side / 2.0), px(y - side / 2.0));
        let style = [
            ("transform", &*transform),
            ("fill", "none"),
            ("stroke", stroke),
            ("stroke-width", "2.4"),
            ("stroke-linecap", "round"),
            ("stroke-linejoin", "round"),
        ];
        self.path(art, &style);
    }

    fn open(&mut self, name: &str, attributes: &Attributes) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"{}\"", escaped(value));
        }
        self.text.push('>');
    }

    fn whole(&mut self, name: &str, attributes: &Attributes, content: &str) {
        self.open(name, attributes);
        if content.is_empty() {
            self.text.pop();
            self.text.push_str("/>\n");
        } else {
            let _ = writeln!(self.text, "{}</{name}>", escaped(content));
        }
    }
}

/// A length with at most one decimal.
pub(super) fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The next even length, so that halves stay whole.
pub(super) fn even(length: f64) -> f64 {
    (length / 2.0).ceil() * 2.0
}

/// A small number of lines as a length's factor.
pub(super) fn count(lines: usize) -> f64 {
    u32::try_from(lines).map_or(f64::MAX, f64::from)
}

/// Text for content and attributes; characters that XML forbids become the replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

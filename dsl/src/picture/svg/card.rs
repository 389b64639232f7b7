//! The card of a step: outline, icon, a small caption that names the kind, and what it does in large.

use super::super::family::{self, Family, Tone};
use super::super::layout::{Rect, Size};
use super::super::lettering;
use super::face::Face;
use super::icon;
use super::paper::{self, Paper, Text};
use super::shape::{self, Shape};
use super::{INK, SOFT_INK};
use crate::graph::Step;

const WIDTH: f64 = 256.0;
/// Conditions are longer than names, and points take room.
const HEXAGON_WIDTH: f64 = 292.0;
const HEADLINE: f64 = 14.0;
const HEADLINE_LINE: f64 = 19.0;
const HEADLINE_LINES: usize = 5;
const CAPTION: f64 = 11.0;
const CAPTION_LINE: f64 = 15.0;
const DETAIL: f64 = 12.0;
const DETAIL_LINE: f64 = 16.0;
const DETAIL_LINES: usize = 3;
/// Above and below the text.
const PAD_ABOVE: f64 = 12.0;
const LEAST_HEIGHT: f64 = 60.0;
const ICON_CIRCLE: f64 = 17.0;
const ICON: f64 = 18.0;
const PAD: f64 = 14.0;
const PILL_HEIGHT: f64 = 38.0;

/// A card, ready to be laid out and drawn.
pub(super) struct Card {
    shape: Shape,
    tone: Tone,
    icon: &'static str,
    /// A second line inside of the outline.
    double: bool,
    dashed: bool,
    /// Empty on the pills at the ends.
    caption: String,
    label: Option<String>,
    lines: Vec<String>,
    small_lines: Vec<String>,
    width: f64,
    height: f64,
}

impl Card {
    pub(super) fn enter() -> Self {
        Self::pill(family::ENTER, icon::DOOR_IN, "Enter")
    }

    pub(super) fn finish() -> Self {
        Self::pill(family::FINISH, icon::CHECK, "Finished")
    }

    pub(super) fn of_step(step: &Step) -> Self {
        let family = Family::of(step);
        let Face { icon, caption, headline, detail, dashed } = Face::of(step);
        let shape = Shape::of(family);
        let mut card = Self {
            shape,
            tone: family.tone(),
            icon,
            double: family == Family::Listen,
            dashed,
            caption,
            label: step.label.as_deref().map(str::to_owned),
            lines: Vec::new(),
            small_lines: Vec::new(),
            width: if shape == Shape::Hexagon { HEXAGON_WIDTH } else { WIDTH },
            height: 0.0,
        };
        card.lines =
            lettering::wrap(&headline, HEADLINE * lettering::BOLD, card.room(), HEADLINE_LINES);
        if let Some(detail) = detail {
            card.small_lines = lettering::wrap(&detail, DETAIL, card.room(), DETAIL_LINES);
        }
        card.height = paper::even(f64::max(LEAST_HEIGHT, card.text_height() + 2.0 * PAD_ABOVE));
        card
    }

    /// From the top of the caption to the end of the last line.
    fn text_height(&self) -> f64 {
        CAPTION_LINE
            + paper::count(self.lines.len()) * HEADLINE_LINE
            + paper::count(self.small_lines.len()) * DETAIL_LINE
    }

    fn pill(tone: Tone, icon: &'static str, word: &str) -> Self {
        let width = paper::even(lettering::width(word, HEADLINE) + 54.0);
        Self {
            shape: Shape::Stadium,
            tone,
            icon,
            double: false,
            dashed: false,
            caption: String::new(),
            label: None,
            lines: vec![word.to_owned()],
            small_lines: Vec::new(),
            width,
            height: PILL_HEIGHT,
        }
    }

    pub(super) fn size(&self) -> Size {
        let reach = self.width / 2.0 - self.shape.inset(self.height) - ICON_CIRCLE;
        Size { width: self.width, height: self.height, reach: reach.max(0.0) }
    }

    /// Draws the card with its upper left corner at 0, 0.
    pub(super) fn draw(&self, paper: &mut Paper) {
        let shadow = self.shape.outline(self.width, self.height, 0.0);
        paper.open_group(0.0, 2.0, &[]);
        paper.path(&shadow, &[("fill", "#1d2433"), ("fill-opacity", "0.07")]);
        paper.close_group();
        self.draw_outline(paper);
        let middle = self.height / 2.0;
        let radius = if self.caption.is_empty() { 11.0 } else { ICON_CIRCLE };
        let x = self.icon_middle();
        let circle = Rect {
            left: x - radius,
            top: middle - radius,
            width: radius * 2.0,
            height: radius * 2.0,
        };
        paper.rect(circle, radius, &[("fill", self.tone.strong)]);
        paper.icon(self.icon, x, middle, radius / ICON_CIRCLE * ICON, "#ffffff");
        self.draw_text(paper);
    }

    fn draw_outline(&self, paper: &mut Paper) {
        let mut style =
            vec![("fill", self.tone.fill), ("stroke", self.tone.line), ("stroke-width", "1.5")];
        style.push(("stroke-linejoin", "round"));
        if self.dashed {
            style.push(("stroke-dasharray", "5 4"));
        }
        paper.path(&self.shape.outline(self.width, self.height, 0.0), &style);
        if self.double {
            let inner = self.shape.outline(self.width, self.height, 4.0);
            paper.path(&inner, &[("fill", "none"), ("stroke", self.tone.line)]);
        }
        if self.shape == Shape::Sheet {
            paper.path(&shape::fold(self.width, self.height), &[("fill", self.tone.line)]);
        }
    }

    fn draw_text(&self, paper: &mut Paper) {
        let x = self.text_left();
        let mut y = self.height / 2.0 + 5.0;
        if !self.caption.is_empty() {
            y = (self.height - self.text_height()) / 2.0 + CAPTION - 1.0;
            self.draw_caption(paper, x, y);
            y += CAPTION_LINE + 4.0;
        }
        let style = Text { size: HEADLINE, weight: 600, fill: INK, centred: false };
        for line in &self.lines {
            paper.text(x, y, line, &style);
            y += HEADLINE_LINE;
        }
        let style = Text { size: DETAIL, weight: 400, fill: SOFT_INK, centred: false };
        for line in &self.small_lines {
            paper.text(x, y - 2.0, line, &style);
            y += DETAIL_LINE;
        }
    }

    fn draw_caption(&self, paper: &mut Paper, x: f64, y: f64) {
        let style = Text { size: CAPTION, weight: 600, fill: self.tone.strong, centred: false };
        let room = self.room() - lettering::width(&self.caption, CAPTION);
        let label = self.label.as_ref().map(|label| {
            let label = lettering::cut(&format!("· {label}"), CAPTION, room);
            (label, Text { size: CAPTION, weight: 500, fill: SOFT_INK, centred: false })
        });
        paper.text_with_tail((x, y), (&self.caption, &style), label.as_ref());
    }

    fn icon_middle(&self) -> f64 {
        match self.shape {
            _ if self.caption.is_empty() => PILL_HEIGHT / 2.0,
            Shape::Hexagon => PAD + 6.0 + ICON_CIRCLE,
            Shape::Stadium => PAD - 1.0 + ICON_CIRCLE,
            Shape::Slanted => PAD + 8.0 + ICON_CIRCLE,
            _ => PAD - 2.0 + ICON_CIRCLE,
        }
    }

    fn text_left(&self) -> f64 {
        if self.caption.is_empty() {
            return PILL_HEIGHT - 2.0;
        }
        self.icon_middle() + ICON_CIRCLE + 12.0
    }

    fn text_right(&self) -> f64 {
        let end = match self.shape {
            Shape::Rounded | Shape::Square => 12.0,
            Shape::Octagon | Shape::Stadium | Shape::Sheet => 18.0,
            Shape::Hexagon | Shape::Slanted => 22.0,
        };
        self.width - end
    }

    fn room(&self) -> f64 {
        self.text_right() - self.text_left()
    }
}

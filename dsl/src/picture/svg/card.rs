//! The card of a step: outline, icon, a small caption that names the kind, and what it does in large.

use super::super::layout::{Rect, Size};
use super::super::{lettering, words};
use super::paper::{self, Paper, Text};
use super::shape::{self, Shape};
use super::{INK, SOFT_INK};
use crate::graph::{Step, StepKind};

const WIDTH: f64 = 256.0;
/// Conditions are longer than names, and points take room.
const HEXAGON_WIDTH: f64 = 292.0;
const HEADLINE: f64 = 14.0;
const HEADLINE_LINE: f64 = 19.0;
const HEADLINE_LINES: usize = 5;
const CAPTION: f64 = 11.0;
/// From the top of a card with one line to its bottom.
const LEAST_HEIGHT: f64 = 60.0;
const ICON_CIRCLE: f64 = 17.0;
const ICON: f64 = 18.0;
const PAD: f64 = 14.0;
const PILL_HEIGHT: f64 = 38.0;

/// Colours of a kind.
struct Tone {
    /// Icon and caption.
    strong: &'static str,
    fill: &'static str,
    line: &'static str,
}

const ENTER: Tone = Tone { strong: "#1f7a45", fill: "#e7f6ec", line: "#8fcfa8" };
const SEND: Tone = Tone { strong: "#2a62d9", fill: "#edf3ff", line: "#a9c3f6" };
const WAIT: Tone = Tone { strong: "#a8690a", fill: "#fff7e3", line: "#e8c888" };
const LISTEN: Tone = Tone { strong: "#7546cf", fill: "#f5f0ff", line: "#c5b0f0" };
const DECIDE: Tone = Tone { strong: "#0b7d72", fill: "#e6f7f5", line: "#8fd0c9" };
const CHANGE: Tone = Tone { strong: "#b8356f", fill: "#fdeff5", line: "#e9aec9" };
const LEAVE: Tone = Tone { strong: "#c23b33", fill: "#fdf0ef", line: "#edb1ad" };
const FINISH: Tone = Tone { strong: "#475467", fill: "#ffffff", line: "#b6bfcc" };

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
    width: f64,
    height: f64,
}

impl Card {
    pub(super) fn enter() -> Self {
        Self::pill(ENTER, shape::DOOR_IN, "Enter")
    }

    pub(super) fn finish() -> Self {
        Self::pill(FINISH, shape::CHECK, "Finished")
    }

    pub(super) fn of_step(step: &Step) -> Self {
        let without = |head: &str| {
            step.title.strip_prefix(head).map_or(step.title.as_str(), str::trim_start).to_owned()
        };
        let (shape, tone, icon, caption, headline) = match &step.kind {
            StepKind::Send { channel, message, to, .. } => {
                let to = to.as_ref().map(|to| format!(" to {}", to));
                let headline = format!("{message}{}", to.unwrap_or_default());
                let caption = format!("Send {}", channel.word());
                (Shape::Rounded, SEND, shape::ENVELOPE, caption, headline)
            }
            StepKind::Wait(_) => {
                (Shape::Stadium, WAIT, shape::CLOCK, "Wait".to_owned(), without("wait"))
            }
            StepKind::Listen { limit, .. } => {
                let headline = limit.map_or("what comes first".to_owned(), |limit| {
                    format!("what comes first, up to {limit}")
                });
                (Shape::Stadium, LISTEN, shape::PULSE, "Wait for".to_owned(), headline)
            }
            StepKind::If { arms, .. } => match arms.as_slice() {
                [(condition, _)] => {
                    let headline = condition.to_string();
                    (Shape::Hexagon, DECIDE, shape::FORK, "If".to_owned(), headline)
                }
                _ => {
                    let headline = "the first that holds".to_owned();
                    (Shape::Hexagon, DECIDE, shape::FORK, "Decide".to_owned(), headline)
                }
            },
            StepKind::Set { .. } => {
                (Shape::Sheet, CHANGE, shape::PENCIL, "Set".to_owned(), without("set"))
            }
            StepKind::Unset(target) => {
                (Shape::Sheet, CHANGE, shape::CROSS, "Unset".to_owned(), words::target(target))
            }
            StepKind::Exit => {
                let headline = "leaves here".to_owned();
                (Shape::Octagon, LEAVE, shape::DOOR_OUT, "Exit".to_owned(), headline)
            }
        };
        let mut card = Self {
            shape,
            tone,
            icon,
            double: matches!(step.kind, StepKind::Listen { .. }),
            dashed: matches!(step.kind, StepKind::Unset(_)),
            caption,
            label: step.label.as_deref().map(str::to_owned),
            lines: Vec::new(),
            width: if shape == Shape::Hexagon { HEXAGON_WIDTH } else { WIDTH },
            height: LEAST_HEIGHT,
        };
        card.lines = lettering::wrap(&headline, HEADLINE, card.room(), HEADLINE_LINES);
        let more = paper::count(card.lines.len() - 1);
        card.height = LEAST_HEIGHT + more * HEADLINE_LINE;
        card
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
            let lines = paper::count(self.lines.len());
            y = (self.height - lines * HEADLINE_LINE - CAPTION) / 2.0 + CAPTION - 1.0;
            self.draw_caption(paper, x, y);
            y += HEADLINE_LINE;
        }
        let style = Text { size: HEADLINE, weight: 600, fill: INK, centred: false };
        for line in &self.lines {
            paper.text(x, y, line, &style);
            y += HEADLINE_LINE;
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
            Shape::Rounded => 12.0,
            Shape::Octagon | Shape::Stadium | Shape::Sheet => 18.0,
            Shape::Hexagon => 22.0,
        };
        self.width - end
    }

    fn room(&self) -> f64 {
        self.text_right() - self.text_left()
    }
}

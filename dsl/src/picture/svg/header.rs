//! The card at the top: name and description of the campaign, and the clauses by which people come
//! in and are taken out.

use super::super::layout::Rect;
use super::super::{lettering, words};
use super::paper::{self, Paper, Text};
use super::{INK, SOFT_INK, shape};
use crate::graph::Campaign;

const LEAST_WIDTH: f64 = 460.0;
const MOST_WIDTH: f64 = 720.0;
const PAD: f64 = 24.0;
const NAME: f64 = 22.0;
const NAME_LINE: f64 = 28.0;
const BODY: f64 = 14.0;
const BODY_LINE: f64 = 20.0;
/// Room for the names of the rows.
const ROW_NAMES: f64 = 128.0;
const ROW_GAP: f64 = 10.0;
const RULE_GAP: f64 = 16.0;
/// Lines of the name, of the description, of a clause.
const MOST_LINES: (usize, usize, usize) = (3, 6, 4);

/// One clause.
struct Row {
    icon: &'static str,
    tone: &'static str,
    name: &'static str,
    lines: Vec<String>,
}

/// The card, ready to be drawn.
pub(super) struct Header {
    pub(super) width: f64,
    pub(super) height: f64,
    name: Vec<String>,
    description: Vec<String>,
    rows: Vec<Row>,
}

impl Header {
    /// The header above a drawing of this width.
    pub(super) fn of(campaign: &Campaign, drawing: f64) -> Self {
        let width = paper::even(drawing.clamp(LEAST_WIDTH, MOST_WIDTH));
        let room = width - 2.0 * PAD;
        // Bold letters of this size run wider than those the estimate is made for.
        let name = lettering::wrap(&campaign.name, NAME * 1.06, room, MOST_LINES.0);
        let description = campaign
            .description
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .map_or_else(Vec::new, |text| lettering::wrap(text, BODY, room, MOST_LINES.1));
        let rows = rows(campaign, room - ROW_NAMES);
        let mut header = Self { width, height: 0.0, name, description, rows };
        header.height = header.needed_height();
        header
    }

    fn needed_height(&self) -> f64 {
        let rows: f64 =
            self.rows.iter().map(|row| paper::count(row.lines.len()) * BODY_LINE + ROW_GAP).sum();
        let description = paper::count(self.description.len()) * BODY_LINE;
        let space = if self.description.is_empty() { 0.0 } else { 4.0 };
        let name = paper::count(self.name.len()) * NAME_LINE;
        PAD + name + space + description + RULE_GAP * 2.0 + rows - ROW_GAP + PAD - 4.0
    }

    /// Draws the card with its upper left corner at `left`, `top`.
    pub(super) fn draw(&self, paper: &mut Paper, left: f64, top: f64) {
        paper.open_group(left.floor(), top.floor(), &[]);
        let card = Rect { left: 0.0, top: 0.0, width: self.width, height: self.height };
        let below = Rect { top: 2.0, ..card };
        paper.rect(below, 14.0, &[("fill", "#1d2433"), ("fill-opacity", "0.06")]);
        paper.rect(card, 14.0, &[("fill", "#ffffff"), ("stroke", "#dfe3ea")]);
        let mut y = PAD + NAME - 3.0;
        for line in &self.name {
            let style = Text { size: NAME, weight: 700, fill: INK, centred: false };
            paper.text(PAD, y, line, &style);
            y += NAME_LINE;
        }
        y += if self.description.is_empty() { 0.0 } else { 4.0 } - NAME_LINE + BODY_LINE + 4.0;
        for line in &self.description {
            let style = Text { size: BODY, weight: 400, fill: SOFT_INK, centred: false };
            paper.text(PAD, y, line, &style);
            y += BODY_LINE;
        }
        y += RULE_GAP - BODY;
        let rule = Rect { left: PAD, top: y, width: self.width - 2.0 * PAD, height: 1.0 };
        paper.rect(rule, 0.0, &[("fill", "#e7eaf0")]);
        self.draw_rows(paper, y + RULE_GAP + BODY);
        paper.close_group();
    }

    fn draw_rows(&self, paper: &mut Paper, from: f64) {
        let mut y = from;
        for row in &self.rows {
            paper.icon(row.icon, PAD + 8.0, y - 5.0, 16.0, row.tone);
            let style = Text { size: BODY, weight: 500, fill: SOFT_INK, centred: false };
            paper.text(PAD + 26.0, y, row.name, &style);
            let style = Text { size: BODY, weight: 600, fill: INK, centred: false };
            for line in &row.lines {
                paper.text(PAD + ROW_NAMES, y, line, &style);
                y += BODY_LINE;
            }
            y += ROW_GAP;
        }
    }
}

fn rows(campaign: &Campaign, room: f64) -> Vec<Row> {
    let row = |icon, tone, name, text: &str| Row {
        icon,
        tone,
        name,
        lines: lettering::wrap(text, BODY, room, MOST_LINES.2),
    };
    let mut rows = Vec::new();
    for (index, trigger) in campaign.triggers.iter().enumerate() {
        let name = if index == 0 { "Enters on" } else { "or on" };
        rows.push(row(shape::BOLT, "#1f7a45", name, &words::trigger(trigger)));
    }
    if let Some(condition) = &campaign.only_if {
        rows.push(row(shape::FUNNEL, "#0b7d72", "Only if", &condition.to_string()));
    }
    rows.push(row(shape::CIRCLE_ARROWS, "#a8690a", "How often", &words::enter(campaign.enter)));
    for exit in &campaign.exits {
        let text = exit.text.strip_prefix("exit when").map_or(&*exit.text, str::trim_start);
        rows.push(row(shape::DOOR_OUT, "#c23b33", "Leaves when", text));
    }
    if let Some(topic) = &campaign.topic {
        rows.push(row(shape::TAG, "#2a62d9", "Topic", topic));
    }
    rows
}

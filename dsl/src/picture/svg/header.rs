//! The card at the top: what it is, its name and description, and the clauses by which people come
//! in and are taken out, and messages are held back.

use super::super::layout::Rect;
use super::super::lettering;
use super::super::subject::{ClauseKind, Kind, Subject};
use super::paper::{self, Paper, Text};
use super::{INK, SOFT_INK, icon};

const LEAST_WIDTH: f64 = 460.0;
const MOST_WIDTH: f64 = 720.0;
const PAD: f64 = 24.0;
const KIND: f64 = 11.0;
const KIND_LINE: f64 = 18.0;
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
    text: String,
    lines: Vec<String>,
}

/// The card, ready to be drawn.
pub(super) struct Header {
    pub(super) width: f64,
    pub(super) height: f64,
    kind: &'static str,
    name: Vec<String>,
    description: Vec<String>,
    rows: Vec<Row>,
}

impl Header {
    /// The header above a drawing of this width.
    pub(super) fn of(subject: &Subject, drawing: f64) -> Self {
        let width = paper::even(drawing.clamp(LEAST_WIDTH, MOST_WIDTH));
        let room = width - 2.0 * PAD;
        let name = lettering::wrap(subject.name, NAME * lettering::BOLD, room, MOST_LINES.0);
        let description = subject
            .description
            .map_or_else(Vec::new, |text| lettering::wrap(text, BODY, room, MOST_LINES.1));
        let rows = rows(subject, room - ROW_NAMES);
        let kind = match subject.kind {
            Kind::Campaign => "CAMPAIGN",
            Kind::Broadcast => "BROADCAST",
        };
        let mut header = Self { width, height: 0.0, kind, name, description, rows };
        header.height = header.needed_height();
        header
    }

    fn needed_height(&self) -> f64 {
        let rows: f64 =
            self.rows.iter().map(|row| paper::count(row.lines.len()) * BODY_LINE + ROW_GAP).sum();
        let description = paper::count(self.description.len()) * BODY_LINE;
        let space = if self.description.is_empty() { 0.0 } else { 4.0 };
        let name = paper::count(self.name.len()) * NAME_LINE;
        PAD + KIND_LINE + name + space + description + RULE_GAP * 2.0 + rows - ROW_GAP + PAD - 4.0
    }

    /// Draws the card with its upper left corner at `left`, `top`.
    pub(super) fn draw(&self, paper: &mut Paper, left: f64, top: f64) {
        paper.open_group(left.floor(), top.floor(), &[]);
        let card = Rect { left: 0.0, top: 0.0, width: self.width, height: self.height };
        let below = Rect { top: 2.0, ..card };
        paper.rect(below, 14.0, &[("fill", "#1d2433"), ("fill-opacity", "0.06")]);
        paper.rect(card, 14.0, &[("fill", "#ffffff"), ("stroke", "#dfe3ea")]);
        let style = Text { size: KIND, weight: 700, fill: SOFT_INK, centred: false };
        paper.text(PAD, PAD + KIND - 2.0, self.kind, &style);
        let mut y = PAD + KIND_LINE + NAME - 3.0;
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
            paper.open_group(0.0, 0.0, &[]);
            paper.title(&row.text);
            for line in &row.lines {
                paper.text(PAD + ROW_NAMES, y, line, &style);
                y += BODY_LINE;
            }
            paper.close_group();
            y += ROW_GAP;
        }
    }
}

fn rows(subject: &Subject, room: f64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for clause in &subject.clauses {
        let (icon, tone, name) = look(clause.kind);
        let again = clause.kind == ClauseKind::On && !rows.is_empty();
        let lines = lettering::wrap(&clause.rest, BODY * lettering::BOLD, room, MOST_LINES.2);
        let name = if again { "or on" } else { name };
        rows.push(Row { icon, tone, name, text: clause.text(), lines });
    }
    rows
}

/// Icon, colour and name of a row.
const fn look(kind: ClauseKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        ClauseKind::On => (icon::BOLT, "#1f7a45", "Enters on"),
        ClauseKind::OnlyIf => (icon::FUNNEL, "#0b7d72", "Only if"),
        ClauseKind::Enter => (icon::CIRCLE_ARROWS, "#a8690a", "How often"),
        ClauseKind::ExitWhen => (icon::DOOR_OUT, "#c23b33", "Leaves when"),
        ClauseKind::To => (icon::PERSON, "#0b7d72", "Goes to"),
        ClauseKind::At => (icon::CALENDAR, "#a8690a", "Starts at"),
        ClauseKind::Goal => (icon::FLAG, "#1f7a45", "Goal"),
        ClauseKind::Topic => (icon::TAG, "#2a62d9", "Topic"),
        ClauseKind::SendOnly => (icon::CLOCK, "#a8690a", "Sends only"),
        ClauseKind::Limit => (icon::GAUGE, "#7546cf", "At most"),
        ClauseKind::Holdout => (icon::SHIELD, "#b8356f", "Held out"),
    }
}

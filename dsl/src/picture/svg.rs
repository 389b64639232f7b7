//! A campaign or broadcast as an SVG that stands alone: no outside font, style, script or id, so that
//! any number of them fit into one page. It brings its own light ground with round corners, for
//! slides and pages of any colour.

use super::Counts;
use super::chart::{self, Stop, Way};
use super::layout::{self, Drawing, Link, Point, Rect, Size, Sketch};
use super::lettering;
use super::subject::Subject;
use crate::graph::{Graph, Step};

mod card;
mod face;
mod header;
mod icon;
mod paper;
mod shape;

use card::Card;
use header::Header;
use paper::{Paper, Text};

/// Around everything.
const MARGIN: f64 = 36.0;
/// From the header to the first box.
const HEADER_GAP: f64 = 28.0;
const GROUND_ROUND: f64 = 16.0;
const BACKGROUND: &str = "#f6f7fa";
const WAY_COLOUR: &str = "#98a2b3";
const BACK_COLOUR: &str = "#0b7d72";
const INK: &str = "#1d2433";
const SOFT_INK: &str = "#5d6778";
/// How much of a corner of a way is rounded.
const CORNER: f64 = 10.0;
const ARROW_LENGTH: f64 = 8.0;
const ARROW_HALF: f64 = 4.5;
const LABEL_SIZE: f64 = 12.0;
const LABEL_LINE: f64 = 16.0;
const LABEL_ROOM: f64 = 190.0;
const LABEL_LINES: usize = 5;
const LABEL_PAD: f64 = 10.0;
const BADGE_HEIGHT: f64 = 22.0;
const BADGE_COLOUR: &str = "#3d3a8c";

/// The picture of a campaign or broadcast; a step that `counts` names carries a badge with that
/// number.
///
/// Every step is a `<g>` with its id in `data-step`. Texts that are cut stand whole in a `<title>`.
#[must_use]
pub fn svg<'a>(subject: impl Into<Subject<'a>>, counts: &Counts) -> String {
    let subject = subject.into();
    let scene = Scene::of(&subject);
    let drawing = &scene.drawing;
    let header = Header::of(&subject, drawing.width);
    let width = drawing.width.max(header.width) + 2.0 * MARGIN;
    let height = MARGIN + header.height + HEADER_GAP + drawing.height + MARGIN;
    let mut paper = Paper::new(width, height, subject.name);
    let ground = Rect { left: 0.0, top: 0.0, width: width.ceil(), height: height.ceil() };
    paper.rect(ground, GROUND_ROUND, &[("fill", BACKGROUND)]);
    let left = (width - drawing.width) / 2.0;
    header.draw(&mut paper, header_left(&header, drawing, left, width), MARGIN);

    let top = MARGIN + header.height + HEADER_GAP;
    paper.open_group(left.floor(), top.floor(), &[]);
    scene.draw(&mut paper, subject.graph, counts);
    paper.close_group();
    paper.finish()
}

/// All that stands below the header, in its place.
struct Scene {
    ways: Vec<Way>,
    stops: Vec<Stop>,
    cards: Vec<Card>,
    labels: Vec<Option<Vec<String>>>,
    drawing: Drawing,
}

impl Scene {
    fn of(subject: &Subject) -> Self {
        let ways = chart::ways(subject.graph);
        let stops = stops(subject.graph, &ways);
        let cards: Vec<Card> = stops.iter().map(|stop| card(subject.graph, *stop)).collect();
        let labels: Vec<Option<Vec<String>>> = ways.iter().map(label_lines).collect();
        let drawing = layout::arrange(&sketch(&stops, &cards, &ways, &labels));
        Self { ways, stops, cards, labels, drawing }
    }

    fn draw(&self, paper: &mut Paper, graph: &Graph, counts: &Counts) {
        let Self { ways, stops, cards, labels, drawing } = self;
        draw_ways(paper, drawing);
        for ((way, lines), rect) in ways.iter().zip(labels).zip(&drawing.labels) {
            if let (Some(text), Some(lines), Some(rect)) = (&way.label, lines, rect) {
                draw_label(paper, text, lines, *rect);
            }
        }
        for ((stop, card), rect) in stops.iter().zip(cards).zip(&drawing.boxes) {
            draw_stop(paper, step_of(graph, *stop), card, *rect);
        }
        for (stop, rect) in stops.iter().zip(&drawing.boxes) {
            let count = step_of(graph, *stop).and_then(|step| counts.get(&*step.id));
            if let Some(count) = count.filter(|count| **count > 0) {
                draw_badge(paper, *count, *rect);
            }
        }
    }
}

/// Enter, every step, and where a run finishes if any way leads there.
fn stops(graph: &Graph, ways: &[Way]) -> Vec<Stop> {
    let mut stops = vec![Stop::Enter];
    stops.extend((0..graph.steps.len()).map(Stop::Step));
    if chart::is_finish_shown(ways) {
        stops.push(Stop::Finish);
    }
    stops
}

fn step_of(graph: &Graph, stop: Stop) -> Option<&Step> {
    match stop {
        Stop::Step(index) => graph.steps.get(index),
        Stop::Enter | Stop::Finish => None,
    }
}

fn card(graph: &Graph, stop: Stop) -> Card {
    match (stop, step_of(graph, stop)) {
        (_, Some(step)) => Card::of_step(step),
        (Stop::Enter, None) => Card::enter(),
        (_, None) => Card::finish(),
    }
}

fn label_lines(way: &Way) -> Option<Vec<String>> {
    let label = way.label.as_ref()?;
    Some(lettering::wrap(label, LABEL_SIZE, LABEL_ROOM, LABEL_LINES))
}

fn sketch(stops: &[Stop], cards: &[Card], ways: &[Way], labels: &[Option<Vec<String>>]) -> Sketch {
    // The order of `stops`.
    let last = stops.len().saturating_sub(1);
    let place = |stop: Stop| match stop {
        Stop::Enter => 0,
        Stop::Step(step) => step + 1,
        Stop::Finish => last,
    };
    let link = |(way, lines): (&Way, &Option<Vec<String>>)| Link {
        from: place(way.from),
        to: place(way.to),
        label: lines.as_deref().map(label_size),
    };
    Sketch {
        boxes: cards.iter().map(Card::size).collect(),
        links: ways.iter().zip(labels).map(link).collect(),
    }
}

fn label_size(lines: &[String]) -> Size {
    let widest = lines.iter().map(|line| lettering::width(line, LABEL_SIZE)).fold(0.0, f64::max);
    let width = paper::even(widest + 2.0 * LABEL_PAD);
    let height = paper::count(lines.len()) * LABEL_LINE + 10.0;
    Size { width, height, reach: width / 2.0 - LABEL_PAD }
}

/// Above the place where people enter, as far as the sheet allows.
fn header_left(header: &Header, drawing: &Drawing, left: f64, width: f64) -> f64 {
    let enter = drawing.boxes.first().map_or(0.0, |rect| rect.left + rect.width / 2.0);
    let last = width - MARGIN - header.width;
    (left + enter - header.width / 2.0).min(last).max(MARGIN)
}

/// Ways back are dashed, and lie under the others with which they share their end.
fn draw_ways(paper: &mut Paper, drawing: &Drawing) {
    let drawn = || drawing.ways.iter().filter(|way| way.len() > 1);
    for way in drawn().filter(|way| leads_back(way)) {
        let dashes = ("stroke-dasharray", "7 5");
        let stroke = [("fill", "none"), ("stroke", BACK_COLOUR), ("stroke-width", "1.75"), dashes];
        paper.path(&rounded(way), &stroke);
    }
    for way in drawn().filter(|way| !leads_back(way)) {
        let stroke = [("fill", "none"), ("stroke", WAY_COLOUR), ("stroke-width", "1.75")];
        paper.path(&rounded(way), &stroke);
    }
    let mut tips: Vec<Point> = drawing.ways.iter().filter_map(|way| way.last().copied()).collect();
    tips.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    tips.dedup();
    for Point { x, y } in tips {
        let tip = shape::polygon(&[
            (x - ARROW_HALF, y - ARROW_LENGTH),
            (x + ARROW_HALF, y - ARROW_LENGTH),
            (x, y),
        ]);
        paper.path(&tip, &[("fill", WAY_COLOUR)]);
    }
}

fn leads_back(way: &[Point]) -> bool {
    matches!(way, [first, .., last] if last.y < first.y)
}

/// The way as a path with round corners.
fn rounded(way: &[Point]) -> String {
    let px = paper::px;
    let mut path = String::new();
    if let Some(first) = way.first() {
        path += &format!("M{} {}", px(first.x), px(first.y));
    }
    for corner in way.windows(3) {
        let [before, at, after] = corner else { continue };
        let near = |end: &Point| {
            let (dx, dy) = (end.x - at.x, end.y - at.y);
            let length = dx.abs().max(dy.abs());
            let part = if length > 0.0 { CORNER.min(length / 2.0) / length } else { 0.0 };
            (px(at.x + dx * part), px(at.y + dy * part))
        };
        let ((from_x, from_y), (to_x, to_y)) = (near(before), near(after));
        path += &format!("L{from_x} {from_y}Q{} {} {to_x} {to_y}", px(at.x), px(at.y));
    }
    if let Some(last) = way.last() {
        path += &format!("L{} {}", px(last.x), px(last.y));
    }
    path
}

fn draw_label(paper: &mut Paper, whole: &str, lines: &[String], rect: Rect) {
    paper.open_group(0.0, 0.0, &[]);
    paper.title(whole);
    paper.rect(rect, 8.0, &[("fill", "#ffffff"), ("stroke", "#d5dae3"), ("stroke-width", "1")]);
    let mut y = rect.top + 5.0 + LABEL_SIZE;
    for line in lines {
        let x = rect.left + rect.width / 2.0;
        let text = Text { size: LABEL_SIZE, weight: 500, fill: "#3b4558", centred: true };
        paper.text(x, y, line, &text);
        y += LABEL_LINE;
    }
    paper.close_group();
}

fn draw_stop(paper: &mut Paper, step: Option<&Step>, card: &Card, rect: Rect) {
    match step {
        Some(step) => {
            paper.open_group(rect.left, rect.top, &[("data-step", &*step.id)]);
            paper.title(&step.title);
        }
        None => paper.open_group(rect.left, rect.top, &[]),
    }
    card.draw(paper);
    paper.close_group();
}

fn draw_badge(paper: &mut Paper, count: u64, rect: Rect) {
    let text = grouped(count);
    let width = paper::even(lettering::width(&text, LABEL_SIZE) + 32.0);
    let badge = Rect {
        left: rect.right() - width + 6.0,
        top: rect.top - BADGE_HEIGHT / 2.0,
        width,
        height: BADGE_HEIGHT,
    };
    let style = [("fill", BADGE_COLOUR), ("stroke", BACKGROUND), ("stroke-width", "2")];
    paper.open_group(0.0, 0.0, &[("data-people", &count.to_string())]);
    paper.rect(badge, BADGE_HEIGHT / 2.0, &style);
    paper.icon(icon::PERSON, badge.left + 15.0, rect.top, 13.0, "#ffffff");
    let style = Text { size: LABEL_SIZE, weight: 700, fill: "#ffffff", centred: false };
    paper.text(badge.left + 24.0, rect.top + 4.0, &text, &style);
    paper.close_group();
}

/// `12,345`
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests;

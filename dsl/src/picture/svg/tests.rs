//! What every picture must show, and that text cannot break it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::graph::Campaign;
use crate::picture::family::Family;
use crate::picture::samples;

/// The least of an XML reader: that elements close in order and attributes are quoted. Returns the
/// text content and the values of `attribute`.
fn read(svg: &str, attribute: &str) -> (String, Vec<String>) {
    let mut open = Vec::new();
    let mut content = String::new();
    let mut values = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("tag ends");
        assert!(!text.contains('>') && !tag.contains(['\n', '\0']), "{piece}");
        content.push_str(text);
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let inner = tag.strip_suffix('/').unwrap_or(tag);
        let (name, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        assert_eq!(rest.matches('"').count() % 2, 0, "{tag}");
        let parts: Vec<&str> = rest.split('"').collect();
        for pair in parts.chunks_exact(2) {
            assert!(pair[0].ends_with('='), "{tag}");
            if pair[0].trim() == format!("{attribute}=") {
                values.push(pair[1].to_owned());
            }
        }
        if inner.len() == tag.len() {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for entity in svg.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|name| entity.starts_with(name)));
    }
    (content, values)
}

#[test]
fn every_step_is_shown_once_and_text_stays_text() {
    for drawn in samples::all() {
        let subject = drawn.subject();
        let picture = svg(subject.clone(), &Counts::new());
        let (_, mut shown) = read(&picture, "data-step");
        assert_eq!(shown.len(), subject.graph.steps.len(), "{}", subject.name);
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), subject.graph.steps.len(), "{}", subject.name);
        for forbidden in ["<script", "<b>", " id=", "url(", "<style", "href"] {
            assert!(!picture.contains(forbidden), "{forbidden} in {}", subject.name);
        }
    }
}

#[test]
fn triggers_and_clauses_are_shown() {
    let (text, _) = read(&svg(&samples::onboarding(), &Counts::new()), "x");
    for part in [
        "Trial onboarding",
        "event &quot;signed_up&quot; where event.plan == &quot;trial&quot;",
        "not in segment &quot;Employees&quot;",
        "once",
        "in segment &quot;Paying customers&quot;",
        "Product news",
        "after 5 days",
        "on performed &quot;project_created&quot; since entry",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn people_stand_where_they_are_counted() {
    let campaign = samples::onboarding();
    let id = campaign.graph.steps[1].id.to_string();
    let none = campaign.graph.steps[3].id.to_string();
    let counts = Counts::from([(id, 12_345), (none, 0), ("no such step".to_owned(), 9)]);
    let (text, people) = read(&svg(&campaign, &counts), "data-people");
    assert_eq!(people, ["12345"]);
    assert!(text.contains("12,345"));
}

#[test]
fn kinds_are_told_apart_by_icon_and_caption_and_families_by_shape_and_colour() {
    let mut captions = BTreeSet::new();
    let mut icons = BTreeSet::new();
    let mut looks = BTreeSet::new();
    for step in &samples::every_kind().graph.steps {
        let face = face::Face::of(step);
        let family = Family::of(step);
        captions.insert((face.icon, face.caption));
        icons.insert(face.icon);
        looks.insert((format!("{:?}", shape::Shape::of(family)), family.tone().strong));
    }
    // A draft has the icon of its channel; both ways to split and to unsubscribe share theirs.
    assert_eq!(icons.len(), captions.len() - 3);
    assert_eq!(looks.len(), Family::ALL.len());
    // Four more for the channels, one each for the draft, the fresh split, `unsubscribe`.
    assert_eq!(captions.len(), samples::KINDS + 7);
}

#[test]
fn what_is_cut_stands_whole_in_a_title() {
    let long = format!("send email \"{}\"", "very-long-name-".repeat(40));
    let mut steps = vec![samples::wait(2, Some(1)), samples::wait(3, None)];
    steps[1].title.clone_from(&long);
    let (text, _) = read(&svg(&samples::campaign("x", steps), &Counts::new()), "x");
    assert!(text.contains(&long.replace('"', "&quot;")));
    let (text, _) = read(&svg(&samples::odd_text(), &Counts::new()), "x");
    assert!(text.contains('…'));
}

#[test]
fn shares_and_limits_and_the_loop_are_shown() {
    let (text, dashes) = read(&svg(&samples::nested(), &Counts::new()), "stroke-dasharray");
    for part in [
        "50% &quot;control&quot;",
        "80% get the winner",
        "each round",
        "done",
        "1000 per hour",
        "weekdays 09:00..20:00",
        "5%",
        "&quot;Paid&quot; when event &quot;paid&quot;",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(dashes.iter().any(|dash| dash == "7 5"));
}

#[test]
fn a_broadcast_says_to_whom_and_when() {
    let (text, _) = read(&svg(&samples::broadcast(), &Counts::new()), "x");
    for part in ["BROADCAST", "March news", "Goes to", "Starts at", "Held out", "2.5%"] {
        assert!(text.contains(part), "{part}");
    }
}

/// Graphs whose steps go on as drawn by lot, forwards and backwards.
fn campaigns() -> impl Strategy<Value = Campaign> {
    let next = proptest::option::of(0_usize..20);
    let kinds = samples::every_kind().graph.steps;
    let step = (0..kinds.len(), proptest::collection::vec(next, 1..8), ".{0,40}");
    proptest::collection::vec(step, 0..16).prop_map(move |drawn| {
        let steps = drawn
            .into_iter()
            .map(|(kind, ways, text)| samples::led(kinds[kind].kind.clone(), &text, &ways));
        samples::campaign("Any", steps.collect())
    })
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom()
}

/// Boxes and labels lie inside of the drawing and apart, ways lead from box to box.
fn check(scene: &Scene) -> Result<(), TestCaseError> {
    let drawing = &scene.drawing;
    let mut all = drawing.boxes.clone();
    all.extend(drawing.labels.iter().flatten());
    for (index, rect) in all.iter().enumerate() {
        prop_assert!(rect.left >= 0.0 && rect.top >= 0.0, "{rect:?}");
        prop_assert!(rect.right() <= drawing.width && rect.bottom() <= drawing.height);
        for other in &all[index + 1..] {
            prop_assert!(!overlap(*rect, *other), "{rect:?} {other:?}");
        }
    }
    let place = |stop: Stop| scene.stops.iter().position(|other| *other == stop).unwrap();
    for (way, points) in scene.ways.iter().zip(&drawing.ways) {
        let (from, to) = (drawing.boxes[place(way.from)], drawing.boxes[place(way.to)]);
        let (first, last) = (points[0], points[points.len() - 1]);
        prop_assert!(first.y == from.bottom() && from.left < first.x && first.x < from.right());
        prop_assert!(last.y == to.top && to.left < last.x && last.x < to.right());
    }
    Ok(())
}

#[test]
fn nothing_overlaps_in_the_samples() {
    for drawn in samples::all() {
        check(&Scene::of(&drawn.subject())).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_graph_has_a_well_formed_picture(campaign in campaigns()) {
        check(&Scene::of(&Subject::from(&campaign)))?;
        let (_, shown) = read(&svg(&campaign, &Counts::new()), "data-step");
        prop_assert_eq!(shown.len(), campaign.graph.steps.len());
    }
}

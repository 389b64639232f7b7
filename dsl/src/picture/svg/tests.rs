//! What every picture must show, and that text cannot break it.

use proptest::prelude::*;

use super::*;
use crate::graph::StepKind;
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
    for campaign in samples::all() {
        let picture = svg(&campaign, &Counts::new());
        let (_, shown) = read(&picture, "data-step");
        assert_eq!(shown.len(), campaign.graph.steps.len(), "{}", campaign.name);
        for forbidden in ["<script", "<b>", " id=", "url(", "<style", "href"] {
            assert!(!picture.contains(forbidden), "{forbidden} in {}", campaign.name);
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
        "on event &quot;project_created&quot;",
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
fn every_kind_has_its_own_icon() {
    let mut seen = Vec::new();
    for campaign in [samples::onboarding(), samples::many_ways()] {
        for step in &campaign.graph.steps {
            let mut paper = Paper::new(1.0, 1.0, "");
            Card::of_step(step).draw(&mut paper);
            let (_, outlines) = read(&paper.finish(), "d");
            let icon = outlines.last().cloned().unwrap();
            let entry = (chart::kind(step), icon);
            if !seen.contains(&entry) {
                seen.push(entry);
            }
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}

/// A campaign whose steps go on as drawn by lot.
fn campaigns() -> impl Strategy<Value = Campaign> {
    let next = proptest::option::of(0_usize..14);
    let step = (0_u8..4, next.clone(), next, ".{0,40}");
    proptest::collection::vec(step, 0..12).prop_map(|steps| {
        let steps = steps
            .into_iter()
            .map(|(kind, first, second, text)| match kind {
                0 => samples::send(&text, first),
                1 => samples::wait(3, first),
                2 => samples::when(samples::equal("plan", &text), first, second),
                _ => samples::step("exit", None, None, StepKind::Exit),
            })
            .collect();
        samples::campaign("Any", steps)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_campaign_has_a_well_formed_picture(campaign in campaigns()) {
        let (_, shown) = read(&svg(&campaign, &Counts::new()), "data-step");
        prop_assert_eq!(shown.len(), campaign.graph.steps.len());
    }
}

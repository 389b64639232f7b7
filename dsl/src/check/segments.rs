//! Segments that are defined by each other.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::ast::{Condition, ConditionKind, DeclarationKind, File, Name};
use crate::diagnostic::{Code, Diagnostic};

/// Each declared segment, with the segments it asks for.
type Asks<'n> = BTreeMap<&'n str, (&'n Name, Vec<&'n Name>)>;

impl Check<'_> {
    pub(super) fn segment_loops(&mut self, files: &[File]) {
        let mut asks = Asks::new();
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            if let DeclarationKind::Segment(condition) = &declaration.kind {
                let mut asked = Vec::new();
                segments_of(condition, &mut asked);
                asks.entry(&declaration.name.value).or_insert((&declaration.name, asked));
            }
        }
        let mut done = BTreeSet::new();
        for name in asks.keys() {
            if let Some(ring) = ring(name, &asks, &mut done) {
                self.report_loop(&ring, &asks);
            }
        }
    }

    fn report_loop(&mut self, ring: &[&str], asks: &Asks<'_>) {
        let Some((name, asked)) = ring.first().and_then(|first| asks.get(first)) else {
            return;
        };
        let next = ring.get(1).or(ring.first()).copied().unwrap_or_default();
        let place =
            asked.iter().find(|other| other.value == next).map_or(name.span, |other| other.span);
        let message = if ring.len() == 1 {
            format!("the segment `{}` is defined by itself", name.value)
        } else {
            let shown: Vec<String> = ring.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "segments are defined by each other: {}, and again {}",
                shown.join(", "),
                shown.first().cloned().unwrap_or_default()
            )
        };
        self.report(
            Diagnostic::new(Code::J0311, place, message)
                .here("this leads back")
                .help("define one of them without asking for the others"),
        );
    }
}

/// The first loop that is reached from `name`. Without recursion, since chains may be long.
fn ring<'n>(name: &'n str, asks: &Asks<'n>, done: &mut BTreeSet<&'n str>) -> Option<Vec<&'n str>> {
    let mut way: Vec<(&'n str, usize)> = vec![(name, 0)];
    while let Some((at, tried)) = way.last_mut() {
        let next =
            asks.get(at).filter(|_| !done.contains(at)).and_then(|(_, asked)| asked.get(*tried));
        let Some(next) = next else {
            done.insert(at);
            way.pop();
            continue;
        };
        *tried += 1;
        let next = next.value.as_str();
        if let Some(from) = way.iter().position(|(before, _)| *before == next) {
            done.extend(way.iter().map(|(on_way, _)| *on_way));
            return Some(way.iter().skip(from).map(|(on_ring, _)| *on_ring).collect());
        }
        if !done.contains(next) {
            way.push((next, 0));
        }
    }
    None
}

fn segments_of<'c>(condition: &'c Condition, found: &mut Vec<&'c Name>) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                segments_of(part, found);
            }
        }
        ConditionKind::Not(inner) => segments_of(inner, found),
        ConditionKind::InSegment(name) => found.push(name),
        ConditionKind::Compare { .. }
        | ConditionKind::Between { .. }
        | ConditionKind::In { .. }
        | ConditionKind::Text { .. }
        | ConditionKind::Presence { .. }
        | ConditionKind::Performed { .. }
        | ConditionKind::Unknown => {}
    }
}

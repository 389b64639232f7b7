//! Names that lead back to themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

/// Declared names, each with the names it leads to and the places where it does.
pub(super) type Links<'n> = BTreeMap<&'n str, Vec<(&'n str, Span)>>;

/// How a loop is told.
pub(super) struct Telling {
    pub(super) code: Code,
    /// Of one name: `the segment` … `is defined by itself`.
    pub(super) alone: (&'static str, &'static str),
    /// Of several: `segments are defined by each other`.
    pub(super) several: &'static str,
    pub(super) help: &'static str,
}

/// One problem for each loop.
pub(super) fn loops(links: &Links<'_>, telling: &Telling) -> Vec<Diagnostic> {
    let mut done = BTreeSet::new();
    links
        .keys()
        .filter_map(|name| ring(name, links, &mut done))
        .filter_map(|ring| told(&ring, links, telling))
        .collect()
}

fn told(ring: &[&str], links: &Links<'_>, telling: &Telling) -> Option<Diagnostic> {
    let name = ring.first()?;
    let next = ring.get(1).unwrap_or(name);
    let (_, place) = links.get(name)?.iter().find(|(other, _)| other == next)?;
    let message = if ring.len() == 1 {
        format!("{} `{name}` {}", telling.alone.0, telling.alone.1)
    } else {
        let shown: Vec<String> = ring.iter().map(|name| format!("`{name}`")).collect();
        format!("{}: {}, and again `{name}`", telling.several, shown.join(", "))
    };
    Some(Diagnostic::new(telling.code, *place, message).here("this leads back").help(telling.help))
}

/// The first loop that is reached from `name`. Without recursion, since chains may be long.
fn ring<'n>(
    name: &'n str,
    links: &Links<'n>,
    done: &mut BTreeSet<&'n str>,
) -> Option<Vec<&'n str>> {
    let mut way: Vec<(&'n str, usize)> = vec![(name, 0)];
    let mut places: BTreeMap<&'n str, usize> = BTreeMap::from([(name, 0)]);
    while let Some((at, tried)) = way.last_mut() {
        let next = links.get(at).filter(|_| !done.contains(at)).and_then(|led| led.get(*tried));
        let Some((next, _)) = next else {
            done.insert(at);
            places.remove(at);
            way.pop();
            continue;
        };
        *tried += 1;
        if let Some(from) = places.get(next) {
            done.extend(way.iter().map(|(on_way, _)| *on_way));
            return Some(way.iter().skip(*from).map(|(on_ring, _)| *on_ring).collect());
        }
        if !done.contains(next) {
            places.insert(next, way.len());
            way.push((next, 0));
        }
    }
    None
}

//! Heights of rows and channels, and the ways: hops that share an end share one horizontal track,
//! so branches spread from one line and joins gather in one.
#![expect(clippy::indexing_slicing, reason = "anchors, tracks and rows are those of one net")]

use std::collections::BTreeMap;

use super::Point;
use super::net::{Anchor, Hop, Net, Role, Side};

/// From the row above to the first track.
const ABOVE_TRACKS: f64 = 16.0;
/// From one track to the next.
const TRACK_GAP: f64 = 14.0;
/// From the last track to the row below: room for a corner and an arrow head.
const BELOW_TRACKS: f64 = 22.0;
/// Height of a channel in which all ways are straight.
const STRAIGHT: f64 = 32.0;
/// Ways that would step aside by less than this touch their box beside its middle instead.
const SMALL_STEP: f64 = 25.0;
/// Verticals nearer than this would be read as one line.
const TOO_NEAR: f64 = 6.0;
/// Room that two bundles on the same track keep between them.
const TRACK_ROOM: f64 = 16.0;
/// How bad it is when two verticals fall into one line, in crossings.
const OVERLAP_COST: usize = 100;

/// Heights and ways.
pub(super) struct Routed {
    /// Upper side of every knot.
    pub(super) tops: Vec<f64>,
    /// Per link of the sketch.
    pub(super) ways: Vec<Vec<Point>>,
    pub(super) height: f64,
}

/// Leads all ways of `net`, whose knots stand at `middles`.
pub(super) fn ways(net: &Net, middles: &[f64], links: usize) -> Routed {
    let mut channels: Vec<Vec<Bundle>> =
        (0..=net.layers.len()).map(|channel| bundles(net, middles, channel)).collect();
    for channel in &mut channels {
        assign_tracks(channel);
    }
    let (row_tops, channel_tops, height) = heights(net, &channels);

    let mut ends = BTreeMap::new();
    for (channel, top) in channels.iter().zip(&channel_tops) {
        for bundle in channel {
            let y = bundle.track.map(|track| top + ABOVE_TRACKS + TRACK_GAP * track);
            for (anchor, x) in &bundle.ends {
                ends.insert(*anchor, (*x, y));
            }
        }
    }
    let tops: Vec<f64> = net.knots.iter().map(|knot| row_tops[knot.layer]).collect();
    let mut ways = vec![Vec::new(); links];
    for hop in &net.hops {
        lead(hop, net, &tops, &ends, &mut ways[hop.link]);
    }
    Routed { tops, ways: ways.iter().map(|way| without_straight_points(way)).collect(), height }
}

/// Hops of one channel that hang together, drawn over one horizontal track.
struct Bundle {
    /// Where each end touches, by its x.
    ends: Vec<(Anchor, f64)>,
    /// Count of tracks above; `None` while all ends are below each other.
    track: Option<f64>,
}

impl Bundle {
    fn span(&self) -> (f64, f64) {
        let low = self.ends.iter().map(|(_, x)| *x).fold(f64::INFINITY, f64::min);
        let high = self.ends.iter().map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    }

    fn is_straight(&self) -> bool {
        let (low, high) = self.span();
        let turns = self.ends.iter().all(|(anchor, _)| anchor.side == self.ends[0].0.side);
        low == high && !turns
    }

    fn verticals(&self, side: Side) -> impl Iterator<Item = f64> {
        self.ends.iter().filter(move |(anchor, _)| anchor.side == side).map(|(_, x)| *x)
    }

    /// How bad it is to have the track of `self` above that of `lower`.
    fn cost_above(&self, lower: &Self) -> usize {
        let crosses = |x: f64, (low, high): (f64, f64)| {
            usize::from(low - TOO_NEAR < x && x < high + TOO_NEAR)
        };
        // Ends at the bottom of the channel are the tops of the knots below it.
        let mine: usize = self.verticals(Side::Top).map(|x| crosses(x, lower.span())).sum();
        let theirs: usize = lower.verticals(Side::Bottom).map(|x| crosses(x, self.span())).sum();
        let mut overlaps = 0;
        for down in self.verticals(Side::Top) {
            overlaps +=
                lower.verticals(Side::Bottom).filter(|up| (up - down).abs() < TOO_NEAR).count();
        }
        mine + theirs + overlaps * OVERLAP_COST
    }
}

/// The hops of `channel`, bundled by shared ends.
fn bundles(net: &Net, middles: &[f64], channel: usize) -> Vec<Bundle> {
    let mut groups: Vec<Vec<Anchor>> = Vec::new();
    for hop in net.hops.iter().filter(|hop| hop.channel == channel) {
        let (mut joined, rest): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.contains(&hop.from) || group.contains(&hop.to));
        let mut group = joined.concat();
        joined.clear();
        for anchor in [hop.from, hop.to] {
            if !group.contains(&anchor) {
                group.push(anchor);
            }
        }
        groups = rest;
        groups.push(group);
    }
    groups
        .into_iter()
        .map(|group| {
            let mut ends: Vec<(Anchor, f64)> =
                group.into_iter().map(|anchor| (anchor, middles[anchor.knot])).collect();
            straighten(net, &mut ends);
            Bundle { ends, track: None }
        })
        .collect()
}

/// Moves ends that are nearly below the one end they all share, as far as their boxes allow it.
fn straighten(net: &Net, ends: &mut [(Anchor, f64)]) {
    let single = |side: Side| {
        let mut of_side = ends.iter().filter(|(anchor, _)| anchor.side == side);
        let first = of_side.next()?;
        of_side.next().is_none().then_some(*first)
    };
    let hubs = (single(Side::Bottom), single(Side::Top));
    let (Some(hub), other_hub) = (hubs.0.or(hubs.1), hubs.1) else { return };
    let reach = |anchor: Anchor, step: f64| {
        step.abs() <= SMALL_STEP && step.abs() <= net.knots[anchor.knot].size.reach
    };
    for (anchor, x) in ends.iter_mut().filter(|(anchor, _)| anchor.side != hub.0.side) {
        if reach(*anchor, hub.1 - *x) {
            *x = hub.1;
        }
    }
    if let (Some(other), [first, second]) = (other_hub, &mut *ends) {
        let end = if first.0 == hub.0 { (first, second) } else { (second, first) };
        if other.0 != hub.0 && reach(hub.0, end.1.1 - end.0.1) {
            end.0.1 = end.1.1;
        }
    }
}

/// Orders the bundles of a channel from top to bottom with few crossings and gives each the
/// highest track that is free beside those above it.
fn assign_tracks(channel: &mut [Bundle]) {
    let mut order: Vec<usize> =
        (0..channel.len()).filter(|index| !channel[*index].is_straight()).collect();
    for _ in 0..order.len() {
        let mut changed = false;
        for at in 1..order.len() {
            let (upper, lower) = (&channel[order[at - 1]], &channel[order[at]]);
            if lower.cost_above(upper) < upper.cost_above(lower) {
                order.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for at in 0..order.len() {
        let (low, high) = channel[order[at]].span();
        let mut track: f64 = 0.0;
        for other in &order[..at] {
            let (other_low, other_high) = channel[*other].span();
            let apart = high + TRACK_ROOM < other_low || other_high + TRACK_ROOM < low;
            if let (false, Some(taken)) = (apart, channel[*other].track) {
                track = track.max(taken + 1.0);
            }
        }
        channel[order[at]].track = Some(track);
    }
}

/// Upper sides of the rows and of the channels, and the whole height.
fn heights(net: &Net, channels: &[Vec<Bundle>]) -> (Vec<f64>, Vec<f64>, f64) {
    let mut row_tops = Vec::with_capacity(net.layers.len());
    let mut channel_tops = Vec::with_capacity(channels.len());
    let mut y = 0.0;
    for (index, channel) in channels.iter().enumerate() {
        channel_tops.push(y);
        let last = channel.iter().filter_map(|bundle| bundle.track).reduce(f64::max);
        y += match last {
            Some(last) => ABOVE_TRACKS + last * TRACK_GAP + BELOW_TRACKS,
            None if channel.is_empty() => 0.0,
            None => STRAIGHT,
        };
        if let Some(layer) = net.layers.get(index) {
            row_tops.push(y);
            y += layer.iter().map(|knot| net.knots[*knot].size.height).fold(0.0, f64::max);
        }
    }
    (row_tops, channel_tops, y)
}

/// Adds the points of one hop to the way of its link.
fn lead(
    hop: &Hop,
    net: &Net,
    tops: &[f64],
    ends: &BTreeMap<Anchor, (f64, Option<f64>)>,
    way: &mut Vec<Point>,
) {
    let side_of = |anchor: Anchor| {
        let height = net.knots[anchor.knot].size.height;
        tops[anchor.knot] + if anchor.side == Side::Bottom { height } else { 0.0 }
    };
    let (Some((from_x, track)), Some((to_x, _))) = (ends.get(&hop.from), ends.get(&hop.to)) else {
        return;
    };
    let start = Point { x: *from_x, y: side_of(hop.from) };
    if let Some(last) = way.last().copied()
        && last.x != start.x
        && net.knots[hop.from.knot].role != Role::Box
    {
        // Behind a label a way may step aside unseen.
        let y = f64::midpoint(last.y, start.y);
        way.extend([Point { x: last.x, y }, Point { x: start.x, y }]);
    }
    way.push(start);
    if let Some(y) = track {
        way.extend([Point { x: *from_x, y: *y }, Point { x: *to_x, y: *y }]);
    }
    way.push(Point { x: *to_x, y: side_of(hop.to) });
}

/// Leaves out points that change nothing.
fn without_straight_points(way: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in way {
        if kept.last() == Some(point) {
            continue;
        }
        if let [.., before, last] = kept.as_slice()
            && ((before.x == last.x && last.x == point.x)
                || (before.y == last.y && last.y == point.y))
        {
            kept.pop();
        }
        kept.push(*point);
    }
    kept
}

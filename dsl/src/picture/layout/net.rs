//! From a sketch to a layered net: which row everything stands in, with a bend in every row that a
//! way passes, so that each hop joins two neighbouring rows.
#![expect(clippy::indexing_slicing, reason = "knots and arcs are numbered here and never removed")]

use super::{Link, Size, Sketch};

/// What a knot stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A box of the sketch.
    Box,
    /// The label of a link.
    Label(usize),
    /// A place where a way passes a row, without extent.
    Bend,
}

/// Something that takes a place in a row.
#[derive(Debug, Clone)]
pub(super) struct Knot {
    pub(super) role: Role,
    pub(super) size: Size,
    pub(super) layer: usize,
    /// Written order: left to right within a row, as long as no way crosses another.
    pub(super) key: (usize, isize),
    /// For a bend of a way that goes back: where to.
    pub(super) back_to: Option<usize>,
}

/// Which side of a knot a hop touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Top,
    Bottom,
}

/// An end of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Anchor {
    pub(super) knot: usize,
    pub(super) side: Side,
}

/// A piece of a way, within one channel; channel `i` lies above row `i`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hop {
    pub(super) from: Anchor,
    pub(super) to: Anchor,
    pub(super) channel: usize,
    pub(super) link: usize,
}

impl Hop {
    /// The upper and the lower knot of a hop that crosses its channel, `None` for a turn.
    pub(super) fn crossing(&self) -> Option<(usize, usize)> {
        match (self.from.side, self.to.side) {
            (Side::Bottom, Side::Top) => Some((self.from.knot, self.to.knot)),
            (Side::Top, Side::Bottom) => Some((self.to.knot, self.from.knot)),
            _ => None,
        }
    }
}

/// The layered net.
#[derive(Debug)]
pub(super) struct Net {
    /// The boxes of the sketch first, in its order.
    pub(super) knots: Vec<Knot>,
    /// The hops of each link in walking order, link after link.
    pub(super) hops: Vec<Hop>,
    /// Knots of each row, from left to right.
    pub(super) layers: Vec<Vec<usize>>,
}

/// An edge between boxes and labels, before bends are put in.
#[derive(Debug, Clone, Copy)]
struct Arc {
    from: usize,
    to: usize,
    link: usize,
}

impl Net {
    /// Gives everything its row.
    pub(super) fn of(sketch: &Sketch) -> Self {
        let (mut knots, arcs) = expand(sketch);
        let (order, backward) = walk(knots.len(), &arcs);
        for (rank, knot) in order.iter().enumerate() {
            knots[*knot].key = (rank, 0);
        }
        sink(&mut knots, &arcs, &order, &backward);

        let mut net = Self { knots, hops: Vec::new(), layers: Vec::new() };
        for (arc, back) in arcs.iter().zip(backward) {
            if back {
                net.climb(arc);
            } else {
                net.descend(arc);
            }
        }
        let rows = net.knots.iter().map(|knot| knot.layer + 1).max().unwrap_or_default();
        net.layers = vec![Vec::new(); rows];
        for (index, knot) in net.knots.iter().enumerate() {
            net.layers[knot.layer].push(index);
        }
        net
    }

    /// Puts bends into the rows that a way passes on its way down.
    fn descend(&mut self, arc: &Arc) {
        let (first, last) = (self.knots[arc.from].layer + 1, self.knots[arc.to].layer);
        let key = (self.knots[arc.from].key.0, 1);
        let mut above = arc.from;
        for layer in first..last {
            let bend = self.bend(layer, key, None);
            self.hop(arc, (above, Side::Bottom), (bend, Side::Top), layer);
            above = bend;
        }
        self.hop(arc, (above, Side::Bottom), (arc.to, Side::Top), last);
    }

    /// Leads a way that goes back: out below, up on the left of the rows between, in from above. The
    /// lower it begins, the farther to the left.
    fn climb(&mut self, arc: &Arc) {
        let (low, high) = (self.knots[arc.from].layer, self.knots[arc.to].layer);
        let start = isize::try_from(low).unwrap_or(isize::MAX);
        let key = (self.knots[arc.to].key.0, -1 - start);
        let mut below = (arc.from, Side::Bottom);
        for layer in (high..=low).rev() {
            let bend = self.bend(layer, key, Some(arc.to));
            self.hop(arc, below, (bend, Side::Bottom), layer + 1);
            below = (bend, Side::Top);
        }
        self.hop(arc, below, (arc.to, Side::Top), high);
    }

    fn bend(&mut self, layer: usize, key: (usize, isize), back_to: Option<usize>) -> usize {
        self.knots.push(Knot { role: Role::Bend, size: Size::default(), layer, key, back_to });
        self.knots.len() - 1
    }

    fn hop(&mut self, arc: &Arc, from: (usize, Side), to: (usize, Side), channel: usize) {
        let anchor = |(knot, side)| Anchor { knot, side };
        self.hops.push(Hop { from: anchor(from), to: anchor(to), channel, link: arc.link });
    }
}

/// Boxes and labels become knots. Where several links leave a box, each gets a knot behind it even
/// without a label: so every knot has one way out, or each of its ways leads to a knot of its own.
fn expand(sketch: &Sketch) -> (Vec<Knot>, Vec<Arc>) {
    let count = sketch.boxes.len();
    let knot = |role, size| Knot { role, size, layer: 0, key: (0, 0), back_to: None };
    let mut knots: Vec<Knot> = sketch.boxes.iter().map(|size| knot(Role::Box, *size)).collect();
    let exists = |link: &Link| link.from < count && link.to < count;
    let mut leaving = vec![0_usize; count];
    for link in sketch.links.iter().filter(|link| exists(link)) {
        leaving[link.from] += 1;
    }
    let mut arcs = Vec::new();
    for (index, link) in sketch.links.iter().enumerate().filter(|(_, link)| exists(link)) {
        let Link { from, to, label } = *link;
        let between = match label {
            Some(size) => Some(knot(Role::Label(index), size)),
            None if leaving[from] > 1 => Some(knot(Role::Bend, Size::default())),
            None => None,
        };
        if let Some(between) = between {
            arcs.push(Arc { from, to: knots.len(), link: index });
            arcs.push(Arc { from: knots.len(), to, link: index });
            knots.push(between);
        } else {
            arcs.push(Arc { from, to, link: index });
        }
    }
    (knots, arcs)
}

/// All knots in an order in which every arc points forward, except those marked as backward. Arms
/// come one after the other, in written order, before what they join in.
fn walk(count: usize, arcs: &[Arc]) -> (Vec<usize>, Vec<bool>) {
    let mut leaving = vec![Vec::new(); count];
    let mut entered = vec![false; count];
    for (index, arc) in arcs.iter().enumerate() {
        leaving[arc.from].push(index);
        entered[arc.to] = true;
    }
    let mut walk = Walk {
        arcs,
        leaving,
        seen: vec![false; count],
        open: vec![false; count],
        finished: Vec::with_capacity(count),
        backward: vec![false; arcs.len()],
    };
    let (roots, others): (Vec<usize>, Vec<usize>) = (0..count).partition(|knot| !entered[*knot]);
    for start in roots.into_iter().chain(others) {
        walk.from(start);
    }
    walk.finished.reverse();
    (walk.finished, walk.backward)
}

/// A depth-first walk with a stack of its own: a campaign may be thousands of steps long.
struct Walk<'a> {
    arcs: &'a [Arc],
    /// Arcs of each knot that were not yet followed; the last one is followed first.
    leaving: Vec<Vec<usize>>,
    seen: Vec<bool>,
    /// On the way from the start to here: an arc to such a knot goes backward.
    open: Vec<bool>,
    finished: Vec<usize>,
    backward: Vec<bool>,
}

impl Walk<'_> {
    fn from(&mut self, start: usize) {
        let mut stack = Vec::new();
        self.enter(start, &mut stack);
        while let Some(knot) = stack.last().copied() {
            match self.leaving[knot].pop() {
                Some(arc) => {
                    let to = self.arcs[arc].to;
                    self.backward[arc] = self.open[to];
                    self.enter(to, &mut stack);
                }
                None => {
                    self.open[knot] = false;
                    self.finished.push(knot);
                    stack.pop();
                }
            }
        }
    }

    fn enter(&mut self, knot: usize, stack: &mut Vec<usize>) {
        if !self.seen[knot] {
            self.seen[knot] = true;
            self.open[knot] = true;
            stack.push(knot);
        }
    }
}

/// Every knot goes one row below the lowest it is reached from.
fn sink(knots: &mut [Knot], arcs: &[Arc], order: &[usize], backward: &[bool]) {
    let mut leaving = vec![Vec::new(); knots.len()];
    for (arc, back) in arcs.iter().zip(backward) {
        if !back {
            leaving[arc.from].push(arc.to);
        }
    }
    for knot in order {
        let below = knots[*knot].layer + 1;
        for to in &leaving[*knot] {
            knots[*to].layer = knots[*to].layer.max(below);
        }
    }
}

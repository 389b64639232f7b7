//! Where knots stand if every arm gets a strip of its own: what can only be reached through a knot
//! is its region, the arms of a region lie side by side, and where they join stands below its head.
//!
//! This suits graphs that are made of blocks. Others get places too, and gaps put those right.
#![expect(clippy::indexing_slicing, reason = "knots are numbered by the net")]

use super::net::Net;

/// Between two arms.
const ARM_GAP: f64 = 36.0;
/// Between two ways that go back, and between such a way and what it leads around.
const BACK_GAP: f64 = 28.0;
/// How many rows deeper than the others an arm is that the region goes on with.
const MUCH_DEEPER: usize = 3;

/// The middle of every knot.
pub(super) fn middles(net: &Net) -> Vec<f64> {
    let regions = Regions::of(net);
    let mut middles = vec![0.0; net.knots.len()];
    let mut edge = 0.0;
    for root in &regions.roots {
        middles[*root] = edge + regions.reach[*root].0;
        edge = middles[*root] + regions.reach[*root].1 + ARM_GAP;
    }
    for knot in net.layers.iter().flatten() {
        for child in &regions.children[*knot] {
            middles[*child] = middles[*knot] + regions.offsets[*child];
        }
    }
    for (index, knot) in net.knots.iter().enumerate() {
        if let Some(to) = knot.back_to {
            let columns = regions.backs[to].iter().take_while(|key| **key < knot.key.1);
            let aside = columns.fold(0.0, |aside, _| aside + BACK_GAP);
            middles[index] = middles[to] - regions.reach[to].0 + aside;
        }
    }
    middles
}

/// The regions of a net, a knot's own by its index. Ways that go back are in none.
struct Regions {
    /// Knots that are in no other's region.
    roots: Vec<usize>,
    /// Whose region a knot lies in, directly.
    parents: Vec<Option<usize>>,
    /// First the arms from left to right, then where they join.
    children: Vec<Vec<usize>>,
    /// How many of them are arms.
    arms: Vec<usize>,
    /// The last row.
    deepest: Vec<usize>,
    /// Whether a way leads on out of it.
    is_open: Vec<bool>,
    /// How far it goes to the left and right of its head.
    reach: Vec<(f64, f64)>,
    /// From the middle of the parent.
    offsets: Vec<f64>,
    /// The columns of ways that go back to it.
    backs: Vec<Vec<isize>>,
}

impl Regions {
    fn of(net: &Net) -> Self {
        let count = net.knots.len();
        let mut above = vec![Vec::new(); count];
        for hop in &net.hops {
            if let Some((upper, lower)) = hop.crossing()
                && net.knots[upper].back_to.is_none()
                && net.knots[lower].back_to.is_none()
            {
                above[lower].push(upper);
            }
        }
        let mut regions = Self {
            roots: Vec::new(),
            parents: vec![None; count],
            children: vec![Vec::new(); count],
            arms: vec![0; count],
            deepest: net.knots.iter().map(|knot| knot.layer).collect(),
            is_open: vec![false; count],
            reach: vec![(0.0, 0.0); count],
            offsets: vec![0.0; count],
            backs: vec![Vec::new(); count],
        };
        regions.nest(net, &above);
        regions.open(&above);
        for knot in &net.knots {
            if let Some(to) = knot.back_to {
                regions.backs[to].push(knot.key.1);
            }
        }
        for columns in &mut regions.backs {
            columns.sort_unstable();
            columns.dedup();
        }
        for knot in net.layers.iter().rev().flatten() {
            regions.spread(net, *knot);
        }
        regions
    }

    /// Finds the parents, row by row: the nearest knot that all ways to a knot pass.
    fn nest(&mut self, net: &Net, above: &[Vec<usize>]) {
        let knots = || net.layers.iter().flatten().copied();
        for knot in knots().filter(|knot| net.knots[*knot].back_to.is_none()) {
            let mut ways = above[knot].iter().copied();
            let mut parent = ways.next();
            for other in ways {
                parent = parent.and_then(|parent| self.ancestor(net, parent, other));
            }
            self.parents[knot] = parent;
            if parent.is_none() {
                self.roots.push(knot);
            }
        }
        let is_arm = |parent, knot: usize| above[knot].iter().all(|upper| *upper == parent);
        for arms in [true, false] {
            for knot in knots() {
                let Some(parent) = self.parents[knot] else { continue };
                if is_arm(parent, knot) == arms {
                    self.children[parent].push(knot);
                    self.arms[parent] += usize::from(arms);
                }
            }
        }
    }

    fn ancestor(&self, net: &Net, first: usize, second: usize) -> Option<usize> {
        let (mut first, mut second) = (first, second);
        while first != second {
            if net.knots[first].layer >= net.knots[second].layer {
                first = self.parents[first]?;
            } else {
                second = self.parents[second]?;
            }
        }
        Some(first)
    }

    /// Marks the regions that a way leads out of.
    fn open(&mut self, above: &[Vec<usize>]) {
        for (knot, above) in above.iter().enumerate() {
            for start in above {
                let mut inside = Some(*start);
                while let Some(region) = inside.filter(|it| self.parents[knot] != Some(*it)) {
                    self.is_open[region] = true;
                    inside = self.parents[region];
                }
            }
        }
    }

    /// Puts the children of a knot beside each other, once their own regions are known.
    fn spread(&mut self, net: &Net, knot: usize) {
        let half = net.knots[knot].size.width / 2.0;
        let (mut left, mut right) = (half, half);
        let (arms, joins) = self.children[knot].split_at(self.arms[knot]);
        let mut middles = Vec::with_capacity(arms.len());
        let mut edge = 0.0;
        for arm in arms {
            middles.push(edge + self.reach[*arm].0);
            edge += self.reach[*arm].0 + self.reach[*arm].1 + ARM_GAP;
        }
        let head = self.head(arms, &middles);
        for (arm, middle) in arms.iter().zip(middles) {
            self.offsets[*arm] = middle - head;
            left = left.max(self.reach[*arm].0 + head - middle);
            right = right.max(self.reach[*arm].1 + middle - head);
        }
        for join in joins {
            left = left.max(self.reach[*join].0);
            right = right.max(self.reach[*join].1);
        }
        for child in &self.children[knot] {
            self.deepest[knot] = self.deepest[knot].max(self.deepest[*child]);
        }
        let columns = self.backs[knot].iter().fold(0.0, |columns, _| columns + BACK_GAP);
        self.reach[knot] = (left + columns, right);
    }

    /// Where the head of a region stands above its arms: in the middle, or above the only arm that
    /// leads on.
    fn head(&self, arms: &[usize], middles: &[f64]) -> f64 {
        let (Some(first), Some(last)) = (middles.first(), middles.last()) else { return 0.0 };
        let arms = || arms.iter().zip(middles);
        let mut open = arms().filter(|(arm, _)| self.is_open[**arm]);
        if let (Some((_, middle)), None) = (open.next(), open.next()) {
            return *middle;
        }
        let mut depths: Vec<usize> = arms().map(|(arm, _)| self.deepest[*arm]).collect();
        depths.sort_unstable_by(|a, b| b.cmp(a));
        let main = match depths.as_slice() {
            [most, next, ..] if most - next >= MUCH_DEEPER => {
                arms().find(|(arm, _)| self.deepest[**arm] == *most)
            }
            _ => None,
        };
        main.map_or(f64::midpoint(*first, *last), |(_, middle)| *middle)
    }
}

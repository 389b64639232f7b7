//! Where in its row every knot stands: where its region puts it, straight ways straight, and never
//! nearer to its neighbours than the gaps allow.
#![expect(
    clippy::indexing_slicing,
    reason = "knots and blocks are numbered here and never removed"
)]

use super::net::{Net, Role};
use super::region;

/// Between two boxes of a row.
const BOX_GAP: f64 = 40.0;
/// Between two labels of a row.
const LABEL_GAP: f64 = 20.0;
/// Between two ways of a row, and between a way and anything else.
const WAY_GAP: f64 = 28.0;
/// How often gaps are restored on both sides, before what is left moves to the right.
const RELAXATIONS: u32 = 64;

/// The middle of every knot, such that the leftmost side is at 0; whole numbers.
pub(super) fn middles(net: &Net) -> Vec<f64> {
    let blocks = Blocks::of(net);
    let mut places = blocks.means(&region::middles(net));
    for _ in 0..RELAXATIONS {
        blocks.restore_gaps(&mut places);
    }
    for place in &mut places {
        *place = place.round();
    }
    blocks.widen(&mut places);

    let middle = |(index, _)| -> f64 { places[blocks.of_knot[index]] };
    let left = net
        .knots
        .iter()
        .enumerate()
        .map(|(index, knot)| middle((index, knot)) - knot.size.width / 2.0)
        .fold(f64::INFINITY, f64::min);
    net.knots.iter().enumerate().map(|entry| middle(entry) - left).collect()
}

/// Two blocks, the first left of the second, and how far their middles must be apart at least.
struct Gap {
    left: usize,
    right: usize,
    least: f64,
}

/// Knots that stand exactly below each other, and what holds them apart.
struct Blocks {
    count: usize,
    of_knot: Vec<usize>,
    gaps: Vec<Gap>,
    /// All blocks, each after those left of it.
    order: Vec<usize>,
}

impl Blocks {
    fn of(net: &Net) -> Self {
        let below = aligned(net);
        let mut of_knot = vec![usize::MAX; net.knots.len()];
        let mut count = 0;
        for knot in net.layers.iter().flatten() {
            if of_knot[*knot] == usize::MAX {
                of_knot[*knot] = count;
                count += 1;
            }
            if let Some(lower) = below[*knot] {
                of_knot[lower] = of_knot[*knot];
            }
        }
        let gaps = gaps(net, &of_knot);
        let order = left_to_right(count, &gaps);
        Self { count, of_knot, gaps, order }
    }

    /// Where each block stands when its knots stand at `middles` on average.
    fn means(&self, middles: &[f64]) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.count];
        for (block, middle) in self.of_knot.iter().zip(middles) {
            sums[*block].0 += middle;
            sums[*block].1 += 1.0;
        }
        sums.into_iter().map(|(sum, count)| sum / f64::max(count, 1.0)).collect()
    }

    fn restore_gaps(&self, places: &mut [f64]) {
        for gap in &self.gaps {
            let missing = gap.least - (places[gap.right] - places[gap.left]);
            if missing > 0.0 {
                places[gap.left] -= missing / 2.0;
                places[gap.right] += missing / 2.0;
            }
        }
    }

    /// Moves blocks to the right until every gap is kept.
    fn widen(&self, places: &mut [f64]) {
        let mut leaving = vec![Vec::new(); places.len()];
        for gap in &self.gaps {
            leaving[gap.left].push((gap.right, gap.least));
        }
        for block in &self.order {
            for (other, least) in &leaving[*block] {
                places[*other] = f64::max(places[*other], places[*block] + least);
            }
        }
    }
}

/// For each knot the one that shall stand exactly below it. Such pairs never cross, so what is left
/// of what stays free of contradictions.
fn aligned(net: &Net) -> Vec<Option<usize>> {
    let mut place = vec![0_usize; net.knots.len()];
    for layer in &net.layers {
        for (index, knot) in layer.iter().enumerate() {
            place[*knot] = index;
        }
    }
    let mut wishes = wishes(net);
    wishes.sort_by_key(|wish| wish.rank);

    let mut below = vec![None; net.knots.len()];
    let mut above = vec![None; net.knots.len()];
    let mut taken: Vec<Vec<(usize, usize)>> = vec![Vec::new(); net.layers.len() + 1];
    for Wish { upper, lower, channel, .. } in wishes {
        let free = below[upper].is_none() && above[lower].is_none();
        let crosses = taken[channel].iter().any(|(other_upper, other_lower)| {
            (place[upper] < *other_upper) != (place[lower] < *other_lower)
        });
        if free && !crosses {
            below[upper] = Some(lower);
            above[lower] = Some(upper);
            taken[channel].push((place[upper], place[lower]));
        }
    }
    below
}

/// A hop that would like to be straight; the lower the rank, the more.
struct Wish {
    upper: usize,
    lower: usize,
    channel: usize,
    rank: u8,
}

fn wishes(net: &Net) -> Vec<Wish> {
    let mut leaving = vec![Vec::new(); net.knots.len()];
    let mut coming = vec![Vec::new(); net.knots.len()];
    for hop in &net.hops {
        if let Some((upper, lower)) = hop.crossing() {
            leaving[upper].push(lower);
            coming[lower].push(upper);
        }
    }
    let is_bend = |knot: usize| net.knots[knot].role == Role::Bend;
    let mut wishes = Vec::new();
    for hop in &net.hops {
        let Some((upper, lower)) = hop.crossing() else { continue };
        let rank = if is_bend(upper) && is_bend(lower) {
            0
        } else if leaving[upper].len() == 1 && coming[lower].len() == 1 {
            1
        } else {
            continue;
        };
        wishes.push(Wish { upper, lower, channel: hop.channel, rank });
    }
    wishes
}

fn gaps(net: &Net, of_knot: &[usize]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for layer in &net.layers {
        for pair in layer.windows(2) {
            let (left, right) = (&net.knots[pair[0]], &net.knots[pair[1]]);
            let room = match (left.role, right.role) {
                (Role::Box, Role::Box) => BOX_GAP,
                (Role::Bend, _) | (_, Role::Bend) => WAY_GAP,
                _ => LABEL_GAP,
            };
            let least = (left.size.width + right.size.width) / 2.0 + room;
            let (left, right) = (of_knot[pair[0]], of_knot[pair[1]]);
            gaps.push(Gap { left, right, least: least.ceil() });
        }
    }
    gaps
}

/// Blocks in an order in which every gap points forward.
fn left_to_right(count: usize, gaps: &[Gap]) -> Vec<usize> {
    let mut waiting_for = vec![0_usize; count];
    let mut leaving = vec![Vec::new(); count];
    for gap in gaps {
        waiting_for[gap.right] += 1;
        leaving[gap.left].push(gap.right);
    }
    let mut order: Vec<usize> = (0..count).filter(|block| waiting_for[*block] == 0).collect();
    let mut next = 0;
    while let Some(block) = order.get(next).copied() {
        next += 1;
        for other in &leaving[block] {
            waiting_for[*other] -= 1;
            if waiting_for[*other] == 0 {
                order.push(*other);
            }
        }
    }
    order
}

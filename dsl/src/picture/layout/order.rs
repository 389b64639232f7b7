//! The order of knots within each row: as written, unless another order has fewer crossings.
#![expect(clippy::indexing_slicing, reason = "rows and knots are those of one net")]

use super::net::Net;

/// How often the rows are gone through, down and up by turns.
const SWEEPS: usize = 10;

/// Sorts the rows of the net.
pub(super) fn untangle(net: &mut Net) {
    let keys: Vec<_> = net.knots.iter().map(|knot| knot.key).collect();
    for layer in &mut net.layers {
        layer.sort_by_key(|knot| keys[*knot]);
    }
    let channels = Channels::of(net);
    let mut layers = net.layers.clone();
    let mut fewest = channels.crossings(&layers);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            return;
        }
        channels.sort(&mut layers, sweep % 2 == 0);
        let crossings = channels.crossings(&layers);
        if crossings < fewest {
            fewest = crossings;
            net.layers.clone_from(&layers);
        }
    }
}

/// The neighbours of every knot in the rows above and below, and the hops of every channel.
struct Channels {
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    hops: Vec<Vec<(usize, usize)>>,
}

impl Channels {
    fn of(net: &Net) -> Self {
        let mut channels = Self {
            above: vec![Vec::new(); net.knots.len()],
            below: vec![Vec::new(); net.knots.len()],
            hops: vec![Vec::new(); net.layers.len() + 1],
        };
        for hop in &net.hops {
            if let Some((upper, lower)) = hop.crossing() {
                channels.above[lower].push(upper);
                channels.below[upper].push(lower);
                channels.hops[hop.channel].push((upper, lower));
            }
        }
        channels
    }

    /// Sorts each row by where its neighbours in the row before stand on average.
    fn sort(&self, layers: &mut [Vec<usize>], downwards: bool) {
        let mut places = self.places(layers);
        let neighbours = if downwards { &self.above } else { &self.below };
        let count = layers.len();
        for step in 0..count {
            let layer = if downwards { step } else { count - 1 - step };
            let pull = |knot: &usize| {
                let near = &neighbours[*knot];
                if near.is_empty() {
                    return places[*knot];
                }
                near.iter().map(|other| places[*other]).sum::<f64>() / count_of(near)
            };
            let mut row: Vec<(f64, usize)> =
                layers[layer].iter().map(|knot| (pull(knot), *knot)).collect();
            row.sort_by(|left, right| left.0.total_cmp(&right.0));
            layers[layer] = row.into_iter().map(|(_, knot)| knot).collect();
            spread(&layers[layer], &mut places);
        }
    }

    /// How many pairs of hops cross.
    fn crossings(&self, layers: &[Vec<usize>]) -> usize {
        let places = self.places(layers);
        let mut total = 0;
        for hops in &self.hops {
            for (index, (upper, lower)) in hops.iter().enumerate() {
                for (other_upper, other_lower) in &hops[index + 1..] {
                    let above = places[*upper] - places[*other_upper];
                    let below = places[*lower] - places[*other_lower];
                    total += usize::from(above * below < 0.0);
                }
            }
        }
        total
    }

    /// Where every knot stands in its row, from 0 to 1: rows of different length compare.
    fn places(&self, layers: &[Vec<usize>]) -> Vec<f64> {
        let mut places = vec![0.0; self.above.len()];
        for layer in layers {
            spread(layer, &mut places);
        }
        places
    }
}

fn spread(layer: &[usize], places: &mut [f64]) {
    let length = count_of(layer);
    let mut place = 0.5;
    for knot in layer {
        places[*knot] = place / length;
        place += 1.0;
    }
}

fn count_of(row: &[usize]) -> f64 {
    u32::try_from(row.len()).map_or(f64::MAX, f64::from)
}

//! Layered layout, pure geometry: boxes and links in, rectangles and orthogonal ways out.
//!
//! Boxes stand in rows from top to bottom, a link's label is a small box of its own row, so that
//! nothing ever lies on anything else. What the boxes mean is not known here.

mod net;
mod order;
mod place;
mod region;
mod route;

use net::{Net, Role};

/// A place on the sheet; `y` grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// How much room a box or label takes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
    /// How far from the middle of its upper and lower side a way may still touch it.
    pub(super) reach: f64,
}

/// A box or label in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) fn right(self) -> f64 {
        self.left + self.width
    }

    #[cfg(test)]
    pub(super) fn bottom(self) -> f64 {
        self.top + self.height
    }
}

/// A way from one box to another, both by their index in [`Sketch::boxes`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: Option<Size>,
}

/// What is to be laid out. Links to boxes that do not exist are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sketch {
    pub(super) boxes: Vec<Size>,
    pub(super) links: Vec<Link>,
}

/// The finished layout; box `i` and link `i` are those of the sketch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawing {
    pub(super) boxes: Vec<Rect>,
    pub(super) labels: Vec<Option<Rect>>,
    /// From the lower side of the first box to the upper side of the second, only horizontal and
    /// vertical pieces; empty where the link was left out.
    pub(super) ways: Vec<Vec<Point>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Lays `sketch` out: rows, order within rows, places within rows, ways.
pub(super) fn arrange(sketch: &Sketch) -> Drawing {
    let mut net = Net::of(sketch);
    order::untangle(&mut net);
    let middles = place::middles(&net);
    let routed = route::ways(&net, &middles, sketch.links.len());

    let mut drawing = Drawing {
        boxes: Vec::with_capacity(sketch.boxes.len()),
        labels: vec![None; sketch.links.len()],
        ways: routed.ways,
        width: 0.0,
        height: routed.height,
    };
    for ((knot, middle), top) in net.knots.iter().zip(&middles).zip(&routed.tops) {
        let Size { width, height, .. } = knot.size;
        let rect = Rect { left: middle - width / 2.0, top: *top, width, height };
        drawing.width = drawing.width.max(rect.right());
        match knot.role {
            // Boxes are the first knots of the net, in the order of the sketch.
            Role::Box => drawing.boxes.push(rect),
            Role::Label(link) => {
                if let Some(label) = drawing.labels.get_mut(link) {
                    *label = Some(rect);
                }
            }
            Role::Bend => {}
        }
    }
    drawing
}

#[cfg(test)]
mod tests;

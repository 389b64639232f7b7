//! Properties of every layout, on drawn-by-lot graphs of all shapes.

use proptest::prelude::*;

use super::*;

/// Graphs as campaigns have them: from few to many links a box, back links and links to itself too.
fn sketches() -> impl Strategy<Value = Sketch> {
    (1_usize..24).prop_flat_map(|count| {
        let size =
            (prop_oneof![1_u32..20, 1_u32..150], 10_u32..90).prop_map(|(half, height)| Size {
                width: f64::from(half * 2),
                height: f64::from(height),
                reach: f64::from(half) / 2.0,
            });
        let label = proptest::option::of((5_u32..80, 10_u32..60).prop_map(|(half, height)| Size {
            width: f64::from(half * 2),
            height: f64::from(height),
            reach: f64::from(half) / 2.0,
        }));
        let link = (0..count, 0..count, label, 0_u32..8).prop_map(|(a, b, label, way)| {
            // One of eight may go back.
            let (from, to) = if way > 0 { (a.min(b), a.max(b)) } else { (a, b) };
            Link { from, to, label }
        });
        (proptest::collection::vec(size, count), proptest::collection::vec(link, 0..count * 2))
            .prop_map(|(boxes, links)| Sketch { boxes, links })
    })
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom()
}

/// Whether the piece from `a` to `b` runs through the inside of `rect`.
fn runs_through(a: Point, b: Point, rect: Rect) -> bool {
    a.x.min(b.x) < rect.right()
        && rect.left < a.x.max(b.x)
        && a.y.min(b.y) < rect.bottom()
        && rect.top < a.y.max(b.y)
        || a.x == b.x
            && rect.left < a.x
            && a.x < rect.right()
            && a.y.min(b.y) < rect.bottom()
            && rect.top < a.y.max(b.y)
        || a.y == b.y
            && rect.top < a.y
            && a.y < rect.bottom()
            && a.x.min(b.x) < rect.right()
            && rect.left < a.x.max(b.x)
}

/// Pieces of the ways that share neither end with `link`.
fn ways_of_others<'a>(
    link: &Link,
    sketch: &'a Sketch,
    drawing: &'a Drawing,
) -> impl Iterator<Item = &'a [Point]> {
    let Link { from, to, .. } = *link;
    sketch
        .links
        .iter()
        .zip(&drawing.ways)
        .filter(move |(other, _)| other.from != from && other.to != to)
        .flat_map(|(_, way)| way.windows(2))
}

/// Whether two horizontal pieces would be read as one line.
fn on_one_track(piece: &[Point], other: &[Point]) -> bool {
    let level = piece[0].y;
    piece[1].y == level
        && other.iter().all(|point| point.y == level)
        && piece[0].x.min(piece[1].x) < other[0].x.max(other[1].x)
        && other[0].x.min(other[1].x) < piece[0].x.max(piece[1].x)
}

fn check(sketch: &Sketch) -> Result<(), TestCaseError> {
    let drawing = arrange(sketch);
    prop_assert_eq!(drawing.boxes.len(), sketch.boxes.len());
    prop_assert_eq!(drawing.ways.len(), sketch.links.len());
    let mut all: Vec<Rect> = drawing.boxes.clone();
    for (label, link) in drawing.labels.iter().zip(&sketch.links) {
        prop_assert_eq!(label.is_some(), link.label.is_some());
        all.extend(label);
    }
    for (index, rect) in all.iter().enumerate() {
        prop_assert!(rect.left >= -0.5 && rect.top >= 0.0, "outside: {:?}", rect);
        prop_assert!(rect.right() <= drawing.width && rect.bottom() <= drawing.height);
        for other in &all[index + 1..] {
            prop_assert!(!overlap(*rect, *other), "{:?} overlaps {:?}", rect, other);
        }
    }
    for ((link, way), label) in sketch.links.iter().zip(&drawing.ways).zip(&drawing.labels) {
        let (from, to) = (drawing.boxes[link.from], drawing.boxes[link.to]);
        let (first, last) = (way[0], way[way.len() - 1]);
        prop_assert!(first.y == from.bottom() && from.left < first.x && first.x < from.right());
        prop_assert!(last.y == to.top && to.left < last.x && last.x < to.right());
        for piece in way.windows(2) {
            prop_assert!(piece[0].x == piece[1].x || piece[0].y == piece[1].y, "slanted");
            for other in ways_of_others(link, sketch, &drawing) {
                prop_assert!(!on_one_track(piece, other), "{:?} lies on {:?}", piece, other);
            }
            for rect in all.iter().filter(|rect| Some(**rect) != *label) {
                prop_assert!(!runs_through(piece[0], piece[1], *rect), "{:?} {:?}", piece, rect);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_overlaps_and_every_way_touches_its_boxes(sketch in sketches()) {
        check(&sketch)?;
    }
}

fn sized(count: usize) -> Vec<Size> {
    vec![Size { width: 200.0, height: 60.0, reach: 60.0 }; count]
}

fn link(from: usize, to: usize) -> Link {
    Link { from, to, label: None }
}

#[test]
fn a_chain_is_one_straight_line() {
    let links = (0..5).map(|index| link(index, index + 1)).collect();
    let drawing = arrange(&Sketch { boxes: sized(6), links });
    assert!(drawing.boxes.iter().all(|rect| rect.left == drawing.boxes[0].left));
    assert!(drawing.ways.iter().all(|way| way.len() == 2));
}

#[test]
fn two_arms_stand_side_by_side_in_written_order_and_join_in_the_middle() {
    let links = vec![link(0, 1), link(0, 2), link(1, 3), link(2, 3)];
    let boxes = arrange(&Sketch { boxes: sized(4), links }).boxes;
    assert_eq!(boxes[1].top, boxes[2].top);
    assert!(boxes[1].right() < boxes[2].left);
    let middle = f64::midpoint(boxes[1].left, boxes[2].left);
    assert!((boxes[0].left - middle).abs() <= 1.0 && (boxes[3].left - middle).abs() <= 1.0);
}

#[test]
fn a_way_back_leads_around() {
    let links = vec![link(0, 1), link(1, 2), link(2, 1), link(2, 2)];
    let sketch = Sketch { boxes: sized(3), links };
    check(&sketch).unwrap();
    let drawing = arrange(&sketch);
    let beside = drawing.boxes[1].right();
    assert!(
        drawing.ways[2].iter().any(|point| point.x > beside || point.x < drawing.boxes[1].left)
    );
}

#[test]
fn links_to_nowhere_are_left_out() {
    let drawing = arrange(&Sketch { boxes: sized(1), links: vec![link(0, 7)] });
    assert_eq!(drawing.ways, [Vec::new()]);
    assert_eq!(arrange(&Sketch::default()).width, 0.0);
}

#[test]
fn thousands_of_steps_are_no_trouble() {
    let count = 3_000;
    let links = (0..count - 1).map(|index| link(index, index + 1)).collect();
    let drawing = arrange(&Sketch { boxes: sized(count), links });
    assert_eq!(drawing.boxes.len(), count);
    assert!(drawing.boxes.windows(2).all(|pair| pair[0].bottom() < pair[1].top));
}

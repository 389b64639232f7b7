//! Outlines and icons by which kinds of steps are told apart, also without colour.

use super::paper::px;

/// An outline around a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A rectangle with round corners.
    Rounded,
    /// Round ends.
    Stadium,
    /// Pointed ends.
    Hexagon,
    /// A sheet with a cut corner.
    Sheet,
    /// Cut corners.
    Octagon,
}

const ROUND: f64 = 12.0;
const POINT: f64 = 18.0;
const FOLD: f64 = 18.0;
const SHEET_ROUND: f64 = 5.0;
const CUT: f64 = 14.0;
/// The most that the ends of a stadium are rounded.
const END: f64 = 34.0;

impl Shape {
    /// How much of each end is lost to the outline, for text and for ways that touch the card.
    pub(super) fn inset(self, height: f64) -> f64 {
        match self {
            Self::Rounded => ROUND,
            Self::Stadium => END.min(height / 2.0),
            Self::Hexagon => POINT,
            Self::Sheet => FOLD,
            Self::Octagon => CUT,
        }
    }

    /// The outline as a path, `by` inside of a card of this size.
    pub(super) fn outline(self, width: f64, height: f64, by: f64) -> String {
        let (left, top, right, bottom) = (by, by, width - by, height - by);
        match self {
            Self::Rounded => rounded((left, top, right, bottom), ROUND - by),
            Self::Stadium => {
                let radius = END.min(height / 2.0) - by;
                rounded((left, top, right, bottom), radius)
            }
            Self::Hexagon => {
                let middle = height / 2.0;
                polygon(&[
                    (left + POINT, top),
                    (right - POINT, top),
                    (right, middle),
                    (right - POINT, bottom),
                    (left + POINT, bottom),
                    (left, middle),
                ])
            }
            Self::Sheet => sheet((left, top, right, bottom)),
            Self::Octagon => polygon(&[
                (left + CUT, top),
                (right - CUT, top),
                (right, top + CUT),
                (right, bottom - CUT),
                (right - CUT, bottom),
                (left + CUT, bottom),
                (left, bottom - CUT),
                (left, top + CUT),
            ]),
        }
    }
}

/// The folded corner of a [`Shape::Sheet`].
pub(super) fn fold(width: f64, height: f64) -> String {
    let (left, top) = (width - FOLD, height - FOLD);
    polygon(&[(left, height), (left, top), (width, top)])
}

/// A closed path through all corners.
pub(super) fn polygon(corners: &[(f64, f64)]) -> String {
    let points: Vec<String> =
        corners.iter().map(|(x, y)| format!("{} {}", px(*x), px(*y))).collect();
    format!("M{}Z", points.join("L"))
}

fn rounded((left, top, right, bottom): (f64, f64, f64, f64), radius: f64) -> String {
    let arc = |x: f64, y: f64| format!("A{0} {0} 0 0 1 {1} {2}", px(radius), px(x), px(y));
    format!(
        "M{} {}H{}{}V{}{}H{}{}V{}{}Z",
        px(left + radius),
        px(top),
        px(right - radius),
        arc(right, top + radius),
        px(bottom - radius),
        arc(right - radius, bottom),
        px(left + radius),
        arc(left, bottom - radius),
        px(top + radius),
        arc(left + radius, top),
    )
}

fn sheet((left, top, right, bottom): (f64, f64, f64, f64)) -> String {
    let arc = |x: f64, y: f64| format!("A{SHEET_ROUND} {SHEET_ROUND} 0 0 1 {} {}", px(x), px(y));
    format!(
        "M{} {}H{}{}V{}L{} {}H{}{}V{}{}Z",
        px(left + SHEET_ROUND),
        px(top),
        px(right - SHEET_ROUND),
        arc(right, top + SHEET_ROUND),
        px(bottom - FOLD),
        px(right - FOLD),
        px(bottom),
        px(left + SHEET_ROUND),
        arc(left, bottom - SHEET_ROUND),
        px(top + SHEET_ROUND),
        arc(left + SHEET_ROUND, top),
    )
}

pub(super) const ENVELOPE: &str = "M3 6H21V18H3ZM3.5 6.5L12 13.5L20.5 6.5";
pub(super) const CLOCK: &str = "M12 3A9 9 0 1 0 12 21A9 9 0 1 0 12 3ZM12 7.5V12L15.5 14";
pub(super) const PULSE: &str = "M2.5 12H7L10 4L14 20L17 12H21.5";
pub(super) const FORK: &str = "M12 3V9M12 9L5 15.5V21M12 9L19 15.5V21";
pub(super) const PENCIL: &str = "M4 20L5 15.5L16 4.5L19.5 8L8.5 19ZM13.5 7L17 10.5";
pub(super) const CROSS: &str = "M6 6L18 18M18 6L6 18";
pub(super) const DOOR_OUT: &str = "M13 4H5V20H13M10 12H21M17 8L21 12L17 16";
pub(super) const DOOR_IN: &str = "M11 4H19V20H11M3 12H14M10 8L14 12L10 16";
pub(super) const CHECK: &str = "M5 12.5L10 17.5L19.5 7";
pub(super) const PERSON: &str = "M12 11.5A4.2 4.2 0 1 0 12 3.1A4.2 4.2 0 1 0 12 11.5ZM4 21C4 16.5 7.5 14.8 12 14.8S20 16.5 20 21";
pub(super) const BOLT: &str = "M13.5 3L5 14H11.5L10.5 21L19 10H12.5Z";
pub(super) const FUNNEL: &str = "M4 5H20L14 12.5V19L10 17V12.5Z";
pub(super) const CIRCLE_ARROWS: &str =
    "M4 11A8 8 0 0 1 18.5 7L20 8.5M20 4V8.5H15.5M20 13A8 8 0 0 1 5.5 17L4 15.5M4 20V15.5H8.5";
pub(super) const TAG: &str = "M4 4H12L20.5 12.5L12.5 20.5L4 12ZM8 8H8.01";

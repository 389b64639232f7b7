//! Outlines and icons by which kinds of steps are told apart, also without colour.

use super::super::family::Family;
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
    /// Upright sides lean to the right.
    Slanted,
    /// A rectangle.
    Square,
}

const ROUND: f64 = 12.0;
const POINT: f64 = 18.0;
const FOLD: f64 = 18.0;
const SHEET_ROUND: f64 = 5.0;
const CUT: f64 = 14.0;
const LEAN: f64 = 14.0;
const SQUARE_ROUND: f64 = 2.0;
/// The most that the ends of a stadium are rounded.
const END: f64 = 34.0;

impl Shape {
    /// The outline of all steps of a family.
    pub(super) const fn of(family: Family) -> Self {
        match family {
            Family::Message => Self::Rounded,
            Family::Wait | Family::Listen => Self::Stadium,
            Family::Decision => Self::Hexagon,
            Family::Data => Self::Sheet,
            Family::Call => Self::Slanted,
            Family::Exit => Self::Octagon,
            Family::Note => Self::Square,
        }
    }

    /// How much of each end is lost to the outline, for text and for ways that touch the card.
    pub(super) fn inset(self, height: f64) -> f64 {
        match self {
            Self::Rounded => ROUND,
            Self::Stadium => END.min(height / 2.0),
            Self::Hexagon => POINT,
            Self::Sheet => FOLD,
            Self::Octagon => CUT,
            Self::Slanted => LEAN,
            Self::Square => SQUARE_ROUND,
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
            Self::Slanted => {
                polygon(&[(left + LEAN, top), (right, top), (right - LEAN, bottom), (left, bottom)])
            }
            Self::Square => rounded((left, top, right, bottom), SQUARE_ROUND),
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

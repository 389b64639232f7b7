//! Placing a moment before, after or near others.

use super::{Context, Judgement, earliest, fixed};
use crate::expr::moment::{Placed, place};
use crate::expr::{Expr, MomentTest};
use crate::time::{self, Instant, Length};

/// A missing moment lies nowhere.
pub(super) fn judge(value: &Expr, test: &MomentTest, context: &Context<'_>) -> Judgement {
    let Some(value) = place(value, context) else { return fixed(false) };
    beside(&value, test, context).unwrap_or(fixed(false))
}

fn beside(value: &Placed, test: &MomentTest, context: &Context<'_>) -> Option<Judgement> {
    let (now, at) = (context.now, value.at);
    Some(match test {
        MomentTest::Before(mark) => {
            let mark = place(mark, context)?;
            Judgement { holds: at < mark.at, next: value.meets(mark.at, &mark, now) }
        }
        MomentTest::After(mark) => {
            let mark = place(mark, context)?;
            Judgement { holds: at >= mark.end, next: value.meets(mark.end, &mark, now) }
        }
        MomentTest::Between(low, high) => {
            let (low, high) = (place(low, context)?, place(high, context)?);
            Judgement {
                holds: low.at <= at && at < high.end,
                next: earliest(value.meets(low.at, &low, now), value.meets(high.end, &high, now)),
            }
        }
        MomentTest::InTheLast(length) => {
            let end = time::add(at, *length, context.zone);
            near(value, *length, at <= now && now < end, [at, end], now)
        }
        MomentTest::InTheNext(length) => {
            let start = time::subtract(at, *length, context.zone);
            let marks = [start.saturating_add(1), at.saturating_add(1)];
            near(value, *length, start < now && now <= at, marks, now)
        }
        MomentTest::MoreThanAgo(length) => {
            let end = time::add(at, *length, context.zone);
            near(value, *length, end < now, [end.saturating_add(1); 2], now)
        }
        MomentTest::MoreThanFromNow(length) => {
            let start = time::subtract(at, *length, context.zone);
            near(value, *length, now < start, [start; 2], now)
        }
    })
}

/// What lies near now changes when now comes to one of the `marks`.
fn near(
    value: &Placed,
    length: Length,
    holds: bool,
    marks: [Instant; 2],
    now: Instant,
) -> Judgement {
    let marks = marks.into_iter().filter(|mark| *mark > now);
    Judgement { holds, next: value.changes(length, now, marks.min()) }
}

//! How little and how much something can come to on the ways through a graph.

use crate::expr::{ArithmeticOp, Duration, Expr};
use crate::graph::{Graph, ListenLimit, Step, StepIndex, StepKind};
use crate::time::{DAY, Days, MomentLiteral, TimeWindow};

/// Days after which every day of the week came round.
const WEEK_DAYS: i64 = 7;
/// Milliseconds of a second of a clock.
const SECOND: i64 = crate::time::SECOND;

/// The least and the most; changes of clocks are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// `None` where it depends on data.
    pub(super) least: Option<i64>,
    /// `None` where there is no end to it.
    pub(super) most: Option<i64>,
}

impl Bounds {
    pub(super) const NOTHING: Self = Self::exactly(0);
    const ANYTHING: Self = Self { least: Some(0), most: None };

    pub(super) const fn exactly(amount: i64) -> Self {
        Self { least: Some(amount), most: Some(amount) }
    }

    const fn up_to(amount: i64) -> Self {
        Self { least: Some(0), most: Some(amount) }
    }

    fn then(self, other: Self) -> Self {
        let sum = |a: Option<i64>, b: Option<i64>| Some(a?.saturating_add(b?));
        Self { least: sum(self.least, other.least), most: sum(self.most, other.most) }
    }

    fn or(self, other: Self) -> Self {
        let least = match (self.least, other.least) {
            (Some(a), Some(b)) => Some(a.min(b)),
            // Nothing is less than nothing.
            (Some(0), None) | (None, Some(0)) => Some(0),
            _ => None,
        };
        Self { least, most: self.most.zip(other.most).map(|(a, b)| a.max(b)) }
    }

    fn times(self, times: u32) -> Self {
        let product = |amount: i64| amount.saturating_mul(times.into());
        match times {
            0 => Self::NOTHING,
            _ => Self { least: self.least.map(product), most: self.most.map(product) },
        }
    }
}

fn either(a: Option<Bounds>, b: Option<Bounds>) -> Option<Bounds> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (one, None) | (None, one) => one,
    }
}

/// What is added up along the ways.
#[derive(Clone, Copy)]
pub(super) enum Measure<'m> {
    /// Milliseconds.
    Time,
    /// The messages that it picks.
    Messages(&'m dyn Fn(&StepKind) -> bool),
}

/// From a step on: until the round of the `repeat` around it is over, and until the run is.
#[derive(Debug, Clone, Copy, Default)]
struct Ahead {
    back: Option<Bounds>,
    end: Option<Bounds>,
}

impl Ahead {
    fn or(self, other: Self) -> Self {
        Self { back: either(self.back, other.back), end: either(self.end, other.end) }
    }

    fn after(self, before: Bounds) -> Self {
        let after = |bounds: Option<Bounds>| bounds.map(|bounds| before.then(bounds));
        Self { back: after(self.back), end: after(self.end) }
    }
}

/// What the whole graph comes to.
///
/// Ways lead forward, but for those back to a `repeat`; so each step is looked at once, the last
/// one first.
pub(super) fn of(graph: &Graph, measure: Measure<'_>) -> Bounds {
    let mut ahead = vec![Ahead::default(); graph.steps.len()];
    for (index, step) in graph.steps.iter().enumerate().rev() {
        let made = match &step.kind {
            StepKind::Repeat { .. } => repeat(index, step, &ahead, measure),
            _ => step_ways(step, measure)
                .into_iter()
                .map(|(to, cost)| follow(to, index, &ahead).after(cost))
                .reduce(Ahead::or)
                .unwrap_or_default(),
        };
        if let Some(place) = ahead.get_mut(index) {
            *place = made;
        }
    }
    let start = graph.start.and_then(|start| ahead.get(start));
    start.and_then(|ahead| ahead.end).unwrap_or(Bounds::NOTHING)
}

fn follow(to: Option<StepIndex>, from: StepIndex, ahead: &[Ahead]) -> Ahead {
    match to {
        None => Ahead { back: None, end: Some(Bounds::NOTHING) },
        Some(to) if to <= from => Ahead { back: Some(Bounds::NOTHING), end: None },
        Some(to) => ahead.get(to).copied().unwrap_or_default(),
    }
}

fn repeat(index: StepIndex, step: &Step, ahead: &[Ahead], measure: Measure<'_>) -> Ahead {
    let StepKind::Repeat { times, every, until, body, .. } = &step.kind else {
        return Ahead::default();
    };
    let next = follow(step.next, index, ahead);
    let Some(pauses) = times.checked_sub(1) else { return next };
    let pause = match (measure, every) {
        (Measure::Time, Some(every)) => duration(every),
        (Measure::Time, None) | (Measure::Messages(_), _) => Bounds::NOTHING,
    };
    let round = follow(*body, index, ahead);
    let all = round.back.map(|back| back.times(*times).then(pause.times(pauses)));
    let none = until.as_ref().map(|_| Bounds::NOTHING);
    let on = either(all, none).map(|through| next.after(through)).unwrap_or_default();
    let ended = round.end.map(|end| {
        let rounds = round.back.map(|back| back.then(pause).times(pauses).then(end));
        rounds.map_or(end, |rounds| end.or(rounds))
    });
    on.or(Ahead { back: None, end: ended })
}

/// The ways from a step, and what each comes to.
fn step_ways(step: &Step, measure: Measure<'_>) -> Vec<(Option<StepIndex>, Bounds)> {
    match measure {
        Measure::Messages(picks) => {
            let cost = Bounds::exactly(picks(&step.kind).into());
            step.ways().into_iter().map(|to| (to, cost)).collect()
        }
        Measure::Time => timed_ways(step),
    }
}

fn timed_ways(step: &Step) -> Vec<(Option<StepIndex>, Bounds)> {
    match &step.kind {
        StepKind::Listen { limit, arms, timeout } => {
            let limit = match limit {
                ListenLimit::Forever => None,
                ListenLimit::UpTo(length) => Some(duration(length)),
                ListenLimit::Until(until) => Some(moment(until)),
            };
            let heard = Bounds { least: Some(0), most: limit.and_then(|limit| limit.most) };
            let mut ways: Vec<_> = arms.iter().map(|arm| (arm.to, heard)).collect();
            ways.extend(limit.map(|limit| (*timeout, limit)));
            ways
        }
        StepKind::At { moment: at, on_time, late } => {
            vec![(*on_time, moment(at)), (*late, Bounds::NOTHING)]
        }
        _ => {
            let cost = match &step.kind {
                StepKind::Wait(length) => duration(length),
                StepKind::WaitUntil(until) => moment(until),
                StepKind::WaitWindow(open) => window(open),
                StepKind::Experiment { after, .. } => Bounds::up_to(after.ms),
                _ => Bounds::NOTHING,
            };
            step.ways().into_iter().map(|to| (to, cost)).collect()
        }
    }
}

const fn duration(duration: &Duration) -> Bounds {
    match duration {
        Duration::Fixed(length) => Bounds::exactly(length.ms),
        Duration::Computed { .. } => Bounds { least: None, most: None },
    }
}

/// From arrival to a moment; one that is over passes at once.
fn moment(moment: &Expr) -> Bounds {
    match moment {
        Expr::Moment(MomentLiteral::Now) => Bounds::NOTHING,
        Expr::Moment(MomentLiteral::Next { days, .. }) => Bounds::up_to(gap(*days) * DAY),
        Expr::Arithmetic { left, op: ArithmeticOp::Add, right } => match &**right {
            Expr::Duration(Duration::Fixed(length)) if length.months == 0 => {
                self::moment(left).then(Bounds::exactly(length.ms))
            }
            _ => Bounds::ANYTHING,
        },
        // The time may lie up to a day before or behind.
        Expr::At { day, .. } => {
            let Bounds { least, most } = self::moment(day);
            Bounds {
                least: least.map(|least| (least - DAY).max(0)),
                most: most.map(|most| most.saturating_add(DAY)),
            }
        }
        _ => Bounds::ANYTHING,
    }
}

/// From arrival to the next opening.
fn window(window: &TimeWindow) -> Bounds {
    let (from, to) = (i64::from(window.from.second), i64::from(window.to.second));
    let open = (to - from).rem_euclid(DAY / SECOND) * SECOND;
    let open = if open == 0 { DAY } else { open };
    Bounds::up_to((gap(window.days) * DAY - open).max(0))
}

/// The most days from one of them to the next.
fn gap(days: Days) -> i64 {
    let on = |day: i64| days.0 & (1 << day.rem_euclid(WEEK_DAYS)) != 0;
    let next = |day: i64| (1..=WEEK_DAYS).find(|ahead| on(day + ahead));
    (0..WEEK_DAYS).filter(|day| on(*day)).filter_map(next).max().unwrap_or(WEEK_DAYS)
}

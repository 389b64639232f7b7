//! Judging a condition: whether it holds, and the next instant at which time alone can change that.

mod behaviour;
mod moments;

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::value::{equal, look_up, matches, order, value_of};
use super::{Atom, CompareOp, Condition, Expr, Object, Path, Presence, TextOp, Value};
use crate::time::Instant;

/// Bits of a double that are all of its precision.
const DOUBLE_BITS: u32 = 53;

/// What a condition came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it holds now.
    pub holds: bool,
    /// The next instant at which that can change without new data, always after now.
    ///
    /// Never late: until just before it the answer stays. It may be early, when the parts of a
    /// condition change and the whole does not.
    pub next: Option<Instant>,
}

/// What is kept about a person besides attributes.
pub trait Facts {
    /// Whether the person is in the segment of that name.
    fn member(&self, segment: &str) -> bool;
    /// The latest instants at which the person did that, oldest first.
    fn times(&self, atom: &Atom) -> &[Instant];
}

/// The facts of nobody: in no segment, never did anything.
#[derive(Debug, Clone, Copy)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn member(&self, _segment: &str) -> bool {
        false
    }

    fn times(&self, _atom: &Atom) -> &[Instant] {
        &[]
    }
}

/// What a run adds to the things a condition can read.
#[derive(Debug, Clone, Copy)]
pub struct RunView<'a> {
    /// `trigger.*`
    pub trigger: &'a Value,
    /// `journey.*`
    pub vars: &'a Object,
    /// When it began, for `since entry`.
    pub since: Instant,
}

/// All that a condition can read. A scope that is `None` has nothing in it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The present moment.
    pub now: Instant,
    /// Whose calendar counts months.
    pub zone: Tz,
    /// Whom `random` draws for.
    pub person: Uuid,
    /// `customer.*`
    pub customer: &'a Object,
    /// `event.*`
    pub event: Option<&'a Value>,
    /// `trigger.*`, `journey.*` and `since entry`
    pub run: Option<RunView<'a>>,
    /// `with.*`
    pub with: Option<&'a Object>,
    /// `message.*`
    pub message: Option<&'a Object>,
    /// `item.*`
    pub item: Option<&'a Value>,
    /// Segments and behaviour.
    pub facts: &'a dyn Facts,
}

impl<'a> Context<'a> {
    /// What is known of a person at that moment; nothing of a run, an event or a message.
    #[must_use]
    pub fn of(
        person: Uuid,
        customer: &'a Object,
        (now, zone): (Instant, Tz),
        facts: &'a dyn Facts,
    ) -> Self {
        Self {
            now,
            zone,
            person,
            customer,
            event: None,
            run: None,
            with: None,
            message: None,
            item: None,
            facts,
        }
    }
}

/// Judges `condition` at `context.now`.
#[must_use]
pub fn evaluate(condition: &Condition, context: &Context<'_>) -> Judgement {
    later(judge(condition, context, &mut Trace(None)), context)
}

/// Judges `condition` and notes in `deciding` what was read on the way, by the path or predicate
/// that read it; `null` stands for missing.
pub fn explain(condition: &Condition, context: &Context<'_>, deciding: &mut Object) -> Judgement {
    later(judge(condition, context, &mut Trace(Some(deciding))), context)
}

/// INVARIANT: a next instant that is not after now would let the clock stand still for ever.
fn later(judged: Judgement, context: &Context<'_>) -> Judgement {
    debug_assert!(judged.next.is_none_or(|next| next > context.now), "{judged:?}");
    Judgement { next: judged.next.filter(|next| *next > context.now), ..judged }
}

/// Where the values that were read are noted, if anywhere.
struct Trace<'t>(Option<&'t mut Object>);

impl Trace<'_> {
    fn note(&mut self, what: &dyn std::fmt::Display, value: impl FnOnce() -> Value) {
        if let Some(deciding) = self.0.as_deref_mut() {
            deciding.insert(what.to_string(), value());
        }
    }

    fn read<'a>(&mut self, expr: &'a Expr, context: &Context<'a>) -> Option<Cow<'a, Value>> {
        let value = value_of(expr, context);
        if let Expr::Path(path) = expr {
            self.note(path, || owned(value.as_deref()));
        }
        value
    }

    fn look_up<'a>(&mut self, path: &Path, context: &Context<'a>) -> Option<Cow<'a, Value>> {
        let value = look_up(path, context);
        self.note(path, || owned(value.as_deref()));
        value
    }
}

fn owned(value: Option<&Value>) -> Value {
    value.cloned().unwrap_or_default()
}

const fn fixed(holds: bool) -> Judgement {
    Judgement { holds, next: None }
}

fn judge(condition: &Condition, context: &Context<'_>, trace: &mut Trace<'_>) -> Judgement {
    match condition {
        Condition::All(parts) => combine(parts, context, trace, true),
        Condition::Any(parts) => combine(parts, context, trace, false),
        Condition::Not(part) => {
            let inner = judge(part, context, trace);
            Judgement { holds: !inner.holds, next: inner.next }
        }
        Condition::Compare { left, op, right, ignoring_case } => {
            let left = trace.read(left, context);
            let right = trace.read(right, context);
            fixed(compare(left.as_deref(), *op, right.as_deref(), *ignoring_case))
        }
        Condition::Between { value, low, high } => {
            let value = trace.read(value, context);
            let (low, high) = (trace.read(low, context), trace.read(high, context));
            let (value, low, high) = (value.as_deref(), low.as_deref(), high.as_deref());
            fixed(
                compare(low, CompareOp::LessOrEqual, value, false)
                    && compare(value, CompareOp::LessOrEqual, high, false),
            )
        }
        Condition::In { value, list, ignoring_case } => {
            let value = trace.read(value, context);
            fixed(list.iter().any(|element| {
                let element = trace.read(element, context);
                compare(value.as_deref(), CompareOp::Equal, element.as_deref(), *ignoring_case)
            }))
        }
        Condition::Text { left, op, right, ignoring_case } => {
            let left = trace.read(left, context);
            let right = trace.read(right, context);
            let (Some(left), Some(right)) = (left, right) else { return fixed(false) };
            fixed(text(&left, *op, &right, *ignoring_case))
        }
        Condition::Presence { path, test } => {
            let value = trace.look_up(path, context);
            fixed(presence(value.as_deref(), *test))
        }
        Condition::InSegment(segment) => {
            let member = context.facts.member(segment);
            trace.note(condition, || Value::Bool(member));
            fixed(member)
        }
        Condition::Performed { atom, count, window } => {
            behaviour::performed(atom, (*count, window), context, trace)
        }
        Condition::Moment { value, test } => {
            trace.read(value, context);
            moments::judge(value, test, context)
        }
        Condition::AnyItem { path, filter } => any_item(path, filter, context, trace),
        Condition::Random { percent, seed } => fixed(draw(context.person, seed) < *percent),
        // Nothing answers for these yet.
        Condition::Interaction(_)
        | Condition::InCampaign(_)
        | Condition::EnteredCampaign(_)
        | Condition::FinishedCampaign(_)
        | Condition::SubscribedTo(_)
        | Condition::Unsubscribed
        | Condition::Suppressed
        | Condition::HasDevice(_)
        | Condition::RelatedTo { .. } => fixed(false),
    }
}

/// `any PATH where (…)`: what is no list has no members.
fn any_item(
    path: &Path,
    filter: &Condition,
    context: &Context<'_>,
    trace: &mut Trace<'_>,
) -> Judgement {
    let list = trace.look_up(path, context);
    let members = list.as_deref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let parts = members.iter().map(|item| {
        let context = Context { item: Some(item), ..*context };
        judge(filter, &context, &mut Trace(None))
    });
    settle(parts, false)
}

/// Where the person lies for that seed, from 0 to just below 100; evenly spread, and the same for
/// ever.
fn draw(person: Uuid, seed: &str) -> f64 {
    let mut hash = Sha256::new();
    hash.update(person.as_bytes());
    hash.update(seed.as_bytes());
    let bits =
        hash.finalize().iter().take(8).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let kept = serde_json::Number::from(bits >> (u64::BITS - DOUBLE_BITS));
    100.0 * kept.as_f64().unwrap_or_default() / 2_f64.powi(53)
}

/// `and` (`whole` is true) and `or` (false): a part that differs from `whole` settles it.
///
/// While it is settled, it stays so until every settling part can change, so the last of their
/// instants counts; while it is not, the first change of any part can settle it.
fn combine(
    parts: &[Condition],
    context: &Context<'_>,
    trace: &mut Trace<'_>,
    whole: bool,
) -> Judgement {
    settle(parts.iter().map(|part| judge(part, context, trace)), whole)
}

/// Goes through the parts until one of them settles it for ever.
fn settle(parts: impl Iterator<Item = Judgement>, whole: bool) -> Judgement {
    let mut settled: Option<Instant> = None;
    let mut first: Option<Instant> = None;
    for judged in parts {
        if judged.holds == whole {
            first = earliest(first, judged.next);
        } else {
            let Some(next) = judged.next else { return fixed(!whole) };
            settled = Some(settled.map_or(next, |latest| latest.max(next)));
        }
    }
    match settled {
        Some(next) => Judgement { holds: !whole, next: Some(next) },
        None => Judgement { holds: whole, next: first },
    }
}

/// The earlier of two instants, where `None` is never.
#[must_use]
pub fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}

fn compare(
    left: Option<&Value>,
    op: CompareOp,
    right: Option<&Value>,
    ignoring_case: bool,
) -> bool {
    let equals = || left.zip(right).is_some_and(|(a, b)| equal(a, b, ignoring_case));
    let stands = |wanted: fn(Ordering) -> bool| {
        left.zip(right).and_then(|(a, b)| order(a, b, ignoring_case)).is_some_and(wanted)
    };
    match op {
        CompareOp::Equal => equals(),
        CompareOp::NotEqual => !equals(),
        CompareOp::Less => stands(Ordering::is_lt),
        CompareOp::LessOrEqual => stands(Ordering::is_le),
        CompareOp::Greater => stands(Ordering::is_gt),
        CompareOp::GreaterOrEqual => stands(Ordering::is_ge),
    }
}

fn text(left: &Value, op: TextOp, right: &Value, ignoring_case: bool) -> bool {
    if let (Value::Array(list), TextOp::Contains) = (left, op) {
        return list.iter().any(|element| equal(element, right, ignoring_case));
    }
    let (Some(left), Some(right)) = (left.as_str(), right.as_str()) else { return false };
    let fold = |text: &str| if ignoring_case { text.to_lowercase() } else { text.to_owned() };
    let (left, right) = (fold(left), fold(right));
    match op {
        TextOp::Contains => left.contains(&right),
        TextOp::StartsWith => left.starts_with(&right),
        TextOp::EndsWith => left.ends_with(&right),
        TextOp::Matches => matches(&left, &right),
    }
}

fn presence(value: Option<&Value>, test: Presence) -> bool {
    match test {
        Presence::Exists => value.is_some(),
        Presence::Missing => value.is_none(),
        Presence::Empty => match value {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            Some(Value::Object(object)) => object.is_empty(),
            Some(Value::Bool(_) | Value::Number(_)) => false,
        },
    }
}

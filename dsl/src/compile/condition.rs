//! Conditions and values as the machine takes them.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::ast::{
    self, ConditionKind, DurationKind, ExprKind, MomentTest, Reach, Window, scope_of,
};
use crate::expr::{
    self, Activity, Atom, Condition, Duration, Expr, Interaction, Object, Occurrence, Path, Scope,
    Total, Value, number,
};
use crate::graph::Channel;
use crate::time::{self, MomentLiteral, Zone};

/// The messages that a campaign sends.
pub(super) type Sends = BTreeSet<(Channel, String)>;

/// Lowers what is written in one place of the language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The messages of the campaign around it, if a run can be asked about.
    pub(super) sends: Option<&'a Sends>,
    /// The clock of moments that are written in data.
    pub(super) zone: Tz,
}

/// Outside of campaigns.
pub(super) const ANYWHERE: Reading<'static> = Reading { sends: None, zone: Tz::UTC };

impl Reading<'_> {
    pub(super) fn condition(&self, condition: &ast::Condition) -> Condition {
        match &condition.kind {
            ConditionKind::All(parts) => Condition::All(self.conditions(parts)),
            ConditionKind::Any(parts) => Condition::Any(self.conditions(parts)),
            ConditionKind::Not(inner) => Condition::Not(Box::new(self.condition(inner))),
            ConditionKind::Compare { left, op, right, ignoring_case } => Condition::Compare {
                left: self.expr(left),
                op: op.value,
                right: self.expr(right),
                ignoring_case: *ignoring_case,
            },
            ConditionKind::Between { value, low, high } => self.between(value, low, high),
            ConditionKind::In { value, list, ignoring_case } => Condition::In {
                value: self.expr(value),
                list: list.iter().map(|member| self.expr(member)).collect(),
                ignoring_case: *ignoring_case,
            },
            ConditionKind::Text { left, op, right, ignoring_case } => Condition::Text {
                left: self.expr(left),
                op: op.value,
                right: self.expr(right),
                ignoring_case: *ignoring_case,
            },
            ConditionKind::Presence { path: of, test } => {
                Condition::Presence { path: path(of), test: *test }
            }
            ConditionKind::Performed { activity, name, filter, count, window } => {
                let name = name.value.as_str().into();
                Condition::Performed {
                    atom: self.atom(Activity { kind: *activity, name }, filter.as_deref()),
                    count: *count,
                    window: self.window(&window.value),
                }
            }
            ConditionKind::Moment { value, test } => {
                Condition::Moment { value: self.expr(value), test: self.moment_test(&test.value) }
            }
            ConditionKind::AnyItem { path: of, filter } => {
                Condition::AnyItem { path: path(of), filter: Box::new(self.condition(filter)) }
            }
            ConditionKind::RelatedTo { object, filter } => Condition::RelatedTo {
                object: object.value.as_str().into(),
                filter: filter.as_ref().map(|filter| Box::new(self.condition(filter))),
            },
            ConditionKind::Interaction(asked) => {
                Condition::Interaction(Box::new(self.interaction(asked)))
            }
            kind => plain(kind),
        }
    }

    fn conditions(&self, parts: &[ast::Condition]) -> Vec<Condition> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// Numbers, texts or moments, by what the ends are.
    fn between(&self, value: &ast::Expr, low: &ast::Expr, high: &ast::Expr) -> Condition {
        let moments = is_moment(low) || is_moment(high) || is_moment(value);
        let (value, low, high) = (self.expr(value), self.expr(low), self.expr(high));
        if moments {
            Condition::Moment { value, test: expr::MomentTest::Between(low, high) }
        } else {
            Condition::Between { value, low, high }
        }
    }

    fn atom(&self, activity: Activity, filter: Option<&ast::Condition>) -> Atom {
        Atom { activity, filter: filter.map(|filter| Box::new(self.condition(filter))) }
    }

    fn window(&self, window: &Window) -> expr::Window {
        match window {
            Window::Ever => expr::Window::Ever,
            Window::Last(length) => expr::Window::Last(*length),
            Window::SinceEntry => expr::Window::SinceEntry,
            Window::Before(mark) => expr::Window::Before(Box::new(self.expr(mark))),
            Window::After(mark) => expr::Window::After(Box::new(self.expr(mark))),
        }
    }

    fn moment_test(&self, test: &MomentTest) -> expr::MomentTest {
        match test {
            MomentTest::Before(mark) => expr::MomentTest::Before(self.expr(mark)),
            MomentTest::After(mark) => expr::MomentTest::After(self.expr(mark)),
            MomentTest::InTheLast(length) => expr::MomentTest::InTheLast(*length),
            MomentTest::InTheNext(length) => expr::MomentTest::InTheNext(*length),
            MomentTest::MoreThanAgo(length) => expr::MomentTest::MoreThanAgo(*length),
            MomentTest::MoreThanFromNow(length) => expr::MomentTest::MoreThanFromNow(*length),
        }
    }

    fn interaction(&self, asked: &ast::Interaction) -> Interaction {
        let sent = || {
            self.sends.is_some_and(|sends| match &asked.message {
                Some(name) => sends.contains(&(asked.channel, name.value.clone())),
                None => sends.iter().any(|(channel, _)| *channel == asked.channel),
            })
        };
        Interaction {
            kind: asked.kind,
            channel: asked.channel,
            message: asked.message.as_ref().map(|name| name.value.as_str().into()),
            link: asked.link.as_ref().map(|link| link.value.clone()),
            count: asked.count,
            window: self.window(&asked.window.value),
            this_run: match asked.reach.as_ref().map(|reach| reach.value) {
                Some(Reach::ThisJourney) => true,
                Some(Reach::Ever) => false,
                None => sent(),
            },
        }
    }

    /// A value of a condition: texts are texts.
    pub(super) fn expr(&self, value: &ast::Expr) -> Expr {
        self.value(value, false)
    }

    /// A value that a step hands on: texts with Liquid in them are rendered.
    pub(super) fn rendered(&self, value: &ast::Expr) -> Expr {
        self.value(value, true)
    }

    pub(super) fn entries(&self, entries: &[(ast::Name, ast::Expr)]) -> Vec<(String, Expr)> {
        entries.iter().map(|(key, value)| (key.value.clone(), self.rendered(value))).collect()
    }

    fn value(&self, value: &ast::Expr, renders: bool) -> Expr {
        match &value.kind {
            ExprKind::Text(text) if renders && text.renders() => Expr::Template(text.text.clone()),
            ExprKind::Path(of) => Expr::Path(path(of)),
            ExprKind::Arithmetic { left, op, right } => Expr::Arithmetic {
                left: Box::new(self.value(left, renders)),
                op: op.value,
                right: Box::new(self.value(right, renders)),
            },
            ExprKind::Default { value, default } => Expr::Default {
                value: Box::new(self.value(value, renders)),
                default: self.literal(default),
            },
            ExprKind::Duration(duration) => Expr::Duration(self.duration(duration)),
            ExprKind::Moment(moment) => Expr::Moment(moment.clone()),
            ExprKind::At { day, time, zone } => Expr::At {
                day: Box::new(self.value(day, renders)),
                time: *time,
                zone: zone.clone(),
            },
            ExprKind::Total(total) => Expr::Total(Box::new(self.total(total))),
            ExprKind::Occurrence(occurrence) => Expr::Occurrence(Box::new(Occurrence {
                which: occurrence.which,
                event: occurrence.event.value.as_str().into(),
                keys: occurrence.keys.clone(),
            })),
            ExprKind::List(members) => {
                let members: Vec<Expr> =
                    members.iter().map(|member| self.value(member, renders)).collect();
                let known: Option<Vec<Value>> = members.iter().map(written_out).collect();
                known.map_or(Expr::List(members), |list| Expr::Literal(Value::Array(list)))
            }
            ExprKind::Object(entries) => {
                let entries: Vec<(String, Expr)> = entries
                    .iter()
                    .map(|(key, value)| (key.value.clone(), self.value(value, renders)))
                    .collect();
                let known: Option<Object> = entries
                    .iter()
                    .map(|(key, value)| Some((key.clone(), written_out(value)?)))
                    .collect();
                known.map_or(Expr::Object(entries), |object| Expr::Literal(Value::Object(object)))
            }
            ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::Null
            | ExprKind::Unknown => Expr::Literal(self.literal(value)),
        }
    }

    pub(super) fn duration(&self, duration: &ast::Duration) -> Duration {
        match &duration.kind {
            DurationKind::Fixed(length) => Duration::Fixed(*length),
            DurationKind::Computed(amount, unit) => {
                Duration::Computed { amount: Box::new(self.expr(amount)), unit: *unit }
            }
        }
    }

    fn total(&self, total: &ast::Total) -> Total {
        let event = Activity::event(total.event.value.as_str());
        Total {
            function: total.function,
            atom: self.atom(event, total.filter.as_ref()),
            keys: total.keys.clone(),
            window: self.window(&total.window.value),
        }
    }

    /// A value written out; what is not is null.
    pub(super) fn literal(&self, value: &ast::Expr) -> Value {
        match &value.kind {
            ExprKind::Text(text) => Value::String(text.text.clone()),
            ExprKind::Number(written) => Value::Number(number(*written)),
            ExprKind::Boolean(truth) => Value::Bool(*truth),
            ExprKind::List(members) => {
                Value::Array(members.iter().map(|member| self.literal(member)).collect())
            }
            ExprKind::Object(entries) => Value::Object(self.object(entries)),
            ExprKind::Moment(moment) => self.written(moment).map_or(Value::Null, Value::String),
            ExprKind::Path(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Default { .. }
            | ExprKind::Duration(_)
            | ExprKind::At { .. }
            | ExprKind::Total(_)
            | ExprKind::Occurrence(_)
            | ExprKind::Null
            | ExprKind::Unknown => Value::Null,
        }
    }

    pub(super) fn object(&self, entries: &[(ast::Name, ast::Expr)]) -> Object {
        entries.iter().map(|(key, value)| (key.value.clone(), self.literal(value))).collect()
    }

    /// A moment as data; one that depends on when it is asked for is none.
    fn written(&self, moment: &MomentLiteral) -> Option<String> {
        match moment {
            MomentLiteral::Exact(at) => Some(time::rfc3339(*at)),
            MomentLiteral::Date { date, time: None, .. } => Some(date.to_string()),
            MomentLiteral::Date { date, time: Some(time), zone } => {
                let named = match zone {
                    Zone::Customer => None,
                    Zone::Named(name) => time::named_zone(name),
                };
                let clock =
                    date.and_hms_opt(0, 0, 0)? + chrono::TimeDelta::seconds(time.second.into());
                Some(time::rfc3339(time::at_local(clock, named.unwrap_or(self.zone))))
            }
            MomentLiteral::Now | MomentLiteral::Next { .. } => None,
        }
    }
}

/// What is made of names alone.
fn plain(kind: &ConditionKind) -> Condition {
    match kind {
        ConditionKind::InSegment(name) => Condition::InSegment(name.value.as_str().into()),
        ConditionKind::InCampaign(name) => Condition::InCampaign(name.value.as_str().into()),
        ConditionKind::EnteredCampaign(name) => {
            Condition::EnteredCampaign(name.value.as_str().into())
        }
        ConditionKind::FinishedCampaign(name) => {
            Condition::FinishedCampaign(name.value.as_str().into())
        }
        ConditionKind::SubscribedTo(name) => Condition::SubscribedTo(name.value.as_str().into()),
        ConditionKind::Unsubscribed => Condition::Unsubscribed,
        ConditionKind::Suppressed => Condition::Suppressed,
        ConditionKind::HasDevice(platform) => Condition::HasDevice(*platform),
        ConditionKind::Random { percent, seed } => {
            Condition::Random { percent: percent.value, seed: seed.value.as_str().into() }
        }
        // What was not understood holds for nobody.
        _ => Condition::Any(Vec::new()),
    }
}

fn written_out(value: &Expr) -> Option<Value> {
    match value {
        Expr::Literal(value) => Some(value.clone()),
        _ => None,
    }
}

/// Whether it is a moment by its shape, whatever the data.
fn is_moment(value: &ast::Expr) -> bool {
    match &value.kind {
        ExprKind::Moment(_) | ExprKind::At { .. } => true,
        ExprKind::Arithmetic { left, right, .. } => [left, right]
            .iter()
            .any(|side| is_moment(side) || matches!(side.kind, ExprKind::Duration(_))),
        ExprKind::Occurrence(occurrence) => occurrence.keys.is_empty(),
        _ => false,
    }
}

pub(super) fn path(of: &ast::Path) -> Path {
    Path { scope: scope_of(&of.scope.value).unwrap_or(Scope::Customer), keys: of.keys.clone() }
}

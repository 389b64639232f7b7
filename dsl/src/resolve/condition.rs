//! Names in conditions and values.

use super::walk::{Walk, did_you_mean};
use super::{Place, Position};
use crate::ast::{
    Condition, ConditionKind, Duration, DurationKind, Expr, ExprKind, Interaction, MomentTest,
    NameKind, Path, Reach, SCOPES, Spanned, Window, scope_of,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Scope;
use crate::span::Span;
use crate::syntax::nearest;

impl Walk<'_> {
    pub(super) fn condition(&mut self, condition: &Condition, at: &Position) {
        if asks_a_person(&condition.kind) {
            self.needs_person(condition, at);
        }
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                for part in parts {
                    self.condition(part, at);
                }
            }
            ConditionKind::Not(inner) => self.condition(inner, at),
            ConditionKind::Compare { left, right, .. }
            | ConditionKind::Text { left, right, .. } => {
                self.expr(left, at);
                self.expr(right, at);
            }
            ConditionKind::Between { value, low, high } => {
                for part in [value, low, high] {
                    self.expr(part, at);
                }
            }
            ConditionKind::In { value, list, .. } => {
                self.expr(value, at);
                for member in list {
                    self.expr(member, at);
                }
            }
            ConditionKind::Presence { path, .. } => self.path(path, at),
            ConditionKind::Performed { filter, window, .. } => {
                self.behaviour(filter.as_deref(), window, at);
            }
            ConditionKind::Moment { value, test } => {
                self.expr(value, at);
                match &test.value {
                    MomentTest::Before(moment) | MomentTest::After(moment) => {
                        self.expr(moment, at);
                    }
                    MomentTest::InTheLast(_)
                    | MomentTest::InTheNext(_)
                    | MomentTest::MoreThanAgo(_)
                    | MomentTest::MoreThanFromNow(_) => {}
                }
            }
            ConditionKind::AnyItem { path, filter } => {
                self.path(path, at);
                self.condition(filter, &at.inside(Place::Item));
            }
            ConditionKind::Interaction(interaction) => self.interaction(interaction, at),
            ConditionKind::RelatedTo { filter: Some(filter), .. } => {
                self.condition(filter, &at.inside(Place::Related));
            }
            ConditionKind::InSegment(name) => self.known(NameKind::Segment, name),
            ConditionKind::InCampaign(name)
            | ConditionKind::EnteredCampaign(name)
            | ConditionKind::FinishedCampaign(name) => self.known(NameKind::Campaign, name),
            ConditionKind::SubscribedTo(name) => self.known(NameKind::Topic, name),
            ConditionKind::RelatedTo { filter: None, .. }
            | ConditionKind::Unsubscribed
            | ConditionKind::Suppressed
            | ConditionKind::HasDevice(_)
            | ConditionKind::Random { .. }
            | ConditionKind::Unknown => {}
        }
    }

    fn behaviour(&mut self, filter: Option<&Condition>, window: &Spanned<Window>, at: &Position) {
        if let Some(filter) = filter {
            self.condition(filter, &at.inside(Place::Behaviour));
        }
        self.window(window, at);
    }

    fn window(&mut self, window: &Spanned<Window>, at: &Position) {
        match &window.value {
            Window::Before(moment) | Window::After(moment) => self.expr(moment, at),
            Window::SinceEntry if at.has_person() && !at.has_run() => self
                .found
                .push(no_run(window.span, at).help("say `in the last 30 days`, or leave it out")),
            Window::SinceEntry | Window::Ever | Window::Last(_) => {}
        }
    }

    fn interaction(&mut self, interaction: &Interaction, at: &Position) {
        if let Some(message) = &interaction.message {
            self.known_message(interaction.channel, message);
        }
        self.window(&interaction.window, at);
        if let Some(reach) = &interaction.reach
            && reach.value == Reach::ThisJourney
            && at.has_person()
            && !at.has_run()
        {
            self.found.push(no_run(reach.span, at).help("leave it out to ask about any time"));
        }
    }

    fn needs_person(&mut self, condition: &Condition, at: &Position) {
        if at.has_person() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0306,
            condition.span,
            format!("this cannot be asked {}", at.called()),
        )
        .here("a question about a person");
        self.found.push(match at.place() {
            Place::Message => {
                diagnostic.help("ask about `message` here, such as `message.subject`")
            }
            Place::ObjectMatch => diagnostic
                .help("ask about `object` here, and about the people by `for people where (…)` or `only if`"),
            Place::Lookup => {
                diagnostic.help("ask about `row` here, and about the person by an `if` around it")
            }
            _ => diagnostic
                .help("ask about `event` here, and join the other question by `and` outside"),
        });
    }

    pub(super) fn expr(&mut self, expr: &Expr, at: &Position) {
        match &expr.kind {
            ExprKind::Path(path) => self.path(path, at),
            ExprKind::List(members) => {
                for member in members {
                    self.expr(member, at);
                }
            }
            ExprKind::Object(entries) => {
                for (_, value) in entries {
                    self.expr(value, at);
                }
            }
            ExprKind::Arithmetic { left, right, .. } => {
                self.expr(left, at);
                self.expr(right, at);
            }
            ExprKind::Default { value, default } => {
                self.expr(value, at);
                self.expr(default, at);
            }
            ExprKind::Duration(duration) => self.duration(duration, at),
            ExprKind::At { day, .. } => self.expr(day, at),
            ExprKind::Total(total) => {
                self.of_a_past(expr.span, at);
                self.behaviour(total.filter.as_ref(), &total.window, at);
            }
            ExprKind::Occurrence(_) => self.of_a_past(expr.span, at),
            ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::Null
            | ExprKind::Moment(_)
            | ExprKind::Unknown => {}
        }
    }

    pub(super) fn duration(&mut self, duration: &Duration, at: &Position) {
        match &duration.kind {
            DurationKind::Fixed(_) => {}
            DurationKind::Computed(amount, _) => self.expr(amount, at),
        }
    }

    /// Totals and single events are asked of somebody's past.
    fn of_a_past(&mut self, span: Span, at: &Position) {
        let closed = matches!(
            at.place(),
            Place::Behaviour | Place::Message | Place::ObjectMatch | Place::Written | Place::Start
        );
        if closed {
            self.found.push(
                Diagnostic::new(
                    Code::J0306,
                    span,
                    format!("nobody's past is known {}", at.called()),
                )
                .here("whose events?")
                .help(if at.place() == Place::ObjectMatch {
                    "ask about the people by `for people where (…)` or `only if`"
                } else {
                    "ask it outside, joined by `and`"
                }),
            );
        }
    }

    pub(super) fn path(&mut self, path: &Path, at: &Position) {
        let word = &path.scope.value;
        let allowed = words_of(at.scopes());
        let Some(scope) = scope_of(word) else {
            let diagnostic = Diagnostic::new(
                Code::J0305,
                path.scope.span,
                format!("nothing is called `{word}`"),
            );
            self.found.push(match nearest(word, SCOPES.iter().map(|(word, _)| *word)) {
                Some(near) => did_you_mean(diagnostic, path.scope.span, near, false),
                None => diagnostic.here("a path does not begin like this").help(can_read(
                    &allowed,
                    at,
                    "a path begins with",
                )),
            });
            return;
        };
        if at.scopes().contains(&scope) {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0306,
            path.scope.span,
            format!("`{word}` is not known {}", at.called()),
        )
        .here(if allowed.is_empty() {
            "nothing can be read here".to_owned()
        } else {
            format!("only {} can be read here", quoted_list(&allowed))
        });
        self.found.push(match same_thing(scope, at) {
            Some(instead) => {
                diagnostic.replace(format!("write `{instead}`"), path.scope.span, instead)
            }
            None => diagnostic.help(advice(scope, at.place())),
        });
    }
}

/// Whether only a person can answer.
const fn asks_a_person(kind: &ConditionKind) -> bool {
    matches!(
        kind,
        ConditionKind::InSegment(_)
            | ConditionKind::Performed { .. }
            | ConditionKind::Interaction(_)
            | ConditionKind::InCampaign(_)
            | ConditionKind::EnteredCampaign(_)
            | ConditionKind::FinishedCampaign(_)
            | ConditionKind::SubscribedTo(_)
            | ConditionKind::Unsubscribed
            | ConditionKind::Suppressed
            | ConditionKind::HasDevice(_)
            | ConditionKind::RelatedTo { .. }
            | ConditionKind::Random { .. }
    )
}

fn no_run(span: Span, at: &Position) -> Diagnostic {
    Diagnostic::new(Code::J0406, span, format!("there is no run {}", at.called()))
        .here("nobody has entered here")
}

/// The words of these scopes, in the order of the language.
pub(super) fn words_of(scopes: &[Scope]) -> Vec<&'static str> {
    SCOPES.iter().filter(|(_, scope)| scopes.contains(scope)).map(|(word, _)| *word).collect()
}

fn can_read(allowed: &[&str], at: &Position, verb: &str) -> String {
    if allowed.is_empty() {
        return format!("nothing can be read {}; write the value out", at.called());
    }
    format!("{}, {verb} {}", at.called(), quoted_list(allowed))
}

/// The scope that means the same here.
fn same_thing(scope: Scope, at: &Position) -> Option<&'static str> {
    match (scope, at.place()) {
        (Scope::Event, Place::Filter | Place::Per) => Some("trigger"),
        (Scope::Trigger, Place::Trigger) => Some("event"),
        (Scope::Customer, Place::Order) => Some("row"),
        _ => None,
    }
}

/// What to read instead.
const fn advice(scope: Scope, place: Place) -> &'static str {
    match (scope, place) {
        (_, Place::Written) => "write the value out: a text, a number, true or false",
        (Scope::Event, Place::Run | Place::Call | Place::Lookup) => {
            "say `trigger` for the event that started the run; a wait keeps its event by `as name`, read as `journey.name`"
        }
        (
            Scope::Event,
            Place::Segment | Place::Match | Place::Audience | Place::Expectation | Place::People,
        ) => "ask by `performed \"name\" where (event.… == …)`",
        (Scope::Customer, Place::Behaviour) => "ask about `customer` outside, joined by `and`",
        (Scope::Customer, Place::Message) => {
            "ask about the person in a line of its own: `expect customer.plan == \"pro\"`"
        }
        (Scope::Customer, Place::ObjectMatch | Place::ObjectChange | Place::ObjectDate) => {
            "read `object` here, and ask about the people by `for people where (…)` or `only if`"
        }
        (_, Place::Start) => "say a date, such as `at 2026-03-01T09:00 in customer time`",
        (Scope::Trigger | Scope::Journey, Place::Segment) => {
            "a segment knows the person, and no run"
        }
        (Scope::Trigger | Scope::Journey, Place::Audience) => {
            "the audience is chosen before anything starts, by what is known of each person"
        }
        (Scope::Journey, Place::Filter | Place::Per | Place::Trigger) => {
            "variables of the run are set by its steps, and there was no step yet"
        }
        (Scope::Trigger | Scope::Journey, Place::Behaviour) => {
            "compare with a value written out, or ask by an `if` in the steps"
        }
        (Scope::Object | Scope::Relationship, Place::Filter | Place::Run | Place::Call) => {
            "what started the run is read as `trigger.object` and `trigger.relationship`; others are asked by `related to \"…\" where (…)`"
        }
        (Scope::Object | Scope::Relationship, _) => {
            "objects are asked about by `related to \"…\" where (object.… == …)`"
        }
        (Scope::Old, _) => {
            "what was before is known in `on match` alone; after `on change` it is `trigger.from`"
        }
        (Scope::Row, _) => {
            "`row` is known in the `where` of `lookup`; its result is kept by `as name`, read as `journey.name`"
        }
        (Scope::Item, _) => "`item` is known in `any customer.orders where (item.total > 50)`",
        (Scope::Secret, _) => "secrets are known in a `call` alone, so that no message shows them",
        (Scope::With, _) => "`with` is known in the message that a `send … with { … }` sends",
        (Scope::Message, _) => "`message` is known in `expect email \"name\" where (…)`",
        _ => "ask about it where it is known",
    }
}

/// `a`, `a` and `b`, each in back-ticks.
pub(crate) fn quoted_list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

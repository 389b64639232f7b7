//! Names in conditions and values.

use super::Place;
use super::walk::Walk;
use crate::ast::{
    Condition, ConditionKind, Expr, ExprKind, NameKind, Path, SCOPES, Window, scope_of,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Scope;
use crate::syntax::nearest;

impl Walk<'_> {
    pub(super) fn condition(&mut self, condition: &Condition, place: Place) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                for part in parts {
                    self.condition(part, place);
                }
            }
            ConditionKind::Not(inner) => self.condition(inner, place),
            ConditionKind::Compare { left, right, .. }
            | ConditionKind::Text { left, right, .. } => {
                self.expr(left, place);
                self.expr(right, place);
            }
            ConditionKind::Between { value, low, high } => {
                for part in [value, low, high] {
                    self.expr(part, place);
                }
            }
            ConditionKind::In { value, list, .. } => {
                self.expr(value, place);
                for member in list {
                    self.expr(member, place);
                }
            }
            ConditionKind::Presence { path, .. } => self.path(path, place),
            ConditionKind::InSegment(name) => {
                self.needs_person(condition, place);
                self.known(NameKind::Segment, name);
            }
            ConditionKind::Performed { filter, window, .. } => {
                self.needs_person(condition, place);
                if let Some(filter) = filter {
                    self.condition(filter, Place::Behaviour);
                }
                if window.value == Window::SinceEntry && !place.has_run() && place.has_person() {
                    self.found.push(
                        Diagnostic::new(
                            Code::J0406,
                            window.span,
                            format!("there is no run {}", place.called()),
                        )
                        .here("nobody has entered here")
                        .help("say `in the last 30 days`, or leave it out"),
                    );
                }
            }
            ConditionKind::Unknown => {}
        }
    }

    fn needs_person(&mut self, condition: &Condition, place: Place) {
        if place.has_person() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0306,
            condition.span,
            format!("segments and behaviour cannot be asked about {}", place.called()),
        )
        .here("not about the one thing that is judged here");
        self.found.push(match place {
            Place::Behaviour => diagnostic
                .help("ask about `event` here, and join the other question by `and` outside"),
            _ => diagnostic.help("ask about `message` here, such as `message.subject`"),
        });
    }

    pub(super) fn expr(&mut self, expr: &Expr, place: Place) {
        match &expr.kind {
            ExprKind::Path(path) => self.path(path, place),
            ExprKind::List(members) => {
                for member in members {
                    self.expr(member, place);
                }
            }
            ExprKind::Object(entries) => {
                for (_, value) in entries {
                    self.expr(value, place);
                }
            }
            ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::Unknown => {}
        }
    }

    pub(super) fn path(&mut self, path: &Path, place: Place) {
        let word = &path.scope.value;
        let allowed: Vec<&str> = SCOPES
            .iter()
            .filter(|(_, scope)| place.scopes().contains(scope))
            .map(|(word, _)| *word)
            .collect();
        let listed = quoted_list(&allowed);
        let Some(scope) = scope_of(word) else {
            let diagnostic = Diagnostic::new(
                Code::J0305,
                path.scope.span,
                format!("nothing is called `{word}`"),
            );
            self.found.push(match nearest(word, SCOPES.iter().map(|(word, _)| *word)) {
                Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                    format!("write `{near}`"),
                    path.scope.span,
                    near,
                ),
                None => diagnostic
                    .here("a path does not begin like this")
                    .help(format!("{}, a path begins with {listed}", place.called())),
            });
            return;
        };
        if place.scopes().contains(&scope) {
            return;
        }
        self.found.push(
            Diagnostic::new(
                Code::J0306,
                path.scope.span,
                format!("`{word}` is not known {}", place.called()),
            )
            .here(format!("only {listed} can be read here"))
            .help(advice(scope, place)),
        );
    }
}

/// What to read instead.
const fn advice(scope: Scope, place: Place) -> &'static str {
    match (scope, place) {
        (Scope::Event, Place::Filter) => {
            "say `trigger` for the data of the event that starts the run"
        }
        (Scope::Event, Place::Run) => {
            "say `trigger` for the event that started the run; a wait keeps its event by `as name`, read as `journey.name`"
        }
        (Scope::Event, Place::Template) => {
            "say `trigger` for the event that started the run; other data is given by `with { … }` and read as `with`"
        }
        (Scope::Event, Place::Segment | Place::Expectation) => {
            "ask by `performed \"name\" where (event.… == …)`"
        }
        (Scope::Customer, Place::Behaviour) => "ask about `customer` outside, joined by `and`",
        (Scope::Customer, Place::Message) => {
            "ask about the person in a line of its own: `expect customer.plan == \"pro\"`"
        }
        (Scope::Trigger | Scope::Journey, Place::Segment) => {
            "a segment knows the person, and no run"
        }
        (Scope::Trigger, Place::Trigger) => "here the event itself is read as `event`",
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

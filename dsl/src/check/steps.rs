//! Steps: what is never reached, waits that do not fit, labels.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Check;
use crate::ast::{Arm, Expr, ExprKind, Limit, Name, Part, Path, Signal, Spanned, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Key;
use crate::resolve::{Place, each_label};
use crate::span::Span;
use crate::syntax::KEYWORDS;

impl Check<'_> {
    /// Checks a block. In a broken campaign nothing is concluded from what is absent.
    pub(super) fn steps(&mut self, parts: &[Part], broken: bool) {
        for step in parts.iter().filter_map(step_of) {
            self.step(step, broken);
        }
        if !broken {
            self.unreachable(parts);
        }
    }

    fn block(&mut self, parts: &[Part], broken: bool) {
        for part in parts {
            if let Part::Clause(clause) = part {
                self.clause_in_block(clause);
            }
        }
        self.steps(parts, broken);
    }

    fn step(&mut self, step: &Step, broken: bool) {
        if let Some(label) = &step.label {
            self.no_keyword(label, "label");
        }
        self.arms_limit(step);
        match &step.kind {
            StepKind::Send { to, with, .. } => {
                for value in to.iter().chain(with.iter().map(|(_, value)| value)) {
                    self.handed_on(value);
                }
            }
            StepKind::Listen { limit, arms, timeouts } => {
                for arm in arms {
                    self.arm(arm, broken);
                }
                for body in timeouts {
                    self.block(&body.value, broken);
                }
                if !broken {
                    self.wait_arms(step, limit, arms, timeouts);
                }
            }
            StepKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.condition(condition);
                    self.block(body, broken);
                }
                self.block(otherwise.as_deref().unwrap_or_default(), broken);
            }
            StepKind::Set(path, value) => {
                self.target(path, "set");
                self.handed_on(value);
            }
            StepKind::Unset(path) => self.target(path, "unset"),
            StepKind::Broken(blocks) => {
                for body in blocks {
                    self.block(body, broken);
                }
            }
            StepKind::Wait(_) | StepKind::Exit => {}
        }
    }

    pub(super) fn signal(&mut self, signal: &Signal) {
        match signal {
            Signal::Event(event) => {
                if let Some(filter) = &event.filter {
                    self.condition(filter);
                }
            }
            Signal::Condition(condition) => self.condition(condition),
        }
    }

    fn arm(&mut self, arm: &Arm, broken: bool) {
        for signal in &arm.signals {
            self.signal(signal);
        }
        if let Some(name) = &arm.name {
            self.no_keyword(name, "name");
            let hears_event = arm.signals.iter().any(|signal| matches!(signal, Signal::Event(_)));
            if !hears_event && !arm.signals.is_empty() {
                self.report(
                    Diagnostic::new(
                        Code::J0212,
                        name.span,
                        "only an event has data that a name can keep",
                    )
                    .here("this arm listens for no event")
                    .help("leave `as` out, or listen for `event \"…\"`"),
                );
            }
        }
        self.block(&arm.body, broken);
    }

    fn wait_arms(
        &mut self,
        step: &Step,
        limit: &Limit,
        arms: &[Arm],
        timeouts: &[Spanned<Vec<Part>>],
    ) {
        let misfit = |span, message: &str| Diagnostic::new(Code::J0212, span, message);
        if let [first, second, ..] = timeouts {
            self.report(
                misfit(second.span, "a wait has one `on timeout`")
                    .here("again")
                    .also(first.span, "first here")
                    .help("put their steps into one"),
            );
        }
        if arms.is_empty() {
            self.report(
                misfit(step.head, "this wait listens for nothing")
                    .here("no `on` inside")
                    .help("say what it waits for: `on event \"name\" { … }`; a plain wait is `wait 2 days`"),
            );
            return;
        }
        let end = Span::new(
            step.head.file,
            step.head.start + "wait".len(),
            step.head.start + "wait".len(),
        );
        match (limit, timeouts.first()) {
            (Limit::UpTo(_), _) | (Limit::Forever, None) => {}
            (Limit::Forever, Some(timeout)) => self.report(
                misfit(timeout.span, "a wait that lasts `forever` has no time-out")
                    .here("never reached")
                    .help("give the wait a limit: `wait up to 5 days { … }`"),
            ),
            (Limit::None, Some(timeout)) => self.report(
                misfit(timeout.span, "this wait has a time-out and no limit")
                    .here("when?")
                    .also(step.head, "no limit here")
                    .help("give the wait a limit: `wait up to 5 days { … }`"),
            ),
            (Limit::None, None) => self.report(
                Diagnostic::new(Code::J0501, step.head, "this wait has no limit")
                    .here("people may stand here for ever")
                    .help("say `wait up to 5 days { … }`, or `wait forever { … }` if that is meant")
                    .replace("say that it is meant", end, " forever"),
            ),
        }
    }

    /// `customer` and `journey` can be written, by a path of names.
    fn target(&mut self, path: &Path, verb: &str) {
        let scope = path.scope.value.as_str();
        if !["customer", "journey"].contains(&scope) {
            let known = crate::ast::scope_of(scope).is_some();
            let code = if known { Code::J0306 } else { Code::J0305 };
            self.report(
                Diagnostic::new(code, path.scope.span, format!("`{scope}` cannot be {verb}"))
                    .here("only `customer` and `journey` can be written")
                    .help(format!("attributes of the person are `customer.name`, variables of the run `journey.{}`", leaf(path))),
            );
        } else if path.keys.is_empty() || path.keys.iter().any(|key| matches!(key, Key::Index(_))) {
            self.report(
                Diagnostic::new(
                    Code::J0403,
                    path.span,
                    format!("`{verb}` needs one attribute or variable by its name"),
                )
                .here("expected a path of names")
                .help(format!("write `{verb} {scope}.name`")),
            );
        }
    }

    /// A value that a step hands on: what stands inside lists and objects is written out.
    fn handed_on(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Text(text) => self.template(text, Place::Run),
            ExprKind::List(_) | ExprKind::Object(_) => {
                self.written_out(value, "inside lists and objects")
            }
            ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::Path(_) | ExprKind::Unknown => {}
        }
    }

    /// Reports paths and templates where only values written out are understood.
    pub(super) fn written_out(&mut self, value: &Expr, place: &str) {
        match &value.kind {
            ExprKind::Path(path) => self.report(
                Diagnostic::new(
                    Code::J0901,
                    path.span,
                    format!("a path {place} is not supported yet"),
                )
                .here("known, but not in this version"),
            ),
            ExprKind::Text(text) => self.no_template(text),
            ExprKind::List(members) => {
                for member in members {
                    self.written_out(member, place);
                }
            }
            ExprKind::Object(entries) => {
                for (_, inner) in entries {
                    self.written_out(inner, place);
                }
            }
            ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::Unknown => {}
        }
    }

    fn no_keyword(&mut self, name: &Name, called: &str) {
        if KEYWORDS.contains(&name.value.as_str()) {
            self.report(
                Diagnostic::new(
                    Code::J0215,
                    name.span,
                    format!("`{}` is a word of the language and cannot be a {called}", name.value),
                )
                .here("taken")
                .help(format!("choose another word, such as `{}_1`", name.value)),
            );
        }
    }

    pub(super) fn labels(&mut self, body: &[Part]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut again: Vec<(&Name, Span)> = Vec::new();
        each_label(body, &mut |label| match seen.entry(&label.value) {
            Entry::Occupied(first) => again.push((label, *first.get())),
            Entry::Vacant(place) => _ = place.insert(label.span),
        });
        for (label, first) in again {
            self.report(
                Diagnostic::new(
                    Code::J0211,
                    label.span,
                    format!("two steps are labelled `{}`", label.value),
                )
                .here("again")
                .also(first, "first here")
                .note("people keep their place by the label when the campaign changes")
                .help("give one of them another label"),
            );
        }
    }

    fn unreachable(&mut self, parts: &[Part]) {
        let mut steps = parts.iter().filter_map(step_of);
        let Some(end) = steps.by_ref().find(|step| ends(step)) else {
            return;
        };
        let Some(next) = steps.next() else {
            return;
        };
        let last = steps.next_back().unwrap_or(next);
        let (head, span) = (next.head, next.span.to(last.span));
        let message = if head.end >= last.span.end || next.span == last.span {
            "this step is never reached"
        } else {
            "these steps are never reached"
        };
        let place = if self.text(span).contains('\n') { head } else { span };
        self.report(
            Diagnostic::new(Code::J0210, place, message)
                .here("no way leads here")
                .also(
                    end.head,
                    if matches!(end.kind, StepKind::Exit) {
                        "the run ends here"
                    } else {
                        "every way ends in here"
                    },
                )
                .help("take out what is not needed, or let a run go on before it"),
        );
    }
}

const fn step_of(part: &Part) -> Option<&Step> {
    match part {
        Part::Step(step) => Some(step),
        Part::Clause(_) => None,
    }
}

/// Whether no run comes out of this step.
fn ends(step: &Step) -> bool {
    let ended = |parts: &[Part]| parts.iter().filter_map(step_of).any(ends);
    match &step.kind {
        StepKind::Exit => true,
        StepKind::If { arms, otherwise } => {
            otherwise.as_ref().is_some_and(|body| ended(body))
                && arms.iter().all(|(_, body)| ended(body))
        }
        StepKind::Listen { limit, arms, timeouts } => {
            let timed_out = match limit {
                Limit::UpTo(_) => timeouts.iter().any(|body| ended(&body.value)),
                Limit::None | Limit::Forever => true,
            };
            timed_out && !arms.is_empty() && arms.iter().all(|arm| ended(&arm.body))
        }
        StepKind::Send { .. }
        | StepKind::Wait(_)
        | StepKind::Set(..)
        | StepKind::Unset(_)
        | StepKind::Broken(_) => false,
    }
}

fn leaf(path: &Path) -> String {
    match path.keys.last() {
        Some(Key::Name(name)) => name.clone(),
        Some(Key::Index(_)) | None => "name".to_owned(),
    }
}

//! Names of attributes, events and objects that the data of the workspace does not know.
//!
//! Only where the catalog tells of the data; what the files write themselves counts as seen.

use std::collections::BTreeSet;

use super::inner::{Inner, inside, inside_duration, inside_value};
use super::{What, did_you_mean, each_step, readings};
use crate::ast::{
    ActivitySignal, ClauseKind, Condition, ConditionKind, DeclarationKind, ExitWhen, ExprKind,
    File, Goal, Lookup, Name, Part, Path, Signal, StepKind, Trigger,
};
use crate::compile::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{ActivityKind, Key};
use crate::span::Span;
use crate::syntax::nearest;

/// Attributes that every workspace has, or that this program gives a meaning.
const WELL_KNOWN: [&str; 9] = [
    "id",
    "email",
    "phone",
    "timezone",
    "language",
    "created_at",
    "first_name",
    "last_name",
    "unsubscribed",
];

/// What is known of the data.
pub(crate) struct Seen<'a> {
    attributes: Option<BTreeSet<&'a str>>,
    events: Option<BTreeSet<&'a str>>,
    objects: Option<BTreeSet<&'a str>>,
    found: Vec<Diagnostic>,
}

/// Reports all of the files.
pub(super) fn never_seen(files: &[File], catalog: &Catalog) -> Vec<Diagnostic> {
    let mut seen = Seen::new(files, catalog);
    if seen.knows_nothing() && catalog.collections.is_none() {
        return Vec::new();
    }
    for reading in readings(files) {
        let mut judge = |inner: Inner<'_>| seen.inner(inner);
        match reading.what {
            What::Condition(condition) => inside(condition, &mut judge),
            What::Value(value, _) | What::Match(value, _) => inside_value(value, &mut judge),
            What::Path(path) => judge(Inner::Path(path)),
            What::Duration(duration) => inside_duration(duration, &mut judge),
        }
    }
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if let DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) =
            &declaration.kind
        {
            seen.clauses(&campaign.body);
            each_step(&campaign.body, &mut |step| match &step.kind {
                StepKind::WaitFor { signal, .. } => seen.signal(signal),
                StepKind::Listen { arms, .. } => {
                    arms.iter().flat_map(|arm| &arm.signals).for_each(|one| seen.signal(one));
                }
                StepKind::Lookup(lookup) => seen.columns(lookup, catalog),
                _ => {}
            });
        }
    }
    seen.found
}

/// Reports what one condition asks for.
pub(super) fn never_seen_in(condition: &Condition, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut seen = Seen::new(&[], catalog);
    inside(condition, &mut |inner| seen.inner(inner));
    seen.found
}

impl<'a> Seen<'a> {
    /// What the catalog tells, with what the files write themselves.
    pub(crate) fn new(files: &'a [File], catalog: &'a Catalog) -> Self {
        let set = |names: &'a Option<BTreeSet<String>>| {
            names.as_ref().map(|names| names.iter().map(String::as_str).collect())
        };
        let mut seen = Self {
            attributes: set(&catalog.attributes),
            events: set(&catalog.events),
            objects: set(&catalog.object_types),
            found: Vec::new(),
        };
        if let Some(attributes) = &mut seen.attributes {
            attributes.extend(WELL_KNOWN);
        }
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            if let DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) =
                &declaration.kind
            {
                each_step(&campaign.body, &mut |step| seen.written(&step.kind));
            }
        }
        seen
    }

    fn knows_nothing(&self) -> bool {
        self.attributes.is_none() && self.events.is_none() && self.objects.is_none()
    }

    fn written(&mut self, step: &'a StepKind) {
        match step {
            StepKind::Set(path, _) | StepKind::Add(_, path) if path.scope.value == "customer" => {
                if let (Some(Key::Name(name)), Some(attributes)) =
                    (path.keys.first(), &mut self.attributes)
                {
                    attributes.insert(name);
                }
            }
            StepKind::Emit { event, .. } => {
                if let Some(events) = &mut self.events {
                    events.insert(&event.value);
                }
            }
            _ => {}
        }
    }

    fn clauses(&mut self, body: &[Part]) {
        for part in body {
            let Part::Clause(clause) = part else {
                continue;
            };
            match &clause.kind {
                ClauseKind::On(Trigger::Activity(activity)) => self.activity(activity),
                ClauseKind::On(Trigger::Object { object, .. }) => self.object(object),
                ClauseKind::ExitWhen(ExitWhen::Signal(signal))
                | ClauseKind::Goal(Goal { signal, .. }) => self.signal(signal),
                _ => {}
            }
        }
    }

    fn signal(&mut self, signal: &Signal) {
        match signal {
            Signal::Activity(activity) => self.activity(activity),
            Signal::Condition(_) => {}
        }
    }

    fn activity(&mut self, activity: &ActivitySignal) {
        if activity.kind == ActivityKind::Event {
            self.event(&activity.name);
        }
    }

    fn inner(&mut self, inner: Inner<'_>) {
        match inner {
            Inner::Path(path) => self.path(path),
            Inner::Condition(condition) => match &condition.kind {
                ConditionKind::Performed { activity: ActivityKind::Event, name, .. } => {
                    self.event(name);
                }
                ConditionKind::RelatedTo { object, .. } => self.object(object),
                _ => {}
            },
            Inner::Expr(expr) => match &expr.kind {
                ExprKind::Total(total) => self.event(&total.event),
                ExprKind::Occurrence(occurrence) => self.event(&occurrence.event),
                _ => {}
            },
        }
    }

    fn path(&mut self, path: &Path) {
        let Some(Key::Name(name)) = path.keys.first() else {
            return;
        };
        if path.scope.value == "customer" {
            let whole = path.span;
            let near = self.attribute(name);
            self.found.extend(near.map(|near| {
                match near {
                    Some(near) if path.keys.len() == 1 => {
                        let near = format!("customer.{near}");
                        did_you_mean(unseen(whole, name), whole, &near, false)
                    }
                    Some(near) => {
                        unseen(whole, name).here(format!("did you mean `customer.{near}`?"))
                    }
                    None => unseen(whole, name)
                        .here("never seen in the data")
                        .help("send it with a person first, or set it in a campaign"),
                }
            }));
        }
    }

    /// `None` where the attribute was seen, else the one that was probably meant.
    pub(crate) fn attribute(&self, name: &str) -> Option<Option<&'a str>> {
        let attributes = self.attributes.as_ref()?;
        (!attributes.contains(name)).then(|| nearest(name, attributes.iter().copied()))
    }

    /// Columns of a collection that its rows do not have.
    fn columns(&mut self, lookup: &Lookup, catalog: &Catalog) {
        let Some(columns) =
            catalog.collections.as_ref().and_then(|all| all.get(&lookup.collection.value))
        else {
            return;
        };
        let mut judge = |inner: Inner<'_>| {
            let Inner::Path(path) = inner else { return };
            let Some(Key::Name(name)) = path.keys.first() else { return };
            if path.scope.value != "row" || columns.contains(name) {
                return;
            }
            let diagnostic = Diagnostic::new(
                Code::J0505,
                path.span,
                format!("no row of `{}` has a column `{name}`", lookup.collection.value),
            );
            self.found.push(match nearest(name, columns.iter().map(String::as_str)) {
                Some(near) if path.keys.len() == 1 => {
                    did_you_mean(diagnostic, path.span, &format!("row.{near}"), false)
                }
                Some(near) => diagnostic.here(format!("did you mean `row.{near}`?")),
                None => diagnostic.here("never seen in the data"),
            });
        };
        inside(&lookup.filter, &mut judge);
        if let Some(order) = &lookup.order {
            judge(Inner::Path(order));
        }
    }

    fn event(&mut self, name: &Name) {
        let Some(events) = &self.events else { return };
        if events.contains(name.value.as_str()) || name.value.is_empty() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0505,
            name.span,
            format!("no event `{}` ever came in", name.value),
        );
        self.found.push(match nearest(&name.value, events.iter().copied()) {
            Some(near) => did_you_mean(diagnostic, name.span, near, true),
            None => diagnostic
                .here("never seen in the data")
                .help("fine if it is to come; else compare with the events that are sent"),
        });
    }

    fn object(&mut self, name: &Name) {
        let Some(objects) = &self.objects else { return };
        if objects.contains(name.value.as_str()) || name.value.is_empty() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0505,
            name.span,
            format!("there is no object of the type `{}`", name.value),
        );
        self.found.push(match nearest(&name.value, objects.iter().copied()) {
            Some(near) => did_you_mean(diagnostic, name.span, near, true),
            None => diagnostic
                .here("never seen in the data")
                .help("fine if it is to come; else compare with the objects that are sent"),
        });
    }
}

/// Says that nobody has the attribute.
pub(crate) fn unseen(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::J0505, span, format!("no person ever had an attribute `{name}`"))
}

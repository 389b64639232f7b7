//! What can touch a condition: the data it reads, and whether time alone can change it.

use std::sync::Arc;

use super::{Condition, Expr, Key, Path, Scope, Window};

/// The attribute by which calendar months depend on a person.
const ZONE_ATTRIBUTE: &str = "timezone";

/// Everything a condition reads. Nothing else can change its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    /// First keys of the paths behind `customer`.
    pub attributes: Vec<String>,
    /// `customer` as a whole is read.
    pub all_attributes: bool,
    /// Names of the events behind `performed`.
    pub events: Vec<Arc<str>>,
    /// Names of segments.
    pub segments: Vec<Arc<str>>,
    /// `journey.*` is read.
    pub journey: bool,
    /// Time alone can change the answer.
    pub clock: bool,
}

impl Reads {
    /// What `condition` reads.
    #[must_use]
    pub fn of(condition: &Condition) -> Self {
        let mut reads = Self::default();
        reads.collect(condition);
        reads
    }

    fn collect(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.collect(part));
            }
            Condition::Not(part) => self.collect(part),
            Condition::Compare { left, right, .. } | Condition::Text { left, right, .. } => {
                self.exprs([left, right]);
            }
            Condition::Between { value, low, high } => self.exprs([value, low, high]),
            Condition::In { value, list, .. } => self.exprs(list.iter().chain([value])),
            Condition::Presence { path, .. } => self.path(path),
            Condition::InSegment(name) => push(&mut self.segments, name),
            Condition::Performed { atom, window, .. } => {
                push(&mut self.events, &atom.event);
                if let Window::Last(length) = window {
                    self.clock = true;
                    if length.months > 0 {
                        push(&mut self.attributes, &ZONE_ATTRIBUTE.to_owned());
                    }
                }
            }
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            match expr {
                Expr::Path(path) => self.path(path),
                Expr::Literal(_) | Expr::Template(_) => {}
            }
        }
    }

    fn path(&mut self, path: &Path) {
        match (path.scope, path.keys.first()) {
            (Scope::Customer, Some(Key::Name(name))) => push(&mut self.attributes, name),
            (Scope::Customer, None) => self.all_attributes = true,
            (Scope::Journey, _) => self.journey = true,
            (Scope::Customer, Some(Key::Index(_)))
            | (Scope::Event | Scope::Trigger | Scope::With | Scope::Message, _) => {}
        }
    }
}

fn push<T: Clone + PartialEq>(list: &mut Vec<T>, value: &T) {
    if !list.contains(value) {
        list.push(value.clone());
    }
}

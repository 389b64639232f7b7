//! Behaviour from before the definitions that ask about it.

use std::collections::BTreeSet;

use super::{AtomId, Person, Workspace};
use crate::expr::eval::{Context, NoFacts, evaluate};
use crate::expr::{Object, Value};
use crate::time::Instant;

impl Workspace {
    /// Fills in the behaviour that newer definitions ask about from events of the past, given as
    /// (name, data, time), oldest first. What was kept of the person already stays as it is.
    /// Answers whether anything was filled in; [`super::advance()`] then judges it.
    pub fn remember<'a>(
        &self,
        person: &mut Person,
        past: impl Iterator<Item = (&'a str, &'a Value, Instant)>,
    ) -> bool {
        let known: BTreeSet<AtomId> = person.atoms.keys().copied().collect();
        let nobody = Object::new();
        let mut filled = false;
        for (name, data, time) in past {
            let fresh =
                self.atoms_of.get(name).into_iter().flatten().filter(|id| !known.contains(id));
            for id in fresh {
                let Some(spec) = self.atoms.get(id) else { continue };
                let context = Context {
                    event: Some(data),
                    ..Context::of(person.id, &nobody, (time, self.zone), &NoFacts)
                };
                if spec.filter.as_ref().is_none_or(|filter| evaluate(filter, &context).holds) {
                    let times = person.atoms.entry(*id).or_default();
                    times.push(time);
                    times.drain(..times.len().saturating_sub(spec.keep));
                    filled = true;
                }
            }
        }
        filled
    }
}

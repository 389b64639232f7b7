//! What a condition that holds, or does not, tells of the values it asks about.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{
    Condition, ConditionKind, DeclarationKind, Expr, ExprKind, File, MomentTest, Path,
};
use crate::expr::{CompareOp, Key, Presence};

/// More is not kept in mind; what is forgotten costs a warning too many.
const FACTS_MAX: usize = 200;
/// Segments within segments that are looked into.
const DEPTH_MAX: usize = 8;

/// The way to a value, scope first.
pub(super) type Way = Vec<String>;

/// Values that are known to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts(BTreeSet<Way>);

/// What conditions stand for.
pub(super) struct Known<'a> {
    segments: BTreeMap<&'a str, &'a Condition>,
}

/// Another beginning for paths: what is `event` in a trigger is `trigger` for the run.
pub(super) type Renaming<'r> = &'r [(&'r str, &'r [&'r str])];

impl<'a> Known<'a> {
    pub(super) fn new(files: &'a [File]) -> Self {
        let declarations = files.iter().flat_map(|file| &file.declarations);
        let segments = declarations.filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Segment(condition) => {
                Some((declaration.name.value.as_str(), condition.as_ref()))
            }
            _ => None,
        });
        Self { segments: segments.collect() }
    }

    /// What is known where the condition came out like this.
    pub(super) fn told_by(
        &self,
        condition: &Condition,
        outcome: bool,
        renaming: Renaming<'_>,
    ) -> Facts {
        self.told(condition, outcome, renaming, DEPTH_MAX)
    }

    fn told(
        &self,
        condition: &Condition,
        outcome: bool,
        renaming: Renaming<'_>,
        depth: usize,
    ) -> Facts {
        let mut facts = Facts::default();
        let each = |parts: &[Condition]| -> Vec<Facts> {
            parts.iter().map(|part| self.told(part, outcome, renaming, depth)).collect()
        };
        match &condition.kind {
            ConditionKind::Not(inner) => return self.told(inner, !outcome, renaming, depth),
            ConditionKind::All(parts) if outcome => {
                each(parts).into_iter().for_each(|one| facts.add(one))
            }
            ConditionKind::Any(parts) if !outcome => {
                each(parts).into_iter().for_each(|one| facts.add(one))
            }
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                return Facts::shared(each(parts)).unwrap_or_default();
            }
            ConditionKind::Compare { left, op, right, .. }
                if (op.value != CompareOp::NotEqual) == outcome =>
            {
                facts.needed(left, renaming);
                facts.needed(right, renaming);
            }
            ConditionKind::Presence { path, test } if (*test == Presence::Exists) == outcome => {
                facts.there(path, renaming);
            }
            ConditionKind::InSegment(name) if outcome && depth > 0 => {
                if let Some(segment) = self.segments.get(name.value.as_str()) {
                    return self.told(segment, true, renaming, depth - 1);
                }
            }
            _ if !outcome => {}
            ConditionKind::Between { value, low, high } => {
                [value, low, high].into_iter().for_each(|part| facts.needed(part, renaming));
            }
            ConditionKind::In { value, .. } => facts.needed(value, renaming),
            ConditionKind::Text { left, right, .. } => {
                facts.needed(left, renaming);
                facts.needed(right, renaming);
            }
            ConditionKind::Moment { value, test } => {
                facts.needed(value, renaming);
                if let MomentTest::Before(moment) | MomentTest::After(moment) = &test.value {
                    facts.needed(moment, renaming);
                }
            }
            ConditionKind::AnyItem { path, .. } => facts.there(path, renaming),
            _ => {}
        }
        facts
    }
}

impl Facts {
    /// Whether the value is known to be there, or what it is part of, or a part of it.
    pub(super) fn has(&self, way: &[String]) -> bool {
        self.0.iter().any(|known| {
            let is_part = known.len() > 1 && way.starts_with(known);
            is_part || known.starts_with(way)
        })
    }

    pub(super) fn add(&mut self, other: Self) {
        for way in other.0 {
            self.insert(way);
        }
    }

    pub(super) fn insert(&mut self, way: Way) {
        if self.0.len() < FACTS_MAX {
            self.0.insert(way);
        }
    }

    /// The value is gone.
    pub(super) fn forget(&mut self, way: &[String]) {
        self.0.retain(|known| !known.starts_with(way));
    }

    /// What holds on each of several ways; `None` where there is no way.
    pub(super) fn shared(ways: impl IntoIterator<Item = Self>) -> Option<Self> {
        ways.into_iter().reduce(|one, other| Self(one.0.intersection(&other.0).cloned().collect()))
    }

    /// What must be there for the value to be there.
    pub(super) fn needed(&mut self, value: &Expr, renaming: Renaming<'_>) {
        match &value.kind {
            ExprKind::Path(path) => self.there(path, renaming),
            ExprKind::Arithmetic { left, right, .. } => {
                self.needed(left, renaming);
                self.needed(right, renaming);
            }
            ExprKind::At { day, .. } => self.needed(day, renaming),
            _ => {}
        }
    }

    pub(super) fn there(&mut self, path: &Path, renaming: Renaming<'_>) {
        if !path.keys.is_empty() {
            self.insert(way_of(path, renaming));
        }
    }

    /// Whether the value is there for certain.
    pub(super) fn is_certain(&self, value: &Expr) -> bool {
        match &value.kind {
            ExprKind::Path(path) => self.has(&way_of(path, &[])),
            ExprKind::Arithmetic { left, right, .. } => {
                self.is_certain(left) && self.is_certain(right)
            }
            ExprKind::At { day, .. } => self.is_certain(day),
            ExprKind::Occurrence(_) | ExprKind::Null => false,
            _ => true,
        }
    }
}

/// The way of a path, its scope renamed.
pub(super) fn way_of(path: &Path, renaming: Renaming<'_>) -> Way {
    let scope = path.scope.value.as_str();
    let renamed = renaming.iter().find(|(from, _)| *from == scope);
    let mut way: Way = match renamed {
        Some((_, to)) => to.iter().map(|word| (*word).to_owned()).collect(),
        None => vec![scope.to_owned()],
    };
    way.extend(path.keys.iter().map(|key| match key {
        Key::Name(name) => name.clone(),
        Key::Index(index) => format!("[{index}]"),
    }));
    way
}

//! Making the edits of fixes, and keeping those that help.
//!
//! Files are neither read nor written here: texts come in, and mended ones go out.

use std::collections::{BTreeMap, BTreeSet};

use super::{Applicability, Code, Diagnostic, Edit, Fix, Severity};
use crate::compile::{Catalog, Source, every_problem};
use crate::span::FileIndex;

/// Rounds of fixing: one fix can uncover what another one mends.
pub const ROUNDS_MAX: usize = 10;
/// Compilations of all rounds together.
const TRIALS_MAX: usize = 400;

/// The texts after [`mend`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// In the order in which they came.
    pub sources: Vec<Source>,
    /// The sources whose text is another one now, each with the number of problems that were taken
    /// away.
    pub problems: BTreeMap<FileIndex, usize>,
}

/// The text after all `edits`, whatever their file; `None` where two of them overlap, or one lies
/// outside the text.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut mended = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        mended.push_str(text.get(done..edit.span.start)?);
        text.get(edit.span.start..edit.span.end)?;
        mended.push_str(&edit.text);
        done = edit.span.end;
    }
    mended.push_str(text.get(done..)?);
    Some(mended)
}

/// Makes every safe fix that takes its problem away and brings no new error, again and again until
/// none is left. Of two that overlap the first is made, and the other has its turn in the next
/// round. `catalog` answers what surrounds the texts as they are at that moment.
#[must_use]
pub fn mend(sources: &[Source], mut catalog: impl FnMut(&[Source]) -> Catalog) -> Mended {
    let mut mended = Mended { sources: sources.to_vec(), problems: BTreeMap::new() };
    let mut trials_left = TRIALS_MAX;
    for _ in 0..ROUNDS_MAX {
        let before = every_problem(&mended.sources, &catalog(&mended.sources));
        let candidates = candidates(&before);
        let mut round = Round {
            sources: &mended.sources,
            before: counts(&before),
            catalog: &mut catalog,
            trials_left: &mut trials_left,
            kept: Vec::new(),
            mended: None,
        };
        round.keep(&candidates);
        let (kept, Some(sources)) = (round.kept, round.mended) else { break };
        for edit in kept.iter().flat_map(|kept| &kept.fix.edits) {
            mended.problems.entry(edit.span.file).or_default();
        }
        for kept in kept {
            *mended.problems.entry(kept.problem.primary.span.file).or_default() += 1;
        }
        mended.sources = sources;
    }
    mended
}

/// Problems that read the same.
type Counts<'a> = BTreeMap<(Code, &'a str), usize>;

/// A problem with a safe fix.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    problem: &'a Diagnostic,
    fix: &'a Fix,
}

/// Safe fixes in source order, without those that touch what an earlier one changes.
fn candidates(problems: &[Diagnostic]) -> Vec<Candidate<'_>> {
    let mut taken = BTreeSet::new();
    let mut candidates = Vec::new();
    for problem in problems {
        let Some(fix) = &problem.fix else { continue };
        let is_free = !fix.edits.is_empty() && fix.edits.iter().all(|edit| is_free(&taken, edit));
        if is_free && fix.applicability == Applicability::Safe {
            taken.extend(fix.edits.iter().map(place));
            candidates.push(Candidate { problem, fix });
        }
    }
    candidates
}

const fn place(edit: &Edit) -> (FileIndex, usize, usize) {
    (edit.span.file, edit.span.start, edit.span.end)
}

/// Whether the edit touches none of the places, which do not overlap.
fn is_free(taken: &BTreeSet<(FileIndex, usize, usize)>, edit: &Edit) -> bool {
    let (file, start, end) = place(edit);
    let before = taken.range((file, 0, 0)..(file, end, 0)).next_back();
    !taken.contains(&(file, start, end)) && before.is_none_or(|(_, _, end)| *end <= start)
}

/// One round over the same texts, so that places stay what they are.
struct Round<'a, C> {
    sources: &'a [Source],
    before: Counts<'a>,
    catalog: &'a mut C,
    trials_left: &'a mut usize,
    kept: Vec<Candidate<'a>>,
    /// The texts with what was kept.
    mended: Option<Vec<Source>>,
}

impl<'a, C: FnMut(&[Source]) -> Catalog> Round<'a, C> {
    /// Keeps all of them where they help together, and otherwise halves them to find those that
    /// do not.
    fn keep(&mut self, candidates: &[Candidate<'a>]) {
        if candidates.is_empty() || *self.trials_left == 0 {
            return;
        }
        *self.trials_left -= 1;
        let mut tried = self.kept.clone();
        tried.extend(candidates);
        if let Some(mended) = self.helped(&tried) {
            self.kept = tried;
            self.mended = Some(mended);
        } else if candidates.len() > 1 {
            let (first, second) = candidates.split_at(candidates.len() / 2);
            self.keep(first);
            self.keep(second);
        }
    }

    /// The texts with these fixes, where each takes its problem away and no error is new.
    fn helped(&mut self, fixes: &[Candidate<'a>]) -> Option<Vec<Source>> {
        let mended = self.edited(fixes)?;
        let problems = every_problem(&mended, &(self.catalog)(&mended));
        let after = counts(&problems);
        let mut expected = self.before.clone();
        for fixed in fixes {
            let count = expected.get_mut(&key(fixed.problem))?;
            *count = count.checked_sub(1)?;
        }
        let is_gone = |fixed: &Candidate<'_>| {
            let key = key(fixed.problem);
            after.get(&key) <= expected.get(&key).filter(|count| **count > 0)
        };
        let is_new = |problem: &Diagnostic| {
            problem.severity == Severity::Error
                && after.get(&key(problem)) > expected.get(&key(problem))
        };
        (fixes.iter().all(is_gone) && !problems.iter().any(is_new)).then_some(mended)
    }

    fn edited(&self, fixes: &[Candidate<'_>]) -> Option<Vec<Source>> {
        let mut edits: BTreeMap<FileIndex, Vec<Edit>> = BTreeMap::new();
        for edit in fixes.iter().flat_map(|fixed| &fixed.fix.edits) {
            edits.entry(edit.span.file).or_default().push(edit.clone());
        }
        let mut mended = self.sources.to_vec();
        for (file, edits) in edits {
            let source = mended.get_mut(file)?;
            source.text = applied(&source.text, &edits)?;
        }
        Some(mended)
    }
}

fn key(problem: &Diagnostic) -> (Code, &str) {
    (problem.code, &problem.message)
}

fn counts(problems: &[Diagnostic]) -> Counts<'_> {
    let mut counts = Counts::new();
    for problem in problems {
        *counts.entry(key(problem)).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests;

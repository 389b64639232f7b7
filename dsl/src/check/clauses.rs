//! Clauses: where they stand, in which order, and that each is said once.

use super::Check;
use crate::ast::{Campaign, Clause, ClauseKind, Part, Step};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;

/// Clauses by the order in which they stand.
const ORDER: [&str; 11] = [
    "on",
    "to",
    "at",
    "only if",
    "enter",
    "exit when",
    "goal",
    "topic",
    "send only",
    "limit",
    "holdout",
];

/// Clauses that may stand there several times.
const REPEATED: [&str; 3] = ["on", "exit when", "goal"];

/// Clauses that only a campaign has.
const OF_CAMPAIGNS: [&str; 4] = ["on", "only if", "enter", "exit when"];
/// Clauses that only a broadcast has.
const OF_BROADCASTS: [&str; 2] = ["to", "at"];

/// Whose clauses they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Campaign,
    Broadcast,
}

impl Owner {
    pub(super) const fn called(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Broadcast => "broadcast",
        }
    }

    fn has(self, word: &str) -> bool {
        match self {
            Self::Campaign => !OF_BROADCASTS.contains(&word),
            Self::Broadcast => !OF_CAMPAIGNS.contains(&word),
        }
    }
}

/// The clauses of a body, wherever they stand.
pub(super) fn clauses_of(campaign: &Campaign) -> impl Iterator<Item = &Clause> {
    campaign.body.iter().filter_map(|part| match part {
        Part::Clause(clause) => Some(&**clause),
        Part::Step(_) => None,
    })
}

impl Check<'_> {
    /// The places of all clauses; what they say is looked at elsewhere.
    pub(super) fn clause_places(&mut self, campaign: &Campaign, owner: Owner) {
        let mut first_step: Option<&Step> = None;
        let mut in_place: Vec<&Clause> = Vec::new();
        let mut all: Vec<&Clause> = Vec::new();
        for part in &campaign.body {
            match part {
                Part::Step(step) => first_step = first_step.or(Some(step)),
                Part::Clause(clause) if !owner.has(word(clause)) => self.misfit(clause, owner),
                Part::Clause(clause) => {
                    all.push(clause);
                    match first_step {
                        None => in_place.push(clause),
                        Some(step) => self.clause_among_steps(clause, step),
                    }
                }
            }
        }
        self.clause_order(&in_place, owner);
        self.clauses_once(&all);
    }

    /// A clause of campaigns in a broadcast, or the other way round.
    fn misfit(&mut self, clause: &Clause, owner: Owner) {
        let word = word(clause);
        let head = Span::new(clause.span.file, clause.span.start, clause.span.start + word.len());
        let diagnostic = Diagnostic::new(
            Code::J0219,
            clause.span,
            format!("a {} has no `{word}`", owner.called()),
        );
        self.report(match word {
            "on" => diagnostic
                .here("a broadcast goes to everyone at once")
                .help("say who gets it by `to`, and when by `at`; what starts by itself is a `campaign`"),
            "only if" => diagnostic
                .here("its audience says who gets it")
                .help("join the condition to that of `to` by `and`"),
            "enter" => diagnostic
                .here("everyone of the audience gets it once")
                .help("take it out; who can enter again is a matter of campaigns"),
            "exit when" => diagnostic
                .here("a broadcast does not wait, so there is nothing to leave")
                .help("take it out, or ask by `if` before a step"),
            "to" => diagnostic
                .here("an audience belongs to a broadcast")
                .replace("write `only if`: it says who may enter", head, "only if")
                .guessed(),
            _ => diagnostic
                .here("a time of its own belongs to a broadcast")
                .help("begin the campaign by `on date …` or `on schedule …`, or wait by a step: `wait until …`"),
        });
    }

    fn clause_among_steps(&mut self, clause: &Clause, first_step: &Step) {
        let written = self.text(clause.span);
        let start = Span::new(clause.span.file, first_step.span.start, first_step.span.start);
        self.report(
            Diagnostic::new(
                Code::J0202,
                clause.span,
                format!("`{}` is a clause, and clauses stand before the first step", word(clause)),
            )
            .here("among the steps")
            .also(first_line(self.text(first_step.span), first_step.span), "the first step")
            .note("a clause holds for the whole campaign, wherever a person stands in it")
            .fix(
                "move it before the first step",
                vec![
                    Edit { span: start, text: format!("{written}\n  ") },
                    Edit { span: clause.span, text: String::new() },
                ],
            )
            .guessed(),
        );
    }

    /// A clause inside the block of a step.
    pub(super) fn clause_in_block(&mut self, clause: &Clause) {
        self.report(
            Diagnostic::new(
                Code::J0202,
                clause.span,
                format!("`{}` is a clause, and clauses stand before the first step", word(clause)),
            )
            .here("inside a step")
            .note("a clause holds for the whole campaign, wherever a person stands in it")
            .help("move it to the beginning of the campaign; `exit` alone ends the run here"),
        );
    }

    fn clause_order(&mut self, clauses: &[&Clause], owner: Owner) {
        let late = clauses.windows(2).find_map(|pair| match pair {
            [before, after] if rank(before) > rank(after) => Some((*before, *after)),
            _ => None,
        });
        let Some((before, after)) = late else {
            return;
        };
        let mut sorted = clauses.to_vec();
        sorted.sort_by_key(|clause| rank(clause));
        let edits = clauses
            .iter()
            .zip(&sorted)
            .filter(|(old, new)| old.span != new.span)
            .map(|(old, new)| Edit { span: old.span, text: self.text(new.span).to_owned() })
            .collect();
        let order: Vec<String> =
            ORDER.iter().filter(|word| owner.has(word)).map(|word| format!("`{word}`")).collect();
        self.report(
            Diagnostic::new(
                Code::J0201,
                after.span,
                format!("`{}` belongs before `{}`", word(after), word(before)),
            )
            .here("too late")
            .also(before.span, "this comes after it")
            .note(format!("the order is {}", order.join(", ")))
            .fix("put the clauses in order", edits),
        );
    }

    fn clauses_once(&mut self, clauses: &[&Clause]) {
        let mut firsts: [Option<Span>; ORDER.len()] = [None; ORDER.len()];
        for clause in clauses {
            let Some(first) = firsts.get_mut(rank(clause)) else {
                continue;
            };
            let Some(before) = *first else {
                *first = Some(clause.span);
                continue;
            };
            if REPEATED.contains(&word(clause)) {
                continue;
            }
            let help = match &clause.kind {
                ClauseKind::OnlyIf(_) => "join the conditions by `and`",
                ClauseKind::To(_) => {
                    "join the conditions: by `or` where either is enough, else by `and`"
                }
                _ => "take one of them out",
            };
            self.report(
                Diagnostic::new(
                    Code::J0206,
                    clause.span,
                    format!("`{}` is said twice", word(clause)),
                )
                .here("again")
                .also(before, "first here")
                .help(help),
            );
        }
    }
}

/// The words by which a clause begins.
pub(super) fn word(clause: &Clause) -> &'static str {
    match &clause.kind {
        ClauseKind::On(_) => "on",
        ClauseKind::To(_) => "to",
        ClauseKind::At(_) => "at",
        ClauseKind::OnlyIf(_) => "only if",
        ClauseKind::Enter(_) => "enter",
        ClauseKind::ExitWhen(_) => "exit when",
        ClauseKind::Goal(_) => "goal",
        ClauseKind::Topic(_) => "topic",
        ClauseKind::SendOnly(_) => "send only",
        ClauseKind::Limit(_) => "limit",
        ClauseKind::Holdout(_) => "holdout",
        ClauseKind::Unknown(text) => {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let begins = |word: &&&str| {
                words
                    .strip_prefix(**word)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            ORDER.iter().find(begins).copied().unwrap_or("on")
        }
    }
}

fn rank(clause: &Clause) -> usize {
    let word = word(clause);
    ORDER.iter().position(|known| *known == word).unwrap_or(0)
}

fn first_line(text: &str, span: Span) -> Span {
    Span::new(
        span.file,
        span.start,
        span.start + text.lines().next().map_or(0, |line| line.trim_end().len()),
    )
}

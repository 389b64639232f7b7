//! Clauses: their order, and that each is said once.

use super::Check;
use crate::ast::{Campaign, Clause, ClauseKind, Declaration, Part, Step};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::span::Span;

/// Clauses by the order in which they stand.
const ORDER: [&str; 9] =
    ["on", "only if", "enter", "exit when", "goal", "topic", "send only", "limit", "holdout"];

/// Places in [`ORDER`] of clauses that may stand there several times.
const REPEATED: [usize; 3] = [0, 3, 4];

impl Check<'_> {
    pub(super) fn campaign(&mut self, declaration: &Declaration, campaign: &Campaign) {
        let mut clauses: Vec<&Clause> = Vec::new();
        let mut first_step: Option<&Step> = None;
        for part in &campaign.body {
            match (part, first_step) {
                (Part::Clause(clause), None) => clauses.push(clause),
                (Part::Clause(clause), Some(step)) => self.clause_among_steps(clause, step),
                (Part::Step(step), _) => first_step = first_step.or(Some(step)),
            }
            if let Part::Clause(clause) = part {
                self.clause(clause);
            }
        }
        self.clause_order(&clauses);
        self.clauses_once(&campaign.body);
        let starts = campaign
            .body
            .iter()
            .any(|part| matches!(part, Part::Clause(clause) if rank(&clause.kind) == 0));
        if !starts && !declaration.broken {
            self.report(
                Diagnostic::new(
                    Code::J0207,
                    declaration.name.span,
                    format!("nothing starts the campaign `{}`", declaration.name.value),
                )
                .here("nobody ever enters")
                .help("begin it with a trigger: `on event \"signed_up\"`"),
            );
        }
        self.steps_limit(declaration.name.span, &campaign.body);
        self.steps(&campaign.body, declaration.broken);
        self.labels(&campaign.body);
    }

    fn clause(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::On(signal) => {
                if let Some(filter) = &signal.filter {
                    self.condition(filter);
                }
            }
            ClauseKind::OnlyIf(condition) => self.condition(condition),
            ClauseKind::ExitWhen(signal) => self.signal(signal),
            ClauseKind::Enter(_) | ClauseKind::Topic(_) | ClauseKind::Unknown(_) => {}
        }
    }

    fn clause_among_steps(&mut self, clause: &Clause, first_step: &Step) {
        let written = self.text(clause.span).to_owned();
        let start = Span::new(clause.span.file, first_step.span.start, first_step.span.start);
        let word = ORDER.get(rank(&clause.kind)).copied().unwrap_or_default();
        self.report(
            Diagnostic::new(
                Code::J0202,
                clause.span,
                format!("`{word}` is a clause, and clauses stand before the first step"),
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
            ),
        );
    }

    /// A clause inside the block of a step.
    pub(super) fn clause_in_block(&mut self, clause: &Clause) {
        let word = ORDER.get(rank(&clause.kind)).copied().unwrap_or_default();
        self.report(
            Diagnostic::new(
                Code::J0202,
                clause.span,
                format!("`{word}` is a clause, and clauses stand before the first step"),
            )
            .here("inside a step")
            .note("a clause holds for the whole campaign, wherever a person stands in it")
            .help("move it to the beginning of the campaign; `exit` alone ends the run here"),
        );
    }

    fn clause_order(&mut self, clauses: &[&Clause]) {
        let late = clauses.windows(2).find_map(|pair| match pair {
            [before, after] if rank(&before.kind) > rank(&after.kind) => Some((*before, *after)),
            _ => None,
        });
        let Some((before, after)) = late else {
            return;
        };
        let mut sorted = clauses.to_vec();
        sorted.sort_by_key(|clause| rank(&clause.kind));
        let edits = clauses
            .iter()
            .zip(&sorted)
            .filter(|(old, new)| old.span != new.span)
            .map(|(old, new)| Edit { span: old.span, text: self.text(new.span).to_owned() })
            .collect();
        let word = |clause: &Clause| ORDER.get(rank(&clause.kind)).copied().unwrap_or_default();
        self.report(
            Diagnostic::new(Code::J0201, after.span, format!("`{}` stands before `{}`", word(after), word(before)))
                .here("too late")
                .also(before.span, "this comes after it")
                .note("the order is `on`, `only if`, `enter`, `exit when`, `goal`, `topic`, `send only`, `limit`, `holdout`")
                .fix("put the clauses in order", edits),
        );
    }

    fn clauses_once(&mut self, body: &[Part]) {
        let mut seen: Vec<&Clause> = Vec::new();
        for part in body {
            let Part::Clause(clause) = part else {
                continue;
            };
            let place = rank(&clause.kind);
            let first = seen.iter().find(|before| rank(&before.kind) == place).copied();
            if let Some(first) = first.filter(|_| !REPEATED.contains(&place)) {
                let word = ORDER.get(place).copied().unwrap_or_default();
                let help = match &clause.kind {
                    ClauseKind::OnlyIf(_) => "join the conditions by `and`",
                    _ => "take one of them out",
                };
                self.report(
                    Diagnostic::new(Code::J0206, clause.span, format!("`{word}` is said twice"))
                        .here("again")
                        .also(first.span, "first here")
                        .help(help),
                );
            }
            seen.push(clause);
        }
    }
}

fn rank(kind: &ClauseKind) -> usize {
    match kind {
        ClauseKind::On(_) => 0,
        ClauseKind::OnlyIf(_) => 1,
        ClauseKind::Enter(_) => 2,
        ClauseKind::ExitWhen(_) => 3,
        ClauseKind::Topic(_) => 5,
        ClauseKind::Unknown(text) => {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            ORDER.iter().position(|word| words.starts_with(word)).unwrap_or(0)
        }
    }
}

fn first_line(text: &str, span: Span) -> Span {
    Span::new(
        span.file,
        span.start,
        span.start + text.lines().next().map_or(0, |line| line.trim_end().len()),
    )
}

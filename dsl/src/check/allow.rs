//! `# allow J0501: reason`, on the line before, silences one warning.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::terms::steps_of;
use crate::ast::{Declaration, DeclarationKind, Field, File, Part, Step, StepKind};
use crate::compile::Source;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::each_block;
use crate::span::Span;

/// Warnings that are told only where a workspace is known, so that none of them proves nothing.
const ELSEWHERE: [Code; 1] = [Code::J0505];

/// Takes out the warnings that a comment allows, and adds what is wrong with such comments. Each
/// file has its comments at its place.
#[must_use]
pub fn without_allowed(
    mut found: Vec<Diagnostic>,
    files: &[File],
    sources: &[Source],
    comments: &[Vec<Span>],
) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let comments = comments.get(index).map_or(&[][..], Vec::as_slice);
        let mut allows: Vec<Allow> =
            comments.iter().filter_map(|comment| Allow::of(*comment, comments, source)).collect();
        if allows.is_empty() {
            continue;
        }
        if let Some(file) = files.get(index) {
            widen(&mut allows, file);
        }
        let by_code = by_code(&allows);
        let mut needed = BTreeSet::new();
        found.retain(|problem| {
            let allowed = allowing(problem, index, &allows, &by_code);
            needed.extend(allowed);
            allowed.is_none()
        });
        let has_errors = found.iter().any(|problem| {
            problem.severity == Severity::Error && problem.primary.span.file == index
        });
        for (number, allow) in allows.iter().enumerate() {
            said.extend(allow.fault(needed.contains(&number), has_errors));
        }
    }
    found.extend(said);
    found
}

/// One comment that allows something.
struct Allow {
    span: Span,
    /// Its line, with the line break.
    line: Span,
    /// As it is written: `J0501`.
    word: String,
    code: Option<Code>,
    has_reason: bool,
    /// Nothing but the comment stands in its line.
    alone: bool,
    /// What it speaks of: the next line, and the rest of what begins there.
    covers: Range<usize>,
}

impl Allow {
    fn of(span: Span, comments: &[Span], source: &Source) -> Option<Self> {
        let text = &source.text;
        let said = span.text(text).strip_prefix('#')?.trim_start().strip_prefix("allow ")?;
        let (word, reason) = said.split_once(':').unwrap_or((said, ""));
        let word = word.split_whitespace().next()?;
        let digits = word.strip_prefix(['J', 'j'])?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let mut next = line_end(text, span.end);
        let line = Span::new(span.file, start, next);
        while comments.iter().any(|other| other.start >= next && is_first(text, next, other.start))
        {
            next = line_end(text, next);
        }
        Some(Self {
            span,
            line,
            word: word.to_owned(),
            code: Code::from_word(word),
            has_reason: !reason.trim().is_empty(),
            alone: is_first(text, start, span.start),
            covers: next..line_end(text, next),
        })
    }

    /// What is wrong with it.
    fn fault(&self, needed: bool, has_errors: bool) -> Option<Diagnostic> {
        let word = &self.word;
        let (message, here, help) = match self.code {
            None => (format!("there is no code `{word}`"), "unknown", None),
            Some(code) if code.severity() == Severity::Error => (
                format!("`{word}` is an error, and only warnings can be allowed"),
                "an error stays one",
                None,
            ),
            Some(_) if !self.alone => (
                "an `allow` stands on the line before".to_owned(),
                "behind something else",
                Some("move it to a line of its own, just above"),
            ),
            Some(_) if needed && self.has_reason => return None,
            Some(_) if needed => (
                "this `allow` gives no reason".to_owned(),
                "why is it right here?",
                Some("end it with the reason: `# allow J0501: people decide in their own time`"),
            ),
            Some(code) if has_errors || ELSEWHERE.contains(&code) => return None,
            Some(_) => (
                format!("this `allow` allows nothing: there is no `{word}` on the next line"),
                "not needed",
                None,
            ),
        };
        let diagnostic = Diagnostic::new(Code::J0512, self.span, message).here(here);
        let diagnostic = match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let gone = if self.alone { self.line } else { self.span };
        // Where it is needed, its reason is what should be added.
        let mended = diagnostic.replace("take the comment out", gone, "");
        Some(if needed { mended.guessed() } else { mended })
    }
}

/// Allows by code and the place from which they cover, the last one before a problem wins.
type ByCode = BTreeMap<(Code, usize), usize>;

fn by_code(allows: &[Allow]) -> ByCode {
    let mut by_code = ByCode::new();
    for (number, allow) in allows.iter().enumerate() {
        if let Some(code) = allow.code.filter(|_| allow.alone) {
            by_code.entry((code, allow.covers.start)).or_insert(number);
        }
    }
    by_code
}

fn allowing(
    problem: &Diagnostic,
    file: usize,
    allows: &[Allow],
    by_code: &ByCode,
) -> Option<usize> {
    let at = problem.primary.span;
    if problem.severity != Severity::Warning || at.file != file {
        return None;
    }
    let before = by_code.range((problem.code, 0)..=(problem.code, at.start)).next_back();
    let (_, number) = before?;
    let allow = allows.get(*number)?;
    allow.covers.contains(&at.start).then_some(*number)
}

/// Lets each allow cover the whole of what begins in its line, blocks of steps apart.
fn widen(allows: &mut [Allow], file: &File) {
    let mut heads: Vec<Span> = Vec::new();
    for declaration in &file.declarations {
        declared(declaration, &mut heads);
    }
    heads.sort_unstable();
    for allow in allows {
        let from = heads.partition_point(|head| head.start < allow.covers.start);
        let within = heads.iter().skip(from).take_while(|head| head.start < allow.covers.end);
        let end = within.map(|head| head.end).max().unwrap_or(0);
        allow.covers.end = allow.covers.end.max(end);
    }
}

fn declared(declaration: &Declaration, heads: &mut Vec<Span>) {
    heads.push(declaration.span_of_head());
    match &declaration.kind {
        DeclarationKind::Segment(_) => heads.push(declaration.span),
        DeclarationKind::Workspace(fields)
        | DeclarationKind::Topic(fields)
        | DeclarationKind::Layout(fields)
        | DeclarationKind::Snippet(fields) => heads.extend(fields.iter().map(field)),
        DeclarationKind::Message(message) => {
            heads.extend(message.fields.iter().map(field));
            for language in &message.languages {
                heads.extend(language.fields.iter().map(field));
            }
        }
        DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) => {
            parts(&campaign.body, heads)
        }
        DeclarationKind::Test(lines) => heads.extend(lines.iter().map(|line| line.span)),
        DeclarationKind::ManualSegment | DeclarationKind::Cap(_) | DeclarationKind::Unknown(_) => {}
    }
}

fn field(field: &Field) -> Span {
    field.name.span.to(field.value.span)
}

fn parts(of: &[Part], heads: &mut Vec<Span>) {
    for part in of {
        if let Part::Clause(clause) = part {
            heads.push(clause.span);
        }
    }
    for step in steps_of(of) {
        heads.push(Span::new(step.span.file, step.span.start, step.head.end));
        selectors(step, heads);
        each_block(step, &mut |block| parts(block, heads));
    }
}

/// What stands before the blocks of a step.
fn selectors(step: &Step, heads: &mut Vec<Span>) {
    match &step.kind {
        StepKind::Listen { arms, .. } => heads.extend(arms.iter().map(|arm| arm.head)),
        StepKind::If { arms, .. } => {
            heads.extend(arms.iter().map(|(condition, _)| condition.span));
        }
        StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
            heads.extend(arms.iter().map(|arm| arm.head));
        }
        _ => {}
    }
}

impl Declaration {
    fn span_of_head(&self) -> Span {
        Span::new(self.span.file, self.span.start, self.name.span.end.max(self.span.start))
    }
}

/// One past the line break that ends the line of this place.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length + 1)
}

/// Whether nothing but blanks stands between the beginning of a line and this place in it.
fn is_first(text: &str, start: usize, at: usize) -> bool {
    text.get(start..at).is_some_and(|between| !between.contains('\n') && between.trim().is_empty())
}

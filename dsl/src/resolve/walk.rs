//! The way through all declarations.

use super::{Names, Place, SUGGESTIONS_MAX, kind_of};
use crate::ast::{
    Campaign, ClauseKind, Declaration, DeclarationKind, File, Moment, Name, NameKind, Part, Signal,
    Step, StepKind, TestLine, TestLineKind,
};
use crate::compile::Source;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::{nearest, one_line};
use crate::time::named_zone;

pub(super) struct Walk<'a> {
    pub(super) names: &'a Names,
    pub(super) files: &'a [File],
    pub(super) sources: &'a [Source],
    /// Unknown names so far.
    pub(super) unknown: usize,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    pub(super) fn files(&mut self) {
        let files = self.files;
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            self.twice(declaration);
            match &declaration.kind {
                DeclarationKind::Segment(condition) => self.condition(condition, Place::Segment),
                DeclarationKind::Campaign(campaign) => {
                    for part in &campaign.body {
                        self.part(part);
                    }
                }
                DeclarationKind::Test(lines) => self.test(lines),
                DeclarationKind::Email(_)
                | DeclarationKind::Workspace(_)
                | DeclarationKind::Unknown(_) => {}
            }
        }
    }

    /// Reports a name that is not known.
    pub(super) fn known(&mut self, kind: NameKind, name: &Name) {
        let suggest = self.unknown < SUGGESTIONS_MAX;
        if let Some(problem) = self.names.unknown(kind, name, suggest) {
            self.unknown += 1;
            self.found.push(problem);
        }
    }

    /// A second declaration of one name and kind.
    fn twice(&mut self, declaration: &Declaration) {
        let Some(kind) = kind_of(&declaration.kind) else {
            return;
        };
        let name = &declaration.name;
        let first =
            self.names.known.get(&kind).and_then(|names| names.get(&name.value)).copied().flatten();
        let Some(first) = first.filter(|first| *first != name.span && !name.value.is_empty())
        else {
            return;
        };
        let called = match kind {
            NameKind::Segment => "segment",
            NameKind::Email => "e-mail",
            NameKind::Campaign => "campaign",
            NameKind::Test => "test",
        };
        self.found.push(
            Diagnostic::new(
                Code::J0205,
                name.span,
                format!("there are two {called}s `{}`", name.value),
            )
            .here("declared again")
            .also(first, "first declared here")
            .help("give one of them another name"),
        );
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Clause(clause) => match &clause.kind {
                ClauseKind::On(signal) => {
                    if let Some(filter) = &signal.filter {
                        self.condition(filter, Place::Trigger);
                    }
                }
                ClauseKind::OnlyIf(condition) => self.condition(condition, Place::Filter),
                ClauseKind::ExitWhen(signal) => self.signal(signal),
                ClauseKind::Enter(_) | ClauseKind::Topic(_) | ClauseKind::Unknown(_) => {}
            },
            Part::Step(step) => self.step(step),
        }
    }

    fn signal(&mut self, signal: &Signal) {
        match signal {
            Signal::Event(event) => {
                if let Some(filter) = &event.filter {
                    self.condition(filter, Place::Signal);
                }
            }
            Signal::Condition(condition) => self.condition(condition, Place::Run),
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Send { email, to, with } => {
                self.known(NameKind::Email, email);
                for value in to.iter().chain(with.iter().map(|(_, value)| value)) {
                    self.expr(value, Place::Run);
                }
            }
            StepKind::Listen { arms, timeouts, .. } => {
                for arm in arms {
                    for signal in &arm.signals {
                        self.signal(signal);
                    }
                    self.parts(&arm.body);
                }
                for body in timeouts {
                    self.parts(&body.value);
                }
            }
            StepKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.condition(condition, Place::Run);
                    self.parts(body);
                }
                self.parts(otherwise.as_deref().unwrap_or_default());
            }
            StepKind::Set(_, value) => self.expr(value, Place::Run),
            StepKind::Broken(blocks) => {
                for body in blocks {
                    self.parts(body);
                }
            }
            StepKind::Unset(_) | StepKind::Wait(_) | StepKind::Exit => {}
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            self.part(part);
        }
    }

    fn test(&mut self, lines: &[TestLine]) {
        let mut campaign = None;
        for line in lines {
            match &line.kind {
                TestLineKind::Campaign(name) => {
                    self.known(NameKind::Campaign, name);
                    campaign = self.campaign_of(name);
                }
                TestLineKind::GivenSegment(name) => self.known(NameKind::Segment, name),
                TestLineKind::GivenEvents { at: Some(moment), .. }
                | TestLineKind::Start(moment)
                | TestLineKind::WaitUntil(moment) => self.moment(moment),
                TestLineKind::ExpectEmail { email, filter, .. } => {
                    self.known(NameKind::Email, email);
                    if let Some(filter) = filter {
                        self.condition(filter, Place::Message);
                    }
                }
                TestLineKind::ExpectNotSent { email, .. } => self.known(NameKind::Email, email),
                TestLineKind::ExpectAtStep(name) => self.step_name(name, campaign),
                TestLineKind::ExpectExit { signal, clause } => {
                    self.signal(signal);
                    let written = self
                        .sources
                        .get(clause.file)
                        .map_or_else(String::new, |source| one_line(clause.text(&source.text)));
                    self.exit_clause(&Name { value: written, span: *clause }, campaign);
                }
                TestLineKind::ExpectCondition(condition) => {
                    self.condition(condition, Place::Expectation)
                }
                _ => {}
            }
        }
    }

    /// The campaign of a test; `None` where nothing can be concluded from what it lacks.
    fn campaign_of(&self, name: &Name) -> Option<&'a Campaign> {
        let mut declarations = self.files.iter().flat_map(|file| &file.declarations);
        declarations.find_map(|declaration| match &declaration.kind {
            DeclarationKind::Campaign(campaign)
                if declaration.name.value == name.value && !declaration.broken =>
            {
                Some(campaign)
            }
            _ => None,
        })
    }

    fn step_name(&mut self, name: &Name, campaign: Option<&Campaign>) {
        let Some(campaign) = campaign else {
            return;
        };
        let mut labels = Vec::new();
        each_label(&campaign.body, &mut |label| labels.push(label.value.as_str()));
        if labels.contains(&name.value.as_str()) {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0304,
            name.span,
            format!("no step of the campaign is labelled `{}`", name.value),
        );
        self.found.push(match nearest(&name.value, labels) {
            Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None => diagnostic
                .here("no such label")
                .help(format!("put the label before the step: `{}: wait 2 days`", name.value)),
        });
    }

    fn exit_clause(&mut self, written: &Name, campaign: Option<&Campaign>) {
        let Some(campaign) = campaign else {
            return;
        };
        let clauses: Vec<String> = campaign
            .body
            .iter()
            .filter_map(|part| match part {
                Part::Clause(clause) if matches!(clause.kind, ClauseKind::ExitWhen(_)) => self
                    .sources
                    .get(clause.span.file)
                    .map(|source| one_line(clause.span.text(&source.text))),
                Part::Clause(_) | Part::Step(_) => None,
            })
            .collect();
        if clauses.contains(&written.value) {
            return;
        }
        let diagnostic =
            Diagnostic::new(Code::J0304, written.span, "the campaign has no such `exit when`")
                .here("no clause reads like this");
        self.found.push(match clauses.first() {
            Some(first) => diagnostic
                .help(format!("write the clause as the campaign has it, such as `{first}`")),
            None => diagnostic.help("the campaign has no `exit when` at all"),
        });
    }

    fn moment(&mut self, moment: &Moment) {
        if let Some(zone) = moment.zone() {
            self.found.extend(unknown_zone(zone));
        }
    }
}

/// Says that a time zone is unknown, unless it is known.
pub(crate) fn unknown_zone(zone: &Name) -> Option<Diagnostic> {
    if named_zone(&zone.value).is_some() {
        return None;
    }
    let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let diagnostic =
        Diagnostic::new(Code::J0312, zone.span, format!("there is no time zone `{}`", zone.value));
    Some(match nearest(&zone.value, known) {
        Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
            format!("write `\"{near}\"`"),
            zone.span,
            format!("\"{near}\""),
        ),
        None => diagnostic
            .here("not an IANA name")
            .help("zones are named like `Europe/Paris` or `America/New_York`; `UTC` is one too"),
    })
}

/// Calls `found` with every label of a block, inner blocks included.
pub(crate) fn each_label<'p>(parts: &'p [Part], found: &mut impl FnMut(&'p Name)) {
    for part in parts {
        let Part::Step(step) = part else {
            continue;
        };
        if let Some(label) = &step.label {
            found(label);
        }
        each_block(step, &mut |block| each_label(block, &mut *found));
    }
}

/// Calls `found` with every block of a step.
pub(crate) fn each_block<'s>(step: &'s Step, found: &mut impl FnMut(&'s [Part])) {
    match &step.kind {
        StepKind::Listen { arms, timeouts, .. } => {
            for arm in arms {
                found(&arm.body);
            }
            for body in timeouts {
                found(&body.value);
            }
        }
        StepKind::If { arms, otherwise } => {
            for (_, body) in arms {
                found(body);
            }
            if let Some(body) = otherwise {
                found(body);
            }
        }
        StepKind::Broken(blocks) => {
            for body in blocks {
                found(body);
            }
        }
        StepKind::Send { .. }
        | StepKind::Wait(_)
        | StepKind::Set(..)
        | StepKind::Unset(_)
        | StepKind::Exit => {}
    }
}

//! Names in tests.

use super::names::goals;
use super::walk::{Walk, did_you_mean, unknown_zone};
use super::{each_label, quoted_list};
use crate::ast::{
    Campaign, ClauseKind, DeclarationKind, Expected, Given, Input, Moment, Name, NameKind, Part,
    TestLine, TestLineKind,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::{nearest, one_line};

impl<'a> Walk<'a> {
    pub(super) fn test(&mut self, lines: &[TestLine]) {
        let mut campaign = None;
        for line in lines {
            match &line.kind {
                TestLineKind::Campaign(name) => {
                    self.known(NameKind::Campaign, name);
                    campaign = self.campaign_of(name);
                }
                TestLineKind::Given(given) => self.given(given),
                TestLineKind::Input(input) => self.input(input),
                TestLineKind::Start(moment) | TestLineKind::WaitUntil(moment) => {
                    self.moment(moment);
                }
                TestLineKind::Expect(expected) => self.expected(expected, campaign),
                TestLineKind::Wait(_) | TestLineKind::Unknown => {}
            }
        }
    }

    fn given(&mut self, given: &Given) {
        match given {
            Given::Segment(name) => self.known(NameKind::Segment, name),
            Given::Events { at: Some(moment), .. } => self.moment(moment),
            Given::Row(collection, _) => self.known(NameKind::Collection, collection),
            Given::Arm(split, arm) => self.arm(split, arm),
            Given::Customer(_)
            | Given::Events { at: None, .. }
            | Given::Reply(..)
            | Given::Device(_)
            | Given::RelatedTo(..)
            | Given::HeldOut
            | Given::No(_)
            | Given::Unsubscribed => {}
        }
    }

    fn input(&mut self, input: &Input) {
        match input {
            Input::Activity { at: Some(moment), .. } => self.moment(moment),
            Input::Interaction { channel, message, .. } => self.known_message(*channel, message),
            Input::Subscribes(topic) | Input::Unsubscribes(Some(topic)) => {
                self.known(NameKind::Topic, topic);
            }
            Input::Broadcast(name) => self.known(NameKind::Broadcast, name),
            Input::Activity { at: None, .. }
            | Input::Customer(_)
            | Input::Unsubscribes(None)
            | Input::Call(_)
            | Input::Object(..) => {}
        }
    }

    fn expected(&mut self, expected: &Expected, campaign: Option<&Campaign>) {
        match expected {
            Expected::Message { channel, message, .. }
            | Expected::NotSent { channel, message, .. } => self.known_message(*channel, message),
            Expected::AtStep(name) => self.step_name(name, campaign),
            Expected::ExitWhen { clause, .. } => {
                let written = self
                    .sources
                    .get(clause.file)
                    .map_or_else(String::new, |source| one_line(clause.text(&source.text)));
                self.exit_clause(&Name { value: written, span: *clause }, campaign);
            }
            Expected::Goal(name) => self.goal(name, campaign),
            Expected::Event { .. }
            | Expected::Call { .. }
            | Expected::Finished
            | Expected::Condition(_) => {}
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

    fn arm(&mut self, split: &Name, arm: &Name) {
        if self.names.has_broken_campaign || split.value.is_empty() {
            return;
        }
        let splits = &self.names.arms;
        let Some(arms) = splits.get(&split.value) else {
            let diagnostic = Diagnostic::new(
                Code::J0320,
                split.span,
                format!("no campaign has a split or experiment `{}`", split.value),
            );
            self.found.push(match nearest(&split.value, splits.keys().map(String::as_str)) {
                Some(near) => did_you_mean(diagnostic, split.span, near, true),
                None => diagnostic
                    .here("no such split")
                    .help("write the name that stands behind `split` in the campaign"),
            });
            return;
        };
        if arms.contains(&arm.value) || arm.value.is_empty() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0320,
            arm.span,
            format!("`{}` has no arm `{}`", split.value, arm.value),
        );
        let names: Vec<&str> = arms.iter().map(String::as_str).collect();
        self.found.push(match nearest(&arm.value, names.iter().copied()) {
            Some(near) => did_you_mean(diagnostic, arm.span, near, true),
            None => diagnostic.here("no such arm").help(format!("it has {}", quoted_list(&names))),
        });
    }

    fn goal(&mut self, name: &Name, campaign: Option<&Campaign>) {
        let Some(campaign) = campaign else {
            return;
        };
        let known = goals(campaign);
        if known.contains(&name.value.as_str()) || name.value.is_empty() {
            return;
        }
        let diagnostic = Diagnostic::new(
            Code::J0319,
            name.span,
            format!("the campaign has no goal `{}`", name.value),
        );
        self.found.push(match nearest(&name.value, known.iter().copied()) {
            Some(near) => did_you_mean(diagnostic, name.span, near, true),
            None if known.is_empty() => diagnostic
                .here("the campaign has no goal at all")
                .help(format!("add `goal \"{}\" when …` to the campaign", name.value)),
            None => {
                diagnostic.here("no such goal").help(format!("its goals: {}", quoted_list(&known)))
            }
        });
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
            Some(near) => did_you_mean(diagnostic, name.span, near, false),
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
        if let Moment::Local { zone: Some(zone), .. } = moment {
            self.found.extend(unknown_zone(zone));
        }
    }
}

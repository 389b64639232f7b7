//! Everything that is read in the files: conditions, values and paths, each with its position.

use super::Place;
use crate::ast::{
    Call, Campaign, Change, ClauseKind, Condition, DeclarationKind, Duration, ExitWhen, Expected,
    Expr, File, Limit, Lookup, Name, ObjectTrigger, Part, Path, Signal, Step, StepKind,
    TestLineKind, Trigger,
};

/// One thing that is read.
pub(crate) struct Reading<'a> {
    /// What.
    pub(crate) what: What<'a>,
    /// Where.
    pub(crate) place: Place,
    /// The campaign or broadcast around it.
    pub(crate) campaign: Option<&'a Campaign>,
}

/// What is read.
pub(crate) enum What<'a> {
    Condition(&'a Condition),
    Value(&'a Expr, Use),
    Path(&'a Path),
    Duration(&'a Duration),
    /// The value of `match` and the literals of its arms.
    Match(&'a Expr, Vec<&'a Expr>),
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is kept or handed on; a text is a template.
    Kept,
    /// It is put into a list or taken out of one; a text is a template.
    Member,
    /// It becomes an address or an id; a text is a template.
    Text,
    /// It goes out as JSON; a text is a template.
    Json,
    /// It says when.
    Moment,
    /// It is data, as it is written.
    Data,
}

impl Use {
    /// Whether texts are rendered.
    pub(crate) const fn renders(self) -> bool {
        matches!(self, Self::Kept | Self::Member | Self::Text | Self::Json)
    }
}

/// All that is read in the files, declaration by declaration.
pub(crate) fn readings(files: &[File]) -> Vec<Reading<'_>> {
    let mut reader = Reader { found: Vec::new(), campaign: None };
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        match &declaration.kind {
            DeclarationKind::Segment(condition) => reader.condition(condition, Place::Segment),
            DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) => {
                reader.campaign = Some(campaign);
                reader.parts(&campaign.body);
                reader.campaign = None;
            }
            DeclarationKind::Test(lines) => {
                for line in lines {
                    if let TestLineKind::Expect(expected) = &line.kind {
                        reader.expected(expected);
                    }
                }
            }
            DeclarationKind::Workspace(_)
            | DeclarationKind::ManualSegment
            | DeclarationKind::Topic(_)
            | DeclarationKind::Cap(_)
            | DeclarationKind::Message(_)
            | DeclarationKind::Layout(_)
            | DeclarationKind::Snippet(_)
            | DeclarationKind::Unknown(_) => {}
        }
    }
    reader.found
}

/// What one step reads, without what stands in its blocks.
pub(crate) fn readings_of_step(step: &Step) -> Vec<Reading<'_>> {
    let mut reader = Reader { found: Vec::new(), campaign: None };
    reader.step(step);
    reader.found
}

struct Reader<'a> {
    found: Vec<Reading<'a>>,
    campaign: Option<&'a Campaign>,
}

impl<'a> Reader<'a> {
    fn add(&mut self, what: What<'a>, place: Place) {
        self.found.push(Reading { what, place, campaign: self.campaign });
    }

    fn condition(&mut self, condition: &'a Condition, place: Place) {
        self.add(What::Condition(condition), place);
    }

    fn value(&mut self, value: &'a Expr, of: Use, place: Place) {
        self.add(What::Value(value, of), place);
    }

    fn entries(&mut self, entries: &'a [(Name, Expr)], of: Use, place: Place) {
        for (_, value) in entries {
            self.value(value, of, place);
        }
    }

    fn parts(&mut self, parts: &'a [Part]) {
        for part in parts {
            match part {
                Part::Clause(clause) => self.clause(&clause.kind),
                Part::Step(step) => {
                    self.step(step);
                    super::each_block(step, &mut |block| self.parts(block));
                }
            }
        }
    }

    fn clause(&mut self, clause: &'a ClauseKind) {
        match clause {
            ClauseKind::On(trigger) => self.trigger(trigger),
            ClauseKind::To(audience) => self.condition(audience, Place::Audience),
            ClauseKind::At(moment) => self.value(moment, Use::Moment, Place::Start),
            ClauseKind::OnlyIf(condition) => self.condition(condition, Place::Filter),
            ClauseKind::Enter(enter) => {
                if let Some(path) = &enter.per {
                    self.add(What::Path(path), Place::Per);
                }
            }
            ClauseKind::ExitWhen(when) => self.exit_when(when),
            ClauseKind::Goal(goal) => self.signal(&goal.signal),
            ClauseKind::Topic(_)
            | ClauseKind::SendOnly(_)
            | ClauseKind::Limit(_)
            | ClauseKind::Holdout(_)
            | ClauseKind::Unknown(_) => {}
        }
    }

    fn exit_when(&mut self, when: &'a ExitWhen) {
        match when {
            ExitWhen::Signal(signal) => self.signal(signal),
            ExitWhen::Unmatched | ExitWhen::Goal => {}
        }
    }

    fn signal(&mut self, signal: &'a Signal) {
        match signal {
            Signal::Activity(activity) => {
                if let Some(filter) = &activity.filter {
                    self.condition(filter, Place::Signal);
                }
            }
            Signal::Condition(condition) => self.condition(condition, Place::Run),
        }
    }

    fn trigger(&mut self, trigger: &'a Trigger) {
        match trigger {
            Trigger::Activity(activity) => {
                if let Some(filter) = &activity.filter {
                    self.condition(filter, Place::Trigger);
                }
            }
            Trigger::Match(condition) => self.condition(condition, Place::Match),
            Trigger::Change(change) => self.change(change, Place::Change),
            Trigger::Date(moment, _) => self.value(moment, Use::Moment, Place::Date),
            Trigger::Object { on, people, .. } => {
                match on {
                    ObjectTrigger::Match(condition) => {
                        self.condition(condition, Place::ObjectMatch);
                    }
                    ObjectTrigger::Change(change) => self.change(change, Place::ObjectChange),
                    ObjectTrigger::Date(moment, _) => {
                        self.value(moment, Use::Moment, Place::ObjectDate);
                    }
                    ObjectTrigger::Related | ObjectTrigger::Unrelated => {}
                }
                if let Some(people) = people {
                    self.condition(people, Place::People);
                }
            }
            Trigger::EnterSegment(_)
            | Trigger::LeaveSegment(_)
            | Trigger::Call
            | Trigger::Schedule { .. }
            | Trigger::Unknown => {}
        }
    }

    fn change(&mut self, change: &'a Change, place: Place) {
        self.add(What::Path(&change.path), place);
        for literal in change.from.iter().chain(&change.to) {
            self.value(literal, Use::Data, Place::Written);
        }
    }

    fn step(&mut self, step: &'a Step) {
        match &step.kind {
            StepKind::Send { to, with, .. } => {
                if let Some(to) = to {
                    self.value(to, Use::Text, Place::Run);
                }
                self.entries(with, Use::Kept, Place::Run);
            }
            StepKind::Wait(duration) => self.add(What::Duration(duration), Place::Run),
            StepKind::WaitUntil(moment) | StepKind::At { moment, .. } => {
                self.value(moment, Use::Moment, Place::Run);
            }
            StepKind::WaitFor { signal, limit } => {
                self.limit(limit);
                self.signal(signal);
            }
            StepKind::Listen { limit, arms, .. } => {
                self.limit(limit);
                for signal in arms.iter().flat_map(|arm| &arm.signals) {
                    self.signal(signal);
                }
            }
            StepKind::If { arms, .. } => {
                for (condition, _) in arms {
                    self.condition(condition, Place::Run);
                }
            }
            StepKind::Match { value, arms, .. } => {
                let literals = arms.iter().flat_map(|(literals, _)| literals).collect();
                self.add(What::Match(value, literals), Place::Run);
            }
            StepKind::Repeat { every, until, .. } => {
                if let Some(every) = every {
                    self.add(What::Duration(every), Place::Run);
                }
                if let Some(until) = until {
                    self.condition(until, Place::Run);
                }
            }
            StepKind::Set(_, value) => self.value(value, Use::Kept, Place::Run),
            StepKind::Add(value, path) | StepKind::Remove(value, path) => {
                self.value(value, Use::Member, Place::Run);
                self.add(What::Path(path), Place::Run);
            }
            StepKind::Emit { person, with, .. } => {
                if let Some(person) = person {
                    self.value(person, Use::Text, Place::Run);
                }
                self.entries(with, Use::Kept, Place::Run);
            }
            StepKind::StartCampaign { with, .. } => self.entries(with, Use::Kept, Place::Run),
            StepKind::Call(call) => self.call(call),
            StepKind::Lookup(lookup) => self.lookup(lookup),
            StepKind::WaitWindow(_)
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Unset(_)
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Note(_)
            | StepKind::Exit
            | StepKind::Broken(_) => {}
        }
    }

    fn limit(&mut self, limit: &'a Limit) {
        match limit {
            Limit::UpTo(duration) => self.add(What::Duration(duration), Place::Run),
            Limit::Until(moment) => self.value(moment, Use::Moment, Place::Run),
            Limit::None | Limit::Forever => {}
        }
    }

    fn call(&mut self, call: &'a Call) {
        self.value(&call.url, Use::Text, Place::Call);
        for field in call.fields.iter().filter(|field| field.name.value != "timeout") {
            self.value(&field.value, Use::Json, Place::Call);
        }
    }

    fn lookup(&mut self, lookup: &'a Lookup) {
        self.condition(&lookup.filter, Place::Lookup);
        if let Some(order) = &lookup.order {
            self.add(What::Path(order), Place::Order);
        }
    }

    fn expected(&mut self, expected: &'a Expected) {
        match expected {
            Expected::Message { filter: Some(filter), .. } => {
                self.condition(filter, Place::Message);
            }
            Expected::Event { filter: Some(filter), .. } => {
                self.condition(filter, Place::Behaviour);
            }
            Expected::ExitWhen { when, .. } => self.exit_when(when),
            Expected::Condition(condition) => self.condition(condition, Place::Expectation),
            Expected::Message { filter: None, .. }
            | Expected::Event { filter: None, .. }
            | Expected::NotSent { .. }
            | Expected::Call { .. }
            | Expected::AtStep(_)
            | Expected::Finished
            | Expected::Goal(_) => {}
        }
    }
}

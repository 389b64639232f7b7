//! Campaigns and broadcasts: their clauses. Steps are in [`super::step`].

use super::Builder;
use super::length::Calendar;
use crate::ast::{
    ActivitySignal, Campaign, Change, Clause, ClauseKind, Enter, ExitWhen, Expr, Goal,
    ObjectTrigger, Signal, Spanned, Trigger,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ActivityKind;
use crate::graph::{Attribution, Channel, Every, HowOften, ScheduleDays, WhileActive};
use crate::syntax::{Node, Rule};
use crate::time::{Days, TimeOfDay};

/// Words that `exit when` may go on with.
const EXIT_SIGNALS: [&str; 6] = ["unmatched", "goal", "event", "page", "screen", "form"];

impl Builder<'_> {
    pub(super) fn campaign(&mut self, node: &Node) -> Campaign {
        Campaign { body: self.parts(node) }
    }

    pub(super) fn clause(&mut self, node: &Node) -> Clause {
        let unknown = || ClauseKind::Unknown(node.text(self.text).to_owned());
        let Some(inner) = node.children.first() else {
            return Clause { kind: unknown(), span: node.span };
        };
        let kind = match inner.rule {
            Rule::audience => ClauseKind::To(self.condition_in(inner)),
            Rule::broadcast_at => ClauseKind::At(self.operand_in(inner)),
            Rule::only_if => ClauseKind::OnlyIf(self.condition_in(inner)),
            Rule::enter => ClauseKind::Enter(self.enter(inner)),
            Rule::exit_when => {
                let signal = inner.child(Rule::exit_signal);
                match signal.and_then(|signal| self.exit_signal(signal)) {
                    Some(when) => ClauseKind::ExitWhen(when),
                    None => unknown(),
                }
            }
            Rule::goal => match self.goal(inner) {
                Some(goal) => ClauseKind::Goal(goal),
                None => unknown(),
            },
            Rule::topic => ClauseKind::Topic(self.name_in(inner)),
            Rule::send_only => match self.time_window_in(inner) {
                Some(window) => ClauseKind::SendOnly(window),
                None => unknown(),
            },
            Rule::limit => match inner.child(Rule::count_number) {
                Some(number) => ClauseKind::Limit(self.number_of(number)),
                None => unknown(),
            },
            Rule::holdout => ClauseKind::Holdout(self.percent_in(inner)),
            Rule::later_clause => unknown(),
            _ => ClauseKind::On(self.trigger(inner)),
        };
        Clause { kind, span: node.span }
    }

    fn trigger(&mut self, node: &Node) -> Trigger {
        match node.rule {
            Rule::on_activity => Trigger::Activity(self.activity_signal(node)),
            Rule::on_match => Trigger::Match(self.condition_in(node)),
            Rule::on_segment if node.has(Rule::kw_enter_segment) => {
                Trigger::EnterSegment(self.name_in(node))
            }
            Rule::on_segment => Trigger::LeaveSegment(self.name_in(node)),
            Rule::on_change => match node.child(Rule::change).and_then(|it| self.change(it)) {
                Some(change) => Trigger::Change(change),
                None => Trigger::Unknown,
            },
            Rule::on_date => match node.child(Rule::date) {
                Some(date) => {
                    let (moment, every) = self.date(date);
                    Trigger::Date(moment, every)
                }
                None => Trigger::Unknown,
            },
            Rule::on_object => self.on_object(node),
            Rule::on_call => Trigger::Call,
            Rule::on_schedule => self.on_schedule(node),
            _ => Trigger::Unknown,
        }
    }

    fn change(&mut self, node: &Node) -> Option<Change> {
        let path = self.path(node.child(Rule::path)?);
        let mut literal = |rule| {
            let side = node.child(rule).and_then(|side| side.child(Rule::literal));
            side.map(|literal| self.value(literal))
        };
        Some(Change { path, from: literal(Rule::change_from), to: literal(Rule::change_to) })
    }

    fn date(&mut self, node: &Node) -> (Expr, Option<Every>) {
        let every = if node.has(Rule::kw_yearly) {
            Some(Every::Year)
        } else if node.has(Rule::kw_monthly) {
            Some(Every::Month)
        } else {
            None
        };
        (self.operand_in(node), every)
    }

    fn on_object(&mut self, node: &Node) -> Trigger {
        let object = self.name_in(node);
        let mut on = None;
        for child in &node.children {
            match child.rule {
                Rule::object_match => on = Some(ObjectTrigger::Match(self.condition_in(child))),
                Rule::change => on = self.change(child).map(ObjectTrigger::Change),
                Rule::date => {
                    let (moment, every) = self.date(child);
                    on = Some(ObjectTrigger::Date(moment, every));
                }
                Rule::kw_related => on = Some(ObjectTrigger::Related),
                Rule::kw_unrelated => on = Some(ObjectTrigger::Unrelated),
                _ => {}
            }
        }
        let people = node.child(Rule::for_people).and_then(|people| self.filter_in(people));
        match on {
            Some(on) => Trigger::Object { object, on, people },
            None => Trigger::Unknown,
        }
    }

    fn on_schedule(&mut self, node: &Node) -> Trigger {
        let (days, span) = if let Some(day) = node.child(Rule::day_of_month) {
            (self.day_of_month(day), day.span)
        } else {
            let span = node.child(Rule::days).or_else(|| node.child(Rule::kw_day));
            let days: Days = self.days_in(node);
            (ScheduleDays::Week(days), span.map_or(node.span, |days| days.span))
        };
        let at = self.clock_in(node).unwrap_or(TimeOfDay { second: 0 });
        let days = Spanned { value: days, span };
        Trigger::Schedule { days, at, zone: self.zone_in(node) }
    }

    fn day_of_month(&mut self, node: &Node) -> ScheduleDays {
        let written = node.text(self.text).to_owned();
        let digits: String = written.chars().take_while(char::is_ascii_digit).collect();
        let day = digits.parse::<u32>().ok().filter(|day| (1..=31).contains(day));
        if day.is_none() {
            self.report(
                Diagnostic::new(Code::J0121, node.span, format!("no month has a day `{written}`"))
                    .here("expected `1st` to `31st`"),
            );
        }
        ScheduleDays::Month(day.unwrap_or(1))
    }

    fn enter(&mut self, node: &Node) -> Enter {
        let mut how_often =
            if node.has(Rule::kw_every_time) { HowOften::EveryTime } else { HowOften::Once };
        let mut path = None;
        for per in node.all(Rule::per) {
            if let Some(written) = per.child(Rule::path) {
                self.once_said(path.is_some(), per);
                path = Some(self.path(written));
                continue;
            }
            let length = self.length_in(per, Calendar::Exact).value;
            match how_often {
                HowOften::Once => how_often = HowOften::OncePer(length),
                HowOften::OncePer(_) => self.once_said(true, per),
                HowOften::EveryTime => self.report(
                    Diagnostic::new(Code::J0219, per.span, "`every time` has no pause")
                        .here("a person enters each time")
                        .help("say `enter once per 30 days` for a pause between entries"),
                ),
            }
        }
        let said = |rule, value| {
            let word = node.child(rule);
            word.map(|word| Spanned { value, span: word.span })
        };
        let while_active = said(Rule::kw_unless_active, WhileActive::Refuse)
            .or_else(|| said(Rule::kw_replacing_active, WhileActive::Replace));
        let including_current = node.child(Rule::kw_including_current).map(|word| word.span);
        Enter { how_often, per: path, while_active, including_current }
    }

    fn once_said(&mut self, again: bool, node: &Node) {
        if again {
            self.report(
                Diagnostic::new(Code::J0206, node.span, "`per` says the same thing twice")
                    .here("again")
                    .help("say one time or one path"),
            );
        }
    }

    fn goal(&mut self, node: &Node) -> Option<Goal> {
        let name = self.name_in(node);
        let signal = self.signal(node.child(Rule::signal)?)?;
        let within = node.child(Rule::goal_within);
        let of = within
            .and_then(|within| within.child(Rule::goal_of))
            .and_then(|of| of.child(Rule::attribution))
            .and_then(|attribution| {
                let word = attribution.text(self.text);
                let value = Attribution::ALL.into_iter().find(|one| one.word() == word)?;
                Some(Spanned { value, span: attribution.span })
            });
        let within = within.map(|within| self.length_in(within, Calendar::Exact));
        Some(Goal { name, signal, within, of })
    }

    /// An `exit_signal`.
    pub(super) fn exit_signal(&mut self, node: &Node) -> Option<ExitWhen> {
        let inner = node.children.first()?;
        match inner.rule {
            Rule::kw_unmatched => Some(ExitWhen::Unmatched),
            Rule::kw_goal => Some(ExitWhen::Goal),
            _ if self.misspelt_first_word(inner, &EXIT_SIGNALS) => None,
            _ => self.signal(inner).map(ExitWhen::Signal),
        }
    }

    /// A `signal`.
    pub(super) fn signal(&mut self, node: &Node) -> Option<Signal> {
        let inner = node.children.first()?;
        match inner.rule {
            Rule::activity_signal => Some(Signal::Activity(self.activity_signal(inner))),
            Rule::condition => Some(Signal::Condition(self.condition(inner))),
            _ => None,
        }
    }

    fn activity_signal(&mut self, node: &Node) -> ActivitySignal {
        let kind = self.activity_in(node);
        let name = self.name_in(node);
        let filter = node.child(Rule::r#where).map(|filter| self.condition_in(filter));
        ActivitySignal { kind, name, filter }
    }

    pub(super) fn activity_in(&self, node: &Node) -> ActivityKind {
        let word = node.child(Rule::activity).map_or("", |word| word.text(self.text));
        ActivityKind::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .unwrap_or(ActivityKind::Event)
    }

    /// The `channel` below `node`; the grammar knows no other than these.
    pub(super) fn channel_in(&self, node: &Node) -> Channel {
        let word = node.child(Rule::channel).map_or("", |channel| channel.text(self.text));
        Channel::ALL.into_iter().find(|channel| channel.word() == word).unwrap_or(Channel::Email)
    }

    /// The `operand` below `node`.
    pub(super) fn operand_in(&mut self, node: &Node) -> Expr {
        match node.child(Rule::operand) {
            Some(operand) => self.value(operand),
            None => self.unknown_value(node.span),
        }
    }
}

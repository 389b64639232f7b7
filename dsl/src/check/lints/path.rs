//! What can be told by walking every way through the steps: messages that go out at once, events
//! that may have come before they are listened for, messages that were not sent yet.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Check;
use super::super::clauses::Owner;
use super::super::terms::{each_term, steps_of};
use super::way::{LOUD, Last, Way};
use crate::ast::{
    ActivitySignal, Condition, ConditionKind, Duration, Limit, Name, Part, Reach, Signal, Spanned,
    Step, StepKind,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ActivityKind;
use crate::graph::Channel;
use crate::resolve::each_block;
use crate::span::Span;

type Message<'p> = (Channel, &'p str);

struct Walk<'p, 'c, 'a> {
    check: &'c mut Check<'a>,
    /// Every message of the campaign, and the first step that sends it.
    sends: BTreeMap<Message<'p>, Span>,
    /// Messages that a step before this one may have sent, in order, and how often each.
    sent: Vec<Message<'p>>,
    times: BTreeMap<Message<'p>, usize>,
    owner: Owner,
    /// A second round of a `repeat` is walked.
    again: bool,
    /// Steps that were warned of.
    told: BTreeSet<Span>,
}

impl Check<'_> {
    pub(in super::super) fn ways(&mut self, body: &[Part], owner: Owner) {
        let mut sends = BTreeMap::new();
        collect_sends(body, &mut sends);
        let mut walk = Walk {
            check: self,
            sends,
            sent: Vec::new(),
            times: BTreeMap::new(),
            owner,
            again: false,
            told: BTreeSet::new(),
        };
        walk.block(body, Way::default());
    }
}

fn collect_sends<'p>(parts: &'p [Part], sends: &mut BTreeMap<Message<'p>, Span>) {
    for step in steps_of(parts) {
        if let StepKind::Send { channel, message, .. } = &step.kind {
            sends.entry((*channel, message.value.as_str())).or_insert(step.head);
        }
        each_block(step, &mut |block| collect_sends(block, sends));
    }
}

impl<'p> Walk<'p, '_, '_> {
    fn block(&mut self, parts: &'p [Part], mut way: Way) -> Way {
        for step in steps_of(parts) {
            if way.ended {
                break;
            }
            way = self.step(step, way);
        }
        way
    }

    fn step(&mut self, step: &'p Step, way: Way) -> Way {
        match &step.kind {
            StepKind::Send { channel, message, to, draft, .. } => {
                self.remember((*channel, &message.value));
                if *draft || to.is_some() {
                    return Way { asked: true, ..way };
                }
                self.send(step, (*channel, &message.value), way)
            }
            StepKind::Wait(_) | StepKind::WaitUntil(_) | StepKind::WaitWindow(_) => way.later(),
            StepKind::WaitFor { signal, .. } => {
                self.signal(signal, false, &way);
                way.later()
            }
            StepKind::Listen { limit, arms, timeouts } => {
                for arm in arms {
                    for signal in &arm.signals {
                        self.signal(signal, arm.name.is_some(), &way);
                    }
                }
                let blocks = arms
                    .iter()
                    .map(|arm| arm.body.as_slice())
                    .chain(timeouts.iter().map(|body| body.value.as_slice()))
                    .collect();
                let passes =
                    timeouts.is_empty() && matches!(limit, Limit::UpTo(_) | Limit::Until(_));
                let later = way.later();
                self.branch(blocks, &later, passes)
            }
            StepKind::At { .. }
            | StepKind::If { .. }
            | StepKind::Match { .. }
            | StepKind::Split { .. }
            | StepKind::Experiment { .. }
            | StepKind::Repeat { .. }
            | StepKind::Broken(_) => self.branches(step, way),
            StepKind::Exit => Way { ended: true, ..way },
            StepKind::Set(..)
            | StepKind::Unset(_)
            | StepKind::Add(..)
            | StepKind::Remove(..)
            | StepKind::AddToSegment(_)
            | StepKind::RemoveFromSegment(_)
            | StepKind::Subscribe(_)
            | StepKind::Unsubscribe(_)
            | StepKind::Suppress
            | StepKind::Emit { .. }
            | StepKind::Call(_)
            | StepKind::Lookup(_)
            | StepKind::StartCampaign { .. }
            | StepKind::Note(_) => way,
        }
    }

    /// A step with blocks that listens for nothing.
    fn branches(&mut self, step: &'p Step, way: Way) -> Way {
        match &step.kind {
            StepKind::At { on_time, late, .. } => {
                let later = way.later();
                let on_time = self.branch(vec![on_time], &later, late.is_none());
                match late {
                    Some(late) => on_time.or(self.branch(vec![late], &way, false)),
                    None => on_time,
                }
            }
            StepKind::If { arms, otherwise } => {
                for (condition, _) in arms {
                    self.condition(condition);
                }
                let blocks = arms
                    .iter()
                    .map(|(_, body)| body.as_slice())
                    .chain(otherwise.as_deref())
                    .collect();
                self.branch(blocks, &way, otherwise.is_none())
            }
            StepKind::Match { arms, otherwise, .. } => {
                let blocks = arms
                    .iter()
                    .map(|(_, body)| body.as_slice())
                    .chain(otherwise.iter().map(|body| body.value.as_slice()))
                    .collect();
                self.branch(blocks, &way, otherwise.is_empty())
            }
            StepKind::Split { arms, .. } | StepKind::Experiment { arms, .. } => {
                self.branch(arms.iter().map(|arm| arm.body.as_slice()).collect(), &way, false)
            }
            StepKind::Repeat { times, every, until, body, .. } => {
                self.repeat(times, every.as_ref(), until.as_ref(), body, way)
            }
            StepKind::Broken(blocks) => {
                self.branch(blocks.iter().map(Vec::as_slice).collect(), &way.later(), true)
            }
            _ => way,
        }
    }

    /// Blocks of which a person walks one, or none where `passes`.
    fn branch(&mut self, blocks: Vec<&'p [Part]>, way: &Way, passes: bool) -> Way {
        let mark = self.sent.len();
        let mut tails: Vec<Message<'p>> = Vec::new();
        let mut ways = vec![Way { ended: !passes, ..way.clone() }];
        for block in blocks {
            ways.push(self.block(block, way.entering_arm()).leaving_arm(way));
            for message in self.sent.split_off(mark) {
                if let Some(times) = self.times.get_mut(&message) {
                    *times -= 1;
                }
                tails.push(message);
            }
        }
        for message in tails {
            self.remember(message);
        }
        let none = Way { ended: true, ..Way::default() };
        let out = ways.iter().cloned().fold(none, Way::or);
        out.without_waited(way, &ways)
    }

    fn repeat(
        &mut self,
        times: &Spanned<f64>,
        every: Option<&'p Duration>,
        until: Option<&'p Condition>,
        body: &'p [Part],
        way: Way,
    ) -> Way {
        let mut sends = BTreeMap::new();
        collect_sends(body, &mut sends);
        for message in sends.into_keys() {
            self.remember(message);
        }
        if let Some(until) = until {
            self.condition(until);
        }
        let mut out = self.block(body, way.clone());
        if !self.again && times.value > 1.0 && !out.ended {
            self.again = true;
            let next = if every.is_some() { out.later() } else { out.clone() };
            out = out.or(self.block(body, next));
            self.again = false;
        }
        if until.is_some() { out.or(way) } else { out }
    }

    fn remember(&mut self, message: Message<'p>) {
        self.sent.push(message);
        *self.times.entry(message).or_default() += 1;
    }

    fn send(&mut self, step: &Step, message: Message<'p>, mut way: Way) -> Way {
        way.asked = true;
        if self.check.transactional.contains(&message) {
            return way;
        }
        let place = LOUD.iter().position(|channel| *channel == message.0);
        let Some(last) = place.and_then(|place| way.last.get_mut(place)) else {
            return way;
        };
        let before = last.replace(Last { step: step.head, in_arm: false });
        if let Some(first) = before
            && self.told.insert(step.head)
        {
            self.at_once(step, message.0, first.step);
        }
        way
    }

    fn at_once(&mut self, step: &Step, channel: Channel, first: Span) {
        let called = match channel {
            Channel::Email => "e-mails",
            Channel::Sms => "SMS",
            Channel::Push => "pushes",
            Channel::InApp | Channel::Slack => "messages",
        };
        let message = format!("two {called} go to one person with no wait between them");
        let diagnostic = Diagnostic::new(Code::J0509, step.head, message);
        self.check.report(if first == step.head {
            diagnostic
                .here("sent again in the next round")
                .help("let time pass between the rounds: `repeat up to 3 times every 2 days { … }`")
        } else {
            diagnostic.here("right after the other").also(first, "the first").help(
                match self.owner {
                    Owner::Campaign => {
                        "put a wait between them, such as `wait 1 day`, or make one message of both"
                    }
                    Owner::Broadcast => "make one message of both, or two broadcasts",
                },
            )
        });
    }

    fn signal(&mut self, signal: &'p Signal, named: bool, way: &Way) {
        match signal {
            Signal::Condition(condition) => self.condition(condition),
            Signal::Activity(activity) => {
                if way.waited && !way.asked && !named && self.owner == Owner::Campaign {
                    self.came_before(activity);
                }
            }
        }
    }

    /// An event that is listened for after time has passed.
    fn came_before(&mut self, activity: &ActivitySignal) {
        let name = &activity.name;
        let words = match activity.kind {
            ActivityKind::Event => "performed",
            ActivityKind::Page => "viewed page",
            ActivityKind::Screen => "viewed screen",
            ActivityKind::Form => return,
        };
        if name.value.is_empty() || !self.told.insert(name.span) {
            return;
        }
        let quoted = self.check.text(name.span);
        let word = activity.kind.word();
        let diagnostic = Diagnostic::new(
            Code::J0506,
            name.span,
            format!("the {word} `{}` may have come before this wait", name.value),
        )
        .here("only what comes from now on is heard")
        .note("a wait before this one gave it time to come");
        let better = format!("{words} {quoted} since entry");
        let place = self.check.word_before(word, name).filter(|_| activity.filter.is_none());
        self.check.report(match place {
            Some(place) => diagnostic
                .replace(
                    format!("say `{better}`, which counts what came before as well"),
                    place,
                    better,
                )
                .guessed(),
            None => diagnostic.help(format!(
                "say `{words} {quoted} where (…) since entry`, which counts what came before as well"
            )),
        });
    }

    /// Interactions with messages that this campaign sends, and has not sent yet.
    fn condition(&mut self, condition: &'p Condition) {
        each_term(condition, &mut |term| {
            let ConditionKind::Interaction(interaction) = &term.kind else {
                return;
            };
            let Some(name) = &interaction.message else {
                return;
            };
            let message = (interaction.channel, name.value.as_str());
            let ever = interaction.reach.as_ref().is_some_and(|reach| reach.value == Reach::Ever);
            let sent = self.times.get(&message).is_some_and(|times| *times > 0);
            let Some(step) = self.sends.get(&message).filter(|_| !ever && !sent).copied() else {
                return;
            };
            if self.told.insert(name.span) {
                self.check.report(
                    Diagnostic::new(
                        Code::J0510,
                        name.span,
                        format!("`{}` was not sent yet where this is asked", name.value),
                    )
                    .here("never so for this run")
                    .also(step, "sent here")
                    .help("ask after the step that sends it, or end the question with `ever` to count earlier journeys"),
                );
            }
        });
    }
}

impl Check<'_> {
    /// From this word to the end of the name just behind it.
    fn word_before(&self, word: &str, name: &Name) -> Option<Span> {
        let source = self.sources.get(name.span.file)?;
        let before = source.text.get(..name.span.start)?.trim_end();
        let start = before.strip_suffix(word)?.len();
        Some(Span::new(name.span.file, start, name.span.end))
    }
}

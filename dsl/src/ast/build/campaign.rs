//! Campaigns: clauses and steps.

use super::Builder;
use super::length::Calendar;
use crate::ast::{
    Arm, Campaign, Clause, ClauseKind, EventSignal, Limit, Part, Signal, Spanned, Step, StepKind,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{Enter, HowOften, WhileActive};
use crate::span::Span;
use crate::syntax::{Node, Rule};

/// Words that begin something with a block of steps.
const BLOCK_HEADS: [&str; 3] = ["if", "else", "on"];

impl Builder<'_> {
    pub(super) fn campaign(&mut self, node: &Node) -> Campaign {
        Campaign { body: self.parts(node) }
    }

    /// The clauses and steps of the block below `node`.
    fn parts(&mut self, node: &Node) -> Vec<Part> {
        node.child(Rule::block).map(|block| self.block_parts(block)).unwrap_or_default()
    }

    fn block_parts(&mut self, block: &Node) -> Vec<Part> {
        let mut parts = Vec::new();
        for child in &block.children {
            match child.rule {
                Rule::clause => parts.push(Part::Clause(self.clause(child))),
                Rule::step => parts.push(Part::Step(self.step(child))),
                Rule::junk => parts.extend(self.broken(child)),
                _ => {}
            }
        }
        parts
    }

    /// What can be read inside a step whose head was not understood.
    fn broken(&mut self, junk: &Node) -> Option<Part> {
        let head = junk.find(Rule::junk_head)?;
        let word =
            head.text(self.text).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let blocks = if let Some(wait) = junk.child(Rule::junk_wait) {
            let arms = wait.child(Rule::arms)?;
            arms.children
                .iter()
                .filter(|arm| arm.has(Rule::block))
                .map(|arm| self.parts(arm))
                .collect()
        } else if BLOCK_HEADS.contains(&word) {
            let tail = junk.child(Rule::junk_tail)?;
            tail.all(Rule::block).map(|block| self.block_parts(block)).collect()
        } else {
            return None;
        };
        Some(Part::Step(Step {
            label: None,
            kind: StepKind::Broken(blocks),
            span: junk.span,
            head: head.span,
        }))
    }

    fn clause(&mut self, node: &Node) -> Clause {
        let kind = match node.children.first() {
            Some(inner) => match inner.rule {
                Rule::on_event => ClauseKind::On(self.event_signal(inner)),
                Rule::only_if => ClauseKind::OnlyIf(self.condition_in(inner)),
                Rule::enter => ClauseKind::Enter(self.enter(inner)),
                Rule::exit_when => self.exit_when(inner),
                Rule::topic => ClauseKind::Topic(self.name_in(inner)),
                _ => ClauseKind::Unknown(inner.text(self.text).to_owned()),
            },
            None => ClauseKind::Unknown(String::new()),
        };
        Clause { kind, span: node.span }
    }

    fn exit_when(&mut self, node: &Node) -> ClauseKind {
        match node.child(Rule::signal).and_then(|signal| self.signal(signal)) {
            Some(signal) => ClauseKind::ExitWhen(signal),
            None => ClauseKind::Unknown(node.text(self.text).to_owned()),
        }
    }

    fn enter(&mut self, node: &Node) -> Enter {
        let once = node.child(Rule::enter_once);
        let how_often = match once {
            None => HowOften::EveryTime,
            Some(once) if once.has(Rule::duration) => {
                HowOften::OncePer(self.length_in(once, Calendar::Exact).value)
            }
            Some(_) => HowOften::Once,
        };
        let while_active = if node.has(Rule::kw_unless_active) {
            WhileActive::Refuse
        } else if node.has(Rule::kw_replacing_active) {
            WhileActive::Replace
        } else if once.is_none() {
            WhileActive::Alongside
        } else {
            WhileActive::Refuse
        };
        Enter { how_often, while_active }
    }

    pub(super) fn event_signal(&mut self, node: &Node) -> EventSignal {
        let name = self.name_in(node);
        let filter = node.child(Rule::r#where).map(|filter| self.condition_in(filter));
        EventSignal { name, filter }
    }

    /// `None` for what this version does not know.
    pub(super) fn signal(&mut self, node: &Node) -> Option<Signal> {
        let inner = node.children.first()?;
        match inner.rule {
            Rule::event_signal => Some(Signal::Event(self.event_signal(inner))),
            Rule::condition => Some(Signal::Condition(self.condition(inner))),
            _ => None,
        }
    }

    fn step(&mut self, node: &Node) -> Step {
        let label = node
            .child(Rule::label)
            .and_then(|label| label.child(Rule::identifier))
            .map(|word| self.word(word));
        let Some(inner) = node.children.iter().find(|child| child.rule != Rule::label) else {
            return Step {
                label,
                kind: StepKind::Broken(Vec::new()),
                span: node.span,
                head: node.span,
            };
        };
        let head = self.head_before(inner, &[Rule::block, Rule::arms]);
        let kind = match inner.rule {
            Rule::send_email => self.send(inner),
            Rule::wait => StepKind::Wait(self.length_in(inner, Calendar::Exact)),
            Rule::slip_wait => self.slip_wait(inner),
            Rule::wait_listen => self.listen(inner),
            Rule::if_step => self.branch(inner),
            Rule::set => self.set(inner),
            Rule::unset => match inner.child(Rule::path) {
                Some(path) => StepKind::Unset(self.path(path)),
                None => StepKind::Broken(Vec::new()),
            },
            Rule::exit => StepKind::Exit,
            _ => StepKind::Broken(Vec::new()),
        };
        Step { label, kind, span: node.span, head }
    }

    fn send(&mut self, node: &Node) -> StepKind {
        let email = self.name_in(node);
        let to = node
            .child(Rule::send_to)
            .and_then(|to| to.child(Rule::operand))
            .map(|operand| self.value(operand));
        StepKind::Send { email, to, with: self.with(node) }
    }

    pub(super) fn slip_wait(&mut self, node: &Node) -> StepKind {
        let length = self.length_in(node, Calendar::Exact);
        let word =
            node.children.iter().find(|child| matches!(child.rule, Rule::kw_for | Rule::kw_until));
        if let Some(word) = word {
            let written = word.text(self.text).to_owned();
            let duration = length.span.text(self.text).to_owned();
            let gap = Span::new(word.span.file, word.span.start, length.span.start);
            self.report(
                Diagnostic::new(
                    Code::J0109,
                    word.span,
                    format!("a wait of some length is written without `{written}`"),
                )
                .here(match written.as_str() {
                    "for" => "`wait for` waits for a signal",
                    _ => "`wait until` waits for a moment",
                })
                .replace(format!("write `wait {duration}`"), gap, ""),
            );
        }
        StepKind::Wait(length)
    }

    fn listen(&mut self, node: &Node) -> StepKind {
        let limit = match node.child(Rule::wait_limit).and_then(|limit| limit.children.first()) {
            None => Limit::None,
            Some(limit) if limit.rule == Rule::up_to => {
                Limit::UpTo(self.length_in(limit, Calendar::Exact))
            }
            Some(limit) if limit.rule == Rule::slip_limit => self.slip_limit(limit),
            Some(_) => Limit::Forever,
        };
        let (mut arms, mut timeouts) = (Vec::new(), Vec::new());
        for child in node.child(Rule::arms).map(|arms| arms.children.as_slice()).unwrap_or_default()
        {
            match child.rule {
                Rule::signal_arm => arms.push(self.arm(child)),
                Rule::timeout_arm => {
                    let span = self.head_before(child, &[Rule::block]);
                    timeouts.push(Spanned { value: self.parts(child), span });
                }
                _ => {}
            }
        }
        StepKind::Listen { limit, arms, timeouts }
    }

    fn slip_limit(&mut self, node: &Node) -> Limit {
        let length = self.length_in(node, Calendar::Exact);
        let written = length.span.text(self.text).to_owned();
        let start = Span::new(length.span.file, length.span.start, length.span.start);
        self.report(
            Diagnostic::new(
                Code::J0109,
                length.span,
                "a wait for signals says `up to` before its limit",
            )
            .here("at the latest after this long")
            .replace(format!("write `wait up to {written} {{`"), start, "up to "),
        );
        Limit::UpTo(length)
    }

    fn arm(&mut self, node: &Node) -> Arm {
        let signals = node.all(Rule::signal).filter_map(|signal| self.signal(signal)).collect();
        let name = node
            .child(Rule::arm_name)
            .and_then(|name| name.child(Rule::identifier))
            .map(|word| self.word(word));
        let head = self.head_before(node, &[Rule::block]);
        Arm { signals, name, body: self.parts(node), head }
    }

    fn branch(&mut self, node: &Node) -> StepKind {
        let mut arms = vec![(self.condition_in(node), self.parts(node))];
        let mut otherwise: Option<Vec<Part>> = None;
        for child in &node.children {
            match child.rule {
                Rule::else_if | Rule::else_broken | Rule::else_block if otherwise.is_some() => {
                    self.after_else(child)
                }
                Rule::else_if => {
                    self.slip_else_if(child);
                    arms.push((self.condition_in(child), self.parts(child)));
                }
                Rule::else_broken => arms.push((self.condition_in(child), self.parts(child))),
                Rule::else_block => otherwise = Some(self.parts(child)),
                _ => {}
            }
        }
        StepKind::If { arms, otherwise }
    }

    fn slip_else_if(&mut self, node: &Node) {
        let Some(slip) = node.child(Rule::slip_else_if) else {
            return;
        };
        let written = slip.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0115, slip.span, format!("unknown word `{written}`"))
                .here("did you mean `else if`?")
                .replace("write `else if`", slip.span, "else if"),
        );
    }

    fn after_else(&mut self, node: &Node) {
        let word = Span::new(node.span.file, node.span.start, node.span.start + 4);
        self.report(
            Diagnostic::new(Code::J0203, word, "this `else` belongs to no `if`")
                .here("the `else` of this `if` has been before")
                .help("`else { … }` is the last part of an `if`"),
        );
    }

    fn set(&mut self, node: &Node) -> StepKind {
        let (Some(path), Some(value)) = (node.child(Rule::path), node.child(Rule::value)) else {
            return StepKind::Broken(Vec::new());
        };
        if let Some(sign) = node.child(Rule::set_sign) {
            let written = sign.text(self.text).to_owned();
            if written != "=" {
                self.report(
                    Diagnostic::new(
                        Code::J0122,
                        sign.span,
                        format!("a value is set by `=`, not by `{written}`"),
                    )
                    .here("expected `=`")
                    .replace("write `=`", sign.span, "="),
                );
            }
        }
        let path = self.path(path);
        StepKind::Set(path, self.value(value))
    }
}

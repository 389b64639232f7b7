//! Steps: which there are, messages, waits and branches. Those that change something are in
//! [`super::effect`].

use super::Builder;
use super::length::Calendar;
use crate::ast::{Arm, Duration, DurationKind, Limit, Part, Share, Spanned, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::WinnerBy;
use crate::span::Span;
use crate::syntax::{Node, Rule};

/// Words that begin something with a block of steps.
const BLOCK_HEADS: [&str; 8] = ["if", "else", "on", "at", "late", "repeat", "split", "experiment"];

impl Builder<'_> {
    /// The clauses and steps of the block below `node`.
    pub(super) fn parts(&mut self, node: &Node) -> Vec<Part> {
        node.child(Rule::block).map(|block| self.block_parts(block)).unwrap_or_default()
    }

    fn block_parts(&mut self, block: &Node) -> Vec<Part> {
        let mut parts = Vec::new();
        for child in &block.children {
            match child.rule {
                Rule::clause => parts.push(Part::Clause(Box::new(self.clause(child)))),
                Rule::step => parts.push(Part::Step(Box::new(self.step(child)))),
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
        } else if BLOCK_HEADS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) {
            let tail = junk.child(Rule::junk_tail)?;
            tail.all(Rule::block).map(|block| self.block_parts(block)).collect()
        } else {
            return None;
        };
        Some(Part::Step(Box::new(Step {
            label: None,
            kind: StepKind::Broken(blocks),
            span: junk.span,
            head: head.span,
        })))
    }

    fn step(&mut self, node: &Node) -> Step {
        let label = node
            .child(Rule::label)
            .and_then(|label| label.child(Rule::identifier))
            .map(|word| self.word(word));
        let broken = || StepKind::Broken(Vec::new());
        let Some(inner) = node.children.iter().find(|child| child.rule != Rule::label) else {
            return Step { label, kind: broken(), span: node.span, head: node.span };
        };
        let ends = [Rule::block, Rule::arms, Rule::match_arms, Rule::shares, Rule::call_fields];
        let head = self.head_before(inner, &ends);
        let kind = self.branching(inner).or_else(|| self.effect(inner)).unwrap_or_else(broken);
        Step { label, kind, span: node.span, head }
    }

    /// Waits and branches.
    fn branching(&mut self, node: &Node) -> Option<StepKind> {
        Some(match node.rule {
            Rule::wait => StepKind::Wait(self.duration_in(node)),
            Rule::slip_wait => self.slip_wait(node),
            Rule::wait_until => StepKind::WaitUntil(self.operand_in(node)),
            Rule::wait_window => StepKind::WaitWindow(self.time_window_in(node)?),
            Rule::slip_wait_condition => self.slip_wait_condition(node)?,
            Rule::wait_for => {
                let signal = self.signal(node.child(Rule::signal)?)?;
                StepKind::WaitFor { signal, limit: self.limit(node) }
            }
            Rule::wait_listen => self.listen(node),
            Rule::at_step => StepKind::At {
                moment: self.operand_in(node),
                on_time: self.parts(node),
                late: node.child(Rule::late).map(|late| self.parts(late)),
            },
            Rule::if_step => self.branch(node),
            Rule::match_step => self.match_step(node),
            Rule::split => StepKind::Split {
                name: self.name_in(node),
                fresh: node.has(Rule::kw_fresh),
                arms: self.shares(node),
            },
            Rule::experiment => self.experiment(node)?,
            Rule::repeat => self.repeat(node),
            _ => return None,
        })
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
        StepKind::Wait(Duration { kind: DurationKind::Fixed(length.value), span: length.span })
    }

    /// `wait until customer.plan == "pro"`
    fn slip_wait_condition(&mut self, node: &Node) -> Option<StepKind> {
        let signal = self.signal(node.child(Rule::signal)?)?;
        let until = node.child(Rule::kw_until)?.span;
        let written = node.child(Rule::signal)?.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0127, until, "`wait until` waits for a moment, not for this")
                .here("something that happens is waited for with `for`")
                .replace(format!("write `wait for {written}`"), until, "for"),
        );
        Some(StepKind::WaitFor { signal, limit: Limit::Forever })
    }

    /// The `wait_limit` below `node`.
    fn limit(&mut self, node: &Node) -> Limit {
        let Some(limit) = node.child(Rule::wait_limit).and_then(|limit| limit.children.first())
        else {
            return Limit::None;
        };
        match limit.rule {
            Rule::up_to => Limit::UpTo(self.duration_in(limit)),
            Rule::until_moment => Limit::Until(self.operand_in(limit)),
            Rule::slip_limit => self.slip_limit(limit),
            _ => Limit::Forever,
        }
    }

    fn listen(&mut self, node: &Node) -> StepKind {
        let limit = self.limit(node);
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
        let start = Span::new(node.span.file, node.span.start, length.span.start);
        self.report(
            Diagnostic::new(
                Code::J0109,
                node.span,
                "a wait for signals says `up to` before its limit",
            )
            .here("at the latest after this long")
            .replace(format!("write `up to {written}`"), start, "up to "),
        );
        Limit::UpTo(Duration { kind: DurationKind::Fixed(length.value), span: length.span })
    }

    fn arm(&mut self, node: &Node) -> Arm {
        let signals = node.all(Rule::signal).filter_map(|signal| self.signal(signal)).collect();
        let name = self.as_name(node);
        let head = self.head_before(node, &[Rule::block]);
        Arm { signals, name, body: self.parts(node), head }
    }

    /// `as name` below `node`.
    pub(super) fn as_name(&self, node: &Node) -> Option<crate::ast::Name> {
        let name = node.child(Rule::as_name).and_then(|name| name.child(Rule::identifier));
        name.map(|word| self.word(word))
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

    fn match_step(&mut self, node: &Node) -> StepKind {
        let value = self.operand_in(node);
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let inner = node.child(Rule::match_arms).map(|arms| arms.children.as_slice());
        for child in inner.unwrap_or_default() {
            match child.rule {
                Rule::match_arm => {
                    let literals =
                        child.all(Rule::literal).map(|literal| self.value(literal)).collect();
                    arms.push((literals, self.parts(child)));
                }
                Rule::else_block => {
                    let span = self.head_before(child, &[Rule::block]);
                    otherwise.push(Spanned { value: self.parts(child), span });
                }
                _ => {}
            }
        }
        StepKind::Match { value, arms, otherwise }
    }

    fn experiment(&mut self, node: &Node) -> Option<StepKind> {
        let winner = node.child(Rule::winner)?;
        let word = winner.text(self.text);
        let by = WinnerBy::ALL.into_iter().find(|by| by.word() == word)?;
        Some(StepKind::Experiment {
            name: self.name_in(node),
            by: Spanned { value: by, span: winner.span },
            after: self.length_in(node, Calendar::Exact),
            arms: self.shares(node),
        })
    }

    fn shares(&mut self, node: &Node) -> Vec<Share> {
        let Some(shares) = node.child(Rule::shares) else {
            return Vec::new();
        };
        let share = |builder: &mut Self, node: &Node| Share {
            percent: builder.percent_in(node),
            name: builder.name_in(node),
            body: builder.parts(node),
            head: builder.head_before(node, &[Rule::block]),
        };
        shares.all(Rule::share).map(|node| share(self, node)).collect()
    }

    fn repeat(&mut self, node: &Node) -> StepKind {
        let times = match (node.child(Rule::repeat_times), node.child(Rule::slip_times)) {
            (Some(times), _) => times.child(Rule::count_number),
            (None, Some(slip)) => {
                self.slip_times(slip);
                slip.child(Rule::count_number)
            }
            (None, None) => {
                self.endless(node);
                None
            }
        };
        let times =
            times.map_or(Spanned { value: 1.0, span: node.span }, |number| self.number_of(number));
        let until = node.child(Rule::repeat_until);
        StepKind::Repeat {
            times,
            every: node.child(Rule::repeat_every).map(|every| self.duration_in(every)),
            until: until.map(|until| self.condition_in(until)),
            round: self.as_name(node),
            body: self.parts(node),
        }
    }

    /// `repeat 3 times`
    fn slip_times(&mut self, node: &Node) {
        let start = Span::new(node.span.file, node.span.start, node.span.start);
        let written = node.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0109, node.span, "`repeat` says `up to` before its number")
                .here("at the most so often")
                .replace(format!("write `repeat up to {written}`"), start, "up to "),
        );
    }

    /// `repeat { … }`, which would never end.
    fn endless(&mut self, node: &Node) {
        let head = self.head_before(node, &[Rule::block]);
        self.report(
            Diagnostic::new(Code::J0101, head, "`repeat` does not say how often at the most")
                .here("this might never end")
                .help("write `repeat up to 3 times { … }`"),
        );
    }
}

//! Predicates on what people did and what became of messages.

use super::Builder;
use super::length::Calendar;
use crate::ast::{Condition, ConditionKind, Expr, Interaction, MomentTest, Reach, Spanned, Window};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::expr::{ActivityKind, Count, InteractionKind, Platform};
use crate::span::Span;
use crate::syntax::{Node, Rule};

impl Builder<'_> {
    pub(super) fn performed(&mut self, node: &Node) -> ConditionKind {
        let activity = if node.has(Rule::kw_viewed_page) {
            ActivityKind::Page
        } else if node.has(Rule::kw_viewed_screen) {
            ActivityKind::Screen
        } else {
            ActivityKind::Event
        };
        let name = self.name_in(node);
        let (filter, count, window) = self.behaviour(node);
        let count = count.unwrap_or(Count::AtLeast(1));
        ConditionKind::Performed { activity, name, filter: filter.map(Box::new), count, window }
    }

    /// `where (…)`, count and window below `node`.
    pub(super) fn behaviour(
        &mut self,
        node: &Node,
    ) -> (Option<Condition>, Option<Count>, Spanned<Window>) {
        let (mut filter, mut count, mut window) = (None, None, None);
        let mut parts: Vec<&Node> = Vec::new();
        for part in node.children.iter().filter(|part| rank(part.rule) > 0) {
            match part.rule {
                Rule::count => count = Some(self.count(part)),
                Rule::window => window = Some(self.window(part)),
                Rule::reach => {}
                _ => filter = Some(self.where_brackets(part)),
            }
            parts.push(part);
        }
        self.parts_in_order(&parts);
        (filter, count, window.unwrap_or(Spanned { value: Window::Ever, span: node.span }))
    }

    pub(super) fn interaction(&mut self, node: &Node) -> ConditionKind {
        let word = node.child(Rule::interaction_word).map_or("", |word| word.text(self.text));
        let kind = InteractionKind::ALL.into_iter().find(|kind| kind.word() == word);
        let any = node.child(Rule::any_message);
        let Some(kind) = kind else {
            return ConditionKind::Unknown;
        };
        let channel = self.channel_in(any.unwrap_or(node));
        let message = if any.is_none() { Some(self.name_in(node)) } else { None };
        let link = node.child(Rule::link).map(|link| self.quoted_in(link));
        let (_, count, window) = self.behaviour(node);
        let reach = node.child(Rule::reach).map(|reach| Spanned {
            value: if reach.has(Rule::kw_ever) { Reach::Ever } else { Reach::ThisJourney },
            span: reach.span,
        });
        let count = count.unwrap_or(Count::AtLeast(1));
        ConditionKind::Interaction(Box::new(Interaction {
            kind,
            channel,
            message,
            link,
            count,
            window,
            reach,
        }))
    }

    pub(super) fn campaign_history(&mut self, node: &Node) -> ConditionKind {
        let name = self.name_in(node);
        if node.has(Rule::kw_in_campaign) {
            ConditionKind::InCampaign(name)
        } else if node.has(Rule::kw_entered_campaign) {
            ConditionKind::EnteredCampaign(name)
        } else {
            ConditionKind::FinishedCampaign(name)
        }
    }

    pub(super) fn related_to(&mut self, node: &Node) -> ConditionKind {
        let object = self.name_in(node);
        ConditionKind::RelatedTo { object, filter: self.filter_in(node).map(Box::new) }
    }

    pub(super) fn any_item(&mut self, node: &Node) -> ConditionKind {
        let filter = self.filter_in(node);
        match node.child(Rule::path).zip(filter) {
            Some((path, filter)) => {
                ConditionKind::AnyItem { path: self.path(path), filter: Box::new(filter) }
            }
            None => ConditionKind::Unknown,
        }
    }

    /// The `where (…)` below `node`.
    pub(super) fn filter_in(&mut self, node: &Node) -> Option<Condition> {
        let filter = node.child(Rule::bracketed_where).or_else(|| node.child(Rule::slip_where));
        filter.map(|filter| self.where_brackets(filter))
    }

    /// `before MOMENT`, `in the last D` and the like.
    pub(super) fn placed(&mut self, value: Expr, node: &Node) -> ConditionKind {
        let Some(inner) = node.children.first() else {
            return ConditionKind::Unknown;
        };
        let moment = |builder: &mut Self| match inner.child(Rule::operand) {
            Some(operand) => builder.value(operand),
            None => builder.unknown_value(inner.span),
        };
        let test = match inner.rule {
            Rule::before_moment => MomentTest::Before(moment(self)),
            Rule::after_moment => MomentTest::After(moment(self)),
            Rule::in_the_last => MomentTest::InTheLast(self.last_length(inner)),
            Rule::in_the_next => {
                MomentTest::InTheNext(self.length_in(inner, Calendar::Allowed).value)
            }
            _ => self.more_than(inner),
        };
        ConditionKind::Moment { value, test: Spanned { value: test, span: inner.span } }
    }

    /// `more than D ago`; `less than D ago` is a slip.
    fn more_than(&mut self, node: &Node) -> MomentTest {
        let length = self.length_in(node, Calendar::Allowed);
        let ago = node.has(Rule::kw_ago);
        if !node.has(Rule::kw_less_than) {
            let length = length.value;
            return if ago {
                MomentTest::MoreThanAgo(length)
            } else {
                MomentTest::MoreThanFromNow(length)
            };
        }
        let meant = if ago { "in the last" } else { "in the next" };
        let duration = length.span.text(self.text).to_owned();
        let written = node.text(self.text).to_owned();
        self.report(
            Diagnostic::new(Code::J0128, node.span, format!("there is no `{written}`"))
                .here("said in other words")
                .replace(
                    format!("write `{meant} {duration}`"),
                    node.span,
                    format!("{meant} {duration}"),
                ),
        );
        if ago { MomentTest::InTheLast(length.value) } else { MomentTest::InTheNext(length.value) }
    }

    pub(super) fn platform_in(&self, node: &Node) -> Option<Platform> {
        let word = node.child(Rule::platform)?.text(self.text);
        Platform::ALL.into_iter().find(|platform| platform.word() == word)
    }

    /// Where, then count, then window; each once.
    fn parts_in_order(&mut self, parts: &[&Node]) {
        let ranks: Vec<u8> = parts.iter().map(|part| rank(part.rule)).collect();
        if ranks.is_sorted_by(|a, b| a < b) {
            return;
        }
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return;
        };
        let mut sorted = parts.to_vec();
        sorted.sort_by_key(|part| rank(part.rule));
        let text: Vec<&str> = sorted.iter().map(|part| part.text(self.text)).collect();
        let (text, span) = (text.join(" "), first.span.to(last.span));
        let twice = sorted
            .windows(2)
            .any(|pair| matches!(pair, [one, other] if rank(one.rule) == rank(other.rule)));
        let diagnostic = Diagnostic::new(
            Code::J0126,
            span,
            "the parts of this condition stand in another order",
        )
        .here("first `where (…)` or `link`, then the count, then the time");
        self.report(if twice {
            diagnostic.help("say each of them once")
        } else {
            diagnostic.replace(format!("write `{text}`"), span, text)
        });
    }

    /// `where (COND)`; without its brackets it is a slip.
    pub(super) fn where_brackets(&mut self, node: &Node) -> Condition {
        let Some(unary) = node.child(Rule::unary) else {
            return self.condition_in(node);
        };
        let wrapped =
            Node { rule: Rule::condition, span: unary.span, children: vec![unary.clone()] };
        let point = |at| Span::new(node.span.file, at, at);
        self.report(
            Diagnostic::new(Code::J0125, unary.span, "this `where` needs brackets")
                .here("put this in brackets")
                .fix(
                    "write `where (…)`, so that its end can be seen",
                    vec![
                        Edit { span: point(unary.span.start), text: "(".to_owned() },
                        Edit { span: point(unary.span.end), text: ")".to_owned() },
                    ],
                ),
        );
        self.condition(&wrapped)
    }

    fn window(&mut self, node: &Node) -> Spanned<Window> {
        let value = match node.children.first() {
            Some(last) if last.rule == Rule::in_the_last => Window::Last(self.last_length(last)),
            Some(since) if since.rule == Rule::kw_since_entry => Window::SinceEntry,
            Some(placed) => match placed.child(Rule::operand) {
                Some(operand) if placed.rule == Rule::before_moment => {
                    Window::Before(Box::new(self.value(operand)))
                }
                Some(operand) => Window::After(Box::new(self.value(operand))),
                None => Window::Ever,
            },
            None => Window::Ever,
        };
        Spanned { value, span: node.span }
    }
}

const fn rank(rule: Rule) -> u8 {
    match rule {
        Rule::bracketed_where | Rule::slip_where => 1,
        Rule::count => 2,
        Rule::window | Rule::reach => 3,
        _ => 0,
    }
}

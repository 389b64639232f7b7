//! Steps that send, change or ask something.

use super::Builder;
use crate::ast::{Call, CallField, Expr, ExprKind, Lookup, Spanned, StepKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Method;
use crate::syntax::{Node, Rule, nearest};

impl Builder<'_> {
    pub(super) fn effect(&mut self, node: &Node) -> Option<StepKind> {
        Some(match node.rule {
            Rule::send => self.send(node),
            Rule::set => self.set(node),
            Rule::unset => StepKind::Unset(self.path(node.child(Rule::path)?)),
            Rule::add => StepKind::Add(self.operand_in(node), self.path(node.child(Rule::path)?)),
            Rule::remove => {
                StepKind::Remove(self.operand_in(node), self.path(node.child(Rule::path)?))
            }
            Rule::add_to_segment => StepKind::AddToSegment(self.name_in(node)),
            Rule::remove_from_segment => StepKind::RemoveFromSegment(self.name_in(node)),
            Rule::subscribe => StepKind::Subscribe(self.name_in(node)),
            Rule::unsubscribe => {
                let topic = node.child(Rule::name).cloned();
                StepKind::Unsubscribe(topic.map(|topic| self.name(&topic)))
            }
            Rule::suppress => StepKind::Suppress,
            Rule::emit => StepKind::Emit {
                event: self.name_in(node),
                person: node.child(Rule::emit_for).map(|person| self.operand_in(person)),
                with: self.with(node),
            },
            Rule::call => self.call(node),
            Rule::lookup => self.lookup(node),
            Rule::start_campaign => {
                StepKind::StartCampaign { campaign: self.name_in(node), with: self.with(node) }
            }
            Rule::note => {
                let text = node.child(Rule::text)?;
                StepKind::Note(self.string(text).text)
            }
            Rule::exit => StepKind::Exit,
            _ => return None,
        })
    }

    fn send(&mut self, node: &Node) -> StepKind {
        StepKind::Send {
            channel: self.channel_in(node),
            message: self.name_in(node),
            to: node.child(Rule::send_to).map(|to| self.operand_in(to)),
            with: self.with(node),
            draft: node.has(Rule::kw_draft),
        }
    }

    fn call(&mut self, node: &Node) -> StepKind {
        let method = self.method_in(node);
        let url = self.operand_in(node);
        let mut fields = Vec::new();
        let inner = node.child(Rule::call_fields).map(|fields| fields.children.as_slice());
        for child in inner.unwrap_or_default() {
            match child.rule {
                Rule::call_field => fields.extend(self.call_field(child)),
                Rule::comma => self.needless_comma(child.span, "fields"),
                _ => {}
            }
        }
        StepKind::Call(Box::new(Call { method, url, fields, reply: self.as_name(node) }))
    }

    fn call_field(&mut self, node: &Node) -> Option<CallField> {
        let name = self.word(node.child(Rule::field_name)?);
        self.field_colon(&name, node);
        let value = match node.child(Rule::slip_object).and_then(|slip| slip.child(Rule::object)) {
            Some(object) => Expr { kind: ExprKind::Object(self.object(object)), span: object.span },
            None => self.value(node.child(Rule::value)?),
        };
        Some(CallField { name, value })
    }

    /// The `method` below `node`.
    pub(super) fn method_in(&mut self, node: &Node) -> Spanned<Method> {
        let Some(word) = node.child(Rule::method) else {
            return Spanned { value: Method::Post, span: node.span };
        };
        let span = word.span;
        let written = word.text(self.text).to_owned();
        if let Some(value) = Method::ALL.into_iter().find(|method| method.word() == written) {
            return Spanned { value, span };
        }
        let diagnostic =
            Diagnostic::new(Code::J0115, span, format!("there is no method `{written}`"));
        self.report(match nearest(&written, Method::ALL.map(Method::word)) {
            Some(near) => diagnostic.respell(span, &written, near),
            None => diagnostic
                .here("not known here")
                .help("methods are `GET`, `POST`, `PUT`, `PATCH` and `DELETE`"),
        });
        Spanned { value: Method::Post, span }
    }

    fn lookup(&mut self, node: &Node) -> StepKind {
        let order = node.child(Rule::order_by);
        StepKind::Lookup(Box::new(Lookup {
            collection: self.name_in(node),
            filter: self.condition_in(node),
            order: order.and_then(|order| order.child(Rule::path)).map(|path| self.path(path)),
            descending: order.is_some_and(|order| order.has(Rule::kw_descending)),
            name: self.as_name(node),
        }))
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

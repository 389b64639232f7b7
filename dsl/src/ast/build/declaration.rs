//! Declarations and their fields.

use super::Builder;
use super::length::Calendar;
use crate::ast::{
    Cap, Declaration, DeclarationKind, Field, FieldValue, File, Language, Message, Name, NameKind,
    Spanned,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};

/// The one edition there is.
const EDITION: &str = "1";

/// The words that declare something with a name.
const NAMED_KINDS: [(&str, NameKind); 13] = [
    ("segment", NameKind::Segment),
    ("topic", NameKind::Topic),
    ("cap", NameKind::Cap),
    ("email", NameKind::Message(Channel::Email)),
    ("sms", NameKind::Message(Channel::Sms)),
    ("push", NameKind::Message(Channel::Push)),
    ("in_app", NameKind::Message(Channel::InApp)),
    ("slack", NameKind::Message(Channel::Slack)),
    ("layout", NameKind::Layout),
    ("snippet", NameKind::Snippet),
    ("campaign", NameKind::Campaign),
    ("broadcast", NameKind::Broadcast),
    ("test", NameKind::Test),
];

impl Builder<'_> {
    pub(super) fn file(&mut self) -> File {
        let root = &self.tree.root;
        self.later(root);
        let mut declarations = Vec::new();
        for node in &root.children {
            match node.rule {
                Rule::edition => self.edition(node),
                Rule::junk_outside => declarations.extend(self.misspelt(node)),
                _ => declarations.extend(self.declaration(node)),
            }
        }
        File { declarations }
    }

    fn edition(&mut self, node: &Node) {
        let Some(number) = node.child(Rule::edition_number) else {
            return;
        };
        let written = number.text(self.text).to_owned();
        if written != EDITION {
            self.report(
                Diagnostic::new(
                    Code::J0123,
                    number.span,
                    format!("there is no edition `{written}`"),
                )
                .here("unknown to this version")
                .replace(format!("write `edition {EDITION}`"), number.span, EDITION)
                .guessed(),
            );
        }
    }

    fn declaration(&mut self, node: &Node) -> Option<Declaration> {
        let name = match node.rule {
            Rule::workspace => Name { value: String::new(), span: node.span },
            Rule::EOI | Rule::stray_brace => return None,
            _ => self.name_in(node),
        };
        let kind = match node.rule {
            Rule::campaign => DeclarationKind::Campaign(self.campaign(node)),
            Rule::broadcast => DeclarationKind::Broadcast(self.campaign(node)),
            Rule::message => DeclarationKind::Message(self.message(node)),
            Rule::segment => self.segment(node),
            Rule::topic_declaration => DeclarationKind::Topic(self.fields(node)),
            Rule::cap => DeclarationKind::Cap(self.cap(node)),
            Rule::layout => DeclarationKind::Layout(self.fields(node)),
            Rule::snippet => DeclarationKind::Snippet(self.fields(node)),
            Rule::workspace => DeclarationKind::Workspace(self.fields(node)),
            Rule::test => DeclarationKind::Test(self.test(node)),
            _ => return None,
        };
        let first =
            self.syntax.partition_point(|problem| problem.primary.span.start < node.span.start);
        let problem =
            self.syntax.get(first).filter(|problem| problem.primary.span.start <= node.span.end);
        let broken = problem.is_some() || has_later(node);
        let description = self.description(node.span.start);
        Some(Declaration { kind, name, description, span: node.span, broken })
    }

    fn segment(&mut self, node: &Node) -> DeclarationKind {
        if node.has(Rule::kw_manual) {
            return DeclarationKind::ManualSegment;
        }
        if let Some(sign) = node.child(Rule::segment_sign) {
            let written = sign.text(self.text).to_owned();
            if written != "=" {
                self.report(
                    Diagnostic::new(
                        Code::J0122,
                        sign.span,
                        format!("a segment is defined by `=`, not by `{written}`"),
                    )
                    .here("expected `=`")
                    .replace("write `=`", sign.span, "="),
                );
            }
        }
        DeclarationKind::Segment(Box::new(self.condition_in(node)))
    }

    fn message(&mut self, node: &Node) -> Message {
        let channel = self.channel_in(node);
        let transactional = node.has(Rule::kw_transactional);
        let like = node.child(Rule::like).map(|like| self.name_in(like));
        let blocks =
            node.child(Rule::fields).into_iter().flat_map(|block| block.all(Rule::language));
        let languages = blocks.map(|block| self.language(block)).collect();
        Message { channel, transactional, like, fields: self.fields(node), languages }
    }

    fn language(&mut self, node: &Node) -> Language {
        let name = self.name_in(node);
        Language { name, fields: self.fields(node), span: node.span }
    }

    fn cap(&mut self, node: &Node) -> Cap {
        let mut cap = Cap::default();
        let Some(block) = node.child(Rule::cap_block) else {
            return cap;
        };
        for child in &block.children {
            match child.rule {
                Rule::cap_limit => {
                    if let Some(most) = child.child(Rule::count_number) {
                        let most = self.most(most);
                        cap.limits.push((most, self.length_in(child, Calendar::Exact)));
                    }
                }
                Rule::topic => cap.topics.push(self.name_in(child)),
                Rule::cap_hold => cap.holds.push(self.length_in(child, Calendar::Exact)),
                Rule::comma => self.needless_comma(child.span, "the parts of a cap"),
                _ => {}
            }
        }
        cap
    }

    /// How many messages a cap lets through.
    fn most(&mut self, node: &Node) -> Spanned<u32> {
        let written = node.text(self.text).to_owned();
        let most = written.parse().unwrap_or_else(|_| {
            self.report(
                Diagnostic::new(
                    Code::J0405,
                    node.span,
                    format!("`{written}` is no number of messages"),
                )
                .here("expected a whole number from 0"),
            );
            1
        });
        Spanned { value: most, span: node.span }
    }

    /// `campain "x" { … }` still declares `x`.
    fn misspelt(&self, node: &Node) -> Option<Declaration> {
        let head = node.child(Rule::junk_head)?;
        let word = head.text(self.text).split_whitespace().next()?;
        let near = nearest(word, NAMED_KINDS.iter().map(|(word, _)| *word))?;
        let kind = NAMED_KINDS.iter().find(|(word, _)| *word == near).map(|(_, kind)| *kind)?;
        let named = head.find(Rule::string)?;
        let value = named.text(self.text).trim_matches('"').to_owned();
        Some(Declaration {
            kind: DeclarationKind::Unknown(kind),
            name: Spanned { value, span: named.span },
            description: None,
            span: node.span,
            broken: true,
        })
    }

    fn fields(&mut self, node: &Node) -> Vec<Field> {
        let Some(block) = node.child(Rule::fields) else {
            return Vec::new();
        };
        let takes_languages = node.rule == Rule::message;
        let mut fields = Vec::new();
        for child in &block.children {
            match child.rule {
                Rule::field => fields.extend(self.field(child)),
                Rule::language if !takes_languages => self.language_elsewhere(child),
                Rule::comma => self.needless_comma(child.span, "fields"),
                _ => {}
            }
        }
        fields
    }

    fn language_elsewhere(&mut self, node: &Node) {
        let head = self.head_before(node, &[Rule::fields]);
        self.report(
            Diagnostic::new(Code::J0216, head, "a language stands in the block of a message")
                .here("cannot stand here")
                .help("`in \"de\" { … }` stands inside `email \"name\" { … }`, beside its fields"),
        );
    }

    pub(super) fn needless_comma(&mut self, span: Span, between: &str) {
        self.report(
            Diagnostic::new(
                Code::J0122,
                span,
                format!("{between} stand without commas between them"),
            )
            .here("not needed")
            .replace("take it out", span, ""),
        );
    }

    /// What stands between the name of a field and its value.
    pub(super) fn field_sign(&mut self, node: &Node) {
        let written = node.text(self.text).to_owned();
        if written != ":" {
            self.report(
                Diagnostic::new(
                    Code::J0122,
                    node.span,
                    format!("a field is written with `:`, not with `{written}`"),
                )
                .here("between name and value")
                .replace("write `:`", node.span, ":"),
            );
        }
    }

    fn field(&mut self, node: &Node) -> Option<Field> {
        let name = self.word(node.child(Rule::field_name)?);
        self.field_colon(&name, node);
        let value = match (node.child(Rule::field_value), node.child(Rule::text)) {
            (Some(value), _) => Spanned { value: self.field_value(value), span: value.span },
            (None, Some(text)) => {
                Spanned { value: FieldValue::Text(self.string(text)), span: text.span }
            }
            (None, None) => {
                let object = node.child(Rule::slip_object)?.child(Rule::object)?;
                Spanned { value: FieldValue::Object(self.object(object)), span: object.span }
            }
        };
        Some(Field { name, value })
    }

    /// The sign between the name of a field and its value.
    pub(super) fn field_colon(&mut self, name: &Name, node: &Node) {
        if let Some(sign) = node.child(Rule::field_sign) {
            self.field_sign(sign);
            return;
        }
        let end = Span::new(name.span.file, name.span.end, name.span.end);
        self.report(
            Diagnostic::new(
                Code::J0122,
                name.span,
                format!("a `:` is missing after `{}`", name.value),
            )
            .here("a field is written `name: VALUE`")
            .replace(format!("write `{}:`", name.value), end, ":"),
        );
    }

    fn field_value(&mut self, node: &Node) -> FieldValue {
        let Some(inner) = node.children.first() else {
            return FieldValue::Unknown;
        };
        match inner.rule {
            Rule::text => FieldValue::Text(self.string(inner)),
            Rule::typed_block => match (inner.child(Rule::block_type), inner.child(Rule::text)) {
                (Some(kind), Some(text)) => FieldValue::Typed(self.word(kind), self.string(text)),
                _ => FieldValue::Unknown,
            },
            Rule::bare_text => FieldValue::Word(inner.text(self.text).to_owned()),
            Rule::object => FieldValue::Object(self.object(inner)),
            Rule::duration_value => {
                FieldValue::Duration(self.length_in(inner, Calendar::Exact).value)
            }
            Rule::boolean => FieldValue::Boolean(inner.text(self.text) == "true"),
            Rule::number => FieldValue::Number(inner.text(self.text).parse().unwrap_or(0.0)),
            _ => FieldValue::Unknown,
        }
    }
}

fn has_later(node: &Node) -> bool {
    use super::remark::{holds_steps, is_later};
    is_later(node.rule)
        || node.children.iter().filter(|child| holds_steps(child.rule)).any(has_later)
}

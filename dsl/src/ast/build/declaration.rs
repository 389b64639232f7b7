//! Declarations and their fields.

use super::Builder;
use crate::ast::{
    Declaration, DeclarationKind, Email, Field, FieldValue, File, Name, NameKind, Spanned,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{Node, Rule, nearest};

/// The one edition there is.
const EDITION: &str = "1";

const NAMED_KINDS: [(&str, NameKind); 4] = [
    ("segment", NameKind::Segment),
    ("email", NameKind::Email),
    ("campaign", NameKind::Campaign),
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
                .replace(
                    format!("write `edition {EDITION}`"),
                    number.span,
                    EDITION,
                ),
            );
        }
    }

    fn declaration(&mut self, node: &Node) -> Option<Declaration> {
        let (name, kind) = match node.rule {
            Rule::campaign => {
                let name = self.name_in(node);
                (name, DeclarationKind::Campaign(self.campaign(node)))
            }
            Rule::email => {
                let name = self.name_in(node);
                let transactional = node.has(Rule::kw_transactional);
                (name, DeclarationKind::Email(Email { transactional, fields: self.fields(node) }))
            }
            Rule::segment => self.segment(node),
            Rule::test => {
                let name = self.name_in(node);
                (name, DeclarationKind::Test(self.test(node)))
            }
            Rule::workspace => {
                let name = Name { value: String::new(), span: node.span };
                (name, DeclarationKind::Workspace(self.fields(node)))
            }
            Rule::later_declaration => self.later_named(node)?,
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

    fn segment(&mut self, node: &Node) -> (Name, DeclarationKind) {
        let name = self.name_in(node);
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
        (name, DeclarationKind::Segment(Box::new(self.condition_in(node))))
    }

    /// A kind that this version knows by name only, under a name that others may use.
    fn later_named(&mut self, node: &Node) -> Option<(Name, DeclarationKind)> {
        let inner = node.children.first()?;
        let kind = match inner.rule {
            Rule::later_segment => NameKind::Segment,
            Rule::later_email => NameKind::Email,
            _ => return None,
        };
        let named = inner.find(Rule::string)?;
        let value = named.text(self.text).trim_matches('"').to_owned();
        Some((Spanned { value, span: named.span }, DeclarationKind::Unknown(kind)))
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
        let mut fields = Vec::new();
        for child in &block.children {
            match child.rule {
                Rule::field => fields.extend(self.field(child)),
                Rule::comma => self.report(
                    Diagnostic::new(
                        Code::J0122,
                        child.span,
                        "fields stand without commas between them",
                    )
                    .here("not needed")
                    .replace("take it out", child.span, ""),
                ),
                _ => {}
            }
        }
        fields
    }

    fn field(&mut self, node: &Node) -> Option<Field> {
        let name = self.word(node.child(Rule::field_name)?);
        match node.child(Rule::field_sign) {
            Some(sign) if sign.text(self.text) != ":" => self.report(
                Diagnostic::new(
                    Code::J0122,
                    sign.span,
                    format!("a field is written with `:`, not with `{}`", sign.text(self.text)),
                )
                .here("between name and value")
                .replace("write `:`", sign.span, ":"),
            ),
            Some(_) => {}
            None => {
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
        }
        let value = match (node.child(Rule::field_value), node.child(Rule::text)) {
            (Some(value), _) => Spanned { value: self.field_value(value), span: value.span },
            (None, Some(text)) => {
                Spanned { value: FieldValue::Text(self.string(text)), span: text.span }
            }
            (None, None) => return None,
        };
        Some(Field { name, value })
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
            Rule::object => FieldValue::Other("an object"),
            Rule::duration_value => FieldValue::Other("a duration"),
            Rule::boolean => FieldValue::Other("true or false"),
            Rule::number => FieldValue::Other("a number"),
            _ => FieldValue::Unknown,
        }
    }
}

fn has_later(node: &Node) -> bool {
    super::remark::is_later(node.rule) || node.children.iter().any(has_later)
}

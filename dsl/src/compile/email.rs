//! E-mails, with their files read in.

use std::sync::Arc;

use super::Lowering;
use crate::ast::{self, Field, FieldValue};
use crate::definition::EmailDefinition;
use crate::message::{AfterCrash, Body, Email};

/// A file whose name ends like this is HTML; any other is plain text.
const HTML_ENDINGS: [&str; 2] = [".html", ".htm"];

impl Lowering<'_> {
    pub(super) fn email(
        &self,
        declaration: &ast::Declaration,
        email: &ast::Email,
    ) -> EmailDefinition {
        let text = |name: &str| field(&email.fields, name).and_then(|value| self.content(value));
        let after_crash = match field(&email.fields, "after_crash") {
            Some(FieldValue::Word(word)) if word == "retry" => AfterCrash::Retry,
            Some(FieldValue::Word(word)) if word == "leave" => AfterCrash::Leave,
            _ if email.transactional => AfterCrash::Retry,
            _ => AfterCrash::Leave,
        };
        EmailDefinition {
            email: Email {
                name: declaration.name.value.as_str().into(),
                transactional: email.transactional,
                from: text("from"),
                to: text("to"),
                reply_to: text("reply_to"),
                subject: text("subject").unwrap_or_default(),
                preheader: text("preheader"),
                topic: text("topic").map(Arc::from),
                body: self.body(&email.fields),
                text: text("text"),
                after_crash,
            },
            description: declaration.description.clone(),
            span: declaration.span,
        }
    }

    fn body(&self, fields: &[Field]) -> Body {
        let Some(value) = field(fields, "body") else {
            return Body::Text(String::new());
        };
        let content = self.content(value).unwrap_or_default();
        if is_html(value) { Body::Html(content) } else { Body::Text(content) }
    }

    /// The text of a field, read in where it names a file.
    fn content(&self, value: &FieldValue) -> Option<String> {
        match value {
            FieldValue::Text(text) => Some(text.text.clone()),
            FieldValue::Typed(kind, text) if kind.value == "file" => {
                self.catalog.files.get(&text.text).cloned()
            }
            FieldValue::Typed(_, text) => Some(text.text.clone()),
            FieldValue::Word(_) | FieldValue::Other(_) | FieldValue::Unknown => None,
        }
    }
}

fn field<'f>(fields: &'f [Field], name: &str) -> Option<&'f FieldValue> {
    fields.iter().find(|field| field.name.value == name).map(|field| &field.value.value)
}

fn is_html(value: &FieldValue) -> bool {
    match value {
        FieldValue::Typed(kind, text) if kind.value == "file" => {
            let name = text.text.to_lowercase();
            HTML_ENDINGS.iter().any(|ending| name.ends_with(ending))
        }
        FieldValue::Typed(kind, _) => kind.value == "html",
        FieldValue::Text(_) | FieldValue::Word(_) | FieldValue::Other(_) | FieldValue::Unknown => {
            false
        }
    }
}

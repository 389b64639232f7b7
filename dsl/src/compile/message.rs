//! Messages, and what they are made of and held back by, with their files read in.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Reading;
use super::{Lowering, named_zone};
use crate::ast::{self, DeclarationKind, Field, FieldValue};
use crate::definition::{Cap, Content, Message, Part, Topic};
use crate::graph::Channel;

/// Kinds of content by the ending of the file; any other file is plain text.
const ENDINGS: [(&str, &str); 5] = [
    (".html", "html"),
    (".htm", "html"),
    (".mjml", "mjml"),
    (".md", "markdown"),
    (".markdown", "markdown"),
];

/// Every message of the files, for those that are `like` another.
pub(super) type Declared<'a> = BTreeMap<(Channel, &'a str), &'a ast::Message>;

/// Of two of one name the first counts.
pub(super) fn declared(files: &[ast::File]) -> Declared<'_> {
    let mut declared = Declared::new();
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if let DeclarationKind::Message(message) = &declaration.kind {
            let name = declaration.name.value.as_str();
            declared.entry((message.channel, name)).or_insert(message);
        }
    }
    declared
}

impl Lowering<'_> {
    pub(super) fn message(
        &self,
        declaration: &ast::Declaration,
        message: &ast::Message,
        declared: &Declared<'_>,
    ) -> Message {
        let mut made = Message {
            channel: message.channel,
            name: declaration.name.value.as_str().into(),
            description: declaration.description.clone(),
            transactional: message.transactional,
            fields: Vec::new(),
            languages: Vec::new(),
            span: declaration.span,
        };
        let mut seen = BTreeSet::from([declaration.name.value.as_str()]);
        let mut from = Some(message);
        while let Some(message) = from {
            self.add_fields(&mut made.fields, &message.fields);
            for language in &message.languages {
                let name = &language.name.value;
                if !made.languages.iter().any(|(known, _)| known == name) {
                    made.languages.push((name.clone(), Vec::new()));
                }
                if let Some((_, fields)) =
                    made.languages.iter_mut().find(|(known, _)| known == name)
                {
                    self.add_fields(fields, &language.fields);
                }
            }
            // A circle ends where it comes round.
            from =
                message.like.as_ref().filter(|like| seen.insert(like.value.as_str())).and_then(
                    |like| declared.get(&(message.channel, like.value.as_str())).copied(),
                );
        }
        made
    }

    /// Adds fields that are not said yet.
    fn add_fields(&self, to: &mut Vec<(String, Content)>, fields: &[Field]) {
        for field in fields {
            let name = &field.name.value;
            if !to.iter().any(|(known, _)| known == name)
                && let Some(content) = self.content(&field.value.value)
            {
                to.push((name.clone(), content));
            }
        }
    }

    /// What a field holds; `None` where that was reported.
    fn content(&self, value: &FieldValue) -> Option<Content> {
        Some(match value {
            FieldValue::Text(text) => Content::Text(text.text.clone()),
            FieldValue::Typed(kind, text) if kind.value == "file" => Content::Typed {
                kind: kind_of(&text.text).to_owned(),
                text: self.catalog.files.get(&text.text)?.clone(),
            },
            FieldValue::Typed(kind, text) => {
                Content::Typed { kind: kind.value.clone(), text: text.text.clone() }
            }
            FieldValue::Word(word) => Content::Word(word.clone()),
            FieldValue::Number(number) => Content::Number(*number),
            FieldValue::Boolean(truth) => Content::Boolean(*truth),
            FieldValue::Duration(length) => Content::Duration(*length),
            FieldValue::Object(entries) => {
                let reading = Reading { sends: None, zone: named_zone(&self.settings) };
                Content::Object(reading.object(entries))
            }
            FieldValue::Unknown => return None,
        })
    }

    pub(super) fn part(&self, declaration: &ast::Declaration, fields: &[Field]) -> Part {
        let body = field(fields, "body").and_then(|value| self.content(value));
        Part {
            name: declaration.name.value.as_str().into(),
            description: declaration.description.clone(),
            body: body.unwrap_or(Content::Text(String::new())),
            span: declaration.span,
        }
    }
}

pub(super) fn topic(declaration: &ast::Declaration, fields: &[Field]) -> Topic {
    let default = field(fields, "default");
    let unsubscribed = matches!(default, Some(FieldValue::Word(word)) if word == "unsubscribed");
    Topic {
        name: declaration.name.value.as_str().into(),
        description: declaration.description.clone(),
        subscribed_by_default: !unsubscribed,
        span: declaration.span,
    }
}

pub(super) fn cap(declaration: &ast::Declaration, cap: &ast::Cap) -> Cap {
    let limits = cap.limits.iter().map(|(number, within)| (number.value, within.value));
    Cap {
        name: declaration.name.value.as_str().into(),
        description: declaration.description.clone(),
        limits: limits.collect(),
        topic: cap.topics.first().map(|name| name.value.as_str().into()),
        hold: cap.holds.first().map(|hold| hold.value),
        span: declaration.span,
    }
}

fn field<'f>(fields: &'f [Field], name: &str) -> Option<&'f FieldValue> {
    fields.iter().find(|field| field.name.value == name).map(|field| &field.value.value)
}

fn kind_of(path: &str) -> &'static str {
    let path = path.to_lowercase();
    ENDINGS.iter().find(|(ending, _)| path.ends_with(ending)).map_or("text", |(_, kind)| kind)
}

//! The templates of messages, and the steps that send them.

use std::collections::BTreeMap;

use super::ways::{Sending, Sendings};
use crate::ast::{DeclarationKind, Field, FieldValue, File, Language, Message, Template};
use crate::graph::Channel;

/// Fields whose texts are names.
const NAMES: [&str; 2] = ["topic", "layout"];
/// Messages that are like each other are followed so far.
const DEPTH_MAX: usize = 16;

/// Messages by channel and name, with those that are like each.
pub(super) struct Messages<'a> {
    all: Vec<(&'a str, &'a Message)>,
    like: BTreeMap<(Channel, &'a str), Vec<(&'a str, &'a Message)>>,
}

impl<'a> Messages<'a> {
    pub(super) fn new(files: &'a [File]) -> Self {
        let mut messages = Self { all: Vec::new(), like: BTreeMap::new() };
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            let DeclarationKind::Message(message) = &declaration.kind else {
                continue;
            };
            let one = (declaration.name.value.as_str(), message);
            messages.all.push(one);
            if let Some(like) = &message.like {
                let place = (message.channel, like.value.as_str());
                messages.like.entry(place).or_default().push(one);
            }
        }
        messages
    }

    pub(super) fn all(&self) -> &[(&'a str, &'a Message)] {
        &self.all
    }

    /// Whatever sends this field: steps that send the message, or another that takes the field
    /// over from it.
    pub(super) fn sendings<'s>(
        &self,
        name: &str,
        channel: Channel,
        field: &str,
        all: &'s Sendings,
    ) -> Vec<&'s Sending> {
        let mut found = Vec::new();
        self.collect((name, channel), field, all, DEPTH_MAX, &mut found);
        found
    }

    fn collect<'s>(
        &self,
        (name, channel): (&str, Channel),
        field: &str,
        all: &'s Sendings,
        depth: usize,
        found: &mut Vec<&'s Sending>,
    ) {
        found.extend(all.get(&(channel, name.to_owned())).into_iter().flatten());
        if depth == 0 {
            return;
        }
        for (other, message) in self.like.get(&(channel, name)).into_iter().flatten() {
            if !message.fields.iter().any(|own| own.name.value == field) {
                self.collect((other, channel), field, all, depth - 1, found);
            }
        }
    }
}

/// The templates of a message, each with its field; `true` where it names a file.
pub(super) fn templates(message: &Message) -> Vec<(&str, &Template, bool)> {
    let languages = message.languages.iter().flat_map(|language: &Language| &language.fields);
    let fields = message.fields.iter().chain(languages);
    fields.filter_map(template_of).collect()
}

fn template_of(field: &Field) -> Option<(&str, &Template, bool)> {
    let name = field.name.value.as_str();
    match &field.value.value {
        FieldValue::Text(text) if !NAMES.contains(&name) => Some((name, text, false)),
        FieldValue::Typed(kind, text) => Some((name, text, kind.value == "file")),
        _ => None,
    }
}

//! Which e-mails can be rendered: those that say no more than [`Email`] can hold.

use std::sync::Arc;

use super::{AfterCrash, Body, Email};
use crate::definition::{Content, Message};

/// The fields of an e-mail that it holds.
const CARRIED: [&str; 9] =
    ["from", "to", "reply_to", "subject", "preheader", "topic", "body", "text", "after_crash"];

impl Email {
    /// The e-mail that `message` says.
    ///
    /// # Errors
    /// What the message says beyond that, each as the author calls it: `layout`, `in "de"`,
    /// `mjml`.
    pub fn of(message: &Message) -> Result<Self, Vec<String>> {
        let beyond = beyond(message);
        if !beyond.is_empty() {
            return Err(beyond);
        }
        let text = |name: &str| field(message, name).and_then(words).map(str::to_owned);
        let after_crash = match field(message, "after_crash") {
            Some(Content::Word(word)) if word == "retry" => AfterCrash::Retry,
            Some(Content::Word(word)) if word == "leave" => AfterCrash::Leave,
            _ if message.transactional => AfterCrash::Retry,
            _ => AfterCrash::Leave,
        };
        let body = text("body").unwrap_or_default();
        Ok(Self {
            name: message.name.clone(),
            transactional: message.transactional,
            from: text("from"),
            to: text("to"),
            reply_to: text("reply_to"),
            subject: text("subject").unwrap_or_default(),
            preheader: text("preheader"),
            topic: text("topic").map(Arc::from),
            body: match field(message, "body") {
                Some(Content::Typed { kind, .. }) if kind == "html" => Body::Html(body),
                _ => Body::Text(body),
            },
            text: text("text"),
            after_crash,
        })
    }
}

fn beyond(message: &Message) -> Vec<String> {
    let mut beyond = Vec::new();
    for (name, content) in &message.fields {
        match content {
            _ if !CARRIED.contains(&name.as_str()) => beyond.push(name.clone()),
            Content::Typed { kind, .. } if kind != "html" && kind != "text" => {
                beyond.push(kind.clone());
            }
            Content::Text(_)
            | Content::Typed { .. }
            | Content::Word(_)
            | Content::Number(_)
            | Content::Boolean(_)
            | Content::Duration(_)
            | Content::Object(_) => {}
        }
    }
    beyond.extend(message.languages.iter().map(|(language, _)| format!("in \"{language}\"")));
    beyond
}

fn field<'m>(message: &'m Message, name: &str) -> Option<&'m Content> {
    message.fields.iter().find(|(known, _)| known == name).map(|(_, content)| content)
}

fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::Typed { text, .. } => Some(text),
        Content::Word(_)
        | Content::Number(_)
        | Content::Boolean(_)
        | Content::Duration(_)
        | Content::Object(_) => None,
    }
}

//! Messages and what goes with them: the fields of each, and those of a language.

use super::Check;
use super::fields::Known;
use super::fields::known::{LAYOUT, SNIPPET, TOPIC, WORKSPACE, known_of, needs};
use super::loops::{Links, Telling, loops};
use crate::ast::{Declaration, DeclarationKind, Field, FieldValue, File, Language, Message, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::resolve::unknown_zone;

/// Fields that are the same in every language.
const ONE_FOR_ALL: [&str; 9] =
    ["to", "cc", "bcc", "topic", "headers", "tracking", "after_crash", "expires", "channel"];

const LIKE: Telling = Telling {
    code: Code::J0321,
    alone: ("the message", "is like itself"),
    several: "messages are like each other",
    help: "let one of them say all its fields, without `like`",
};

impl Check<'_> {
    pub(super) fn message(&mut self, declaration: &Declaration, message: &Message) {
        let known = known_of(message.channel);
        self.fields(&message.fields, known);
        let (called, needed) = needs(message.channel);
        if message.like.is_none() && !declaration.broken {
            for (name, example) in needed {
                self.needed(&message.fields, name, (&declaration.name, called), example);
            }
        }
        let mut seen: Vec<&Name> = Vec::new();
        for language in &message.languages {
            if let Some(first) =
                seen.iter().find(|before| before.value.eq_ignore_ascii_case(&language.name.value))
            {
                self.report(
                    Diagnostic::new(
                        Code::J0209,
                        language.name.span,
                        format!("the language `{}` stands here twice", language.name.value),
                    )
                    .here("again")
                    .also(first.span, "first here")
                    .help("put their fields into one"),
                );
            }
            seen.push(&language.name);
            self.language(language, known);
        }
    }

    fn language(&mut self, language: &Language, known: Known) {
        self.language_name(&language.name);
        for field in &language.fields {
            let name = field.name.value.as_str();
            if ONE_FOR_ALL.contains(&name) && known.fields.iter().any(|(word, _)| *word == name) {
                self.report(
                    Diagnostic::new(
                        Code::J0307,
                        field.name.span,
                        format!("`{name}` is the same in every language"),
                    )
                    .here("not here")
                    .help(format!("say it outside of `in \"{}\"`", language.name.value)),
                );
            }
        }
        self.fields(&language.fields, known);
    }

    fn language_name(&mut self, name: &Name) {
        if !name.value.is_empty() && !is_language(&name.value) {
            self.report(
                Diagnostic::new(Code::J0313, name.span, format!("`{}` is no language", name.value))
                    .here("expected its short name")
                    .help("languages are written like `de`, `pt-BR` or `zh-Hant`"),
            );
        }
    }

    pub(super) fn workspace(&mut self, fields: &[Field]) {
        self.fields(fields, WORKSPACE);
        for field in fields {
            let FieldValue::Text(text) = &field.value.value else {
                continue;
            };
            let name = Name { value: text.text.clone(), span: text.span };
            match field.name.value.as_str() {
                "timezone" => self.found.extend(unknown_zone(&name)),
                "language" => self.language_name(&name),
                _ => {}
            }
        }
    }

    pub(super) fn topic(&mut self, declaration: &Declaration, fields: &[Field]) {
        self.fields(fields, TOPIC);
        if !declaration.broken {
            self.needed(
                fields,
                "default",
                (&declaration.name, "topic"),
                "default: subscribed` or `default: unsubscribed",
            );
        }
    }

    pub(super) fn layout(&mut self, declaration: &Declaration, fields: &[Field]) {
        self.fields(fields, LAYOUT);
        if declaration.broken {
            return;
        }
        self.needed(fields, "body", (&declaration.name, "layout"), "body: file \"….mjml\"");
        for field in fields.iter().filter(|field| field.name.value == "body") {
            if self.has_content(&field.value.value) == Some(false) {
                self.report(
                    Diagnostic::new(
                        Code::J0208,
                        field.value.span,
                        format!(
                            "the layout `{}` has no place for its message",
                            declaration.name.value
                        ),
                    )
                    .here("`{{ content }}` is missing")
                    .help("put `{{ content }}` where the message goes"),
                );
            }
        }
    }

    /// Whether a body has `{{ content }}`; `None` where it cannot be read.
    fn has_content(&self, body: &FieldValue) -> Option<bool> {
        let text = match body {
            FieldValue::Typed(kind, path) if kind.value == "file" => {
                self.catalog.files.get(&path.text)?
            }
            FieldValue::Text(text) | FieldValue::Typed(_, text) => &text.text,
            FieldValue::Word(_)
            | FieldValue::Number(_)
            | FieldValue::Boolean(_)
            | FieldValue::Duration(_)
            | FieldValue::Object(_)
            | FieldValue::Unknown => return None,
        };
        let template = liquid::Template::parse(text).ok()?;
        let content = liquid::Key::Name("content".to_owned());
        Some(template.paths().iter().any(|read| read.keys.first() == Some(&content)))
    }

    pub(super) fn snippet(&mut self, declaration: &Declaration, fields: &[Field]) {
        self.fields(fields, SNIPPET);
        if !declaration.broken {
            self.needed(fields, "body", (&declaration.name, "snippet"), "body: \"…\"");
        }
    }

    pub(super) fn message_loops(&mut self, files: &[File]) {
        for channel in Channel::ALL {
            let mut links = Links::new();
            for declaration in files.iter().flat_map(|file| &file.declarations) {
                if let DeclarationKind::Message(message) = &declaration.kind
                    && message.channel == channel
                    && let Some(like) = &message.like
                {
                    links
                        .entry(&declaration.name.value)
                        .or_insert_with(|| vec![(like.value.as_str(), like.span)]);
                }
            }
            self.found.extend(loops(&links, &LIKE));
        }
    }
}

/// `de`, `de-AT`, `zh-Hant`, `es-419`
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

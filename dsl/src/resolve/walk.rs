//! The way through all declarations.

use super::names::called;
use super::{Names, Position, SUGGESTIONS_MAX, What, kind_of, readings};
use crate::ast::{
    Cap, ClauseKind, Declaration, DeclarationKind, Field, FieldValue, File, Message, Name,
    NameKind, Part, Trigger,
};
use crate::compile::Source;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Channel;
use crate::span::Span;
use crate::syntax::nearest;
use crate::time::named_zone;

pub(super) struct Walk<'a> {
    pub(super) names: &'a Names,
    pub(super) files: &'a [File],
    pub(super) sources: &'a [Source],
    /// Unknown names so far.
    unknown: usize,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(names: &'a Names, files: &'a [File], sources: &'a [Source]) -> Self {
        Self { names, files, sources, unknown: 0, found: Vec::new() }
    }

    pub(super) fn files(&mut self) {
        let files = self.files;
        for declaration in files.iter().flat_map(|file| &file.declarations) {
            self.twice(declaration);
            self.declaration(&declaration.kind);
        }
        for reading in readings(files) {
            let position = Position::from(reading.place);
            match reading.what {
                What::Condition(condition) => self.condition(condition, &position),
                What::Value(value, _) => self.expr(value, &position),
                What::Path(path) => self.path(path, &position),
                What::Duration(duration) => self.duration(duration, &position),
                What::Match(value, _) => self.expr(value, &position),
            }
        }
        self.trigger_data();
    }

    fn declaration(&mut self, kind: &'a DeclarationKind) {
        match kind {
            DeclarationKind::Cap(cap) => self.cap(cap),
            DeclarationKind::Message(message) => self.message(message),
            DeclarationKind::Campaign(campaign) | DeclarationKind::Broadcast(campaign) => {
                for part in &campaign.body {
                    self.clause(part);
                }
                self.steps(&campaign.body);
            }
            DeclarationKind::Test(lines) => self.test(lines),
            DeclarationKind::Workspace(_)
            | DeclarationKind::Segment(_)
            | DeclarationKind::ManualSegment
            | DeclarationKind::Topic(_)
            | DeclarationKind::Layout(_)
            | DeclarationKind::Snippet(_)
            | DeclarationKind::Unknown(_) => {}
        }
    }

    /// Reports a name that is not known.
    pub(super) fn known(&mut self, kind: NameKind, name: &Name) {
        self.known_in(kind, name, None);
    }

    /// Reports a message that is not known. The word of its channel stands right before its name.
    pub(super) fn known_message(&mut self, channel: Channel, name: &Name) {
        let written = self.sources.get(name.span.file).and_then(|source| {
            let before = source.text.get(..name.span.start)?.trim_end();
            let start = before.strip_suffix(channel.word())?.len();
            Some(Span::new(name.span.file, start, before.len()))
        });
        self.known_in(NameKind::Message(channel), name, written);
    }

    fn known_in(&mut self, kind: NameKind, name: &Name, channel: Option<Span>) {
        let suggest = self.unknown < SUGGESTIONS_MAX;
        if let Some(problem) = self.names.unknown(kind, name, channel, suggest) {
            self.unknown += 1;
            self.found.push(problem);
        }
    }

    /// A second declaration of one name and kind.
    fn twice(&mut self, declaration: &Declaration) {
        let Some(kind) = kind_of(&declaration.kind) else {
            return;
        };
        let name = &declaration.name;
        let first = self.names.first(kind, &name.value);
        let Some(first) = first.filter(|first| *first != name.span && !name.value.is_empty())
        else {
            return;
        };
        self.found.push(
            Diagnostic::new(
                Code::J0205,
                name.span,
                format!("there are two {}s `{}`", called(kind), name.value),
            )
            .here("declared again")
            .also(first, "first declared here")
            .help("give one of them another name"),
        );
    }

    fn cap(&mut self, cap: &Cap) {
        for topic in &cap.topics {
            self.known(NameKind::Topic, topic);
        }
    }

    fn message(&mut self, message: &Message) {
        if let Some(like) = &message.like {
            self.known_in(NameKind::Message(message.channel), like, None);
        }
        let languages = message.languages.iter().flat_map(|language| &language.fields);
        for field in message.fields.iter().chain(languages) {
            self.field(field);
        }
    }

    fn field(&mut self, field: &Field) {
        let kind = match field.name.value.as_str() {
            "topic" => NameKind::Topic,
            "layout" => NameKind::Layout,
            _ => return,
        };
        if let FieldValue::Text(text) = &field.value.value {
            self.known(kind, &Name { value: text.text.clone(), span: text.span });
        }
    }

    fn clause(&mut self, part: &Part) {
        let Part::Clause(clause) = part else {
            return;
        };
        match &clause.kind {
            ClauseKind::On(Trigger::EnterSegment(name) | Trigger::LeaveSegment(name)) => {
                self.known(NameKind::Segment, name);
            }
            ClauseKind::Topic(name) => self.known(NameKind::Topic, name),
            _ => {}
        }
    }
}

/// Suggests `near` for what stands at `span`; a name has its quotes.
pub(crate) fn did_you_mean(
    diagnostic: Diagnostic,
    span: Span,
    near: &str,
    has_quotes: bool,
) -> Diagnostic {
    let written = if has_quotes {
        format!("\"{}\"", near.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        near.to_owned()
    };
    diagnostic
        .here(format!("did you mean `{near}`?"))
        .replace(format!("write `{written}`"), span, written)
        .guessed()
}

/// Says that a time zone is unknown, unless it is known.
pub(crate) fn unknown_zone(zone: &Name) -> Option<Diagnostic> {
    if named_zone(&zone.value).is_some() {
        return None;
    }
    let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let diagnostic =
        Diagnostic::new(Code::J0312, zone.span, format!("there is no time zone `{}`", zone.value));
    Some(match nearest(&zone.value, known) {
        Some(near) => did_you_mean(diagnostic, zone.span, near, true),
        None => diagnostic
            .here("not an IANA name")
            .help("zones are named like `Europe/Paris` or `America/New_York`; `UTC` is one too"),
    })
}

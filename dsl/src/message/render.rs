//! From an e-mail's templates to what one person gets. Either everything renders, or nothing leaves.

use liquid::{Escape, Globals, Limits, Missing, Options, RenderError, Template};
use serde::{Deserialize, Serialize};

use super::{Body, Email};
use crate::definition::Settings;
use crate::expr::{Object, Value};
use crate::gate;
use crate::time::Instant;

/// An e-mail whose templates are parsed; parse once, render for many.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The e-mail as declared.
    pub email: Email,
    from: Option<Template>,
    to: Option<Template>,
    reply_to: Option<Template>,
    subject: Template,
    preheader: Option<Template>,
    body: Template,
    text: Option<Template>,
}

/// A template that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {field} is no template: {fault}")]
pub struct TemplateFault {
    /// Field of the message.
    pub field: &'static str,
    /// What is wrong, and where in the field.
    pub fault: liquid::ParseError,
}

/// Whom a message is rendered for, and when.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The person's attributes as they are now.
    pub attributes: &'a Object,
    /// What was frozen when the step sent: [`crate::machine::Delivery::frozen`].
    pub frozen: &'a Object,
    /// Address from the step, which wins over the message's own.
    pub to: Option<&'a str>,
    /// What `now` means in templates.
    pub now: Instant,
}

/// What one person gets. Header fields are one line each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Sender.
    pub from: String,
    /// Receiver; not yet judged by the gate.
    pub to: String,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<String>,
    /// Subject.
    pub subject: String,
    /// Shown beside the subject in lists.
    pub preheader: Option<String>,
    /// HTML part.
    pub html: Option<String>,
    /// Plain part; `None` beside HTML is to be made from it.
    pub text: Option<String>,
}

/// Why a message could not be rendered; mending the cause and sending again is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {cause}")]
pub struct RenderFailure {
    /// Field of the message.
    pub field: String,
    /// What went wrong there.
    pub cause: RenderCause,
}

/// What went wrong in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RenderCause {
    /// A variable has no value and no `default`.
    #[error("`{0}` is missing")]
    Missing(String),
    /// The template could not go on, in words.
    #[error("{0}")]
    Template(String),
    /// Neither the message nor the workspace names a sender.
    #[error("no sender; name one in the message or in `workspace`")]
    NoSender,
    /// The person has no address.
    #[error("no address")]
    NoAddress,
}

impl Compiled {
    /// Parses the templates of `email`.
    ///
    /// # Errors
    /// The first field that does not parse.
    pub fn new(email: &Email) -> Result<Self, TemplateFault> {
        let (Body::Html(body) | Body::Text(body)) = &email.body;
        Ok(Self {
            from: parse_some("from", email.from.as_deref())?,
            to: parse_some("to", email.to.as_deref())?,
            reply_to: parse_some("reply_to", email.reply_to.as_deref())?,
            subject: parse("subject", &email.subject)?,
            preheader: parse_some("preheader", email.preheader.as_deref())?,
            body: parse("body", body)?,
            text: parse_some("text", email.text.as_deref())?,
            email: email.clone(),
        })
    }

    /// Where it goes: the address of the step, else of the message, else the person's own.
    ///
    /// # Errors
    /// The message's own address cannot be rendered.
    pub fn address(&self, reader: &Reader<'_>) -> Result<Option<String>, RenderFailure> {
        match (reader.to, &self.to) {
            (Some(address), _) => Ok(Some(address.to_owned())),
            (None, Some(template)) => Data::new(reader).line("to", template).map(Some),
            (None, None) => Ok(gate::own_address(reader.attributes)),
        }
    }

    /// Renders everything for one person.
    ///
    /// # Errors
    /// The first field that cannot be rendered.
    pub fn render(
        &self,
        reader: &Reader<'_>,
        settings: &Settings,
    ) -> Result<Rendered, RenderFailure> {
        let data = Data::new(reader);
        let from = match (&self.from, &settings.from) {
            (Some(template), _) => data.line("from", template)?,
            (None, Some(sender)) => sender.clone(),
            (None, None) => return Err(failure("from", RenderCause::NoSender)),
        };
        let line = |field, template: &Option<Template>| {
            template.as_ref().map(|template| data.line(field, template)).transpose()
        };
        let mut rendered = Rendered {
            from,
            to: self.address(reader)?.ok_or_else(|| failure("to", RenderCause::NoAddress))?,
            reply_to: line("reply_to", &self.reply_to)?,
            subject: data.line("subject", &self.subject)?,
            preheader: line("preheader", &self.preheader)?,
            html: None,
            text: None,
        };
        match self.email.body {
            Body::Html(_) => rendered.html = Some(data.render("body", &self.body, Escape::Html)?),
            Body::Text(_) => rendered.text = Some(data.render("body", &self.body, Escape::None)?),
        }
        if let Some(template) = &self.text {
            rendered.text = Some(data.render("text", template, Escape::None)?);
        }
        Ok(rendered)
    }
}

/// The scopes of a template by name.
struct Data {
    scopes: Vec<(String, Value)>,
    now: Instant,
}

impl Data {
    fn new(reader: &Reader<'_>) -> Self {
        let mut scopes: Vec<_> =
            reader.frozen.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        scopes.push(("customer".to_owned(), Value::Object(reader.attributes.clone())));
        Self { scopes, now: reader.now }
    }

    fn render(
        &self,
        field: &str,
        template: &Template,
        escape: Escape,
    ) -> Result<String, RenderFailure> {
        let globals = self
            .scopes
            .iter()
            .fold(Globals::new(), |globals, (name, value)| globals.with(name, value));
        let options =
            Options { escape, missing: Missing::Error, now: self.now, limits: Limits::default() };
        template.render(&globals, &options).map_err(|error| {
            let cause = match error {
                RenderError::Missing { path, .. } => RenderCause::Missing(path),
                other => RenderCause::Template(other.to_string()),
            };
            failure(field, cause)
        })
    }

    /// A header field: one line, whatever the data brings.
    fn line(&self, field: &str, template: &Template) -> Result<String, RenderFailure> {
        let text = self.render(field, template, Escape::None)?;
        let lines: Vec<&str> =
            text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
        Ok(lines.join(" "))
    }
}

fn failure(field: &str, cause: RenderCause) -> RenderFailure {
    RenderFailure { field: field.to_owned(), cause }
}

fn parse(field: &'static str, source: &str) -> Result<Template, TemplateFault> {
    Template::parse(source).map_err(|fault| TemplateFault { field, fault })
}

fn parse_some(
    field: &'static str,
    source: Option<&str>,
) -> Result<Option<Template>, TemplateFault> {
    source.map(|source| parse(field, source)).transpose()
}

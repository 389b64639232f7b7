//! Messages as the compiler hands them on: the templates of one e-mail, ready to be rendered.

mod carried;
mod render;

use std::sync::Arc;

pub use render::{Compiled, Reader, RenderCause, RenderFailure, Rendered, TemplateFault};

use serde::{Deserialize, Serialize};

/// `email "name" { … }`, with files read in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// Unique among e-mails.
    pub name: Arc<str>,
    /// `email "x" transactional`: ignores consent, caps and quiet hours.
    pub transactional: bool,
    /// Liquid; `None` takes the workspace's sender.
    pub from: Option<String>,
    /// Liquid; `None` takes the person's `email`.
    pub to: Option<String>,
    /// Liquid.
    pub reply_to: Option<String>,
    /// Liquid.
    pub subject: String,
    /// Liquid, shown beside the subject in lists.
    pub preheader: Option<String>,
    /// Name of the topic.
    pub topic: Option<Arc<str>>,
    /// What it says.
    pub body: Body,
    /// Liquid of the plain part; `None` is made from the body.
    pub text: Option<String>,
    /// What becomes of a hand-over that a crash left open.
    pub after_crash: AfterCrash,
}

/// The body as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Liquid in HTML, escaped on output.
    Html(String),
    /// Liquid in plain text.
    Text(String),
}

/// The rule for a hand-over whose end was not recorded before a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterCrash {
    /// Hand over again, with the same Message-ID.
    Retry,
    /// Leave it and report.
    Leave,
}

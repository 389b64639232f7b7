//! How the phases of the compiler put a diagnostic together.

use super::{Applicability, Code, Diagnostic, Edit, Fix, Label};
use crate::span::{FileIndex, Span};

/// Letters of a word that may be wrong where no other word can be meant.
const SLIPS_MAX: usize = 1;

impl Diagnostic {
    /// A problem at `span`; the severity is the code's.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            help: None,
            note: None,
            fix: None,
        }
    }

    /// Says what is wrong just there.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Points at another place that explains it.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says why it is so.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    /// One edit that mends it; its title is the help where there is none yet.
    #[must_use]
    pub fn replace(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix(title, vec![Edit { span, text: text.into() }])
    }

    /// Edits that mend it together; the title is the help where there is none yet.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        let title = title.into();
        if self.help.is_none() {
            self.help = Some(title.clone());
        }
        self.fix = Some(Fix { title, applicability: Applicability::Safe, edits });
        self
    }

    /// Puts `near`, a word of the language, in the place of one that is spelt much like it.
    #[must_use]
    pub fn respell(self, written: Span, word: &str, near: &str) -> Self {
        let slips = strsim::damerau_levenshtein(&word.to_lowercase(), near);
        let respelt = self.here(format!("did you mean `{near}`?")).replace(
            format!("write `{near}`"),
            written,
            near,
        );
        if slips > SLIPS_MAX { respelt.guessed() } else { respelt }
    }

    /// Says that the fix is one of several that may be meant.
    #[must_use]
    pub fn guessed(mut self) -> Self {
        if let Some(fix) = &mut self.fix {
            fix.applicability = Applicability::Guess;
        }
        self
    }

    /// The same problem where its files stand behind `files` others.
    #[must_use]
    pub fn behind(mut self, files: FileIndex) -> Self {
        self.primary.span.file += files;
        for label in &mut self.labels {
            label.span.file += files;
        }
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span.file += files;
        }
        self
    }
}

//! Fields of declarations: that they are known, stand once, and hold what they take.

pub(super) mod known;

use super::Check;
use crate::ast::{Expr, ExprKind, Field, FieldValue, Name, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Place, quoted_list};
use crate::span::Span;
use crate::syntax::nearest;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A text that is rendered.
    Template,
    /// A text that is rendered; it may come from a file, or be of one of these kinds.
    Content(&'static [&'static str]),
    /// A text as it is.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A length of time.
    Duration,
    /// Names and texts that are rendered.
    Headers,
}

impl Takes {
    fn called(self) -> String {
        match self {
            Self::Template | Self::Text => "a text in quotes".to_owned(),
            Self::Content(_) => "a text, or `file \"…\"`".to_owned(),
            Self::Word(words) => quoted_list(words).replace(" and ", " or "),
            Self::Duration => "a length of time, such as `7 days`".to_owned(),
            Self::Headers => "names and texts, such as `{ \"X-Kind\": \"news\" }`".to_owned(),
        }
    }
}

/// The fields of something, and what it is called: `an e-mail`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) of: &'static str,
    /// What its templates can read.
    pub(super) place: Place,
    pub(super) fields: &'static [(&'static str, Takes)],
}

impl Check<'_> {
    pub(super) fn fields(&mut self, fields: &[Field], known: Known) {
        let mut seen: Vec<&Name> = Vec::new();
        for field in fields {
            let name = &field.name;
            let Some((_, takes)) = known.fields.iter().find(|(word, _)| *word == name.value) else {
                self.unknown_field(name, known);
                continue;
            };
            if let Some(first) = seen.iter().find(|before| before.value == name.value) {
                self.field_twice(name, first);
            }
            seen.push(name);
            self.field(field, *takes, known.place);
        }
    }

    pub(super) fn field_twice(&mut self, name: &Name, first: &Name) {
        self.report(
            Diagnostic::new(
                Code::J0209,
                name.span,
                format!("the field `{}` stands here twice", name.value),
            )
            .here("again")
            .also(first.span, "first here")
            .help("take one of them out"),
        );
    }

    fn unknown_field(&mut self, name: &Name, known: Known) {
        let words: Vec<&str> = known.fields.iter().map(|(word, _)| *word).collect();
        let diagnostic = Diagnostic::new(
            Code::J0307,
            name.span,
            format!("{} has no field `{}`", known.of, name.value),
        );
        self.report(match nearest(&name.value, words.iter().copied()) {
            Some(near) => diagnostic.respell(name.span, &name.value, near),
            None => {
                let help = match words.as_slice() {
                    [only] => format!("there is only `{only}`"),
                    _ => format!("there are {}", quoted_list(&words)),
                };
                diagnostic.here("unknown field").help(help)
            }
        });
    }

    /// Says that `name` is missing, unless it is among the fields.
    pub(super) fn needed(
        &mut self,
        fields: &[Field],
        name: &str,
        owner: (&Name, &str),
        example: &str,
    ) {
        if fields.iter().any(|field| field.name.value == name) {
            return;
        }
        let (declared, called) = owner;
        self.report(
            Diagnostic::new(
                Code::J0208,
                declared.span,
                format!("the {called} `{}` has no `{name}`", declared.value),
            )
            .here(format!("`{name}` is missing"))
            .help(format!("add `{example}`")),
        );
    }

    fn field(&mut self, field: &Field, takes: Takes, place: Place) {
        match (&field.value.value, takes) {
            (FieldValue::Unknown, _) | (FieldValue::Duration(_), Takes::Duration) => {}
            (FieldValue::Text(text), Takes::Template | Takes::Content(_)) => {
                self.template(text, place)
            }
            (FieldValue::Text(text), Takes::Text) => self.no_template(text),
            (FieldValue::Typed(kind, text), Takes::Content(kinds)) => {
                self.content(kind, text, kinds, place)
            }
            (FieldValue::Word(word), Takes::Word(words)) => self.word(field, word, words),
            (FieldValue::Word(word), Takes::Template | Takes::Text | Takes::Content(_)) => {
                self.unquoted(field.value.span, &field.name.value, word)
            }
            (FieldValue::Object(entries), Takes::Headers) => self.header_texts(entries, place),
            (FieldValue::Text(text), Takes::Word(words)) => self.quoted_word(field, text, words),
            (value, _) => self.wrong_kind(field, &kind_of(value), takes),
        }
    }

    fn header_texts(&mut self, entries: &[(Name, Expr)], place: Place) {
        for (name, value) in entries {
            if let ExprKind::Text(text) = &value.kind {
                self.template(text, place);
            } else if !matches!(value.kind, ExprKind::Number(_) | ExprKind::Unknown) {
                self.report(
                    Diagnostic::new(
                        Code::J0403,
                        value.span,
                        format!("the header `{}` takes a text in quotes", name.value),
                    )
                    .here("not a text"),
                );
            }
        }
    }

    fn quoted_word(&mut self, field: &Field, text: &Template, words: &[&str]) {
        let bare = text.text.clone();
        let diagnostic = Diagnostic::new(
            Code::J0403,
            text.span,
            format!("`{}` is one word, without quotes", field.name.value),
        )
        .here("a text");
        self.report(if words.contains(&bare.as_str()) {
            diagnostic.replace(format!("write `{bare}`"), text.span, bare)
        } else {
            diagnostic.help(format!("there are {}", quoted_list(words)))
        });
    }

    fn wrong_kind(&mut self, field: &Field, found: &str, takes: Takes) {
        let expected = takes.called();
        self.report(
            Diagnostic::new(
                Code::J0403,
                field.value.span,
                format!("`{}` takes {expected}, and this is {found}", field.name.value),
            )
            .here(format!("expected {expected}")),
        );
    }

    fn unquoted(&mut self, span: Span, name: &str, word: &str) {
        self.report(
            Diagnostic::new(
                Code::J0104,
                span,
                format!("the text of `{name}` stands without quotes"),
            )
            .here("quotes are missing")
            .replace(
                format!("write `\"{word}\"`"),
                span,
                format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")),
            ),
        );
    }

    fn word(&mut self, field: &Field, word: &str, words: &'static [&'static str]) {
        if !words.contains(&word) {
            let message = format!("`{}` cannot be `{word}`", field.name.value);
            self.unknown_word(field.value.span, message, word, words);
        }
    }

    fn unknown_word(
        &mut self,
        span: Span,
        message: String,
        word: &str,
        words: &'static [&'static str],
    ) {
        let diagnostic = Diagnostic::new(Code::J0313, span, message);
        self.report(match nearest(word, words.iter().copied()) {
            Some(near) => diagnostic.respell(span, word, near),
            None => {
                diagnostic.here("unknown word").help(format!("there are {}", quoted_list(words)))
            }
        });
    }

    fn content(
        &mut self,
        kind: &Name,
        text: &Template,
        kinds: &'static [&'static str],
        place: Place,
    ) {
        match kind.value.as_str() {
            "file" => self.file(text, place),
            known if kinds.contains(&known) => self.template(text, place),
            other => {
                let message = format!("there is no content of kind `{other}` here");
                self.unknown_word(kind.span, message, other, kinds);
            }
        }
    }

    fn file(&mut self, text: &Template, place: Place) {
        if let Some(content) = self.catalog.files.get(&text.text) {
            self.file_template(text, content, place);
            return;
        }
        let diagnostic =
            Diagnostic::new(Code::J0308, text.span, format!("there is no file `{}`", text.text));
        let known = self.catalog.files.keys().map(String::as_str);
        self.found.push(match nearest(&text.text, known) {
            Some(near) => diagnostic
                .here(format!("did you mean `{near}`?"))
                .replace(format!("write `\"{near}\"`"), text.span, format!("\"{near}\""))
                .guessed(),
            None => diagnostic
                .here("not found")
                .help("the path is meant from the directory of the `.journey` file"),
        });
    }
}

/// What a value is called where another kind is needed.
fn kind_of(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(_) => "a text".to_owned(),
        FieldValue::Typed(kind, _) => format!("a block of `{}`", kind.value),
        FieldValue::Word(word) => format!("the word `{word}`"),
        FieldValue::Number(_) => "a number".to_owned(),
        FieldValue::Boolean(_) => "true or false".to_owned(),
        FieldValue::Duration(_) => "a length of time".to_owned(),
        FieldValue::Object(_) => "an object".to_owned(),
        FieldValue::Unknown => "something else".to_owned(),
    }
}

//! Fields of declarations: which there are, what they take, which may not be absent.

use super::Check;
use crate::ast::{Declaration, Email, Field, FieldValue, Name, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Place, quoted_list, unknown_zone};
use crate::syntax::nearest;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A text that is rendered.
    Template,
    /// A text that is rendered; it may come from a file or be HTML.
    Content,
    /// A text as it is.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
}

const EMAIL: [(&str, Takes); 9] = [
    ("from", Takes::Template),
    ("to", Takes::Template),
    ("reply_to", Takes::Template),
    ("subject", Takes::Template),
    ("preheader", Takes::Template),
    ("topic", Takes::Text),
    ("body", Takes::Content),
    ("text", Takes::Content),
    ("after_crash", Takes::Word(&["retry", "leave"])),
];

const WORKSPACE: [(&str, Takes); 3] =
    [("timezone", Takes::Text), ("from", Takes::Text), ("language", Takes::Text)];

/// Kinds of content that this version knows.
const CONTENT: [&str; 3] = ["html", "text", "file"];

impl Check<'_> {
    pub(super) fn email(&mut self, declaration: &Declaration, email: &Email) {
        self.fields(&email.fields, &EMAIL, "an e-mail");
        for name in ["subject", "body"] {
            let absent = !email.fields.iter().any(|field| field.name.value == name);
            if absent && !declaration.broken {
                let example =
                    if name == "subject" { "subject: \"…\"" } else { "body: file \"….html\"" };
                self.report(
                    Diagnostic::new(
                        Code::J0208,
                        declaration.name.span,
                        format!("the e-mail `{}` has no `{name}`", declaration.name.value),
                    )
                    .here(format!("`{name}` is missing"))
                    .help(format!("add `{example}`")),
                );
            }
        }
    }

    pub(super) fn workspace(&mut self, fields: &[Field]) {
        self.fields(fields, &WORKSPACE, "the workspace");
        for field in fields.iter().filter(|field| field.name.value == "timezone") {
            if let FieldValue::Text(text) = &field.value.value {
                let zone = Name { value: text.text.clone(), span: text.span };
                self.found.extend(unknown_zone(&zone));
            }
        }
    }

    fn fields(&mut self, fields: &[Field], known: &[(&str, Takes)], of: &str) {
        let mut seen: Vec<&Name> = Vec::new();
        for field in fields {
            let name = &field.name;
            let Some((_, takes)) = known.iter().find(|(word, _)| *word == name.value) else {
                self.unknown_field(name, known, of);
                continue;
            };
            if let Some(first) = seen.iter().find(|before| before.value == name.value) {
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
            seen.push(name);
            self.field(field, *takes);
        }
    }

    fn unknown_field(&mut self, name: &Name, known: &[(&str, Takes)], of: &str) {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let diagnostic =
            Diagnostic::new(Code::J0307, name.span, format!("{of} has no field `{}`", name.value));
        self.report(match nearest(&name.value, words.iter().copied()) {
            Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None => {
                diagnostic.here("unknown field").help(format!("there are {}", quoted_list(&words)))
            }
        });
    }

    fn field(&mut self, field: &Field, takes: Takes) {
        match (&field.value.value, takes) {
            (FieldValue::Unknown, _) => {}
            (FieldValue::Text(text), Takes::Template | Takes::Content) => {
                self.template(text, Place::Template)
            }
            (FieldValue::Text(text), Takes::Text) => self.no_template(text),
            (FieldValue::Typed(kind, text), Takes::Content) => self.content(kind, text),
            (FieldValue::Word(word), Takes::Word(words)) => self.word(field, word, words),
            (FieldValue::Word(word), _) => self.unquoted(field, word),
            (FieldValue::Text(text), Takes::Word(words)) => {
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
            (FieldValue::Typed(kind, _), _) => {
                self.wrong_kind(field, &format!("a block of `{}`", kind.value), takes)
            }
            (FieldValue::Other(found), _) => self.wrong_kind(field, found, takes),
        }
    }

    fn wrong_kind(&mut self, field: &Field, found: &str, takes: Takes) {
        let expected = match takes {
            Takes::Template | Takes::Text => "a text in quotes".to_owned(),
            Takes::Content => "a text, or `file \"…\"`".to_owned(),
            Takes::Word(words) => quoted_list(words).replace(" and ", " or "),
        };
        self.report(
            Diagnostic::new(
                Code::J0403,
                field.value.span,
                format!("`{}` takes {expected}, and this is {found}", field.name.value),
            )
            .here(format!("expected {expected}")),
        );
    }

    fn unquoted(&mut self, field: &Field, word: &str) {
        let span = field.value.span;
        self.report(
            Diagnostic::new(
                Code::J0104,
                span,
                format!("the text of `{}` stands without quotes", field.name.value),
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
        if words.contains(&word) {
            return;
        }
        let span = field.value.span;
        let diagnostic = Diagnostic::new(
            Code::J0313,
            span,
            format!("`{}` cannot be `{word}`", field.name.value),
        );
        self.report(match nearest(word, words.iter().copied()) {
            Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                format!("write `{near}`"),
                span,
                near,
            ),
            None => {
                diagnostic.here("unknown word").help(format!("there are {}", quoted_list(words)))
            }
        });
    }

    fn content(&mut self, kind: &Name, text: &Template) {
        match kind.value.as_str() {
            "file" => self.file(text),
            "html" | "text" => self.template(text, Place::Template),
            other => {
                let diagnostic = Diagnostic::new(
                    Code::J0313,
                    kind.span,
                    format!("there is no content of kind `{other}`"),
                );
                self.report(match nearest(other, CONTENT) {
                    Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                        format!("write `{near}`"),
                        kind.span,
                        near,
                    ),
                    None => diagnostic
                        .here("unknown kind")
                        .help(format!("there are {}", quoted_list(&CONTENT))),
                });
            }
        }
    }

    fn file(&mut self, text: &Template) {
        if let Some(content) = self.catalog.files.get(&text.text) {
            self.file_template(text, content);
            return;
        }
        let diagnostic =
            Diagnostic::new(Code::J0308, text.span, format!("there is no file `{}`", text.text));
        let known = self.catalog.files.keys().map(String::as_str);
        self.found.push(match nearest(&text.text, known) {
            Some(near) => diagnostic.here(format!("did you mean `{near}`?")).replace(
                format!("write `\"{near}\"`"),
                text.span,
                format!("\"{near}\""),
            ),
            None => diagnostic
                .here("not found")
                .help("the path is meant from the directory of the `.journey` file"),
        });
    }
}

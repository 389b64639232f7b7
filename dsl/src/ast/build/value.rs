//! Values, paths and objects.

use std::collections::BTreeMap;

use super::Builder;
use crate::ast::{Expr, ExprKind, Name, Path, Spanned, scope_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Key;
use crate::span::Span;
use crate::syntax::{Node, Rule};

impl Builder<'_> {
    /// A `value` or an `operand`.
    pub(super) fn value(&mut self, node: &Node) -> Expr {
        let span = node.span;
        let unknown = Expr { kind: ExprKind::Unknown, span };
        if node.has(Rule::later_relation) {
            return unknown;
        }
        let Some(inner) = node.children.first() else {
            return unknown;
        };
        let kind = match inner.rule {
            Rule::operand => return self.value(inner),
            Rule::text => ExprKind::Text(self.string(inner)),
            Rule::number => ExprKind::Number(inner.text(self.text).parse().unwrap_or(0.0)),
            Rule::slip_number => self.odd_number(inner),
            Rule::boolean => ExprKind::Boolean(inner.text(self.text) == "true"),
            Rule::list => ExprKind::List(
                inner.all(Rule::operand).map(|operand| self.value(operand)).collect(),
            ),
            Rule::object => ExprKind::Object(self.object(inner)),
            Rule::path => self.path_value(inner),
            Rule::null => self.null(inner.span),
            Rule::moment => self.date_value(inner.span),
            _ => ExprKind::Unknown,
        };
        Expr { kind, span }
    }

    fn odd_number(&mut self, node: &Node) -> ExprKind {
        let written = node.text(self.text).to_owned();
        let plain = written.replace('_', "");
        let value: f64 =
            if plain.starts_with('.') { format!("0{plain}") } else { plain }.parse().unwrap_or(0.0);
        self.report(
            Diagnostic::new(
                Code::J0120,
                node.span,
                format!("`{written}` is no number of this language"),
            )
            .here("only digits, and a point between digits")
            .replace(format!("write `{value}`"), node.span, value.to_string()),
        );
        ExprKind::Number(value)
    }

    fn null(&mut self, span: Span) -> ExprKind {
        self.report(
            Diagnostic::new(Code::J0402, span, "`null` is no value of this language")
                .here("a missing value is asked for by words")
                .help("say `customer.x is missing` or `customer.x exists`; `unset customer.x` removes a value"),
        );
        ExprKind::Unknown
    }

    fn date_value(&mut self, span: Span) -> ExprKind {
        self.report(
            Diagnostic::new(Code::J0901, span, "dates as values are not supported yet")
                .here("known, but not in this version"),
        );
        ExprKind::Unknown
    }

    /// A path; one bare word that is no scope is a text without quotes.
    fn path_value(&mut self, node: &Node) -> ExprKind {
        let path = self.path(node);
        let word = &path.scope.value;
        if !path.keys.is_empty() || scope_of(word).is_some() {
            return ExprKind::Path(path);
        }
        self.report(
            Diagnostic::new(
                Code::J0104,
                node.span,
                format!("the text `{word}` stands without quotes"),
            )
            .here("quotes are missing")
            .replace(format!("write `\"{word}\"`"), node.span, format!("\"{word}\"")),
        );
        ExprKind::Unknown
    }

    pub(super) fn path(&mut self, node: &Node) -> Path {
        let written = node.text(self.text);
        let length = written.find(['.', '[']).unwrap_or(written.len());
        let scope_span = Span::new(node.span.file, node.span.start, node.span.start + length);
        let scope =
            Spanned { value: scope_span.text(self.text).trim().to_owned(), span: scope_span };
        let mut keys = Vec::new();
        for key in &node.children {
            if let Some(name) = key.child(Rule::identifier) {
                keys.push(Key::Name(name.text(self.text).to_owned()));
            } else if let Some(slip) = key.child(Rule::slip_hyphens) {
                keys.push(Key::Name(self.hyphens(key, slip)));
            } else if let Some(string) = key.child(Rule::string) {
                let inside = string
                    .text(self.text)
                    .trim_matches('"')
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\");
                keys.push(Key::Name(inside));
            } else if let Some(index) = key.child(Rule::integer) {
                keys.push(Key::Index(index.text(self.text).parse().unwrap_or(usize::MAX)));
            }
        }
        Path { scope, keys, span: node.span }
    }

    fn hyphens(&mut self, key: &Node, slip: &Node) -> String {
        let name = slip.text(self.text).to_owned();
        let fixed = format!("[\"{name}\"]");
        let path = format!("{}{fixed}", self.before_on_line(key.span.start));
        self.report(
            Diagnostic::new(
                Code::J0112,
                slip.span,
                format!("a name after a dot has no hyphens, unlike `{name}`"),
            )
            .here("odd names stand in brackets and quotes")
            .replace(format!("write `{path}`"), key.span, fixed),
        );
        name
    }

    /// The part of a path that stands before byte `at`.
    fn before_on_line(&self, at: usize) -> &str {
        let before = self.text.get(..at).unwrap_or_default();
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
            .map_or(0, |end| end + 1);
        before.get(start..).unwrap_or_default()
    }

    /// The entries of an object, in written order.
    pub(super) fn object(&mut self, node: &Node) -> Vec<(Name, Expr)> {
        let mut entries: Vec<(Name, Expr)> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut last: Option<&Node> = None;
        for child in &node.children {
            if child.rule == Rule::entry {
                if let Some(before) = last.filter(|before| before.rule == Rule::entry) {
                    self.missing_comma(before);
                }
                if let Some((key, value)) = self.entry(child) {
                    if let Some(first) = seen.insert(key.value.clone(), key.span) {
                        self.report(
                            Diagnostic::new(
                                Code::J0209,
                                key.span,
                                format!("the key `{}` stands here twice", key.value),
                            )
                            .here("again")
                            .also(first, "first here")
                            .help("take one of them out"),
                        );
                    }
                    entries.push((key, value));
                }
            }
            last = Some(child);
        }
        entries
    }

    fn missing_comma(&mut self, before: &Node) {
        let end = Span::new(before.span.file, before.span.end, before.span.end);
        self.report(
            Diagnostic::new(Code::J0122, before.span, "a comma is missing after this entry")
                .here("another entry follows")
                .replace("put `,` after it", end, ","),
        );
    }

    fn entry(&mut self, node: &Node) -> Option<(Name, Expr)> {
        let key = node.child(Rule::entry_key)?;
        let value = node.child(Rule::value)?;
        let text = key.text(self.text).trim_matches('"').to_owned();
        if let Some(sign) = node.child(Rule::slip_equals) {
            let written = sign.text(self.text).to_owned();
            self.report(
                Diagnostic::new(
                    Code::J0122,
                    sign.span,
                    format!("expected `:` after a key, found `{written}`"),
                )
                .here("between key and value")
                .replace("write `:`", sign.span, ":"),
            );
        }
        Some((Spanned { value: text, span: key.span }, self.value(value)))
    }

    /// The object of `with { … }` below `node`.
    pub(super) fn with(&mut self, node: &Node) -> Vec<(Name, Expr)> {
        let object = node.child(Rule::send_with).and_then(|with| with.child(Rule::object));
        object.map(|object| self.object(object)).unwrap_or_default()
    }
}

//! Values, paths and objects.

use std::collections::BTreeMap;

use super::Builder;
use crate::ast::{
    Duration, DurationKind, Expr, ExprKind, Name, Occurrence, Path, Spanned, Total, scope_of,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{Key, TotalFunction, Which};
use crate::span::Span;
use crate::syntax::{Node, Rule};
use crate::time::{Days, MomentLiteral, Zone};

impl Builder<'_> {
    /// A `value`, an `operand` or a `literal`.
    pub(super) fn value(&mut self, node: &Node) -> Expr {
        match node.children.as_slice() {
            [] => self.unknown_value(node.span),
            [inner] if inner.rule == Rule::operand => self.value(inner),
            [inner] => self.primary(inner),
            parts => self.calculation(parts),
        }
    }

    pub(super) const fn unknown_value(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Unknown, span }
    }

    /// A value that is no calculation.
    pub(super) fn primary(&mut self, node: &Node) -> Expr {
        let kind = match node.rule {
            Rule::text => ExprKind::Text(self.string(node)),
            Rule::number => ExprKind::Number(node.text(self.text).parse().unwrap_or(0.0)),
            Rule::slip_number => self.odd_number(node),
            Rule::boolean => ExprKind::Boolean(node.text(self.text) == "true"),
            Rule::list => ExprKind::List(self.members(node)),
            Rule::object => ExprKind::Object(self.object(node)),
            Rule::path => self.path_value(node),
            Rule::slip_before => self.slip_before(node),
            Rule::slip_url => self.bare_url(node.span),
            Rule::null => ExprKind::Null,
            Rule::moment => self.moment_value(node),
            Rule::day_time => self.day_time(node),
            Rule::kw_now => ExprKind::Moment(MomentLiteral::Now),
            Rule::length => ExprKind::Duration(self.fixed(node)),
            Rule::slip_short => self.short_value(node),
            Rule::total => self.total(node),
            Rule::occurrence => self.occurrence(node),
            Rule::bracket => return self.bracket(node),
            _ => ExprKind::Unknown,
        };
        Expr { kind, span: node.span }
    }

    /// The members of a `list`.
    pub(super) fn members(&mut self, node: &Node) -> Vec<Expr> {
        let members = node.children.iter().filter(|child| child.rule != Rule::list_end);
        members
            .filter_map(|member| match member.rule {
                Rule::operand => Some(self.value(member)),
                Rule::object => Some(self.primary(member)),
                _ => None,
            })
            .collect()
    }

    fn fixed(&mut self, node: &Node) -> Duration {
        Duration { kind: DurationKind::Fixed(self.pairs(node)), span: node.span }
    }

    /// `12h` is a duration, `9am` a time of day.
    fn short_value(&mut self, node: &Node) -> ExprKind {
        let written = node.text(self.text).to_owned();
        let lower = written.to_lowercase();
        if lower.ends_with("am") || lower.ends_with("pm") {
            return match self.odd_clock(node.span, &written) {
                Some(time) => ExprKind::Moment(MomentLiteral::Next {
                    days: Days::ALL,
                    time,
                    zone: Zone::Customer,
                }),
                None => ExprKind::Unknown,
            };
        }
        let kind = DurationKind::Fixed(self.short(node));
        ExprKind::Duration(Duration { kind, span: node.span })
    }

    /// `( … )`, or `( … ) days`.
    fn bracket(&mut self, node: &Node) -> Expr {
        if node.has(Rule::unit) {
            let duration = self.computed(node);
            return Expr { span: node.span, kind: ExprKind::Duration(duration) };
        }
        match node.child(Rule::operand) {
            Some(operand) => Expr { kind: self.value(operand).kind, span: node.span },
            None => self.unknown_value(node.span),
        }
    }

    fn total(&mut self, node: &Node) -> ExprKind {
        let word = node.child(Rule::total_word).map_or("", |word| word.text(self.text));
        let function = TotalFunction::ALL.into_iter().find(|one| one.word() == word);
        let Some(function) = function else {
            return ExprKind::Unknown;
        };
        let event = self.quoted_in(node);
        let keys = self.keys(node);
        let (filter, _, window) = self.behaviour(node);
        ExprKind::Total(Box::new(Total { function, event, keys, filter, window }))
    }

    fn occurrence(&mut self, node: &Node) -> ExprKind {
        let which = if node.has(Rule::kw_first) { Which::First } else { Which::Last };
        let event = self.quoted_in(node);
        ExprKind::Occurrence(Box::new(Occurrence { which, event, keys: self.keys(node) }))
    }

    /// The `text` below `node` as a name.
    pub(super) fn quoted_in(&mut self, node: &Node) -> Name {
        match node.child(Rule::text) {
            Some(text) => Spanned { value: self.string(text).text, span: text.span },
            None => Spanned { value: String::new(), span: node.span },
        }
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

    /// A path; one bare word that is no scope is a text without quotes.
    fn path_value(&mut self, node: &Node) -> ExprKind {
        let path = self.path(node);
        let word = &path.scope.value;
        if !path.keys.is_empty() || scope_of(word).is_some() {
            return ExprKind::Path(path);
        }
        if self.moment_in_words(node.span) {
            return ExprKind::Unknown;
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
        Path { scope, keys: self.keys(node), span: node.span }
    }

    /// The `.name` and `["name"]` below `node`.
    fn keys(&mut self, node: &Node) -> Vec<Key> {
        let mut keys = Vec::new();
        for key in &node.children {
            if !matches!(key.rule, Rule::dot_key | Rule::bracket_key) {
                continue;
            }
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
        keys
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

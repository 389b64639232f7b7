//! `call`: its fields, and how long it may take.

use super::Check;
use crate::ast::{Call, CallField, Duration, DurationKind, Expr, ExprKind, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::quoted_list;
use crate::syntax::nearest;
use crate::time::SECOND;

/// The fields of a call.
const FIELDS: [&str; 3] = ["headers", "json", "timeout"];

/// The longest that an answer is waited for, in milliseconds.
const TIMEOUT_MAX_MS: i64 = 60 * SECOND;

impl Check<'_> {
    pub(super) fn call(&mut self, call: &Call, broken: bool) {
        if let ExprKind::Text(url) = &call.url.kind {
            let absolute = url.renders()
                || ["https://", "http://"].iter().any(|begin| url.text.starts_with(begin));
            if !absolute && !broken {
                self.report(
                    Diagnostic::new(
                        Code::J0403,
                        url.span,
                        format!("`{}` is no address that can be called", url.text),
                    )
                    .here("expected `https://…`"),
                );
            }
        }
        let mut seen: Vec<&Name> = Vec::new();
        for field in &call.fields {
            if let Some(first) = seen.iter().find(|before| before.value == field.name.value) {
                self.field_twice(&field.name, first);
            }
            seen.push(&field.name);
            self.call_field(field);
        }
        if let Some(reply) = &call.reply {
            self.no_keyword(reply, "name");
        }
    }

    fn call_field(&mut self, field: &CallField) {
        match field.name.value.as_str() {
            "headers" => self.headers(&field.value),
            "json" => {}
            "timeout" => self.timeout(&field.value),
            "body" | "data" | "payload" => self.report(
                Diagnostic::new(
                    Code::J0307,
                    field.name.span,
                    format!("a call has no field `{}`", field.name.value),
                )
                .here("a call sends JSON")
                .replace("write `json`", field.name.span, "json")
                .guessed(),
            ),
            other => {
                let diagnostic = Diagnostic::new(
                    Code::J0307,
                    field.name.span,
                    format!("a call has no field `{other}`"),
                );
                self.report(match nearest(other, FIELDS) {
                    Some(near) => diagnostic.respell(field.name.span, other, near),
                    None => diagnostic
                        .here("unknown field")
                        .help(format!("there are {}", quoted_list(&FIELDS))),
                });
            }
        }
    }

    fn headers(&mut self, value: &Expr) {
        let ExprKind::Object(entries) = &value.kind else {
            if !matches!(value.kind, ExprKind::Unknown) {
                self.report(
                    Diagnostic::new(
                        Code::J0403,
                        value.span,
                        "`headers` takes names and their texts",
                    )
                    .here("expected `{ … }`")
                    .help("write it like `headers: { \"X-Key\": \"…\" }`"),
                );
            }
            return;
        };
        for (name, inner) in entries {
            if matches!(
                inner.kind,
                ExprKind::List(_)
                    | ExprKind::Object(_)
                    | ExprKind::Null
                    | ExprKind::Duration(_)
                    | ExprKind::Boolean(_)
            ) {
                self.report(
                    Diagnostic::new(
                        Code::J0403,
                        inner.span,
                        format!("the header `{}` takes a text", name.value),
                    )
                    .here("not a text"),
                );
            }
        }
    }

    fn timeout(&mut self, value: &Expr) {
        let fits = match &value.kind {
            ExprKind::Unknown => true,
            ExprKind::Duration(Duration { kind: DurationKind::Fixed(length), .. }) => {
                length.months == 0 && (1..=TIMEOUT_MAX_MS).contains(&length.ms)
            }
            _ => false,
        };
        if !fits {
            self.report(
                Diagnostic::new(
                    Code::J0403,
                    value.span,
                    format!("`timeout` takes a time of up to {} seconds", TIMEOUT_MAX_MS / SECOND),
                )
                .here("does not fit")
                .help("write it like `timeout: 10 seconds`"),
            );
        }
    }
}

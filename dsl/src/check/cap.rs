//! Caps: how many messages in how long, for which topic, held how long.

use super::Check;
use super::numbers::CAP_LIMITS_MAX;
use crate::ast::{Cap, Declaration};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

impl Check<'_> {
    pub(super) fn cap(&mut self, declaration: &Declaration, cap: &Cap) {
        if cap.limits.is_empty() && !declaration.broken {
            self.report(
                Diagnostic::new(
                    Code::J0208,
                    declaration.name.span,
                    format!("the cap `{}` has no limit", declaration.name.value),
                )
                .here("it would hold nothing back")
                .help("add how many messages in how long: `at most 3 per 7 days`"),
            );
        }
        if let Some((count, _)) = cap.limits.get(CAP_LIMITS_MAX) {
            self.too_many(count.span, "limits in one cap", cap.limits.len(), CAP_LIMITS_MAX);
        }
        for (count, length) in &cap.limits {
            if count.value == 0 {
                self.not_between(
                    count.span,
                    "a cap lets at least 1 message through",
                    "at most 1 per 1 day",
                );
            }
            if length.value.months == 0 && length.value.ms <= 0 {
                self.not_between(
                    length.span,
                    "a cap counts over a time that is longer than nothing",
                    "at most 1 per 1 day",
                );
            }
        }
        self.once(cap.topics.iter().map(|topic| topic.span), "topic");
        self.once(cap.holds.iter().map(|hold| hold.span), "hold up to");
    }

    fn once(&mut self, mut places: impl Iterator<Item = Span>, word: &str) {
        let (Some(first), Some(second)) = (places.next(), places.next()) else {
            return;
        };
        let help = match word {
            "topic" => "declare a cap for each topic; one without `topic` binds all messages",
            _ => "take one of them out",
        };
        self.report(
            Diagnostic::new(Code::J0209, second, format!("`{word}` stands here twice"))
                .here("again")
                .also(first, "first here")
                .help(help),
        );
    }
}

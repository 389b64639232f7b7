//! From a claimed delivery to a mail: consent is asked again, the message is rendered for the
//! person as it is now, or the reason why nothing leaves is found.

use domain::deliveries::{Claimed, State};
use dsl::gate::{self, Verdict};
use dsl::machine::Workspace;
use dsl::message::{AfterCrash, Compiled, Reader, Rendered};
use dsl::time::Instant;

use crate::transport::{Mail, html_to_text};

/// What is to be done with a claimed delivery.
pub(crate) enum Prepared {
    /// It may leave.
    Ready { mail: Box<Mail>, rendered: Box<Rendered>, after_crash: AfterCrash },
    /// It never leaves.
    Ended { state: State, reason: String },
}

/// What preparing needs besides the delivery.
pub(crate) struct Surroundings<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) only_to: Option<&'a str>,
    pub(crate) now: Instant,
}

/// Renders one delivery, or says why it does not leave.
pub(crate) fn prepare(claimed: &Claimed, around: &Surroundings<'_>) -> Prepared {
    let Some(compiled) = around.workspace.email(&claimed.message) else {
        return failed(format!("the message `{}` is gone", claimed.message));
    };
    if claimed.unknown && compiled.email.after_crash == AfterCrash::Leave {
        return Prepared::Ended {
            state: State::Unknown,
            reason: "a process ended in the middle of handing it over; it may have arrived"
                .to_owned(),
        };
    }
    let reader = Reader {
        attributes: &claimed.attributes,
        frozen: &claimed.frozen,
        to: claimed.address.as_deref(),
        now: around.now,
    };
    let address = match compiled.address(&reader) {
        Ok(address) => address,
        Err(failure) => return failed(failure.to_string()),
    };
    if let Verdict::Skipped { reason } =
        gate::judge(&claimed.attributes, &compiled.email, address.as_deref())
    {
        return skipped(reason.word());
    }
    if let (Some(pattern), Some(address)) = (around.only_to, &address)
        && !matches(pattern, address)
    {
        return skipped("only_to");
    }
    render(claimed, compiled, &reader, around)
}

fn render(
    claimed: &Claimed,
    compiled: &Compiled,
    reader: &Reader<'_>,
    around: &Surroundings<'_>,
) -> Prepared {
    let mut rendered = match compiled.render(reader, around.workspace.settings()) {
        Ok(rendered) => rendered,
        Err(failure) => return failed(failure.to_string()),
    };
    if has_nul(&rendered) {
        return failed("the rendered message has a NUL character, which no mail can carry".into());
    }
    let text = rendered
        .text
        .clone()
        .or_else(|| rendered.html.as_deref().map(html_to_text))
        .unwrap_or_default();
    rendered.text = Some(text.clone());
    let mail = Mail {
        delivery: claimed.delivery,
        from: rendered.from.clone(),
        to: rendered.to.clone(),
        reply_to: rendered.reply_to.clone(),
        subject: rendered.subject.clone(),
        html: rendered.html.clone(),
        text,
        message_id: message_id(claimed, &rendered.from),
        date_ms: around.now,
        headers: Vec::new(),
    };
    let after_crash = compiled.email.after_crash;
    Prepared::Ready { mail: Box::new(mail), rendered: Box::new(rendered), after_crash }
}

fn has_nul(rendered: &Rendered) -> bool {
    let Rendered { from, to, reply_to, subject, preheader, html, text } = rendered;
    let optional = [reply_to, preheader, html, text].into_iter().flatten();
    [from, to, subject].into_iter().chain(optional).any(|field| field.contains('\0'))
}

/// The same on every try, so that a receiver can tell a repeat.
fn message_id(claimed: &Claimed, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, rest)| rest);
    let domain: String =
        domain.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    format!("<{}@{domain}>", claimed.delivery)
}

/// `*` stands for any text; letter case does not count in addresses.
fn matches(pattern: &str, address: &str) -> bool {
    let (pattern, address) = (pattern.to_lowercase(), address.trim().to_lowercase());
    match pattern.split_once('*') {
        Some((start, end)) => {
            address.len() >= start.len() + end.len()
                && address.starts_with(start)
                && address.ends_with(end)
        }
        None => pattern == address,
    }
}

fn failed(reason: String) -> Prepared {
    Prepared::Ended { state: State::Failed, reason }
}

fn skipped(reason: &str) -> Prepared {
    Prepared::Ended { state: State::Skipped, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn only_to_takes_one_star() {
        assert!(matches("*@acme.test", "Ada@Acme.test"));
        assert!(!matches("*@acme.test", "ada@acme.test.evil.test"));
        assert!(!matches("*@acme.test", "ada@other.test"));
        assert!(matches("ada@acme.test", "ADA@acme.test"));
        assert!(!matches("ada*@acme.test", "a@acme.test"));
    }
}

//! A rendered mail as bytes: headers, encodings, the plain part beside the
//! HTML. The same mail gives the same bytes, so a retry repeats them.
//!
//! What cannot become a correct message is refused here, before any
//! connection: no field can smuggle in a header.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::address::{Address, Envelope};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use url::Host;

use crate::transport::{Mail, html_to_text};

/// Set from the mail's own fields, or by the encoding.
const RESERVED_HEADERS: [&str; 8] =
    ["from", "to", "bcc", "reply-to", "subject", "date", "message-id", "mime-version"];
const RESERVED_PREFIX: &str = "content-";

/// A message ready for the wire, with CRLF line ends and ASCII only, unless
/// the part of an address before the `@` is not.
#[derive(Debug)]
pub struct Encoded {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("`{field}` is `{found}`, expected an address like `ann@example.com`")]
    Address { field: &'static str, found: String },
    #[error("`{field}` holds a line break or NUL, expected one line of text")]
    LineBreak { field: String },
    #[error("`{}` is no header name, expected letters, digits and `-`", .0.escape_debug())]
    HeaderName(String),
    #[error("the header `{0}` is set from the message itself and cannot be given")]
    ReservedHeader(String),
    #[error("the message id is `{}`, expected `<something@host>`", .0.escape_debug())]
    MessageId(String),
    #[error("the date {0} is out of range")]
    Date(i64),
    #[error("the message cannot be encoded: {0}")]
    Encoding(String),
}

/// Whether the mail could be built; cheap, for transports that need no bytes.
pub fn check(mail: &Mail) -> Result<(), Refusal> {
    Fields::of(mail).map(drop)
}

pub fn build(mail: &Mail) -> Result<Encoded, Refusal> {
    let fields = Fields::of(mail)?;
    let envelope = Envelope::new(Some(fields.from.email.clone()), vec![fields.to.email.clone()])
        .map_err(|error| Refusal::Encoding(error.to_string()))?;
    let mut builder = Message::builder()
        .from(fields.from)
        .to(fields.to)
        .subject(mail.subject.trim())
        .date(fields.date)
        .message_id(Some(mail.message_id.clone()))
        .envelope(envelope.clone());
    if let Some(reply_to) = fields.reply_to {
        builder = builder.reply_to(reply_to);
    }
    for header in fields.headers {
        builder = builder.raw_header(header);
    }
    let message = match &mail.html {
        Some(html) => builder.multipart(alternative(mail, html)),
        None => builder.singlepart(SinglePart::plain(crlf(&mail.text))),
    };
    let message = message.map_err(|error| Refusal::Encoding(error.to_string()))?;
    Ok(Encoded { envelope, bytes: message.formatted() })
}

fn alternative(mail: &Mail, html: &str) -> MultiPart {
    let text = match mail.text.trim() {
        "" => crlf(&html_to_text(html)),
        _ => crlf(&mail.text),
    };
    MultiPart::alternative()
        .boundary(format!("part-{}", mail.delivery.simple()))
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(crlf(html)))
}

/// Every kind of line end as CRLF: a lone one is read differently by different
/// servers, and lettre would insert what is missing in quadratic time.
fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some((line, after)) = rest.split_once(['\r', '\n']) {
        let ended_by_cr = rest.as_bytes().get(line.len()) == Some(&b'\r');
        out.push_str(line);
        out.push_str("\r\n");
        rest = after.strip_prefix('\n').filter(|_| ended_by_cr).unwrap_or(after);
    }
    out.push_str(rest);
    out
}

struct Fields {
    from: Mailbox,
    to: Mailbox,
    reply_to: Option<Mailbox>,
    headers: Vec<HeaderValue>,
    date: SystemTime,
}

impl Fields {
    fn of(mail: &Mail) -> Result<Fields, Refusal> {
        one_line("subject", mail.subject.trim())?;
        check_message_id(&mail.message_id)?;
        Ok(Fields {
            from: mailbox("from", &mail.from)?,
            to: mailbox("to", &mail.to)?,
            reply_to: mail.reply_to.as_deref().map(|text| mailbox("reply-to", text)).transpose()?,
            headers: mail.headers.iter().map(header).collect::<Result<_, _>>()?,
            date: date(mail.date_ms)?,
        })
    }
}

/// `address` or `name <address>`. More lenient than the standard about the
/// name: commas and dots need no quotes, the encoding adds them.
fn mailbox(field: &'static str, text: &str) -> Result<Mailbox, Refusal> {
    let text = text.trim();
    one_line(field, text)?;
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (unquote(name.trim()), address.trim()),
        None => (String::new(), text),
    };
    let invalid = || Refusal::Address { field, found: text.to_owned() };
    let address = ascii_domain(address).unwrap_or_else(|| address.to_owned());
    let address: Address = address.parse().map_err(|_| invalid())?;
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}

/// The address with an international domain in its ASCII form, which every
/// server takes; `None` where there is nothing to change.
fn ascii_domain(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii())?;
    let host = Host::parse(domain).ok()?;
    Some(format!("{local}@{host}"))
}

fn unquote(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let Some(inside) = inside else { return name.to_owned() };
    let mut plain = String::with_capacity(inside.len());
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

fn header((name, value): &(String, String)) -> Result<HeaderValue, Refusal> {
    let lower = name.to_ascii_lowercase();
    if RESERVED_HEADERS.contains(&lower.as_str()) || lower.starts_with(RESERVED_PREFIX) {
        return Err(Refusal::ReservedHeader(name.clone()));
    }
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parsed = HeaderName::new_from_ascii(name.clone()).ok().filter(|_| is_name);
    let parsed = parsed.ok_or_else(|| Refusal::HeaderName(name.clone()))?;
    one_line(name, value)?;
    Ok(HeaderValue::new(parsed, value.trim().to_owned()))
}

fn one_line(field: &str, text: &str) -> Result<(), Refusal> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(Refusal::LineBreak { field: field.to_owned() });
    }
    Ok(())
}

fn check_message_id(id: &str) -> Result<(), Refusal> {
    let inside = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    let valid = inside.and_then(|id| id.split_once('@')).is_some_and(|(left, right)| {
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>@".contains(&byte))
        };
        plain(left) && plain(right)
    });
    if valid { Ok(()) } else { Err(Refusal::MessageId(id.to_owned())) }
}

fn date(ms: i64) -> Result<SystemTime, Refusal> {
    /// The first moment of the year 10000, which no mail date can write.
    const END_OF_DATES_MS: u64 = 253_402_300_800_000;
    u64::try_from(ms)
        .ok()
        .filter(|ms| *ms < END_OF_DATES_MS)
        .map(|ms| UNIX_EPOCH + Duration::from_millis(ms))
        .ok_or(Refusal::Date(ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn mail() -> Mail {
        Mail {
            delivery: Uuid::from_u128(7),
            from: "Shop <shop@example.com>".to_owned(),
            to: "ann@example.com".to_owned(),
            reply_to: None,
            subject: "Hello".to_owned(),
            html: None,
            text: "Hi Ann".to_owned(),
            message_id: "<7@example.com>".to_owned(),
            date_ms: 1_700_000_000_000,
            headers: Vec::new(),
        }
    }

    fn text_of(mail: &Mail) -> String {
        String::from_utf8(build(mail).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_plain_mail_is_one_part() {
        assert_eq!(
            text_of(&mail()).replace("\r\n", "\n"),
            "From: Shop <shop@example.com>\n\
             To: ann@example.com\n\
             Subject: Hello\n\
             Date: Tue, 14 Nov 2023 22:13:20 +0000\n\
             Message-ID: <7@example.com>\n\
             MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\n\
             Content-Transfer-Encoding: 7bit\n\
             \n\
             Hi Ann\n"
        );
    }

    #[test]
    fn html_comes_with_a_plain_part_before_it_and_the_bytes_repeat() {
        let mail = Mail {
            html: Some("<p>Hi <b>Ann</b> &amp; co</p>".to_owned()),
            text: " \n".to_owned(),
            ..mail()
        };
        let text = text_of(&mail);
        assert!(text.contains("multipart/alternative"), "{text}");
        let (plain, html) = (text.find("text/plain").unwrap(), text.find("text/html").unwrap());
        assert!(plain < html && text.contains("\r\nHi Ann & co\r\n"), "{text}");
        assert_eq!(text, text_of(&mail));
    }

    #[test]
    fn any_utf8_is_ascii_on_the_wire() {
        let mail = Mail {
            from: "Blumen Müller, \"Köln\" 🌷 <blumen@müller.de>".to_owned(),
            subject: "Grüße 🎉 ".repeat(20),
            html: Some("<p>schön</p>".to_owned()),
            headers: vec![("X-Note".to_owned(), "größer".to_owned())],
            ..mail()
        };
        let built = build(&mail).unwrap();
        assert!(built.bytes.is_ascii());
        let text = String::from_utf8(built.bytes).unwrap();
        assert!(text.contains("<blumen@xn--mller-kva.de>"), "{text}");
        assert!(text.contains("Subject: =?utf-8?b?"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert_eq!(built.envelope.from().unwrap().to_string(), "blumen@xn--mller-kva.de");
    }

    #[test]
    fn names_need_no_quotes_and_may_have_them() {
        for from in ["Shop, Inc. <s@example.com>", "\"Shop, Inc.\" <s@example.com>"] {
            let text = text_of(&Mail { from: from.to_owned(), ..mail() });
            let encoded = "From: =?utf-8?b?U2hvcCwgSW5jLg==?= <s@example.com>\r\n";
            assert!(text.contains(encoded), "{text}");
        }
        let text = text_of(&Mail { reply_to: Some(" <r@example.com>".to_owned()), ..mail() });
        assert!(text.contains("Reply-To: r@example.com\r\n"), "{text}");
    }

    #[test]
    fn what_would_break_the_message_is_refused() {
        let headers = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let cases = [
            (
                Mail { to: "ann".to_owned(), ..mail() },
                "`to` is `ann`, expected an address like `ann@example.com`",
            ),
            (
                Mail { to: String::new(), ..mail() },
                "`to` is ``, expected an address like `ann@example.com`",
            ),
            (
                Mail { to: "a@b.com, c@d.com".to_owned(), ..mail() },
                "`to` is `a@b.com, c@d.com`, expected an address like `ann@example.com`",
            ),
            (
                Mail { to: "a@b.com\r\nBcc: c@d.com".to_owned(), ..mail() },
                "`to` holds a line break or NUL, expected one line of text",
            ),
            (
                Mail { subject: "a\nBcc: c@d.com".to_owned(), ..mail() },
                "`subject` holds a line break or NUL, expected one line of text",
            ),
            (
                Mail { headers: headers("X-A", "a\rb"), ..mail() },
                "`X-A` holds a line break or NUL, expected one line of text",
            ),
            (
                Mail { headers: headers("X A:", "b"), ..mail() },
                "`X A:` is no header name, expected letters, digits and `-`",
            ),
            (
                Mail { headers: headers("BCC", "b@c.d"), ..mail() },
                "the header `BCC` is set from the message itself and cannot be given",
            ),
            (
                Mail { message_id: "7@example.com".to_owned(), ..mail() },
                "the message id is `7@example.com`, expected `<something@host>`",
            ),
            (
                Mail { message_id: "<7>\r\nX: <@a>".to_owned(), ..mail() },
                "the message id is `<7>\\r\\nX: <@a>`, expected `<something@host>`",
            ),
            (Mail { date_ms: -1, ..mail() }, "the date -1 is out of range"),
            (Mail { date_ms: i64::MAX, ..mail() }, "the date 9223372036854775807 is out of range"),
        ];
        for (mail, expected) in cases {
            assert_eq!(build(&mail).unwrap_err().to_string(), expected);
            assert_eq!(check(&mail).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn line_ends_become_one_kind() {
        assert_eq!(crlf("a\nb\r\nc\rd\n\re\r\n\n"), "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n");
        assert_eq!(crlf("ä"), "ä");
    }

    #[test]
    fn headers_of_the_mail_are_added() {
        let list = "<https://example.com/u/abcdefghijklmnopqrstuvwxyz0123456789>";
        let mail = Mail {
            headers: vec![
                ("List-Unsubscribe".to_owned(), list.to_owned()),
                ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
            ],
            ..mail()
        };
        let text = text_of(&mail);
        assert!(
            text.replace("\r\n ", " ").contains(&format!("List-Unsubscribe: {list}\r\n")),
            "{text}"
        );
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{text}");
    }
}

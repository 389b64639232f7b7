//! A mail as it arrived: envelope, headers, and the bodies a reader would see.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// One message that the sink took in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers in order, unfolded, as they came.
    pub headers: Vec<(String, String)>,
    /// The whole message, lines end with CRLF, dots unstuffed.
    pub raw: String,
    /// Whether the sink said that it took it. One that it did not may come a second time, and that
    /// is the sender's right.
    pub is_answered: bool,
}

impl Mail {
    /// Reads the headers of what came after DATA.
    pub fn new(from: String, to: Vec<String>, raw: String) -> Self {
        let headers = headers(&split(&raw).0);
        Self { from, to, headers, raw, is_answered: false }
    }

    /// The first header of this name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// With its angle brackets.
    pub fn message_id(&self) -> &str {
        self.header("Message-ID")
            .unwrap_or_else(|| panic!("a mail without Message-ID:\n{}", self.raw))
    }

    /// Decoded, empty where there is none.
    pub fn subject(&self) -> String {
        decode_words(self.header("Subject").unwrap_or_default())
    }

    /// The decoded plain text.
    pub fn text(&self) -> Option<String> {
        part(&self.raw, "text/plain")
    }

    /// The decoded HTML.
    pub fn html(&self) -> Option<String> {
        part(&self.raw, "text/html")
    }
}

fn split(raw: &str) -> (String, String) {
    let raw = raw.replace("\r\n", "\n");
    match raw.split_once("\n\n") {
        Some((head, body)) => (head.to_owned(), body.to_owned()),
        None => (raw, String::new()),
    }
}

fn headers(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    headers
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))?;
    Some(&found.1)
}

/// The first part of this media type, at any depth.
fn part(raw: &str, media_type: &str) -> Option<String> {
    let (head, body) = split(raw);
    let headers = headers(&head);
    let content_type = find(&headers, "Content-Type").unwrap_or("text/plain");
    if let Some(boundary) = parameter(content_type, "boundary") {
        let delimiter = format!("--{boundary}");
        return body.split(delimiter.as_str()).skip(1).find_map(|piece| {
            let piece = piece.strip_prefix('\n')?;
            part(piece.strip_suffix('\n').unwrap_or(piece), media_type)
        });
    }
    if !content_type.to_ascii_lowercase().starts_with(media_type) {
        return None;
    }
    let encoding = find(&headers, "Content-Transfer-Encoding").unwrap_or("7bit");
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => base64(&body),
        "quoted-printable" => quoted_printable(&body, false),
        _ => body.into_bytes(),
    };
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"').to_owned())
    })
}

fn base64(text: &str) -> Vec<u8> {
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(&compact).unwrap_or_else(|error| panic!("wrong base64: {error}: `{compact}`"))
}

/// RFC 2045; in headers (RFC 2047) an underscore stands for a space.
fn quoted_printable(text: &str, in_header: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'=' if rest.starts_with(b"\n") => rest = &rest[1..],
            b'=' => {
                let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
                bytes.push(value.unwrap_or_else(|| panic!("wrong quoted-printable: `{text}`")));
                rest = &rest[2..];
            }
            b'_' if in_header => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    bytes
}

/// `=?utf-8?b?…?=` and `=?utf-8?q?…?=`; the white space between two of them is not text.
fn decode_words(value: &str) -> String {
    let mut text = Vec::new();
    let mut was_encoded = false;
    for word in value.split(' ') {
        let decoded = decode_word(word);
        let belongs_together = was_encoded && decoded.is_some();
        if !text.is_empty() && !belongs_together {
            text.push(b' ');
        }
        was_encoded = decoded.is_some();
        text.extend(decoded.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn decode_word(word: &str) -> Option<Vec<u8>> {
    let mut pieces = word.strip_prefix("=?")?.strip_suffix("?=")?.splitn(3, '?');
    let (_charset, encoding, text) = (pieces.next()?, pieces.next()?, pieces.next()?);
    match encoding {
        "b" | "B" => Some(base64(text)),
        "q" | "Q" => Some(quoted_printable(text, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Mail;

    fn mail(raw: &str) -> Mail {
        Mail::new("a@x.test".to_owned(), vec!["b@x.test".to_owned()], raw.replace('\n', "\r\n"))
    }

    #[test]
    fn headers_are_unfolded_and_decoded() {
        let mail = mail(
            "Message-ID: <1@x>\nSubject: =?utf-8?b?R3LDvA==?=\n =?utf-8?q?=C3=9Fe_an?= Ada\n\nhi\n",
        );
        assert_eq!(mail.message_id(), "<1@x>");
        assert_eq!(mail.subject(), "Grüße an Ada");
        assert_eq!(mail.text().as_deref(), Some("hi\n"));
        assert_eq!(mail.html(), None);
    }

    #[test]
    fn both_bodies_of_a_multipart_are_decoded() {
        let mail = mail(concat!(
            "Content-Type: multipart/alternative;\n boundary=\"b\"\n\n",
            "--b\nContent-Type: text/plain; charset=utf-8\n",
            "Content-Transfer-Encoding: quoted-printable\n\nf=C3=BCr=\n dich\n",
            "--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+\naGk8L2I+\n",
            "--b--\n",
        ));
        assert_eq!(mail.text().as_deref(), Some("für dich"));
        assert_eq!(mail.html().as_deref(), Some("<b>hi</b>"));
    }
}

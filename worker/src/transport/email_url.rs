//! `SOJOURN_EMAIL_URL`: what it may say, and what is wrong if it says
//! something else. The password appears in no message and no debug output.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

const SUBMISSION_PORT: u16 = 587;
const IMPLICIT_TLS_PORT: u16 = 465;
const DEFAULT_CONNECTIONS: usize = 8;
const MAX_CONNECTIONS: usize = 500;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);
const MAX_TIMEOUT_SECONDS: u64 = 600;
const MESSAGES_PER_CONNECTION: u32 = 100;
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailUrl {
    Smtp(SmtpUrl),
    Inbox,
    File(PathBuf),
    Null,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpUrl {
    /// A name or an address, without brackets.
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub login: Option<Login>,
    pub connections: usize,
    /// For connecting, and for each command.
    pub timeout: Duration,
    /// A PEM file with certificates to trust besides the public ones.
    pub ca: Option<PathBuf>,
    pub messages_per_connection: u32,
    pub idle_timeout: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted from the first byte: `smtps://`.
    Implicit,
    /// Encrypted, or nothing is sent: `tls=required`.
    Required,
    /// Encrypted if the server offers it; a login is never sent without:
    /// `tls=starttls`, the default.
    WhenOffered,
    /// Never encrypted, not even a login: `tls=none`.
    Never,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub name: String,
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("name", &self.name).field("password", &"…").finish()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailUrlError {
    #[error(
        "unknown kind of email URL `{0}`, expected `smtp://…`, `smtps://…`, `inbox:`, `file:DIR` or `null:`"
    )]
    Scheme(String),
    #[error("not a URL: {0}")]
    Syntax(url::ParseError),
    #[error("`{0}` takes nothing behind the colon")]
    NothingBehind(&'static str),
    #[error("`file:` needs a folder, for instance `file:./mails`")]
    NoFolder,
    #[error("the email URL names no host, expected for instance `smtp://mail.example.com:587`")]
    NoHost,
    #[error("the email URL has a path, expected nothing between the port and `?`")]
    Path,
    #[error("the login in the email URL is not UTF-8 after decoding `%XX`")]
    LoginEncoding,
    #[error("the email URL has a login name without a password, expected `name:password@`")]
    NoPassword,
    #[error("unknown parameter `{0}`, expected `tls`, `connections`, `timeout` or `ca`")]
    Parameter(String),
    #[error("`{name}` is `{found}`, expected {expected}")]
    Value { name: &'static str, found: String, expected: &'static str },
}

impl FromStr for EmailUrl {
    type Err = EmailUrlError;

    fn from_str(text: &str) -> Result<EmailUrl, EmailUrlError> {
        let text = text.trim();
        // What has no colon may be anything, a password too: it is not repeated.
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(EmailUrlError::Scheme("…".to_owned()));
        };
        match scheme {
            "smtp" | "smtps" => parse_smtp(text).map(EmailUrl::Smtp),
            "inbox" if rest.is_empty() => Ok(EmailUrl::Inbox),
            "inbox" => Err(EmailUrlError::NothingBehind("inbox:")),
            "null" if rest.is_empty() => Ok(EmailUrl::Null),
            "null" => Err(EmailUrlError::NothingBehind("null:")),
            "file" => match rest.strip_prefix("//").unwrap_or(rest) {
                "" => Err(EmailUrlError::NoFolder),
                folder => Ok(EmailUrl::File(PathBuf::from(folder))),
            },
            other => Err(EmailUrlError::Scheme(format!("{other}:"))),
        }
    }
}

fn parse_smtp(text: &str) -> Result<SmtpUrl, EmailUrlError> {
    let url = Url::parse(text).map_err(EmailUrlError::Syntax)?;
    let implicit = url.scheme() == "smtps";
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(EmailUrlError::NoHost)?;
    if !matches!(url.path(), "" | "/") {
        return Err(EmailUrlError::Path);
    }
    let mut smtp = SmtpUrl {
        host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
        port: url.port().unwrap_or(if implicit { IMPLICIT_TLS_PORT } else { SUBMISSION_PORT }),
        tls: if implicit { Tls::Implicit } else { Tls::WhenOffered },
        login: parse_login(&url)?,
        connections: DEFAULT_CONNECTIONS,
        timeout: DEFAULT_TIMEOUT,
        ca: None,
        messages_per_connection: MESSAGES_PER_CONNECTION,
        idle_timeout: IDLE_TIMEOUT,
    };
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "tls" => smtp.tls = parse_tls(&value, implicit)?,
            "connections" => smtp.connections = parse_connections(&value)?,
            "timeout" => smtp.timeout = parse_timeout(&value)?,
            "ca" => smtp.ca = Some(PathBuf::from(value.as_ref())),
            other => return Err(unknown_parameter(other)),
        }
    }
    Ok(smtp)
}

/// A password with an unencoded `?` in it would end up here: only what looks
/// like a name is repeated.
fn unknown_parameter(name: &str) -> EmailUrlError {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    EmailUrlError::Parameter(if is_name { name } else { "…" }.to_owned())
}

fn parse_login(url: &Url) -> Result<Option<Login>, EmailUrlError> {
    let name = percent_decode(url.username())?;
    match url.password() {
        Some(password) => Ok(Some(Login { name, password: percent_decode(password)? })),
        None if name.is_empty() => Ok(None),
        None => Err(EmailUrlError::NoPassword),
    }
}

fn parse_tls(value: &str, implicit: bool) -> Result<Tls, EmailUrlError> {
    let unexpected =
        |expected| EmailUrlError::Value { name: "tls", found: value.to_owned(), expected };
    match (value, implicit) {
        ("required", true) => Ok(Tls::Implicit),
        (_, true) => {
            Err(unexpected("`required` or no `tls` at all, `smtps://` is always encrypted"))
        }
        ("starttls", false) => Ok(Tls::WhenOffered),
        ("required", false) => Ok(Tls::Required),
        ("none", false) => Ok(Tls::Never),
        (_, false) => Err(unexpected("`starttls`, `required` or `none`")),
    }
}

fn parse_connections(value: &str) -> Result<usize, EmailUrlError> {
    value.parse().ok().filter(|count| (1..=MAX_CONNECTIONS).contains(count)).ok_or_else(|| {
        EmailUrlError::Value {
            name: "connections",
            found: value.to_owned(),
            expected: "a number from 1 to 500",
        }
    })
}

fn parse_timeout(value: &str) -> Result<Duration, EmailUrlError> {
    value
        .parse()
        .ok()
        .filter(|seconds| (1..=MAX_TIMEOUT_SECONDS).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| EmailUrlError::Value {
            name: "timeout",
            found: value.to_owned(),
            expected: "a number of seconds from 1 to 600",
        })
}

fn percent_decode(text: &str) -> Result<String, EmailUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = match (first, tail) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        match (hex, tail) {
            (Some((high, low)), [_, _, after @ ..]) => {
                bytes.push(high << 4 | low);
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| EmailUrlError::LoginEncoding)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> SmtpUrl {
        match text.parse().unwrap() {
            EmailUrl::Smtp(url) => url,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn smtp_has_defaults_and_parameters() {
        let url = smtp("smtp://mail.example.com");
        assert_eq!(
            (url.host.as_str(), url.port, url.tls),
            ("mail.example.com", 587, Tls::WhenOffered)
        );
        assert_eq!((url.login, url.connections, url.timeout), (None, 8, Duration::from_secs(20)));
        let url = smtp("smtp://h:25?tls=none&connections=3&timeout=5&ca=/etc/ca.pem");
        assert_eq!((url.port, url.tls, url.connections), (25, Tls::Never, 3));
        assert_eq!(
            (url.timeout, url.ca),
            (Duration::from_secs(5), Some(PathBuf::from("/etc/ca.pem")))
        );
        assert_eq!(smtp("smtp://h?tls=required").tls, Tls::Required);
        let url = smtp("smtps://[::1]");
        assert_eq!((url.host.as_str(), url.port, url.tls), ("::1", 465, Tls::Implicit));
    }

    #[test]
    fn a_login_is_decoded_and_never_shown() {
        let url = smtp("smtp://ann%40example.com:p%3Ass%2Fw%C3%B6rd+@h");
        let login = url.login.clone().unwrap();
        assert_eq!(
            (login.name.as_str(), login.password.as_str()),
            ("ann@example.com", "p:ss/wörd+")
        );
        let shown = format!("{:?}", EmailUrl::Smtp(url));
        assert!(shown.contains("ann@example.com") && !shown.contains("wörd"), "{shown}");
    }

    #[test]
    fn the_others() {
        assert_eq!("inbox:".parse(), Ok(EmailUrl::Inbox));
        assert_eq!(" null: ".parse(), Ok(EmailUrl::Null));
        assert_eq!("file:./mails".parse(), Ok(EmailUrl::File("./mails".into())));
        assert_eq!("file:///var/mails".parse(), Ok(EmailUrl::File("/var/mails".into())));
    }

    #[test]
    fn errors_say_what_was_expected_and_keep_the_password() {
        let cases = [
            (
                "smpt://a:secret@h",
                "unknown kind of email URL `smpt:`, expected `smtp://…`, `smtps://…`, `inbox:`, `file:DIR` or `null:`",
            ),
            (
                "secret",
                "unknown kind of email URL `…`, expected `smtp://…`, `smtps://…`, `inbox:`, `file:DIR` or `null:`",
            ),
            ("inbox:secret", "`inbox:` takes nothing behind the colon"),
            ("file:", "`file:` needs a folder, for instance `file:./mails`"),
            (
                "smtp://",
                "the email URL names no host, expected for instance `smtp://mail.example.com:587`",
            ),
            ("smtp://a:secret@h:port", "not a URL: invalid port number"),
            (
                "smtp://a:secret@h/path",
                "the email URL has a path, expected nothing between the port and `?`",
            ),
            (
                "smtp://secret@h",
                "the email URL has a login name without a password, expected `name:password@`",
            ),
            (
                "smtp://a:secret%ff@h",
                "the login in the email URL is not UTF-8 after decoding `%XX`",
            ),
            (
                "smtp://a:secret@h?tsl=none",
                "unknown parameter `tsl`, expected `tls`, `connections`, `timeout` or `ca`",
            ),
            (
                "smtp://a:secret@h?tls=yes",
                "`tls` is `yes`, expected `starttls`, `required` or `none`",
            ),
            (
                "smtps://a:secret@h?tls=none",
                "`tls` is `none`, expected `required` or no `tls` at all, `smtps://` is always encrypted",
            ),
            ("smtp://h?connections=0", "`connections` is `0`, expected a number from 1 to 500"),
            (
                "smtp://h?timeout=1h",
                "`timeout` is `1h`, expected a number of seconds from 1 to 600",
            ),
        ];
        for (text, expected) in cases {
            let error = text.parse::<EmailUrl>().unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(!format!("{error:?}").contains("secret"));
        }
    }
}

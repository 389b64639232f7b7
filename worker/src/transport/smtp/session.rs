//! One connection: opened, logged in, used for message after message.
//!
//! Each step has a time limit and its own name in what is reported. A refusal
//! of one message leaves the connection usable; silence or noise does not.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::dial::dial;
use crate::mime::Encoded;
use crate::transport::email_url::SmtpUrl;

/// Time-outs of one command that the body and the answer to it may take:
/// servers filter content before they answer.
const BODY_TIMEOUTS: u32 = 4;
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);
const BODY_CHUNK_BYTES: usize = 16 * 1024;
/// The server wants another login: about us, not about the message.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];
const CLOSING: u16 = 421;
const MAX_ID_BYTES: usize = 200;

/// Where in the conversation something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connect,
    Greeting,
    Starttls,
    Login,
    Reset,
    Sender,
    Recipient,
    Data,
    Body,
}

#[derive(Debug)]
pub(super) enum Trouble {
    /// The server said no.
    Answer {
        stage: Stage,
        code: u16,
        words: String,
    },
    /// The connection ended or was never made.
    Broken {
        stage: Stage,
        cause: String,
    },
    TimedOut {
        stage: Stage,
    },
    /// We will not go on, though we could: the settings forbid it.
    Refused {
        cause: String,
    },
    /// This server cannot take this message.
    Unable {
        cause: String,
    },
}

pub(super) struct Session {
    connection: AsyncSmtpConnection,
    command_timeout: Duration,
    messages: u32,
    /// A message was refused half way; the server must forget it first.
    unfinished: bool,
    used: Instant,
}

impl Session {
    pub(super) async fn open(
        url: &SmtpUrl,
        tls: &TlsConnector,
        hello: &ClientId,
    ) -> Result<Session, Trouble> {
        let stream = dial(url, tls, hello).await?;
        let greeting = AsyncSmtpConnection::connect_with_transport(stream, hello);
        let mut connection = within(url.timeout, Stage::Greeting, greeting).await?;
        if let Some(login) = &url.login {
            let credentials = Credentials::new(login.name.clone(), login.password.clone());
            let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            within(url.timeout, Stage::Login, login).await?;
        }
        Ok(Session {
            connection,
            command_timeout: url.timeout,
            messages: 0,
            unfinished: false,
            used: Instant::now(),
        })
    }

    /// Sends one message; gives the id under which the server took it.
    ///
    /// `given_over` becomes true once the end of the message may have reached
    /// the server: an error from then on does not say what became of it.
    pub(super) async fn send(
        &mut self,
        message: &Encoded,
        given_over: &AtomicBool,
    ) -> Result<Option<String>, Trouble> {
        if std::mem::replace(&mut self.unfinished, true) {
            self.command(Stage::Reset, Rset).await?;
        }
        let envelope = &message.envelope;
        let mut parameters = Vec::new();
        if !is_ascii(message) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let cause = "the server takes no addresses beyond ASCII (no SMTPUTF8)".to_owned();
                return Err(Trouble::Unable { cause });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.command(Stage::Sender, Mail::new(envelope.from().cloned(), parameters)).await?;
        for recipient in envelope.to() {
            self.command(Stage::Recipient, Rcpt::new(recipient.clone(), Vec::new())).await?;
        }
        self.command(Stage::Data, Data).await?;

        let mut chunks = message.bytes.chunks(BODY_CHUNK_BYTES);
        // The iterator is asked for more only when all before is written.
        let body = std::iter::from_fn(|| {
            let chunk = chunks.next();
            if chunk.is_none() {
                given_over.store(true, Ordering::Relaxed);
            }
            chunk
        });
        let limit = self.command_timeout * BODY_TIMEOUTS;
        let answer = within(limit, Stage::Body, self.connection.message_iter(body)).await?;
        self.unfinished = false;
        self.messages += 1;
        self.used = Instant::now();
        Ok(provider_id(&answer))
    }

    async fn command(
        &mut self,
        stage: Stage,
        command: impl fmt::Display,
    ) -> Result<Response, Trouble> {
        within(self.command_timeout, stage, self.connection.command(command)).await
    }

    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    pub(super) fn idle_for(&self) -> Duration {
        self.used.elapsed()
    }

    /// Says goodbye without anybody waiting for it.
    pub(super) fn quit(mut self) {
        tokio::spawn(async move {
            let _ = timeout(QUIT_TIMEOUT, self.connection.quit()).await;
        });
    }
}

impl Trouble {
    /// No other try will do. Only an answer to the message itself can say so:
    /// a server that refuses us as a client may let us in tomorrow.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Trouble::Answer { stage, code, .. } => {
                let about_message =
                    matches!(stage, Stage::Sender | Stage::Recipient | Stage::Data | Stage::Body);
                about_message && (500..600).contains(code) && !LOGIN_CODES.contains(code)
            }
            Trouble::Unable { .. } => true,
            Trouble::Broken { .. } | Trouble::TimedOut { .. } | Trouble::Refused { .. } => false,
        }
    }

    pub(super) fn leaves_connection_usable(&self) -> bool {
        match self {
            Trouble::Answer { code, .. } => *code != CLOSING && !LOGIN_CODES.contains(code),
            Trouble::Unable { .. } => true,
            Trouble::Broken { .. } | Trouble::TimedOut { .. } | Trouble::Refused { .. } => false,
        }
    }

    /// How a connection looks that the server closed while nobody used it.
    pub(super) fn is_stale(&self) -> bool {
        let first = |stage: &Stage| matches!(stage, Stage::Reset | Stage::Sender);
        match self {
            Trouble::Broken { stage, .. } => first(stage),
            Trouble::Answer { stage, code, .. } => {
                *stage == Stage::Reset || (first(stage) && *code == CLOSING)
            }
            Trouble::TimedOut { .. } | Trouble::Refused { .. } | Trouble::Unable { .. } => false,
        }
    }

    fn from_smtp(stage: Stage, error: &SmtpError) -> Trouble {
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        match error.status() {
            Some(code) => Trouble::Answer { stage, code: code.into(), words },
            None if words == "incomplete response" => {
                Trouble::Broken { stage, cause: "the server closed the connection".to_owned() }
            }
            None if words.is_empty() => Trouble::Broken { stage, cause: error.to_string() },
            None => Trouble::Broken { stage, cause: words },
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Answer { stage, code, words } => {
                write!(f, "the server answered {stage} with `{code} {}`", words.trim())
            }
            Trouble::Broken { stage, cause } => write!(f, "{cause}, at {stage}"),
            Trouble::TimedOut { stage } => write!(f, "no answer in time, at {stage}"),
            Trouble::Refused { cause } | Trouble::Unable { cause } => f.write_str(cause),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Connect => "connecting",
            Stage::Greeting => "the greeting",
            Stage::Starttls => "STARTTLS",
            Stage::Login => "the login",
            Stage::Reset => "RSET",
            Stage::Sender => "the sender",
            Stage::Recipient => "the recipient",
            Stage::Data => "DATA",
            Stage::Body => "the message",
        })
    }
}

/// Whether any server takes it: what lies beyond ASCII in addresses, also in
/// those of the headers, is the only thing no encoding could hide.
fn is_ascii(message: &Encoded) -> bool {
    let mut addresses = message.envelope.from().into_iter().chain(message.envelope.to());
    message.bytes.is_ascii() && addresses.all(|address| address.to_string().is_ascii())
}

async fn within<T>(
    limit: Duration,
    stage: Stage,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Trouble> {
    match timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::from_smtp(stage, &error)),
        Err(_) => Err(Trouble::TimedOut { stage }),
    }
}

/// The id in the common forms of the last answer: `Ok: queued as 4FzK`, or
/// `Ok 0100018c` as Amazon writes it.
fn provider_id(answer: &Response) -> Option<String> {
    let text = answer.message().collect::<Vec<_>>().join(" ");
    let mut words = text.split_whitespace();
    let mut previous = "";
    while let Some(word) = words.next() {
        let follows = match (previous, word) {
            ("queued", "as") => words.next(),
            (before, only) if before.eq_ignore_ascii_case("ok") => {
                words.clone().next().is_none().then_some(only)
            }
            _ => None,
        };
        if let Some(id) = follows {
            let id = id.trim_end_matches(['.', ',', ';']);
            let plausible = id.len() <= MAX_ID_BYTES && id.bytes().all(|b| b.is_ascii_graphic());
            return plausible.then(|| id.to_owned());
        }
        previous = word;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_id_is_found_where_there_is_one() {
        let cases = [
            ("250 2.0.0 Ok: queued as 4FzKab12\r\n", Some("4FzKab12")),
            ("250 Ok 0100018c-77ab-000000\r\n", Some("0100018c-77ab-000000")),
            ("250-first\r\n250 Ok: queued as X.\r\n", Some("X")),
            ("250 2.0.0 Ok\r\n", None),
            ("250 Ok thank you\r\n", None),
            ("250 queued\r\n", None),
        ];
        for (answer, id) in cases {
            assert_eq!(provider_id(&answer.parse().unwrap()).as_deref(), id, "{answer}");
        }
    }
}

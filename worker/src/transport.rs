//! Where mail goes: SMTP, the inbox in the database, files, or nowhere.
//!
//! A transport hands over what it is given and says what became of it. It
//! stores nothing and retries nothing beyond a stale connection: what to do
//! about an outcome is decided by whoever owns the delivery.

mod email_url;
mod file;
mod html_text;
mod smtp;

#[cfg(test)]
mod fake_server;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use uuid::Uuid;

use self::smtp::Smtp;
use crate::mime;

pub use self::email_url::{EmailUrl, EmailUrlError, Login, SmtpUrl, Tls};
pub(crate) use self::html_text::html_to_text;

/// How many deliveries a transport without connections takes at once.
const UNCONNECTED_CAPACITY: usize = 500;
const UNCONNECTED_TIMEOUT: Duration = Duration::from_secs(10);

/// One message to one address, rendered and ready.
#[derive(Clone, Debug)]
pub struct Mail {
    pub delivery: Uuid,
    /// An address, or `name <address>`; any UTF-8 in the name.
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub html: Option<String>,
    /// Made from `html` if empty.
    pub text: String,
    /// With angle brackets.
    pub message_id: String,
    pub date_ms: i64,
    pub headers: Vec<(String, String)>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent {
        provider_id: Option<String>,
    },
    /// Certainly not handed over; worth another try.
    Transient {
        reason: String,
        retry_after_ms: Option<i64>,
    },
    /// Refused for good.
    Permanent {
        reason: String,
    },
    /// Given over in full, but the answer never came: nobody knows. To be
    /// treated like a message that was marked `sending` when a process died.
    Unknown {
        reason: String,
    },
}

#[derive(Clone)]
pub enum Transport {
    Smtp(Arc<Smtp>),
    /// The caller keeps the rendered message in the database.
    Inbox,
    File(PathBuf),
    Null,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("cannot create the folder `{}`: {cause}", path.display())]
    Folder { path: PathBuf, cause: std::io::Error },
    #[error("cannot read certificates from `{}`: {cause}", path.display())]
    Certificates { path: PathBuf, cause: String },
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
}

impl Transport {
    /// Prepares the transport; connections are made when there is mail.
    pub fn connect(url: &EmailUrl) -> Result<Transport, ConnectError> {
        Ok(match url {
            EmailUrl::Smtp(url) => Transport::Smtp(Arc::new(Smtp::new(url.clone())?)),
            EmailUrl::Inbox => Transport::Inbox,
            EmailUrl::File(folder) => {
                file::prepare(folder)?;
                Transport::File(folder.clone())
            }
            EmailUrl::Null => Transport::Null,
        })
    }

    /// How many deliveries may be marked `sending` at once.
    pub fn capacity(&self) -> usize {
        match self {
            Transport::Smtp(smtp) => smtp.capacity(),
            Transport::Inbox | Transport::File(_) | Transport::Null => UNCONNECTED_CAPACITY,
        }
    }

    /// No call of `send` takes longer; a lease must have this much left.
    pub fn send_timeout(&self) -> Duration {
        match self {
            Transport::Smtp(smtp) => smtp.send_timeout(),
            Transport::Inbox | Transport::File(_) | Transport::Null => UNCONNECTED_TIMEOUT,
        }
    }

    /// Sends all at once over the free connections; outcomes in the order of
    /// the mails. It ends with the slowest: to act on each as it ends, use
    /// `send_one`.
    pub async fn send(&self, mails: Vec<Mail>) -> Vec<Outcome> {
        join_all(mails.into_iter().map(|mail| self.send_one(mail))).await
    }

    pub async fn send_one(&self, mail: Mail) -> Outcome {
        let sent = match self {
            Transport::Smtp(smtp) => match mime::build(&mail) {
                Ok(message) => return smtp.send(&message).await,
                Err(refusal) => Err(refusal),
            },
            Transport::File(folder) => match mime::build(&mail) {
                Ok(message) => return file::write(folder, &mail, &message.bytes).await,
                Err(refusal) => Err(refusal),
            },
            Transport::Inbox | Transport::Null => mime::check(&mail),
        };
        match sent {
            Ok(()) => Outcome::Sent { provider_id: None },
            Err(refusal) => Outcome::Permanent { reason: refusal.to_string() },
        }
    }
}

impl Outcome {
    fn transient(reason: impl Into<String>) -> Outcome {
        Outcome::Transient { reason: reason.into(), retry_after_ms: None }
    }
}

//! SMTP over a small pool of connections of our own.
//!
//! Our own, because the library's pool leaves Nagle's algorithm on and waits
//! 40 ms on every message, asks before each reuse whether the connection still
//! lives, and does not bound how many are open.

mod dial;
mod session;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use self::session::{Session, Trouble};
use super::email_url::SmtpUrl;
use super::{ConnectError, Outcome};
use crate::mime::Encoded;

/// What a whole hand-over may take, the wait for a free connection included, in
/// time-outs of one command. All its steps could take longer one by one, but
/// what succeeds does not use up the time of every step.
const SEND_TIMEOUTS: u32 = 6;
/// Servers can be talkative; reasons are stored with each delivery.
const MAX_REASON_CHARS: usize = 500;

pub struct Smtp {
    url: SmtpUrl,
    hello: ClientId,
    tls: TlsConnector,
    free: Semaphore,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// The last used is the first to be used again, so that what is not needed
    /// grows old and is closed.
    sessions: Vec<Session>,
    watched: bool,
}

impl Smtp {
    pub(super) fn new(url: SmtpUrl) -> Result<Smtp, ConnectError> {
        Ok(Smtp {
            tls: dial::connector(url.ca.as_deref())?,
            hello: ClientId::default(),
            free: Semaphore::new(url.connections),
            idle: Mutex::default(),
            url,
        })
    }

    pub(super) fn capacity(&self) -> usize {
        self.url.connections
    }

    pub(super) fn send_timeout(&self) -> Duration {
        self.url.timeout * SEND_TIMEOUTS
    }

    pub(super) async fn send(self: &Arc<Self>, message: &Encoded) -> Outcome {
        let given_over = AtomicBool::new(false);
        let sent = timeout(self.send_timeout(), self.hand_over(message, &given_over)).await;
        let given_over = given_over.load(Ordering::Relaxed);
        match sent {
            Ok(Ok(provider_id)) => Outcome::Sent { provider_id },
            Ok(Err(trouble)) => self.judge(&trouble, given_over),
            Err(_) => {
                self.unanswered(&format!("not done within {:?}", self.send_timeout()), given_over)
            }
        }
    }

    async fn hand_over(
        self: &Arc<Self>,
        message: &Encoded,
        given_over: &AtomicBool,
    ) -> Result<Option<String>, Trouble> {
        // The semaphore is never closed; if it were, nothing would be limited.
        let _permit = self.free.acquire().await;
        if let Some(session) = self.take_idle() {
            match self.attempt(session, message, given_over).await {
                // The server may have hung up while the connection was idle.
                Err(trouble) if trouble.is_stale() => {}
                answered => return answered,
            }
        }
        let session = Session::open(&self.url, &self.tls, &self.hello).await?;
        self.attempt(session, message, given_over).await
    }

    async fn attempt(
        self: &Arc<Self>,
        mut session: Session,
        message: &Encoded,
        given_over: &AtomicBool,
    ) -> Result<Option<String>, Trouble> {
        let answer = session.send(message, given_over).await;
        let usable = answer.as_ref().err().is_none_or(Trouble::leaves_connection_usable);
        if usable && session.messages() < self.url.messages_per_connection {
            self.keep(session);
        } else if usable {
            session.quit();
        }
        answer
    }

    fn judge(&self, trouble: &Trouble, given_over: bool) -> Outcome {
        let reason = trouble.to_string();
        if trouble.is_final() {
            return Outcome::Permanent { reason: self.at_host(&reason) };
        }
        match trouble {
            Trouble::Broken { .. } | Trouble::TimedOut { .. } => {
                self.unanswered(&reason, given_over)
            }
            Trouble::Answer { .. } | Trouble::Refused { .. } | Trouble::Unable { .. } => {
                Outcome::transient(self.at_host(&reason))
            }
        }
    }

    fn unanswered(&self, reason: &str, given_over: bool) -> Outcome {
        let reason = self.at_host(reason);
        if given_over {
            Outcome::Unknown { reason: format!("{reason}, after the whole message was sent") }
        } else {
            Outcome::transient(reason)
        }
    }

    /// The reason with the server's name, short and without control characters.
    fn at_host(&self, reason: &str) -> String {
        let shown = reason.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
        let shown: String = shown.take(MAX_REASON_CHARS).collect();
        format!("{}:{}: {shown}", self.url.host, self.url.port)
    }

    fn take_idle(&self) -> Option<Session> {
        let mut idle = self.idle();
        idle.close_expired(self.url.idle_timeout);
        idle.sessions.pop()
    }

    fn keep(self: &Arc<Self>, session: Session) {
        let mut idle = self.idle();
        idle.sessions.push(session);
        if !idle.watched {
            idle.watched = true;
            tokio::spawn(watch_idle(Arc::downgrade(self), self.url.idle_timeout));
        }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Idle {
    fn close_expired(&mut self, idle_timeout: Duration) {
        let (expired, fresh) =
            self.sessions.drain(..).partition(|session| session.idle_for() >= idle_timeout);
        self.sessions = fresh;
        let expired: Vec<Session> = expired;
        expired.into_iter().for_each(Session::quit);
    }
}

/// Lives while there are idle connections, and no longer than the pool.
async fn watch_idle(pool: Weak<Smtp>, idle_timeout: Duration) {
    loop {
        sleep(idle_timeout).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut idle = pool.idle();
        idle.close_expired(idle_timeout);
        if idle.sessions.is_empty() {
            idle.watched = false;
            return;
        }
    }
}

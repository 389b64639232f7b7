//! An SMTP server that does as the recipient says: the part of the address
//! before the `@` is its order, so that tests need no shared script.
//!
//! `refuse-CODE@` answers RCPT with the code, `reject-CODE@` the message;
//! `closing@` says 421 and hangs up, `silent@` never answers RCPT, `held@`
//! waits at the end of the message for `release`, `mute@` never answers the
//! message, `cut@` hangs up in its midst, `gone@` after its end without an
//! answer, `last@` takes it and hangs up. All others are taken.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio_rustls::TlsAcceptor;

/// How connections begin, one after another; the last is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Normal,
    Say(&'static str),
    HangUp,
    Silence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    Starttls,
    /// As `Starttls`, with a forged answer in the clear behind the go-ahead.
    StarttlsInjected,
    Implicit,
}

pub(super) struct Settings {
    pub openings: Vec<Opening>,
    pub encryption: Encryption,
    pub auth: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self { openings: vec![Opening::Normal], encryption: Encryption::None, auth: "" }
    }
}

pub(super) struct FakeServer {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    connections: AtomicUsize,
    messages: Mutex<Vec<String>>,
    commands: Mutex<Vec<String>>,
    held: Semaphore,
    arrived: Notify,
    hung_up: Notify,
    tls: TlsAcceptor,
}

enum Next {
    Encrypt,
    Close,
}

impl FakeServer {
    pub(super) async fn start(settings: Settings) -> FakeServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            settings,
            connections: AtomicUsize::new(0),
            messages: Mutex::default(),
            commands: Mutex::default(),
            held: Semaphore::new(0),
            arrived: Notify::new(),
            hung_up: Notify::new(),
            tls: acceptor(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move {
                    shared.accept(stream).await;
                    shared.hung_up.notify_one();
                });
            }
        });
        FakeServer { port, shared }
    }

    pub(super) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub(super) fn messages(&self) -> Vec<String> {
        self.shared.messages.lock().unwrap().clone()
    }

    pub(super) fn said(&self, command: &str) -> bool {
        self.shared.commands.lock().unwrap().iter().any(|line| line.starts_with(command))
    }

    /// Until a message for `held@` has come in full.
    pub(super) async fn holds_one(&self) {
        self.shared.arrived.notified().await;
    }

    pub(super) fn release(&self) {
        self.shared.held.add_permits(1);
    }

    /// Until a connection has ended.
    pub(super) async fn hung_up(&self) {
        self.shared.hung_up.notified().await;
    }
}

impl Shared {
    async fn accept(&self, mut stream: TcpStream) {
        let number = self.connections.fetch_add(1, Ordering::SeqCst);
        let openings = &self.settings.openings;
        match openings.get(number).or(openings.last()).unwrap() {
            Opening::Normal => {}
            Opening::HangUp => return,
            Opening::Silence => std::future::pending().await,
            Opening::Say(words) => {
                let _ = stream.write_all(format!("{words}\r\n").as_bytes()).await;
                // Wait for the other side, so that the words are not lost.
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return;
            }
        }
        if self.settings.encryption == Encryption::Implicit {
            if let Ok(mut stream) = self.tls.accept(stream).await {
                self.converse(&mut stream, true, true).await;
            }
            return;
        }
        if let Some(Next::Encrypt) = self.converse(&mut stream, true, false).await
            && let Ok(mut stream) = self.tls.accept(stream).await
        {
            self.converse(&mut stream, false, true).await;
        }
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        greet: bool,
        encrypted: bool,
    ) -> Option<Next> {
        let mut talk = Talk { stream: BufReader::new(stream), recipient: String::new() };
        if greet {
            talk.say("220 fake ESMTP").await?;
        }
        loop {
            let line = talk.line().await?;
            self.commands.lock().unwrap().push(line.clone());
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => talk.say(&self.features(encrypted)).await?,
                "STARTTLS" => {
                    let injected = self.settings.encryption == Encryption::StarttlsInjected;
                    let forged = if injected { "\r\n250 AUTH PLAIN" } else { "" };
                    talk.say(&format!("220 go ahead{forged}")).await?;
                    return Some(Next::Encrypt);
                }
                "AUTH" => self.log_in(&mut talk, &line).await?,
                "MAIL" | "RSET" => talk.say("250 Ok").await?,
                "RCPT" => self.recipient(&mut talk, &line).await?,
                "DATA" => self.message(&mut talk).await?,
                "QUIT" => {
                    talk.say("221 bye").await?;
                    return Some(Next::Close);
                }
                _ => talk.say("502 what").await?,
            }
        }
    }

    fn features(&self, encrypted: bool) -> String {
        let starttls =
            matches!(self.settings.encryption, Encryption::Starttls | Encryption::StarttlsInjected);
        let mut lines = vec!["250-fake".to_owned()];
        if starttls && !encrypted {
            lines.push("250-STARTTLS".to_owned());
        }
        if !self.settings.auth.is_empty() {
            lines.push(format!("250-AUTH {}", self.settings.auth));
        }
        lines.push("250 8BITMIME".to_owned());
        lines.join("\r\n")
    }

    /// Lets `ann` in with `secret`, by PLAIN or by LOGIN.
    async fn log_in<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        talk: &mut Talk<'_, S>,
        line: &str,
    ) -> Option<()> {
        let given = if let Some(plain) = line.strip_prefix("AUTH PLAIN ") {
            plain.to_owned()
        } else {
            talk.say(&format!("334 {}", BASE64.encode("Username:"))).await?;
            let name = talk.line().await?;
            talk.say(&format!("334 {}", BASE64.encode("Password:"))).await?;
            format!("{name} {}", talk.line().await?)
        };
        let known = [
            BASE64.encode("\0ann\0secret"),
            format!("{} {}", BASE64.encode("ann"), BASE64.encode("secret")),
        ];
        let answer =
            if known.contains(&given) { "235 welcome" } else { "535 5.7.8 wrong password" };
        talk.say(answer).await
    }

    async fn recipient<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        talk: &mut Talk<'_, S>,
        line: &str,
    ) -> Option<()> {
        let address = line.split(['<', '@']).nth(1).unwrap_or_default();
        talk.recipient = address.to_owned();
        match address.split_once('-') {
            Some(("refuse", code)) => talk.say(&format!("{code} 1.2.3 no such box")).await,
            _ if address == "closing" => {
                talk.say("421 closing down").await?;
                None
            }
            _ if address == "silent" => std::future::pending().await,
            _ => talk.say("250 Ok").await,
        }
    }

    async fn message<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        talk: &mut Talk<'_, S>,
    ) -> Option<()> {
        talk.say("354 go on").await?;
        let mut message = String::new();
        loop {
            let line = talk.line().await?;
            if talk.recipient == "cut" {
                return None;
            }
            if line == "." {
                break;
            }
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
            message.push('\n');
        }
        let order = talk.recipient.clone();
        match order.split_once('-') {
            Some(("reject", code)) => return talk.say(&format!("{code} 5.6.0 not this")).await,
            _ if order == "gone" => return None,
            _ if order == "mute" => std::future::pending().await,
            _ if order == "held" => {
                self.arrived.notify_one();
                self.held.acquire().await.unwrap().forget();
            }
            _ => {}
        }
        let count = {
            let mut messages = self.messages.lock().unwrap();
            messages.push(message);
            messages.len()
        };
        talk.say(&format!("250 2.0.0 Ok: queued as ID{count}")).await?;
        if order == "last" { None } else { Some(()) }
    }
}

struct Talk<'s, S> {
    stream: BufReader<&'s mut S>,
    recipient: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<'_, S> {
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(1..) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
            _ => None,
        }
    }

    async fn say(&mut self, words: &str) -> Option<()> {
        self.stream.get_mut().write_all(format!("{words}\r\n").as_bytes()).await.ok()?;
        self.stream.get_mut().flush().await.ok()
    }
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(include_bytes!("testdata/server.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("testdata/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain.map(Result::unwrap).collect(), key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

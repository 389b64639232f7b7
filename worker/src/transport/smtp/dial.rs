//! From a host name to a stream that lettre can speak SMTP on: TCP without
//! Nagle, then TLS at once, by STARTTLS, or not at all.
//!
//! STARTTLS is spoken here, not by lettre, for one TLS set-up, and because what
//! a server sends in the clear behind its `220 go ahead` must not be taken for
//! an answer under TLS.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::session::{Stage, Trouble};
use crate::transport::ConnectError;
use crate::transport::email_url::{SmtpUrl, Tls};

const MAX_ANSWER_BYTES: u64 = 64 * 1024;
/// lettre waits for a greeting, which after STARTTLS has long been said.
const REPLAYED_GREETING: &[u8] = b"220 ready\r\n";

pub(super) fn connector(ca: Option<&Path>) -> Result<TlsConnector, ConnectError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca {
        let unreadable =
            |cause: String| ConnectError::Certificates { path: path.to_owned(), cause };
        let pem =
            CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
        let before = roots.len();
        for certificate in pem {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
        if roots.len() == before {
            return Err(unreadable("no certificate found, expected PEM".to_owned()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// All of it within one command's time.
pub(super) async fn dial(
    url: &SmtpUrl,
    tls: &TlsConnector,
    hello: &ClientId,
) -> Result<Box<dyn AsyncTokioStream>, Trouble> {
    let mut stage = Stage::Connect;
    timeout(url.timeout, connect(url, tls, hello, &mut stage))
        .await
        .unwrap_or(Err(Trouble::TimedOut { stage }))
}

async fn connect(
    url: &SmtpUrl,
    tls: &TlsConnector,
    hello: &ClientId,
    stage: &mut Stage,
) -> Result<Box<dyn AsyncTokioStream>, Trouble> {
    let broken = |error: std::io::Error| broken(Stage::Connect, &error);
    let mut tcp = TcpStream::connect((url.host.as_str(), url.port)).await.map_err(broken)?;
    tcp.set_nodelay(true).map_err(broken)?;
    let peer = tcp.peer_addr().map_err(broken)?;
    let replay = match url.tls {
        Tls::Never => return Ok(Box::new(tcp)),
        Tls::Implicit => &[],
        Tls::Required | Tls::WhenOffered => {
            *stage = Stage::Greeting;
            let offered = ask_for_starttls(&mut tcp, hello, stage).await?;
            if !offered {
                may_stay_plain(url)?;
                return Ok(Box::new(Replayed { head: REPLAYED_GREETING, inner: tcp, peer }));
            }
            REPLAYED_GREETING
        }
    };
    *stage = Stage::Starttls;
    let name = ServerName::try_from(url.host.clone()).map_err(|_| Trouble::Refused {
        cause: format!("`{}` is no name a certificate can carry", url.host),
    })?;
    let inner =
        tls.connect(name, tcp).await.map_err(|error| self::broken(Stage::Starttls, &error))?;
    Ok(Box::new(Replayed { head: replay, inner, peer }))
}

fn may_stay_plain(url: &SmtpUrl) -> Result<(), Trouble> {
    let cause = match (url.tls, &url.login) {
        (Tls::Required, _) => "the server offers no STARTTLS, and `tls=required` is set",
        (_, Some(_)) => {
            "the server offers no STARTTLS, and a login is not sent in the clear \
             (`tls=none` allows it)"
        }
        (_, None) => return Ok(()),
    };
    Err(Trouble::Refused { cause: cause.to_owned() })
}

/// Greets, and asks for TLS if the server offers it; says whether it does.
async fn ask_for_starttls(
    tcp: &mut TcpStream,
    hello: &ClientId,
    stage: &mut Stage,
) -> Result<bool, Trouble> {
    let mut plain = BufReader::new(tcp);
    answer(&mut plain, Stage::Greeting).await?;
    command(&mut plain, Stage::Greeting, &format!("EHLO {hello}\r\n")).await?;
    let offers = answer(&mut plain, Stage::Greeting).await?;
    let offered = offers.iter().any(|line| line.eq_ignore_ascii_case("STARTTLS"));
    if offered {
        *stage = Stage::Starttls;
        command(&mut plain, Stage::Starttls, "STARTTLS\r\n").await?;
        answer(&mut plain, Stage::Starttls).await?;
    }
    if !plain.buffer().is_empty() {
        let cause = "the server sent more than it was asked for".to_owned();
        return Err(Trouble::Broken { stage: *stage, cause });
    }
    Ok(offered)
}

async fn command(
    plain: &mut BufReader<&mut TcpStream>,
    stage: Stage,
    text: &str,
) -> Result<(), Trouble> {
    plain.get_mut().write_all(text.as_bytes()).await.map_err(|error| broken(stage, &error))
}

/// The lines of one answer without their codes, if it is a yes.
async fn answer(
    plain: &mut BufReader<&mut TcpStream>,
    stage: Stage,
) -> Result<Vec<String>, Trouble> {
    let mut limited = plain.take(MAX_ANSWER_BYTES);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        limited.read_line(&mut line).await.map_err(|error| broken(stage, &error))?;
        if !line.ends_with('\n') {
            let cause = "the server closed the connection".to_owned();
            return Err(Trouble::Broken { stage, cause });
        }
        let line = line.trim_end();
        let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
        let (Some(code), rest) = (code, line.get(3..).unwrap_or_default()) else {
            let cause = format!("expected an SMTP answer, found `{line}`");
            return Err(Trouble::Broken { stage, cause });
        };
        lines.push(rest.get(1..).unwrap_or_default().to_owned());
        if rest.starts_with('-') {
            continue;
        }
        return match code {
            200..300 => Ok(lines),
            _ => Err(Trouble::Answer { stage, code, words: lines.join(" ") }),
        };
    }
}

fn broken(stage: Stage, error: &std::io::Error) -> Trouble {
    Trouble::Broken { stage, cause: error.to_string() }
}

/// A stream with something to read before its own first byte.
#[derive(Debug)]
struct Replayed<S> {
    head: &'static [u8],
    inner: S,
    peer: SocketAddr,
}

impl<S> AsyncTokioStream for Replayed<S>
where
    S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug,
{
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Replayed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.head.is_empty() {
            return Pin::new(&mut self.inner).poll_read(cx, buffer);
        }
        let (now, later) = self.head.split_at(self.head.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.head = later;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Replayed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

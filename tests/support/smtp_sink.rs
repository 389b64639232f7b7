//! A mail server on loopback that records what it takes in and fails when it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use crate::mail::Mail;

/// What goes wrong with one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Closes the connection at MAIL, with 421 first.
    Refuse,
    /// Answers RCPT with this code and text: 4xx passes, 5xx is for ever.
    Recipient(u16, String),
    /// Answers the end of the message with this code and text; the mail is not recorded.
    Message(u16, String),
    /// Reads the message and never answers; the mail is not recorded.
    Silence,
    /// Closes in the middle of the message; the mail is not recorded.
    CloseInData,
    /// Takes and records the mail, but closes before it says so: the sender cannot know.
    CloseUnanswered,
}

/// The server; dropping it closes every connection.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// How many mails there are.
    count: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    mails: Vec<Mail>,
    rules: Vec<Rule>,
    connections: usize,
    pause: Duration,
}

#[derive(Debug)]
struct Rule {
    /// None: whoever it is for.
    recipient: Option<String>,
    fault: Fault,
    /// None: for ever.
    left: Option<usize>,
}

impl SmtpSink {
    /// Listens on a free port of loopback.
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Listens where a sink was before, or was expected.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("the port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared { state: Mutex::default(), count: watch::Sender::new(0) });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self { address, shared, accepting }
    }

    /// What `SOJOURN_EMAIL_URL` takes.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything recorded, in the order it came.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.lock().mails.clone()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Waits until so many mails are recorded, and returns all; fails the test after `within`.
    pub async fn wait_for(&self, count: usize, within: Duration) -> Vec<Mail> {
        let mut arrived = self.shared.count.subscribe();
        let waited = tokio::time::timeout(within, arrived.wait_for(|&now| now >= count)).await;
        // What it answers is a lock on the count, and whoever records a mail waits for that.
        let waited = waited.map(drop);
        let mails = self.mails();
        assert!(
            waited.is_ok(),
            "expected {count} mails within {within:?}, found {}: {:?}",
            mails.len(),
            mails.iter().map(|mail| (&mail.to, mail.subject())).collect::<Vec<_>>()
        );
        mails
    }

    /// From now on a mail that was taken is answered this much later, as by a server that looks
    /// through it first.
    pub fn answer_after(&self, pause: Duration) {
        self.shared.lock().pause = pause;
    }

    /// The next `times` messages meet this fault, whoever they are for.
    pub fn fail_next(&self, times: usize, fault: Fault) {
        self.shared.lock().rules.push(Rule { recipient: None, fault, left: Some(times) });
    }

    /// Every message meets this fault until [`SmtpSink::heal`].
    pub fn fail_always(&self, fault: Fault) {
        self.shared.lock().rules.push(Rule { recipient: None, fault, left: None });
    }

    /// The next `times` messages to this address meet this fault. [`Fault::Refuse`] comes before
    /// the address is known and fits [`SmtpSink::fail_next`] alone.
    pub fn fail_recipient(&self, address: &str, times: usize, fault: Fault) {
        assert_ne!(fault, Fault::Refuse, "a refusal comes before the recipient is known");
        let recipient = Some(address.to_owned());
        self.shared.lock().rules.push(Rule { recipient, fault, left: Some(times) });
    }

    /// Forgets all faults.
    pub fn heal(&self) {
        self.shared.lock().rules.clear();
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, mail: Mail) {
        self.lock().mails.push(mail);
        self.count.send_modify(|count| *count += 1);
    }
}

impl State {
    /// Takes one use of the first rule that fits.
    fn take(&mut self, fits: impl Fn(&Rule) -> bool) -> Option<Fault> {
        let place = self.rules.iter().position(fits)?;
        let rule = &mut self.rules[place];
        let fault = rule.fault.clone();
        if let Some(left) = &mut rule.left {
            *left = left.saturating_sub(1);
        }
        self.rules.retain(|rule| rule.left != Some(0));
        Some(fault)
    }

    fn refusal(&mut self) -> Option<Fault> {
        self.take(|rule| rule.fault == Fault::Refuse)
    }

    fn fault_for(&mut self, recipient: &str) -> Option<Fault> {
        self.take(|rule| {
            let fits = |address: &String| address.eq_ignore_ascii_case(recipient);
            rule.fault != Fault::Refuse && rule.recipient.as_ref().is_none_or(fits)
        })
    }
}

/// The connections end with this future.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.lock().connections += 1;
        let shared = Arc::clone(&shared);
        open.spawn(async move {
            // A sender that goes away is no failure of the sink.
            let _ = Session::new(stream, shared).serve().await;
        });
        while open.try_join_next().is_some() {}
    }
}

/// Whether the connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Line,
    Close,
}

struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    shared: Arc<Shared>,
    from: String,
    to: Vec<String>,
    fault: Option<Fault>,
}

impl Session {
    fn new(stream: TcpStream, shared: Arc<Shared>) -> Self {
        let _ = stream.set_nodelay(true);
        let (reader, writer) = stream.into_split();
        let reader = BufReader::new(reader);
        Self { reader, writer, shared, from: String::new(), to: Vec::new(), fault: None }
    }

    async fn serve(mut self) -> std::io::Result<()> {
        self.answer("220 sink.test ESMTP").await?;
        while let Some(line) = self.line().await? {
            if self.command(line.trim_end()).await? == Next::Close {
                break;
            }
        }
        Ok(())
    }

    async fn command(&mut self, line: &str) -> std::io::Result<Next> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.answer("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8")
                    .await?;
            }
            "HELO" => self.answer("250 sink.test").await?,
            "NOOP" => self.answer("250 2.0.0 here").await?,
            "RSET" => {
                self.reset();
                self.answer("250 2.0.0 forgotten").await?;
            }
            "MAIL" => return self.mail(rest).await,
            "RCPT" => self.recipient(rest).await?,
            "DATA" => return self.data().await,
            "QUIT" => {
                self.answer("221 2.0.0 bye").await?;
                return Ok(Next::Close);
            }
            _ => self.answer("502 5.5.1 not known here").await?,
        }
        Ok(Next::Line)
    }

    async fn mail(&mut self, rest: &str) -> std::io::Result<Next> {
        self.reset();
        let refusal = self.shared.lock().refusal();
        if refusal.is_some() {
            self.answer("421 4.3.2 not now").await?;
            return Ok(Next::Close);
        }
        self.from = address(rest);
        self.answer("250 2.1.0 sender").await?;
        Ok(Next::Line)
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<()> {
        let recipient = address(rest);
        if self.fault.is_none() {
            self.fault = self.shared.lock().fault_for(&recipient);
        }
        if let Some(Fault::Recipient(code, text)) = &self.fault {
            let answer = format!("{code} {text}");
            self.fault = None;
            return self.answer(&answer).await;
        }
        self.to.push(recipient);
        self.answer("250 2.1.5 recipient").await
    }

    async fn data(&mut self) -> std::io::Result<Next> {
        if self.to.is_empty() {
            self.answer("503 5.5.1 no recipient").await?;
            return Ok(Next::Line);
        }
        self.answer("354 go on").await?;
        let mut raw = String::new();
        while let Some(line) = self.line().await? {
            if self.fault == Some(Fault::CloseInData) {
                return Ok(Next::Close);
            }
            if line.trim_end() == "." {
                return self.end_of_message(raw).await;
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        Ok(Next::Close)
    }

    async fn end_of_message(&mut self, raw: String) -> std::io::Result<Next> {
        let mail = Mail::new(std::mem::take(&mut self.from), std::mem::take(&mut self.to), raw);
        match self.fault.take() {
            None | Some(Fault::Refuse | Fault::Recipient(..)) => {
                let pause = self.shared.lock().pause;
                self.shared.record(Mail { is_answered: true, ..mail });
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
                self.answer("250 2.0.0 accepted").await?;
            }
            Some(Fault::Message(code, text)) => self.answer(&format!("{code} {text}")).await?,
            Some(Fault::Silence) => {
                // Until the sender gives up.
                while self.line().await?.is_some() {}
                return Ok(Next::Close);
            }
            Some(Fault::CloseUnanswered) => {
                self.shared.record(mail);
                return Ok(Next::Close);
            }
            Some(Fault::CloseInData) => return Ok(Next::Close),
        }
        Ok(Next::Line)
    }

    fn reset(&mut self) {
        self.from.clear();
        self.to.clear();
        self.fault = None;
    }

    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let length = self.reader.read_until(b'\n', &mut bytes).await?;
        Ok((length > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn answer(&mut self, text: &str) -> std::io::Result<()> {
        self.writer.write_all(format!("{text}\r\n").as_bytes()).await
    }
}

/// What stands between the angle brackets of `FROM:<…>` and `TO:<…>`.
fn address(text: &str) -> String {
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or("", |(address, _)| address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    /// Sends one mail as a plain client would; the last answer, or none where the sink closed.
    async fn send(sink: &SmtpSink, to: &str) -> Option<String> {
        let stream = TcpStream::connect(sink.address()).await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let mut answer = lines.next_line().await.unwrap();
        let to = format!("RCPT TO:<{to}>");
        let text = "Subject: hi\r\nMessage-ID: <1@x>\r\n\r\n..dot\r\n.";
        for command in ["HELO x", "MAIL FROM:<a@x.test>", &to, "DATA", text] {
            writer.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
            answer = lines.next_line().await.ok().flatten();
            if !answer.as_ref().is_some_and(|line| line.starts_with(['2', '3'])) {
                break;
            }
        }
        answer
    }

    #[tokio::test]
    async fn a_mail_is_recorded_as_it_came() {
        let sink = SmtpSink::start().await;
        assert_eq!(send(&sink, "b@x.test").await.as_deref(), Some("250 2.0.0 accepted"));
        let mails = sink.wait_for(1, SOON).await;
        assert_eq!(mails[0].from, "a@x.test");
        assert_eq!(mails[0].to, ["b@x.test"]);
        assert_eq!(mails[0].subject(), "hi");
        assert_eq!(mails[0].message_id(), "<1@x>");
        assert_eq!(mails[0].text().as_deref(), Some(".dot\n"));
        assert!(mails[0].is_answered);
    }

    #[tokio::test]
    async fn faults_meet_the_messages_they_are_meant_for() {
        let sink = SmtpSink::start().await;
        sink.fail_recipient("full@x.test", 1, Fault::Recipient(452, "4.2.2 full".to_owned()));
        assert_eq!(send(&sink, "b@x.test").await.as_deref(), Some("250 2.0.0 accepted"));
        assert_eq!(send(&sink, "full@x.test").await.as_deref(), Some("452 4.2.2 full"));
        assert_eq!(send(&sink, "full@x.test").await.as_deref(), Some("250 2.0.0 accepted"));

        sink.fail_next(1, Fault::Refuse);
        assert_eq!(send(&sink, "b@x.test").await.as_deref(), Some("421 4.3.2 not now"));
        sink.fail_next(1, Fault::Message(554, "5.6.0 no".to_owned()));
        assert_eq!(send(&sink, "b@x.test").await.as_deref(), Some("554 5.6.0 no"));
        sink.fail_always(Fault::CloseInData);
        assert_eq!(send(&sink, "b@x.test").await, None);
        assert_eq!(send(&sink, "b@x.test").await, None);
        sink.heal();
        assert_eq!(send(&sink, "b@x.test").await.as_deref(), Some("250 2.0.0 accepted"));
        assert_eq!(sink.mails().len(), 3);
        assert_eq!(sink.connections(), 8);
    }

    #[tokio::test]
    async fn an_unanswered_mail_is_there_and_a_silent_one_is_not() {
        let sink = SmtpSink::start().await;
        sink.fail_next(1, Fault::CloseUnanswered);
        assert_eq!(send(&sink, "b@x.test").await, None);
        assert!(!sink.wait_for(1, SOON).await[0].is_answered);

        sink.fail_next(1, Fault::Silence);
        let silent = tokio::time::timeout(Duration::from_millis(200), send(&sink, "b@x.test"));
        assert!(silent.await.is_err(), "the sink answered");
        assert_eq!(sink.mails().len(), 1);
    }
}

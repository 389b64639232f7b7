//! Transports against a server that misbehaves on request, and on disk.

use super::fake_server::{Encryption, FakeServer, Opening, Settings};
use super::*;

const PATIENCE: Duration = Duration::from_secs(20);
/// For cases that run into the limit; others never come near theirs.
const SHORT: Duration = Duration::from_millis(300);

fn mail(to: &str) -> Mail {
    Mail {
        delivery: Uuid::from_u128(1),
        from: "Shop <shop@example.com>".to_owned(),
        to: to.to_owned(),
        reply_to: None,
        subject: "Hello".to_owned(),
        html: None,
        text: "one\n.two\n".to_owned(),
        message_id: "<1@example.com>".to_owned(),
        date_ms: 0,
        headers: Vec::new(),
    }
}

fn url(server: &FakeServer) -> SmtpUrl {
    SmtpUrl {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        tls: Tls::WhenOffered,
        login: None,
        connections: 4,
        timeout: PATIENCE,
        ca: None,
        messages_per_connection: 100,
        idle_timeout: PATIENCE,
    }
}

fn with_tls(server: &FakeServer, tls: Tls) -> SmtpUrl {
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/src/transport/testdata/ca.pem");
    SmtpUrl { tls, ca: Some(PathBuf::from(ca)), ..url(server) }
}

fn connect(url: SmtpUrl) -> Transport {
    Transport::connect(&EmailUrl::Smtp(url)).unwrap()
}

async fn start() -> FakeServer {
    FakeServer::start(Settings::default()).await
}

async fn start_with(openings: &[Opening]) -> FakeServer {
    FakeServer::start(Settings { openings: openings.to_vec(), ..Settings::default() }).await
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("stuck")
}

fn sent(id: &str) -> Outcome {
    Outcome::Sent { provider_id: Some(id.to_owned()) }
}

#[track_caller]
fn assert_transient(outcome: &Outcome, words: &str) {
    match outcome {
        Outcome::Transient { reason, .. } if reason.contains(words) => {}
        other => panic!("expected a transient outcome with `{words}`, found {other:?}"),
    }
}

#[track_caller]
fn assert_permanent(outcome: &Outcome, words: &str) {
    match outcome {
        Outcome::Permanent { reason } if reason.contains(words) => {}
        other => panic!("expected a permanent outcome with `{words}`, found {other:?}"),
    }
}

#[track_caller]
fn assert_unknown(outcome: &Outcome, words: &str) {
    match outcome {
        Outcome::Unknown { reason } if reason.contains(words) => {}
        other => panic!("expected an unknown outcome with `{words}`, found {other:?}"),
    }
}

#[tokio::test]
async fn one_connection_carries_message_after_message() {
    let server = start().await;
    let transport = connect(url(&server));
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
    assert_eq!(in_time(transport.send_one(mail("bob@example.com"))).await, sent("ID2"));
    assert_eq!(server.connections(), 1);
    let messages = server.messages();
    assert!(messages[0].contains("To: ann@example.com\n"));
    assert!(messages[0].ends_with("\n\none\n.two\n\n\n"), "{:?}", messages[0]);
}

#[tokio::test]
async fn answers_decide_the_outcome_and_leave_the_connection_usable() {
    let server = start().await;
    let transport = connect(url(&server));
    let address = format!("127.0.0.1:{}", server.port);
    let send = |to| in_time(transport.send_one(mail(to)));
    assert_eq!(
        send("refuse-550@example.com").await,
        Outcome::Permanent {
            reason: format!(
                "{address}: the server answered the recipient with `550 1.2.3 no such box`"
            )
        }
    );
    assert_transient(
        &send("refuse-450@example.com").await,
        "the recipient with `450 1.2.3 no such box`",
    );
    assert_permanent(
        &send("reject-554@example.com").await,
        "the message with `554 5.6.0 not this`",
    );
    assert_transient(
        &send("reject-451@example.com").await,
        "the message with `451 5.6.0 not this`",
    );
    assert_eq!(send("ann@example.com").await, sent("ID1"));
    assert_eq!(server.connections(), 1, "a refused message costs no connection");
    assert!(server.said("RSET"));
    assert_transient(&send("refuse-530@example.com").await, "530");
}

#[tokio::test]
async fn a_server_that_closes_down_is_left_and_found_again() {
    let server = start().await;
    let transport = connect(url(&server));
    assert_transient(
        &in_time(transport.send_one(mail("closing@example.com"))).await,
        "`421 closing down`",
    );
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced_unnoticed() {
    let server = start().await;
    let transport = connect(url(&server));
    assert_eq!(in_time(transport.send_one(mail("last@example.com"))).await, sent("ID1"));
    in_time(server.hung_up()).await;
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID2"));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn trouble_before_a_message_is_named_is_transient_and_passes() {
    let server = start_with(&[
        Opening::Say("554 5.7.1 go away"),
        Opening::Say("421 too busy"),
        Opening::HangUp,
        Opening::Say("hello, web here"),
        Opening::Normal,
    ])
    .await;
    let transport = connect(SmtpUrl { tls: Tls::Never, ..url(&server) });
    let expected = ["`554 5.7.1 go away`", "`421 too busy`", "at the greeting", "at the greeting"];
    for words in expected {
        let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
        assert_transient(&outcome, words);
    }
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
}

#[tokio::test]
async fn a_reason_is_short_and_printable_whatever_the_server_says() {
    let words = format!("554 no\u{0}\u{7} {}", "0123456789 ".repeat(60)).leak();
    let server = start_with(&[Opening::Say(words)]).await;
    match in_time(connect(url(&server)).send_one(mail("ann@example.com"))).await {
        Outcome::Transient { reason, .. } => {
            assert!(reason.contains("`554 no   0123456789"), "{reason}");
            assert!(reason.len() < 600 && !reason.contains(char::is_control), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_where_starttls_is_looked_for() {
    let server = start_with(&[
        Opening::Say("554 5.7.1 go away"),
        Opening::HangUp,
        Opening::Say("hello, web here"),
        Opening::Normal,
    ])
    .await;
    let transport = connect(url(&server));
    let expected = [
        "`554 5.7.1 go away`",
        "at the greeting",
        "expected an SMTP answer, found `hello, web here`",
    ];
    for words in expected {
        let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
        assert_transient(&outcome, words);
    }
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
}

#[tokio::test]
async fn nobody_listening_is_transient() {
    let server = start().await;
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    let transport = connect(SmtpUrl { port, ..url(&server) });
    let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
    assert_transient(&outcome, "refused");
    assert_transient(&outcome, "at connecting");
}

#[tokio::test]
async fn silence_runs_into_the_time_out_and_the_connection_is_dropped() {
    let server = start_with(&[Opening::Silence, Opening::Normal]).await;
    for tls in [Tls::Never, Tls::WhenOffered] {
        let server = start_with(&[Opening::Silence]).await;
        let transport = connect(SmtpUrl { tls, timeout: SHORT, ..url(&server) });
        let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
        assert_transient(&outcome, "no answer in time, at the greeting");
    }
    let transport = connect(SmtpUrl { timeout: SHORT, ..url(&server) });
    let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
    assert_transient(&outcome, "no answer in time");
    let outcome = in_time(transport.send_one(mail("silent@example.com"))).await;
    assert_transient(&outcome, "no answer in time, at the recipient");
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
    assert_eq!(server.connections(), 3, "the silent connection is not used again");
}

#[tokio::test]
async fn a_cut_in_the_midst_of_a_message_is_transient() {
    let server = start().await;
    let transport = connect(url(&server));
    // More than socket buffers hold, so that its end cannot have been sent.
    let large = "sixteen letters\n".repeat(400 * 1024);
    let outcome =
        in_time(transport.send_one(Mail { text: large, ..mail("cut@example.com") })).await;
    assert_transient(&outcome, "at the message");
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn no_answer_after_the_whole_message_is_unknown() {
    let server = start().await;
    let transport = connect(SmtpUrl { timeout: SHORT, ..url(&server) });
    let outcome = in_time(transport.send_one(mail("gone@example.com"))).await;
    assert_unknown(&outcome, "the server closed the connection, at the message");
    let outcome = in_time(transport.send_one(mail("mute@example.com"))).await;
    assert_unknown(&outcome, "no answer in time, at the message, after the whole message was sent");
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_slow_receiver_blocks_nobody_else() {
    let server = start().await;
    let transport = connect(SmtpUrl { connections: 2, ..url(&server) });
    let slow = {
        let transport = transport.clone();
        tokio::spawn(async move { transport.send(vec![mail("held@example.com")]).await })
    };
    in_time(server.holds_one()).await;
    let quick =
        in_time(transport.send(vec![mail("ann@example.com"), mail("bob@example.com")])).await;
    assert_eq!(quick, [sent("ID1"), sent("ID2")]);
    assert!(!slow.is_finished());
    server.release();
    assert_eq!(in_time(slow).await.unwrap(), [sent("ID3")]);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn outcomes_come_in_the_order_of_the_mails_over_few_connections() {
    let server = start().await;
    let transport = connect(SmtpUrl { connections: 3, ..url(&server) });
    assert_eq!(transport.capacity(), 3);
    let mails = (0..60).map(|n| match n % 3 {
        0 => mail("ann@example.com"),
        1 => mail("refuse-550@example.com"),
        _ => mail("reject-451@example.com"),
    });
    let outcomes = in_time(transport.send(mails.collect())).await;
    assert_eq!(outcomes.len(), 60);
    for (n, outcome) in outcomes.iter().enumerate() {
        match n % 3 {
            0 => assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}"),
            1 => assert_permanent(outcome, "550"),
            _ => assert_transient(outcome, "451"),
        }
    }
    assert_eq!(server.messages().len(), 20);
    assert!(server.connections() <= 3);
}

#[tokio::test]
async fn who_finds_no_free_connection_in_time_was_certainly_not_sent() {
    let server = start().await;
    let transport = connect(SmtpUrl { connections: 1, timeout: SHORT, ..url(&server) });
    let mails = vec![mail("mute@example.com"), mail("mute@example.com"), mail("mute@example.com")];
    let outcomes = in_time(transport.send(mails)).await;
    assert_unknown(&outcomes[0], "no answer in time");
    assert_transient(&outcomes[2], "not done within 1.8s");
}

#[tokio::test]
async fn connections_are_changed_after_enough_messages_and_closed_when_idle() {
    let server = start().await;
    let transport = connect(SmtpUrl { messages_per_connection: 2, ..url(&server) });
    for _ in 0..4 {
        in_time(transport.send_one(mail("ann@example.com"))).await;
    }
    assert_eq!(server.connections(), 2);

    let server = start().await;
    let transport = connect(SmtpUrl { idle_timeout: SHORT, ..url(&server) });
    in_time(transport.send_one(mail("ann@example.com"))).await;
    in_time(server.hung_up()).await;
    assert!(server.said("QUIT"), "an idle connection is closed by us, politely");
    drop(transport);
}

#[tokio::test]
async fn tls_at_once_and_by_starttls() {
    let cases = [
        (Encryption::Implicit, Tls::Implicit),
        (Encryption::Starttls, Tls::Required),
        (Encryption::Starttls, Tls::WhenOffered),
        (Encryption::None, Tls::WhenOffered),
        (Encryption::Starttls, Tls::Never),
    ];
    for (encryption, tls) in cases {
        let server = FakeServer::start(Settings { encryption, ..Settings::default() }).await;
        let transport = connect(with_tls(&server, tls));
        for id in ["ID1", "ID2"] {
            let outcome = in_time(transport.send_one(mail("ann@example.com"))).await;
            assert_eq!(outcome, sent(id), "{encryption:?} {tls:?}");
        }
        assert_eq!(server.connections(), 1);
        let expected = encryption == Encryption::Starttls && tls != Tls::Never;
        assert_eq!(server.said("STARTTLS"), expected);
    }
}

#[tokio::test]
async fn without_the_tls_asked_for_nothing_is_sent() {
    let plain = start().await;
    let outcome =
        in_time(connect(with_tls(&plain, Tls::Required)).send_one(mail("ann@example.com"))).await;
    assert_transient(&outcome, "offers no STARTTLS, and `tls=required` is set");

    let injected = Settings { encryption: Encryption::StarttlsInjected, ..Settings::default() };
    let injected = FakeServer::start(injected).await;
    let outcome =
        in_time(connect(with_tls(&injected, Tls::Required)).send_one(mail("ann@example.com")))
            .await;
    assert_transient(&outcome, "the server sent more than it was asked for");

    let untrusted = Settings { encryption: Encryption::Starttls, ..Settings::default() };
    let untrusted = FakeServer::start(untrusted).await;
    let outcome = in_time(connect(url(&untrusted)).send_one(mail("ann@example.com"))).await;
    assert_transient(&outcome, "invalid peer certificate");
    for server in [plain, injected, untrusted] {
        assert!(!server.said("MAIL"));
    }
}

#[tokio::test]
async fn logs_in_but_never_in_the_clear_unless_told_to() {
    let login =
        |password: &str| Some(Login { name: "ann".to_owned(), password: password.to_owned() });
    for auth in ["PLAIN LOGIN", "LOGIN"] {
        let settings = Settings { auth, encryption: Encryption::Starttls, ..Settings::default() };
        let server = FakeServer::start(settings).await;
        let right = SmtpUrl { login: login("secret"), ..with_tls(&server, Tls::WhenOffered) };
        assert_eq!(in_time(connect(right).send_one(mail("ann@example.com"))).await, sent("ID1"));
        let wrong = SmtpUrl { login: login("guess"), ..with_tls(&server, Tls::WhenOffered) };
        let outcome = in_time(connect(wrong).send_one(mail("ann@example.com"))).await;
        assert_transient(&outcome, "the login with `535 5.7.8 wrong password`");
    }
    let server = FakeServer::start(Settings { auth: "PLAIN", ..Settings::default() }).await;
    let careful = SmtpUrl { login: login("secret"), ..url(&server) };
    let outcome = in_time(connect(careful.clone()).send_one(mail("ann@example.com"))).await;
    assert_transient(&outcome, "a login is not sent in the clear (`tls=none` allows it)");
    assert!(!server.said("AUTH"));
    let told = SmtpUrl { tls: Tls::Never, ..careful };
    assert_eq!(in_time(connect(told).send_one(mail("ann@example.com"))).await, sent("ID1"));
}

#[tokio::test]
async fn a_bad_address_makes_no_connection() {
    let server = start().await;
    let transport = connect(url(&server));
    assert_permanent(&in_time(transport.send_one(mail("ann"))).await, "`to` is `ann`");
    let injected = Mail { subject: "a\r\nBcc: x@y.z".to_owned(), ..mail("ann@example.com") };
    assert_permanent(&in_time(transport.send_one(injected)).await, "line break");
    assert_eq!(server.connections(), 0);
    let beyond_ascii = in_time(transport.send_one(mail("änn@example.com"))).await;
    assert_permanent(&beyond_ascii, "no SMTPUTF8");
    let reply_to = Some("änn@example.com".to_owned());
    let beyond_ascii = Mail { reply_to, ..mail("ann@example.com") };
    assert_permanent(&in_time(transport.send_one(beyond_ascii)).await, "no SMTPUTF8");
    assert_eq!(in_time(transport.send_one(mail("ann@example.com"))).await, sent("ID1"));
}

#[tokio::test]
async fn inbox_and_null_take_what_could_be_sent() {
    for url in [EmailUrl::Inbox, EmailUrl::Null] {
        let transport = Transport::connect(&url).unwrap();
        assert_eq!(transport.capacity(), 500);
        let outcomes = transport.send(vec![mail("ann@example.com"), mail("ann")]).await;
        assert_eq!(outcomes[0], Outcome::Sent { provider_id: None });
        assert_permanent(&outcomes[1], "`to` is `ann`");
    }
}

#[tokio::test]
async fn files_are_named_by_message_id_and_written_whole() {
    let folder = std::env::temp_dir().join(format!("mails-{}", Uuid::new_v4()));
    let transport = Transport::connect(&EmailUrl::File(folder.join("deep"))).unwrap();
    let odd = Mail { message_id: "<.a/b:1@example.com>".to_owned(), ..mail("bob@example.com") };
    let mails = vec![mail("ann@example.com"), odd, mail("ann@example.com"), mail("nobody")];
    let outcomes = transport.send(mails).await;
    for outcome in &outcomes[..3] {
        assert_eq!(*outcome, Outcome::Sent { provider_id: None });
    }
    assert_permanent(&outcomes[3], "`to` is `nobody`");
    let mut names: Vec<_> = std::fs::read_dir(folder.join("deep"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["%2Ea%2Fb%3A1@example.com.eml", "1@example.com.eml"]);
    let written = std::fs::read_to_string(folder.join("deep/1@example.com.eml")).unwrap();
    assert!(written.starts_with("From: Shop <shop@example.com>\r\nTo: ann@example.com\r\n"));

    std::fs::remove_dir_all(&folder).unwrap();
    assert_transient(&transport.send_one(mail("ann@example.com")).await, "cannot write");
    let taken = folder.with_extension("file");
    std::fs::write(&taken, "").unwrap();
    let error = Transport::connect(&EmailUrl::File(taken.clone())).err().unwrap();
    assert!(error.to_string().starts_with("cannot create the folder `"), "{error}");
    std::fs::remove_file(taken).unwrap();
}

#[test]
fn a_missing_or_empty_certificate_file_is_said_at_once() {
    let url = |ca: &str| format!("smtp://h?ca={ca}").parse().unwrap();
    let error = Transport::connect(&url("/nowhere/ca.pem")).err().unwrap();
    assert!(error.to_string().starts_with("cannot read certificates from `/nowhere/ca.pem`: "));
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/src/transport/testdata/server.key");
    let error = Transport::connect(&url(key)).err().unwrap();
    assert!(error.to_string().ends_with("no certificate found, expected PEM"), "{error}");
}

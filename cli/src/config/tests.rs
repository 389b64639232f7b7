//! What wins, what is refused, and that no secret is shown.

use super::*;

fn load(text: &str, variables: &[(&str, &str)], flags: &[Flag<'_>]) -> Result<Config, Failure> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_layers("sojourn.toml", text, variables, flags)
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    let failure = load(text, variables, &[]).expect_err("it is refused");
    format!("{failure:?}")
}

#[test]
fn the_reference_alone_is_complete() {
    let config = load("", &[], &[]).unwrap();
    assert_eq!(config.database.url.reveal(), "sqlite://sojourn.db");
    assert_eq!(config.http.listen, "127.0.0.1:8080");
    assert_eq!(config.http.public_url(), "http://127.0.0.1:8080");
    assert_eq!(config.http.tls().unwrap(), None);
    assert_eq!(config.email.url().unwrap(), EmailUrl::Inbox);
    assert_eq!(config.email.only_to(), None);
    assert_eq!(config.admin_key(), None);
    assert!(!config.security.allow_private_network);
    assert_eq!((config.log.filter.as_str(), config.log.format), ("info", LogFormat::Text));
}

#[test]
fn every_key_of_the_reference_has_a_comment() {
    let mut commented = false;
    for line in REFERENCE.lines() {
        assert!(!line.contains(" = ") || line.starts_with('#') || commented, "`{line}`");
        commented = line.starts_with('#') || (commented && !line.is_empty());
    }
}

#[test]
fn every_short_variable_stands_beside_its_key() {
    for (variable, key) in layers::SHORT {
        assert!(REFERENCE.contains(variable), "`{variable}` is not in the reference");
        let text = if *key == "security.allow_private_network" { "true" } else { "json" };
        load("", &[(variable, text)], &[]).unwrap_or_else(|error| panic!("{variable}: {error}"));
    }
}

#[test]
fn the_stronger_layer_wins() {
    let file = "[http]\nlisten = \"file:1\"";
    let long = ("SOJOURN_HTTP__LISTEN", "long:2");
    let short = ("SOJOURN_LISTEN", "short:3");
    let flag = [("http.listen", "--listen", Some("flag:4"))];
    assert_eq!(load(file, &[], &[]).unwrap().http.listen, "file:1");
    assert_eq!(load(file, &[long], &[]).unwrap().http.listen, "long:2");
    assert_eq!(load(file, &[short, long], &[]).unwrap().http.listen, "short:3");
    assert_eq!(load(file, &[short, long], &flag).unwrap().http.listen, "flag:4");
    let empty = ("SOJOURN_LISTEN", "");
    assert_eq!(load(file, &[empty], &[]).unwrap().http.listen, "file:1");
}

#[test]
fn unknown_names_are_refused_with_a_guess() {
    let cases = [
        ("[databse]\nurl = \"x\"", None, "did you mean `database`?"),
        ("[http]\nlisen = \"x\"", None, "did you mean `http.listen`?"),
        ("[mail]\nonly_to = \"x\"", None, "did you mean `email`?"),
        ("", Some(("SOJOURN_HTTP__LISTN", "x")), "did you mean `http.listen`?"),
        ("", Some(("SOJOURN_DATABSE_URL", "x")), "did you mean `SOJOURN_DATABASE_URL`?"),
        ("[zebra]\nx = 1", None, "the sections are `database`"),
    ];
    for (text, variable, expected) in cases {
        let found = refusal(text, variable.as_slice());
        assert!(found.contains(expected), "expected `{expected}`, found {found}");
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        ("SOJOURN_SERVICE_HOST", "10.0.0.1"),
        ("SOJOURN_CONFIG", "x"),
        ("SOJOURN_KEY", "x"),
        ("HOME", "x"),
    ];
    load("", &others, &[]).unwrap();
}

#[test]
fn values_of_another_kind_are_refused_without_being_shown() {
    for text in ["[security]\nsecret = 4711", "[http]\nworkers = \"4711\"", "http = 4711"] {
        let found = refusal(text, &[]);
        assert!(found.contains("wrong kind") && !found.contains("4711"), "{found}");
    }
    let found = refusal("", &[("SOJOURN_ALLOW_PRIVATE_NETWORK", "4711")]);
    assert!(found.contains("expected `true` or `false`") && !found.contains("4711"), "{found}");
}

#[test]
fn digits_may_be_a_secret() {
    let config = load("", &[("SOJOURN_ADMIN_KEY", "12345678")], &[]).unwrap();
    assert_eq!(config.admin_key(), Some("12345678"));
}

#[test]
fn secrets_are_not_shown() {
    let variables = [
        ("SOJOURN_DATABASE_URL", "postgres://ada:4711@db/x"),
        ("SOJOURN_EMAIL_URL", "smtp://ada:4711@mail"),
        ("SOJOURN_SECRET", "4711"),
        ("SOJOURN_ADMIN_KEY", "4711"),
    ];
    let config = load("", &variables, &[]).unwrap();
    assert!(!format!("{config:?}").contains("4711"), "{config:?}");
}

#[test]
fn half_of_a_certificate_is_refused() {
    let config = load("", &[("SOJOURN_TLS_CERT", "a.pem")], &[]).unwrap();
    assert!(config.http.tls().is_err());
    let both = [("SOJOURN_TLS_CERT", "a.pem"), ("SOJOURN_TLS_KEY", "b.pem")];
    let config = load("", &both, &[]).unwrap();
    assert_eq!(config.http.public_url(), "https://127.0.0.1:8080");
    assert_eq!(config.http.tls().unwrap(), Some(("a.pem".into(), "b.pem".into())));
}

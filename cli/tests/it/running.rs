//! The commands that go on running, and deploying to them.

use crate::sojourn::{Place, examples};

const GREETING: &str = r#"segment "New people" = customer.plan is missing

email "hi" {
  from:    "Ada <ada@acme.test>"
  subject: "Hi"
  body:    text "Hi"
}

campaign "Greeting" {
  on event "signed_up"
  send email "hi"
}
"#;

#[test]
fn the_first_start_makes_a_key_and_the_second_does_not() {
    let place = Place::new(&[]).set("SOJOURN_LISTEN", "127.0.0.1:0");
    let mut first = place.start(&["serve"]);
    let key = first.wait_for("admin key: sj_admin_");
    first.base_address();
    assert_eq!(first.end("TERM"), 0);
    let mut second = place.start(&["serve"]);
    second.base_address();
    assert_eq!(second.end("INT"), 0);
    let secret = key.rsplit(' ').next().unwrap();
    let list = place.run(&["key", "list"]);
    assert_eq!(list.out.lines().count(), 2, "{}", list.out);
    assert!(list.out.contains(secret.get(..14).unwrap()), "{}", list.out);
}

#[test]
fn files_are_deployed_and_changes_are_told() {
    let place = Place::new(&[("greeting.journey", GREETING)])
        .set("SOJOURN_LISTEN", "127.0.0.1:0")
        .set("SOJOURN_ADMIN_KEY", "sj_admin_of_this_test");
    let mut server = place.start(&["serve"]);
    let base = server.base_address();
    let deploy = |path: &str, key: &str| {
        place.run(&["deploy", path, "--server", &base, "--key", key, "--yes"])
    };
    let first = deploy("greeting.journey", "sj_admin_of_this_test");
    assert_eq!((first.code, first.err.as_str()), (0, ""), "{first:?}");
    let expected = "release 1\n  + campaign \"Greeting\" new\n    segments \"New people\"\n";
    assert_eq!(first.out, expected);
    let again = deploy("greeting.journey", "sj_admin_of_this_test");
    assert_eq!(again.out, "nothing has changed since release 1\n");

    std::fs::write(place.path().join("greeting.journey"), GREETING.replace("sign", "log")).unwrap();
    let changed = deploy("greeting.journey", "sj_admin_of_this_test");
    assert!(changed.out.contains("~ campaign \"Greeting\" changed"), "{changed:?}");

    let examples =
        deploy(&examples().join("welcome.journey").display().to_string(), "sj_admin_of_this_test");
    assert!(examples.out.contains("- campaign \"Greeting\" removed"), "{examples:?}");
    assert!(examples.out.contains("+ campaign \"Trial onboarding\" new"), "{examples:?}");

    let stranger = deploy("greeting.journey", "sj_admin_of_nobody");
    assert_eq!(stranger.code, 1, "{stranger:?}");
    assert!(stranger.err.contains("`SOJOURN_KEY`"), "{}", stranger.err);
    assert_eq!(server.end("TERM"), 0);
}

#[test]
fn what_is_wrong_is_not_sent_and_a_server_that_is_not_there_is_out_of_reach() {
    let place = Place::new(&[
        ("wrong.journey", "segment \"x\" = customer.plan = \"pro\"\n"),
        ("greeting.journey", GREETING),
    ]);
    let nowhere = ["--server", "http://127.0.0.1:1", "--key", "k", "--yes"];
    let wrong = place.run(&[&["deploy", "wrong.journey"][..], &nowhere].concat());
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.err.contains("error[J0105]"), "{}", wrong.err);
    let unreachable = place.run(&[&["deploy", "greeting.journey"][..], &nowhere].concat());
    assert_eq!(unreachable.code, 3, "{unreachable:?}");
    assert!(unreachable.err.contains("cannot reach `http://127.0.0.1:1/graphql`"));
}

#[test]
fn the_demo_sends_mail_and_leaves_nothing_behind() {
    let place = Place::new(&[]);
    let temporary = place.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let place = place.set("TMPDIR", &temporary.display().to_string());
    let mut demo = place.start(&["demo", "--listen", "127.0.0.1:0", "--speed", "20000"]);
    demo.base_address();
    demo.wait_for("/#key=sj_admin_");
    let mail = demo.wait_for("Trial onboarding");
    assert!(mail.contains("Welcome to Acme, "), "{mail}");
    demo.wait_for("Abandoned cart");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 1);
    assert_eq!(demo.end("INT"), 0);
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
}

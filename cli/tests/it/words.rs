//! What the command line says of itself.

use crate::sojourn::Place;

const COMMANDS: [&[&str]; 15] = [
    &["--help"],
    &["demo", "--help"],
    &["serve", "--help"],
    &["worker", "--help"],
    &["migrate", "--help"],
    &["key", "--help"],
    &["key", "create", "--help"],
    &["key", "list", "--help"],
    &["key", "revoke", "--help"],
    &["check", "--help"],
    &["fmt", "--help"],
    &["test", "--help"],
    &["graph", "--help"],
    &["explain", "--help"],
    &["deploy", "--help"],
];

#[test]
fn every_command_explains_itself() {
    let place = Place::new(&[]);
    let mut all = String::new();
    for arguments in COMMANDS {
        let help = place.run(arguments);
        assert_eq!((help.code, help.err.as_str()), (0, ""), "{arguments:?}");
        all.push_str(&format!("$ sojourn {}\n{}\n", arguments.join(" "), help.out));
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn wrong_words_are_wrong_use() {
    let place = Place::new(&[]);
    for arguments in [
        &[][..],
        &["chek"],
        &["check"],
        &["fmt"],
        &["fmt", "-", "a.journey"],
        &["fmt", "-", "--format", "json"],
        &["check", "a.journey", "--format", "xml"],
        &["key", "create", "--role", "king"],
        &["demo", "--speed", "0"],
        &["deploy", "."],
    ] {
        assert_eq!(place.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn shells_get_their_script() {
    let script = Place::new(&[]).run(&["completions", "bash"]);
    assert_eq!(script.code, 0);
    assert!(script.out.contains("complete -F _sojourn"), "{}", script.out);
}

#[test]
fn slips_in_the_configuration_are_named() {
    let place = Place::new(&[("sojourn.toml", "[databse]\nurl = \"sqlite://x.db\"\n")]);
    let refused = place.run(&["serve"]);
    assert_eq!(refused.code, 2);
    insta::assert_snapshot!(refused.err, @r"
    error: unknown key `databse` in `sojourn.toml`
      = help: did you mean `database`?
    ");
}

#[test]
fn a_named_file_has_to_be_there() {
    let refused = Place::new(&[]).run(&["migrate", "--config", "other.toml"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("cannot read `other.toml`"), "{}", refused.err);
}

#[test]
fn passwords_are_not_repeated() {
    let place = Place::new(&[])
        .set("SOJOURN_DATABASE_URL", "postgres://ada:hunter2@localhost/none?host=/nowhere")
        .set("SOJOURN_EMAIL_URL", "smtp://ada:hunter2@/nowhere");
    for arguments in [&["serve"][..], &["worker"], &["migrate"], &["key", "list"]] {
        let refused = place.run(arguments);
        assert_ne!(refused.code, 0, "{arguments:?}");
        let said = format!("{}{}", refused.out, refused.err);
        assert!(!said.contains("hunter2"), "{arguments:?}: {said}");
    }
}

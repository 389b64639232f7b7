//! The commands that work straight on a database.

use serde_json::Value;

use crate::sojourn::Place;

#[test]
fn a_key_can_come_before_the_first_start() {
    let place = Place::new(&[]);
    let made = place.run(&["key", "create", "--role", "track", "--name", "shop"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.starts_with("sj_track_") && made.out.lines().count() == 1, "{}", made.out);
    assert!(!made.err.contains(made.out.trim()), "the secret stands on stdout alone");
    let list = place.run(&["key", "list", "--format", "json"]);
    let keys: Value = serde_json::from_str(&list.out).unwrap();
    assert_eq!((&keys[0]["id"], &keys[0]["name"]), (&1.into(), &"shop".into()));
    assert_eq!((&keys[0]["role"], &keys[0]["revokedAt"]), (&"track".into(), &Value::Null));
    assert!(!list.out.contains(made.out.trim()), "{}", list.out);
}

#[test]
fn a_key_is_revoked_once() {
    let place = Place::new(&[]);
    place.run(&["key", "create", "--role", "admin"]);
    assert_eq!(place.run(&["key", "revoke", "1"]).code, 0);
    let again = place.run(&["key", "revoke", "1"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("there is no key 1, or it is revoked already"), "{}", again.err);
    assert!(place.run(&["key", "list"]).out.contains("(revoked)"));
}

#[test]
fn a_look_makes_no_database() {
    let place = Place::new(&[]);
    for arguments in [&["key", "list"][..], &["key", "revoke", "1"], &["migrate", "--check"]] {
        let looked = place.run(arguments);
        assert_eq!(looked.code, 1, "{arguments:?}");
        assert!(looked.err.contains("there is no database at `sqlite://sojourn.db`"));
    }
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn the_schema_is_brought_up_once() {
    let place = Place::new(&[("empty.db", "")]);
    let flag = ["--database-url", "sqlite://empty.db"];
    let behind = place.run(&[&["migrate", "--check"][..], &flag].concat());
    assert_eq!(behind.code, 1, "{behind:?}");
    assert!(behind.out.starts_with("the schema is behind"), "{}", behind.out);
    let first = place.run(&[&["migrate"][..], &flag].concat());
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.out.starts_with("the schema is current, made: "), "{}", first.out);
    let second = place.run(&[&["migrate"][..], &flag].concat());
    assert_eq!((second.code, second.out.as_str()), (0, "the schema is current\n"));
    assert_eq!(place.run(&[&["migrate", "--check"][..], &flag].concat()).code, 0);
}

#[test]
fn an_sqlite_file_takes_one_process() {
    let place = Place::new(&[]);
    for arguments in [&["serve", "--no-worker"][..], &["worker"]] {
        let refused = place.run(arguments);
        assert_eq!(refused.code, 2, "{arguments:?}");
        assert!(refused.err.contains("an SQLite file takes one process"), "{}", refused.err);
    }
}

#[test]
fn a_database_that_does_not_answer_is_out_of_reach() {
    let nowhere = "postgres://ada@localhost/none?host=/nowhere";
    let place = Place::new(&[]).set("SOJOURN_DATABASE_URL", nowhere);
    assert_eq!(place.run(&["migrate"]).code, 3);
    let unknown = Place::new(&[]).set("SOJOURN_DATABASE_URL", "mysql://ada@127.0.0.1/none");
    assert_eq!(unknown.run(&["migrate"]).code, 2);
}

//! The schema, and who may open a database.

use domain::store::{Opening, SchemaState, Store};
use tests::{Database, for_each_database};

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    for_each_database(async |url| {
        let store = Store::open(&Opening { url, engine: false }).await.unwrap();
        assert!(matches!(store.schema().await.unwrap(), SchemaState::Behind(_)));
        store.migrate().await.unwrap();
        assert_eq!(store.schema().await.unwrap(), SchemaState::Current);
        let sql = "SELECT count(*) FROM schema_migration";
        let before = store.read().number(sql, Vec::new()).await.unwrap();
        store.migrate().await.unwrap();
        assert_eq!(store.read().number(sql, Vec::new()).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn an_sqlite_file_takes_one_engine() {
    let database = Database::sqlite();
    let opening = |engine| Opening { url: database.url.clone(), engine };
    let first = Store::open(&opening(true)).await.unwrap();
    let second = Store::open(&opening(true)).await;
    let error = second.expect_err("a second engine is refused");
    assert!(error.to_string().contains("another engine is running"), "{error}");
    Store::open(&opening(false)).await.expect("what is no engine may open it");
    drop(first);
}

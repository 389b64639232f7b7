//! One way to write a table for both databases: SQL with the types left open.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// What the open words stand for, and on which database.
const WORDS: [(&str, &str, &str); 5] = [
    ("{uuid}", "BLOB", "uuid"),
    ("{json}", "TEXT", "jsonb"),
    ("{int}", "INTEGER", "bigint"),
    // Text that is searched by its beginning is ordered by bytes on both.
    ("{name}", "TEXT", "text COLLATE \"C\""),
    // Narrow tables are clustered by their key on SQLite; wide ones lose by it.
    ("{narrow}", "WITHOUT ROWID", ""),
];

/// Runs one statement after filling in the open words.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let mut text = sql.to_owned();
    for (word, for_sqlite, for_postgres) in WORDS {
        text = text.replace(word, if sqlite { for_sqlite } else { for_postgres });
    }
    connection.execute_unprepared(&text).await.map(|_| ())
}

//! The yardstick: the rows that the way left behind, inserted once more into tables of the same
//! shape with the same keys, a thousand at a time, with nothing else to do.

use std::time::{Duration, Instant};

use sqlx::postgres::{PgPool, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, Column, QueryBuilder, Row, TypeInfo, ValueRef};

const TABLES: [&str; 10] = [
    "identifier",
    "person",
    "atoms",
    "membership",
    "run",
    "entry",
    "event",
    "change",
    "history",
    "delivery",
];
const ROWS_AT_ONCE: usize = 1_000;

/// How long the insert took, reading not counted.
pub async fn insert_again(url: &str) -> Duration {
    if url.starts_with("sqlite") { sqlite(url).await } else { postgres(url).await }
}

async fn sqlite(url: &str) -> Duration {
    let pool = SqlitePool::connect(url).await.expect("connects");
    let mut took = Duration::ZERO;
    for table in TABLES {
        let sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1";
        let made: String =
            sqlx::query_scalar(sql).bind(table).fetch_one(&pool).await.expect("is there");
        let copy = made.replacen(table, &format!("bare_{table}"), 1);
        sqlx::raw_sql(AssertSqlSafe(copy)).execute(&pool).await.expect("makes a copy");
        let select = format!("SELECT * FROM {table}");
        let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&pool).await.expect("reads");
        for some in rows.chunks(ROWS_AT_ONCE) {
            let mut insert = QueryBuilder::<Sqlite>::new(format!("INSERT INTO bare_{table} "));
            insert.push_values(some, |mut values, row| {
                for column in 0..row.columns().len() {
                    bind_sqlite(&mut values, row, column);
                }
            });
            let started = Instant::now();
            insert.build().execute(&pool).await.expect("inserts");
            took += started.elapsed();
        }
    }
    took
}

fn bind_sqlite(
    values: &mut sqlx::query_builder::Separated<'_, Sqlite, &'static str>,
    row: &SqliteRow,
    column: usize,
) {
    let raw = row.try_get_raw(column).expect("a column");
    let kind = raw.type_info().name().to_owned();
    match kind.as_str() {
        _ if raw.is_null() => values.push_bind(Option::<i64>::None),
        "INTEGER" => values.push_bind(row.get::<i64, _>(column)),
        "BLOB" => values.push_bind(row.get::<Vec<u8>, _>(column)),
        _ => values.push_bind(row.get::<String, _>(column)),
    };
}

async fn postgres(url: &str) -> Duration {
    let pool = PgPool::connect(url).await.expect("connects");
    let mut took = Duration::ZERO;
    for table in TABLES {
        let copy = format!("CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)");
        sqlx::raw_sql(AssertSqlSafe(copy)).execute(&pool).await.expect("makes a copy");
        let select = format!("SELECT * FROM {table}");
        let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&pool).await.expect("reads");
        for some in rows.chunks(ROWS_AT_ONCE) {
            let mut insert = QueryBuilder::<Postgres>::new(format!("INSERT INTO bare_{table} "));
            insert.push_values(some, |mut values, row| {
                for column in 0..row.columns().len() {
                    bind_postgres(&mut values, row, column);
                }
            });
            let started = Instant::now();
            insert.build().execute(&pool).await.expect("inserts");
            took += started.elapsed();
        }
    }
    took
}

fn bind_postgres(
    values: &mut sqlx::query_builder::Separated<'_, Postgres, &'static str>,
    row: &PgRow,
    column: usize,
) {
    match row.columns()[column].type_info().name() {
        "INT8" => values.push_bind(row.get::<Option<i64>, _>(column)),
        "UUID" => values.push_bind(row.get::<Option<uuid::Uuid>, _>(column)),
        "JSONB" => values.push_bind(row.get::<Option<serde_json::Value>, _>(column)),
        _ => values.push_bind(row.get::<Option<String>, _>(column)),
    };
}

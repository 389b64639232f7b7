//! The one place where SQLite and PostgreSQL differ in queries: how many rows travel in one
//! statement.

use sea_orm::{DbErr, RuntimeErr, Value};
use serde::Serialize;

use super::Session;
use crate::error::{Error, Result};

/// Column types of a set of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit integer.
    Int,
    /// Text.
    Text,
    /// UUID; travels as its text.
    Uuid,
    /// JSON.
    Json,
}

/// A set of rows as one parameter.
///
/// Each row serialises to an object whose keys are the columns.
pub fn set<T: Serialize>(rows: &[T]) -> Result<Value> {
    let text = serde_json::to_string(rows).map_err(Error::internal)?;
    Ok(Value::from(text))
}

impl Session<'_> {
    /// A `FROM` term that yields the rows of parameter `$parameter`, in their order, with these
    /// columns: `(…) AS v`.
    pub(crate) fn rows(&self, parameter: usize, columns: &[(&str, Kind)]) -> String {
        if self.is_sqlite() {
            let fields: Vec<String> =
                columns.iter().map(|(name, kind)| sqlite_field(name, *kind)).collect();
            // Each row is parsed once; the limit keeps SQLite from parsing it anew for each column.
            format!(
                "(SELECT {} FROM (SELECT jsonb(value) AS j FROM json_each(${parameter}) LIMIT -1)) AS v",
                fields.join(", ")
            )
        } else {
            let fields: Vec<String> = columns
                .iter()
                .map(|(name, kind)| format!("{name} {}", postgres_type(*kind)))
                .collect();
            format!("jsonb_to_recordset(${parameter}::jsonb) AS v({})", fields.join(", "))
        }
    }

    /// Tables (name, alias, condition) looked up for each row of a set, in this order: what follows
    /// the set in `FROM`, with the conditions. Hot paths use it, so that no planner ever walks a
    /// whole table beside a thousand rows because its statistics are of yesterday.
    pub(crate) fn beside(&self, tables: &[(&str, &str, &str)]) -> String {
        if self.is_sqlite() {
            let names: Vec<String> = tables
                .iter()
                .map(|(table, alias, _)| format!("CROSS JOIN {table} {alias}"))
                .collect();
            let conditions: Vec<&str> = tables.iter().map(|(_, _, condition)| *condition).collect();
            return format!("{} WHERE {}", names.join(" "), conditions.join(" AND "));
        }
        let laterals: Vec<String> = tables
            .iter()
            .map(|(table, alias, condition)| {
                format!(
                    "CROSS JOIN LATERAL (SELECT * FROM {table} {alias} WHERE {condition} OFFSET 0) {alias}"
                )
            })
            .collect();
        laterals.join(" ")
    }

    /// The joins below a set of rows must be walked from the set: SQLite keeps the written order
    /// for this word, PostgreSQL needs none.
    pub(crate) fn join(&self) -> &'static str {
        if self.is_sqlite() { "CROSS JOIN" } else { "JOIN" }
    }

    /// What `JOIN`'s condition begins with for [`Session::join`].
    pub(crate) fn on(&self) -> &'static str {
        if self.is_sqlite() { "WHERE" } else { "ON" }
    }

    /// Statistics from an empty table lead PostgreSQL's planner to read whole tables; within this
    /// transaction it uses the keys.
    pub(crate) async fn force_index_plans(&self) -> Result<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        let sql = "SELECT set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true),
            set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)";
        self.all(sql, Vec::new()).await.map(|_| ())
    }

    /// Inserts a set of rows; `tail` is what follows (`ON CONFLICT …`). Does nothing for no rows.
    pub(crate) async fn insert<T: Serialize>(
        &self,
        table: &str,
        columns: &[(&str, Kind)],
        rows: &[T],
        tail: &str,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let list = names.join(", ");
        // `WHERE true` keeps SQLite from reading `ON CONFLICT` as part of a join.
        let sql = format!(
            "INSERT INTO {table} ({list}) SELECT {list} FROM {} WHERE true {tail}",
            self.rows(1, columns),
        );
        self.execute(&sql, vec![set(rows)?]).await
    }

    /// Deletes the rows of `table` whose `columns` equal those of a row of the set.
    pub(crate) async fn remove<T: Serialize>(
        &self,
        table: &str,
        columns: &[(&str, Kind)],
        rows: &[T],
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let list = names.join(", ");
        let sql = format!(
            "DELETE FROM {table} WHERE ({list}) IN (SELECT {list} FROM {})",
            self.rows(1, columns)
        );
        self.execute(&sql, vec![set(rows)?]).await
    }
}

fn sqlite_field(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Int | Kind::Text => format!("j->>'{name}' AS {name}"),
        Kind::Uuid => format!("unhex(j->>'{name}', '-') AS {name}"),
        Kind::Json => format!("j->'{name}' AS {name}"),
    }
}

const fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Uuid => "uuid",
        Kind::Json => "jsonb",
    }
}

/// Classes of PostgreSQL's codes that are about values: cardinality, data, integrity, limits.
const POSTGRES_VALUE_CLASSES: [&str; 4] = ["21", "22", "23", "54"];
/// SQLite's codes that are about values: too big, constraint, mismatch.
const SQLITE_VALUE_CODES: [i64; 3] = [18, 19, 20];

/// Whether the database refused what was written, or holds what cannot be read; not because it is
/// away, full, locked or out of time.
pub(crate) fn refuses_values(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return matches!(error, DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. });
    };
    let Some(refusal) = cause.as_database_error() else {
        return matches!(**cause, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. });
    };
    let Some(code) = refusal.code() else { return false };
    match code.parse::<i64>() {
        // SQLite's extended codes have the plain one in their lowest byte; SQLSTATE has five signs.
        Ok(number) if code.len() < 5 => SQLITE_VALUE_CODES.contains(&(number & 0xff)),
        _ => POSTGRES_VALUE_CLASSES.iter().any(|class| code.starts_with(class)),
    }
}

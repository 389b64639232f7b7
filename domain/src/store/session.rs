//! Statements: sent on the pool or inside a transaction, counted, with typed rows back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult,
    Statement, TryGetable, Value,
};
use uuid::Uuid;

use crate::error::Result;

/// Where statements go.
#[derive(Debug)]
pub struct Session<'a> {
    place: Place<'a>,
    statements: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Place<'a> {
    Pool(&'a DatabaseConnection),
    Transaction(&'a DatabaseTransaction),
}

impl<'a> Session<'a> {
    pub(super) fn on_pool(pool: &'a DatabaseConnection, statements: Arc<AtomicU64>) -> Self {
        Self { place: Place::Pool(pool), statements }
    }

    pub(super) fn in_transaction(
        transaction: &'a DatabaseTransaction,
        statements: Arc<AtomicU64>,
    ) -> Self {
        Self { place: Place::Transaction(transaction), statements }
    }

    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Sends a statement and answers how many rows it touched.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        let statement = self.statement(sql, values);
        let done = match &self.place {
            Place::Pool(pool) => pool.execute_raw(statement).await?,
            Place::Transaction(transaction) => transaction.execute_raw(statement).await?,
        };
        Ok(done.rows_affected())
    }

    /// Sends a query and answers all its rows.
    pub async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        let statement = self.statement(sql, values);
        let rows = match &self.place {
            Place::Pool(pool) => pool.query_all_raw(statement).await?,
            Place::Transaction(transaction) => transaction.query_all_raw(statement).await?,
        };
        Ok(rows.into_iter().map(Row).collect())
    }

    /// Sends a query and answers its first row.
    pub async fn one(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// Sends an aggregate that always has one row with one number.
    pub async fn number(&self, sql: &str, values: Vec<Value>) -> Result<i64> {
        match self.one(sql, values).await? {
            Some(row) => Ok(row.0.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0)),
            None => Ok(0),
        }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        match &self.place {
            Place::Pool(pool) => pool.get_database_backend(),
            Place::Transaction(transaction) => transaction.get_database_backend(),
        }
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Statement::from_sql_and_values(self.backend(), sql, values)
    }
}

/// One row of an answer.
#[derive(Debug)]
pub struct Row(QueryResult);

impl Row {
    /// A column by name, in the type that is asked for.
    pub fn get<T: TryGetable>(&self, column: &str) -> Result<T> {
        Ok(self.0.try_get::<T>("", column)?)
    }

    /// A number.
    pub fn int(&self, column: &str) -> Result<i64> {
        self.get(column)
    }

    /// A text.
    pub fn text(&self, column: &str) -> Result<String> {
        self.get(column)
    }

    /// A UUID.
    pub fn uuid(&self, column: &str) -> Result<Uuid> {
        self.get(column)
    }

    /// A JSON column, read into a type.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T> {
        let value: serde_json::Value = self.get(column)?;
        serde_json::from_value(value).map_err(|error| {
            DbErr::Type(format!("column `{column}` does not hold what it should: {error}")).into()
        })
    }
}

//! The way to the database: one writer and many readers on SQLite, one pool on PostgreSQL.

pub mod dialect;
mod open;
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use dsl::time::Instant;
use futures::future::BoxFuture;
use sea_orm::{
    AccessMode, DatabaseConnection, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::error::{Error, Result};
pub use open::{Opening, SchemaState, without_secrets};
pub use session::{Row, Session};

/// A handle on the database; clones share everything.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// The only connection that writes on SQLite; the pool on PostgreSQL.
    writer: DatabaseConnection,
    /// Read-only connections on SQLite; the same pool on PostgreSQL.
    readers: DatabaseConnection,
    /// Writes SQLite's log back.
    keeper: Option<DatabaseConnection>,
    clock: Clock,
    statements: Arc<AtomicU64>,
    /// First come first served, ahead of the pool, so that waiting writers keep their order.
    turn: Mutex<()>,
    /// Spans read, decide and commit of a tick on SQLite.
    engine: Mutex<()>,
    definitions: crate::definitions::Cache,
    /// When the intake transaction that is open now began; [`Instant::MAX`] while none is.
    intake_open_since: AtomicI64,
    /// Keeps the lock file of an SQLite engine.
    _lock: Option<std::fs::File>,
}

impl Store {
    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.shared.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// The engine's time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.shared.clock
    }

    /// How many statements were sent since it was opened; for tests and metrics.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    /// Reads outside a transaction.
    #[must_use]
    pub fn read(&self) -> Session<'_> {
        Session::on_pool(&self.shared.readers, self.shared.statements.clone())
    }

    /// Runs `work` in one writing transaction: all of it is kept, or nothing.
    ///
    /// It runs in a spawned task, since the future of a web request may be dropped half-way.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Session<'a>) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        let store = self.clone();
        tokio::spawn(async move { store.transact(work).await })
            .await
            .map_err(|panic| Error::internal(format!("a transaction panicked: {panic}")))?
    }

    async fn transact<T, F>(&self, work: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a Session<'a>) -> BoxFuture<'a, Result<T>>,
    {
        let _turn = if self.is_sqlite() { Some(self.shared.turn.lock().await) } else { None };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            access_mode: (!self.is_sqlite()).then_some(AccessMode::ReadWrite),
            ..Default::default()
        };
        let transaction = self.shared.writer.begin_with_options(options).await?;
        let session = Session::in_transaction(&transaction, self.shared.statements.clone());
        let result = work(&session).await;
        let ended = match result {
            Ok(value) => transaction.commit().await.map(|()| value).map_err(Error::from),
            Err(error) => {
                // The first error is the one to report; a failed roll-back closes the connection.
                transaction.rollback().await.ok();
                Err(error)
            }
        };
        // Still within the turn, so that it is nobody else's mark that is taken away.
        self.shared.intake_open_since.store(Instant::MAX, Ordering::SeqCst);
        ended
    }

    /// Held from reading to commit by a tick on SQLite, where one engine moves all lanes.
    pub(crate) async fn engine_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.shared.engine.lock().await
    }

    /// Notes, within an intake transaction on SQLite, that it is open, and answers the present
    /// moment: what it brings in was not accepted before.
    pub(crate) fn open_intake(&self) -> Instant {
        let now = self.clock().now();
        self.shared.intake_open_since.store(now, Ordering::SeqCst);
        // A tick that looked before sees an earlier moment than the one that is answered.
        self.clock().now()
    }

    /// Before this instant, all that was accepted is committed.
    pub(crate) fn intake_open_since(&self) -> Instant {
        self.shared.intake_open_since.load(Ordering::SeqCst)
    }

    /// The pool of sqlx below, for what needs a connection of its own.
    pub(crate) fn postgres_pool(&self) -> Result<&sqlx::PgPool> {
        if self.is_sqlite() {
            return Err(Error::internal("there is no PostgreSQL pool on SQLite"));
        }
        Ok(self.shared.writer.get_postgres_connection_pool())
    }

    pub(crate) fn definitions(&self) -> &crate::definitions::Cache {
        &self.shared.definitions
    }
}

//! Opening a database: connections, pragmas, the lock of an embedded engine, the schema.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::Mutex;

use super::{Shared, Store};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// Connections that read on SQLite.
const SQLITE_READERS: u32 = 4;
/// Connections of one process on PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Pages of SQLite's log (256 MiB) above which writers wait for it to be written back whole.
const LOG_PAGES_MAX: i64 = 65_536;
/// How long a statement waits for SQLite's write lock, which another process may hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// A frozen process must not hold lanes for longer than this.
const IDLE_IN_TRANSACTION: &str = "10s";
/// No single statement is worth more than this.
const STATEMENT_TIMEOUT: &str = "30s";
/// How long a call waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Opening {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Whether this process moves people. On SQLite only one may: a lock file says so.
    pub engine: bool,
}

/// Whether a schema is what this program expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing to do.
    Current,
    /// These migrations are missing, oldest first.
    Behind(Vec<String>),
}

impl Store {
    /// Opens a database. SQLite files are made where they are missing; the schema is not touched.
    pub async fn open(opening: &Opening) -> Result<Self> {
        let url = opening.url.as_str();
        let (writer, readers, keeper, lock) = if let Some(path) = sqlite_path(url) {
            let lock = if opening.engine { Some(lock(&path)?) } else { None };
            let [writer, readers, keeper] = open_sqlite(&path).await?;
            (writer, readers, Some(keeper), lock)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = open_postgres(url).await?;
            (pool.clone(), pool, None, None)
        } else {
            return Err(Error::invalid(
                "database_url",
                format!(
                    "expected `sqlite://FILE` or `postgres://…`, found `{}`",
                    without_secrets(url)
                ),
            ));
        };
        let clock = stored_clock(&writer).await;
        Ok(Self {
            shared: Arc::new(Shared {
                writer,
                readers,
                keeper,
                clock,
                statements: Arc::new(AtomicU64::new(0)),
                turn: Mutex::new(()),
                engine: Mutex::new(()),
                definitions: crate::definitions::Cache::default(),
                intake_open_since: AtomicI64::new(i64::MAX),
                _lock: lock,
            }),
        })
    }

    /// Brings the schema up to date; a second call changes nothing.
    pub async fn migrate(&self) -> Result<()> {
        Ok(Migrator::up(&self.shared.writer, None).await?)
    }

    /// Whether the schema is what this program expects.
    pub async fn schema(&self) -> Result<SchemaState> {
        let pending = Migrator::get_pending_migrations(&self.shared.writer).await?;
        if pending.is_empty() {
            return Ok(SchemaState::Current);
        }
        Ok(SchemaState::Behind(pending.iter().map(|m| m.name().to_owned()).collect()))
    }

    /// Marks a throw-away database whose time runs `factor` times as fast from now on. Takes
    /// effect for handles that are opened afterwards.
    pub async fn speed_up(&self, factor: f64) -> Result<()> {
        let base = crate::clock::real_now();
        self.write(move |session| {
            Box::pin(async move {
                let sql = "INSERT INTO time (one, base, factor) VALUES (1, $1, $2)
                    ON CONFLICT (one) DO UPDATE SET base = excluded.base, factor = excluded.factor";
                session.execute(sql, vec![base.into(), factor.into()]).await.map(|_| ())
            })
        })
        .await
    }

    /// Writes what is in SQLite's log into the file, so that the log does not grow without end.
    /// Neither readers nor the writer wait for it, but where the log has grown very large. Does
    /// nothing on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<()> {
        let Some(keeper) = &self.shared.keeper else { return Ok(()) };
        let statement = |sql: &str| Statement::from_string(keeper.get_database_backend(), sql);
        let done = keeper.query_one_raw(statement("PRAGMA wal_checkpoint(PASSIVE)")).await?;
        let pages = done.and_then(|row| row.try_get_by_index::<i64>(1).ok()).unwrap_or(0);
        if pages > LOG_PAGES_MAX {
            keeper.query_one_raw(statement("PRAGMA wal_checkpoint(RESTART)")).await?;
        }
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.shared.writer.clone().close().await.ok();
        self.shared.readers.clone().close().await.ok();
    }
}

fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// Takes the lock beside the file; the system releases it when the process ends, however it ends.
fn lock(path: &Path) -> Result<File> {
    let beside = PathBuf::from(format!("{}.lock", path.display()));
    let unusable = |error: &dyn std::fmt::Display| {
        Error::invalid("database_url", format!("cannot use `{}`: {error}", beside.display()))
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&beside)
        .map_err(|error| unusable(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Conflict {
            message: format!(
                "another engine is running on `{}`: SQLite takes one; stop it, or use PostgreSQL \
                 for several",
                path.display()
            ),
        }),
        Err(TryLockError::Error(error)) => Err(unusable(&error)),
    }
}

/// The writer, the readers, and a connection that writes the log back.
async fn open_sqlite(path: &Path) -> Result<[DatabaseConnection; 3]> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", "268435456");
    let pool = async |connections: u32, options: SqliteConnectOptions| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await
            .map(SqlxSqliteConnector::from_sqlx_sqlite_pool)
            .map_err(|error| cannot_open(&path.display().to_string(), &error))
    };
    let small = options.clone().pragma("cache_size", "-8192");
    Ok([
        pool(1, options.pragma("cache_size", "-65536")).await?,
        pool(SQLITE_READERS, small.clone().pragma("query_only", "true")).await?,
        pool(1, small).await?,
    ])
}

async fn open_postgres(url: &str) -> Result<DatabaseConnection> {
    let shown = without_secrets(url);
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Error::invalid("database_url", format!("cannot read `{shown}`: {error}")))?
        .application_name("sojourn")
        .options([
            ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION),
            ("statement_timeout", STATEMENT_TIMEOUT),
            ("tcp_keepalives_idle", "5"),
            ("tcp_keepalives_interval", "2"),
            ("tcp_keepalives_count", "3"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(|error| cannot_open(&shown, &error))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn cannot_open(what: &str, error: &sqlx::Error) -> Error {
    Error::Unavailable(sea_orm::DbErr::Custom(format!("cannot open `{what}`: {error}")))
}

/// A database address fit for logs.
#[must_use]
pub fn without_secrets(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let scheme = url.get(..scheme + 3).unwrap_or_default();
            format!("{scheme}…{}", url.get(at..).unwrap_or_default())
        }
        _ => url.to_owned(),
    }
}

/// Real time, unless the database says otherwise. A database without a schema has no say.
async fn stored_clock(connection: &DatabaseConnection) -> Clock {
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT base, factor FROM time WHERE one = 1",
    );
    let row = connection.query_one_raw(statement).await.ok().flatten();
    row.and_then(|row| {
        Some(Clock::fast(row.try_get("", "base").ok()?, row.try_get("", "factor").ok()?))
    })
    .unwrap_or(Clock::REAL)
}

//! Connections: one type for both databases, made with the settings that the rest relies on.
#![expect(clippy::disallowed_methods, reason = "this is the one place where connections are made")]

use diesel::{
    Connection, ConnectionError, MultiConnection, PgConnection, SqliteConnection,
    connection::SimpleConnection,
    r2d2::{Error, ManageConnection, Pool, R2D2Connection},
};

use crate::StoreError;

/// A connection to either database.
#[derive(MultiConnection)]
pub(crate) enum Conn {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// The backend of [`Conn`], for boxed queries.
pub(crate) type Backend = self::multi_connection_impl::MultiBackend;

/// Runs one body on the connection inside, where [`Conn`]'s portable subset is too small.
macro_rules! each_backend {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Postgres($inner) => $body,
            $crate::conn::Conn::Sqlite($inner) => $body,
        }
    };
}
pub(crate) use each_backend;

/// Which database a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// A server of its own.
    Postgres,
}

impl Engine {
    /// PostgreSQL by its scheme; everything else is a path to an SQLite file.
    #[must_use]
    pub fn of(url: &str) -> Self {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        if matches!(scheme, Some("postgres" | "postgresql")) { Self::Postgres } else { Self::Sqlite }
    }
}

/// The path in an SQLite URL: `sqlite:path`, `sqlite:///path`, or nothing but the path.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    rest.strip_prefix("//").unwrap_or(rest)
}

/// What an SQLite connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

/// Opens a connection with its settings.
pub(crate) fn connect(url: &str, purpose: Use) -> Result<Conn, ConnectionError> {
    match Engine::of(url) {
        Engine::Postgres => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET lock_timeout = '10s'")
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Postgres(conn))
        }
        Engine::Sqlite => {
            let mut conn = SqliteConnection::establish(path_of(url))?;
            conn.batch_execute(pragmas(purpose)).map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Sqlite(conn))
        }
    }
}

/// `synchronous=FULL`: a confirmed write survives the loss of power, WAL alone does not promise that.
const fn pragmas(purpose: Use) -> &'static str {
    match purpose {
        Use::Write => {
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"
        }
        Use::Read => "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF",
    }
}

/// Hands connections to the pool.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) url: String,
    pub(crate) purpose: Use,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        connect(&self.url, self.purpose).map_err(Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        conn.ping().map_err(Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        // A connection that comes back while its thread panics may hold an open transaction.
        std::thread::panicking() || conn.is_broken()
    }
}

/// Makes a pool that opens its connections when they are first needed.
pub(crate) fn pool(url: &str, purpose: Use, size: u32) -> Pool<Manager> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .test_on_check_out(Engine::of(url) == Engine::Postgres)
        .connection_timeout(std::time::Duration::from_secs(5))
        .build_unchecked(Manager { url: url.to_owned(), purpose })
}

impl From<diesel::r2d2::PoolError> for StoreError {
    fn from(error: diesel::r2d2::PoolError) -> Self {
        Self::Unavailable(Some(Box::new(error)))
    }
}

impl From<ConnectionError> for StoreError {
    fn from(error: ConnectionError) -> Self {
        Self::Unavailable(Some(Box::new(error)))
    }
}

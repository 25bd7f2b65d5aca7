//! Brings the schema up to date, one process at a time.

mod describe;

use diesel::{connection::SimpleConnection, dsl::sql, migration::MigrationSource, prelude::*, sql_types::Bool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{
    StoreError,
    conn::{Conn, Engine, Use, connect, path_of},
    schema::practices,
};

pub use describe::describe;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any fixed number: the lock by which two servers that start at once take turns.
const LOCK: i64 = 0x7465_6e66_6f6c_6400;

/// Runs the migrations that are missing and names them. Servers that start at the same time wait for one another.
///
/// # Errors
/// If the database can't be reached, or a migration fails: it is then left out whole.
pub fn migrate(url: &str) -> Result<Vec<String>, StoreError> {
    match Engine::of(url) {
        Engine::Postgres => {
            let mut conn = connect(url, Use::Write)?;
            conn.batch_execute(&format!("SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})"))?;
            let run = run_pending(&mut conn);
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            run
        }
        Engine::Sqlite => {
            let path = format!("{}.lock", path_of(url));
            let file = |source| StoreError::File { path: path.clone().into(), source };
            let lock = std::fs::File::create(&path).map_err(file)?;
            lock.lock().map_err(file)?;
            run_pending(&mut connect(url, Use::Write)?)
        }
    }
}

/// Whether every migration has run.
///
/// # Errors
/// If the database can't be reached.
pub(crate) fn is_current(conn: &mut Conn) -> Result<bool, StoreError> {
    let pending = match conn {
        Conn::Postgres(conn) => conn.has_pending_migration(POSTGRES),
        Conn::Sqlite(conn) => conn.has_pending_migration(SQLITE),
    };
    Ok(!pending.map_err(StoreError::Migration)?)
}

fn run_pending(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let versions = match conn {
        Conn::Postgres(conn) => conn.run_pending_migrations(POSTGRES).map(|run| names(&run)),
        Conn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(|run| names(&run)),
    };
    versions.map_err(StoreError::Migration)
}

fn names(versions: &[diesel::migration::MigrationVersion<'_>]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// What is to be known of a database before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it holds practices, whose keys are wrapped by a master key.
    pub holds_practices: bool,
    /// Whether row-level security does not bite, because the role is a superuser or passes it by.
    pub passes_row_security: bool,
}

/// Looks at a database whose schema is up to date.
///
/// # Errors
/// If it can't be reached.
pub fn inspect(url: &str) -> Result<State, StoreError> {
    let mut conn = connect(url, Use::Read)?;
    let passes_row_security = match &mut conn {
        Conn::Sqlite(_) => false,
        Conn::Postgres(conn) => {
            conn.batch_execute("SELECT set_config('tenfold.directory', 'on', false)")?;
            diesel::select(sql::<Bool>("(SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)"))
                .get_result(conn)?
        }
    };
    let practice: Option<String> = practices::table.select(practices::id).first(&mut conn).optional()?;
    Ok(State { holds_practices: practice.is_some(), passes_row_security })
}

/// Undoes every migration, newest first. For the test that goes up, down and up again.
///
/// # Errors
/// If one can't be undone.
pub fn revert_all(url: &str) -> Result<(), StoreError> {
    let reverted = match connect(url, Use::Write)? {
        Conn::Postgres(mut conn) => conn.revert_all_migrations(POSTGRES).map(drop),
        Conn::Sqlite(mut conn) => conn.revert_all_migrations(SQLITE).map(drop),
    };
    reverted.map_err(StoreError::Migration)
}

/// The names of the migrations in both folders, for the test that compares them.
///
/// # Errors
/// If an embedded migration has no readable name.
pub fn folder_names() -> Result<(Vec<String>, Vec<String>), StoreError> {
    let sqlite = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map_err(StoreError::Migration)?;
    let postgres = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).map_err(StoreError::Migration)?;
    Ok((
        sqlite.iter().map(|migration| migration.name().to_string()).collect(),
        postgres.iter().map(|migration| migration.name().to_string()).collect(),
    ))
}

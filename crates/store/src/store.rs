//! The database, and the only way in.

use std::sync::Arc;

use diesel::r2d2::Pool;
use domain::ids::PracticeId;
use tokio::sync::oneshot;

use crate::{
    Context, IdSource, MasterKeys, StoreError, Tx, View,
    conn::{Conn, Engine, Manager, Use, pool},
    keyring::Keyring,
    migrate,
    unit::{Bounds, Outcome, run, within},
    writer::{Answer, Ran, Unit, Writer},
};

/// How many connections, on PostgreSQL for everything, on SQLite for reading.
const CONNECTIONS: u32 = 16;

/// Where the database is and how its secrets are opened.
pub struct Options {
    /// `postgres://…`, or the path of an SQLite file.
    pub url: String,
    /// The keys that wrap every practice's data keys.
    pub master_keys: MasterKeys,
    /// Reads the master keys again, for when another process has rotated them.
    pub reload_master_keys: Box<dyn Fn() -> Option<MasterKeys> + Send + Sync>,
}

/// The database, and the only way in. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Manager>,
    /// SQLite's one writer; on PostgreSQL every connection writes.
    writer: Option<Writer>,
    keyring: Arc<Keyring>,
}

impl Store {
    /// Opens a database whose schema is up to date (see [`migrate`]).
    ///
    /// # Errors
    /// If SQLite's file can't be opened. PostgreSQL is first reached when it is needed.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let engine = Engine::of(&options.url);
        let writer = match engine {
            Engine::Sqlite => Some(Writer::start(options.url.clone())?),
            Engine::Postgres => None,
        };
        let purpose = if engine == Engine::Sqlite { Use::Read } else { Use::Write };
        let keyring = Arc::new(Keyring::new(options.master_keys, options.reload_master_keys));
        Ok(Self { pool: pool(&options.url, purpose, CONNECTIONS), writer, keyring })
    }

    /// Which database this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        if self.writer.is_some() { Engine::Sqlite } else { Engine::Postgres }
    }

    /// Runs a reading unit of work on one snapshot.
    ///
    /// # Errors
    /// What the work answers, or why it could not be done.
    pub async fn read<T, E, F>(&self, context: Context, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut View<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let keyring = Arc::clone(&self.keyring);
        self.on_connection(move |conn| {
            let begin = begin_reading(conn, context.caller.practice);
            let bounds = Bounds { begin: &begin, keep: "COMMIT", give_up: "ROLLBACK" };
            within(conn, bounds, |conn| work(&mut View::new(conn, keyring, context))).done
        })
        .await
    }

    /// Runs a writing unit of work: commits on `Ok`, leaves nothing behind on `Err`.
    ///
    /// Units of work of one practice run one after another, on either database: what one has checked still holds when it writes.
    ///
    /// # Errors
    /// What the work answers, or why it could not be done.
    pub async fn write<T, E, F>(&self, context: Context, ids: Arc<dyn IdSource>, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let keyring = Arc::clone(&self.keyring);
        let unit = move |conn: &mut Conn| run(conn, keyring, context, &*ids, work);
        match &self.writer {
            Some(writer) => grouped(writer, unit).await,
            None => {
                self.on_connection(move |conn| {
                    let begin = begin_writing(context.caller.practice);
                    within(conn, Bounds { begin: &begin, keep: "COMMIT", give_up: "ROLLBACK" }, unit).done
                })
                .await
            }
        }
    }

    /// Whether the database answers and its schema is up to date.
    ///
    /// # Errors
    /// Why it can't be reached.
    pub async fn is_ready(&self) -> Result<bool, StoreError> {
        self.on_connection(migrate::is_current).await
    }

    /// Reads what concerns no single practice: who the practices are, which jobs wait.
    pub(crate) async fn read_directory<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.on_connection(move |conn| {
            let begin = begin_directory(conn);
            within(conn, Bounds { begin, keep: "COMMIT", give_up: "ROLLBACK" }, work).done
        })
        .await
    }

    /// Writes what concerns no single practice: who does which job.
    pub(crate) async fn write_directory<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match &self.writer {
            Some(writer) => grouped(writer, work).await,
            None => self.read_directory(work).await,
        }
    }

    async fn on_connection<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let pool = self.pool.clone();
        let task = tokio::task::spawn_blocking(move || {
            let mut conn = pool.get().map_err(StoreError::from)?;
            work(&mut conn)
        });
        task.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }
}

fn begin_reading(conn: &Conn, practice: PracticeId) -> String {
    match conn {
        Conn::Sqlite(_) => "BEGIN".to_owned(),
        Conn::Postgres(_) => {
            format!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {}", set_practice(practice))
        }
    }
}

/// Opens the transaction, names the practice to row-level security and takes the practice's turn, in one round trip.
fn begin_writing(practice: PracticeId) -> String {
    let turn = format!("SELECT number FROM audit_heads WHERE practice_id = '{practice}' FOR UPDATE");
    format!("BEGIN; {}; {turn}", set_practice(practice))
}

const fn begin_directory(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "BEGIN",
        Conn::Postgres(_) => "BEGIN; SELECT set_config('tenfold.directory', 'on', true)",
    }
}

fn set_practice(practice: PracticeId) -> String {
    format!("SELECT set_config('tenfold.practice', '{practice}', true)")
}

/// Hands a unit to the one writer and waits until the group it ran in is on the disk.
async fn grouped<T, E>(writer: &Writer, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let unit: Unit = Box::new(move |conn| -> Ran {
        let bounds =
            Bounds { begin: "SAVEPOINT unit", keep: "RELEASE unit", give_up: "ROLLBACK TO unit; RELEASE unit" };
        let Outcome { done, broken } = within(conn, bounds, work);
        let answer: Answer = Box::new(move |committed| {
            // Whoever waited may have gone away; the work is done all the same.
            answer.send(committed.map_err(E::from).and(done)).ok();
        });
        Ran { answer, broken }
    });
    writer.submit(unit)?;
    answered.await.unwrap_or_else(|_| Err(StoreError::Unavailable(None).into()))
}

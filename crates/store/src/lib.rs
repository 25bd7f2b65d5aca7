//! Tenfold's rows and queries, on SQLite and PostgreSQL.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::access::Caller;
use uuid::Uuid;

/// What every unit of work carries: who asks, when, and in answer to which request.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Who asks.
    pub caller: Caller,
    /// The instant of the unit of work, in UTC, cut to microseconds.
    pub now: DateTime<Utc>,
    /// The request that this answers, for the audit trail.
    pub request: Option<Uuid>,
}

/// Where new ids come from.
pub trait IdSource: Send + Sync {
    /// The next id.
    fn next(&self) -> Uuid;
}

/// What can go wrong between a unit of work and the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not exist for this caller.
    #[error("it does not exist for this caller")]
    NotFound,
    /// It is there already, or was changed in the meantime.
    #[error("it is there already, or was changed in the meantime")]
    Conflict,
    /// The database can't be reached just now.
    #[error("the database can't be reached just now")]
    Unavailable,
    /// The unit of work panicked; nothing of it was kept.
    #[error("the unit of work panicked; nothing of it was kept")]
    Panicked,
}

/// What a unit of work reads through: one connection, one snapshot, one caller.
pub struct View<'c> {
    context: &'c Context,
}

impl View<'_> {
    /// Who asks.
    #[must_use]
    pub fn caller(&self) -> Caller {
        self.context.caller
    }

    /// The instant of this unit of work.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.context.now
    }
}

/// What a unit of work writes through: all of it happens, or nothing.
pub struct Tx<'c> {
    view: View<'c>,
    ids: &'c dyn IdSource,
}

impl Tx<'_> {
    /// A new id.
    #[must_use]
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        self.ids.next().into()
    }
}

impl<'c> std::ops::Deref for Tx<'c> {
    type Target = View<'c>;

    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

impl<'c> std::ops::DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut View<'c> {
        &mut self.view
    }
}

/// The database, and the only way in.
#[derive(Clone)]
pub struct Store {}

impl Store {
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
        work(&mut View { context: &context })
    }

    /// Runs a writing unit of work: commits on `Ok`, leaves nothing behind on `Err`.
    ///
    /// # Errors
    /// What the work answers, or why it could not be done.
    pub async fn write<T, E, F>(&self, context: Context, ids: Arc<dyn IdSource>, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        work(&mut Tx { view: View { context: &context }, ids: &*ids })
    }
}

//! Units of work: one closure, one connection, one transaction, one caller, one instant.

use std::{
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use domain::access::Caller;
use uuid::Uuid;

use crate::{
    StoreError,
    audit::{self, Event},
    conn::Conn,
    keyring::Keyring,
};

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
    /// The next id. It tells when it was made.
    fn next(&self) -> Uuid;

    /// An id that tells nothing, for what may begin before somebody who sees it later may know.
    fn random(&self) -> Uuid;
}

/// What a unit of work reads through: one connection, one snapshot, one caller.
pub struct View<'c> {
    conn: &'c mut Conn,
    keyring: Arc<Keyring>,
    context: Context,
}

impl<'c> View<'c> {
    pub(crate) fn new(conn: &'c mut Conn, keyring: Arc<Keyring>, context: Context) -> Self {
        Self { conn, keyring, context }
    }

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

    pub(crate) fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    pub(crate) fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring)
    }
}

/// What a unit of work writes through: all of it happens, or nothing.
///
/// Only [`Store::write`](crate::Store::write) makes one, so what takes a `Tx` can't run outside a transaction.
pub struct Tx<'c> {
    view: View<'c>,
    ids: &'c dyn IdSource,
    events: Vec<Event>,
}

impl Tx<'_> {
    /// A new id.
    #[must_use]
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        self.ids.next().into()
    }

    /// A new id that does not tell when it was made.
    #[must_use]
    pub fn new_random_id<I: From<Uuid>>(&self) -> I {
        self.ids.random().into()
    }

    /// Notes in the audit trail what this unit of work did or read. It is written when, and only when, the work is kept.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(crate) fn request(&self) -> Option<Uuid> {
        self.view.context.request
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = View<'c>;

    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

impl<'c> DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut View<'c> {
        &mut self.view
    }
}

/// How a transaction is opened, kept and given up.
#[derive(Clone, Copy)]
pub(crate) struct Bounds<'s> {
    pub(crate) begin: &'s str,
    pub(crate) keep: &'s str,
    pub(crate) give_up: &'s str,
}

/// What came of work between bounds.
pub(crate) struct Outcome<T, E> {
    /// What the work answers, or why it could not be done.
    pub(crate) done: Result<T, E>,
    /// Whether the bounds themselves failed, so that nobody knows what is open on the connection.
    pub(crate) broken: bool,
}

/// Runs work between the bounds. A panic gives up like an error, so that no open transaction is left on the connection.
pub(crate) fn within<T, E: From<StoreError>>(
    conn: &mut Conn,
    bounds: Bounds<'_>,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Outcome<T, E> {
    if let Err(error) = conn.batch_execute(bounds.begin) {
        return Outcome { done: Err(StoreError::from(error).into()), broken: true };
    }
    let done = catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    match done {
        Ok(value) => {
            if let Err(error) = conn.batch_execute(bounds.keep) {
                let broken = conn.batch_execute(bounds.give_up).is_err();
                return Outcome { done: Err(StoreError::from(error).into()), broken };
            }
            Outcome { done: Ok(value), broken: false }
        }
        Err(error) => Outcome { done: Err(error), broken: conn.batch_execute(bounds.give_up).is_err() },
    }
}

/// Runs work that writes, and appends to the audit trail what it did.
pub(crate) fn run<T, E: From<StoreError>>(
    conn: &mut Conn,
    keyring: Arc<Keyring>,
    context: Context,
    ids: &dyn IdSource,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut tx = Tx { view: View::new(conn, keyring, context), ids, events: Vec::new() };
    let value = work(&mut tx)?;
    let events = std::mem::take(&mut tx.events);
    audit::append(&mut tx, events)?;
    Ok(value)
}

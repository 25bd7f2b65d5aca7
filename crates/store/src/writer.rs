//! SQLite's one writer: it groups the units of work that wait into one transaction.
//!
//! A durable commit costs one flush of the disk (2–5 ms) however much it carries. So each unit runs in a savepoint of its own, and
//! nobody is answered before the transaction that holds their unit is on the disk.

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use diesel::connection::SimpleConnection;

use crate::{
    StoreError,
    conn::{Conn, Use, connect},
};

/// As many units as one transaction takes, so that the first of them does not wait for ever.
const GROUP: usize = 64;

/// Tells the one who waits, once it is known whether the commit succeeded.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Does the work in a savepoint, and hands back how to answer.
pub(crate) type Unit = Box<dyn FnOnce(&mut Conn) -> Answer + Send>;

/// Where units of work are handed in.
#[derive(Clone)]
pub(crate) struct Writer(Sender<Unit>);

impl Writer {
    /// Starts the writer thread, which ends with the last of its senders.
    pub(crate) fn start(url: String) -> Result<Self, StoreError> {
        let mut conn = connect(&url, Use::Write)?;
        let (sender, units) = channel();
        thread::Builder::new()
            .name("tenfold-writer".to_owned())
            .spawn(move || serve(&mut conn, &units))
            .map_err(|source| StoreError::File { path: url.into(), source })?;
        Ok(Self(sender))
    }

    pub(crate) fn submit(&self, unit: Unit) -> Result<(), StoreError> {
        self.0.send(unit).map_err(|_| StoreError::Unavailable(None))
    }
}

fn serve(conn: &mut Conn, units: &Receiver<Unit>) {
    while let Ok(first) = units.recv() {
        let answers = match conn.batch_execute("BEGIN IMMEDIATE") {
            Ok(()) => run_group(conn, first, units),
            // Without a transaction the unit still has to be answered: dropping it does that.
            Err(error) => {
                tracing::error!(error = %error, "the writer could not begin a transaction");
                continue;
            }
        };
        let outcome = conn.batch_execute("COMMIT");
        if let Err(error) = &outcome {
            tracing::error!(error = %error, "the writer could not commit");
            conn.batch_execute("ROLLBACK").ok();
        }
        for answer in answers {
            answer(if outcome.is_ok() { Ok(()) } else { Err(StoreError::Unavailable(None)) });
        }
    }
}

fn run_group(conn: &mut Conn, first: Unit, units: &Receiver<Unit>) -> Vec<Answer> {
    let mut answers = vec![first(conn)];
    while answers.len() < GROUP
        && let Ok(next) = units.try_recv()
    {
        answers.push(next(conn));
    }
    answers
}

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
/// Does the work in a savepoint.
pub(crate) type Unit = Box<dyn FnOnce(&mut Conn) -> Ran + Send>;

/// What came of a unit.
pub(crate) struct Ran {
    /// How to answer whoever waits for it.
    pub(crate) answer: Answer,
    /// Whether its savepoint is gone, and with it all that one knows of the transaction: SQLite gives a whole transaction up when
    /// the disk is full.
    pub(crate) broken: bool,
}

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
        let (answers, broken) = match conn.batch_execute("BEGIN IMMEDIATE") {
            Ok(()) => run_group(conn, first, units),
            // Without a transaction the unit still has to be answered: dropping it does that.
            Err(error) => {
                tracing::error!(error = %error, "the writer could not begin a transaction");
                continue;
            }
        };
        let committed = !broken && commit(conn);
        if !committed {
            conn.batch_execute("ROLLBACK").ok();
        }
        for answer in answers {
            answer(if committed { Ok(()) } else { Err(StoreError::Unavailable(None)) });
        }
    }
}

fn commit(conn: &mut Conn) -> bool {
    let outcome = conn.batch_execute("COMMIT");
    if let Err(error) = &outcome {
        tracing::error!(error = %error, "the writer could not commit");
    }
    outcome.is_ok()
}

/// Runs what waits, up to a group; a broken unit ends it, and what it had done is given up.
fn run_group(conn: &mut Conn, first: Unit, units: &Receiver<Unit>) -> (Vec<Answer>, bool) {
    let Ran { answer, mut broken } = first(conn);
    let mut answers = vec![answer];
    while answers.len() < GROUP
        && !broken
        && let Ok(next) = units.try_recv()
    {
        let ran = next(conn);
        answers.push(ran.answer);
        broken = ran.broken;
    }
    (answers, broken)
}

//! What was answered to a creating request, so that the same request, sent again, gets the same answer and creates nothing.
//!
//! The row is written in the transaction of the effect: either both exist or neither. The answer is sealed: it may hold what
//! someone wrote.

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::ids::PracticeId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{StoreError, Tx, View, columns::AsText, schema::idempotency_keys, seal::Place};

/// How long an answer is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(48);

/// A request that was done, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 over the method, the path and the body of the request.
    pub fingerprint: [u8; 32],
    /// What was answered.
    pub answer: Kept,
}

/// An answer as it is kept for a repetition of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where the new resource is.
    pub location: String,
    /// Its entity tag.
    pub etag: String,
    /// The JSON that was answered.
    pub body: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    practice_id: AsText<PracticeId>,
    scope: String,
    id: AsText<Uuid>,
    sealed: Vec<u8>,
    created_at: chrono::NaiveDateTime,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    fingerprint: [u8; 32],
    answer: Kept,
}

fn place(row: Uuid) -> Place {
    Place { column: "idempotency_keys.sealed", row }
}

/// The answer given before within this scope (the caller and the key), if it is still kept.
///
/// # Errors
/// If the database fails.
pub fn find(view: &mut View<'_>, scope: &str) -> Result<Option<Stored>, StoreError> {
    let oldest = (view.now() - KEPT).naive_utc();
    let row: Option<Row> = idempotency_keys::table
        .find((AsText(view.caller().practice), scope))
        .filter(idempotency_keys::created_at.gt(oldest))
        .select(Row::as_select())
        .first(view.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let Sealed { fingerprint, answer } = view.open(place(row.id.0), &row.sealed)?;
    Ok(Some(Stored { fingerprint, answer }))
}

/// Keeps an answer, and lets go of those of this practice whose time is over.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, scope: &str, stored: &Stored) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let oldest = (tx.now() - KEPT).naive_utc();
    diesel::delete(
        idempotency_keys::table
            .filter(idempotency_keys::practice_id.eq(practice_id))
            .filter(idempotency_keys::created_at.le(oldest)),
    )
    .execute(tx.conn())?;
    let id: Uuid = tx.new_id();
    let Stored { fingerprint, answer } = stored.clone();
    let sealed = tx.seal(place(id), &Sealed { fingerprint, answer })?;
    let created_at = tx.now().naive_utc();
    let row = Row { practice_id, scope: scope.to_owned(), id: AsText(id), sealed, created_at };
    diesel::insert_into(idempotency_keys::table).values(row).execute(tx.conn())?;
    Ok(())
}

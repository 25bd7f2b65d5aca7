//! What was answered to a creating request, so that the same request, sent again, gets the same answer and creates nothing.
//!
//! The row is written in the transaction of the effect: either both exist or neither. The answer is sealed: it may hold what
//! someone wrote.

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::ids::PracticeId;
use uuid::Uuid;

use crate::{StoreError, Tx, View, columns::AsText, schema::idempotency_keys, seal::Place};

/// How long an answer is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(48);

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 over the method, the path and the body of the request, in base16.
    pub fingerprint: String,
    /// The status that was answered.
    pub status: u16,
    /// Where the created thing is.
    pub location: Option<String>,
    /// Its version.
    pub etag: Option<String>,
    /// The body that was answered.
    pub body: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    practice_id: AsText<PracticeId>,
    scope: String,
    id: AsText<Uuid>,
    fingerprint: String,
    status: i32,
    location: Option<String>,
    etag: Option<String>,
    body: Vec<u8>,
    created_at: chrono::NaiveDateTime,
}

/// The answer given before within this scope (the caller, the route and the key), if it is still kept.
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
    row.map(|row| {
        Ok(Stored {
            body: view.open(place(row.id.0), &row.body)?,
            status: u16::try_from(row.status).map_err(|_| StoreError::Corrupt("idempotency_keys.status"))?,
            fingerprint: row.fingerprint,
            location: row.location,
            etag: row.etag,
        })
    })
    .transpose()
}

/// Keeps an answer, and lets go of those of this practice whose time is over.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, scope: &str, stored: &Stored) -> Result<(), StoreError> {
    let practice = AsText(tx.caller().practice);
    let oldest = (tx.now() - KEPT).naive_utc();
    diesel::delete(
        idempotency_keys::table
            .filter(idempotency_keys::practice_id.eq(practice))
            .filter(idempotency_keys::created_at.le(oldest)),
    )
    .execute(tx.conn())?;
    let id: Uuid = tx.new_id();
    let row = Row {
        practice_id: practice,
        scope: scope.to_owned(),
        id: AsText(id),
        fingerprint: stored.fingerprint.clone(),
        status: i32::from(stored.status),
        location: stored.location.clone(),
        etag: stored.etag.clone(),
        body: tx.seal(place(id), &stored.body)?,
        created_at: tx.now().naive_utc(),
    };
    diesel::insert_into(idempotency_keys::table).values(row).execute(tx.conn())?;
    Ok(())
}

fn place(row: Uuid) -> Place {
    Place { column: "idempotency_keys.body", row }
}

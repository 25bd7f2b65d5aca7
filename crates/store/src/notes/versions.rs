//! Every text a note ever had. Each version carries SHA-256 over the hash before it and its own canonical bytes, so that a
//! changed, missing or exchanged one shows.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{
    ids::{NoteId, PracticeId, StaffId},
    note::Note,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Text, digest};
use crate::{StoreError, Tx, View, columns::AsText, schema::note_versions, seal::Place};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = note_versions)]
struct Row {
    practice_id: AsText<PracticeId>,
    note_id: AsText<NoteId>,
    number: i64,
    id: AsText<Uuid>,
    by_id: AsText<StaffId>,
    at: NaiveDateTime,
    sealed: Vec<u8>,
    hash: Vec<u8>,
}

fn place(id: Uuid) -> Place {
    Place { column: "note_versions.sealed", row: id }
}

fn chained(previous: &[u8], canonical: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(previous).chain_update(canonical).finalize().to_vec()
}

/// Keeps what the note says now, as written or signed by someone at an instant.
pub(super) fn insert(tx: &mut Tx<'_>, note: &Note, by: StaffId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let previous: Option<Vec<u8>> = note_versions::table
        .filter(note_versions::practice_id.eq(practice_id).and(note_versions::note_id.eq(AsText(note.id))))
        .order(note_versions::number.desc())
        .select(note_versions::hash)
        .first(tx.conn())
        .optional()?;
    let id: Uuid = tx.new_id();
    let row = Row {
        practice_id,
        note_id: AsText(note.id),
        number: note.version,
        id: AsText(id),
        by_id: AsText(by),
        at: at.naive_utc(),
        sealed: tx.seal(place(id), &Text::of(note))?,
        hash: chained(&previous.unwrap_or_default(), &note.canonical_bytes(by, at)),
    };
    diesel::insert_into(note_versions::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Whether a note and all of its versions, signatures and addenda are what was once written.
///
/// # Errors
/// If the database fails; an altered note is an answer, not an error.
pub fn is_whole(view: &mut View<'_>, note: &Note) -> Result<bool, StoreError> {
    let rows: Vec<Row> = note_versions::table
        .filter(note_versions::practice_id.eq(AsText(view.caller().practice)))
        .filter(note_versions::note_id.eq(AsText(note.id)))
        .order(note_versions::number)
        .select(Row::as_select())
        .load(view.conn())?;
    let (mut hash, mut newest) = (Vec::new(), None);
    for row in rows {
        let Text { partition, attended, body } = view.open(place(row.id.0), &row.sealed)?;
        let written = Note { partition, attended, body, ..note.clone() };
        hash = chained(&hash, &written.canonical_bytes(row.by_id.0, row.at.and_utc()));
        if hash != row.hash {
            return Ok(false);
        }
        newest = Some(written);
    }
    let is_newest = newest.is_some_and(|newest| newest.body == note.body && newest.attended == note.attended);
    Ok(is_newest && signatures_hold(note))
}

fn signatures_hold(note: &Note) -> bool {
    let signed = note.signed_bytes().map(|bytes| digest(&bytes));
    let cosigned = note.cosignature_bytes().map(|bytes| digest(&bytes));
    let added = note.addenda_bytes().into_iter().map(|bytes| digest(&bytes));
    signed == note.signature().map(|signature| signature.digest)
        && cosigned == note.cosignature.map(|signature| signature.digest)
        && added.eq(note.addenda.iter().map(|addendum| addendum.signature.digest))
}

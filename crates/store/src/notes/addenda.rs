//! What was added to signed notes: rows that are written once and never change.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    ids::{AddendumId, NoteId, PracticeId, StaffId},
    note::{Addendum, Note, Signature},
};

use super::read_digest;
use crate::{StoreError, Tx, View, columns::AsText, schema::note_addenda, seal::Place};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = note_addenda)]
struct Row {
    practice_id: AsText<PracticeId>,
    note_id: AsText<NoteId>,
    number: i64,
    id: AsText<AddendumId>,
    by_id: AsText<StaffId>,
    at: NaiveDateTime,
    sealed: Vec<u8>,
    signature: Vec<u8>,
}

fn place(id: AddendumId) -> Place {
    Place { column: "note_addenda.sealed", row: id.0 }
}

/// The addenda of each note, oldest first.
pub(super) fn of(view: &mut View<'_>, ids: &[AsText<NoteId>]) -> Result<HashMap<NoteId, Vec<Addendum>>, StoreError> {
    let rows: Vec<Row> = note_addenda::table
        .filter(note_addenda::practice_id.eq(AsText(view.caller().practice)))
        .filter(note_addenda::note_id.eq_any(ids))
        .order((note_addenda::note_id, note_addenda::number))
        .select(Row::as_select())
        .load(view.conn())?;
    let mut addenda: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let text: Confidential = view.open(place(row.id.0), &row.sealed)?;
        let digest = read_digest(&row.signature)?;
        let signature = Signature { by: row.by_id.0, at: row.at.and_utc(), digest };
        addenda.entry(row.note_id.0).or_default().push(Addendum { id: row.id.0, text, signature });
    }
    Ok(addenda)
}

/// Keeps the newest addendum.
pub(super) fn insert(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let added = note.addenda.last().ok_or(StoreError::Conflict)?;
    let number = i64::try_from(note.addenda.len()).map_err(|_| StoreError::Corrupt("note_addenda.number"))?;
    let row = Row {
        practice_id: AsText(tx.caller().practice),
        note_id: AsText(note.id),
        number,
        id: AsText(added.id),
        by_id: AsText(added.signature.by),
        at: added.signature.at.naive_utc(),
        sealed: tx.seal(place(added.id), &added.text)?,
        signature: added.signature.digest.0.to_vec(),
    };
    diesel::insert_into(note_addenda::table).values(row).execute(tx.conn())?;
    Ok(())
}

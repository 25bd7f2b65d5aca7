//! Psychotherapy notes (45 CFR 164.501). Every query asks for the caller's own: there is no way to ask for anybody else's.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    ids::{CoupleId, PracticeId, PsychotherapyNoteId, SessionId, StaffId},
    psychotherapy_note::PsychotherapyNote,
};

use crate::{
    Page, Slice, StoreError, Tx, View, columns::AsText, page::after, schema::psychotherapy_notes, seal::Place,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = psychotherapy_notes)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<PsychotherapyNoteId>,
    author_id: AsText<StaffId>,
    couple_id: AsText<CoupleId>,
    session_id: Option<AsText<SessionId>>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    version: i64,
}

impl Row {
    fn of(view: &mut View<'_>, note: &PsychotherapyNote) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(note.id),
            author_id: AsText(note.author),
            couple_id: AsText(note.couple),
            session_id: note.session.map(AsText),
            sealed: view.seal(place(note.id), &note.text)?,
            created_at: note.created_at.naive_utc(),
            changed_at: note.changed_at.naive_utc(),
            version: note.version,
        })
    }

    fn note(self, view: &mut View<'_>) -> Result<PsychotherapyNote, StoreError> {
        let text: Confidential = view.open(place(self.id.0), &self.sealed)?;
        Ok(PsychotherapyNote {
            id: self.id.0,
            couple: self.couple_id.0,
            session: self.session_id.map(|AsText(id)| id),
            author: self.author_id.0,
            text,
            created_at: self.created_at.and_utc(),
            changed_at: self.changed_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: PsychotherapyNoteId) -> Place {
    Place { column: "psychotherapy_notes.sealed", row: id.0 }
}

/// Whose notes the caller asks for: their own.
fn author(view: &View<'_>) -> Result<AsText<StaffId>, StoreError> {
    view.caller().staff().map(AsText).ok_or(StoreError::NotFound)
}

/// A psychotherapy note of the caller's own.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or it is someone else's.
pub fn find(view: &mut View<'_>, id: PsychotherapyNoteId) -> Result<PsychotherapyNote, StoreError> {
    let author = author(view)?;
    let row: Row = psychotherapy_notes::table
        .find((AsText(view.caller().practice), AsText(id)))
        .filter(psychotherapy_notes::author_id.eq(author))
        .select(Row::as_select())
        .first(view.conn())?;
    row.note(view)
}

/// The caller's own psychotherapy notes, perhaps about one couple, in the order in which they were begun.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: Option<CoupleId>, page: Page) -> Result<Slice<PsychotherapyNote>, StoreError> {
    let mut query = psychotherapy_notes::table
        .filter(psychotherapy_notes::practice_id.eq(AsText(view.caller().practice)))
        .filter(psychotherapy_notes::author_id.eq(author(view)?))
        .order((psychotherapy_notes::created_at, psychotherapy_notes::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(couple) = couple {
        query = query.filter(psychotherapy_notes::couple_id.eq(AsText(couple)));
    }
    let rows: Vec<Row> =
        after!(query, page, psychotherapy_notes::created_at, psychotherapy_notes::id).load(view.conn())?;
    let found = rows.into_iter().map(|row| row.note(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new psychotherapy note.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, note: &PsychotherapyNote) -> Result<(), StoreError> {
    let row = Row::of(tx, note)?;
    diesel::insert_into(psychotherapy_notes::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a rewritten psychotherapy note of the caller's own.
///
/// # Errors
/// [`StoreError::NotFound`] if it is someone else's.
pub fn update(tx: &mut Tx<'_>, note: &PsychotherapyNote) -> Result<(), StoreError> {
    let author = author(tx)?;
    let row = Row::of(tx, note)?;
    let own =
        psychotherapy_notes::table.find((row.practice_id, row.id)).filter(psychotherapy_notes::author_id.eq(author));
    let changed = (
        psychotherapy_notes::sealed.eq(row.sealed),
        psychotherapy_notes::changed_at.eq(row.changed_at),
        psychotherapy_notes::version.eq(row.version),
    );
    let rows = diesel::update(own).set(changed).execute(tx.conn())?;
    if rows == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

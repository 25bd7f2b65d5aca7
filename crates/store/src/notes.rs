//! Notes, and which of them exist for a caller. What was signed is written once: the tables themselves refuse to change it.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{
    couple::Couple,
    ids::{CoupleId, NoteId, PartnerId, PracticeId, SessionId, StaffId},
    note::{Addendum, Digest, Note, NoteBody, NoteState, Partition, Signature},
    session::Session,
    visibility::{Reader, may_read_note},
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    couples,
    page::after,
    schema::{notes, sessions, staff},
    seal::Place,
    sessions as session_rows,
};

mod addenda;
mod versions;

pub use versions::is_whole;

/// SHA-256 of these bytes, for signing.
#[must_use]
pub fn digest(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(bytes).into())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notes)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<NoteId>,
    session_id: AsText<SessionId>,
    couple_id: AsText<CoupleId>,
    author_id: AsText<StaffId>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    discarded_at: Option<NaiveDateTime>,
    signed_at: Option<NaiveDateTime>,
    signed_by_id: Option<AsText<StaffId>>,
    signature: Option<Vec<u8>>,
    cosigned_at: Option<NaiveDateTime>,
    cosigned_by_id: Option<AsText<StaffId>>,
    cosignature: Option<Vec<u8>>,
    version: i64,
}

/// What was written, and about whom.
#[derive(Serialize, Deserialize)]
struct Text {
    partition: Partition,
    attended: Vec<PartnerId>,
    body: NoteBody,
}

impl Text {
    fn of(note: &Note) -> Self {
        Self { partition: note.partition, attended: note.attended.clone(), body: note.body.clone() }
    }
}

impl Row {
    fn draft(view: &mut View<'_>, note: &Note) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(note.id),
            session_id: AsText(note.session),
            couple_id: AsText(note.couple),
            author_id: AsText(note.author),
            sealed: view.seal(place(note.id), &Text::of(note))?,
            created_at: note.created_at.naive_utc(),
            changed_at: note.changed_at.naive_utc(),
            discarded_at: None,
            signed_at: None,
            signed_by_id: None,
            signature: None,
            cosigned_at: None,
            cosigned_by_id: None,
            cosignature: None,
            version: note.version,
        })
    }

    fn note(self, view: &mut View<'_>, addenda: Vec<Addendum>) -> Result<Note, StoreError> {
        let Text { partition, attended, body } = view.open(place(self.id.0), &self.sealed)?;
        let signed = signature(self.signed_by_id, self.signed_at, self.signature.as_deref())?;
        Ok(Note {
            id: self.id.0,
            session: self.session_id.0,
            couple: self.couple_id.0,
            partition,
            author: self.author_id.0,
            body,
            attended,
            state: signed.map_or(NoteState::Draft, NoteState::Signed),
            cosignature: signature(self.cosigned_by_id, self.cosigned_at, self.cosignature.as_deref())?,
            addenda,
            created_at: self.created_at.and_utc(),
            changed_at: self.changed_at.and_utc(),
            version: self.version,
        })
    }
}

fn signature(
    by: Option<AsText<StaffId>>,
    at: Option<NaiveDateTime>,
    digest: Option<&[u8]>,
) -> Result<Option<Signature>, StoreError> {
    match (by, at, digest) {
        (Some(AsText(by)), Some(at), Some(digest)) => {
            Ok(Some(Signature { by, at: at.and_utc(), digest: read_digest(digest)? }))
        }
        (None, None, None) => Ok(None),
        _ => Err(StoreError::Corrupt("notes.signature")),
    }
}

fn read_digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    bytes.try_into().map(Digest).map_err(|_| StoreError::Corrupt("notes.signature"))
}

fn place(id: NoteId) -> Place {
    Place { column: "notes.sealed", row: id.0 }
}

/// A note with what its rules are checked against.
#[derive(Debug)]
pub struct FoundNote {
    /// The note.
    pub note: Note,
    /// The session it is about.
    pub session: Session,
    /// The couple.
    pub couple: Couple,
}

/// A note that exists for the caller.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none that this caller may read.
pub fn find(view: &mut View<'_>, id: NoteId) -> Result<FoundNote, StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = notes::table
        .find((practice, AsText(id)))
        .filter(notes::discarded_at.is_null())
        .select(Row::as_select())
        .first(view.conn())?;
    let (session, couple) = session_rows::find(view, row.session_id.0)?;
    let readers = Readers::of(view, &couple)?;
    let addenda = addenda::of(view, &[row.id])?.remove(&id).unwrap_or_default();
    let note = row.note(view, addenda)?;
    if readers.may_read(&note) { Ok(FoundNote { note, session, couple }) } else { Err(StoreError::NotFound) }
}

/// As whom the caller reads notes, and whose a supervisor reads.
struct Readers {
    reader: Reader,
    supervised: HashSet<StaffId>,
}

impl Readers {
    fn of(view: &mut View<'_>, couple: &Couple) -> Result<Self, StoreError> {
        let reader = couples::reader(view, couple)?;
        let supervised: Vec<AsText<StaffId>> = match reader {
            Reader::Supervisor(id) => staff::table
                .filter(staff::practice_id.eq(AsText(view.caller().practice)))
                .filter(staff::supervisor_id.eq(AsText(id)))
                .select(staff::id)
                .load(view.conn())?,
            Reader::Counselor(_) | Reader::Partner(_) => Vec::new(),
        };
        Ok(Self { reader, supervised: supervised.into_iter().map(|AsText(id)| id).collect() })
    }

    fn may_read(&self, note: &Note) -> bool {
        may_read_note(self.reader, note.signature().is_some(), self.supervised.contains(&note.author))
    }
}

/// Which notes of a couple are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// About sessions that start from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// About sessions that start before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Only signed ones, or only drafts.
    pub signed: Option<bool>,
}

/// A note and the session it is about.
#[derive(Debug, Clone)]
pub struct NoteOfSession {
    /// The note.
    pub note: Note,
    /// The session.
    pub session: Session,
}

/// The notes of a couple that the caller may read, in the order of their sessions.
///
/// # Errors
/// If the database fails.
pub fn list(
    view: &mut View<'_>,
    couple: &Couple,
    filter: &Filter,
    page: Page,
) -> Result<Slice<NoteOfSession>, StoreError> {
    let readers = Readers::of(view, couple)?;
    Slice::filled(
        page,
        |page| batch(view, couple.id, filter, page),
        |found| (found.session.starts_at, found.note.id.0),
        |found| readers.may_read(&found.note),
    )
}

fn batch(view: &mut View<'_>, couple: CoupleId, filter: &Filter, page: Page) -> Result<Vec<NoteOfSession>, StoreError> {
    let rows = rows(view, couple, filter, page)?;
    let ids: Vec<_> = rows.iter().map(|(row, _)| row.id).collect();
    let mut addenda = addenda::of(view, &ids)?;
    let opened = |(row, session): (Row, session_rows::Row)| {
        let added = addenda.remove(&row.id.0).unwrap_or_default();
        Ok(NoteOfSession { note: row.note(view, added)?, session: session.session(view)? })
    };
    rows.into_iter().map(opened).collect()
}

fn rows(
    view: &mut View<'_>,
    couple: CoupleId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<(Row, session_rows::Row)>, StoreError> {
    let about = sessions::practice_id.eq(notes::practice_id).and(sessions::id.eq(notes::session_id));
    let mut query = notes::table
        .inner_join(sessions::table.on(about))
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)))
        .filter(sessions::couple_id.eq(AsText(couple)))
        .filter(notes::discarded_at.is_null())
        .order((sessions::starts_at, notes::id))
        .limit(page.limit)
        .select((Row::as_select(), session_rows::Row::as_select()))
        .into_boxed();
    if let Some(from) = filter.from {
        query = query.filter(sessions::starts_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        query = query.filter(sessions::starts_at.lt(before.naive_utc()));
    }
    match filter.signed {
        Some(true) => query = query.filter(notes::signed_at.is_not_null()),
        Some(false) => query = query.filter(notes::signed_at.is_null()),
        None => {}
    }
    Ok(after!(query, page, sessions::starts_at, notes::id).load(view.conn())?)
}

/// How many notes of a couple there are between two instants, whoever may read them: how much there is to look through.
///
/// # Errors
/// If the database fails.
pub fn count(view: &mut View<'_>, couple: &Couple, filter: &Filter) -> Result<i64, StoreError> {
    let about = sessions::practice_id.eq(notes::practice_id).and(sessions::id.eq(notes::session_id));
    let mut query = notes::table
        .inner_join(sessions::table.on(about))
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)))
        .filter(sessions::couple_id.eq(AsText(couple.id)))
        .filter(notes::discarded_at.is_null())
        .select(diesel::dsl::count_star())
        .into_boxed();
    if let Some(from) = filter.from {
        query = query.filter(sessions::starts_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        query = query.filter(sessions::starts_at.lt(before.naive_utc()));
    }
    Ok(query.first(view.conn())?)
}

/// Keeps a new draft.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let row = Row::draft(tx, note)?;
    diesel::insert_into(notes::table).values(row).execute(tx.conn())?;
    versions::insert(tx, note, note.author, note.changed_at)
}

/// Keeps a rewritten draft, and what it says as a version of its own.
///
/// # Errors
/// If the database fails, or the note is signed.
pub fn update_draft(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let row = Row::draft(tx, note)?;
    let changed = (notes::sealed.eq(row.sealed), notes::changed_at.eq(row.changed_at), notes::version.eq(row.version));
    diesel::update(notes::table.find((row.practice_id, row.id))).set(changed).execute(tx.conn())?;
    versions::insert(tx, note, note.author, note.changed_at)
}

/// Keeps the signature of a note: from now on the table refuses every change of it.
///
/// # Errors
/// If the database fails, or the note is no signed one.
pub fn sign(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let Signature { by, at, digest } = *note.signature().ok_or(StoreError::Conflict)?;
    let signed = (
        notes::signed_at.eq(at.naive_utc()),
        notes::signed_by_id.eq(AsText(by)),
        notes::signature.eq(digest.0.to_vec()),
        notes::version.eq(note.version),
    );
    diesel::update(notes::table.find((AsText(tx.caller().practice), AsText(note.id))))
        .set(signed)
        .execute(tx.conn())?;
    versions::insert(tx, note, by, at)
}

/// Keeps the co-signature of a note.
///
/// # Errors
/// If the database fails, or the note is not co-signed.
pub fn cosign(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let Signature { by, at, digest } = note.cosignature.ok_or(StoreError::Conflict)?;
    let cosigned = (
        notes::cosigned_at.eq(at.naive_utc()),
        notes::cosigned_by_id.eq(AsText(by)),
        notes::cosignature.eq(digest.0.to_vec()),
        notes::version.eq(note.version),
    );
    diesel::update(notes::table.find((AsText(tx.caller().practice), AsText(note.id))))
        .set(cosigned)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps the newest addendum of a note.
///
/// # Errors
/// If the database fails, or the note has none.
pub fn add_addendum(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    addenda::insert(tx, note)?;
    diesel::update(notes::table.find((AsText(tx.caller().practice), AsText(note.id))))
        .set(notes::version.eq(note.version))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a draft out of the record. Its versions stay, and nobody reads them any more.
///
/// # Errors
/// If the database fails, or the note is signed.
pub fn discard(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    let now = tx.now().naive_utc();
    diesel::update(notes::table.find((AsText(tx.caller().practice), AsText(note.id))))
        .set(notes::discarded_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

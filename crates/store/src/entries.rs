//! Entries, and which of them exist for a reader. The rule itself is `domain::visibility`; here is only what it asks.

mod newest;
mod of_agenda;
mod of_exercise;
mod readable;
mod shown;
mod told;
mod versions;
mod waiting;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{
    assignment::Assignment,
    confidential::Confidential,
    couple::Couple,
    entry::{Author, Entry, EntryState, Seen, ShownEntry},
    exercises::{Answers, Kind, Slug},
    ids::{AssignmentId, CoupleId, EntryId, PracticeId},
    recorded_by::RecordedBy,
    visibility::{Reader, Visibility, is_open_to_the_other, may_read},
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View, assignments, columns::AsText, couples, page::after, schema::entries, seal::Place,
};

pub(crate) use newest::list_readable_by;
pub(crate) use of_agenda::{EntriesOfAgenda, of_agenda};
pub use of_exercise::list_of_exercise;
pub(crate) use of_exercise::{list_rituals, list_submitted};
use readable::{Query, Revealed, perhaps_readable, with_readability};
pub use shown::show;
use shown::show_all;
pub(crate) use told::list_told;
pub use versions::earlier_versions;
pub use waiting::{Waiting, list_to_review};
pub(crate) use waiting::{backlogs, waits_for_review};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = entries, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<EntryId>,
    assignment_id: AsText<AssignmentId>,
    couple_id: AsText<CoupleId>,
    kind: AsText<Kind>,
    author: String,
    occurrence_on: NaiveDate,
    recorded_on: NaiveDate,
    visibility: String,
    embargoed_until: Option<NaiveDate>,
    submitted_at: Option<NaiveDateTime>,
    reviewed_at: Option<NaiveDateTime>,
    number: i32,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

/// What was written, and who held the pen.
#[derive(Serialize, Deserialize)]
struct Sealed {
    exercise: Slug,
    answers: Answers,
    difficulty: Option<u8>,
    for_counselor: Option<Confidential>,
    recorded_by: RecordedBy,
    /// Who held the pen did, where it is not said: all that was kept before it was.
    #[serde(default)]
    begun_by: Option<RecordedBy>,
    permission_given_at: Option<DateTime<Utc>>,
    #[serde(default)]
    seen: Seen,
    #[serde(default)]
    line_changes: i64,
}

impl Row {
    fn of(view: &mut View<'_>, entry: &Entry) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(entry.id),
            assignment_id: AsText(entry.assignment),
            couple_id: AsText(entry.couple),
            kind: AsText(entry.kind),
            author: author_text(entry.author),
            occurrence_on: entry.occurrence_on,
            recorded_on: entry.recorded_on,
            visibility: entry.visibility.as_str().to_owned(),
            embargoed_until: entry.visibility.until(),
            submitted_at: entry.submitted_at().map(|at| at.naive_utc()),
            reviewed_at: entry.reviewed_at.map(|at| at.naive_utc()),
            number: entry.number,
            sealed: view.seal(place(entry.id), &sealed(entry))?,
            created_at: entry.created_at.naive_utc(),
            version: entry.version,
        })
    }

    fn entry(self, view: &mut View<'_>) -> Result<Entry, StoreError> {
        let author = author_of(&self.author)?;
        let visibility = Visibility::from_parts(&self.visibility, self.embargoed_until);
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Entry {
            id: self.id.0,
            assignment: self.assignment_id.0,
            couple: self.couple_id.0,
            exercise: sealed.exercise,
            kind: self.kind.0,
            author,
            recorded_by: sealed.recorded_by,
            begun_by: sealed.begun_by.unwrap_or(sealed.recorded_by),
            recorded_on: self.recorded_on,
            occurrence_on: self.occurrence_on,
            difficulty: sealed.difficulty,
            answers: sealed.answers,
            for_counselor: sealed.for_counselor,
            visibility: visibility.ok_or(StoreError::Corrupt("entries.visibility"))?,
            permission_given_at: sealed.permission_given_at,
            state: self.submitted_at.map_or(EntryState::Draft, |at| EntryState::Submitted(at.and_utc())),
            number: self.number,
            seen: sealed.seen,
            line_changes: sealed.line_changes,
            reviewed_at: self.reviewed_at.map(|at| at.and_utc()),
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

/// `together`, `partner:` or `counselor:` and the id.
fn author_text(author: Author) -> String {
    match author {
        Author::Together => "together".to_owned(),
        Author::Partner(id) => format!("partner:{id}"),
        Author::Counselor(id) => format!("counselor:{id}"),
    }
}

pub(crate) fn author_of(text: &str) -> Result<Author, StoreError> {
    let corrupt = |_| StoreError::Corrupt("entries.author");
    match text.split_once(':') {
        None if text == "together" => Ok(Author::Together),
        Some(("partner", id)) => id.parse().map(Author::Partner).map_err(corrupt),
        Some(("counselor", id)) => id.parse().map(Author::Counselor).map_err(corrupt),
        _ => Err(StoreError::Corrupt("entries.author")),
    }
}

fn sealed(entry: &Entry) -> Sealed {
    Sealed {
        exercise: entry.exercise,
        answers: entry.answers.clone(),
        difficulty: entry.difficulty,
        for_counselor: entry.for_counselor.clone(),
        recorded_by: entry.recorded_by,
        begun_by: Some(entry.begun_by),
        permission_given_at: entry.permission_given_at,
        seen: entry.seen,
        line_changes: entry.line_changes,
    }
}

fn place(id: EntryId) -> Place {
    Place { column: "entries.sealed", row: id.0 }
}

/// An entry with what its rules are checked against.
#[derive(Debug)]
pub struct FoundEntry {
    /// The entry.
    pub entry: Entry,
    /// Its assignment.
    pub assignment: Assignment,
    /// The couple.
    pub couple: Couple,
    /// Whether both participants have submitted for its occurrence.
    pub both_submitted: bool,
}

impl FoundEntry {
    /// Whether it is open to the partner who has no part in it, now.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        is_open_to_the_other(&self.entry.facts(), self.both_submitted, self.couple.today(now))
    }
}

/// An entry that exists for the caller, as it is kept: to be changed, or to be shown by [`show`].
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none that this caller may read.
pub fn find(view: &mut View<'_>, id: EntryId) -> Result<FoundEntry, StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = entries::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let (assignment, couple) = assignments::find_within_reach(view, row.assignment_id.0)?;
    let entry = row.entry(view)?;
    let revealed = Revealed::of(view, std::iter::once(&entry))?;
    let both_submitted = revealed.holds(&entry);
    let today = couple.today(view.now());
    if may_read(couples::reader(view, &couple)?, &couple, &entry.facts(), both_submitted, today) {
        Ok(FoundEntry { entry, assignment, couple, both_submitted })
    } else {
        Err(StoreError::NotFound)
    }
}

/// The entries of a couple, perhaps of one assignment, that the caller may read, as they are shown them, in the order in which they
/// were begun.
///
/// # Errors
/// If the database fails.
pub fn list(
    view: &mut View<'_>,
    couple: &Couple,
    assignment: Option<AssignmentId>,
    page: Page,
) -> Result<Slice<ShownEntry>, StoreError> {
    let reader = couples::reader(view, couple)?;
    let today = couple.today(view.now());
    let readable = Slice::filled(
        page,
        |page| {
            let query = batch(view, couple.id, assignment, page);
            let rows = perhaps_readable(view, couple, &[reader], query)?;
            with_readability(view, couple, &[reader], today, rows)
        },
        |(entry, _)| (entry.created_at, entry.id.0),
        |(_, readable)| *readable,
    )?;
    let entries = readable.items.into_iter().map(|(entry, _)| entry).collect();
    Ok(Slice { items: show_all(view, couple, entries)?, more: readable.more })
}

/// Those of these entries of a couple that each of these readers may read, in no order.
///
/// # Errors
/// If the database fails.
pub(crate) fn find_readable_by(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    ids: &[EntryId],
) -> Result<Vec<Entry>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let query = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)).and(entries::id.eq_any(ids)))
        .filter(entries::couple_id.eq(AsText(couple.id)))
        .into_boxed();
    let rows = perhaps_readable(view, couple, readers, query)?;
    readable(view, couple, readers, rows)
}

fn readable(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    rows: Vec<Row>,
) -> Result<Vec<Entry>, StoreError> {
    if readers.is_empty() {
        return Ok(Vec::new());
    }
    let today = couple.today(view.now());
    let judged = with_readability(view, couple, readers, today, rows)?;
    Ok(judged.into_iter().filter(|(_, readable)| *readable).map(|(entry, _)| entry).collect())
}

fn batch<'q>(view: &View<'_>, couple: CoupleId, assignment: Option<AssignmentId>, page: Page) -> Query<'q> {
    let mut query = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::couple_id.eq(AsText(couple)))
        .order((entries::created_at, entries::id))
        .limit(page.limit)
        .into_boxed();
    if let Some(assignment) = assignment {
        query = query.filter(entries::assignment_id.eq(AsText(assignment)));
    }
    after!(query, page, entries::created_at, entries::id)
}

/// How many drafts of an author's are open for an assignment. **Whoever may read them.**
///
/// # Errors
/// If the database fails.
pub fn count_drafts(view: &mut View<'_>, assignment: AssignmentId, author: Author) -> Result<i64, StoreError> {
    let drafts = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::assignment_id.eq(AsText(assignment)).and(entries::submitted_at.is_null()))
        .filter(entries::author.eq(author_text(author)));
    Ok(drafts.count().get_result(view.conn())?)
}

/// Keeps a new entry.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    let row = Row::of(tx, entry)?;
    diesel::insert_into(entries::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed entry. What a correction replaces is kept as an earlier version.
///
/// # Errors
/// If the database fails, or a submitted entry would lose what was handed in.
pub fn update(tx: &mut Tx<'_>, before: &Entry, entry: &Entry) -> Result<(), StoreError> {
    if before.is_submitted() && entry.number != before.number {
        versions::insert(tx, before)?;
    }
    let row = Row::of(tx, entry)?;
    diesel::update(entries::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}

/// Takes back a draft.
///
/// # Errors
/// If the database fails, or the entry was submitted.
pub fn delete_draft(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    let key = (AsText(tx.caller().practice), AsText(entry.id));
    diesel::delete(entries::table.find(key)).execute(tx.conn())?;
    Ok(())
}

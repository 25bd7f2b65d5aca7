//! Flags: what reviews want taken up in a session.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    flag::{Flag, TakenUp},
    ids::{CoupleId, EntryId, PracticeId, ReviewId, SessionId, StaffId},
};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, couples, page::after, schema::flags};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = flags)]
struct Row {
    practice_id: AsText<PracticeId>,
    review_id: AsText<ReviewId>,
    entry_id: AsText<EntryId>,
    couple_id: AsText<CoupleId>,
    flagged_by_id: AsText<StaffId>,
    flagged_at: NaiveDateTime,
    taken_up_at: Option<NaiveDateTime>,
    taken_up_by_id: Option<AsText<StaffId>>,
    session_id: Option<AsText<SessionId>>,
}

impl Row {
    fn of(practice: PracticeId, flag: &Flag) -> Self {
        Self {
            practice_id: AsText(practice),
            review_id: AsText(flag.review),
            entry_id: AsText(flag.entry),
            couple_id: AsText(flag.couple),
            flagged_by_id: AsText(flag.flagged_by),
            flagged_at: flag.flagged_at.naive_utc(),
            taken_up_at: flag.taken_up.map(|taken| taken.at.naive_utc()),
            taken_up_by_id: flag.taken_up.map(|taken| AsText(taken.by)),
            session_id: flag.taken_up.and_then(|taken| taken.session).map(AsText),
        }
    }
}

impl From<Row> for Flag {
    fn from(row: Row) -> Self {
        let session = row.session_id.map(|AsText(id)| id);
        let taken = row.taken_up_at.zip(row.taken_up_by_id);
        Self {
            review: row.review_id.0,
            entry: row.entry_id.0,
            couple: row.couple_id.0,
            flagged_by: row.flagged_by_id.0,
            flagged_at: row.flagged_at.and_utc(),
            taken_up: taken.map(|(at, AsText(by))| TakenUp { by, at: at.and_utc(), session }),
        }
    }
}

/// A flag of a couple within the caller's reach.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, review: ReviewId) -> Result<Flag, StoreError> {
    let key = (AsText(view.caller().practice), AsText(review));
    let row: Row = flags::table.find(key).select(Row::as_select()).first(view.conn())?;
    couples::check_reach(view, row.couple_id.0)?;
    Ok(row.into())
}

/// The flags that stand, of couples within the caller's reach, perhaps of one, oldest first.
///
/// # Errors
/// If the database fails.
pub fn list_open(view: &mut View<'_>, couple: Option<CoupleId>, page: Page) -> Result<Slice<Flag>, StoreError> {
    let caller = view.caller();
    let mut query = flags::table
        .filter(flags::practice_id.eq(AsText(caller.practice)).and(flags::taken_up_at.is_null()))
        .filter(couples::within_reach!(flags, couple_id, caller))
        .order((flags::flagged_at, flags::review_id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(couple) = couple {
        query = query.filter(flags::couple_id.eq(AsText(couple)));
    }
    let rows: Vec<Row> = after!(query, page, flags::flagged_at, flags::review_id).load(view.conn())?;
    Ok(Slice::of(rows.into_iter().map(Flag::from).collect(), page.limit))
}

/// Keeps a new flag.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, flag: &Flag) -> Result<(), StoreError> {
    let row = Row::of(tx.caller().practice, flag);
    diesel::insert_into(flags::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps that a flag was taken up.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, flag: &Flag) -> Result<(), StoreError> {
    let row = Row::of(tx.caller().practice, flag);
    diesel::update(flags::table.find((row.practice_id, row.review_id))).set(row).execute(tx.conn())?;
    Ok(())
}

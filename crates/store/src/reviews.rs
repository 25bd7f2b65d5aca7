//! Reviews, and the feedback in them.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    couple::Couple,
    entry::Entry,
    flag::Flag,
    ids::{CoupleId, EntryId, PartnerId, PracticeId, ReviewId, StaffId},
    review::Review,
    visibility::Reader,
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, couples, flags, schema::reviews, seal::Place};

/// As many reviews as are shown of one entry.
const SHOWN: i64 = 100;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reviews)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ReviewId>,
    entry_id: AsText<EntryId>,
    couple_id: AsText<CoupleId>,
    by_id: AsText<StaffId>,
    at: NaiveDateTime,
    flagged_for_session: bool,
    sealed: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    entry_number: i32,
    feedback: Option<Confidential>,
    to: Vec<PartnerId>,
}

impl Row {
    fn review(self, view: &mut View<'_>) -> Result<Review, StoreError> {
        let Sealed { entry_number, feedback, to } = view.open(place(self.id.0), &self.sealed)?;
        Ok(Review {
            id: self.id.0,
            entry: self.entry_id.0,
            entry_number,
            by: self.by_id.0,
            at: self.at.and_utc(),
            feedback,
            to,
            flagged_for_session: self.flagged_for_session,
        })
    }
}

fn place(id: ReviewId) -> Place {
    Place { column: "reviews.sealed", row: id.0 }
}

/// The latest reviews of an entry that exist for the caller, oldest first: for a partner those with feedback for them.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: &Couple, entry: EntryId) -> Result<Vec<Review>, StoreError> {
    let reader = couples::reader(view, couple)?;
    let latest = Slice::filled(
        Page { after: None, limit: SHOWN },
        |page| batch(view, entry, page),
        |review| (review.at, review.id.0),
        |review| match reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => true,
            Reader::Partner(partner) => review.is_for(couple, partner),
        },
    )?;
    Ok(latest.items.into_iter().rev().collect())
}

/// Newest first, from the last one seen on.
fn batch(view: &mut View<'_>, entry: EntryId, page: Page) -> Result<Vec<Review>, StoreError> {
    let mut query = reviews::table
        .filter(reviews::practice_id.eq(AsText(view.caller().practice)).and(reviews::entry_id.eq(AsText(entry))))
        .order((reviews::at.desc(), reviews::id.desc()))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = page.after {
        let at = at.naive_utc();
        let earlier = reviews::at.eq(at).and(reviews::id.lt(AsText(id)));
        query = query.filter(reviews::at.lt(at).or(earlier));
    }
    let rows: Vec<Row> = query.load(view.conn())?;
    rows.into_iter().map(|row| row.review(view)).collect()
}

/// Keeps a new review, and the flag it sets.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, entry: &Entry, review: &Review) -> Result<(), StoreError> {
    let Review { entry_number, feedback, to, .. } = review.clone();
    let row = Row {
        practice_id: AsText(tx.caller().practice),
        id: AsText(review.id),
        entry_id: AsText(review.entry),
        couple_id: AsText(entry.couple),
        by_id: AsText(review.by),
        at: review.at.naive_utc(),
        flagged_for_session: review.flagged_for_session,
        sealed: tx.seal(place(review.id), &Sealed { entry_number, feedback, to })?,
    };
    diesel::insert_into(reviews::table).values(row).execute(tx.conn())?;
    Flag::of(review, entry.couple).map_or(Ok(()), |flag| flags::insert(tx, &flag))
}

//! The practice in numbers, counted by the database.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::{
    dsl::{count_star, min},
    prelude::*,
};
use domain::{
    assignment::Ending,
    couple::CoupleStatus,
    ids::StaffId,
    overview::{Count, Overview},
    session::{SessionStatus, instants_of},
};

use crate::{
    StoreError, View,
    columns::AsText,
    entries::waits_for_review,
    practices,
    schema::{assignments, couples, entries, notes, sessions},
};

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The first day, in the practice's time zone.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Notes count as unsigned that are still drafts, and were begun before this instant.
    pub unsigned_before: DateTime<Utc>,
}

/// What the practice did in a range of days, and how it stands now.
///
/// # Errors
/// If the database fails.
pub fn count(view: &mut View<'_>, wanted: Wanted) -> Result<Overview, StoreError> {
    let range = instants_of(practices::find(view)?.time_zone, wanted.from, wanted.until);
    let range = range.start.naive_utc()..range.end.naive_utc();
    let counts = [
        couples_by_status(view)?,
        opened(view, wanted)?,
        closed(view, wanted)?,
        sessions_by_status(view, &range)?,
        unsigned_notes(view, wanted)?,
        given(view, &range)?,
        completed(view, &range)?,
        submitted(view, &range)?,
        to_review(view)?,
    ];
    Ok(counts.into_iter().flatten().collect())
}

type Counts = Vec<(StaffId, Count)>;
type Rows = Vec<(AsText<StaffId>, i64)>;

fn counted(rows: Rows, count: impl Fn(i64) -> Count) -> Counts {
    rows.into_iter().map(|(AsText(counselor), n)| (counselor, count(n))).collect()
}

fn couples_by_status(view: &mut View<'_>) -> Result<Counts, StoreError> {
    let rows: Vec<(AsText<StaffId>, AsText<CoupleStatus>, i64)> = couples::table
        .filter(couples::practice_id.eq(AsText(view.caller().practice)))
        .group_by((couples::primary_counselor_id, couples::status))
        .select((couples::primary_counselor_id, couples::status, count_star()))
        .load(view.conn())?;
    Ok(rows.into_iter().map(|(counselor, status, n)| (counselor.0, Count::Couples(status.0, n))).collect())
}

fn opened(view: &mut View<'_>, wanted: Wanted) -> Result<Counts, StoreError> {
    let rows: Rows = couples::table
        .filter(couples::practice_id.eq(AsText(view.caller().practice)))
        .filter(couples::opened_on.ge(wanted.from).and(couples::opened_on.le(wanted.until)))
        .group_by(couples::primary_counselor_id)
        .select((couples::primary_counselor_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::Opened))
}

fn closed(view: &mut View<'_>, wanted: Wanted) -> Result<Counts, StoreError> {
    let rows: Rows = couples::table
        .filter(couples::practice_id.eq(AsText(view.caller().practice)))
        .filter(couples::closed_on.ge(wanted.from).and(couples::closed_on.le(wanted.until)))
        .group_by(couples::primary_counselor_id)
        .select((couples::primary_counselor_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::Closed))
}

fn sessions_by_status(view: &mut View<'_>, range: &Range<NaiveDateTime>) -> Result<Counts, StoreError> {
    let rows: Vec<(AsText<StaffId>, Option<AsText<SessionStatus>>, i64)> = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)).and(sessions::status.is_not_null()))
        .filter(sessions::starts_at.ge(range.start).and(sessions::starts_at.lt(range.end)))
        .group_by((sessions::counselor_id, sessions::status))
        .select((sessions::counselor_id, sessions::status, count_star()))
        .load(view.conn())?;
    let of_status = |(counselor, status, n): (AsText<StaffId>, Option<AsText<SessionStatus>>, i64)| {
        status.map(|AsText(status)| (counselor.0, Count::Sessions(status, n)))
    };
    Ok(rows.into_iter().filter_map(of_status).collect())
}

fn unsigned_notes(view: &mut View<'_>, wanted: Wanted) -> Result<Counts, StoreError> {
    let rows: Rows = notes::table
        .filter(notes::practice_id.eq(AsText(view.caller().practice)))
        .filter(notes::signed_at.is_null().and(notes::discarded_at.is_null()))
        .filter(notes::created_at.lt(wanted.unsigned_before.naive_utc()))
        .group_by(notes::author_id)
        .select((notes::author_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::UnsignedNotes))
}

fn given(view: &mut View<'_>, range: &Range<NaiveDateTime>) -> Result<Counts, StoreError> {
    let rows: Rows = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(assignments::assigned_at.ge(range.start).and(assignments::assigned_at.lt(range.end)))
        .group_by(assignments::assigned_by_id)
        .select((assignments::assigned_by_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::AssignmentsGiven))
}

fn completed(view: &mut View<'_>, range: &Range<NaiveDateTime>) -> Result<Counts, StoreError> {
    let rows: Rows = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(assignments::ended_how.eq(AsText(Ending::Completed)))
        .filter(assignments::ended_at.ge(range.start).and(assignments::ended_at.lt(range.end)))
        .group_by(assignments::assigned_by_id)
        .select((assignments::assigned_by_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::AssignmentsCompleted))
}

/// Couple by couple, each a range of an index: what the rest of the practice ever submitted is not looked at.
fn submitted(view: &mut View<'_>, range: &Range<NaiveDateTime>) -> Result<Counts, StoreError> {
    let of_couple = entries::practice_id.eq(couples::practice_id).and(entries::couple_id.eq(couples::id));
    let rows: Rows = couples::table
        .inner_join(entries::table.on(of_couple))
        .filter(couples::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::submitted_at.ge(range.start).and(entries::submitted_at.lt(range.end)))
        .group_by(couples::primary_counselor_id)
        .select((couples::primary_counselor_id, count_star()))
        .load(view.conn())?;
    Ok(counted(rows, Count::EntriesSubmitted))
}

fn to_review(view: &mut View<'_>) -> Result<Counts, StoreError> {
    let of_couple = entries::practice_id.eq(couples::practice_id).and(entries::couple_id.eq(couples::id));
    let rows: Vec<(AsText<StaffId>, i64, Option<NaiveDateTime>)> = couples::table
        .inner_join(entries::table.on(of_couple))
        .filter(couples::practice_id.eq(AsText(view.caller().practice)))
        .filter(waits_for_review!())
        .group_by(couples::primary_counselor_id)
        .select((couples::primary_counselor_id, count_star(), min(entries::submitted_at)))
        .load(view.conn())?;
    let backlog = |(counselor, n, oldest): (AsText<StaffId>, i64, Option<NaiveDateTime>)| {
        (counselor.0, Count::ToReview(n, oldest.map(|at| at.and_utc())))
    };
    Ok(rows.into_iter().map(backlog).collect())
}

//! Entries that wait for review. What counselors write themselves waits for nobody.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::{
    dsl::{count_star, min},
    prelude::*,
};
use domain::{
    caseload::Backlog,
    entry::Entry,
    exercises::{Kind, Slug},
    ids::CoupleId,
};

use super::Row;
use crate::{Page, Slice, StoreError, View, columns::AsText, couples, page::after, schema::entries};

/// Whether an entry waits for review, as a condition on entries: it is submitted, nobody has reviewed it, and no counselor wrote it.
macro_rules! waits_for_review {
    () => {{
        use $crate::schema::entries;

        let submitted = entries::submitted_at.is_not_null().and(entries::reviewed_at.is_null());
        submitted.and(entries::author.not_like("counselor:%"))
    }};
}
pub(crate) use waits_for_review;

/// Which entries that wait are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waiting {
    /// Of this couple.
    pub couple: Option<CoupleId>,
    /// Of this exercise.
    pub exercise: Option<Slug>,
}

/// Submitted entries that wait for review, across the caller's caseload, those that wait longest first.
///
/// # Errors
/// If the database fails.
pub fn list_to_review(view: &mut View<'_>, wanted: Waiting, page: Page) -> Result<Slice<Entry>, StoreError> {
    let caller = view.caller();
    let mut query = entries::table
        .filter(entries::practice_id.eq(AsText(caller.practice)))
        .filter(waits_for_review!())
        .filter(couples::within_reach!(entries, couple_id, caller))
        .order((entries::submitted_at, entries::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(couple) = wanted.couple {
        query = query.filter(entries::couple_id.eq(AsText(couple)));
    }
    if let Some(exercise) = wanted.exercise {
        let kinds: Vec<_> = Kind::of(exercise).iter().copied().map(AsText).collect();
        query = query.filter(entries::kind.eq_any(kinds));
    }
    let rows: Vec<Row> = after!(query, page, entries::submitted_at, entries::id).load(view.conn())?;
    let found = rows.into_iter().map(|row| row.entry(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// How many entries of each of these couples wait, and since when; where none do, the couple is not in it.
pub(crate) fn backlogs(
    view: &mut View<'_>,
    couples: &[AsText<CoupleId>],
) -> Result<HashMap<CoupleId, Backlog>, StoreError> {
    let rows: Vec<(AsText<CoupleId>, i64, Option<NaiveDateTime>)> = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)).and(entries::couple_id.eq_any(couples)))
        .filter(waits_for_review!())
        .group_by(entries::couple_id)
        .select((entries::couple_id, count_star(), min(entries::submitted_at)))
        .load(view.conn())?;
    let backlog = |(AsText(couple), count, oldest): (AsText<CoupleId>, i64, Option<NaiveDateTime>)| {
        (couple, Backlog { count, oldest_at: oldest.map(|at| at.and_utc()) })
    };
    Ok(rows.into_iter().map(backlog).collect())
}

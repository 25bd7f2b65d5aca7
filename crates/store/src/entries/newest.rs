//! The entries of a range, as many as are looked at: what progress is made of.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{
    couple::Couple,
    entry::Entry,
    exercises::{Kind, Slug},
    ids::EntryId,
    visibility::Reader,
};

use super::{Query, perhaps_readable, readable};
use crate::{StoreError, View, columns::AsText, schema::entries};

/// How many entries of a range are looked at: the newest. Few couples record a dozen a day for a year.
const MOST: u16 = 5_000;

/// The entries of a range, by day.
pub(crate) struct Newest {
    pub(crate) entries: Vec<Entry>,
    /// Whether there are more: these are the newest.
    pub(crate) cut: bool,
}

/// The submitted entries of a couple about the days of a range, perhaps of one exercise, that each of these readers may read, by day:
/// the newest, as many as are looked at. Of nobody, nothing. What is hidden from a reader takes no place.
pub(crate) fn list_readable_by(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    exercise: Option<Slug>,
    range: (NaiveDate, NaiveDate),
) -> Result<Newest, StoreError> {
    let (most, mut found, mut last) = (usize::from(MOST), Vec::new(), None);
    loop {
        let query = newest_first(view, couple, exercise, range, last);
        let rows = perhaps_readable(view, couple, readers, query)?;
        let is_all = rows.len() <= most;
        last = rows.last().map(|row| (row.recorded_on, row.id.0));
        found.extend(readable(view, couple, readers, rows)?);
        if is_all || found.len() > most {
            break;
        }
    }
    let cut = found.len() > most;
    found.truncate(most);
    found.reverse();
    Ok(Newest { entries: found, cut })
}

/// One more than are looked at, of those before the last one seen.
fn newest_first<'q>(
    view: &View<'_>,
    couple: &Couple,
    exercise: Option<Slug>,
    (from, until): (NaiveDate, NaiveDate),
    last: Option<(NaiveDate, EntryId)>,
) -> Query<'q> {
    let mut query = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::couple_id.eq(AsText(couple.id)).and(entries::submitted_at.is_not_null()))
        .filter(entries::recorded_on.ge(from).and(entries::recorded_on.le(until)))
        .order((entries::recorded_on.desc(), entries::id.desc()))
        .limit(i64::from(MOST) + 1)
        .into_boxed();
    if let Some(exercise) = exercise {
        let kinds: Vec<_> = Kind::of(exercise).iter().copied().map(AsText).collect();
        query = query.filter(entries::kind.eq_any(kinds));
    }
    if let Some((day, id)) = last {
        let earlier = entries::recorded_on.eq(day).and(entries::id.lt(AsText(id)));
        query = query.filter(entries::recorded_on.lt(day).or(earlier));
    }
    query
}

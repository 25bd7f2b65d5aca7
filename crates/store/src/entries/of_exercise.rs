//! The entries of some kinds: what an exercise comes to, and what rules across entries are checked against.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{
    couple::Couple,
    entry::Entry,
    exercises::{Kind, Slug},
    visibility::Reader,
};

use super::{Row, perhaps_readable, readable, show_all};
use crate::{StoreError, View, columns::AsText, couples, schema::entries};

/// Every submitted entry of an exercise that the caller may read, as they are shown it: of what lasts, the latest that there is; of
/// what happened once, what is about the days of a range. By day.
///
/// # Errors
/// If the database fails.
pub fn list_of_exercise(
    view: &mut View<'_>,
    couple: &Couple,
    exercise: Slug,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Entry>, StoreError> {
    let readers = [couples::reader(view, couple)?];
    let (lasting, passing): (Vec<Kind>, Vec<Kind>) = Kind::of(exercise).iter().partition(|kind| kind.lasts());
    let mut rows = latest(view, couple, &readers, &lasting, (NaiveDate::MIN, until))?;
    rows.extend(latest(view, couple, &readers, &passing, (from, until))?);
    let readable = readable(view, couple, &readers, rows)?;
    let mut entries: Vec<_> = show_all(view, couple, readable)?.into_iter().map(|shown| shown.entry).collect();
    entries.sort_by_key(|entry| (entry.recorded_on, entry.id));
    Ok(entries)
}

/// The submitted entries of some kinds: of what lasts, the latest that there is; of what happened once, what is about a day. By day.
/// **Whoever may read them**: only what the rules across entries make of them may be told.
///
/// # Errors
/// If the database fails.
pub(crate) fn list_submitted(
    view: &mut View<'_>,
    couple: &Couple,
    kinds: &[Kind],
    on: NaiveDate,
) -> Result<Vec<Entry>, StoreError> {
    let (lasting, passing): (Vec<Kind>, Vec<Kind>) = kinds.iter().partition(|kind| kind.lasts());
    let mut rows = latest(view, couple, &[], &lasting, (NaiveDate::MIN, couple.today(view.now())))?;
    rows.extend(latest(view, couple, &[], &passing, (on, on))?);
    let mut entries = rows.into_iter().map(|row| row.entry(view)).collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| (entry.recorded_on, entry.id));
    Ok(entries)
}

/// Every ritual planned until the end of a range, and what was recorded in the range of what became of them, as far as each of these
/// readers may read it. By day.
pub(crate) fn list_rituals(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Entry>, StoreError> {
    let kind = |kind| entries::kind.eq(AsText(kind));
    let query = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::couple_id.eq(AsText(couple.id)).and(entries::submitted_at.is_not_null()))
        .filter(entries::recorded_on.le(until))
        .filter(kind(Kind::Ritual).or(kind(Kind::RitualOccurrence).and(entries::recorded_on.ge(from))))
        .order((entries::recorded_on, entries::id))
        .into_boxed();
    let rows = perhaps_readable(view, couple, readers, query)?;
    readable(view, couple, readers, rows)
}

/// How many entries of an exercise are looked at, of what lasts and of the rest: the latest.
const MOST_OF_EXERCISE: i64 = 2_000;

/// The latest submitted entries of some kinds, of those that each of these readers may perhaps read: what is hidden from them must not
/// push out what is not.
fn latest(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    kinds: &[Kind],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Row>, StoreError> {
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<_> = kinds.iter().copied().map(AsText).collect();
    let query = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)).and(entries::submitted_at.is_not_null()))
        .filter(entries::couple_id.eq(AsText(couple.id)).and(entries::kind.eq_any(kinds)))
        .filter(entries::recorded_on.ge(from.max(FIRST_DAY)).and(entries::recorded_on.le(until)))
        .order((entries::recorded_on.desc(), entries::id.desc()))
        .limit(MOST_OF_EXERCISE)
        .into_boxed();
    perhaps_readable(view, couple, readers, query)
}

/// Before anything was recorded anywhere, and a day that both databases know.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

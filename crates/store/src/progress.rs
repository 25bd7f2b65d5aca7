//! What progress is computed from, gathered for an audience in a bounded number of statements, however much there is.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::{
    couple::Couple,
    progress::{Audience, CountedPromise, ProgressInput},
    promise::KEPT_RATE_DAYS,
};

use crate::{StoreError, View, assignments, entries, promises};

/// What an audience may see counted of a range of a couple's days.
///
/// # Errors
/// If the database fails.
pub fn gather(
    view: &mut View<'_>,
    couple: &Couple,
    audience: Audience,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<ProgressInput, StoreError> {
    let today = couple.today(view.now());
    let readers = audience.readers(couple, today);
    let entries = entries::list_readable_by(view, couple, &readers, from, until)?;
    let assignments = assignments::list_open_between(view, couple.id, day_before(from), two_days_after(until))?;
    let promises = promises(view, couple, audience, until)?;
    Ok(ProgressInput {
        entries: entries.iter().filter_map(|entry| audience.entry(couple, entry)).collect(),
        assignments: assignments
            .iter()
            .filter_map(|assignment| audience.assignment(couple, assignment, (from, until), today))
            .collect(),
        promises,
    })
}

fn promises(
    view: &mut View<'_>,
    couple: &Couple,
    audience: Audience,
    until: NaiveDate,
) -> Result<Vec<CountedPromise>, StoreError> {
    let from = until.checked_sub_days(Days::new(KEPT_RATE_DAYS - 1)).unwrap_or(until);
    let today = couple.today(view.now());
    let found = promises::list_between(view, couple, from, until)?;
    let counted = found
        .iter()
        .filter(|(promise, _)| audience.counts_promise(couple, promise, today))
        .map(|(promise, outcomes)| CountedPromise::of(promise, outcomes, until));
    Ok(counted.collect())
}

/// Before the day begins anywhere; the couple's own days are told apart by the domain.
fn day_before(day: NaiveDate) -> DateTime<Utc> {
    day.checked_sub_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

/// After the day has ended everywhere.
fn two_days_after(day: NaiveDate) -> DateTime<Utc> {
    day.checked_add_days(Days::new(2)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

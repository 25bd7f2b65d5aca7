//! What where a couple stands with an exercise is put together from, gathered for the caller in a bounded number of statements.

use chrono::{Days, NaiveDate};
use domain::{
    couple::Couple,
    entry::Entry,
    exercises::{BothSaid, Ground, Kind, PULSE_DAYS, Slug, WorkInput},
    session::{Session, instants_of},
    visibility::{Reader, may_see_given},
};

use crate::{
    Page, StoreError, View, couples, entries,
    promises::{self, Ledger},
    sessions,
};

/// How many sessions of a range are looked at.
const MOST_SESSIONS: i64 = 500;

/// How many promises are looked at for what they make good.
const MOST_PROMISES: i64 = 2_000;

/// What the caller may read of an exercise.
#[derive(Debug)]
pub struct Gathered {
    reader: Reader,
    both: BothSaid,
    coaching: Vec<Entry>,
    entries: Vec<Entry>,
    ledger: Ledger,
    sessions: Vec<Session>,
    today: NaiveDate,
    range: (NaiveDate, NaiveDate),
}

/// Gathers it: of what lasts, all; of what happened once, the days of a range.
///
/// # Errors
/// If the database fails.
pub fn gather(
    view: &mut View<'_>,
    couple: &Couple,
    exercise: Slug,
    range: (NaiveDate, NaiveDate),
) -> Result<Gathered, StoreError> {
    let (reader, today) = (couples::reader(view, couple)?, couple.today(view.now()));
    let ledger = promises_of(view, couple, exercise, range)?;
    let filter = sessions::Filter { couple: Some(couple.id), ..Default::default() };
    let filter = filter.within(instants_of(couple.time_zone, range.0, range.1));
    let sessions = sessions::list(view, &filter, Page { limit: MOST_SESSIONS, after: None })?.items;
    let entries = entries::list_of_exercise(view, couple, exercise, (first_day(exercise, range.0), range.1))?;
    let both = both_said(view, couple, reader, exercise, today)?;
    let coaching = if exercise == Slug::Apology {
        entries::list_submitted(view, couple, &[Kind::ApologyCoaching], today)?
    } else {
        Vec::new()
    };
    Ok(Gathered { reader, both, coaching, entries, ledger, sessions, today, range })
}

/// What both said together by an exercise. It is decided by what the caller may not read, and is the same for either partner.
fn both_said(
    view: &mut View<'_>,
    couple: &Couple,
    reader: Reader,
    exercise: Slug,
    today: NaiveDate,
) -> Result<BothSaid, StoreError> {
    let Some(kind) = BothSaid::decided_by(exercise) else { return Ok(BothSaid::default()) };
    let entries = entries::list_submitted(view, couple, &[kind], today)?;
    Ok(BothSaid::of(Ground { couple, on: today, entries: &entries }, reader))
}

/// A short check belongs to a session of the days after it, and so to one of the range.
fn first_day(exercise: Slug, from: NaiveDate) -> NaiveDate {
    let days = if exercise == Slug::ProfessionalHelp { PULSE_DAYS } else { 0 };
    from.checked_sub_days(Days::new(days)).unwrap_or(from)
}

/// The promises of the range; for an apology those of any day, as an offer of long ago may have led to one.
fn promises_of(
    view: &mut View<'_>,
    couple: &Couple,
    exercise: Slug,
    range: (NaiveDate, NaiveDate),
) -> Result<Ledger, StoreError> {
    if exercise == Slug::Apology {
        let made = promises::list(view, couple, None, Page { limit: MOST_PROMISES, after: None })?;
        let promises = made.items.into_iter().map(|promise| (promise, Vec::new())).collect();
        return Ok(Ledger { promises, cut: made.more });
    }
    let (reader, today) = (couples::reader(view, couple)?, couple.today(view.now()));
    let mut held = promises::list_between(view, couple, &[reader], range)?;
    held.promises.retain(|(promise, _)| may_see_given(reader, couple, promise.maker, promise.to, today));
    Ok(held)
}

impl Gathered {
    /// As the rules take it.
    #[must_use]
    pub fn input<'w>(&'w self, couple: &'w Couple) -> WorkInput<'w> {
        let Self { reader, both, coaching, entries, ledger, sessions, today, range: (from, until) } = self;
        WorkInput {
            couple,
            reader: *reader,
            both,
            coaching,
            entries,
            promises: &ledger.promises,
            promises_cut: ledger.cut,
            sessions,
            today: *today,
            from: *from,
            until: *until,
        }
    }
}

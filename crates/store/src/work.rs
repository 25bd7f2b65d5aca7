//! What where a couple stands with an exercise is put together from, gathered for the caller in a bounded number of statements.

use chrono::{Days, NaiveDate};
use domain::{
    couple::Couple,
    entry::Entry,
    exercises::{BothSaid, Ground, Kind, PromisesNeeded, Slug, WorkInput, WorkNeeds},
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
    let (reader, today, needs) = (couples::reader(view, couple)?, couple.today(view.now()), WorkNeeds::of(exercise));
    let first_day = range.0.checked_sub_days(Days::new(needs.days_before)).unwrap_or(range.0);
    Ok(Gathered {
        reader,
        both: both_said(view, couple, reader, exercise, today)?,
        coaching: if needs.coaching { coaching_of(view, couple, today)? } else { Vec::new() },
        entries: entries::list_of_exercise(view, couple, exercise, (first_day, range.1))?,
        ledger: match needs.promises {
            None => Ledger::default(),
            Some(PromisesNeeded::OfAnyDay) => promises_of_any_day(view, couple)?,
            Some(PromisesNeeded::OfTheRange) => promises_of(view, couple, range)?,
        },
        sessions: if needs.sessions { sessions_of(view, couple, range)? } else { Vec::new() },
        today,
        range,
    })
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

fn coaching_of(view: &mut View<'_>, couple: &Couple, today: NaiveDate) -> Result<Vec<Entry>, StoreError> {
    entries::list_submitted(view, couple, &[Kind::ApologyCoaching], today)
}

fn promises_of_any_day(view: &mut View<'_>, couple: &Couple) -> Result<Ledger, StoreError> {
    let made = promises::list(view, couple, None, Page { limit: MOST_PROMISES, after: None })?;
    let promises = made.items.into_iter().map(|promise| (promise, Vec::new())).collect();
    Ok(Ledger { promises, cut: made.more })
}

fn promises_of(view: &mut View<'_>, couple: &Couple, range: (NaiveDate, NaiveDate)) -> Result<Ledger, StoreError> {
    let (reader, today) = (couples::reader(view, couple)?, couple.today(view.now()));
    let mut held = promises::list_between(view, couple, &[reader], range)?;
    held.promises.retain(|(promise, _)| may_see_given(reader, couple, promise.maker, promise.to, today));
    Ok(held)
}

fn sessions_of(
    view: &mut View<'_>,
    couple: &Couple,
    range: (NaiveDate, NaiveDate),
) -> Result<Vec<Session>, StoreError> {
    let filter = sessions::Filter { couple: Some(couple.id), ..Default::default() };
    let filter = filter.within(instants_of(couple.time_zone, range.0, range.1));
    Ok(sessions::list(view, &filter, Page { limit: MOST_SESSIONS, after: None })?.items)
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

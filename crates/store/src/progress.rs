//! What progress is computed from, gathered for an audience in a bounded number of statements, however much there is.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::{
    couple::Couple,
    entry::Entry,
    exercises::{Answers, Slug},
    progress::{Record, Span},
    session::instants_of,
    visibility::Reader,
};

use crate::{StoreError, View, assignments, entries, own_exercises, promises, sessions};

/// What there is of a couple over a span, perhaps of one exercise: entries that each of these readers may read and sessions that each
/// may know of, assignments and promises as they are. The ledger of promises is told with exercise 4, the sessions are with exercise
/// 7, and all where no exercise is asked for.
///
/// # Errors
/// If the database fails.
pub fn record(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    exercise: Option<Slug>,
    span: &Span,
) -> Result<Record, StoreError> {
    let found = entries::list_readable_by(view, couple, readers, exercise, (span.from, span.until))?;
    let (entries, entries_cut) = (found.entries, found.cut);
    let mut assignments = assignments::list_open_since(view, couple.id, day_before(span.from))?;
    assignments.retain(|assignment| exercise.is_none_or(|exercise| exercise == assignment.exercise));
    let is_told = |slug| exercise.is_none_or(|exercise| exercise == slug);
    let mut record = Record {
        assignments,
        forms: own_exercises::forms_of(view, &entries)?,
        entries,
        entries_cut,
        ..Record::default()
    };
    if is_told(Slug::Consistency) {
        let range = (span.promises_from(), span.until);
        let ledger = promises::list_between(view, couple, readers, range)?;
        (record.promises, record.promises_cut) = (ledger.promises, ledger.cut);
    }
    if is_told(Slug::RootCause) {
        record.earlier_answers = earlier_answers(view, couple, readers, &record.entries)?;
    }
    if is_told(Slug::SharedRituals) {
        record.rituals = entries::list_rituals(view, couple, readers, (span.rituals_from(), span.until))?;
    }
    if is_told(Slug::ProfessionalHelp) {
        let instants = instants_of(couple.time_zone, span.from, span.until);
        record.sessions = sessions::list_known_to(view, couple, readers, instants)?;
    }
    Ok(record)
}

/// The answers of before that the words of whoever asked are about: they say which question it was.
fn earlier_answers(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    entries: &[Entry],
) -> Result<Vec<Entry>, StoreError> {
    let known: HashSet<_> = entries.iter().map(|entry| entry.id).collect();
    let answer = |entry: &Entry| match &entry.answers {
        Answers::RootCauseAnswerHeard(heard) => heard.answer_id,
        _ => None,
    };
    let missing: HashSet<_> = entries.iter().filter_map(answer).filter(|answer| !known.contains(answer)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    entries::find_readable_by(view, couple, readers, &missing.into_iter().collect::<Vec<_>>())
}

/// Before the day begins anywhere; the couple's own days are told apart by the domain.
fn day_before(day: NaiveDate) -> DateTime<Utc> {
    day.checked_sub_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

//! The promise ledger: made, claimed, confirmed.

use chrono::NaiveDate;
use domain::{
    confidential::Confidential,
    couple::Couple,
    promise::{ClaimWord, ConfirmationWord, Outcome, OutcomeError, Promise, PromiseDraft, Schedule},
};
use store::{Tx, audit::Event, promises};

use super::exercises::given;
use crate::{
    demo::{
        mistake,
        script::Case,
        story::{Promised, Told},
    },
    pen,
    problem::Problem,
    routes::promises::follow,
};

pub(super) fn make(tx: &mut Tx<'_>, case: &Case, number: usize, promised: Promised) -> Result<(), Problem> {
    let (assignment, couple) = given(tx, case, promised.origin)?;
    let pen = pen::of(tx, &couple, None)?;
    let draft = PromiseDraft {
        maker: pen.partner,
        what: Confidential::new(promised.what),
        schedule: Schedule::Recurring(promised.recurrence),
        starts_on: None,
        until: None,
        origin: Some(promised.origin),
        assignment: Some(assignment.id),
        entry: None,
    };
    draft.check_assignment(&couple, Some(&assignment))?;
    let id = case.promises.get(number).copied().ok_or_else(|| mistake("there is no such promise"))?;
    let promise = Promise::new(id, &couple, draft, pen.recorded_by, tx.now())?;
    promises::insert(tx, &promise)?;
    tx.record(Event::new("promise.made", promise.id).of_couple(couple.id));
    Ok(())
}

type Marked = (Promise, Couple, Vec<(NaiveDate, char)>);

/// The promise, and the days of the week on which it was due, each with its letter.
fn marked(tx: &mut Tx<'_>, case: &Case, told: &Told) -> Result<Marked, Problem> {
    let id = case.promises.get(told.promise).copied();
    let (promise, couple) = promises::find(tx, id.ok_or_else(|| mistake("there is no such promise"))?)?;
    let [monday, .., sunday] = case.calendar.week(told.week);
    let due = promise.due_dates(monday, sunday);
    if due.len() != told.marks.chars().count() {
        let (days, week) = (due.len(), told.week);
        return Err(mistake(format!("{}: week {week} has {days} days, not {}", case.label, told.marks)));
    }
    let marked = due.into_iter().zip(told.marks.chars()).filter(|(_, mark)| *mark != '-').collect();
    Ok((promise, couple, marked))
}

pub(super) fn claim(tx: &mut Tx<'_>, case: &Case, told: &Told) -> Result<(), Problem> {
    let (promise, couple, days) = marked(tx, case, told)?;
    let by = pen::recorded_by(tx, &couple)?;
    for (due_on, mark) in days {
        let word = match mark {
            'k' => ClaimWord::Kept,
            'p' => ClaimWord::Partly,
            'm' => ClaimWord::Missed,
            'r' => ClaimWord::Renegotiated,
            'x' => ClaimWord::Excused,
            _ => return Err(mistake(format!("{mark} is no claim"))),
        };
        let outcome = Outcome::claim(&promise, &couple, None, due_on, word, by, tx.now())?;
        promises::insert_outcome(tx, &outcome)?;
        tx.record(Event::new("promise.claimed", promise.id).of_couple(couple.id));
    }
    Ok(follow(tx, &couple, promise.maker)?)
}

pub(super) fn answer(tx: &mut Tx<'_>, case: &Case, told: &Told) -> Result<(), Problem> {
    let (promise, couple, days) = marked(tx, case, told)?;
    let by = pen::recorded_by(tx, &couple)?;
    for (due_on, mark) in days {
        let word = match mark {
            'c' => ConfirmationWord::Confirmed,
            'd' => ConfirmationWord::Disputed,
            'n' => ConfirmationWord::NotNoticed,
            _ => return Err(mistake(format!("{mark} is no answer to a claim"))),
        };
        let claimed = promises::find_outcome(tx, &promise, due_on)?;
        let mut outcome = claimed.ok_or_else(|| Problem::from(OutcomeError::NotClaimed))?;
        outcome.confirm(&promise, word, by, tx.now())?;
        promises::update_outcome(tx, &outcome)?;
        tx.record(Event::new("promise.confirmed", promise.id).of_couple(couple.id));
    }
    Ok(follow(tx, &couple, promise.to)?)
}

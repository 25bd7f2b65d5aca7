//! Exercises: given, left for later, done.

use domain::{
    assignment::{Assignment, AssignmentDraft, Ending, Participants, StandingStatus},
    confidential::Confidential,
    couple::Couple,
    exercises::Slug,
};
use store::{Tx, assignments, audit::Event, breaches, couples};

use crate::{
    demo::{ALL, mistake, script::Case, story::Assigned},
    pen,
    problem::Problem,
    routes,
};

pub(super) fn assign(tx: &mut Tx<'_>, case: &Case, assigned: Assigned) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let breach = breaches::list(tx, couple.id, ALL)?.items.first().map(|breach| breach.id);
    let draft = AssignmentDraft {
        exercise: assigned.exercise,
        own: None,
        mode: assigned.mode,
        cadence: None,
        starts_on: None,
        due_on: assigned.due.map(|day| case.calendar.date(day)),
        instructions: Some(Confidential::new(assigned.instructions)),
        breach,
        visibility: None,
        participants: Participants::Both,
        policy_override: assigned.before_policy.map(Confidential::new),
        safety_override: None,
    };
    routes::assignments::assign(tx, &couple, draft)?;
    Ok(())
}

/// The open assignment of an exercise, for whoever acts.
pub(super) fn given(tx: &mut Tx<'_>, case: &Case, exercise: Slug) -> Result<(Assignment, Couple), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let mut all = assignments::list(tx, &couple, ALL)?.items.into_iter();
    let open = all.rfind(|assignment| assignment.exercise == exercise && assignment.ended.is_none());
    let assignment = open.ok_or_else(|| mistake(format!("{exercise} is not assigned")))?;
    Ok((assignment, couple))
}

pub(super) fn complete(tx: &mut Tx<'_>, case: &Case, exercise: Slug) -> Result<(), Problem> {
    let (mut assignment, couple) = given(tx, case, exercise)?;
    assignment.end(Ending::Completed, pen::staff(tx)?, tx.now())?;
    assignments::update(tx, &assignment)?;
    tx.record(Event::new("assignment.ended", assignment.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn not_ready(tx: &mut Tx<'_>, case: &Case, exercise: Slug) -> Result<(), Problem> {
    let (mut assignment, couple) = given(tx, case, exercise)?;
    let pen = pen::of(tx, &couple, None)?;
    let changed = assignment.change_standing(pen.partner, StandingStatus::NotReady, pen.recorded_by, tx.now());
    changed?;
    assignments::update(tx, &assignment)?;
    tx.record(Event::new("assignment.standing_changed", assignment.id).of_couple(couple.id));
    Ok(())
}

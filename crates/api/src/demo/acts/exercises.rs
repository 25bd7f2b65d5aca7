//! Exercises: defined, given, left for later, done.

use domain::{
    assignment::{Assignment, AssignmentDraft, Cadence, Ending, Overrides, Participants, StandingStatus},
    confidential::Confidential,
    couple::Couple,
    exercises::Slug,
    ids::{BreachId, OwnExerciseId},
    program::{Program, RunDraft},
};
use store::{Tx, assignments, audit::Event, breaches, couples, own_exercises, program_runs};

use crate::{
    demo::{ALL, mistake, script::Case, story::Assigned},
    pen,
    problem::Problem,
    routes::{self, own_exercises::DefineOwnExercise, program_runs::Attempt},
};

pub(super) fn assign(tx: &mut Tx<'_>, case: &Case, assigned: Assigned) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let breach = breach(tx, &couple)?;
    let own = if assigned.exercise == Slug::Own { defined_last(tx)? } else { None };
    let draft = AssignmentDraft {
        exercise: assigned.exercise,
        own,
        mode: assigned.mode,
        cadence: assigned.cadence.map(Cadence::Recurring),
        starts_on: None,
        due_on: assigned.due.map(|day| case.calendar.date(day)),
        reminders_until: None,
        instructions: Some(Confidential::new(assigned.instructions)),
        breach,
        visibility: None,
        participants: Participants::Both,
        overrides: Overrides {
            policy: assigned.before_policy.map(Confidential::new),
            safety: None,
            order: assigned.out_of_order.map(Confidential::new),
        },
    };
    routes::assignments::assign(tx, &couple, draft)?;
    Ok(())
}

/// What broke the trust; each exercise of a story is about it.
fn breach(tx: &mut Tx<'_>, couple: &Couple) -> Result<Option<BreachId>, Problem> {
    Ok(breaches::list(tx, couple.id, ALL)?.items.first().map(|breach| breach.id))
}

fn defined_last(tx: &mut Tx<'_>) -> Result<Option<OwnExerciseId>, Problem> {
    Ok(own_exercises::list(tx, ALL)?.items.last().map(|exercise| exercise.id))
}

pub(super) fn define(tx: &mut Tx<'_>, wanted: DefineOwnExercise) -> Result<(), Problem> {
    routes::own_exercises::define(tx, wanted)?;
    Ok(())
}

pub(super) fn start_program(tx: &mut Tx<'_>, case: &Case, before_policy: Option<String>) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let draft = RunDraft { breach: breach(tx, &couple)?, ..RunDraft::default() };
    let overrides = Overrides { policy: before_policy.map(Confidential::new), ..Overrides::default() };
    let attempt = Attempt { overrides, ..Attempt::default() };
    routes::program_runs::start(tx, &couple, Program::shipped(), draft, &attempt)?;
    Ok(())
}

pub(super) fn release_steps(tx: &mut Tx<'_>, case: &Case) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let last = program_runs::list(tx, &couple, ALL)?.items.pop();
    let mut found = last.ok_or_else(|| mistake("no program was started"))?;
    tx.record(Event::new("program_run.released", found.run.id).of_couple(couple.id));
    routes::program_runs::look(tx, &couple, &mut found, &Attempt { with_held: true, ..Attempt::default() })
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
    routes::assignments::end(tx, &mut assignment, &couple, Ending::Completed)
}

pub(super) fn not_ready(tx: &mut Tx<'_>, case: &Case, exercise: Slug) -> Result<(), Problem> {
    let (mut assignment, couple) = given(tx, case, exercise)?;
    let pen = pen::of(tx, &couple, None)?;
    let changed = assignment.change_standing(pen.partner, StandingStatus::NotReady, pen.recorded_by, &couple, tx.now());
    changed?;
    assignments::update(tx, &assignment)?;
    tx.record(Event::new("assignment.standing_changed", assignment.id).of_couple(couple.id));
    Ok(())
}

//! What is due in a run goes out, in the unit of work that makes it due. What is due by the calendar waits for its day as a job.

use chrono::NaiveDate;
use domain::{
    assignment::{AssignError, AssignmentDraft, Overrides},
    couple::Couple,
    ids::AssignmentId,
    program::{FoundRun, Hold, ProgramRun, RunStatus},
    session::instants_of,
};
use store::{
    Tx,
    audit::Event,
    jobs::{self, JobKind},
    program_runs,
};

use crate::{problem::Problem, routes::assignments::give};

/// How what is due is let out.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    /// Whether what was held before is tried again: only when a counselor wants it.
    pub(crate) with_held: bool,
    /// The position of a step that a counselor lets out.
    pub(crate) by_hand: Option<usize>,
    /// Why it goes out although something stands against it. If no reason for the order is given, that of the whole run counts.
    pub(crate) overrides: Overrides,
}

/// Goes on after an assignment has ended, if it came of a run.
pub(crate) fn follow(tx: &mut Tx<'_>, ended: AssignmentId) -> Result<(), Problem> {
    let Some(id) = program_runs::find_of_assignment(tx, ended)? else { return Ok(()) };
    let (mut found, couple) = program_runs::find(tx, id)?;
    advance(tx, &couple, &mut found, &Attempt::default())
}

/// Goes on with a couple's runs after their case has rested.
pub(crate) fn go_on(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), Problem> {
    let runs = program_runs::list_open(tx, &[couple.id])?;
    for mut found in runs.into_iter().filter(|found| found.run.status == RunStatus::Active) {
        look(tx, couple, &mut found, &Attempt::default())?;
    }
    Ok(())
}

/// Leaves a job anew for each run of a couple that waits for a day, because their days begin at other instants now. The job that was left
/// before finds nothing due.
pub(crate) fn wake_anew(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), Problem> {
    let today = couple.today(tx.now());
    for FoundRun { run, .. } in program_runs::list_open(tx, &[couple.id])? {
        if let Some(day) = run.wakes_on.filter(|day| *day > today) {
            jobs::enqueue(tx, JobKind::ReleaseSteps, run.id, instants_of(couple.time_zone, day, day).start)?;
        }
    }
    Ok(())
}

/// Keeps a run that has changed, and lets out what is due by that.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let_out(tx, couple, found, attempt)?;
    keep(tx, &mut found.run)
}

/// Lets out what is due in a run that has not changed, and keeps it if it has by that.
pub(crate) fn look(tx: &mut Tx<'_>, couple: &Couple, found: &mut FoundRun, attempt: &Attempt) -> Result<(), Problem> {
    let before = found.run.clone();
    let_out(tx, couple, found, attempt)?;
    if found.run == before { Ok(()) } else { keep(tx, &mut found.run) }
}

fn keep(tx: &mut Tx<'_>, run: &mut ProgramRun) -> Result<(), Problem> {
    run.version += 1;
    Ok(program_runs::update(tx, run)?)
}

/// Lets out what is due.
pub(super) fn let_out(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let today = couple.today(tx.now());
    if found.run.check_releases(couple).is_ok() {
        if attempt.with_held {
            found.run.try_again();
        }
        if let Some(position) = attempt.by_hand {
            found.run.give_word(position, &found.given, today)?;
        }
        while let Some(position) = found.run.next_due(&found.given, today) {
            release(tx, couple, found, position, attempt)?;
        }
        leave_job(tx, couple, found, today)?;
    }
    found.run.settle(&found.given, today);
    Ok(())
}

/// Gives the couple one step, or notes what holds it.
fn release(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    position: usize,
    attempt: &Attempt,
) -> Result<(), Problem> {
    match give_step(tx, couple, found, position, attempt)? {
        Ok(()) => Ok(()),
        Err(refused) => {
            found.run.hold(position, Hold::of(refused).ok_or(refused)?)?;
            tx.record(Event::new("program_run.held", found.run.id).of_couple(couple.id));
            Ok(())
        }
    }
}

/// Gives a step again whose assignment was cancelled. Unlike what goes out by itself, it is refused if something stands against it.
pub(super) fn give_again(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    position: usize,
    attempt: &Attempt,
) -> Result<(), Problem> {
    found.run.check_releases(couple)?;
    found.run.take_back(position, &found.given)?;
    Ok(give_step(tx, couple, found, position, attempt)??)
}

/// Gives the couple one step. What the rule of assigning says against it is the caller's to judge.
fn give_step(
    tx: &mut Tx<'_>,
    couple: &Couple,
    FoundRun { run, given, own }: &mut FoundRun,
    position: usize,
    attempt: &Attempt,
) -> Result<Result<(), AssignError>, Problem> {
    let today = couple.today(tx.now());
    let planned = run.draft(position, own, today)?;
    let given_now = attempt.overrides.clone();
    let overrides = Overrides { order: given_now.order.or(planned.overrides.order), ..given_now };
    let draft = AssignmentDraft { overrides, ..planned };
    let by = tx.caller().staff().unwrap_or(run.started_by);
    let assignment = match give(tx, couple, draft, &run.passed_over(), by)? {
        Ok(assignment) => assignment,
        Err(refused) => return Ok(Err(refused)),
    };
    run.release(position, assignment.id, today)?;
    program_runs::link(tx, run, assignment.id)?;
    given.push(assignment);
    Ok(Ok(()))
}

/// Leaves a job for the beginning of the next day on which something is due, unless there is one.
fn leave_job(tx: &mut Tx<'_>, couple: &Couple, found: &mut FoundRun, today: NaiveDate) -> Result<(), Problem> {
    let next = found.run.next_due_on(&found.given, today);
    if let Some(day) = next.filter(|day| found.run.wakes_on != Some(*day)) {
        jobs::enqueue(tx, JobKind::ReleaseSteps, found.run.id, instants_of(couple.time_zone, day, day).start)?;
        found.run.wakes_on = next;
    }
    Ok(())
}

//! What is due in a run goes out, in the unit of work that makes it due. What is due by the calendar waits for its day as a job.

use chrono::NaiveDate;
use domain::{
    assignment::AssignmentDraft,
    confidential::Confidential,
    couple::Couple,
    ids::AssignmentId,
    program::{Hold, RunStatus},
    session::instants_of,
};
use store::{
    Page, Tx,
    audit::Event,
    jobs::{self, JobKind},
    program_runs::{self, FoundRun},
};

use crate::{problem::Problem, routes::assignments::give};

/// How what is due is let out.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    /// Whether what was held before is tried again: only when a counselor wants it.
    pub(crate) with_held: bool,
    /// Why it goes out although the policy is not acknowledged by both.
    pub(crate) policy_override: Option<Confidential>,
    /// Why it goes out although the safety of a partner is not clear.
    pub(crate) safety_override: Option<Confidential>,
}

/// Goes on after an assignment was completed, if it came of a run.
pub(crate) fn follow(tx: &mut Tx<'_>, completed: AssignmentId) -> Result<(), Problem> {
    let Some(id) = program_runs::find_of_assignment(tx, completed)? else { return Ok(()) };
    let (mut found, couple) = program_runs::find(tx, id)?;
    advance(tx, &couple, &mut found, &Attempt::default())
}

/// The most runs of a couple that go on by themselves after their case has rested.
const RUNS: i64 = 100;

/// Goes on with a couple's runs after their case has rested.
pub(crate) fn go_on(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), Problem> {
    let runs = program_runs::list(tx, couple, Page { after: None, limit: RUNS })?.items;
    for mut found in runs.into_iter().filter(|found| found.run.status == RunStatus::Active) {
        advance(tx, couple, &mut found, &Attempt::default())?;
    }
    Ok(())
}

/// Keeps a run that has changed, and lets out what is due by that.
pub(crate) fn advance(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    attempt: &Attempt,
) -> Result<(), Problem> {
    found.run.version += 1;
    let_out(tx, couple, found, attempt)
}

/// Lets out what is due, and keeps the run.
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
        while let Some(position) = found.run.next_due(&found.given, today) {
            let (policy_override, safety_override) = (attempt.policy_override.clone(), attempt.safety_override.clone());
            let draft = found.run.draft(position, today)?;
            let draft = AssignmentDraft { policy_override, safety_override, ..draft };
            release(tx, couple, found, position, draft)?;
        }
        leave_job(tx, couple, found, today)?;
    }
    found.run.settle(&found.given, today);
    Ok(program_runs::update(tx, &found.run)?)
}

/// Gives the couple one step, or notes what holds it.
fn release(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    position: usize,
    draft: AssignmentDraft,
) -> Result<(), Problem> {
    let FoundRun { run, given } = found;
    match give(tx, couple, draft, tx.caller().staff().unwrap_or(run.started_by))? {
        Ok(assignment) => {
            run.release(position, assignment.id, couple.today(tx.now()))?;
            program_runs::link(tx, run, assignment.id)?;
            given.push(assignment);
        }
        Err(refused) => {
            run.hold(position, Hold::of(refused).ok_or(refused)?)?;
            tx.record(Event::new("program_run.held", run.id).of_couple(couple.id));
        }
    }
    Ok(())
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

//! What one partner may know of a run.
//!
//! They see what has gone out to them, and whether more will come, and nothing of the rest: neither how many steps there are, nor that
//! one is for the other alone, nor that the run is paused, nor that something is held. All of these look alike on purpose. If a pause
//! or a step passed over showed, then what is held for somebody's safety would be known by showing neither.

use chrono::{DateTime, Utc};

use super::{ProgramRun, RunStatus, RunStep};
use crate::{assignment::Assignment, couple::Couple, ids::PartnerId, visibility::Reader};

/// A run as one partner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRun {
    /// The positions, from 1, of the steps that went out to them.
    pub positions: Vec<usize>,
    /// Whether more will come for them, for all they know.
    pub more_to_come: bool,
    /// `active`, `completed` once all that came to them is over and no more will come, or `ended`.
    pub status: RunStatus,
    /// Counts the changes of what they see, from 1, and no others.
    pub version: i64,
}

impl ProgramRun {
    /// When something of it first went out to a partner, which is when it began for all they know; `None` before. `given` is what its
    /// steps have become.
    #[must_use]
    pub fn first_went_out_to(
        &self,
        partner: PartnerId,
        couple: &Couple,
        given: &[Assignment],
    ) -> Option<DateTime<Utc>> {
        let theirs = given.iter().filter(|assignment| assignment.exists_for(Reader::Partner(partner), couple));
        theirs.map(|assignment| assignment.assigned_at).min()
    }

    /// The run as a partner sees it; `None` before something of it has gone out to them.
    #[must_use]
    pub fn shown_to(&self, partner: PartnerId, couple: &Couple, given: &[Assignment]) -> Option<ShownRun> {
        let standings = self.standing(given, self.started_on);
        let is_theirs = |step: &RunStep| went_out_to(step, partner, couple, given);
        let theirs: Vec<_> =
            (1..).zip(self.steps.iter().zip(standings)).filter(|(_, (step, _))| is_theirs(step)).collect();
        if theirs.is_empty() {
            return None;
        }
        let more_to_come = !self.is_over() && self.steps.iter().any(|step| waits_for(step, partner, couple));
        let over = theirs.iter().filter(|(_, (_, standing))| standing.is_over()).count();
        let status = self.status_shown(more_to_come, over == theirs.len());
        let again: usize = theirs.iter().map(|(_, (step, _))| went_before_to(step, partner, couple, given)).sum();
        let known = theirs.len() + again + over + usize::from(!more_to_come) + usize::from(status != RunStatus::Active);
        let completed = usize::from(status == RunStatus::Completed);
        Some(ShownRun {
            positions: theirs.iter().map(|(position, _)| *position).collect(),
            more_to_come,
            status,
            version: i64::try_from(known + completed).unwrap_or(i64::MAX),
        })
    }

    const fn status_shown(&self, more_to_come: bool, all_over: bool) -> RunStatus {
        match self.status {
            _ if all_over && !more_to_come => RunStatus::Completed,
            RunStatus::Ended => RunStatus::Ended,
            RunStatus::Active | RunStatus::Paused | RunStatus::Completed => RunStatus::Active,
        }
    }
}

fn went_out_to(step: &RunStep, partner: PartnerId, couple: &Couple, given: &[Assignment]) -> bool {
    let assignment = step.assignment(given);
    assignment.is_some_and(|assignment| assignment.exists_for(Reader::Partner(partner), couple))
}

/// How often it went out to them before it was given again.
fn went_before_to(step: &RunStep, partner: PartnerId, couple: &Couple, given: &[Assignment]) -> usize {
    let was_before = |given: &&Assignment| step.before.iter().any(|released| released.assignment == given.id);
    let before = given.iter().filter(was_before);
    before.filter(|assignment| assignment.exists_for(Reader::Partner(partner), couple)).count()
}

fn waits_for(step: &RunStep, partner: PartnerId, couple: &Couple) -> bool {
    let waits = step.released.is_none() && step.skipped.is_none();
    waits && step.partner.is_none_or(|alone| couple.same_person(alone, partner))
}

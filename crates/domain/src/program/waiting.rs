//! What of a couple's programs waits for their counselor.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Due, Hold, ProgramRun, RunStep, StepStanding};
use crate::{
    assignment::Assignment,
    couple::Couple,
    ids::ClientId,
    own_exercise::OwnExerciseVersion,
    safety::{Gate, Safety, gate},
    vocabulary::word,
};

/// A run with what it takes to work out where it stands.
#[derive(Debug, Clone)]
pub struct FoundRun {
    /// The run.
    pub run: ProgramRun,
    /// What its steps have become, and had become before they were given again.
    pub given: Vec<Assignment>,
    /// Of the practice's own exercises that its steps name the latest version, and each that was given.
    pub own: Vec<OwnExerciseVersion>,
}

word! {
    /// What a step of a program waits for that does not go out unless a counselor does something.
    StepWait as ("ProgramStepWait") {
        /// A counselor's word: it goes out once they name its position.
        Word = "word",
        /// That both acknowledge the confidentiality policy.
        Policy = "policy",
        /// That both partners are clear in safety.
        Safety = "safety",
        /// That what comes before it in the default order begins.
        Order = "order",
        /// That those who are to answer are both in the couple.
        Participants = "participants",
        /// That the practice's own exercise is in use again.
        Archived = "archived",
        /// Only to be tried again: it was held for safety, and both are clear by now.
        Retry = "retry",
        /// To be given again, or skipped: the assignment it became was cancelled.
        Cancelled = "cancelled",
    }
}

impl From<Hold> for StepWait {
    fn from(hold: Hold) -> Self {
        match hold {
            Hold::Policy => Self::Policy,
            Hold::Safety => Self::Safety,
            Hold::Order => Self::Order,
            Hold::Participants => Self::Participants,
            Hold::Archived => Self::Archived,
        }
    }
}

/// A step that does not go out unless a counselor does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingStep<'r> {
    /// Its place in the program, from 1.
    pub position: usize,
    /// The step.
    pub step: &'r RunStep,
    /// What it waits for.
    pub waits_for: StepWait,
}

impl FoundRun {
    /// Its place in the list of a client, or of staff (`None`): by when it began for them, and its id.
    #[must_use]
    pub fn place_for(&self, client: Option<ClientId>, couple: &Couple) -> (DateTime<Utc>, Uuid) {
        let partner = client.and_then(|client| couple.partner_of(client));
        let since = partner.and_then(|own| self.run.first_went_out_to(own.id, couple, &self.given));
        (since.unwrap_or(self.run.started_at), self.run.id.0)
    }

    /// The steps that wait for a counselor on a day of the couple's, in order. None where nothing goes out anyway: while the run or the
    /// case rests, and once either is over. What held a step is told as it was when the step was due; safety as it is now.
    #[must_use]
    pub fn waiting(&self, couple: &Couple, safety: &[Safety], today: NaiveDate) -> Vec<WaitingStep<'_>> {
        let Self { run, given, .. } = self;
        if run.check_releases(couple).is_err() {
            return Vec::new();
        }
        let all_clear = gate(couple.current_partners(), safety) == Gate::Open;
        let waiting = |(position, (step, standing)): (usize, (_, StepStanding))| {
            let waits_for = waits_for(step, standing, given, all_clear)?;
            Some(WaitingStep { position, step, waits_for })
        };
        (1..).zip(run.steps.iter().zip(run.standing(given, today))).filter_map(waiting).collect()
    }
}

fn waits_for(step: &RunStep, standing: StepStanding, given: &[Assignment], all_clear: bool) -> Option<StepWait> {
    if step.skipped.is_none() && step.is_cancelled(given) {
        return Some(StepWait::Cancelled);
    }
    match (standing.due()?, step.held) {
        (Due::ByHand, _) => Some(StepWait::Word),
        (Due::Now, Some(Hold::Safety)) if all_clear => Some(StepWait::Retry),
        (Due::Now, held) => held.map(Into::into),
        (Due::On(_) | Due::AfterOthers, _) => None,
    }
}

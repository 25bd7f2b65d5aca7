//! One step of a couple's run: as it was in the program, and what has become of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::{
    assignment::{AssignError, Assignment, Ending},
    confidential::Confidential,
    ids::{AssignmentId, PartnerId, StaffId},
    own_exercise::{OwnExerciseError, OwnExerciseVersion},
    vocabulary::word,
};

word! {
    /// What keeps a step from going out although it is due, for counselors only.
    Hold as ("ProgramHold") {
        /// The confidentiality policy is not acknowledged by both.
        Policy = "policy",
        /// The safety of a partner is not clear.
        Safety = "safety",
        /// What comes before it in the default order has not begun.
        Order = "order",
        /// Those who are to answer are not both in the couple any more.
        Participants = "participants",
        /// The practice's own exercise was archived.
        Archived = "archived",
    }
}

impl Hold {
    /// What holds a step back for which this is the answer; `None` for what is no matter of waiting.
    #[must_use]
    pub const fn of(refused: AssignError) -> Option<Self> {
        match refused {
            AssignError::PolicyNotAcknowledged => Some(Self::Policy),
            AssignError::SafetyNotClear => Some(Self::Safety),
            AssignError::OutOfOrder { .. } => Some(Self::Order),
            AssignError::Participants | AssignError::OneAlone => Some(Self::Participants),
            AssignError::Own(OwnExerciseError::Archived) => Some(Self::Archived),
            _ => None,
        }
    }
}

/// That a step went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// What it became.
    pub assignment: AssignmentId,
    /// The couple's day.
    pub on: NaiveDate,
}

/// That a step was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Why, 1 to 10,000 characters; for counselors only.
    pub reason: Confidential,
    /// By whom.
    pub by: StaffId,
    /// The couple's day.
    pub on: NaiveDate,
}

/// One step of a run: as it was in the program at the start, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStep {
    /// What it is.
    pub step: Step,
    /// The one partner who is to answer; both if absent. To the other partner it does not exist.
    pub partner: Option<PartnerId>,
    /// That it went out.
    pub released: Option<Released>,
    /// That it went out before, oldest first: what it became then was taken back, and it was given again.
    #[serde(default)]
    pub before: Vec<Released>,
    /// That it was passed over.
    pub skipped: Option<Skipped>,
    /// Whether a counselor gave the word for it, where it waits for one.
    #[serde(default)]
    pub word_given: bool,
    /// What kept it from going out when it was due; until a counselor has it tried again.
    pub held: Option<Hold>,
}

impl RunStep {
    pub(super) const fn new(step: Step) -> Self {
        Self { step, partner: None, released: None, before: Vec::new(), skipped: None, word_given: false, held: None }
    }

    /// What it has become, among the assignments of the run.
    #[must_use]
    pub fn assignment<'g>(&self, given: &'g [Assignment]) -> Option<&'g Assignment> {
        let released = self.released?;
        given.iter().find(|given| given.id == released.assignment)
    }

    /// Whether what it has become was taken back: it can be given again, or skipped.
    #[must_use]
    pub fn is_cancelled(&self, given: &[Assignment]) -> bool {
        self.ended_as(Ending::Cancelled, given)
    }

    pub(super) fn ended_as(&self, how: Ending, given: &[Assignment]) -> bool {
        self.assignment(given).and_then(|assignment| assignment.ended).is_some_and(|ended| ended.how == how)
    }

    /// The version of the practice's own exercise that it was given in, or, as long as it has not gone out, the one in force; `None` for
    /// one of the ten.
    #[must_use]
    pub fn own<'v>(&self, versions: &'v [OwnExerciseVersion], given: &[Assignment]) -> Option<&'v OwnExerciseVersion> {
        let Some(assignment) = self.assignment(given) else { return self.step.own_in_force(versions) };
        let is_of = |version: &&OwnExerciseVersion| {
            Some(version.exercise) == self.step.own && version.number == assignment.exercise_version
        };
        versions.iter().find(is_of)
    }
}

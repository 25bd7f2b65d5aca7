//! Programs: exercises in an order, with rules for when each goes out to a couple.
//!
//! A program is a practice's, and about nobody; what becomes of it with one couple is a [`ProgramRun`], which keeps the steps as they
//! were when it started.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    archival::archive,
    confidential::{Confidential, NAME_CHARACTERS, TEXT_CHARACTERS, too_long},
    exercises::{DEFAULT_ORDER, Slug},
    ids::{OwnExerciseId, ProgramId},
    own_exercise::OwnExercise,
};

mod run;
mod run_step;
mod shown;
mod standing;
mod step;
#[cfg(test)]
mod tests;
mod waiting;

pub use run::{ProgramRun, RunDraft, RunError, RunStatus};
pub use run_step::{Hold, Released, RunStep, Skipped};
pub use shown::ShownRun;
pub use standing::{Due, StepStanding, StepState};
pub use step::{Release, Step, StepFault};
pub use waiting::{FoundRun, StepWait, WaitingStep};

/// The id of the shipped program, the same in every practice.
pub const SHIPPED: ProgramId = ProgramId(Uuid::from_u128(0x7e4f_01d0_0000_8000_8000_0000_0000_0010));

/// The most steps of a program.
pub const STEPS: usize = 30;

/// The longest wait that a rule can ask for, in days.
pub const DAYS: u16 = 366;

/// An ordered set of exercises with rules for when each goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Which one.
    pub id: ProgramId,
    /// What it is called, 1 to 200 characters; the partners who do it read it.
    pub name: Confidential,
    /// What it is for, for the counselors, up to 10,000 characters.
    pub description: Option<Confidential>,
    /// The exercises in order: 1 to 30.
    pub steps: Vec<Step>,
    /// Since when it is given to nobody any more.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A program as wanted.
#[derive(Debug, Clone)]
pub struct ProgramDraft {
    /// What it is called.
    pub name: Confidential,
    /// What it is for.
    pub description: Option<Confidential>,
    /// The exercises in order.
    pub steps: Vec<Step>,
}

/// What of a program is to be different; `None` leaves it, `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct ProgramChange {
    /// What it is called.
    pub name: Option<Confidential>,
    /// What it is for.
    pub description: Option<Option<Confidential>>,
    /// The exercises in order, all of them.
    pub steps: Option<Vec<Step>>,
}

/// Why a program can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// It comes with Tenfold.
    #[error("the program that comes with Tenfold stays as it is; make one of your own")]
    Shipped,
    /// No name, or too long a one.
    #[error("the name of a program has 1 to 200 characters")]
    Name,
    /// Too long.
    #[error("the description of a program has up to 10,000 characters")]
    Description,
    /// None, or too many.
    #[error("a program has 1 to 30 steps")]
    Steps,
    /// Something about one step.
    #[error("step {position}: {fault}")]
    Step {
        /// Which one, from 1.
        position: usize,
        /// What.
        fault: StepFault,
    },
}

impl Program {
    /// The program that comes with Tenfold: the ten exercises in the default order, group by group. It can't be changed.
    ///
    /// Most of the exercises go on for weeks, so none waits until one before it is completed. Where it only takes time the next go out by
    /// the calendar: what the partners do says nothing there, and so nobody learns from it what the other did. Where it takes a judgement,
    /// before an apology, before closeness and before forgiving, they wait for the counselor's word.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            id: SHIPPED,
            name: Confidential::new("Ten ways to rebuild trust"),
            description: Some(Confidential::new(
                "All ten exercises in the default order, those that go side by side together. The account follows a week after the goals, \
                 and the exercises of every day two weeks after the apology; apology, closeness and forgiving go out when you let them. \
                 Each goes on until you end it.",
            )),
            steps: DEFAULT_ORDER.iter().flat_map(|group| side_by_side(group)).collect(),
            archived_at: None,
            created_at: DateTime::UNIX_EPOCH,
            version: 2,
        }
    }

    /// Whether it is the one that comes with Tenfold.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        self.id == SHIPPED
    }

    /// A program of a practice's own; `own` are the practice's own exercises that its steps name.
    ///
    /// # Errors
    /// [`ProgramError`] for a name, a description or steps outside their limits, or an exercise that is put away.
    pub fn new(
        id: ProgramId,
        draft: ProgramDraft,
        own: &[OwnExercise],
        now: DateTime<Utc>,
    ) -> Result<Self, ProgramError> {
        let ProgramDraft { name, description, steps } = draft;
        let program =
            Self { id, name, description, steps, archived_at: None, created_at: now, version: 1 }.checked()?;
        check_steps(&program.steps, own)?;
        Ok(program)
    }

    /// Changes name, description or steps. Runs that are under way keep theirs. `own` are the practice's own exercises that new steps
    /// name.
    ///
    /// # Errors
    /// [`ProgramError`], and then nothing has changed.
    pub fn change(&mut self, change: ProgramChange, own: &[OwnExercise]) -> Result<(), ProgramError> {
        let has_new_steps = change.steps.is_some();
        let mut wanted = self.clone();
        wanted.name = change.name.unwrap_or(wanted.name);
        wanted.description = change.description.unwrap_or(wanted.description);
        wanted.steps = change.steps.unwrap_or(wanted.steps);
        wanted.version += 1;
        let wanted = wanted.checked()?;
        if has_new_steps {
            check_steps(&wanted.steps, own)?;
        }
        *self = wanted;
        Ok(())
    }

    /// The practice's own exercises that its steps name.
    pub fn own_exercises(&self) -> impl Iterator<Item = OwnExerciseId> {
        self.steps.iter().filter_map(|step| step.own)
    }

    /// Puts it away, so that it is given to nobody any more, or brings it back. Runs that are under way go on. Says whether anything
    /// has changed.
    ///
    /// # Errors
    /// [`ProgramError::Shipped`].
    pub fn archive(&mut self, archived: bool, now: DateTime<Utc>) -> Result<bool, ProgramError> {
        if self.is_shipped() {
            return Err(ProgramError::Shipped);
        }
        let changes = archive(&mut self.archived_at, archived, now);
        self.version += i64::from(changes);
        Ok(changes)
    }

    fn checked(self) -> Result<Self, ProgramError> {
        if self.is_shipped() {
            return Err(ProgramError::Shipped);
        }
        if self.name.is_blank() || self.name.longer_than(NAME_CHARACTERS) {
            return Err(ProgramError::Name);
        }
        if too_long(self.description.as_ref(), TEXT_CHARACTERS) {
            return Err(ProgramError::Description);
        }
        if !(1..=STEPS).contains(&self.steps.len()) {
            return Err(ProgramError::Steps);
        }
        Ok(self)
    }
}

fn check_steps(steps: &[Step], own: &[OwnExercise]) -> Result<(), ProgramError> {
    for (position, step) in (1..).zip(steps) {
        step.check(own).map_err(|fault| ProgramError::Step { position, fault })?;
    }
    Ok(())
}

/// The steps of exercises that go side by side in the shipped program: all go out with the first.
fn side_by_side(group: &[Slug]) -> impl Iterator<Item = Step> {
    let rules =
        group.first().map(|head| shipped_release(*head)).into_iter().chain(std::iter::repeat(Release::Together));
    group.iter().zip(rules).map(|(slug, release)| Step::new(*slug, release))
}

/// When the group of the shipped program goes out that begins with an exercise.
const fn shipped_release(head: Slug) -> Release {
    match head {
        Slug::ProfessionalHelp => Release::AfterCompletion,
        Slug::RootCause => Release::AfterDelay { days: 7 },
        Slug::TransparentCommunication => Release::AfterDelay { days: 14 },
        _ => Release::ByHand,
    }
}

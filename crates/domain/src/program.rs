//! Programs: exercises in an order, with rules for when each goes out to a couple.
//!
//! A program is a practice's, and about nobody; what becomes of it with one couple is a [`ProgramRun`], which keeps the steps as they
//! were when it started.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    archival::archive,
    assignment::{AssignmentDraft, Cadence, Participants},
    confidential::{Confidential, NAME_CHARACTERS, TEXT_CHARACTERS, too_long},
    exercises::{DEFAULT_ORDER, Mode, Slug, exercise},
    ids::ProgramId,
    visibility::Visibility,
};

mod run;
mod shown;
mod standing;
#[cfg(test)]
mod tests;

pub use run::{Hold, ProgramRun, Released, RunDraft, RunError, RunStatus, RunStep, Skipped};
pub use shown::ShownRun;
pub use standing::{Due, StepStanding, StepState};

/// The id of the shipped program, the same in every practice.
pub const SHIPPED: ProgramId = ProgramId(Uuid::from_u128(0x7e4f_01d0_0000_8000_8000_0000_0000_0010));

/// The most steps of a program.
pub const STEPS: usize = 30;

/// The longest wait that a rule can ask for, in days.
pub const DAYS: u16 = 366;

/// When a step goes out. Days are the couple's. No step goes out before all those before it have gone out or were skipped; for the
/// first step, what came before is the start of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Release {
    /// At the same time as the step before: the two are of one group.
    Together,
    /// Once the group before is over: each of its steps is done or was skipped.
    AfterCompletion,
    /// So many days after the last of the group before went out, or was skipped without going out.
    AfterDelay {
        /// 1 to 366.
        days: u16,
    },
    /// At fixed intervals from the start: so many days, times the number of groups before this one.
    FixedInterval {
        /// 1 to 366.
        days: u16,
    },
}

/// One exercise of a program. What is absent is as the exercise has it on the day the step goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which exercise.
    pub exercise: Slug,
    /// How the partners answer.
    pub mode: Option<Mode>,
    /// How often.
    pub cadence: Option<Cadence>,
    /// By when it is to be done: so many days after it went out, 1 to 366. None for what is never overdue.
    pub due_after_days: Option<u16>,
    /// What the counselor asks of the participants, up to 10,000 characters; they read it.
    pub instructions: Option<Confidential>,
    /// What new entries start with where their kind starts at least as open. Never an embargo: a program knows no dates.
    pub visibility: Option<Visibility>,
    /// When it goes out.
    pub release: Release,
}

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

/// What is not right about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepFault {
    /// Too long.
    #[error("instructions have up to 10,000 characters")]
    Instructions,
    /// Out of range.
    #[error("days are 1 to 366")]
    Days,
    /// Nobody is late for healing or forgiving.
    #[error("this exercise is never overdue and takes no due date")]
    NeverOverdue,
    /// Not in the catalog.
    #[error("a program holds exercises of the catalog; assign your practice's own beside it")]
    OwnExercise,
    /// A program knows no dates.
    #[error("an embargo has a date, and a program has none")]
    Embargo,
}

impl Program {
    /// The program that comes with Tenfold: the ten exercises in the default order, group by group. It can't be changed.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            id: SHIPPED,
            name: Confidential::new("Ten ways to rebuild trust"),
            description: Some(Confidential::new(
                "All ten exercises in the default order. Those that go side by side go out together; the next once they are done.",
            )),
            steps: DEFAULT_ORDER.iter().flat_map(|group| side_by_side(group)).collect(),
            archived_at: None,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    /// Whether it is the one that comes with Tenfold.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        self.id == SHIPPED
    }

    /// A program of a practice's own.
    ///
    /// # Errors
    /// [`ProgramError`] for a name, a description or steps outside their limits.
    pub fn new(id: ProgramId, draft: ProgramDraft, now: DateTime<Utc>) -> Result<Self, ProgramError> {
        let ProgramDraft { name, description, steps } = draft;
        Self { id, name, description, steps, archived_at: None, created_at: now, version: 1 }.checked()
    }

    /// Changes name, description or steps. Runs that are under way keep theirs.
    ///
    /// # Errors
    /// [`ProgramError`], and then nothing has changed.
    pub fn change(&mut self, change: ProgramChange) -> Result<(), ProgramError> {
        let mut wanted = self.clone();
        wanted.name = change.name.unwrap_or(wanted.name);
        wanted.description = change.description.unwrap_or(wanted.description);
        wanted.steps = change.steps.unwrap_or(wanted.steps);
        wanted.version += 1;
        *self = wanted.checked()?;
        Ok(())
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
        for (position, step) in (1..).zip(&self.steps) {
            step.check().map_err(|fault| ProgramError::Step { position, fault })?;
        }
        Ok(self)
    }
}

/// The steps of exercises that go side by side: all go out with the first, which waits until the group before is over.
fn side_by_side(group: &[Slug]) -> impl Iterator<Item = Step> {
    let rules = std::iter::once(Release::AfterCompletion).chain(std::iter::repeat(Release::Together));
    group.iter().zip(rules).map(|(slug, release)| Step::new(*slug, release))
}

impl Step {
    /// An exercise as the catalog has it.
    #[must_use]
    pub const fn new(exercise: Slug, release: Release) -> Self {
        let (mode, cadence, due_after_days, instructions, visibility) = (None, None, None, None, None);
        Self { exercise, mode, cadence, due_after_days, instructions, visibility, release }
    }

    /// What partners call it.
    #[must_use]
    pub fn title(&self) -> &'static str {
        exercise(self.exercise).map_or("", |chosen| chosen.title)
    }

    /// How the partners answer: the step's own word, or the exercise's.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode.or(exercise(self.exercise).map(|chosen| chosen.defaults.mode)).unwrap_or(Mode::Separate)
    }

    /// How often: the step's own word, or the exercise's.
    #[must_use]
    pub fn cadence(&self) -> Cadence {
        self.cadence.clone().unwrap_or_else(|| Cadence::of_exercise(self.exercise))
    }

    /// The assignment that it becomes on a day, for both partners.
    pub(crate) fn draft(&self, today: NaiveDate) -> AssignmentDraft {
        AssignmentDraft {
            exercise: self.exercise,
            own: None,
            mode: self.mode,
            cadence: self.cadence.clone(),
            starts_on: Some(today),
            due_on: self.due_after_days.and_then(|days| standing::after(today, days.into())),
            reminders_until: None,
            instructions: self.instructions.clone(),
            breach: None,
            visibility: self.visibility,
            participants: Participants::Both,
            policy_override: None,
            safety_override: None,
        }
    }

    fn check(&self) -> Result<(), StepFault> {
        let days = match self.release {
            Release::Together | Release::AfterCompletion => None,
            Release::AfterDelay { days } | Release::FixedInterval { days } => Some(days),
        };
        if days.into_iter().chain(self.due_after_days).any(|days| !(1..=DAYS).contains(&days)) {
            return Err(StepFault::Days);
        }
        let Some(chosen) = exercise(self.exercise) else { return Err(StepFault::OwnExercise) };
        if self.due_after_days.is_some() && !chosen.defaults.can_be_overdue {
            return Err(StepFault::NeverOverdue);
        }
        if too_long(self.instructions.as_ref(), TEXT_CHARACTERS) {
            return Err(StepFault::Instructions);
        }
        if matches!(self.visibility, Some(Visibility::Embargoed { .. })) { Err(StepFault::Embargo) } else { Ok(()) }
    }
}

//! One exercise of a program: which, how, and when it goes out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DAYS, standing};
use crate::{
    assignment::{AssignError, AssignmentDraft, Cadence, Chosen, Overrides, Participants},
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    exercises::{Mode, Slug},
    ids::OwnExerciseId,
    own_exercise::{OwnExercise, OwnExerciseVersion},
    visibility::Visibility,
};

/// When a step goes out. Days are the couple's. No step goes out before all those before it have gone out or were skipped; for the
/// first step, what came before is the start of the run. Forgiveness, whatever its rule, waits for a counselor to let it out besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Release {
    /// At the same time as the step before: the two are of one group.
    Together,
    /// Once everything before is over: each step is done or was skipped.
    AfterCompletion,
    /// So many days after the last of the group before went out, or was skipped without going out.
    AfterDelay {
        /// 1 to 366.
        days: u16,
    },
    /// When a counselor lets it out, once everything before has gone out or was skipped.
    ByHand,
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
    /// Which of the practice's own, where it is one; it goes out in the version in force then.
    #[serde(default)]
    pub own: Option<OwnExerciseId>,
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
    /// It says not which exercise, or the practice's own is put away.
    #[error(transparent)]
    Exercise(#[from] AssignError),
    /// A program knows no dates.
    #[error("an embargo has a date, and a program has none")]
    Embargo,
}

impl Step {
    /// An exercise as the catalog has it.
    #[must_use]
    pub const fn new(exercise: Slug, release: Release) -> Self {
        let (own, mode, cadence, due_after_days, instructions, visibility) = (None, None, None, None, None, None);
        Self { exercise, own, mode, cadence, due_after_days, instructions, visibility, release }
    }

    /// Of these versions of the practice's own exercises the one in force of what it names; `None` for one of the ten.
    #[must_use]
    pub fn own_in_force<'v>(&self, versions: &'v [OwnExerciseVersion]) -> Option<&'v OwnExerciseVersion> {
        versions.iter().filter(|version| Some(version.exercise) == self.own).max_by_key(|version| version.number)
    }

    /// What partners call it.
    #[must_use]
    pub fn title<'v>(&self, own: Option<&'v OwnExerciseVersion>) -> &'v str {
        Chosen::of(self.exercise, own).map_or("", Chosen::title)
    }

    /// How the partners answer: the step's own word, or the exercise's.
    #[must_use]
    pub fn mode(&self, own: Option<&OwnExerciseVersion>) -> Mode {
        self.mode.or(Chosen::of(self.exercise, own).map(Chosen::mode)).unwrap_or(Mode::Separate)
    }

    /// How often: the step's own word, or the exercise's.
    #[must_use]
    pub fn cadence(&self, own: Option<&OwnExerciseVersion>) -> Cadence {
        let of_exercise = || Chosen::of(self.exercise, own).map_or(Cadence::Once, Chosen::cadence);
        self.cadence.clone().unwrap_or_else(of_exercise)
    }

    /// The assignment that it becomes on a day, for both partners. What has become an exercise that is never overdue since the program was
    /// made takes no due date.
    pub(super) fn draft(&self, today: NaiveDate, own: Option<&OwnExerciseVersion>) -> AssignmentDraft {
        let can_be_overdue = Chosen::of(self.exercise, own).is_some_and(Chosen::can_be_overdue);
        let due_after_days = self.due_after_days.filter(|_| can_be_overdue);
        AssignmentDraft {
            exercise: self.exercise,
            own: self.own,
            mode: self.mode,
            cadence: self.cadence.clone(),
            starts_on: Some(today),
            due_on: due_after_days.and_then(|days| standing::after(today, days.into())),
            reminders_until: None,
            instructions: self.instructions.clone(),
            breach: None,
            visibility: self.visibility,
            participants: Participants::Both,
            overrides: Overrides::default(),
        }
    }

    /// `own` are the practice's own exercises that the program names.
    pub(super) fn check(&self, own: &[OwnExercise]) -> Result<(), StepFault> {
        let days = match self.release {
            Release::Together | Release::AfterCompletion | Release::ByHand => None,
            Release::AfterDelay { days } | Release::FixedInterval { days } => Some(days),
        };
        if days.into_iter().chain(self.due_after_days).any(|days| !(1..=DAYS).contains(&days)) {
            return Err(StepFault::Days);
        }
        let chosen = Chosen::in_use(self.exercise, self.own, own)?;
        if self.due_after_days.is_some() && !chosen.can_be_overdue() {
            return Err(StepFault::NeverOverdue);
        }
        if too_long(self.instructions.as_ref(), TEXT_CHARACTERS) {
            return Err(StepFault::Instructions);
        }
        if matches!(self.visibility, Some(Visibility::Embargoed { .. })) { Err(StepFault::Embargo) } else { Ok(()) }
    }
}

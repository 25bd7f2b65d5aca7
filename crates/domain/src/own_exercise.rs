//! A practice's own exercises: worded and given a form by the practice, in versions that never change.
//!
//! What was assigned keeps the version it was given in, so a new wording or form never touches what was recorded before.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    archival::archive,
    exercises::Mode,
    ids::{OwnExerciseId, StaffId},
    recurrence::Recurrence,
    visibility::Visibility,
    vocabulary::word,
};

mod form;
mod given;
mod measure;
mod misfit;
mod published;
mod subset;
#[cfg(test)]
pub(crate) mod tests;
mod values;

pub use form::{
    Choices, Field, FieldKind, FieldName, ItemKind, MOST_CHARACTERS, MOST_FIELDS, MOST_ITEMS, NoFieldName, NoWords,
    OwnForm, UpTo, Words,
};
pub use given::GivenForm;
pub use measure::{OwnMeasure, ScaleMeasure};
pub use misfit::Misfit;

word! {
    /// Who reads the entries of an exercise of the practice's own, unless their author decides otherwise.
    OwnVisibility {
        /// The counselors.
        CounselorOnly = "counselor_only",
        /// Both partners.
        Shared = "shared",
        /// Both partners, once both have submitted.
        RevealTogether = "reveal_together",
    }
}

impl From<OwnVisibility> for Visibility {
    fn from(visibility: OwnVisibility) -> Self {
        match visibility {
            OwnVisibility::CounselorOnly => Self::CounselorOnly,
            OwnVisibility::Shared => Self::Shared,
            OwnVisibility::RevealTogether => Self::RevealTogether,
        }
    }
}

/// What an exercise of the practice's own is: its wording, its form, and what an assignment of it starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// What partners call it.
    pub title: Words<200>,
    /// What it is for, in a sentence.
    pub purpose: Words<1000>,
    /// What to do, in order: up to 50 steps.
    pub steps: Vec<Words<1000>>,
    /// Questions to start from: up to 50.
    pub prompts: Vec<Words<1000>>,
    /// How the partners answer.
    pub mode: Mode,
    /// How often; once if absent.
    pub cadence: Option<Recurrence>,
    /// Who reads what is recorded, unless its author decides otherwise.
    pub visibility: OwnVisibility,
    /// Whether it can be late.
    pub can_be_overdue: bool,
    /// What is asked.
    pub form: OwnForm,
}

/// One version of an exercise. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnExerciseVersion {
    /// Of which exercise.
    pub exercise: OwnExerciseId,
    /// Its number: 1, 2, … up to 10,000.
    pub number: u16,
    /// What the exercise is in this version.
    pub definition: Definition,
    /// Who made it.
    pub by: StaffId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// An exercise of the practice's own, in its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnExercise {
    /// Which one.
    pub id: OwnExerciseId,
    /// What new assignments are given in.
    pub latest: OwnExerciseVersion,
    /// When it was first made.
    pub created_at: DateTime<Utc>,
    /// Since when it is no longer given to anyone, if so.
    pub archived_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1: new versions, and archiving and bringing back.
    pub version: i64,
}

/// What the entries of an assignment answer: the form of the version of an exercise that it was given in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedForm {
    /// The exercise.
    pub exercise: OwnExerciseId,
    /// The form.
    pub form: OwnForm,
}

/// The most versions an exercise has.
const MOST_VERSIONS: u16 = 10_000;

/// The most steps, and the most prompts.
const MOST_LINES: usize = 50;

/// Why an exercise of the practice's own can't be made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnExerciseError {
    /// Too long to be followed.
    #[error("an exercise has up to 50 steps and up to 50 prompts")]
    Lines,
    /// Put away.
    #[error("this exercise is archived; bring it back first")]
    Archived,
    /// Changed too often.
    #[error("an exercise has up to 10,000 versions; make another one")]
    Versions,
}

impl OwnExercise {
    /// Makes an exercise, in its first version.
    ///
    /// # Errors
    /// [`OwnExerciseError::Lines`] if it has too many steps or prompts.
    pub fn new(
        id: OwnExerciseId,
        definition: Definition,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, OwnExerciseError> {
        let latest =
            OwnExerciseVersion { exercise: id, number: 1, definition: checked(definition)?, by, created_at: now };
        Ok(Self { id, latest, created_at: now, archived_at: None, version: 1 })
    }

    /// Says anew what it is: the next version. The earlier ones stay, and so does what was assigned in them.
    ///
    /// # Errors
    /// [`OwnExerciseError`], and then nothing has changed.
    pub fn revise(&mut self, definition: Definition, by: StaffId, now: DateTime<Utc>) -> Result<(), OwnExerciseError> {
        self.check_in_use()?;
        if self.latest.number >= MOST_VERSIONS {
            return Err(OwnExerciseError::Versions);
        }
        let (number, definition) = (self.latest.number + 1, checked(definition)?);
        self.latest = OwnExerciseVersion { exercise: self.id, number, definition, by, created_at: now };
        self.version += 1;
        Ok(())
    }

    /// Puts it away, so that it is given to nobody any more, or brings it back. What was assigned goes on. Says whether anything
    /// has changed.
    pub fn archive(&mut self, archived: bool, now: DateTime<Utc>) -> bool {
        let changes = archive(&mut self.archived_at, archived, now);
        self.version += i64::from(changes);
        changes
    }

    /// Whether it may be changed and assigned.
    ///
    /// # Errors
    /// [`OwnExerciseError::Archived`] if not.
    pub const fn check_in_use(&self) -> Result<(), OwnExerciseError> {
        if self.archived_at.is_none() { Ok(()) } else { Err(OwnExerciseError::Archived) }
    }
}

fn checked(definition: Definition) -> Result<Definition, OwnExerciseError> {
    let fits = definition.steps.len() <= MOST_LINES && definition.prompts.len() <= MOST_LINES;
    if fits { Ok(definition) } else { Err(OwnExerciseError::Lines) }
}

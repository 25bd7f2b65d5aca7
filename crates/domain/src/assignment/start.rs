//! What an assignment takes from its exercise: one of the ten, or one of the practice's own.

use serde::{Deserialize, Serialize};

use super::{AssignError, Assignment, AssignmentContext, Cadence};
use crate::{
    exercises::{Mode, Slug, exercise},
    ids::OwnExerciseId,
    own_exercise::OwnExercise,
    visibility::Visibility,
};

/// What an assignment takes from an exercise of the practice's own and keeps, whatever becomes of the exercise. Its version is the
/// assignment's `exercise_version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnGiven {
    /// Which exercise.
    pub id: OwnExerciseId,
    /// Who reads its entries, unless their author decides otherwise.
    pub visibility: Visibility,
    /// Whether it can be late.
    pub can_be_overdue: bool,
}

/// What an assignment starts with, where the counselor does not say otherwise.
pub(super) struct Start {
    pub(super) version: u16,
    pub(super) own: Option<OwnGiven>,
    pub(super) mode: Mode,
    pub(super) cadence: Cadence,
}

impl Start {
    pub(super) fn of(
        context: &AssignmentContext<'_>,
        slug: Slug,
        own: Option<OwnExerciseId>,
    ) -> Result<Self, AssignError> {
        match (exercise(slug), own) {
            (Some(chosen), None) => {
                let rule = chosen.defaults.cadence.and_then(|rule| rule.parse().ok());
                let cadence = rule.map_or(Cadence::Once, Cadence::Recurring);
                Ok(Self { version: chosen.version, own: None, mode: chosen.defaults.mode, cadence })
            }
            (None, Some(id)) => Self::of_own(context.own.filter(|own| own.id == id).ok_or(AssignError::WhichExercise)?),
            (Some(_), Some(_)) | (None, None) => Err(AssignError::WhichExercise),
        }
    }

    fn of_own(exercise: &OwnExercise) -> Result<Self, AssignError> {
        exercise.check_in_use()?;
        let definition = &exercise.latest.definition;
        let own = OwnGiven {
            id: exercise.id,
            visibility: definition.visibility.into(),
            can_be_overdue: definition.can_be_overdue,
        };
        let cadence = definition.cadence.clone().map_or(Cadence::Once, Cadence::Recurring);
        Ok(Self { version: exercise.latest.number, own: Some(own), mode: definition.mode, cadence })
    }
}

impl Assignment {
    /// Whether it can be late. Nobody is late for healing or forgiving.
    pub(super) fn can_be_overdue(&self) -> bool {
        let of_catalog = || exercise(self.exercise).is_some_and(|chosen| chosen.defaults.can_be_overdue);
        self.own.map_or_else(of_catalog, |own| own.can_be_overdue)
    }
}

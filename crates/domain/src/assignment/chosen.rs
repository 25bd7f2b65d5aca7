//! What is assigned: one of the ten, or one of the practice's own, with what it brings where nobody says otherwise.

use serde::{Deserialize, Serialize};

use super::{AssignError, Assignment, Cadence};
use crate::{
    exercises::{Exercise, Mode, Slug, exercise},
    ids::OwnExerciseId,
    own_exercise::{OwnExercise, OwnExerciseVersion},
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

/// An exercise that is given, or is to be.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// One of the ten.
    Shipped(&'static Exercise),
    /// One of the practice's own, in a version.
    Own(&'a OwnExerciseVersion),
}

impl<'a> Chosen<'a> {
    /// The exercise with this slug; `own` where that is [`Slug::Own`], and `None` if there is none then.
    #[must_use]
    pub fn of(slug: Slug, own: Option<&'a OwnExerciseVersion>) -> Option<Self> {
        exercise(slug).map(Self::Shipped).or(own.map(Self::Own))
    }

    /// What partners call it.
    #[must_use]
    pub fn title(self) -> &'a str {
        match self {
            Self::Shipped(exercise) => exercise.title,
            Self::Own(version) => version.definition.title.as_str(),
        }
    }

    /// How the partners answer.
    #[must_use]
    pub const fn mode(self) -> Mode {
        match self {
            Self::Shipped(exercise) => exercise.defaults.mode,
            Self::Own(version) => version.definition.mode,
        }
    }

    /// How often it is done.
    #[must_use]
    pub fn cadence(self) -> Cadence {
        match self {
            Self::Shipped(exercise) => Cadence::of_exercise(exercise.slug),
            Self::Own(version) => version.definition.cadence.clone().into(),
        }
    }

    /// Whether it can be late. Nobody is late for healing or forgiving.
    #[must_use]
    pub const fn can_be_overdue(self) -> bool {
        match self {
            Self::Shipped(exercise) => exercise.defaults.can_be_overdue,
            Self::Own(version) => version.definition.can_be_overdue,
        }
    }

    pub(super) const fn version(self) -> u16 {
        match self {
            Self::Shipped(exercise) => exercise.version,
            Self::Own(version) => version.number,
        }
    }

    pub(super) fn given(self) -> Option<OwnGiven> {
        let Self::Own(version) = self else { return None };
        let visibility = version.definition.visibility.into();
        Some(OwnGiven { id: version.exercise, visibility, can_be_overdue: self.can_be_overdue() })
    }

    /// What may be given: one of the ten by its slug alone, or the one of the practice's own that has this id, in its latest version.
    ///
    /// # Errors
    /// [`AssignError::WhichExercise`] if neither is named, or both are; [`AssignError::Own`] if it is put away.
    pub fn in_use(
        slug: Slug,
        own: Option<OwnExerciseId>,
        among: impl IntoIterator<Item = &'a OwnExercise>,
    ) -> Result<Self, AssignError> {
        match (exercise(slug), own) {
            (Some(shipped), None) => Ok(Self::Shipped(shipped)),
            (None, Some(id)) => {
                let own = among.into_iter().find(|own| own.id == id).ok_or(AssignError::WhichExercise)?;
                own.check_in_use()?;
                Ok(Self::Own(&own.latest))
            }
            (Some(_), Some(_)) | (None, None) => Err(AssignError::WhichExercise),
        }
    }
}

impl Assignment {
    /// Whether it can be late. Nobody is late for healing or forgiving.
    pub(super) fn can_be_overdue(&self) -> bool {
        let of_catalog = || exercise(self.exercise).is_some_and(|chosen| chosen.defaults.can_be_overdue);
        self.own.map_or_else(of_catalog, |own| own.can_be_overdue)
    }
}

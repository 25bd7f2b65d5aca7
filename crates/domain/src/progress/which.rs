//! What progress is told of: the product's exercises and measures, and a practice's own.

use crate::{
    exercises::{Aspect, Direction, Measure, Reading, Slug, Unit},
    ids::OwnExerciseId,
    own_exercise::OwnMeasure,
};

/// One of the ten exercises, or one of the practice's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WhichExercise {
    /// Its name.
    pub slug: Slug,
    /// Which of the practice's own; there exactly where `slug` is [`Slug::Own`].
    pub own: Option<OwnExerciseId>,
}

impl From<Slug> for WhichExercise {
    fn from(slug: Slug) -> Self {
        Self { slug, own: None }
    }
}

/// One of the product's measures, or one of the practice's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnyMeasure {
    /// One that comes with the product.
    Known(Measure),
    /// A scale that the practice marked in a form of its own.
    Own(OwnMeasure),
}

impl AnyMeasure {
    /// Whether it says what was done or what changed. A scale of the practice's own says what changed.
    #[must_use]
    pub const fn aspect(&self) -> Aspect {
        match self {
            Self::Known(measure) => measure.aspect(),
            Self::Own(_) => Aspect::Outcome,
        }
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self {
            Self::Known(measure) => measure.unit(),
            Self::Own(_) => OwnMeasure::UNIT,
        }
    }

    /// Which way is better.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        match self {
            Self::Known(measure) => measure.direction(),
            Self::Own(measure) => measure.direction,
        }
    }
}

impl From<Reading> for Reading<AnyMeasure> {
    fn from(Reading { measure, value }: Reading) -> Self {
        Self { measure: AnyMeasure::Known(measure), value }
    }
}

impl From<Reading<OwnMeasure>> for Reading<AnyMeasure> {
    fn from(Reading { measure, value }: Reading<OwnMeasure>) -> Self {
        Self { measure: AnyMeasure::Own(measure), value }
    }
}

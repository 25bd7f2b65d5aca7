//! Exercises of the practice's own as bodies name them: beside the slug `own`, and only there.

use domain::{exercises::Slug, ids::OwnExerciseId, own_exercise::OwnExercise};
use store::{View, own_exercises};

use crate::problem::{FieldError, Problem};

/// One is named, at this place, where one is wanted, and only there.
pub(in crate::routes) fn check_named(
    exercise: Slug,
    own: Option<OwnExerciseId>,
    pointer: impl Into<String>,
) -> Result<(), Problem> {
    if (exercise == Slug::Own) == own.is_some() {
        return Ok(());
    }
    let detail = "names one of the practice's own where exercise is own, and is left out for the ten";
    Err(Problem::invalid(vec![FieldError::body(pointer, "inconsistent", detail)]))
}

/// Those that are named, each at its place; all that are none are said at once.
pub(in crate::routes) fn find_named(
    view: &mut View<'_>,
    named: impl IntoIterator<Item = (String, OwnExerciseId)>,
) -> Result<Vec<OwnExercise>, Problem> {
    let named: Vec<_> = named.into_iter().collect();
    let ids: Vec<_> = named.iter().map(|(_, id)| *id).collect();
    let found = own_exercises::find_all(view, &ids)?;
    let is_unknown = |(_, id): &(String, OwnExerciseId)| found.iter().all(|exercise| exercise.id != *id);
    let unknown = named.into_iter().filter(is_unknown);
    let unknown: Vec<_> = unknown
        .map(|(pointer, _)| FieldError::body(pointer, "unknown", "is no exercise of this practice's own"))
        .collect();
    if unknown.is_empty() { Ok(found) } else { Err(Problem::invalid(unknown)) }
}

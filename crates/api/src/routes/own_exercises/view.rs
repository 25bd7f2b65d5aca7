//! Exercises of the practice's own as they are shown.

use chrono::{DateTime, Utc};
use domain::{
    exercises::Mode,
    ids::{OwnExerciseId, StaffId},
    own_exercise::{Definition, OwnExercise, OwnExerciseVersion, OwnForm, OwnVisibility},
    recurrence::Recurrence,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Resource;

/// An exercise of the practice's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnExercise)]
pub(super) struct OwnExerciseView {
    /// Its id.
    id: OwnExerciseId,
    /// What new assignments are given in.
    latest: VersionView,
    /// When it was first defined.
    created_at: DateTime<Utc>,
    /// Since when it is assigned to nobody any more; null while it is in use.
    #[schema(required = true)]
    archived_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// An exercise of the practice's own in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnExerciseSummary)]
pub(super) struct SummaryView {
    /// Its id.
    id: OwnExerciseId,
    /// The number of the latest version.
    #[schema(value_type = i32, minimum = 1, maximum = 10_000)]
    number: u16,
    /// What partners call it.
    #[schema(max_length = 200)]
    title: String,
    /// What it is for, in a sentence.
    #[schema(max_length = 1000)]
    purpose: String,
    /// Since when it is assigned to nobody any more; null while it is in use.
    #[schema(required = true)]
    archived_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// A version of an exercise of the practice's own. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnExerciseVersion)]
pub(super) struct VersionView {
    /// The exercise.
    own_exercise_id: OwnExerciseId,
    /// Its number: 1, 2, …
    #[schema(value_type = i32, minimum = 1, maximum = 10_000)]
    number: u16,
    /// What partners call it.
    #[schema(max_length = 200)]
    title: String,
    /// What it is for, in a sentence.
    #[schema(max_length = 1000)]
    purpose: String,
    /// What to do, in order.
    #[schema(max_items = 50)]
    steps: Vec<String>,
    /// Questions to start from.
    #[schema(max_items = 50)]
    prompts: Vec<String>,
    /// How the partners answer, unless an assignment says otherwise.
    mode: Mode,
    /// How often, as an RFC 5545 recurrence rule in the couple's days; null for once.
    #[schema(value_type = Option<String>, required = true, max_length = 200)]
    cadence: Option<Recurrence>,
    /// Who reads what is recorded, unless its author decides otherwise.
    visibility: OwnVisibility,
    /// Whether it can be late.
    can_be_overdue: bool,
    /// The schema of the `values` of its entries (JSON Schema 2020-12); its properties are in the order of the form.
    #[schema(value_type = Object)]
    form: OwnForm,
    /// When this version was defined.
    created_at: DateTime<Utc>,
    /// By whom.
    created_by: StaffId,
}

impl From<OwnExercise> for OwnExerciseView {
    fn from(exercise: OwnExercise) -> Self {
        let OwnExercise { id, latest, created_at, archived_at, version } = exercise;
        Self { id, latest: latest.into(), created_at, archived_at, version }
    }
}

impl From<OwnExercise> for SummaryView {
    fn from(exercise: OwnExercise) -> Self {
        let OwnExerciseVersion { number, definition, .. } = exercise.latest;
        let (title, purpose) = (definition.title.into(), definition.purpose.into());
        let OwnExercise { id, archived_at, version, .. } = exercise;
        Self { id, number, title, purpose, archived_at, version }
    }
}

impl From<OwnExerciseVersion> for VersionView {
    fn from(version: OwnExerciseVersion) -> Self {
        let Definition { title, purpose, steps, prompts, mode, cadence, visibility, can_be_overdue, form } =
            version.definition;
        Self {
            own_exercise_id: version.exercise,
            number: version.number,
            title: title.into(),
            purpose: purpose.into(),
            steps: steps.into_iter().map(Into::into).collect(),
            prompts: prompts.into_iter().map(Into::into).collect(),
            mode,
            cadence,
            visibility,
            can_be_overdue,
            form,
            created_at: version.created_at,
            created_by: version.by,
        }
    }
}

impl Resource for OwnExerciseView {
    fn path(&self) -> String {
        format!("/v1/own-exercises/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Resource for VersionView {
    fn path(&self) -> String {
        format!("/v1/own-exercises/{}/versions/{}", self.own_exercise_id, self.number)
    }

    /// It is the only one there will ever be.
    fn version(&self) -> i64 {
        self.number.into()
    }
}

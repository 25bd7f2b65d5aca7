//! One exercise of a program, as it is wanted and as it is shown.

use domain::{
    assignment::Cadence,
    confidential::Confidential,
    exercises::{Mode, Slug},
    ids::OwnExerciseId,
    own_exercise::{OwnExercise, OwnExerciseVersion},
    program::{Release, Step},
    recurrence::Recurrence,
    visibility::Visibility,
};
use serde::{Deserialize, Serialize};
use store::View;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    extract::nullable,
    problem::{FieldError, Problem},
    routes::{
        own_exercises::{check_named, find_named},
        visibility::VisibilityWord,
    },
};

/// When a step goes out, never before those before it went out or were skipped; what comes before the first is the start. Forgiveness,
/// whatever its rule, waits for a counselor to let it out besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgramRelease)]
enum ReleaseWord {
    /// At the same time as the step before: the two are of one group.
    Together,
    /// Once each step before is done or was skipped.
    AfterCompletion,
    /// When a counselor lets it out, once everything before has gone out or was skipped.
    ByHand,
    /// So many days, `release_days`, after the last of the group before went out or was skipped.
    AfterDelay,
    /// So many days, `release_days`, times the number of groups before it, after the start.
    FixedInterval,
}

/// One exercise of a program. What is absent is as the exercise has it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanStep)]
pub(super) struct StepRequest {
    /// Which exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own, where `exercise` is `own`; it goes out in the version in force on that day.
    #[schema(nullable = false)]
    own_exercise_id: Option<OwnExerciseId>,
    /// When it goes out.
    release: ReleaseWord,
    /// The days of `after_delay` and `fixed_interval`.
    #[validate(range(min = 1, max = 366))]
    #[schema(nullable = false, minimum = 1, maximum = 366)]
    release_days: Option<u16>,
    /// How the partners answer.
    #[schema(nullable = false)]
    mode: Option<Mode>,
    /// How often, as an RFC 5545 recurrence rule in the couple's days; null for once.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200, example = "FREQ=WEEKLY;BYDAY=MO,TH")]
    cadence: Option<Option<Recurrence>>,
    /// By when it is to be done: so many days after it went out.
    #[validate(range(min = 1, max = 366))]
    #[schema(nullable = false, minimum = 1, maximum = 366)]
    due_after_days: Option<u16>,
    /// What the counselor asks of the participants; they read it.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    instructions: Option<String>,
    /// Who may read new entries where their kind starts at least as open; `embargoed` is refused, because a program has no dates.
    #[schema(nullable = false)]
    visibility: Option<VisibilityWord>,
}

/// The steps as the rules take them; what is wrong with one is said at its place.
pub(super) fn steps(wanted: Vec<StepRequest>) -> Result<Vec<Step>, Problem> {
    (0..).zip(wanted).map(|(index, step)| step.step(index)).collect()
}

impl StepRequest {
    fn step(self, index: usize) -> Result<Step, Problem> {
        check_named(self.exercise, self.own_exercise_id, own_exercise_at(index))?;
        Ok(Step {
            release: release(self.release, self.release_days, index)?,
            visibility: self.visibility.map(|word| visibility(word, index)).transpose()?,
            exercise: self.exercise,
            own: self.own_exercise_id,
            mode: self.mode,
            cadence: self.cadence.map(Cadence::from),
            due_after_days: self.due_after_days,
            instructions: self.instructions.map(Confidential::new),
        })
    }
}

/// The practice's own exercises that steps name.
pub(super) fn own_of(view: &mut View<'_>, steps: &[Step]) -> Result<Vec<OwnExercise>, Problem> {
    let named = steps.iter().enumerate().filter_map(|(index, step)| Some((own_exercise_at(index), step.own?)));
    find_named(view, named)
}

fn own_exercise_at(index: usize) -> String {
    format!("/steps/{index}/own_exercise_id")
}

fn field(index: usize, name: &str, code: &'static str, detail: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::body(format!("/steps/{index}/{name}"), code, detail)])
}

fn release(word: ReleaseWord, days: Option<u16>, index: usize) -> Result<Release, Problem> {
    match (word, days) {
        (ReleaseWord::Together, None) => Ok(Release::Together),
        (ReleaseWord::AfterCompletion, None) => Ok(Release::AfterCompletion),
        (ReleaseWord::ByHand, None) => Ok(Release::ByHand),
        (ReleaseWord::AfterDelay, Some(days)) => Ok(Release::AfterDelay { days }),
        (ReleaseWord::FixedInterval, Some(days)) => Ok(Release::FixedInterval { days }),
        (ReleaseWord::AfterDelay | ReleaseWord::FixedInterval, None) => {
            Err(field(index, "release_days", "required", "says after how many days, 1 to 366"))
        }
        (ReleaseWord::Together | ReleaseWord::AfterCompletion | ReleaseWord::ByHand, Some(_)) => {
            Err(field(index, "release_days", "unexpected", "goes with after_delay and fixed_interval only"))
        }
    }
}

fn visibility(word: VisibilityWord, index: usize) -> Result<Visibility, Problem> {
    match word {
        VisibilityWord::CounselorOnly => Ok(Visibility::CounselorOnly),
        VisibilityWord::Shared => Ok(Visibility::Shared),
        VisibilityWord::RevealTogether => Ok(Visibility::RevealTogether),
        VisibilityWord::Embargoed => {
            Err(field(index, "visibility", "unexpected", "is not embargoed: a program has no dates"))
        }
    }
}

/// One exercise of a program, as it goes out today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramStep)]
pub(crate) struct StepView {
    /// Which exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// What partners call it.
    #[schema(max_length = 200)]
    title: String,
    /// When it goes out.
    release: ReleaseWord,
    /// The days of `after_delay` and `fixed_interval`.
    #[schema(required = true, minimum = 1, maximum = 366)]
    release_days: Option<u16>,
    /// How the partners answer.
    mode: Mode,
    /// How often, as an RFC 5545 recurrence rule in the couple's days; null for once.
    #[schema(required = true, max_length = 200)]
    cadence: Option<String>,
    /// By when it is to be done: so many days after it went out.
    #[schema(required = true, minimum = 1, maximum = 366)]
    due_after_days: Option<u16>,
    /// What the counselor asks of the participants.
    #[schema(required = true, max_length = 10_000)]
    instructions: Option<String>,
    /// Who may read new entries where their kind starts at least as open; null as the kind has it.
    #[schema(required = true)]
    visibility: Option<VisibilityWord>,
}

impl StepView {
    /// `own` is the version that the step is of, where it is of one of the practice's own.
    pub(crate) fn of(step: Step, own: Option<&OwnExerciseVersion>) -> Self {
        let (release, release_days) = match step.release {
            Release::Together => (ReleaseWord::Together, None),
            Release::AfterCompletion => (ReleaseWord::AfterCompletion, None),
            Release::ByHand => (ReleaseWord::ByHand, None),
            Release::AfterDelay { days } => (ReleaseWord::AfterDelay, Some(days)),
            Release::FixedInterval { days } => (ReleaseWord::FixedInterval, Some(days)),
        };
        Self {
            exercise: step.exercise,
            own_exercise_id: step.own,
            title: step.title(own).to_owned(),
            release,
            release_days,
            mode: step.mode(own),
            cadence: step.cadence(own).into_rule().map(Into::into),
            due_after_days: step.due_after_days,
            instructions: step.instructions.map(Confidential::into_exposed),
            visibility: step.visibility.map(Into::into),
        }
    }
}

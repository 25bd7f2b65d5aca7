//! A run as it is shown: all of it to counselors, to a partner what has gone out to them.

use chrono::NaiveDate;
use domain::{
    confidential::Confidential,
    couple::Couple,
    exercises::Slug,
    ids::{AssignmentId, BreachId, CoupleId, OwnExerciseId, PartnerId, ProgramId, ProgramRunId, StaffId},
    own_exercise::OwnExerciseVersion,
    program::{Due, FoundRun, Hold, RunStatus, RunStep, ShownRun, StepStanding, StepState},
    visibility::Reader,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{answer::Resource, problem::Problem, routes::programs::StepView};

/// A couple's run of a program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramRun)]
pub(super) struct RunView {
    /// Its id.
    id: ProgramRunId,
    /// The couple.
    couple_id: CoupleId,
    /// What the program is called.
    #[schema(max_length = 200)]
    name: String,
    /// Where it stands. A partner is told `active` as long as something that went out to them is not over or more may come.
    status: RunStatus,
    /// The steps in order; for a partner those that went out to them.
    #[schema(max_items = 30)]
    steps: Vec<RunStepView>,
    /// Whether more is to come.
    more_to_come: bool,
    /// What counselors know besides; null for partners.
    #[schema(required = true)]
    plan: Option<PlanView>,
    /// Counts the changes, from 1; for a partner the changes of what they see.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// What counselors know of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramRunPlan)]
struct PlanView {
    /// Of which program.
    program_id: ProgramId,
    /// The version of the program that it started from.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    program_version: i64,
    /// The breach its exercises are about.
    #[schema(required = true)]
    breach_id: Option<BreachId>,
    /// Why its steps go out although something that comes before one of them in the default order has not begun.
    #[schema(required = true, max_length = 10_000)]
    order_override_reason: Option<String>,
    /// Who started it; what goes out by itself goes out in their name.
    started_by: StaffId,
    /// The couple's day on which it started.
    started_on: NaiveDate,
}

/// One step of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramRunStep)]
struct RunStepView {
    /// Which exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// What partners call it; of the practice's own as in the version it was given in.
    #[schema(max_length = 200)]
    title: String,
    /// Where it stands.
    state: StepState,
    /// What it has become.
    #[schema(required = true)]
    assignment_id: Option<AssignmentId>,
    /// The couple's day on which it went out.
    #[schema(required = true)]
    released_on: Option<NaiveDate>,
    /// What counselors know besides; null for partners.
    #[schema(required = true)]
    plan: Option<StepPlanView>,
}

/// What counselors know of a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramRunStepPlan)]
struct StepPlanView {
    /// Its place in the program, from 1.
    #[schema(minimum = 1, maximum = 30)]
    position: usize,
    /// The step as it was in the program when the run started.
    step: StepView,
    /// The one partner who answers it; null for both. To the other it does not exist.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// Whether it waits and nothing in the program stands before it any more, but a counselor's word where it waits for one.
    is_due: bool,
    /// Whether a counselor is to let it out now, by its `position` in `POST …/releases`.
    waits_for_word: bool,
    /// The day on which it goes out, if that is known and to come: as far as the days alone decide.
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// What kept it from going out when it was due; it is tried again by `POST …/releases`.
    #[schema(required = true)]
    held: Option<Hold>,
    /// Whether it is with nobody any more, because its assignment was cancelled: it can be given again, or skipped.
    is_cancelled: bool,
    /// Why it was skipped.
    #[schema(required = true, max_length = 10_000)]
    skip_reason: Option<String>,
    /// Who skipped it.
    #[schema(required = true)]
    skipped_by: Option<StaffId>,
}

/// A step of a run that was found, with all that is shown of it.
struct FoundStep<'r> {
    position: usize,
    step: &'r RunStep,
    standing: StepStanding,
    due: Option<Due>,
    own: Option<&'r OwnExerciseVersion>,
    is_cancelled: bool,
}

/// The steps in order, on a day of the couple's.
fn steps(found: &FoundRun, today: NaiveDate) -> impl Iterator<Item = FoundStep<'_>> {
    let FoundRun { run, given, own } = found;
    let standings = run.standing(given, today);
    (1..).zip(run.steps.iter().zip(standings)).map(|(position, (step, standing))| FoundStep {
        position,
        step,
        standing,
        due: standing.due().filter(|_| !run.is_over()),
        own: step.own(own, given),
        is_cancelled: standing == StepStanding::Released && step.is_cancelled(given),
    })
}

impl RunView {
    /// The run as a reader sees it on a day of the couple's.
    ///
    /// # Errors
    /// 404 if it does not exist for them.
    pub(super) fn of(found: FoundRun, couple: &Couple, reader: Reader, today: NaiveDate) -> Result<Self, Problem> {
        match reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => Ok(Self::for_counselors(found, today)),
            Reader::Partner(partner) => {
                let shown = found.run.shown_to(partner, couple, &found.given).ok_or_else(Problem::not_found)?;
                Ok(Self::for_partner(found, &shown, today))
            }
        }
    }

    fn for_counselors(found: FoundRun, today: NaiveDate) -> Self {
        let with_plan =
            |found: FoundStep<'_>| RunStepView { plan: Some(StepPlanView::of(&found)), ..RunStepView::of(&found) };
        let steps: Vec<_> = steps(&found, today).map(with_plan).collect();
        let run = found.run;
        let more_to_come = !run.is_over() && steps.iter().any(|step| step.state == StepState::Waiting);
        let plan = PlanView {
            program_id: run.program,
            program_version: run.program_version,
            breach_id: run.breach,
            order_override_reason: run.order_override.map(Confidential::into_exposed),
            started_by: run.started_by,
            started_on: run.started_on,
        };
        Self {
            id: run.id,
            couple_id: run.couple,
            more_to_come,
            name: run.name.into_exposed(),
            status: run.status,
            steps,
            plan: Some(plan),
            version: run.version,
        }
    }

    fn for_partner(found: FoundRun, shown: &ShownRun, today: NaiveDate) -> Self {
        let theirs = steps(&found, today).filter(|step| shown.positions.contains(&step.position));
        Self {
            id: found.run.id,
            couple_id: found.run.couple,
            steps: theirs.map(|step| RunStepView::of(&step)).collect(),
            name: found.run.name.into_exposed(),
            status: shown.status,
            more_to_come: shown.more_to_come,
            plan: None,
            version: shown.version,
        }
    }
}

impl RunStepView {
    fn of(found: &FoundStep<'_>) -> Self {
        let RunStep { step, released, .. } = found.step;
        Self {
            exercise: step.exercise,
            own_exercise_id: step.own,
            title: step.title(found.own).to_owned(),
            state: found.standing.state(),
            assignment_id: released.map(|released| released.assignment),
            released_on: released.map(|released| released.on),
            plan: None,
        }
    }
}

impl StepPlanView {
    fn of(found: &FoundStep<'_>) -> Self {
        let RunStep { step, partner, held, skipped, .. } = found.step;
        Self {
            position: found.position,
            step: StepView::of(step.clone(), found.own),
            partner_id: *partner,
            is_due: matches!(found.due, Some(Due::Now | Due::ByHand)),
            waits_for_word: found.due == Some(Due::ByHand),
            due_on: found.due.and_then(Due::day),
            held: *held,
            is_cancelled: found.is_cancelled,
            skip_reason: skipped.as_ref().map(|skipped| skipped.reason.expose().to_owned()),
            skipped_by: skipped.as_ref().map(|skipped| skipped.by),
        }
    }
}

impl Resource for RunView {
    fn path(&self) -> String {
        format!("/v1/program-runs/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }

    /// What waits is shown as its exercise is now and as the day has it, and neither is a change of the run.
    fn counts_all_that_is_seen(&self) -> bool {
        false
    }
}

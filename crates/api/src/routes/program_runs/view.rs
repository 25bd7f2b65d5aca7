//! A run as it is shown: all of it to counselors, to a partner what has gone out to them.

use chrono::NaiveDate;
use domain::{
    couple::Couple,
    exercises::Slug,
    ids::{AssignmentId, BreachId, CoupleId, PartnerId, ProgramId, ProgramRunId, StaffId},
    program::{Due, Hold, ProgramRun, RunStatus, RunStep, ShownRun, StepStanding, StepState},
    visibility::Reader,
};
use serde::Serialize;
use store::program_runs::FoundRun;
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
    /// Who started it; what goes out by itself goes out in their name.
    started_by: StaffId,
    /// The couple's day on which it started.
    started_on: NaiveDate,
}

/// One step of a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgramRunStep)]
struct RunStepView {
    /// Which exercise.
    exercise: Slug,
    /// What partners call it.
    #[schema(value_type = String, max_length = 200)]
    title: &'static str,
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
    /// Whether it waits and nothing in the program stands before it any more.
    is_due: bool,
    /// The day on which it goes out, if that is known and to come.
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// What kept it from going out when it was due; it is tried again by `POST …/releases`.
    #[schema(required = true)]
    held: Option<Hold>,
    /// Why it was skipped.
    #[schema(required = true, max_length = 10_000)]
    skip_reason: Option<String>,
    /// Who skipped it.
    #[schema(required = true)]
    skipped_by: Option<StaffId>,
}

impl RunView {
    /// The run as a reader sees it on a day of the couple's.
    ///
    /// # Errors
    /// 404 if it does not exist for them.
    pub(super) fn of(found: FoundRun, couple: &Couple, reader: Reader, today: NaiveDate) -> Result<Self, Problem> {
        let FoundRun { run, given } = found;
        let standings = run.standing(&given, today);
        match reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => Ok(Self::for_counselors(run, &standings)),
            Reader::Partner(partner) => {
                let shown = run.shown_to(partner, couple, &given).ok_or_else(Problem::not_found)?;
                Ok(Self::for_partner(run, &standings, &shown))
            }
        }
    }

    fn for_counselors(run: ProgramRun, standings: &[StepStanding]) -> Self {
        let plan = PlanView {
            program_id: run.program,
            program_version: run.program_version,
            breach_id: run.breach,
            started_by: run.started_by,
            started_on: run.started_on,
        };
        let waits = |standing: &StepStanding| standing.state() == StepState::Waiting;
        let more_to_come = !run.is_over() && standings.iter().any(waits);
        let steps = (1..).zip(run.steps.into_iter().zip(standings));
        let with_plan = |(position, (step, standing)): (usize, (RunStep, &StepStanding))| RunStepView {
            plan: Some(StepPlanView::of(position, &step, *standing)),
            ..RunStepView::of(&step, *standing)
        };
        Self {
            id: run.id,
            couple_id: run.couple,
            name: run.name.into_exposed(),
            status: run.status,
            steps: steps.map(with_plan).collect(),
            more_to_come,
            plan: Some(plan),
            version: run.version,
        }
    }

    fn for_partner(run: ProgramRun, standings: &[StepStanding], shown: &ShownRun) -> Self {
        let steps = (1..).zip(run.steps.iter().zip(standings));
        let theirs = steps.filter(|(position, _)| shown.positions.contains(position));
        Self {
            id: run.id,
            couple_id: run.couple,
            steps: theirs.map(|(_, (step, standing))| RunStepView::of(step, *standing)).collect(),
            name: run.name.into_exposed(),
            status: shown.status,
            more_to_come: shown.more_to_come,
            plan: None,
            version: shown.version,
        }
    }
}

impl RunStepView {
    fn of(step: &RunStep, standing: StepStanding) -> Self {
        Self {
            exercise: step.step.exercise,
            title: step.step.title(),
            state: standing.state(),
            assignment_id: step.released.map(|released| released.assignment),
            released_on: step.released.map(|released| released.on),
            plan: None,
        }
    }
}

impl StepPlanView {
    fn of(position: usize, step: &RunStep, standing: StepStanding) -> Self {
        let due_on = match standing {
            StepStanding::Waiting(Due::On(day)) => Some(day),
            _ => None,
        };
        let skipped = step.skipped.as_ref();
        Self {
            position,
            step: step.step.clone().into(),
            partner_id: step.partner,
            is_due: standing == StepStanding::Waiting(Due::Now),
            due_on,
            held: step.held,
            skip_reason: skipped.map(|skipped| skipped.reason.expose().to_owned()),
            skipped_by: skipped.map(|skipped| skipped.by),
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
}

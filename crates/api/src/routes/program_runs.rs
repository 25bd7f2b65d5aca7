//! Runs of programs: started with a couple, paused, ended; steps skipped; what is held tried again.

mod release;
mod request;
mod view;

use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use domain::{
    access::Action,
    assignment::{Assignment, Ending},
    confidential::Confidential,
    couple::Couple,
    ids::{CoupleId, ProgramId, ProgramRunId},
    program::{FoundRun, Program, ProgramRun, RunDraft, RunStatus, Skipped},
};
use serde::Deserialize;
use store::{Slice, Tx, View, audit::Event, couples, program_runs, programs};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

pub(crate) use self::release::{Attempt, follow, go_on, look, wake_anew};
use self::release::{advance, give_again, let_out};
use self::request::{ReleaseSteps, RenewStep, StartProgram};
use self::view::RunView;
use crate::{
    answer::{Created, Found},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged},
    pen,
    problem::{Problem, named},
    routes::{
        assignments::{self, breach_of},
        programs::own_in_force,
    },
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(start_program)
        .service(list_program_runs)
        .service(show_program_run)
        .service(change_run_status)
        .service(skip_step)
        .service(renew_step)
        .service(release_steps);
}

fn shown(view: &View<'_>, found: FoundRun, couple: &Couple) -> Result<RunView, Problem> {
    RunView::of(found, couple, couples::reader(view, couple)?, couple.today(view.now()))
}

/// Start a program with a couple
///
/// What is due by the program goes out at once, as assignments, and from then on whenever something becomes due: when an assignment
/// is completed, when a step is skipped, on the day that its rule says. What policy, safety or the default order stand against is held,
/// and waits for `POST /v1/program-runs/{program_run_id}/releases`.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = StartProgram,
    responses((status = 201, description = "The run", body = RunView)))]
#[post("/v1/couples/{couple_id}/program-runs")]
async fn start_program(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<StartProgram>,
) -> Result<Created<RunView>, Problem> {
    app.create(&caller, Action::AssignExercises, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let program = program_of(tx, wanted.program_id)?;
        let (draft, attempt) = wanted.split();
        let found = start(tx, &couple, program, draft, &attempt)?;
        shown(tx, found, &couple)
    })
    .await
}

/// Starts a program with a couple; what is due by it goes out.
pub(crate) fn start(
    tx: &mut Tx<'_>,
    couple: &Couple,
    program: Program,
    draft: RunDraft,
    attempt: &Attempt,
) -> Result<FoundRun, Problem> {
    draft.breach.map(|id| breach_of(tx, couple, id)).transpose()?;
    let own = own_in_force(tx, [&program])?;
    let reason = draft.order_override.clone();
    let run = ProgramRun::new(tx.new_random_id(), couple, (program, &own), draft, pen::staff(tx)?, tx.now())?;
    program_runs::insert(tx, &run)?;
    let started = Event::new("program_run.started", run.id).of_couple(couple.id);
    tx.record(started.because(reason.as_ref().map(Confidential::expose)));
    let mut found = FoundRun { run, given: Vec::new(), own };
    let_out(tx, couple, &mut found, attempt)?;
    program_runs::update(tx, &found.run)?;
    Ok(found)
}

/// The program that is named in a body.
fn program_of(view: &mut View<'_>, id: ProgramId) -> Result<Program, Problem> {
    named(programs::find(view, id), || Problem::unknown("/program_id", "is no program of this practice"))
}

/// List the programs that a couple does
///
/// A partner sees those of which something has gone out to them.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters),
    responses((status = 200, description = "Runs, in the order in which they were started; for a partner, in which they reached them", body = Paged<RunView>)))]
#[get("/v1/couples/{couple_id}/program-runs")]
async fn list_program_runs(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing,
) -> Result<Paged<RunView>, Problem> {
    app.read_audited(&caller, Action::ReadAssignments, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let Slice { items, more } = program_runs::list(tx, &couple, list.page)?;
        tx.record(Event::new("program_runs.read", couple.id).of_couple(couple.id));
        let client = tx.caller().client();
        let view = |found: FoundRun| {
            let place = found.place_for(client, &couple);
            Ok((place, shown(tx, found, &couple)?))
        };
        let items = items.into_iter().map(view).collect::<Result<Vec<_>, Problem>>()?;
        Ok(Paged::of(Slice { items, more }, |(place, _)| *place, |(_, view)| view))
    })
    .await
}

/// Show where a couple stands in a program
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("program_run_id" = ProgramRunId, Path, description = "The run")),
    responses((status = 200, description = "The run", body = RunView)))]
#[get("/v1/program-runs/{program_run_id}")]
async fn show_program_run(app: Data<App>, caller: Asker, id: Path<ProgramRunId>) -> Result<Found<RunView>, Problem> {
    app.read_audited(&caller, Action::ReadAssignments, move |tx| {
        let (found, couple) = program_runs::find(tx, *id)?;
        tx.record(Event::new("program_run.read", found.run.id).of_couple(couple.id));
        shown(tx, found, &couple)
    })
    .await
    .map(Found)
}

/// Where a run is to stand.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeRunStatus {
    /// `active`, `paused` or `ended`; `completed` follows from the steps.
    status: RunStatus,
}

/// Pause, resume or end a run
///
/// What has gone out stays with the couple. While a run is paused nothing goes out, and days go on being counted; with resuming, what
/// is due goes out, and what was held is tried again. To say it twice changes nothing.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("program_run_id" = ProgramRunId, Path, description = "The run"), IfMatch), request_body = ChangeRunStatus,
    responses((status = 200, description = "The run as it is now", body = RunView)))]
#[put("/v1/program-runs/{program_run_id}/status")]
async fn change_run_status(
    app: Data<App>,
    caller: Asker,
    id: Path<ProgramRunId>,
    expected: IfMatch,
    body: Body<ChangeRunStatus>,
) -> Result<Found<RunView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut found, couple) = program_runs::find(tx, *id)?;
        expected.check(found.run.version)?;
        if body.status == found.run.status {
            return shown(tx, found, &couple);
        }
        found.run.change_status(body.status)?;
        let action = match body.status {
            RunStatus::Active => "program_run.resumed",
            RunStatus::Paused => "program_run.paused",
            RunStatus::Completed | RunStatus::Ended => "program_run.ended",
        };
        tx.record(Event::new(action, found.run.id).of_couple(couple.id));
        advance(tx, &couple, &mut found, &Attempt { with_held: true, ..Attempt::default() })?;
        shown(tx, found, &couple)
    })
    .await
    .map(Found)
}

/// Why a step is passed over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SkipStep {
    /// Why; the partners don't see it.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(min_length = 1, max_length = 10_000)]
    reason: String,
}

/// Skip a step
///
/// If it has gone out, its assignment is taken back. What waited for it goes out.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("program_run_id" = ProgramRunId, Path, description = "The run"),
        ("position" = u8, Path, description = "The step's place in the program, from 1", minimum = 1, maximum = 30), IfMatch),
    request_body = SkipStep, responses((status = 200, description = "The run as it is now", body = RunView)))]
#[put("/v1/program-runs/{program_run_id}/steps/{position}/skip")]
async fn skip_step(
    app: Data<App>,
    caller: Asker,
    path: Path<(ProgramRunId, u8)>,
    expected: IfMatch,
    body: Body<SkipStep>,
) -> Result<Found<RunView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (id, position) = *path;
        let (mut found, couple) = program_runs::find(tx, id)?;
        expected.check(found.run.version)?;
        skip(tx, &couple, &mut found, position.into(), body.into_inner().reason)?;
        advance(tx, &couple, &mut found, &Attempt::default())?;
        shown(tx, found, &couple)
    })
    .await
    .map(Found)
}

fn skip(
    tx: &mut Tx<'_>,
    couple: &Couple,
    found: &mut FoundRun,
    position: usize,
    reason: String,
) -> Result<(), Problem> {
    let event = Event::new("program_run.step_skipped", found.run.id).of_couple(couple.id).because(Some(&reason));
    let skipped = Skipped { reason: Confidential::new(reason), by: pen::staff(tx)?, on: couple.today(tx.now()) };
    let taken_back = found.run.skip(position, skipped, &found.given)?;
    tx.record(event);
    let is_open = |given: &&mut Assignment| Some(given.id) == taken_back && given.check_open().is_ok();
    if let Some(assignment) = found.given.iter_mut().find(is_open) {
        assignments::close(tx, assignment, couple, Ending::Cancelled)?;
    }
    Ok(())
}

/// Give a step again
///
/// Only one whose assignment was cancelled. It goes out anew as the exercise is now, by the rules of assigning; what waits for it waits
/// for the new assignment. What is due besides goes out, too.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("program_run_id" = ProgramRunId, Path, description = "The run"),
        ("position" = u8, Path, description = "The step's place in the program, from 1", minimum = 1, maximum = 30), IfMatch),
    request_body = RenewStep, responses((status = 200, description = "The run as it is now", body = RunView)))]
#[put("/v1/program-runs/{program_run_id}/steps/{position}/renew")]
async fn renew_step(
    app: Data<App>,
    caller: Asker,
    path: Path<(ProgramRunId, u8)>,
    expected: IfMatch,
    body: Body<RenewStep>,
) -> Result<Found<RunView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (id, position) = *path;
        let (mut found, couple) = program_runs::find(tx, id)?;
        expected.check(found.run.version)?;
        give_again(tx, &couple, &mut found, position.into(), &body.into_inner().into())?;
        tx.record(Event::new("program_run.step_renewed", found.run.id).of_couple(couple.id));
        advance(tx, &couple, &mut found, &Attempt::default())?;
        shown(tx, found, &couple)
    })
    .await
    .map(Found)
}

/// Let out what is due, and try again what is held
///
/// Also what waits for a counselor's word, `by_hand` or because it is forgiveness, if its `position` is named. Asking for it twice lets
/// nothing out twice.
#[utoipa::path(tag = "program-runs", security(("bearer" = [])),
    params(("program_run_id" = ProgramRunId, Path, description = "The run")), request_body = ReleaseSteps,
    responses((status = 200, description = "The run as it is now", body = RunView)))]
#[post("/v1/program-runs/{program_run_id}/releases")]
async fn release_steps(
    app: Data<App>,
    caller: Asker,
    id: Path<ProgramRunId>,
    body: Body<ReleaseSteps>,
) -> Result<Found<RunView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut found, couple) = program_runs::find(tx, *id)?;
        found.run.check_releases(&couple)?;
        tx.record(Event::new("program_run.released", found.run.id).of_couple(couple.id));
        look(tx, &couple, &mut found, &body.into_inner().into())?;
        shown(tx, found, &couple)
    })
    .await
    .map(Found)
}

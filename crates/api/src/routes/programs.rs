//! Programs: exercises in an order, with rules for when each goes out.

mod step;

use actix_web::{
    get, patch, post, put,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    ids::ProgramId,
    own_exercise::OwnExerciseVersion,
    program::{Program, ProgramChange, ProgramDraft, Step},
};
use serde::{Deserialize, Serialize};
use store::{Tx, View, audit::Event, own_exercises, programs};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

pub(super) use self::step::StepView;
use self::step::{StepRequest, own_of, steps};
use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, nullable},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(make_program)
        .service(list_programs)
        .service(show_program)
        .service(change_program)
        .service(archive_program);
}

/// A program to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeProgram {
    /// What it is called; the partners who do it read it.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Confidential,
    /// What it is for; the counselors read it.
    #[schema(value_type = Option<String>, nullable = false, max_length = 10_000)]
    description: Option<Confidential>,
    /// The exercises in order.
    #[validate(length(min = 1, max = 30), nested)]
    #[schema(min_items = 1, max_items = 30)]
    steps: Vec<StepRequest>,
}

impl MakeProgram {
    fn draft(self) -> Result<ProgramDraft, Problem> {
        Ok(ProgramDraft { name: self.name, description: self.description, steps: steps(self.steps)? })
    }
}

/// What of a program is to be different. Runs that are under way keep what they started from.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeProgram {
    /// What it is called; the partners who do it read it.
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 200)]
    name: Option<Confidential>,
    /// What it is for; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    description: Option<Option<Confidential>>,
    /// The exercises in order; replaces all of them.
    #[validate(length(min = 1, max = 30), nested)]
    #[schema(nullable = false, min_items = 1, max_items = 30)]
    steps: Option<Vec<StepRequest>>,
}

impl ChangeProgram {
    fn change(self) -> Result<ProgramChange, Problem> {
        let steps = self.steps.map(steps).transpose()?;
        Ok(ProgramChange { name: self.name, description: self.description, steps })
    }
}

/// A program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Program)]
struct ProgramView {
    /// Its id. That of the program that comes with Tenfold is `7e4f01d0-0000-8000-8000-000000000010` in every practice.
    id: ProgramId,
    /// Whether it comes with Tenfold: it is the same in every practice, and can't be changed or archived.
    shipped: bool,
    /// What it is called.
    #[schema(max_length = 200)]
    name: String,
    /// What it is for.
    #[schema(required = true, max_length = 10_000)]
    description: Option<String>,
    /// The exercises in order, as they go out today.
    #[schema(max_items = 30)]
    steps: Vec<StepView>,
    /// Since when it can't be started any more; null while it can.
    #[schema(required = true)]
    archived_at: Option<DateTime<Utc>>,
    /// When it was made; null for the one that comes with Tenfold.
    #[schema(required = true)]
    created_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1; a new version of one of the practice's own exercises is none.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl ProgramView {
    /// `own` are the versions in force of the practice's own exercises that it names.
    fn of(program: Program, own: &[OwnExerciseVersion]) -> Self {
        let shipped = program.is_shipped();
        let step = |step: Step| {
            let own = step.own_in_force(own);
            StepView::of(step, own)
        };
        Self {
            id: program.id,
            shipped,
            name: program.name.into_exposed(),
            description: program.description.map(Confidential::into_exposed),
            steps: program.steps.into_iter().map(step).collect(),
            archived_at: program.archived_at,
            created_at: (!shipped).then_some(program.created_at),
            version: program.version,
        }
    }
}

impl Resource for ProgramView {
    fn path(&self) -> String {
        format!("/v1/programs/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }

    /// Its steps are shown as the exercises are now, and a new version of one is no change of the program.
    fn counts_all_that_is_seen(&self) -> bool {
        false
    }
}

/// The versions in force of the practice's own exercises that programs name.
pub(super) fn own_in_force<'p>(
    view: &mut View<'_>,
    programs: impl IntoIterator<Item = &'p Program>,
) -> Result<Vec<OwnExerciseVersion>, Problem> {
    let named: Vec<_> = programs.into_iter().flat_map(Program::own_exercises).collect();
    Ok(own_exercises::find_all(view, &named)?.into_iter().map(|own| own.latest).collect())
}

fn shown(view: &mut View<'_>, program: Program) -> Result<ProgramView, Problem> {
    let own = own_in_force(view, [&program])?;
    Ok(ProgramView::of(program, &own))
}

/// Make a program
#[utoipa::path(tag = "programs", security(("bearer" = [])), params(IdempotencyKey), request_body = MakeProgram,
    responses((status = 201, description = "The program", body = ProgramView)))]
#[post("/v1/programs")]
async fn make_program(app: Data<App>, caller: Asker, new: New<MakeProgram>) -> Result<Created<ProgramView>, Problem> {
    app.create(&caller, Action::MakePrograms, new, move |tx, wanted| {
        let draft = wanted.draft()?;
        let own = own_of(tx, &draft.steps)?;
        let program = Program::new(tx.new_id(), draft, &own, tx.now())?;
        programs::insert(tx, &program)?;
        tx.record(Event::new("program.made", program.id));
        shown(tx, program)
    })
    .await
}

/// Which programs are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProgramFilter {
    /// Those that are archived, instead of those in use.
    #[serde(default)]
    #[param(default = false, required = false)]
    archived: bool,
}

/// List the programs
///
/// The one that comes with Tenfold is the first of those in use.
#[utoipa::path(tag = "programs", security(("bearer" = [])), params(PageParameters, ProgramFilter),
    responses((status = 200, description = "Programs, in the order in which they were made", body = Paged<ProgramView>)))]
#[get("/v1/programs")]
async fn list_programs(
    app: Data<App>,
    caller: Asker,
    list: Listing<ProgramFilter>,
) -> Result<Paged<ProgramView>, Problem> {
    app.read(&caller, Action::ReadPrograms, move |view| {
        let found = programs::list(view, list.filter.archived, list.page)?;
        let own = own_in_force(view, &found.items)?;
        Ok(Paged::of(found, |program| (program.created_at, program.id.0), |program| ProgramView::of(program, &own)))
    })
    .await
}

/// Show a program
#[utoipa::path(tag = "programs", security(("bearer" = [])),
    params(("program_id" = ProgramId, Path, description = "The program")),
    responses((status = 200, description = "The program", body = ProgramView)))]
#[get("/v1/programs/{program_id}")]
async fn show_program(app: Data<App>, caller: Asker, id: Path<ProgramId>) -> Result<Found<ProgramView>, Problem> {
    app.read(&caller, Action::ReadPrograms, move |view| {
        let program = programs::find(view, *id)?;
        shown(view, program)
    })
    .await
    .map(Found)
}

/// Change a program
#[utoipa::path(tag = "programs", security(("bearer" = [])),
    params(("program_id" = ProgramId, Path, description = "The program"), IfMatch), request_body = ChangeProgram,
    responses((status = 200, description = "The program as it is now", body = ProgramView)))]
#[patch("/v1/programs/{program_id}")]
async fn change_program(
    app: Data<App>,
    caller: Asker,
    id: Path<ProgramId>,
    expected: IfMatch,
    patch: Patch<ChangeProgram>,
) -> Result<Found<ProgramView>, Problem> {
    app.write(&caller, Action::MakePrograms, move |tx| {
        let mut program = programs::find(tx, *id)?;
        expected.check(program.version)?;
        let change = patch.into_inner().change()?;
        let own = own_of(tx, change.steps.as_deref().unwrap_or_default())?;
        program.change(change, &own)?;
        keep(tx, program, "program.changed")
    })
    .await
    .map(Found)
}

/// Whether it is put away, so that nothing new is begun with it. What was begun goes on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArchiveProgram {
    /// True puts it away, false brings it back.
    archived: bool,
}

/// Archive a program, or bring it back
///
/// What is archived can't be started any more. Runs that are under way go on.
#[utoipa::path(tag = "programs", security(("bearer" = [])),
    params(("program_id" = ProgramId, Path, description = "The program"), IfMatch), request_body = ArchiveProgram,
    responses((status = 200, description = "The program as it is now", body = ProgramView)))]
#[put("/v1/programs/{program_id}/archival")]
async fn archive_program(
    app: Data<App>,
    caller: Asker,
    id: Path<ProgramId>,
    expected: IfMatch,
    body: Body<ArchiveProgram>,
) -> Result<Found<ProgramView>, Problem> {
    app.write(&caller, Action::MakePrograms, move |tx| {
        let mut program = programs::find(tx, *id)?;
        expected.check(program.version)?;
        if !program.archive(body.archived, tx.now())? {
            return shown(tx, program);
        }
        keep(tx, program, if body.archived { "program.archived" } else { "program.brought_back" })
    })
    .await
    .map(Found)
}

fn keep(tx: &mut Tx<'_>, program: Program, action: &'static str) -> Result<ProgramView, Problem> {
    programs::update(tx, &program)?;
    tx.record(Event::new(action, program.id));
    shown(tx, program)
}

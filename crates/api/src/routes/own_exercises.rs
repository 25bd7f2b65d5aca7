//! A practice's own exercises: worded and given a form by the practice, in versions that never change.

mod named;
mod request;
mod view;

use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use domain::{access::Action, ids::OwnExerciseId, own_exercise::OwnExercise};
use serde::Deserialize;
use store::{Tx, audit::Event, own_exercises};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

pub(super) use self::named::{check_named, find_named};
pub(crate) use self::request::DefineOwnExercise;
use self::view::{OwnExerciseView, SummaryView, VersionView};
use crate::{
    answer::{Created, Found},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged},
    pen,
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(define_own_exercise)
        .service(list_own_exercises)
        .service(show_own_exercise)
        .service(revise_own_exercise)
        .service(show_own_exercise_version)
        .service(archive_own_exercise);
}

/// Define an exercise of the practice's own
///
/// Its form is a JSON Schema (2020-12) of a strict subset: an object whose properties are texts, choices, scales from 0 to 10,
/// dates or lists. Their order is the order of the form. A scale can be marked as an outcome measure, which progress follows.
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])), params(IdempotencyKey), request_body = DefineOwnExercise,
    responses((status = 201, description = "The exercise, in its first version", body = OwnExerciseView)))]
#[post("/v1/own-exercises")]
async fn define_own_exercise(
    app: Data<App>,
    caller: Asker,
    new: New<DefineOwnExercise>,
) -> Result<Created<OwnExerciseView>, Problem> {
    app.create(&caller, Action::ManageOwnExercises, new, |tx, wanted| Ok(define(tx, wanted)?.into())).await
}

/// Defines an exercise, in its first version.
pub(crate) fn define(tx: &mut Tx<'_>, wanted: DefineOwnExercise) -> Result<OwnExercise, Problem> {
    let exercise = OwnExercise::new(tx.new_id(), wanted.definition()?, pen::staff(tx)?, tx.now())?;
    own_exercises::insert(tx, &exercise)?;
    tx.record(Event::new("own_exercise.defined", exercise.id));
    Ok(exercise)
}

/// List the practice's own exercises
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])), params(PageParameters),
    responses((status = 200, description = "The exercises, archived ones included, in the order in which they were defined",
        body = Paged<SummaryView>)))]
#[get("/v1/own-exercises")]
async fn list_own_exercises(app: Data<App>, caller: Asker, list: Listing) -> Result<Paged<SummaryView>, Problem> {
    app.read(&caller, Action::ReadOwnExercises, move |view| {
        let slice = own_exercises::list(view, list.page)?;
        Ok(Paged::of(slice, |exercise: &OwnExercise| (exercise.created_at, exercise.id.0), SummaryView::from))
    })
    .await
}

/// Show an exercise of the practice's own, in its latest version
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])),
    params(("own_exercise_id" = OwnExerciseId, Path, description = "The exercise")),
    responses((status = 200, description = "The exercise", body = OwnExerciseView)))]
#[get("/v1/own-exercises/{own_exercise_id}")]
async fn show_own_exercise(
    app: Data<App>,
    caller: Asker,
    id: Path<OwnExerciseId>,
) -> Result<Found<OwnExerciseView>, Problem> {
    app.read(&caller, Action::ReadOwnExercises, move |view| Ok(own_exercises::find(view, *id)?.into())).await.map(Found)
}

/// Define an exercise of the practice's own anew
///
/// All of it is said again, and becomes the next version. What was assigned goes on in the version it was given in: its entries
/// stay as they are, and are corrected by that version's form.
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])),
    params(("own_exercise_id" = OwnExerciseId, Path, description = "The exercise"), IfMatch),
    request_body = DefineOwnExercise,
    responses((status = 200, description = "The exercise, in its new version", body = OwnExerciseView)))]
#[put("/v1/own-exercises/{own_exercise_id}")]
async fn revise_own_exercise(
    app: Data<App>,
    caller: Asker,
    id: Path<OwnExerciseId>,
    expected: IfMatch,
    body: Body<DefineOwnExercise>,
) -> Result<Found<OwnExerciseView>, Problem> {
    app.write(&caller, Action::ManageOwnExercises, move |tx| {
        let mut exercise = expected_exercise(tx, *id, &expected)?;
        exercise.revise(body.into_inner().definition()?, pen::staff(tx)?, tx.now())?;
        own_exercises::revise(tx, &exercise)?;
        tx.record(Event::new("own_exercise.revised", exercise.id));
        Ok(exercise.into())
    })
    .await
    .map(Found)
}

fn expected_exercise(tx: &mut Tx<'_>, id: OwnExerciseId, expected: &IfMatch) -> Result<OwnExercise, Problem> {
    let exercise = own_exercises::find(tx, id)?;
    expected.check(exercise.version)?;
    Ok(exercise)
}

/// Show a version of an exercise of the practice's own
///
/// It never changes. Partners read the versions that were assigned to them, to draw the form from.
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])),
    params(
        ("own_exercise_id" = OwnExerciseId, Path, description = "The exercise"),
        ("number" = u16, Path, description = "The number of the version, from 1", minimum = 1, maximum = 10_000),
    ),
    responses((status = 200, description = "The version", body = VersionView)))]
#[get("/v1/own-exercises/{own_exercise_id}/versions/{number}")]
async fn show_own_exercise_version(
    app: Data<App>,
    caller: Asker,
    place: Path<(OwnExerciseId, u16)>,
) -> Result<Found<VersionView>, Problem> {
    app.read(&caller, Action::ReadOwnExerciseVersions, move |view| {
        let (id, number) = *place;
        Ok(own_exercises::find_version(view, id, number)?.into())
    })
    .await
    .map(Found)
}

/// Whether it is put away, so that nothing new is begun with it. What was begun goes on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArchiveOwnExercise {
    /// True puts it away, false brings it back.
    archived: bool,
}

/// Archive an exercise of the practice's own, or bring it back
///
/// What is archived is assigned to nobody any more. What was assigned goes on.
#[utoipa::path(tag = "own-exercises", security(("bearer" = [])),
    params(("own_exercise_id" = OwnExerciseId, Path, description = "The exercise"), IfMatch),
    request_body = ArchiveOwnExercise,
    responses((status = 200, description = "The exercise as it is now", body = OwnExerciseView)))]
#[put("/v1/own-exercises/{own_exercise_id}/archival")]
async fn archive_own_exercise(
    app: Data<App>,
    caller: Asker,
    id: Path<OwnExerciseId>,
    expected: IfMatch,
    body: Body<ArchiveOwnExercise>,
) -> Result<Found<OwnExerciseView>, Problem> {
    app.write(&caller, Action::ManageOwnExercises, move |tx| {
        let mut exercise = expected_exercise(tx, *id, &expected)?;
        if exercise.archive(body.archived, tx.now()) {
            own_exercises::update(tx, &exercise)?;
            let action = if body.archived { "own_exercise.archived" } else { "own_exercise.brought_back" };
            tx.record(Event::new(action, exercise.id));
        }
        Ok(exercise.into())
    })
    .await
    .map(Found)
}

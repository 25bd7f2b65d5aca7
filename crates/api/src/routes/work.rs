//! Where a couple stands with an exercise: their entries, laid side by side.

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    exercises::{Slug, Work, work},
    ids::CoupleId,
    progress::Interval,
};
use serde::Deserialize;
use store::{audit::Event, couples};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Query, look_back},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_exercise_work);
}

/// Of which days.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The first day, in the couple's time zone; if absent, the Monday that makes twelve weeks with the last one. What lasts, such as a
    /// question or an agreement, is there from before.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// The last day, at most three years after the first; today if absent or later than that.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
}

/// Show where a couple stands with an exercise
///
/// What belongs together is put together: questions with their answers, drafts with their coaching, agreements with their end. It is
/// made of what you may read, and of nothing else.
#[utoipa::path(tag = "progress", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), ("slug" = Slug, Path, description = "The exercise"), Wanted),
    responses((status = 200, description = "Where they stand", body = Work)))]
#[get("/v1/couples/{couple_id}/exercises/{slug}")]
async fn show_exercise_work(
    app: Data<App>,
    caller: Asker,
    path: Path<(CoupleId, String)>,
    wanted: Query<Wanted>,
) -> Result<Json<Work>, Problem> {
    let (couple_id, slug) = path.into_inner();
    let exercise: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let couple = couples::find(tx, couple_id)?;
        let span = look_back(wanted.0.from, wanted.0.until, Interval::Week, couple.today(tx.now()))?;
        let gathered = store::work::gather(tx, &couple, exercise, (span.from, span.until))?;
        tx.record(Event::new("exercise.read", couple.id).of_couple(couple.id));
        work(exercise, gathered.input(&couple)).map(Json).ok_or_else(Problem::not_found)
    })
    .await
}

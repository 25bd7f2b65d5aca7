//! One figure of a couple's progress as a picture.

use actix_web::{
    HttpResponse, get,
    http::header::CONTENT_SECURITY_POLICY,
    web::{Data, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    exercises::{Aspect, Measure, Slug},
    ids::{CoupleId, PartnerId},
    progress::Interval,
};
use reporting::{Figure, progress_chart};
use serde::Deserialize;
use store::couples;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{Scope, Wanted};
use crate::{
    app::App,
    extract::{Asker, Query},
    names,
    problem::Problem,
};

/// Which kept-rate of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ChartRate)]
#[serde(rename_all = "snake_case")]
enum Rate {
    /// As the makers say.
    Claimed,
    /// As the other confirms.
    Confirmed,
}

/// What chart is asked for: a measure or a rate, and of it what progress is asked for.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedChart {
    /// `shared`: about both partners, made of what both may see. `separate`: about one partner. `side_by_side`: each partner's own; not
    /// for partners.
    #[param(inline)]
    view: Scope,
    /// An outcome measure; or else a `rate`.
    #[param(nullable = false, required = false)]
    measure: Option<Measure>,
    /// How promises were kept; or else a `measure`.
    #[param(inline, nullable = false, required = false)]
    rate: Option<Rate>,
    /// The exercise of the measure; needed where more than one has it.
    #[param(nullable = false, required = false)]
    exercise: Option<Slug>,
    /// The partner that a separate view is about; needed from staff. Partners see their own.
    #[param(nullable = false, required = false)]
    partner_id: Option<PartnerId>,
    /// How long each point is; a week if absent.
    #[param(nullable = false, required = false)]
    interval: Option<Interval>,
    /// The first day, in the couple's time zone; if absent, the one that makes twelve intervals with the last one.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// The last day, at most three years after the first; today if absent or later than that.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
}

impl WantedChart {
    fn figure(self) -> Result<Figure, Problem> {
        match (self.measure, self.rate) {
            (Some(measure), None) => Ok(Figure::Outcome(self.exercise_of(measure)?, measure)),
            (None, Some(Rate::Claimed)) => Ok(Figure::ClaimedRate),
            (None, Some(Rate::Confirmed)) => Ok(Figure::ConfirmedRate),
            (None, None) => Err(Problem::parameter(
                "measure",
                "required",
                "names an outcome measure, unless rate names a kept-rate",
            )),
            (Some(_), Some(_)) => {
                Err(Problem::parameter("rate", "inconsistent", "goes without measure: a chart shows one of the two"))
            }
        }
    }

    fn exercise_of(self, measure: Measure) -> Result<Slug, Problem> {
        if measure.aspect() != Aspect::Outcome {
            return Err(Problem::parameter("measure", "unknown", "is an outcome measure: activity is told as sums"));
        }
        let mut having = Slug::ALL.iter().copied().filter(|slug| slug.measures().contains(&measure));
        match (self.exercise, having.next(), having.next()) {
            (Some(exercise), ..) if exercise.measures().contains(&measure) => Ok(exercise),
            (None, Some(only), None) => Ok(only),
            _ => Err(Problem::parameter("exercise", "required", "names an exercise that has this measure")),
        }
    }

    fn progress(self, figure: Figure) -> Wanted {
        let Self { view, partner_id, interval, from, until, .. } = self;
        let exercise = match figure {
            Figure::Outcome(exercise, _) => exercise,
            Figure::ClaimedRate | Figure::ConfirmedRate => Slug::Consistency,
        };
        Wanted { view, partner_id, exercise: Some(exercise), interval, from, until }
    }
}

/// The picture.
#[derive(ToSchema)]
#[schema(value_type = String)]
#[expect(dead_code, reason = "describes the text that is answered")]
struct Svg(String);

/// Show a figure of a couple's progress as a chart
///
/// An SVG with a title, a description and the same numbers as a table for screen readers; dark where the screen is. A line for each
/// person, interrupted where nothing was said. It shows what `showProgress` tells the same caller, and nothing else.
#[utoipa::path(tag = "progress", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), WantedChart),
    responses((status = 200, description = "The chart", body = inline(Svg), content_type = "image/svg+xml")))]
#[get("/v1/couples/{couple_id}/progress/chart.svg")]
pub(super) async fn show_progress_chart(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Query<WantedChart>,
) -> Result<HttpResponse, Problem> {
    let figure = wanted.0.figure()?;
    let svg = app.read_audited(&caller, Action::ReadProgress, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (span, told) = wanted.0.progress(figure).told(tx, &couple)?;
        Ok(progress_chart(figure, &span, &told, &names::of_partners(tx, &couple)?).svg())
    });
    // The picture brings its own style, and nothing else.
    let policy = (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header(policy).body(svg.await?))
}

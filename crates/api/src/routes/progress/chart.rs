//! One figure of a couple's progress as a picture.

use actix_web::{
    HttpResponse, get,
    http::header::CONTENT_SECURITY_POLICY,
    web::{Data, Path},
};
use domain::{
    access::Action,
    exercises::{Aspect, Measure, Slug},
    ids::CoupleId,
    progress::Span,
};
use reporting::{Figure, Form, MOST_BARS, progress_chart};
use serde::Deserialize;
use store::couples;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::Wanted;
use crate::{
    app::App,
    extract::{Asker, Queries},
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

/// Which figure a chart is of.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedFigure {
    /// A measure of activity, shown as bars, or of outcome, as lines; where more than one exercise has it, `exercise` says of which. Or
    /// else a `rate`.
    #[param(nullable = false, required = false)]
    measure: Option<Measure>,
    /// How promises were kept; or else a `measure`.
    #[param(inline, nullable = false, required = false)]
    rate: Option<Rate>,
}

impl WantedFigure {
    fn of(self, exercise: Option<Slug>) -> Result<Figure, Problem> {
        match (self.measure, self.rate) {
            (Some(measure), None) => Ok(Figure::Measured(exercise_of(measure, exercise)?, measure)),
            (None, Some(Rate::Claimed)) => Ok(Figure::ClaimedRate),
            (None, Some(Rate::Confirmed)) => Ok(Figure::ConfirmedRate),
            (None, None) => {
                let words = "names a measure, unless rate names a kept-rate";
                Err(Problem::parameter("measure", "required", words))
            }
            (Some(_), Some(_)) => {
                let words = "goes without measure: a chart shows one of the two";
                Err(Problem::parameter("rate", "inconsistent", words))
            }
        }
    }
}

fn exercise_of(measure: Measure, wanted: Option<Slug>) -> Result<Slug, Problem> {
    if measure.aspect() == Aspect::Activity && !measure.adds_up() {
        let words = "must be one that adds up or is averaged; progress tells this one by itself, in apology_parts";
        return Err(Problem::parameter("measure", "unknown", words));
    }
    let mut having = Slug::ALL.iter().copied().filter(|slug| slug.measures().contains(&measure));
    match (wanted, having.next(), having.next()) {
        (Some(exercise), ..) if exercise.measures().contains(&measure) => Ok(exercise),
        (None, Some(only), None) => Ok(only),
        _ => Err(Problem::parameter("exercise", "required", "names an exercise that has this measure")),
    }
}

/// The exercise whose progress tells of a figure.
const fn told_with(figure: Figure) -> Slug {
    match figure {
        Figure::Measured(exercise, _) => exercise,
        Figure::ClaimedRate | Figure::ConfirmedRate => Slug::Consistency,
    }
}

/// Refuses more bars than can be told apart.
fn check_room(figure: Figure, span: &Span) -> Result<(), Problem> {
    if figure.form() == Form::Bars && span.stretches().len() > MOST_BARS {
        let words = "leaves no room for so many bars, at most 53: ask for a shorter range, or by month";
        return Err(Problem::parameter("interval", "range", words));
    }
    Ok(())
}

/// The picture.
#[derive(ToSchema)]
#[schema(value_type = String)]
#[expect(dead_code, reason = "describes the text that is answered")]
struct Svg(String);

/// Show a figure of a couple's progress as a chart
///
/// An SVG with a title, a description and the same numbers as a table for screen readers; dark where the screen is. What was said is a
/// line for each person, by first names where those tell them apart; thin dots cross the intervals in which nothing was said. What was
/// done is a bar for each person and interval, up to 53 intervals; a stroke under the line is 0, and where there is neither, no
/// exercise was open and nothing was done. It shows what `showProgress` tells the same caller, and nothing else; where that is nothing, the picture says so.
#[utoipa::path(tag = "progress", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), WantedFigure, Wanted),
    responses((status = 200, description = "The chart", body = inline(Svg), content_type = "image/svg+xml")))]
#[get("/v1/couples/{couple_id}/progress/chart.svg")]
pub(super) async fn show_progress_chart(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Queries<WantedFigure, Wanted>,
) -> Result<HttpResponse, Problem> {
    let Queries(figure, wanted) = wanted;
    let figure = figure.of(wanted.exercise)?;
    let wanted = Wanted { exercise: Some(told_with(figure)), ..wanted };
    let svg = app.read_audited(&caller, Action::ReadProgress, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (span, told) = wanted.told(tx, &couple)?;
        check_room(figure, &span)?;
        Ok(progress_chart(figure, &span, &told, &names::of_partners(tx, &couple)?).svg())
    });
    // The picture brings its own style, and nothing else.
    let policy = (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header(policy).body(svg.await?))
}

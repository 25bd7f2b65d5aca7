//! What the partners say, interval by interval, as it is shown.

use chrono::NaiveDate;
use domain::{
    exercises::{Direction, Measure, Unit},
    own_exercise::OwnMeasure,
    progress::{AnyMeasure, Point, Series, TREND_MINIMUM, Trend},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::AuthorView;

/// What one author says about one thing, interval by interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSeries)]
pub(super) struct SeriesView {
    /// What; null where it is a scale of the practice's own.
    #[schema(required = true)]
    measure: Option<Measure>,
    /// The scale of the practice's own; null where it is one of Tenfold's measures.
    #[schema(required = true)]
    own_measure: Option<OwnMeasureView>,
    /// What it is counted in.
    unit: Unit,
    /// Which way is better.
    direction: Direction,
    /// Whose.
    author: AuthorView,
    /// The mean of all that was said in the range; of a share, the share of yes.
    mean: f64,
    /// Of how many readings.
    #[schema(value_type = i32, minimum = 1)]
    n: u32,
    /// A point for each interval of the range, in order.
    #[schema(max_items = 200)]
    points: Vec<PointView>,
    /// Where it goes.
    trend: TrendView,
}

/// One interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressPoint)]
struct PointView {
    /// The first day of the interval: a Monday, or the first of a month. The first one may lie before the range.
    starts_on: NaiveDate,
    /// The mean of the interval; null if nothing was said.
    #[schema(required = true)]
    mean: Option<f64>,
    /// Of how many readings.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
}

/// Where a series goes: a straight line through the intervals with a value, by least squares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressTrend)]
struct TrendView {
    /// The change from one interval to the next, in the measure's unit; null, and so withheld, if too few intervals have a value.
    #[schema(required = true)]
    per_interval: Option<f64>,
    /// How many intervals have a value.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
    /// How many are needed.
    #[schema(value_type = i32, minimum = 1)]
    minimum: u32,
}

/// A scale that the practice marked as a measure in a form of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnMeasure)]
pub(super) struct OwnMeasureView {
    /// The field of the form.
    #[schema(max_length = 40)]
    field: String,
    /// The question.
    #[schema(max_length = 200)]
    title: String,
    /// Where the question comes from, as the practice says.
    #[schema(max_length = 500)]
    source: String,
}

/// One of Tenfold's measures, or one of the practice's own.
pub(super) fn named(measure: AnyMeasure) -> (Option<Measure>, Option<OwnMeasureView>) {
    match measure {
        AnyMeasure::Known(measure) => (Some(measure), None),
        AnyMeasure::Own(OwnMeasure { field, title, source, .. }) => {
            let (field, title, source) = (field.as_str().to_owned(), title.into(), source.into());
            (None, Some(OwnMeasureView { field, title, source }))
        }
    }
}

impl From<Series> for SeriesView {
    fn from(Series { measure, author, mean, n, points, trend }: Series) -> Self {
        let (unit, direction) = (measure.unit(), measure.direction());
        let (measure, own_measure) = named(measure);
        Self {
            measure,
            own_measure,
            unit,
            direction,
            author: author.into(),
            mean,
            n,
            points: points.into_iter().map(Into::into).collect(),
            trend: trend.into(),
        }
    }
}

impl From<Point> for PointView {
    fn from(Point { starts_on, mean, n }: Point) -> Self {
        Self { starts_on, mean, n }
    }
}

impl From<Trend> for TrendView {
    fn from(trend: Trend) -> Self {
        let (per_interval, n) = match trend {
            Trend::Withheld { n } => (None, n),
            Trend::Given { n, per_interval } => (Some(per_interval), n),
        };
        Self { per_interval, n, minimum: TREND_MINIMUM }
    }
}

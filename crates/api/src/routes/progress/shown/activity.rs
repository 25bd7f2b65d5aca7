//! What was done, as it is shown: added up over the range and interval by interval.

use chrono::NaiveDate;
use domain::{
    exercises::{Measure, Unit},
    progress::{ApologyParts, SumPoint, Total},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::AuthorView;

/// Something that was done, added up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressTotal)]
pub(super) struct TotalView {
    /// What.
    measure: Measure,
    /// What it is counted in.
    unit: Unit,
    /// Whose.
    author: AuthorView,
    /// The sum.
    sum: f64,
    /// Of how many entries.
    #[schema(value_type = i32, minimum = 1)]
    n: u32,
    /// A point for each interval of the range, in order.
    #[schema(max_items = 200)]
    points: Vec<SumPointView>,
}

/// What was done in one interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSumPoint)]
struct SumPointView {
    /// The first day of the interval: a Monday, or the first of a month. The first one may lie before the range.
    starts_on: NaiveDate,
    /// The sum of the interval. Where nothing was recorded, 0 if it would have been counted, and null if it would not: no assignment
    /// of the exercise was open for the author then, and nothing was due; or an entry need not say it.
    #[schema(required = true)]
    sum: Option<f64>,
    /// Of how many readings.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
}

/// How many of the three parts of an apology one author's drafts cover. It does not add up: each draft begins anew.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressApologyParts)]
pub(super) struct ApologyPartsView {
    /// Whose.
    author: AuthorView,
    /// The parts covered by the latest draft of the range, in the version that holds now.
    #[schema(minimum = 0, maximum = 3)]
    latest: f64,
    /// The parts covered by the draft of the range that covers most.
    #[schema(minimum = 0, maximum = 3)]
    most: f64,
}

impl From<Total> for TotalView {
    fn from(Total { measure, author, sum, n, points }: Total) -> Self {
        let points = points.into_iter().map(Into::into).collect();
        Self { measure, unit: measure.unit(), author: author.into(), sum, n, points }
    }
}

impl From<SumPoint> for SumPointView {
    fn from(SumPoint { starts_on, sum, n }: SumPoint) -> Self {
        Self { starts_on, sum, n }
    }
}

impl From<ApologyParts> for ApologyPartsView {
    fn from(ApologyParts { author, latest, most }: ApologyParts) -> Self {
        Self { author: author.into(), latest, most }
    }
}

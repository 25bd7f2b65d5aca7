//! Progress as it is shown: every number with of how many, and what is missing as null.

use chrono::NaiveDate;
use domain::{
    entry::Author,
    exercises::{Direction, Kind, Measure, Slug, Unit},
    ids::{CoupleId, PartnerId},
    progress::{
        Audience, Completion, EntryCount, ExerciseProgress, Point, Progress, PromiseProgress, Series, TREND_MINIMUM,
        Total, Trend,
    },
    promise::KeptRate,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Scope;

/// What was done and what changed, over a range of a couple's days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub(super) struct ProgressView {
    /// The couple.
    couple_id: CoupleId,
    /// About whom it is, and for whom.
    view: Scope,
    /// The partner it is about; null if it is about both.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// Exercise by exercise; only those with something to tell.
    #[schema(max_items = 100)]
    exercises: Vec<ExerciseProgressView>,
    /// How the promises of each maker were kept in the four weeks up to the last day; only makers with promises.
    #[schema(max_items = 100)]
    promises: Vec<PromiseProgressView>,
}

/// One exercise: what was done, and what changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseProgress)]
struct ExerciseProgressView {
    /// Which.
    exercise: Slug,
    /// What was done.
    activity: ActivityView,
    /// What the partners say changed: a series for each measure and author.
    #[schema(max_items = 1000)]
    outcome: Vec<SeriesView>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressActivity)]
struct ActivityView {
    /// How far each participant is.
    #[schema(max_items = 100)]
    completion: Vec<CompletionView>,
    /// How many entries of which kind each author recorded.
    #[schema(max_items = 1000)]
    entries: Vec<EntryCountView>,
    /// What the entries say was done, added up.
    #[schema(max_items = 1000)]
    totals: Vec<TotalView>,
}

/// How far a participant is with what was assigned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressCompletion)]
struct CompletionView {
    /// Who.
    partner_id: PartnerId,
    /// How many assignments were open in the range.
    #[schema(value_type = i32, minimum = 0)]
    assigned: u32,
    /// For how many of these they handed in something in the range that may be seen here.
    #[schema(value_type = i32, minimum = 0)]
    submitted: u32,
    /// How many of these they are not ready for, as of now; null in a shared view.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    not_ready: Option<u32>,
    /// How many of these they leave out, as of now; null in a shared view.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    skipped: Option<u32>,
}

/// Whose words something is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressAuthor)]
struct AuthorView {
    /// `partner`, `together` or `counselor`.
    #[schema(value_type = String, max_length = 20, example = "partner")]
    kind: &'static str,
    /// The partner, or the staff member; null for what both wrote as one.
    #[schema(required = true)]
    id: Option<Uuid>,
}

/// How many entries of a kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressEntryCount)]
struct EntryCountView {
    /// Which kind.
    kind: Kind,
    /// Whose.
    author: AuthorView,
    /// How many.
    #[schema(value_type = i32, minimum = 1)]
    count: u32,
}

/// Something that was done, added up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressTotal)]
struct TotalView {
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
}

/// What one author says about one thing, week by week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSeries)]
struct SeriesView {
    /// What.
    measure: Measure,
    /// What it is counted in.
    unit: Unit,
    /// Which way is better.
    direction: Direction,
    /// Whose.
    author: AuthorView,
    /// A point for each week of the range, in order.
    #[schema(max_items = 200)]
    points: Vec<PointView>,
    /// Where it goes.
    trend: TrendView,
}

/// One week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressPoint)]
struct PointView {
    /// The Monday of the week.
    week_of: NaiveDate,
    /// The mean of the week; null if nothing was said.
    #[schema(required = true)]
    mean: Option<f64>,
    /// Of how many entries.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
}

/// Where a series goes: a straight line through the weeks with a value, by least squares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressTrend)]
struct TrendView {
    /// The change per week, in the measure's unit; null if there are too few weeks with a value.
    #[schema(required = true)]
    per_week: Option<f64>,
    /// How many weeks have a value.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
    /// How many are needed.
    #[schema(value_type = i32, minimum = 1)]
    minimum: u32,
}

/// How the promises of one partner were kept. What the maker claims and what the other confirms are never mixed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseProgress)]
struct PromiseProgressView {
    /// Who promised.
    maker_id: PartnerId,
    /// The first day of the four weeks.
    from: NaiveDate,
    /// The last day of the four weeks.
    until: NaiveDate,
    /// How many times something was due.
    #[schema(value_type = i32, minimum = 0)]
    due: u32,
    /// Of these, how many the maker claims as kept.
    #[schema(value_type = i32, minimum = 0)]
    kept: u32,
    /// Of these, how many they claim as kept in part.
    #[schema(value_type = i32, minimum = 0)]
    partly: u32,
    /// Of these, how many they claim as missed.
    #[schema(value_type = i32, minimum = 0)]
    missed: u32,
    /// Of these, how many were renegotiated before they were due: no miss.
    #[schema(value_type = i32, minimum = 0)]
    renegotiated: u32,
    /// Of these, how many were excused: no miss.
    #[schema(value_type = i32, minimum = 0)]
    excused: u32,
    /// Of these, how many nobody has spoken of: missing, not missed.
    #[schema(value_type = i32, minimum = 0)]
    unclaimed: u32,
    /// How many claims the other disputed.
    #[schema(value_type = i32, minimum = 0)]
    disputed: u32,
    /// How many claims the other could not tell.
    #[schema(value_type = i32, minimum = 0)]
    not_noticed: u32,
    /// The share the maker says was kept; null of none.
    #[schema(required = true)]
    claimed: Option<RateView>,
    /// The share that was kept and confirmed, of those the other answered with yes or no; null of none.
    #[schema(required = true)]
    confirmed: Option<RateView>,
    /// How far the claimed share lies above the confirmed one; null unless both are there.
    #[schema(required = true)]
    gap: Option<f64>,
}

/// A share, and of how many.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptRate)]
struct RateView {
    /// The share, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    rate: f64,
    /// Of how many.
    #[schema(value_type = i32, minimum = 1)]
    n: u32,
}

impl ProgressView {
    pub(super) fn of(couple_id: CoupleId, audience: Audience, progress: Progress) -> Self {
        let (view, partner_id) = match audience {
            Audience::Both => (Scope::Shared, None),
            Audience::One { about, .. } => (Scope::Separate, Some(about)),
        };
        let Progress { from, until, exercises, promises } = progress;
        let exercises = exercises.into_iter().map(Into::into).collect();
        let promises = promises.into_iter().map(Into::into).collect();
        Self { couple_id, view, partner_id, from, until, exercises, promises }
    }
}

impl From<ExerciseProgress> for ExerciseProgressView {
    fn from(ExerciseProgress { exercise, activity, outcome }: ExerciseProgress) -> Self {
        let activity = ActivityView {
            completion: activity.completion.into_iter().map(Into::into).collect(),
            entries: activity.entries.into_iter().map(Into::into).collect(),
            totals: activity.totals.into_iter().map(Into::into).collect(),
        };
        Self { exercise, activity, outcome: outcome.into_iter().map(Into::into).collect() }
    }
}

impl From<Completion> for CompletionView {
    fn from(Completion { partner, assigned, submitted, not_ready, skipped }: Completion) -> Self {
        Self { partner_id: partner, assigned, submitted, not_ready, skipped }
    }
}

impl From<Author> for AuthorView {
    fn from(author: Author) -> Self {
        match author {
            Author::Partner(id) => Self { kind: "partner", id: Some(id.0) },
            Author::Together => Self { kind: "together", id: None },
            Author::Counselor(id) => Self { kind: "counselor", id: Some(id.0) },
        }
    }
}

impl From<EntryCount> for EntryCountView {
    fn from(EntryCount { kind, author, count }: EntryCount) -> Self {
        Self { kind, author: author.into(), count }
    }
}

impl From<Total> for TotalView {
    fn from(Total { measure, author, sum, n }: Total) -> Self {
        Self { measure, unit: measure.unit(), author: author.into(), sum, n }
    }
}

impl From<Series> for SeriesView {
    fn from(Series { measure, author, points, trend }: Series) -> Self {
        Self {
            measure,
            unit: measure.unit(),
            direction: measure.direction(),
            author: author.into(),
            points: points.into_iter().map(Into::into).collect(),
            trend: trend.into(),
        }
    }
}

impl From<Point> for PointView {
    fn from(Point { week_of, mean, n }: Point) -> Self {
        Self { week_of, mean, n }
    }
}

impl From<Trend> for TrendView {
    fn from(trend: Trend) -> Self {
        let (per_week, n) = match trend {
            Trend::Withheld { weeks } => (None, weeks),
            Trend::Given { weeks, per_week } => (Some(per_week), weeks),
        };
        Self { per_week, n, minimum: TREND_MINIMUM }
    }
}

impl From<PromiseProgress> for PromiseProgressView {
    fn from(PromiseProgress { maker, rate }: PromiseProgress) -> Self {
        let shown = |share: Option<(f64, u32)>| share.map(|(rate, n)| RateView { rate, n });
        let (claimed, confirmed, gap) = (shown(rate.claimed()), shown(rate.confirmed()), rate.gap());
        let KeptRate { from, until, due, kept, partly, missed, renegotiated, excused, unclaimed, .. } = rate;
        let KeptRate { disputed, not_noticed, .. } = rate;
        Self {
            maker_id: maker,
            from,
            until,
            due,
            kept,
            partly,
            missed,
            renegotiated,
            excused,
            unclaimed,
            disputed,
            not_noticed,
            claimed,
            confirmed,
            gap,
        }
    }
}

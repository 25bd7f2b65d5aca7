//! The ledger of promises as it is shown. What the maker claims and what the other confirms are never mixed.

use chrono::NaiveDate;
use domain::{
    ids::PartnerId,
    progress::{KeptPoint, LedgerCount, PromiseProgress, Run},
    promise::KeptRate,
};
use serde::Serialize;
use utoipa::ToSchema;

/// How the promises of one partner were kept. What the maker claims and what the other confirms are never mixed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseProgress)]
pub(super) struct PromiseProgressView {
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
    /// How much more is claimed as kept than the other confirms, over the times both spoke of; null of none.
    #[schema(required = true)]
    gap: Option<KeptGapView>,
    /// The same four weeks at the end of each interval of the range, in order.
    #[schema(max_items = 200)]
    series: Vec<KeptPointView>,
    /// What is counted over the whole range.
    in_range: LedgerCountView,
}

/// The kept-rates of the four weeks up to the end of an interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptPoint)]
struct KeptPointView {
    /// The first day of the interval.
    starts_on: NaiveDate,
    /// Its last day within the range, which is the last of the four weeks.
    until: NaiveDate,
    /// How many times something was due in the four weeks.
    #[schema(value_type = i32, minimum = 0)]
    due: u32,
    /// The share the maker says was kept; null of none.
    #[schema(required = true)]
    claimed: Option<RateView>,
    /// The share that was kept and confirmed, of those the other answered with yes or no; null of none.
    #[schema(required = true)]
    confirmed: Option<RateView>,
    /// How much more is claimed as kept than the other confirms, over the times both spoke of; null of none.
    #[schema(required = true)]
    gap: Option<KeptGapView>,
}

/// What is counted over the whole range.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerCount)]
struct LedgerCountView {
    /// How many times something was due.
    #[schema(value_type = i32, minimum = 0)]
    due: u32,
    /// Of these, how many the maker claims as missed.
    #[schema(value_type = i32, minimum = 0)]
    missed: u32,
    /// Of these, how many were renegotiated before they were due.
    #[schema(value_type = i32, minimum = 0)]
    renegotiated: u32,
    /// Of these, how many are past and not spoken of by the maker: silence, which is not counted as a miss.
    #[schema(value_type = i32, minimum = 0)]
    silent: u32,
    /// How often the other thanked the maker for an effort, as far as it may be seen here.
    #[schema(value_type = i32, minimum = 0)]
    appreciations: u32,
    /// How many thanks there are for each time claimed as missed; null without a miss.
    #[schema(required = true, minimum = 0)]
    appreciations_per_miss: Option<f64>,
    /// Due times in a row that the maker claims as kept.
    claimed_run: RunView,
    /// Due times in a row that the maker claims as kept and the other confirms.
    confirmed_run: RunView,
}

/// How many due times in a row were kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
struct RunView {
    /// The run that reaches to the end of the range; null if it is not known, because nobody spoke of the last due time, or if there is
    /// nothing to count.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    current: Option<u32>,
    /// The longest of the range; null if there is nothing to count.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    longest: Option<u32>,
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

/// How much more is claimed as kept than confirmed, over the times both spoke of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptGap)]
struct KeptGapView {
    /// The share claimed as kept minus the share kept and confirmed, of the same times.
    #[schema(minimum = 0, maximum = 1)]
    gap: f64,
    /// Of how many.
    #[schema(value_type = i32, minimum = 1)]
    n: u32,
}

impl From<PromiseProgress> for PromiseProgressView {
    fn from(progress: PromiseProgress) -> Self {
        let (in_range, PromiseProgress { maker, rate, series, .. }) = ((&progress).into(), progress);
        let (claimed, confirmed) = (RateView::of(rate.claimed()), RateView::of(rate.confirmed()));
        let gap = KeptGapView::of(rate.gap());
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
            series: series.into_iter().map(Into::into).collect(),
            in_range,
        }
    }
}

impl RateView {
    fn of(share: Option<(f64, u32)>) -> Option<Self> {
        share.map(|(rate, n)| Self { rate, n })
    }
}

impl KeptGapView {
    fn of(gap: Option<(f64, u32)>) -> Option<Self> {
        gap.map(|(gap, n)| Self { gap, n })
    }
}

impl From<KeptPoint> for KeptPointView {
    fn from(KeptPoint { starts_on, rate }: KeptPoint) -> Self {
        let (claimed, confirmed) = (RateView::of(rate.claimed()), RateView::of(rate.confirmed()));
        Self { starts_on, until: rate.until, due: rate.due, claimed, confirmed, gap: KeptGapView::of(rate.gap()) }
    }
}

impl From<&PromiseProgress> for LedgerCountView {
    fn from(progress: &PromiseProgress) -> Self {
        let appreciations_per_miss = progress.count.appreciations_per_miss();
        let LedgerCount { rate: KeptRate { due, missed, renegotiated, .. }, silent, appreciations } = progress.count;
        let (claimed_run, confirmed_run) = (progress.claimed_run.into(), progress.confirmed_run.into());
        Self { due, missed, renegotiated, silent, appreciations, appreciations_per_miss, claimed_run, confirmed_run }
    }
}

impl From<Run> for RunView {
    fn from(Run { current, longest }: Run) -> Self {
        Self { current, longest }
    }
}

//! What lies between the two, as it is shown: each side beside the other, with of how many.

use domain::{
    exercises::{Measure, Slug, Unit},
    ids::{OwnExerciseId, PartnerId},
    progress::{AccountsGap, Balance, Gap, Noticed, Pairs, Side, WhichExercise},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::series::{OwnMeasureView, named};

/// What lies between the two partners, over the range.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressPairs)]
pub(super) struct PairsView {
    /// How far apart they are in what they say; only where both have said something.
    #[schema(max_items = 1000)]
    gaps: Vec<GapView>,
    /// How far the two accounts of what happened are apart, as whoever compared them sees it; null if neither has.
    #[schema(required = true)]
    accounts: Option<AccountsGapView>,
    /// How evenly is spread what both do, each for the other; only where at least one did something.
    #[schema(max_items = 1000)]
    balances: Vec<BalanceView>,
    /// What of the acts of commitment of each the other noticed; only of who recorded acts.
    #[schema(max_items = 2)]
    noticed: Vec<NoticedView>,
}

/// One side of a pair.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSide)]
struct SideView {
    /// Whose.
    partner_id: PartnerId,
    /// The mean of what they say, or the sum of what they did.
    value: f64,
    /// Of how many readings.
    #[schema(value_type = i32, minimum = 0)]
    n: u32,
}

/// How far apart the two are in what they say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressGap)]
struct GapView {
    /// In which exercise.
    exercise: Slug,
    /// Which of the practice's own, where `exercise` is `own`; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// In what; null where it is a scale of the practice's own.
    #[schema(required = true)]
    measure: Option<Measure>,
    /// The scale of the practice's own; null where it is one of Tenfold's measures.
    #[schema(required = true)]
    own_measure: Option<OwnMeasureView>,
    /// What it is counted in.
    unit: Unit,
    /// The mean of each, in the order of the couple's partners.
    #[schema(min_items = 2, max_items = 2)]
    sides: Vec<SideView>,
    /// How far the first mean lies above the second; negative if below.
    difference: f64,
}

/// How far the two accounts of what happened are apart, as whoever compared them sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressAccountsGap)]
struct AccountsGapView {
    /// 10 minus the mean agreement: 0 if they agree completely, 10 if not at all.
    #[schema(minimum = 0, maximum = 10)]
    gap: f64,
    /// Of how many comparisons.
    #[schema(value_type = i32, minimum = 1)]
    n: u32,
}

/// How evenly is spread what both do, each for the other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressBalance)]
struct BalanceView {
    /// In which exercise.
    exercise: Slug,
    /// Of what.
    measure: Measure,
    /// What it is counted in.
    unit: Unit,
    /// The sum of each, in the order of the couple's partners.
    #[schema(min_items = 2, max_items = 2)]
    sides: Vec<SideView>,
    /// The smaller sum divided by the larger: 1 if both did as much, 0 if one did all; null if both sums are 0.
    #[schema(required = true, minimum = 0, maximum = 1)]
    evenness: Option<f64>,
}

/// What of one partner's acts of commitment the other noticed by themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressNoticed)]
struct NoticedView {
    /// Who gave.
    giver_id: PartnerId,
    /// How many acts they recorded.
    #[schema(value_type = i32, minimum = 1)]
    acts: u32,
    /// Of these, how many the other noted as noticed without being told.
    #[schema(value_type = i32, minimum = 0)]
    noticed: u32,
    /// Of all, how many the other said nothing about that may be seen here: neither noticed nor missed.
    #[schema(value_type = i32, minimum = 0)]
    unspoken: u32,
    /// The share that was noticed of the acts that the other spoke of; null of none.
    #[schema(required = true, minimum = 0, maximum = 1)]
    share: Option<f64>,
}

impl From<Pairs> for PairsView {
    fn from(Pairs { gaps, accounts, balances, noticed }: Pairs) -> Self {
        Self {
            gaps: gaps.into_iter().map(Into::into).collect(),
            accounts: accounts.map(|AccountsGap { gap, n }| AccountsGapView { gap, n }),
            balances: balances.into_iter().map(Into::into).collect(),
            noticed: noticed.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Side> for SideView {
    fn from(Side { partner, value, n }: Side) -> Self {
        Self { partner_id: partner, value, n }
    }
}

impl From<Gap> for GapView {
    fn from(gap: Gap) -> Self {
        let (difference, unit) = (gap.difference(), gap.measure.unit());
        let Gap { exercise: WhichExercise { slug: exercise, own: own_exercise_id }, measure, sides } = gap;
        let ((measure, own_measure), sides) = (named(measure), sides.map(Into::into).into());
        Self { exercise, own_exercise_id, measure, own_measure, unit, sides, difference }
    }
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        let (evenness, Balance { exercise, measure, sides }) = (balance.evenness(), balance);
        Self { exercise, measure, unit: measure.unit(), sides: sides.map(Into::into).into(), evenness }
    }
}

impl From<Noticed> for NoticedView {
    fn from(noticed: Noticed) -> Self {
        let (share, Noticed { giver, acts, noticed, unspoken }) = (noticed.share(), noticed);
        Self { giver_id: giver, acts, noticed, unspoken, share }
    }
}

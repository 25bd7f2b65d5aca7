//! Where a couple stands with exercise 4: the one ledger of promises, day by day, and what was said around it. Counts only: rates and
//! runs are the business of progress.

use std::collections::HashMap;

use chrono::{NaiveDate, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Appreciation, ConsistencyReview};
use crate::{
    entry::Entry,
    exercises::{Slug, work::WorkInput},
    ids::{EntryId, PartnerId, PromiseId},
    promise::{ClaimWord, ConfirmationWord, Outcome, Promise, PromiseStatus},
    recurrence::{Recurrence, windows},
};

/// The ledger, thanks, and weeks looked back at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsistencyWork {
    /// The promises that held on a day of the range, whichever exercise they came from, in the order in which they were recorded.
    #[schema(max_items = 2000)]
    pub promises: Vec<LedgerWork>,
    /// Whether more than the 500 promises told here held in the range: these are the newest.
    pub promises_cut: bool,
    /// How the promises of each went that made any, in the range.
    #[schema(max_items = 10)]
    pub makers: Vec<MakerWork>,
    /// The thanks given in the range, the first one first.
    #[schema(max_items = 2000)]
    pub appreciations: Vec<AppreciationWork>,
    /// The weeks looked back at together in the range, the first one first.
    #[schema(max_items = 2000)]
    pub reviews: Vec<WeekWork>,
}

/// A promise, and each day of the range on which it was due.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerWork {
    /// The promise.
    pub promise_id: PromiseId,
    /// Who promised.
    pub maker_id: PartnerId,
    /// To whom.
    pub to_id: PartnerId,
    /// What is promised.
    #[schema(max_length = 10_000)]
    pub what: String,
    /// The one day on which it is due, if it is one.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// The rule by which it is due again and again, if there is one.
    #[schema(required = true)]
    pub recurrence: Option<Recurrence>,
    /// The first day on which it holds.
    pub starts_on: NaiveDate,
    /// The last day on which it holds: where it is due on one day, that one.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// The exercise it came from.
    #[schema(required = true)]
    pub origin: Option<Slug>,
    /// Where it stands.
    pub status: PromiseStatus,
    /// The days of the range on which it was due, in order.
    #[schema(max_items = 1100)]
    pub due: Vec<DueWork>,
    /// How these went, counted.
    pub counts: LedgerCounts,
}

/// A day on which a promise was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueWork {
    /// The day.
    pub due_on: NaiveDate,
    /// What its maker says; null while they have said nothing.
    #[schema(required = true)]
    pub claim: Option<ClaimWord>,
    /// What the other says to it; null while they have said nothing.
    #[schema(required = true)]
    pub confirmation: Option<ConfirmationWord>,
}

/// How the promises of one partner went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MakerWork {
    /// Who promised.
    pub maker_id: PartnerId,
    /// How it went, counted.
    pub counts: LedgerCounts,
}

/// How often promises were due, and what was said of it. What nobody spoke of is told apart from what was missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerCounts {
    /// How often something was due.
    #[schema(value_type = i32, minimum = 0)]
    pub due: u32,
    /// Claimed as kept.
    #[schema(value_type = i32, minimum = 0)]
    pub kept: u32,
    /// Of these, confirmed by the other.
    #[schema(value_type = i32, minimum = 0)]
    pub kept_confirmed: u32,
    /// Claimed as kept in part.
    #[schema(value_type = i32, minimum = 0)]
    pub partly: u32,
    /// Claimed as missed.
    #[schema(value_type = i32, minimum = 0)]
    pub missed: u32,
    /// Agreed anew before it was due.
    #[schema(value_type = i32, minimum = 0)]
    pub renegotiated: u32,
    /// Excused.
    #[schema(value_type = i32, minimum = 0)]
    pub excused: u32,
    /// Not spoken of by the maker.
    #[schema(value_type = i32, minimum = 0)]
    pub unclaimed: u32,
    /// Claimed, and disputed by the other.
    #[schema(value_type = i32, minimum = 0)]
    pub disputed: u32,
}

/// A thank-you.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AppreciationWork {
    /// The entry.
    pub appreciation_id: EntryId,
    /// Who gave thanks.
    #[schema(required = true)]
    pub given_by: Option<PartnerId>,
    /// On which day.
    pub given_on: NaiveDate,
    /// What for.
    #[schema(max_length = 10_000)]
    pub effort: String,
    /// The promise it belongs to.
    #[schema(required = true)]
    pub promise_id: Option<PromiseId>,
}

/// A week that both looked back at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeekWork {
    /// The entry.
    pub review_id: EntryId,
    /// The Monday of the week.
    pub week_of: NaiveDate,
    /// What went well.
    #[schema(max_length = 10_000)]
    pub went_well: String,
    /// What was hard.
    #[schema(required = true, max_length = 10_000)]
    pub was_hard: Option<String>,
    /// What they keep, change or drop.
    #[schema(required = true, max_length = 10_000)]
    pub next_week: Option<String>,
}

impl ConsistencyWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let promises: Vec<_> = input.promises.iter().map(|promised| LedgerWork::of(input, promised)).collect();
        Self {
            makers: MakerWork::all(&promises),
            promises,
            promises_cut: input.promises_cut,
            appreciations: input.all().map(AppreciationWork::of).collect(),
            reviews: input.all().map(WeekWork::of).collect(),
        }
    }
}

impl LedgerWork {
    fn of(input: WorkInput<'_>, (promise, outcomes): &(Promise, Vec<Outcome>)) -> Self {
        let said: HashMap<_, _> = outcomes.iter().map(|outcome| (outcome.due_on, outcome)).collect();
        let due: Vec<_> =
            days_due(promise, input).into_iter().map(|day| DueWork::of(day, said.get(&day).copied())).collect();
        let mut counts = LedgerCounts::default();
        due.iter().for_each(|due| counts.count(due));
        Self {
            promise_id: promise.id,
            maker_id: promise.maker,
            to_id: promise.to,
            what: promise.what.expose().to_owned(),
            due_on: promise.schedule.day(),
            recurrence: promise.schedule.rule().cloned(),
            starts_on: promise.starts_on,
            until: promise.until,
            origin: promise.origin,
            status: promise.status,
            due,
            counts,
        }
    }
}

/// The days of the range on which a promise was due.
fn days_due(promise: &Promise, WorkInput { from, until, today, .. }: WorkInput<'_>) -> Vec<NaiveDate> {
    windows(from, until.min(today)).flat_map(|(first, last)| promise.due_dates(first, last)).collect()
}

impl DueWork {
    fn of(due_on: NaiveDate, said: Option<&Outcome>) -> Self {
        let claim = said.map(|outcome| outcome.claim.word);
        Self { due_on, claim, confirmation: said.and_then(|outcome| outcome.confirmation).map(|answer| answer.word) }
    }
}

impl LedgerCounts {
    const fn count(&mut self, due: &DueWork) {
        self.due += 1;
        let confirmed = matches!(due.confirmation, Some(ConfirmationWord::Confirmed));
        let counted = match due.claim {
            None => &mut self.unclaimed,
            Some(ClaimWord::Kept) => &mut self.kept,
            Some(ClaimWord::Partly) => &mut self.partly,
            Some(ClaimWord::Missed) => &mut self.missed,
            Some(ClaimWord::Renegotiated) => &mut self.renegotiated,
            Some(ClaimWord::Excused) => &mut self.excused,
        };
        *counted += 1;
        self.kept_confirmed += (confirmed && matches!(due.claim, Some(ClaimWord::Kept))) as u32;
        self.disputed += matches!(due.confirmation, Some(ConfirmationWord::Disputed)) as u32;
    }
}

impl MakerWork {
    fn all(promises: &[LedgerWork]) -> Vec<Self> {
        let mut makers: Vec<Self> = Vec::new();
        for promise in promises {
            if makers.iter().all(|known| known.maker_id != promise.maker_id) {
                makers.push(Self { maker_id: promise.maker_id, counts: LedgerCounts::default() });
            }
            let of_maker = makers.iter_mut().filter(|known| known.maker_id == promise.maker_id);
            of_maker.for_each(|maker| promise.due.iter().for_each(|due| maker.counts.count(due)));
        }
        makers
    }
}

impl AppreciationWork {
    fn of((entry, thanks): (&Entry, &Appreciation)) -> Self {
        let Appreciation { effort, promise_id } = thanks.clone();
        Self { appreciation_id: entry.id, given_by: entry.by(), given_on: entry.recorded_on, effort, promise_id }
    }
}

/// The Monday of the week of a day, or the day itself where the calendar begins.
fn monday_of(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).checked_first_day().unwrap_or(day)
}

impl WeekWork {
    fn of((entry, review): (&Entry, &ConsistencyReview)) -> Self {
        let ConsistencyReview { week_of: day, went_well, was_hard, next_week } = review.clone();
        Self { review_id: entry.id, week_of: monday_of(day), went_well, was_hard, next_week }
    }
}

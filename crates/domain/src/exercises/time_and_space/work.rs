//! Where a couple stands with exercise 9: what brings the hurt back over the months, the pace wished for, and the room agreed on.
//! Nothing here is late, and nothing reminds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Pace, PaceWish, PatienceCheck, Setback, SpaceAgreement, TimeOut, Trigger};
use crate::{
    entry::Entry,
    exercises::work::{WorkInput, WorkMean},
    ids::{EntryId, PartnerId},
    vocabulary::word,
};

word! {
    /// Where a space agreement stands.
    SpaceState {
        /// It has not begun.
        NotBegun = "not_begun",
        /// It holds.
        InForce = "in_force",
        /// It holds, and the day has come to look at it again. There is no hurry.
        ReviewDue = "review_due",
        /// They let go of it, or another took its place.
        Ended = "ended",
    }
}

/// Triggers, pace and room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimeAndSpaceWork {
    /// What brought it back, by partner and month, for months with a trigger; the first and the last month as far as the range goes.
    #[schema(max_items = 400)]
    pub triggers: Vec<TriggerMonth>,
    /// The last pace each partner wished for in the range, and how their wishes were respected.
    #[schema(max_items = 10)]
    pub pace: Vec<PaceWork>,
    /// The looks at one's own patience, the first one first; for a partner their own, and what the other shared.
    #[schema(max_items = 2000)]
    pub patience: Vec<PatienceCheckWork>,
    /// The time-outs, the first one first.
    #[schema(max_items = 2000)]
    pub time_outs: Vec<TimeOutWork>,
    /// The agreements on room, the first one first.
    #[schema(max_items = 2000)]
    pub agreements: Vec<SpaceWork>,
    /// The setbacks, the first one first. They belong to it.
    #[schema(max_items = 2000)]
    pub setbacks: Vec<SetbackWork>,
}

/// What brought it back to one partner in a month.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TriggerMonth {
    /// Who.
    pub partner_id: PartnerId,
    /// The first day of the month.
    pub month: NaiveDate,
    /// How many times.
    #[schema(value_type = i32, minimum = 1)]
    pub count: usize,
    /// How strong it was on the mean, 0 to 10.
    pub intensity: WorkMean,
    /// How many minutes it took to settle on the mean, of those times for which they say so.
    pub minutes_to_settle: WorkMean,
    /// Each time, the first one first.
    #[schema(max_items = 2000)]
    pub times: Vec<TriggerWork>,
}

/// A time that brought it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TriggerWork {
    /// The entry.
    pub trigger_id: EntryId,
    /// On which day.
    pub noted_on: NaiveDate,
    /// What brought it back.
    #[schema(max_length = 500)]
    pub cue: String,
    /// How strong it was, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub intensity: u8,
    /// How many minutes it took to settle, if they say so.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10080)]
    pub settled_after_minutes: Option<u16>,
    /// What helped.
    #[schema(required = true, max_length = 10_000)]
    pub helped: Option<String>,
}

/// The last pace a partner wished for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PaceWork {
    /// Who.
    pub partner_id: PartnerId,
    /// On which day.
    pub wished_on: NaiveDate,
    /// Which pace.
    pub pace: Pace,
    /// How well their wishes before were respected on the mean, 0 to 10.
    pub respected: WorkMean,
    /// What would help.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// How one partner saw their own patience, of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PatienceCheckWork {
    /// The entry.
    pub check_id: EntryId,
    /// Whose patience.
    #[schema(required = true)]
    pub checked_by: Option<PartnerId>,
    /// On which day.
    pub checked_on: NaiveDate,
    /// How patient they were, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub patience: u8,
    /// How much they pushed the other to be over it, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub pressure: u8,
    /// What makes patience hard, or easier.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// A time-out. Without a return it was not completed here, which says nothing of whether they are back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimeOutWork {
    /// The entry.
    pub time_out_id: EntryId,
    /// Who asked for it; null for both as one.
    #[schema(required = true)]
    pub asked_by: Option<PartnerId>,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The agreed return.
    pub return_by: DateTime<Utc>,
    /// When they came back to it; null until it is noted.
    #[schema(required = true)]
    pub returned_at: Option<DateTime<Utc>>,
    /// Whether they were back as agreed; null until the return is noted.
    #[schema(required = true)]
    pub back_as_agreed: Option<bool>,
}

/// An agreement on room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SpaceWork {
    /// The entry.
    pub agreement_id: EntryId,
    /// Where it stands.
    pub state: SpaceState,
    /// From which day.
    pub starts_on: NaiveDate,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// The last day it held, if they let go of it.
    #[schema(required = true)]
    pub ended_on: Option<NaiveDate>,
    /// What was agreed on.
    #[schema(max_items = 10, max_length = 500)]
    pub limits: Vec<String>,
    /// The earlier agreement whose place it took.
    #[schema(required = true)]
    pub replaces_id: Option<EntryId>,
}

/// A step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SetbackWork {
    /// The entry.
    pub setback_id: EntryId,
    /// Who noted it; null for both as one.
    #[schema(required = true)]
    pub noted_by: Option<PartnerId>,
    /// On which day.
    pub noted_on: NaiveDate,
    /// What happened.
    #[schema(max_length = 10_000)]
    pub happened: String,
    /// What helped, or might have.
    #[schema(required = true, max_length = 10_000)]
    pub helped: Option<String>,
    /// A small next step, if they see one.
    #[schema(required = true, max_length = 10_000)]
    pub next_step: Option<String>,
}

impl TimeAndSpaceWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let replaced: BTreeSet<_> =
            input.all::<SpaceAgreement>().filter_map(|(_, agreement)| agreement.replaces_id).collect();
        let space = |(entry, agreement)| SpaceWork::of(input.today, &replaced, entry, agreement);
        Self {
            triggers: triggers(input),
            pace: input.partners().filter_map(|partner| PaceWork::of(input, partner)).collect(),
            patience: input.all().map(PatienceCheckWork::of).collect(),
            time_outs: input.all().map(TimeOutWork::of).collect(),
            agreements: input.all().map(space).collect(),
            setbacks: input.all().map(SetbackWork::of).collect(),
        }
    }
}

fn triggers(input: WorkInput<'_>) -> Vec<TriggerMonth> {
    let mut months: BTreeMap<(NaiveDate, PartnerId), Vec<TriggerWork>> = BTreeMap::new();
    for (entry, trigger) in input.all() {
        if let (Some(partner), Some(month)) = (entry.by(), entry.recorded_on.with_day(1)) {
            months.entry((month, partner)).or_default().push(TriggerWork::of(entry, trigger));
        }
    }
    months.into_iter().map(|((month, partner), times)| TriggerMonth::of(partner, month, times)).collect()
}

impl TriggerMonth {
    fn of(partner_id: PartnerId, month: NaiveDate, times: Vec<TriggerWork>) -> Self {
        let settled = times.iter().filter_map(|time| time.settled_after_minutes);
        Self {
            partner_id,
            month,
            count: times.len(),
            intensity: WorkMean::of(times.iter().map(|time| f64::from(time.intensity))),
            minutes_to_settle: WorkMean::of(settled.map(f64::from)),
            times,
        }
    }
}

impl TriggerWork {
    fn of(entry: &Entry, trigger: &Trigger) -> Self {
        let Trigger { cue, intensity, settled_after_minutes, helped } = trigger.clone();
        Self { trigger_id: entry.id, noted_on: entry.recorded_on, cue, intensity, settled_after_minutes, helped }
    }
}

impl PaceWork {
    fn of(input: WorkInput<'_>, partner_id: PartnerId) -> Option<Self> {
        let (entry, wish) = input.all_of::<PaceWish>(partner_id).next_back()?;
        let respected = input.all_of::<PaceWish>(partner_id).filter_map(|(_, wish)| wish.last_wish_respected);
        let respected = WorkMean::of(respected.map(f64::from));
        let (wished_on, note) = (entry.recorded_on, wish.note.clone());
        Some(Self { partner_id, wished_on, pace: wish.pace, respected, note })
    }
}

impl PatienceCheckWork {
    fn of((entry, check): (&Entry, &PatienceCheck)) -> Self {
        let PatienceCheck { patience, pressure, note } = check.clone();
        let (check_id, checked_by, checked_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { check_id, checked_by, checked_on, patience, pressure, note }
    }
}

impl TimeOutWork {
    fn of((entry, time_out): (&Entry, &TimeOut)) -> Self {
        let TimeOut { asked_at, return_by, returned_at } = *time_out;
        let back_as_agreed = returned_at.map(|at| at <= return_by);
        Self { time_out_id: entry.id, asked_by: entry.by(), asked_at, return_by, returned_at, back_as_agreed }
    }
}

impl SpaceWork {
    fn of(today: NaiveDate, replaced: &BTreeSet<EntryId>, entry: &Entry, agreement: &SpaceAgreement) -> Self {
        let SpaceAgreement { limits, starts_on, review_on, ended_on, replaces_id } = agreement.clone();
        let state = match () {
            () if ended_on.is_some_and(|last| last < today) || replaced.contains(&entry.id) => SpaceState::Ended,
            () if today < starts_on => SpaceState::NotBegun,
            () if today < review_on => SpaceState::InForce,
            () => SpaceState::ReviewDue,
        };
        Self { agreement_id: entry.id, state, starts_on, review_on, ended_on, limits, replaces_id }
    }
}

impl SetbackWork {
    fn of((entry, setback): (&Entry, &Setback)) -> Self {
        let Setback { happened, helped, next_step } = setback.clone();
        Self { setback_id: entry.id, noted_by: entry.by(), noted_on: entry.recorded_on, happened, helped, next_step }
    }
}

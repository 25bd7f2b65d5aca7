//! Where a couple stands with exercise 8: what each gave and how it reached the other, and, to whom it concerns, how it feels to stay.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ActForm, ActNoticed, ActPlanning, Ambivalence, CommitmentAct, DedicationRating, NoticedWhen};
use crate::{
    entry::Entry,
    exercises::{
        Slug,
        work::{WorkInput, WorkMean, evenness_of},
    },
    ids::{EntryId, PartnerId, PromiseId},
    promise::{ClaimWord, ConfirmationWord, Outcome, Promise, PromiseStatus},
};

/// Acts and promises of a range of days, and private ratings.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReaffirmCommitmentWork {
    /// The acts that their giver noted, the first one first.
    #[schema(max_items = 2000)]
    pub acts: Vec<ActWork>,
    /// The acts that only the receiver noted, the first one first.
    #[schema(max_items = 2000)]
    pub noticed_unasked: Vec<NoticedActWork>,
    /// What each gave, in figures.
    #[schema(max_items = 10)]
    pub givers: Vec<GiverWork>,
    /// The smaller number of acts given as a share of the larger: 1 is even, 0 one-sided; null if nobody gave.
    #[schema(required = true, minimum = 0, maximum = 1)]
    pub evenness: Option<f64>,
    /// How it feels to stay, by day; for a partner their own, and what the other shared.
    #[schema(max_items = 2000)]
    pub dedication: Vec<DedicationWork>,
    /// Whether each rated in the month of the last day; for a partner their own only.
    #[schema(max_items = 10)]
    pub rated_this_month: Vec<RatedThisMonth>,
    /// Doubts, for the counselor and who has them, by day.
    #[schema(max_items = 2000)]
    pub ambivalence: Vec<AmbivalenceWork>,
    /// The promises that came of it and held in the range.
    #[schema(max_items = 2000)]
    pub promises: Vec<CommitmentPromise>,
}

/// An act, and the other's last word on it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ActWork {
    /// The entry.
    pub act_id: EntryId,
    /// Who gave it; null for both as one.
    #[schema(required = true)]
    pub given_by: Option<PartnerId>,
    /// On which day.
    pub given_on: NaiveDate,
    /// What was done.
    #[schema(max_length = 500)]
    pub act: String,
    /// What it was made of.
    pub form: ActForm,
    /// Whether it was planned.
    pub planning: ActPlanning,
    /// When the other noticed it; null until they say so.
    #[schema(required = true)]
    pub noticed: Option<NoticedWhen>,
    /// How much it meant to the other, 0 to 10; null until they say so.
    #[schema(required = true, minimum = 0, maximum = 10)]
    pub meaning: Option<u8>,
}

/// An act that its giver did not note.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NoticedActWork {
    /// The entry.
    pub noticed_id: EntryId,
    /// Who noticed it.
    #[schema(required = true)]
    pub noticed_by: Option<PartnerId>,
    /// On which day they noted it.
    pub noticed_on: NaiveDate,
    /// What it was.
    #[schema(max_length = 500)]
    pub act: String,
    /// When they noticed it.
    pub noticed: NoticedWhen,
    /// How much it meant to them, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub meaning: u8,
}

/// What one partner gave, and how it reached the other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GiverWork {
    /// Who gave.
    pub partner_id: PartnerId,
    /// How many acts they noted.
    #[schema(value_type = i32, minimum = 0)]
    pub given: usize,
    /// Of these, planned; the others came by themselves.
    #[schema(value_type = i32, minimum = 0)]
    pub planned: usize,
    /// Of the acts that the other spoke of, the share they noticed without being told, 0 to 1. What they have not spoken of is missing.
    pub noticed: WorkMean,
    /// The mean of what these acts meant to the other, 0 to 10, with those that only the other noted.
    pub meaning: WorkMean,
}

/// How it feels to stay.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DedicationWork {
    /// The entry.
    pub rating_id: EntryId,
    /// Who rated.
    #[schema(required = true)]
    pub rated_by: Option<PartnerId>,
    /// On which day.
    pub rated_on: NaiveDate,
    /// How much they want to be in this, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub dedication: u8,
    /// How much they stay because leaving is too hard, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub feeling_stuck: u8,
    /// What they like to add.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// Whether one partner rated how it feels to stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatedThisMonth {
    /// Who.
    pub partner_id: PartnerId,
    /// Whether they did, on a day of the range.
    pub rated: bool,
}

/// Doubts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AmbivalenceWork {
    /// The entry.
    pub entry_id: EntryId,
    /// Who has them.
    #[schema(required = true)]
    pub told_by: Option<PartnerId>,
    /// On which day.
    pub told_on: NaiveDate,
    /// What makes them doubt.
    #[schema(max_length = 10_000)]
    pub doubts: String,
    /// What holds them.
    #[schema(required = true, max_length = 10_000)]
    pub holds: Option<String>,
}

/// A promise that came of the exercise, and how it went in the range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommitmentPromise {
    /// The promise.
    pub promise_id: PromiseId,
    /// Who made it.
    pub made_by: PartnerId,
    /// What.
    #[schema(max_length = 10_000)]
    pub what: String,
    /// Where it stands.
    pub status: PromiseStatus,
    /// How many times its maker says it was kept.
    #[schema(value_type = i32, minimum = 0)]
    pub claimed_kept: usize,
    /// Of these, confirmed by the other.
    #[schema(value_type = i32, minimum = 0)]
    pub confirmed_kept: usize,
}

impl ReaffirmCommitmentWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let said = last_words(input);
        let givers: Vec<_> = input.partners().map(|partner| GiverWork::of(input, &said, partner)).collect();
        let counts: Vec<_> = givers.iter().map(|giver| giver.given).collect();
        let concerned = input.partners().filter(|partner| input.is_told_of(*partner));
        let promises = input.promises.iter().filter(|(promise, _)| promise.origin == Some(Slug::ReaffirmCommitment));
        Self {
            acts: input.all().map(|(entry, act)| ActWork::of(&said, entry, act)).collect(),
            noticed_unasked: input.all().filter_map(NoticedActWork::of).collect(),
            givers,
            evenness: evenness_of(&counts),
            dedication: input.all().map(DedicationWork::of).collect(),
            rated_this_month: concerned.map(|partner| RatedThisMonth::of(input, partner)).collect(),
            ambivalence: input.all().map(AmbivalenceWork::of).collect(),
            promises: promises.map(CommitmentPromise::of).collect(),
        }
    }
}

/// The last word on each act that its giver noted.
fn last_words(input: WorkInput<'_>) -> BTreeMap<EntryId, &ActNoticed> {
    input.all::<ActNoticed>().filter_map(|(_, noticed)| Some((noticed.act_id?, noticed))).collect()
}

impl ActWork {
    fn of(said: &BTreeMap<EntryId, &ActNoticed>, entry: &Entry, act: &CommitmentAct) -> Self {
        let noticed = said.get(&entry.id);
        let CommitmentAct { act, form, planning } = act.clone();
        Self {
            act_id: entry.id,
            given_by: entry.by(),
            given_on: entry.recorded_on,
            act,
            form,
            planning,
            noticed: noticed.map(|noticed| noticed.noticed),
            meaning: noticed.map(|noticed| noticed.meaning),
        }
    }
}

impl NoticedActWork {
    fn of((entry, noticed): (&Entry, &ActNoticed)) -> Option<Self> {
        let ActNoticed { act, noticed, meaning, .. } = noticed.clone();
        let (noticed_id, noticed_by, noticed_on) = (entry.id, entry.by(), entry.recorded_on);
        Some(Self { noticed_id, noticed_by, noticed_on, act: act?, noticed, meaning })
    }
}

impl GiverWork {
    fn of(input: WorkInput<'_>, said: &BTreeMap<EntryId, &ActNoticed>, partner_id: PartnerId) -> Self {
        let given: Vec<_> = input.all_of::<CommitmentAct>(partner_id).collect();
        let said: Vec<_> = given.iter().filter_map(|(entry, _)| said.get(&entry.id).copied()).collect();
        let by_the_other = |entry: &Entry| entry.by().is_some_and(|by| !input.couple.same_person(by, partner_id));
        let unasked = input.all::<ActNoticed>().filter(|(entry, noticed)| noticed.act.is_some() && by_the_other(entry));
        let meanings = said.iter().copied().chain(unasked.map(|(_, noticed)| noticed));
        Self {
            partner_id,
            given: given.len(),
            planned: given.iter().filter(|(_, act)| act.planning == ActPlanning::Planned).count(),
            noticed: WorkMean::share(said.iter().map(|said| said.noticed != NoticedWhen::OnlyWhenTold)),
            meaning: WorkMean::of(meanings.map(|noticed| f64::from(noticed.meaning))),
        }
    }
}

impl DedicationWork {
    fn of((entry, rating): (&Entry, &DedicationRating)) -> Self {
        let DedicationRating { dedication, feeling_stuck, note } = rating.clone();
        let (rating_id, rated_by, rated_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { rating_id, rated_by, rated_on, dedication, feeling_stuck, note }
    }
}

impl RatedThisMonth {
    fn of(input: WorkInput<'_>, partner_id: PartnerId) -> Self {
        let month = |day: NaiveDate| (day.year(), day.month());
        let mut ratings = input.all_of::<DedicationRating>(partner_id);
        Self { partner_id, rated: ratings.any(|(entry, _)| month(entry.recorded_on) == month(input.until)) }
    }
}

impl AmbivalenceWork {
    fn of((entry, told): (&Entry, &Ambivalence)) -> Self {
        let Ambivalence { doubts, holds } = told.clone();
        Self { entry_id: entry.id, told_by: entry.by(), told_on: entry.recorded_on, doubts, holds }
    }
}

impl CommitmentPromise {
    fn of((promise, outcomes): &(Promise, Vec<Outcome>)) -> Self {
        let kept: Vec<_> = outcomes.iter().filter(|outcome| outcome.claim.word == ClaimWord::Kept).collect();
        let confirmed =
            |outcome: &&&Outcome| outcome.confirmation.is_some_and(|said| said.word == ConfirmationWord::Confirmed);
        Self {
            promise_id: promise.id,
            made_by: promise.maker,
            what: promise.what.expose().to_owned(),
            status: promise.status,
            claimed_kept: kept.len(),
            confirmed_kept: kept.iter().filter(confirmed).count(),
        }
    }
}

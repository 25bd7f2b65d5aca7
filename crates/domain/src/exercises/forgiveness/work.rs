//! Where a couple stands with exercise 10: steps, which go any way, what each sees the other doing, and the talk, if both want it.
//! Nothing here is a share of anything to be reached.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ForgivenessChoice, ForgivenessDecision, ForgivenessMeaning, ForgivenessPatience, ForgivenessStep,
    ForgivenessTalkWish, Outlook, StepDirection,
};
use crate::{
    entry::Entry,
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId, PromiseId},
    promise::{ClaimWord, ConfirmationWord, Outcome, Promise},
};

/// Steps and efforts of a range of days, and where each stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ForgivenessWork {
    /// The steps, the first one first. Each direction is fine.
    #[schema(max_items = 2000)]
    pub steps: Vec<StepWork>,
    /// Where each stands by their last word. Each answer is whole.
    #[schema(max_items = 10)]
    pub decisions: Vec<DecisionWork>,
    /// How one waits and goes on changing, the first word first; for a partner their own, and what the other shared.
    #[schema(max_items = 2000)]
    pub patience: Vec<ForgivenessPatienceWork>,
    /// What each did and the other saw: the promises that held in the range and of which the other confirmed something as kept.
    #[schema(max_items = 2000)]
    pub efforts: Vec<EffortWork>,
    /// The talk about forgiving.
    pub talk: TalkWork,
    /// What both wrote of what forgiving means to them, the first one first.
    #[schema(max_items = 2000)]
    pub meanings: Vec<MeaningWork>,
    /// Where they are heading by their last word, which is another question than forgiving; null until they say so together.
    #[schema(required = true)]
    pub outlook: Option<Outlook>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepWork {
    /// The entry.
    pub step_id: EntryId,
    /// Whose step it is.
    #[schema(required = true)]
    pub taken_by: Option<PartnerId>,
    /// On which day.
    pub taken_on: NaiveDate,
    /// What they tried, or noticed.
    #[schema(max_length = 10_000)]
    pub step: String,
    /// Where it went.
    pub direction: StepDirection,
    /// How much resentment they felt, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub resentment: u8,
    /// How much goodwill they felt, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub goodwill: u8,
    /// How much effort they saw in the other, 0 to 10, if they say so.
    #[schema(required = true, minimum = 0, maximum = 10)]
    pub efforts_seen: Option<u8>,
    /// What they see the other doing.
    #[schema(required = true, max_length = 10_000)]
    pub efforts: Option<String>,
}

/// Where one partner stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecisionWork {
    /// The entry.
    pub decision_id: EntryId,
    /// Who.
    pub partner_id: PartnerId,
    /// On which day they said so.
    pub decided_on: NaiveDate,
    /// What they said.
    pub choice: ForgivenessChoice,
    /// What they like to say about it.
    #[schema(required = true, max_length = 10_000)]
    pub words: Option<String>,
}

/// How one partner waits, and goes on changing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForgivenessPatienceWork {
    /// The entry.
    pub entry_id: EntryId,
    /// Who.
    #[schema(required = true)]
    pub written_by: Option<PartnerId>,
    /// On which day.
    pub written_on: NaiveDate,
    /// How patient they are with the waiting, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub patience: u8,
    /// What they keep doing differently.
    #[schema(max_length = 10_000)]
    pub ongoing_change: String,
}

/// What one partner promised, did, and the other saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EffortWork {
    /// The promise.
    pub promise_id: PromiseId,
    /// Who does it.
    pub made_by: PartnerId,
    /// Who confirmed that it was done.
    pub seen_by: PartnerId,
    /// What.
    #[schema(max_length = 10_000)]
    pub what: String,
    /// How many times it was done and confirmed in the range.
    #[schema(value_type = i32, minimum = 1)]
    pub confirmed_kept: usize,
    /// The last day it was done for and confirmed.
    pub last_on: NaiveDate,
}

/// The talk about forgiving, which is held if both ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TalkWork {
    /// Whether both ask for it, by what each said last. It says no more than that: not whether one of them does.
    pub asked_by_both: bool,
    /// Who asks for it; for a partner themselves, and never the other.
    #[schema(max_items = 10)]
    pub wishes: Vec<TalkWishWork>,
}

/// One partner's wish, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TalkWishWork {
    /// The entry.
    pub wish_id: EntryId,
    /// Who.
    pub partner_id: PartnerId,
    /// On which day they asked.
    pub asked_on: NaiveDate,
    /// What they hope for from such a talk.
    #[schema(required = true, max_length = 10_000)]
    pub hope: Option<String>,
}

/// What forgiving means to both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeaningWork {
    /// The entry.
    pub meaning_id: EntryId,
    /// On which day they wrote it.
    pub written_on: NaiveDate,
    /// What they wrote.
    #[schema(max_length = 10_000)]
    pub meaning: String,
}

impl ForgivenessWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        Self {
            steps: input.all().map(StepWork::of).collect(),
            decisions: input.partners().filter_map(|partner| DecisionWork::of(input, partner)).collect(),
            patience: input.all().map(ForgivenessPatienceWork::of).collect(),
            efforts: input.promises.iter().filter_map(EffortWork::of).collect(),
            talk: TalkWork::of(input),
            meanings: input.all().map(MeaningWork::of).collect(),
            outlook: input.all::<ForgivenessMeaning>().next_back().map(|(_, meaning)| meaning.outlook),
        }
    }
}

impl StepWork {
    fn of((entry, step): (&Entry, &ForgivenessStep)) -> Self {
        let ForgivenessStep { step, direction, resentment, goodwill, efforts_seen, efforts } = step.clone();
        let (step_id, taken_by, taken_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { step_id, taken_by, taken_on, step, direction, resentment, goodwill, efforts_seen, efforts }
    }
}

impl DecisionWork {
    fn of(input: WorkInput<'_>, partner_id: PartnerId) -> Option<Self> {
        let (entry, decision) = input.all_of::<ForgivenessDecision>(partner_id).next_back()?;
        let ForgivenessDecision { choice, words } = decision.clone();
        Some(Self { decision_id: entry.id, partner_id, decided_on: entry.recorded_on, choice, words })
    }
}

impl ForgivenessPatienceWork {
    fn of((entry, waits): (&Entry, &ForgivenessPatience)) -> Self {
        let ForgivenessPatience { patience, ongoing_change } = waits.clone();
        let (entry_id, written_by, written_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { entry_id, written_by, written_on, patience, ongoing_change }
    }
}

impl EffortWork {
    fn of((promise, outcomes): &(Promise, Vec<Outcome>)) -> Option<Self> {
        let confirmed =
            |outcome: &&Outcome| outcome.confirmation.is_some_and(|said| said.word == ConfirmationWord::Confirmed);
        let kept = outcomes.iter().filter(|outcome| outcome.claim.word == ClaimWord::Kept).filter(confirmed);
        let days: Vec<_> = kept.map(|outcome| outcome.due_on).collect();
        Some(Self {
            promise_id: promise.id,
            made_by: promise.maker,
            seen_by: promise.to,
            what: promise.what.expose().to_owned(),
            confirmed_kept: days.len(),
            last_on: days.into_iter().max()?,
        })
    }
}

impl TalkWork {
    fn of(input: WorkInput<'_>) -> Self {
        let concerned = input.partners().filter(|partner| input.is_told_of(*partner));
        Self {
            asked_by_both: input.both.asked_to_talk,
            wishes: concerned.filter_map(|partner| TalkWishWork::of(input, partner)).collect(),
        }
    }
}

impl TalkWishWork {
    fn of(input: WorkInput<'_>, partner_id: PartnerId) -> Option<Self> {
        let said = input.all_of::<ForgivenessTalkWish>(partner_id);
        let (entry, wish) = said.max_by_key(|(entry, _)| (entry.submitted_at(), entry.id))?;
        let (wish_id, asked_on) = (entry.id, entry.recorded_on);
        (!wish.taken_back).then(|| Self { wish_id, partner_id, asked_on, hope: wish.hope.clone() })
    }
}

impl MeaningWork {
    fn of((entry, meaning): (&Entry, &ForgivenessMeaning)) -> Self {
        Self { meaning_id: entry.id, written_on: entry.recorded_on, meaning: meaning.meaning.clone() }
    }
}

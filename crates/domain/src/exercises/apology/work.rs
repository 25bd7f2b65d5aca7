//! Where a couple stands with exercise 2: each draft with its coaching, its delivery, what came back, and the promises it led to.
//! Whether an apology is accepted is said here as it was written, and never counted.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ApologyAnswer, ApologyCoaching, ApologyDelivery, ApologyDraft, ApologyPart, ApologyResponse, DeliveryWay,
    PartHeard, is_ready,
};
use crate::{
    entry::Entry,
    exercises::{history::of_kind, work::WorkInput},
    ids::{EntryId, PartnerId, PromiseId},
    promise::PromiseStatus,
    visibility::{Reader, may_know_of_coaching},
    vocabulary::word,
};

word! {
    /// How far a draft of an apology is, as far as the reader may know.
    ApologyDraftState {
        /// It is written.
        Written = "written",
        /// A counselor went over it, and it is not ready yet.
        Coached = "coached",
        /// A counselor says that it is ready as it stands.
        Ready = "ready",
        /// It was given.
        Delivered = "delivered",
    }
}

/// Apologies and how they were heard.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ApologyWork {
    /// Every draft, the first one first.
    #[schema(max_items = 2000)]
    pub drafts: Vec<DraftWork>,
    /// How sincere the apologies felt, answer by answer, the first one first.
    #[schema(max_items = 2000)]
    pub sincerity: Vec<SincerityWork>,
}

/// A draft, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DraftWork {
    /// The entry.
    pub draft_id: EntryId,
    /// Who wrote it.
    #[schema(required = true)]
    pub written_by: Option<PartnerId>,
    /// On which day.
    pub written_on: NaiveDate,
    /// Which version it is: 1, and one more with each correction.
    #[schema(minimum = 1)]
    pub number: i32,
    /// How far it is.
    pub state: ApologyDraftState,
    /// Which of the three parts it has.
    #[schema(max_items = 3)]
    pub parts: Vec<ApologyPart>,
    /// Which of the three parts it has not.
    #[schema(max_items = 3)]
    pub missing_parts: Vec<ApologyPart>,
    /// What they did, and how it hurt.
    #[schema(required = true, max_length = 10_000)]
    pub acknowledgement: Option<String>,
    /// What they feel about having done it.
    #[schema(required = true, max_length = 10_000)]
    pub remorse: Option<String>,
    /// What they will do differently.
    #[schema(required = true, max_length = 10_000)]
    pub commitment: Option<String>,
    /// How it came about.
    #[schema(required = true, max_length = 10_000)]
    pub explanation: Option<String>,
    /// What it offers to make up for it.
    #[schema(required = true, max_length = 10_000)]
    pub repair_offer: Option<String>,
    /// How it asks for forgiveness.
    #[schema(required = true, max_length = 10_000)]
    pub forgiveness_request: Option<String>,
    /// The promises that were made of the offer.
    #[schema(max_items = 2000)]
    pub promises: Vec<OfferedPromise>,
    /// The rounds of coaching, the first one first; for who wrote it and the counselors.
    #[schema(max_items = 2000)]
    pub coaching: Vec<CoachingWork>,
    /// How it was given, if it was.
    #[schema(required = true)]
    pub delivery: Option<ApologyDeliveryWork>,
    /// What came back, the first answer first; for who wrote it and the counselors, unless it was shared.
    #[schema(max_items = 2000)]
    pub responses: Vec<ApologyResponseWork>,
}

/// A promise that was made of the offer in a draft.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OfferedPromise {
    /// The promise.
    pub promise_id: PromiseId,
    /// What is promised.
    #[schema(max_length = 10_000)]
    pub what: String,
    /// Where it stands.
    pub status: PromiseStatus,
}

/// A round of coaching.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CoachingWork {
    /// The entry; for counselors.
    #[schema(required = true)]
    pub coaching_id: Option<EntryId>,
    /// On which day.
    pub coached_on: NaiveDate,
    /// Which version of the draft was read, if that was noted.
    #[schema(value_type = Option<i32>, required = true, minimum = 1, maximum = 1000)]
    pub draft_version: Option<u16>,
    /// What works, and what does not yet; for counselors. What the writer should read is in the review of the draft.
    #[schema(required = true, max_length = 10_000)]
    pub observation: Option<String>,
    /// Whether it was ready.
    pub ready_to_deliver: bool,
}

/// How a draft was given.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ApologyDeliveryWork {
    /// The entry.
    pub delivery_id: EntryId,
    /// How.
    pub how: DeliveryWay,
    /// On which day.
    pub delivered_on: NaiveDate,
    /// What they like to remember of it.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// How an apology was heard. None of its answers is a pass mark.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ApologyResponseWork {
    /// The entry.
    pub response_id: EntryId,
    /// Who answered.
    #[schema(required = true)]
    pub answered_by: Option<PartnerId>,
    /// On which day.
    pub answered_on: NaiveDate,
    /// Whether the first part came across.
    pub acknowledgement_heard: PartHeard,
    /// Whether the second part did.
    pub remorse_heard: PartHeard,
    /// Whether the third part did.
    pub commitment_heard: PartHeard,
    /// What is missing.
    #[schema(required = true, max_length = 10_000)]
    pub missing: Option<String>,
    /// Where it left them, that day.
    pub answer: ApologyAnswer,
}

/// How sincere an apology felt on a day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SincerityWork {
    /// The apology: the draft that was given; null if it is not the reader's to see.
    #[schema(required = true)]
    pub apology_id: Option<EntryId>,
    /// Who says so.
    #[schema(required = true)]
    pub rated_by: Option<PartnerId>,
    /// On which day.
    pub rated_on: NaiveDate,
    /// 0 not at all, 10 completely.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub sincerity: u8,
}

impl ApologyWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        Self {
            drafts: input.all().map(|(entry, draft)| DraftWork::of(input, entry, draft)).collect(),
            sincerity: input.all().map(SincerityWork::of).collect(),
        }
    }
}

impl DraftWork {
    fn of(input: WorkInput<'_>, entry: &Entry, draft: &ApologyDraft) -> Self {
        let rounds = rounds_told_with(input, entry);
        let mut deliveries = input.all::<ApologyDelivery>().filter(|(_, delivery)| delivery.draft_id == Some(entry.id));
        let responses = input.all::<ApologyResponse>().filter(|(_, response)| response.apology_id == Some(entry.id));
        let (ready, delivery) = (is_ready(entry, rounds.iter().copied()), deliveries.next_back());
        let parts: Vec<_> = draft.parts().collect();
        let ApologyDraft { acknowledgement, remorse, commitment, explanation, repair_offer, forgiveness_request } =
            draft.clone();
        Self {
            draft_id: entry.id,
            written_by: entry.by(),
            written_on: entry.recorded_on,
            number: entry.number,
            state: ApologyDraftState::of(delivery.is_some(), ready, !rounds.is_empty()),
            missing_parts: ApologyPart::ASKED_FOR.into_iter().filter(|part| !parts.contains(part)).collect(),
            parts,
            acknowledgement,
            remorse,
            commitment,
            explanation,
            repair_offer,
            forgiveness_request,
            promises: OfferedPromise::all(input, entry.id),
            coaching: rounds.into_iter().map(|round| CoachingWork::of(input.reader, round)).collect(),
            delivery: delivery.map(ApologyDeliveryWork::of),
            responses: responses.map(ApologyResponseWork::of).collect(),
        }
    }
}

/// The rounds of coaching on a draft, by day, if the reader may know of them.
fn rounds_told_with<'w>(input: WorkInput<'w>, draft: &Entry) -> Vec<(&'w Entry, &'w ApologyCoaching)> {
    if !may_know_of_coaching(input.reader, input.couple, &draft.facts()) {
        return Vec::new();
    }
    let rounds = of_kind::<ApologyCoaching>(input.coaching).filter(|(_, round)| round.draft_id == Some(draft.id));
    rounds.filter(|(entry, _)| entry.recorded_on <= input.until).collect()
}

impl ApologyDraftState {
    const fn of(delivered: bool, ready: bool, coached: bool) -> Self {
        match (delivered, ready, coached) {
            (true, ..) => Self::Delivered,
            (false, true, _) => Self::Ready,
            (false, false, true) => Self::Coached,
            (false, false, false) => Self::Written,
        }
    }
}

impl OfferedPromise {
    fn all(input: WorkInput<'_>, draft: EntryId) -> Vec<Self> {
        let promises = input.promises.iter().map(|(promise, _)| promise);
        let made_of_it = promises.filter(|promise| promise.entry == Some(draft));
        let shown = made_of_it.map(|promise| Self {
            promise_id: promise.id,
            what: promise.what.expose().to_owned(),
            status: promise.status,
        });
        shown.collect()
    }
}

impl CoachingWork {
    fn of(reader: Reader, (entry, round): (&Entry, &ApologyCoaching)) -> Self {
        let ApologyCoaching { observation, draft_version, ready_to_deliver, .. } = round.clone();
        let (coaching_id, observation) = match reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => (Some(entry.id), Some(observation)),
            Reader::Partner(_) => (None, None),
        };
        Self { coaching_id, coached_on: entry.recorded_on, draft_version, observation, ready_to_deliver }
    }
}

impl ApologyDeliveryWork {
    fn of((entry, delivery): (&Entry, &ApologyDelivery)) -> Self {
        let ApologyDelivery { how, delivered_on, note, .. } = delivery.clone();
        Self { delivery_id: entry.id, how, delivered_on, note }
    }
}

impl ApologyResponseWork {
    fn of((entry, response): (&Entry, &ApologyResponse)) -> Self {
        let ApologyResponse { acknowledgement_heard, remorse_heard, commitment_heard, missing, answer, .. } =
            response.clone();
        Self {
            response_id: entry.id,
            answered_by: entry.by(),
            answered_on: entry.recorded_on,
            acknowledgement_heard,
            remorse_heard,
            commitment_heard,
            missing,
            answer,
        }
    }
}

impl SincerityWork {
    const fn of((entry, response): (&Entry, &ApologyResponse)) -> Self {
        Self {
            apology_id: response.apology_id,
            rated_by: entry.by(),
            rated_on: entry.recorded_on,
            sincerity: response.sincerity,
        }
    }
}

//! Where a couple stands with exercise 3: talks and how each heard the other, limits, agreements with what became of them, and what
//! was told.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Boundary, Prompting, ReviewDecision, TalkLog, TalkPause, TalkReflection, TalkTimeOut, TransparencyAgreement,
    TransparencyAgreementState, TransparencyReview, VolunteeredInformation, agreement::Course,
};
use crate::{
    entry::Entry,
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId},
};

/// Talks, limits, agreements and what was told.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TransparentCommunicationWork {
    /// The talks of the range, the first one first.
    #[schema(max_items = 2000)]
    pub talks: Vec<TalkLogWork>,
    /// The limits that both agreed to keep, the first one first.
    #[schema(max_items = 2000)]
    pub boundaries: Vec<BoundaryWork>,
    /// Every agreement, the first one first.
    #[schema(max_items = 2000)]
    pub agreements: Vec<TransparencyAgreementWork>,
    /// What was told in the range, the first thing first.
    #[schema(max_items = 2000)]
    pub disclosures: Vec<DisclosureWork>,
}

/// A talk, and how it was for each.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TalkLogWork {
    /// The entry.
    pub talk_id: EntryId,
    /// On which day.
    pub held_on: NaiveDate,
    /// What it was about.
    #[schema(max_length = 500)]
    pub topic: String,
    /// How long it took.
    #[schema(value_type = i32, minimum = 1, maximum = 480)]
    pub duration_minutes: u16,
    /// How often the speaker changed, if that was noted.
    #[schema(value_type = Option<i32>, required = true, minimum = 1, maximum = 100)]
    pub turns: Option<u16>,
    /// Whether it was interrupted, and taken up again.
    pub time_out: TalkPause,
    /// Who asked for a time-out, as far as that was noted.
    #[schema(max_items = 10)]
    pub time_outs: Vec<TalkTimeOut>,
    /// How it was for each: the last word of each.
    #[schema(max_items = 10)]
    pub reflections: Vec<TalkReflectionWork>,
}

/// How a talk was for one partner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TalkReflectionWork {
    /// The entry.
    pub reflection_id: EntryId,
    /// For whom; null where both say it as one.
    #[schema(required = true)]
    pub partner_id: Option<PartnerId>,
    /// How well they felt heard, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub felt_heard: u8,
    /// How safe they felt to speak, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub felt_safe: u8,
    /// How well their boundaries were respected, 0 to 10.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub boundaries_respected: Option<u8>,
    /// What they would like to keep from it, or change.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// A limit that both agreed to keep.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BoundaryWork {
    /// The entry.
    pub boundary_id: EntryId,
    /// Since which day.
    pub agreed_on: NaiveDate,
    /// The limit.
    #[schema(max_length = 500)]
    pub boundary: String,
    /// What it protects.
    #[schema(required = true, max_length = 10_000)]
    pub reason: Option<String>,
    /// What they do when it is crossed.
    #[schema(required = true, max_length = 10_000)]
    pub when_crossed: Option<String>,
}

/// An agreement on openness, and where it stands today.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TransparencyAgreementWork {
    /// The entry.
    pub agreement_id: EntryId,
    /// Where it stands today, by the couple's day.
    pub state: TransparencyAgreementState,
    /// What is open: as agreed, or as the last step down left it.
    #[schema(max_items = 10, max_length = 500)]
    pub scope: Vec<String>,
    /// What was open when it was agreed on.
    #[schema(max_items = 10, max_length = 500)]
    pub agreed_scope: Vec<String>,
    /// Whether it holds for both alike.
    pub mutual: bool,
    /// Who is open to the other, if it does not and that was noted.
    #[schema(required = true)]
    pub open_partner_id: Option<PartnerId>,
    /// From which day.
    pub starts_on: NaiveDate,
    /// When it is looked at again, unless the last time was the last.
    #[schema(required = true)]
    pub review_on: Option<NaiveDate>,
    /// From which day on it holds no more.
    pub expires_on: NaiveDate,
    /// How it was to become less.
    #[schema(required = true, max_length = 10_000)]
    pub step_down: Option<String>,
    /// What was decided when it was looked at again, the first time first.
    #[schema(max_items = 2000)]
    pub reviews: Vec<AgreementReviewWork>,
    /// Who ended it early, if one did.
    #[schema(required = true)]
    pub withdrawn_by: Option<PartnerId>,
    /// On which day.
    #[schema(required = true)]
    pub withdrawn_on: Option<NaiveDate>,
    /// Why, if they say so.
    #[schema(required = true, max_length = 10_000)]
    pub withdrawal_reason: Option<String>,
}

/// What was decided when an agreement was looked at again.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AgreementReviewWork {
    /// The entry.
    pub review_id: EntryId,
    /// On which day.
    pub reviewed_on: NaiveDate,
    /// What was decided.
    pub decision: ReviewDecision,
    /// What stays open after a step down; empty for any other decision.
    #[schema(max_items = 10, max_length = 500)]
    pub scope: Vec<String>,
    /// When it is looked at again, unless this time was the last.
    #[schema(required = true)]
    pub next_review_on: Option<NaiveDate>,
    /// What it did for them.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// Something one partner told the other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DisclosureWork {
    /// The entry.
    pub disclosure_id: EntryId,
    /// Who told it.
    #[schema(required = true)]
    pub told_by: Option<PartnerId>,
    /// On which day.
    pub told_on: NaiveDate,
    /// What was told.
    #[schema(max_length = 10_000)]
    pub information: String,
    /// Whether somebody had to ask.
    pub prompting: Prompting,
}

impl TransparentCommunicationWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let agreements = input.all::<TransparencyAgreement>();
        Self {
            talks: input.all().map(|(entry, talk)| TalkLogWork::of(input, entry, talk)).collect(),
            boundaries: input.all().map(BoundaryWork::of).collect(),
            agreements: agreements.filter_map(|(entry, _)| TransparencyAgreementWork::of(input, entry.id)).collect(),
            disclosures: input.all().map(DisclosureWork::of).collect(),
        }
    }
}

impl TalkLogWork {
    fn of(input: WorkInput<'_>, entry: &Entry, talk: &TalkLog) -> Self {
        let mut reflections: Vec<TalkReflectionWork> = Vec::new();
        for (of, reflection) in input.all::<TalkReflection>().filter(|(_, said)| said.talk_id == Some(entry.id)) {
            reflections.retain(|known| known.partner_id != of.by());
            reflections.push(TalkReflectionWork::of(of.id, of.by(), reflection));
        }
        let TalkLog { topic, duration_minutes, turns, time_out, time_outs } = talk.clone();
        let (talk_id, held_on) = (entry.id, entry.recorded_on);
        Self { talk_id, held_on, topic, duration_minutes, turns, time_out, time_outs, reflections }
    }
}

impl TalkReflectionWork {
    fn of(reflection_id: EntryId, partner_id: Option<PartnerId>, reflection: &TalkReflection) -> Self {
        let TalkReflection { felt_heard, felt_safe, boundaries_respected, note, .. } = reflection.clone();
        Self { reflection_id, partner_id, felt_heard, felt_safe, boundaries_respected, note }
    }
}

impl BoundaryWork {
    fn of((entry, boundary): (&Entry, &Boundary)) -> Self {
        let Boundary { boundary, reason, when_crossed } = boundary.clone();
        Self { boundary_id: entry.id, agreed_on: entry.recorded_on, boundary, reason, when_crossed }
    }
}

impl TransparencyAgreementWork {
    fn of(input: WorkInput<'_>, agreement_id: EntryId) -> Option<Self> {
        let course = Course::of(input.entries, agreement_id)?;
        let TransparencyAgreement { scope, mutual, open_partner_id, starts_on, expires_on, step_down, .. } =
            course.agreement.clone();
        Some(Self {
            agreement_id,
            state: course.state(input.today),
            scope: course.scope().to_vec(),
            agreed_scope: scope,
            mutual,
            open_partner_id,
            starts_on,
            review_on: course.review_on(),
            expires_on,
            step_down,
            reviews: course.reviews.iter().copied().map(AgreementReviewWork::of).collect(),
            withdrawn_by: course.withdrawal.and_then(|(entry, _)| entry.by()),
            withdrawn_on: course.withdrawal.map(|(entry, _)| entry.recorded_on),
            withdrawal_reason: course.withdrawal.and_then(|(_, said)| said.reason.clone()),
        })
    }
}

impl AgreementReviewWork {
    fn of((entry, review): (&Entry, &TransparencyReview)) -> Self {
        let TransparencyReview { decision, scope, next_review_on, note, .. } = review.clone();
        Self { review_id: entry.id, reviewed_on: entry.recorded_on, decision, scope, next_review_on, note }
    }
}

impl DisclosureWork {
    fn of((entry, told): (&Entry, &VolunteeredInformation)) -> Self {
        let VolunteeredInformation { information, prompting } = told.clone();
        Self { disclosure_id: entry.id, told_by: entry.by(), told_on: entry.recorded_on, information, prompting }
    }
}

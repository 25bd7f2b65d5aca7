//! Where a couple stands with exercise 1: what each told, which questions are open, the timeline in order, how far the two accounts
//! are apart, and, to whom it concerns, what has not been told yet.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    EmotionFelt, QuestionSatisfied, RootCauseAccount, RootCauseAnswer, RootCauseAnswerHeard, RootCauseComparison,
    RootCauseImpact, RootCauseQuestion, RootCauseTimelineEvent, RootCauseUndisclosed,
};
use crate::{
    entry::Entry,
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId},
    vocabulary::word,
};

word! {
    /// Where a question stands.
    QuestionState {
        /// Nobody has answered it.
        Open = "open",
        /// It was answered, and the asker has not said more than that it is not all.
        Answered = "answered",
        /// The asker is satisfied.
        Satisfied = "satisfied",
    }
}

/// Accounts, questions and timeline of a couple.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RootCauseWork {
    /// What happened and why: the last account of each who gave one.
    #[schema(max_items = 10)]
    pub accounts: Vec<AccountWork>,
    /// What it did, and what is needed now: the last word of each who wrote it.
    #[schema(max_items = 10)]
    pub impacts: Vec<ImpactWork>,
    /// Every question that was asked, the first one first.
    #[schema(max_items = 2000)]
    pub questions: Vec<QuestionWork>,
    /// How many of these nobody has answered.
    #[schema(value_type = i32, minimum = 0)]
    pub open_questions: usize,
    /// The events that both agree on, in the order in which they happened.
    #[schema(max_items = 2000)]
    pub timeline: Vec<TimelineWork>,
    /// How well the two accounts agree: the last rating of each partner.
    #[schema(max_items = 10)]
    pub comparisons: Vec<ComparisonWork>,
    /// How far the two accounts are apart: 10 minus the mean of these ratings, so 0 if they agree completely; null if nobody has
    /// compared them.
    #[schema(required = true, minimum = 0, maximum = 10)]
    pub accounts_gap: Option<f64>,
    /// How far these ratings of the two partners lie apart from each other, whatever they say of the accounts, 0 to 10; null unless both are there.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub ratings_apart: Option<u8>,
    /// What has not been told yet, for the counselors and who keeps it, by day; for the other partner always empty.
    #[schema(max_items = 2000)]
    pub undisclosed: Vec<UndisclosedWork>,
}

/// What happened and why, as one partner tells it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AccountWork {
    /// The entry.
    pub account_id: EntryId,
    /// Who tells it.
    #[schema(required = true)]
    pub told_by: Option<PartnerId>,
    /// On which day.
    pub told_on: NaiveDate,
    /// Which version of it this is: 1, and one more with each correction.
    #[schema(minimum = 1)]
    pub number: i32,
    /// What happened.
    #[schema(max_length = 10_000)]
    pub account: String,
    /// What of it was their choice.
    #[schema(max_length = 10_000)]
    pub responsibility: String,
    /// What helped it happen.
    #[schema(max_items = 10, max_length = 500)]
    pub contributing_factors: Vec<String>,
    /// What they understand now that they did not then.
    #[schema(required = true, max_length = 10_000)]
    pub understood_since: Option<String>,
}

/// What it did to one partner, and what they need.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ImpactWork {
    /// The entry.
    pub impact_id: EntryId,
    /// To whom.
    #[schema(required = true)]
    pub told_by: Option<PartnerId>,
    /// On which day they wrote it.
    pub told_on: NaiveDate,
    /// What it changed for them.
    #[schema(max_length = 10_000)]
    pub impact: String,
    /// What they feel about it, and how strongly.
    #[schema(max_items = 12)]
    pub emotions: Vec<EmotionFelt>,
    /// What they need, the most important first.
    #[schema(max_items = 10, max_length = 500)]
    pub needs: Vec<String>,
}

/// How well the two accounts agree, as one partner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparisonWork {
    /// The entry.
    pub comparison_id: EntryId,
    /// Who says so.
    #[schema(required = true)]
    pub compared_by: Option<PartnerId>,
    /// On which day.
    pub compared_on: NaiveDate,
    /// How well they agree, 0 not at all to 10 completely.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub accounts_agree: u8,
    /// How well they feel understood, 0 not at all to 10 completely.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub felt_understood: u8,
    /// Where the accounts still differ.
    #[schema(required = true, max_length = 10_000)]
    pub difference: Option<String>,
}

/// A question, its last answer, and what the asker makes of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QuestionWork {
    /// The entry.
    pub question_id: EntryId,
    /// Who asked.
    #[schema(required = true)]
    pub asked_by: Option<PartnerId>,
    /// On which day.
    pub asked_on: NaiveDate,
    /// The question.
    #[schema(max_length = 10_000)]
    pub question: String,
    /// Why it matters to them.
    #[schema(required = true, max_length = 10_000)]
    pub reason: Option<String>,
    /// Where it stands.
    pub state: QuestionState,
    /// The entry of the last answer.
    #[schema(required = true)]
    pub answer_id: Option<EntryId>,
    /// The last answer.
    #[schema(required = true, max_length = 10_000)]
    pub answer: Option<String>,
    /// Whether the asker is satisfied with it; null until they say so.
    #[schema(required = true)]
    pub satisfied: Option<QuestionSatisfied>,
    /// How well the asker felt understood, 0 not at all to 10 completely; null until they say so.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub felt_understood: Option<u8>,
    /// What is still open, in the asker's words.
    #[schema(required = true, max_length = 10_000)]
    pub still_open: Option<String>,
}

/// An event of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelineWork {
    /// The entry.
    pub entry_id: EntryId,
    /// When it happened.
    pub happened_on: NaiveDate,
    /// Whether both are sure of the day.
    pub day_is_certain: bool,
    /// What happened.
    #[schema(max_length = 500)]
    pub event: String,
    /// What else belongs to it.
    #[schema(required = true, max_length = 10_000)]
    pub detail: Option<String>,
}

/// What one partner has not told the other yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UndisclosedWork {
    /// The entry.
    pub entry_id: EntryId,
    /// Who keeps it.
    #[schema(required = true)]
    pub kept_by: Option<PartnerId>,
    /// On which day they wrote it.
    pub written_on: NaiveDate,
    /// What it is.
    #[schema(max_length = 10_000)]
    pub undisclosed: String,
    /// What keeps them from telling it.
    #[schema(required = true, max_length = 10_000)]
    pub hindrance: Option<String>,
}

impl RootCauseWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let questions: Vec<_> = input.all().map(|(entry, asked)| QuestionWork::of(input, entry, asked)).collect();
        let open_questions = questions.iter().filter(|question| question.state == QuestionState::Open).count();
        let mut timeline: Vec<_> = input.all().map(TimelineWork::of).collect();
        timeline.sort_by_key(|event| (event.happened_on, event.entry_id));
        let comparisons: Vec<_> = input.last_of_each().into_iter().map(ComparisonWork::of).collect();
        Self {
            accounts: input.last_of_each().into_iter().map(AccountWork::of).collect(),
            impacts: input.last_of_each().into_iter().map(ImpactWork::of).collect(),
            questions,
            open_questions,
            timeline,
            accounts_gap: ComparisonWork::gap(&comparisons),
            ratings_apart: ComparisonWork::apart(&comparisons),
            comparisons,
            undisclosed: input.all().map(UndisclosedWork::of).collect(),
        }
    }
}

impl AccountWork {
    fn of((entry, told): (&Entry, &RootCauseAccount)) -> Self {
        let RootCauseAccount { account, responsibility, contributing_factors, understood_since } = told.clone();
        let (account_id, told_by, told_on, number) = (entry.id, entry.by(), entry.recorded_on, entry.number);
        Self { account_id, told_by, told_on, number, account, responsibility, contributing_factors, understood_since }
    }
}

impl ImpactWork {
    fn of((entry, told): (&Entry, &RootCauseImpact)) -> Self {
        let RootCauseImpact { impact, emotions, needs } = told.clone();
        Self { impact_id: entry.id, told_by: entry.by(), told_on: entry.recorded_on, impact, emotions, needs }
    }
}

impl ComparisonWork {
    fn of((entry, compared): (&Entry, &RootCauseComparison)) -> Self {
        let RootCauseComparison { accounts_agree, felt_understood, difference } = compared.clone();
        let (comparison_id, compared_by, compared_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { comparison_id, compared_by, compared_on, accounts_agree, felt_understood, difference }
    }

    fn gap(comparisons: &[Self]) -> Option<f64> {
        let sum: f64 = comparisons.iter().map(|rated| 10.0 - f64::from(rated.accounts_agree)).sum();
        u32::try_from(comparisons.len()).ok().filter(|n| *n > 0).map(|n| sum / f64::from(n))
    }

    fn apart(comparisons: &[Self]) -> Option<u8> {
        let mut ratings =
            comparisons.iter().filter(|rated| rated.compared_by.is_some()).map(|rated| rated.accounts_agree);
        ratings.next().zip(ratings.next()).map(|(one, other)| one.abs_diff(other))
    }
}

impl QuestionWork {
    fn of(input: WorkInput<'_>, entry: &Entry, asked: &RootCauseQuestion) -> Self {
        let answer = input.all::<RootCauseAnswer>().rfind(|(_, answer)| answer.question_id == Some(entry.id));
        let heard = answer.and_then(|(of, _)| {
            input.all::<RootCauseAnswerHeard>().map(|(_, heard)| heard).rfind(|heard| heard.answer_id == Some(of.id))
        });
        let state = match (answer, heard) {
            (None, _) => QuestionState::Open,
            (_, Some(heard)) if heard.satisfied == QuestionSatisfied::Yes => QuestionState::Satisfied,
            _ => QuestionState::Answered,
        };
        Self {
            question_id: entry.id,
            asked_by: entry.by(),
            asked_on: entry.recorded_on,
            question: asked.question.clone(),
            reason: asked.reason.clone(),
            state,
            answer_id: answer.map(|(entry, _)| entry.id),
            answer: answer.map(|(_, answer)| answer.answer.clone()),
            satisfied: heard.map(|heard| heard.satisfied),
            felt_understood: heard.map(|heard| heard.felt_understood),
            still_open: heard.and_then(|heard| heard.still_open.clone()),
        }
    }
}

impl TimelineWork {
    fn of((entry, event): (&Entry, &RootCauseTimelineEvent)) -> Self {
        let RootCauseTimelineEvent { happened_on, day_is_certain, event, detail } = event.clone();
        Self { entry_id: entry.id, happened_on, day_is_certain, event, detail }
    }
}

impl UndisclosedWork {
    fn of((entry, kept): (&Entry, &RootCauseUndisclosed)) -> Self {
        let RootCauseUndisclosed { undisclosed, hindrance } = kept.clone();
        let (kept_by, written_on) = (entry.by(), entry.recorded_on);
        Self { entry_id: entry.id, kept_by, written_on, undisclosed, hindrance }
    }
}

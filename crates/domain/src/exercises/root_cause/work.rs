//! Where a couple stands with exercise 1: which questions are open, and the timeline in order.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{QuestionSatisfied, RootCauseAnswer, RootCauseAnswerHeard, RootCauseQuestion, RootCauseTimelineEvent};
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

/// Questions and timeline of a couple.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RootCauseWork {
    /// Every question that was asked, the first one first.
    #[schema(max_items = 2000)]
    pub questions: Vec<QuestionWork>,
    /// How many of these nobody has answered.
    #[schema(value_type = i32, minimum = 0)]
    pub open_questions: usize,
    /// The events that both agree on, in the order in which they happened.
    #[schema(max_items = 2000)]
    pub timeline: Vec<TimelineWork>,
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
}

impl RootCauseWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let questions: Vec<_> = input.all().map(|(entry, asked)| QuestionWork::of(input, entry, asked)).collect();
        let open_questions = questions.iter().filter(|question| question.state == QuestionState::Open).count();
        let mut timeline: Vec<_> = input.all().map(TimelineWork::of).collect();
        timeline.sort_by_key(|event| (event.happened_on, event.entry_id));
        Self { questions, open_questions, timeline }
    }
}

impl QuestionWork {
    fn of(input: WorkInput<'_>, entry: &Entry, asked: &RootCauseQuestion) -> Self {
        let answer = input.all::<RootCauseAnswer>().rfind(|(_, answer)| answer.question_id == entry.id);
        let heard = answer.and_then(|(of, _)| {
            input.all::<RootCauseAnswerHeard>().map(|(_, heard)| heard).rfind(|heard| heard.answer_id == of.id)
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
            state,
            answer_id: answer.map(|(entry, _)| entry.id),
            answer: answer.map(|(_, answer)| answer.answer.clone()),
            satisfied: heard.map(|heard| heard.satisfied),
            still_open: heard.and_then(|heard| heard.still_open.clone()),
        }
    }
}

impl TimelineWork {
    fn of((entry, event): (&Entry, &RootCauseTimelineEvent)) -> Self {
        let RootCauseTimelineEvent { happened_on, day_is_certain, event, .. } = event.clone();
        Self { entry_id: entry.id, happened_on, day_is_certain, event }
    }
}

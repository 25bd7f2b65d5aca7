//! Exercise 1: why trust broke, told by each alone and then laid side by side. An explanation is not an excuse.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::{day, id},
    form::{Form, KindVisibility, Writer, expect, lines, present},
    measure::{Measure, Reading},
    reference::{Reference, Whose},
    rhythm::Rhythm,
};
use crate::{ids::EntryId, visibility::Visibility, vocabulary::word};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::RootCause,
    number: 1,
    version: 1,
    title: "Why trust broke",
    purpose: "To understand what happened and why, well enough that both of you could tell it the same way.",
    steps: &[
        "Each of you writes alone: one what happened and why, the other what it did to you.",
        "When both are ready, read what the other wrote. Reading is enough for the first day.",
        "Ask what you still need to know, one question at a time.",
        "Answer each question in full. The one who asked says whether it is answered.",
        "Put the events in order together.",
    ],
    prompts: &[
        "What was going on in your life before this began?",
        "What do you understand now that you did not understand then?",
        "Which question would let you rest if it were answered?",
    ],
    defaults: Defaults {
        mode: Mode::Parallel,
        cadence: None,
        visibility: Visibility::RevealTogether,
        can_be_overdue: true,
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::ProfessionalHelp],
    },
    rhythms: &[
        Rhythm::of(&[Kind::RootCauseAccount, Kind::RootCauseImpact], "Once, and again when there is more to say"),
        Rhythm::of(&[Kind::RootCauseQuestion, Kind::RootCauseAnswer], "One question at a time, as they come up"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::RootCause),
};

/// What the partner who broke the trust says happened, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseAccount {
    /// What happened? Tell it plainly, from the beginning.
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub account: String,
    /// Which parts of it were your choice?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub responsibility: String,
    /// What helped it happen? An explanation, not an excuse.
    #[serde(default)]
    #[schema(max_items = 10, min_length = 1, max_length = 500)]
    #[validate(length(max = 10), custom(function = lines))]
    pub contributing_factors: Vec<String>,
    /// What do you understand now that you did not then?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub understood_since: Option<String>,
}

impl Form for RootCauseAccount {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::REVEAL_TOGETHER;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            account: "I hid a loan from you for a year.".into(),
            responsibility: "I chose not to tell you, again and again.".into(),
            contributing_factors: vec!["I was afraid of your disappointment.".into()],
            understood_since: None,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::AccountsGiven.one()]
    }
}

word! {
    /// A feeling that a breach of trust commonly leaves.
    Emotion {
        /// Anger.
        Anger = "anger",
        /// Sadness.
        Sadness = "sadness",
        /// Fear.
        Fear = "fear",
        /// Shame.
        Shame = "shame",
        /// Disgust.
        Disgust = "disgust",
        /// Grief.
        Grief = "grief",
        /// Loneliness.
        Loneliness = "loneliness",
        /// Jealousy.
        Jealousy = "jealousy",
        /// Confusion.
        Confusion = "confusion",
        /// Feeling nothing at all.
        Numbness = "numbness",
        /// Relief.
        Relief = "relief",
        /// Another feeling; the words say which.
        Other = "other",
    }
}

/// A feeling, and how strong it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EmotionFelt {
    /// What do you feel?
    pub emotion: Emotion,
    /// How strong is it? 0 barely there, 10 overwhelming.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub intensity: u8,
    /// Say it in your own words, if you like.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false)]
    #[validate(length(min = 1, max = 500))]
    pub in_your_words: Option<String>,
}

/// What the breach did to the partner who was hurt, and what they need now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = each_feeling_once))]
pub struct RootCauseImpact {
    /// What did it change for you?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub impact: String,
    /// What do you feel about it, and how strongly?
    #[schema(min_items = 1, max_items = 12)]
    #[validate(length(min = 1, max = 12), nested)]
    pub emotions: Vec<EmotionFelt>,
    /// What do you need now? The most important first.
    #[serde(default)]
    #[schema(max_items = 10, min_length = 1, max_length = 500)]
    #[validate(length(max = 10), custom(function = lines))]
    pub needs: Vec<String>,
}

impl Form for RootCauseImpact {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::REVEAL_TOGETHER;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            impact: "I stopped believing what you tell me about money.".into(),
            emotions: vec![EmotionFelt { emotion: Emotion::Anger, intensity: 7, in_your_words: None }],
            needs: vec!["To see our accounts together.".into()],
        }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::AccountsGiven.one()]
    }
}

fn each_feeling_once(impact: &RootCauseImpact) -> Result<(), ValidationError> {
    let mut named: Vec<_> = impact.emotions.iter().map(|felt| felt.emotion).collect();
    named.retain(|emotion| *emotion != Emotion::Other);
    let count = named.len();
    named.sort_unstable_by_key(|emotion| *emotion as u8);
    named.dedup();
    expect(named.len() == count, "emotions", "each feeling is named once")
}

/// One open question about what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseQuestion {
    /// What do you need to know?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub question: String,
    /// Why does it matter to you?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub reason: Option<String>,
}

impl Form for RootCauseQuestion {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { question: "Who else knew?".into(), reason: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::QuestionsAsked.one()]
    }
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseAnswer {
    /// The question this answers.
    #[schema(required = true)]
    #[validate(required)]
    pub question_id: Option<EntryId>,
    /// Your answer, complete and plain.
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub answer: String,
}

impl Form for RootCauseAnswer {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { question_id: Some(id()), answer: "Only my brother. I told him in May.".into() }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::QuestionsAnswered.one()]
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("question_id", self.question_id, Kind::RootCauseQuestion, Whose::TheOthers)
    }
}

word! {
    /// Whether an answer answered the question, as its asker sees it.
    QuestionSatisfied {
        /// The question is answered.
        Yes = "yes",
        /// Something is still open.
        Partly = "partly",
        /// The question is still open.
        No = "no",
    }
}

/// What the asker makes of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseAnswerHeard {
    /// The answer this is about.
    #[schema(required = true)]
    #[validate(required)]
    pub answer_id: Option<EntryId>,
    /// Does this answer your question?
    pub satisfied: QuestionSatisfied,
    /// How well did you feel understood? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub felt_understood: u8,
    /// What is still open?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub still_open: Option<String>,
}

impl Form for RootCauseAnswerHeard {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            answer_id: Some(id()),
            satisfied: QuestionSatisfied::Partly,
            felt_understood: 6,
            still_open: Some("When did he learn of it?".into()),
        }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![
            Measure::QuestionsSatisfied.share(self.satisfied == QuestionSatisfied::Yes),
            Measure::FeltUnderstood.of(self.felt_understood),
        ]
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("answer_id", self.answer_id, Kind::RootCauseAnswer, Whose::TheOthers)
    }
}

/// One event of the timeline that both can agree on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseTimelineEvent {
    /// When did it happen? If unsure, the nearest day you both accept.
    pub happened_on: NaiveDate,
    /// Are you both sure of the day?
    pub day_is_certain: bool,
    /// What happened, in a sentence.
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub event: String,
    /// What else belongs to it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub detail: Option<String>,
}

impl Form for RootCauseTimelineEvent {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            happened_on: day(2, 14),
            day_is_certain: true,
            event: "The letter from the bank arrived.".into(),
            detail: None,
        }
    }

    fn check_on(&self, day: NaiveDate) -> Result<(), ValidationError> {
        expect(self.happened_on <= day, "happened_on", "it happened on the day of this entry, or before")
    }
}

/// How far apart the two accounts still are, as one partner sees it after reading both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseComparison {
    /// How well do your two accounts agree by now? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub accounts_agree: u8,
    /// How well do you feel understood? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub felt_understood: u8,
    /// Where do they still differ?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub difference: Option<String>,
}

impl Form for RootCauseComparison {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::REVEAL_TOGETHER;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { accounts_agree: 5, felt_understood: 6, difference: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::AccountsAgree.of(self.accounts_agree), Measure::FeltUnderstood.of(self.felt_understood)]
    }
}

/// What has not been told yet. A kind of its own, so that no choice of visibility could ever disclose it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RootCauseUndisclosed {
    /// What have you not told yet?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub undisclosed: String,
    /// What keeps you from telling it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub hindrance: Option<String>,
}

impl Form for RootCauseUndisclosed {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::COUNSELOR_ONLY;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { undisclosed: "There is a second account.".into(), hindrance: None }
    }
}

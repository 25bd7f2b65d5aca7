//! Exercise 2: an apology with its three parts, in as many drafts as it takes. Whether it is accepted is never
//! measured.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::id,
    form::{Form, KindVisibility, Writer, expect, present},
    measure::{Measure, Reading},
    reference::{Reference, Whose},
};
use crate::{ids::EntryId, visibility::Visibility, vocabulary::word};

word! {
    /// A part of an apology: a field of its draft.
    ApologyPart {
        /// What was done, and how it hurt.
        Acknowledgement = "acknowledgement",
        /// What the writer feels about it.
        Remorse = "remorse",
        /// What will be different.
        Commitment = "commitment",
        /// How it came about.
        Explanation = "explanation",
        /// What could make up for it.
        RepairOffer = "repair_offer",
        /// How forgiveness is asked for.
        ForgivenessRequest = "forgiveness_request",
    }
}

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::Apology,
    number: 2,
    version: 1,
    title: "A full apology",
    purpose: "To take responsibility in words that the other can believe.",
    steps: &[
        "Write what you did and how it hurt, with no but and no if.",
        "Say what you feel about having done it.",
        "Say what you will do differently from now on.",
        "Go over the draft with your counselor before you give it.",
        "The one who was hurt answers later, alone, and owes no particular answer.",
    ],
    prompts: &[
        "What exactly are you sorry for?",
        "What did it cost the other?",
        "What will the other be able to see change?",
    ],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: None,
        visibility: Visibility::CounselorOnly,
        can_be_overdue: true,
        needs_safety_clear: false,
        prerequisites: &[Slug::RootCause],
    },
    kinds: Kind::of(Slug::Apology),
};

/// One draft of an apology. A draft may miss parts; giving it means widening its visibility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
pub struct ApologyDraft {
    /// What did you do, and how did it hurt?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub acknowledgement: Option<String>,
    /// What do you feel about having done it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub remorse: Option<String>,
    /// What will you do differently?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub commitment: Option<String>,
    /// How did it come about? Optional, and never in place of the three parts.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub explanation: Option<String>,
    /// What could you do to make up for it? It can become a promise.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub repair_offer: Option<String>,
    /// If you want to ask for forgiveness, how would you ask?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub forgiveness_request: Option<String>,
}

impl Form for ApologyDraft {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            acknowledgement: Some("I lied to you about the loan, and you had to hear it from the bank.".into()),
            remorse: Some("I am ashamed, and I am sorry.".into()),
            commitment: Some("I will show you our accounts on the first of each month.".into()),
            explanation: None,
            repair_offer: None,
            forgiveness_request: None,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::ApologyDrafts.one(), Measure::ApologyParts.of(self.parts_covered())]
    }
}

impl ApologyDraft {
    /// How many of the three parts it has: acknowledgement, remorse, commitment.
    pub fn parts_covered(&self) -> u8 {
        [&self.acknowledgement, &self.remorse, &self.commitment].into_iter().map(|part| u8::from(part.is_some())).sum()
    }

    /// The parts that are written, with their texts, in the order of the form.
    pub fn written(&self) -> impl Iterator<Item = (ApologyPart, &str)> {
        let parts = [
            (ApologyPart::Acknowledgement, &self.acknowledgement),
            (ApologyPart::Remorse, &self.remorse),
            (ApologyPart::Commitment, &self.commitment),
            (ApologyPart::Explanation, &self.explanation),
            (ApologyPart::RepairOffer, &self.repair_offer),
            (ApologyPart::ForgivenessRequest, &self.forgiveness_request),
        ];
        parts.into_iter().filter_map(|(part, text)| Some((part, text.as_deref()?)))
    }
}

fn says_something(draft: &ApologyDraft) -> Result<(), ValidationError> {
    expect(draft.parts_covered() > 0, "acknowledgement", "write at least one of the three parts")
}

/// A round of coaching on a draft. What the writer should read goes into the review of their entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApologyCoaching {
    /// The draft this is about.
    pub draft_id: EntryId,
    /// What works, and what does not yet?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub observation: String,
    /// Is it ready to be given?
    pub ready_to_deliver: bool,
}

impl Form for ApologyCoaching {
    const WRITER: Writer = Writer::Counselor;
    const VISIBILITY: KindVisibility = KindVisibility::COUNSELOR_ONLY;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { draft_id: id(), observation: "The commitment is still vague.".into(), ready_to_deliver: false }
    }

    fn references(&self) -> Vec<Reference> {
        vec![Reference::entry("draft_id", self.draft_id, Kind::ApologyDraft, Whose::Anyones)]
    }
}

/// Whether one part of an apology came across.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartHeard {
    /// It came across.
    Yes,
    /// Some of it did.
    Partly,
    /// It did not.
    No,
}

/// What the hurt partner answers, for now. None of the three is a pass mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApologyAnswer {
    /// The apology is accepted.
    Accepted,
    /// Something is missing.
    NeedsMore,
    /// No answer now, which is an answer.
    NotNow,
}

/// How an apology was received, written later and alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApologyResponse {
    /// The apology this answers.
    pub apology_id: EntryId,
    /// Did you hear what was done and how it hurt you?
    pub acknowledgement_heard: PartHeard,
    /// Did you hear that the other is sorry?
    pub remorse_heard: PartHeard,
    /// Did you hear what will change?
    pub commitment_heard: PartHeard,
    /// How sincere did it feel? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub sincerity: u8,
    /// What is missing?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub missing: Option<String>,
    /// Where does this leave you, for now? Any answer is fine.
    pub answer: ApologyAnswer,
}

impl Form for ApologyResponse {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            apology_id: id(),
            acknowledgement_heard: PartHeard::Yes,
            remorse_heard: PartHeard::Partly,
            commitment_heard: PartHeard::Yes,
            sincerity: 6,
            missing: None,
            answer: ApologyAnswer::NotNow,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Sincerity.of(self.sincerity)]
    }

    fn references(&self) -> Vec<Reference> {
        vec![Reference::entry("apology_id", self.apology_id, Kind::ApologyDraft, Whose::TheOthers)]
    }
}

//! Exercise 2: an apology with its three parts, in as many drafts as it takes. Whether it is accepted is never
//! measured.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::{day, id},
    form::{Form, KindVisibility, Writer, expect, present},
    history::{History, names},
    measure::{Measure, Reading},
    reference::{Reference, Whose},
    rhythm::Rhythm,
};
use crate::{
    entry::{Entry, UnknownReference},
    ids::EntryId,
    visibility::Visibility,
    vocabulary::word,
};

mod work;

pub use work::*;

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

impl ApologyPart {
    /// The three without which an apology is not whole.
    pub const ASKED_FOR: [Self; 3] = [Self::Acknowledgement, Self::Remorse, Self::Commitment];
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
        "Go over the draft with your counselor, as often as it takes, until you both say it is ready.",
        "Open it to the other and give it: read it aloud, or hand it over as a letter.",
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
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::RootCause],
    },
    rhythms: &[
        Rhythm::of(&[Kind::ApologyDraft], "Once, in as many drafts as it takes"),
        Rhythm::of(&[Kind::ApologyResponse], "Later, alone, in your own time"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::Apology),
};

/// One draft of an apology. A draft may miss parts. To give it, its author opens it to the other and records the delivery.
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
    const FOLLOWS: &'static [Kind] = &[Kind::ApologyDelivery];

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

    fn settled_by(draft: EntryId, history: &History) -> Option<&'static str> {
        let words = "this apology was given as it stands; to say more, or to say it differently, write a new draft";
        was_given(draft, history).then_some(words)
    }
}

impl ApologyDraft {
    /// Which of the three parts it has.
    pub fn parts(&self) -> impl Iterator<Item = ApologyPart> {
        self.written().map(|(part, _)| part).filter(|part| ApologyPart::ASKED_FOR.contains(part))
    }

    /// How many of the three parts it has, 0 to 3.
    pub fn parts_covered(&self) -> u8 {
        self.parts().map(|_| 1).sum()
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

/// A round of coaching on a draft. Its writer is told that it took place and whether the draft is ready; what they should read goes into
/// the review of their entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = names_what_is_ready))]
pub struct ApologyCoaching {
    /// The draft this is about.
    #[schema(required = true)]
    #[validate(required)]
    pub draft_id: Option<EntryId>,
    /// What works, and what does not yet?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub observation: String,
    /// Which version of the draft did you read? Needed to say that it is ready; if it is corrected after that, say so again.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    #[validate(range(min = 1, max = 1000))]
    pub draft_version: Option<u16>,
    /// Is it ready to be given?
    pub ready_to_deliver: bool,
}

impl ApologyCoaching {
    /// Whether it says that a draft, as it stands, is ready.
    fn clears(&self, draft: &Entry) -> bool {
        let as_it_stands = i32::from(self.draft_version.unwrap_or(1)) == draft.number;
        self.draft_id == Some(draft.id) && self.ready_to_deliver && as_it_stands
    }
}

fn names_what_is_ready(round: &ApologyCoaching) -> Result<(), ValidationError> {
    let named = !round.ready_to_deliver || round.draft_version.is_some();
    expect(named, "draft_version", "name the version that is ready")
}

/// Whether the last round of coaching on a draft says that it is ready, as it stands.
fn is_ready<'c>(draft: &Entry, rounds: impl DoubleEndedIterator<Item = (&'c Entry, &'c ApologyCoaching)>) -> bool {
    let mut last_first = rounds.rev().map(|(_, round)| round);
    last_first.find(|round| round.draft_id == Some(draft.id)).is_some_and(|round| round.clears(draft))
}

impl Form for ApologyCoaching {
    const WRITER: Writer = Writer::Counselor;
    const VISIBILITY: KindVisibility = KindVisibility::COUNSELOR_ONLY;
    const LASTS: bool = true;
    const FOLLOWS: &'static [Kind] = &[Kind::ApologyDraft];

    fn example() -> Self {
        Self {
            draft_id: Some(id()),
            observation: "All three parts are there, and no but.".into(),
            draft_version: Some(1),
            ready_to_deliver: true,
        }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("draft_id", self.draft_id, Kind::ApologyDraft, Whose::Anyones)
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let draft = history.all::<ApologyDraft>().map(|(draft, _)| draft).find(|draft| Some(draft.id) == self.draft_id);
        let is_there = |version: u16| draft.is_none_or(|draft| i32::from(version) <= draft.number);
        names(
            self.draft_version.is_none_or(is_there),
            "draft_version",
            "a version that the draft has, up to its number",
        )
    }
}

word! {
    /// How an apology reached the other.
    DeliveryWay {
        /// Read aloud, the two of you alone.
        ReadAloud = "read_aloud",
        /// Read aloud or spoken in a session.
        InSession = "in_session",
        /// As a letter or a message.
        Letter = "letter",
        /// In another way.
        Other = "other",
    }
}

/// An apology was given. Its draft is ready in the counselor's eyes, and open to the other partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApologyDelivery {
    /// The draft that was given.
    #[schema(required = true)]
    #[validate(required)]
    pub draft_id: Option<EntryId>,
    /// How did you give it?
    pub how: DeliveryWay,
    /// On which day?
    pub delivered_on: NaiveDate,
    /// What would you like to remember of it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for ApologyDelivery {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::BETWEEN_THEM;
    const LASTS: bool = true;
    const FOLLOWS: &'static [Kind] = &[Kind::ApologyDraft, Kind::ApologyCoaching, Kind::ApologyDelivery];

    fn example() -> Self {
        Self { draft_id: Some(id()), how: DeliveryWay::InSession, delivered_on: day(3, 2), note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::ApologiesGiven.one()]
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("draft_id", self.draft_id, Kind::ApologyDraft, Whose::Own)
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let draft = history.all::<ApologyDraft>().map(|(draft, _)| draft).find(|draft| Some(draft.id) == self.draft_id);
        let ready = draft.is_some_and(|draft| is_ready(draft, history.all()));
        names(ready, "draft_id", "a draft that a counselor has said is ready to be given, as it stands")?;
        let open = draft.is_some_and(|draft| draft.visibility == Visibility::Shared);
        names(
            open,
            "draft_id",
            "a draft that its author has opened to the other partner; set its visibility to shared",
        )?;
        names(
            !self.draft_id.is_some_and(|draft| was_given(draft, history)),
            "draft_id",
            "a draft that was not given yet",
        )
    }

    fn check_on(&self, day: NaiveDate) -> Result<(), ValidationError> {
        expect(self.delivered_on <= day, "delivered_on", "it was given on the day of this entry, or before")
    }
}

fn was_given(draft: EntryId, history: &History) -> bool {
    deliveries(Some(draft), history).next().is_some()
}

fn deliveries(draft: Option<EntryId>, history: &History) -> impl Iterator<Item = &ApologyDelivery> {
    history.all::<ApologyDelivery>().map(|(_, delivery)| delivery).filter(move |delivery| delivery.draft_id == draft)
}

word! {
    /// Whether one part of an apology came across.
    PartHeard {
        /// It came across.
        Yes = "yes",
        /// Some of it did.
        Partly = "partly",
        /// It did not.
        No = "no",
    }
}

word! {
    /// What the hurt partner answers, for now. None of the three is a pass mark.
    ApologyAnswer {
        /// The apology is accepted.
        Accepted = "accepted",
        /// Something is missing.
        NeedsMore = "needs_more",
        /// No answer now, which is an answer.
        NotNow = "not_now",
    }
}

/// How an apology was received, written later and alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApologyResponse {
    /// The apology this answers: the draft that was given.
    #[schema(required = true)]
    #[validate(required)]
    pub apology_id: Option<EntryId>,
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
    const FOLLOWS: &'static [Kind] = &[Kind::ApologyDelivery];

    fn example() -> Self {
        Self {
            apology_id: Some(id()),
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
        Reference::entry("apology_id", self.apology_id, Kind::ApologyDraft, Whose::TheOthers)
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let given = self.apology_id.is_some_and(|apology| was_given(apology, history));
        names(given, "apology_id", "an apology whose delivery is recorded")?;
        let heard = deliveries(self.apology_id, history).all(|delivery| delivery.delivered_on <= history.on);
        names(
            heard,
            "apology_id",
            "an apology that was given by the day of this entry; record it for that day or a later one",
        )
    }
}

//! Exercise 8: small acts that say one is staying. What each privately feels about staying is kept from the other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::id,
    form::{Form, KindVisibility, Writer, expect, present},
    measure::{Measure, Reading},
    reference::{Reference, ToldOnce, Whose},
    rhythm::Rhythm,
};
use crate::{ids::EntryId, visibility::Visibility, vocabulary::word};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::ReaffirmCommitment,
    number: 8,
    version: 1,
    title: "Choose each other again",
    purpose: "To show, in small ways and often, that you are in this.",
    steps: &[
        "Each day, do or say one small thing that shows you are staying.",
        "When you notice one from the other, say so.",
        "Once a month, each notes alone how it feels to stay.",
    ],
    prompts: &["What makes you feel chosen?", "Which small gesture would the other never expect?"],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: Some("FREQ=DAILY"),
        visibility: Visibility::Shared,
        can_be_overdue: true,
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::TransparentCommunication, Slug::Consistency, Slug::TimeAndSpace],
    },
    rhythms: &[
        Rhythm::of(&[Kind::CommitmentAct], "Something small each day").by("FREQ=DAILY"),
        Rhythm::of(&[Kind::ActNoticed], "A look each week at what reached you").by("FREQ=WEEKLY"),
        Rhythm::of(&[Kind::DedicationRating], "How it feels to stay, alone, each month").by("FREQ=MONTHLY"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::ReaffirmCommitment),
};

word! {
    /// What an act is made of.
    ActForm {
        /// Something said.
        Word = "word",
        /// Something done.
        Gesture = "gesture",
        /// Something written.
        Note = "note",
        /// Time given.
        Time = "time",
    }
}

word! {
    /// Whether an act was planned.
    ActPlanning {
        /// It was planned.
        Planned = "planned",
        /// It came by itself.
        Spontaneous = "spontaneous",
    }
}

/// A small act by which one partner shows they are staying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CommitmentAct {
    /// What did you do?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub act: String,
    /// What was it made of?
    pub form: ActForm,
    /// Was it planned?
    pub planning: ActPlanning,
}

impl Form for CommitmentAct {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { act: "Put a note in the lunch box.".into(), form: ActForm::Note, planning: ActPlanning::Spontaneous }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::CommitmentActs.one()]
    }
}

word! {
    /// When the receiver noticed an act.
    NoticedWhen {
        /// When it happened.
        AtTheTime = "at_the_time",
        /// Later, by themselves.
        Later = "later",
        /// Only when told.
        OnlyWhenTold = "only_when_told",
    }
}

/// How an act reached the other: one they noted, or one that nobody told of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_act))]
pub struct ActNoticed {
    /// The act, if the other has noted it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub act_id: Option<EntryId>,
    /// What was it, if the other has not noted it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false)]
    #[validate(length(min = 1, max = 500))]
    pub act: Option<String>,
    /// When did you notice it?
    pub noticed: NoticedWhen,
    /// How much did it mean to you? 0 nothing, 10 very much.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub meaning: u8,
}

impl Form for ActNoticed {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { act_id: Some(id()), act: None, noticed: NoticedWhen::AtTheTime, meaning: 8 }
    }

    fn readings(&self) -> Vec<Reading> {
        // What nobody told of was noticed by its nature, and would only raise the share of what was told.
        let noticed = self.act_id.map(|_| Measure::ActsNoticed.share(self.noticed != NoticedWhen::OnlyWhenTold));
        noticed.into_iter().chain([Measure::Meaning.of(self.meaning)]).collect()
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("act_id", self.act_id, Kind::CommitmentAct, Whose::TheOthers)
    }

    fn told_once(&self) -> Option<ToldOnce> {
        ToldOnce::about(self.references())
    }
}

fn one_act(noticed: &ActNoticed) -> Result<(), ValidationError> {
    let ActNoticed { act_id, act, noticed, .. } = noticed;
    expect(
        act_id.is_some() != act.is_some(),
        "act_id",
        "name the act that the other noted, or say which one you noticed",
    )?;
    let unaided = act_id.is_some() || *noticed != NoticedWhen::OnlyWhenTold;
    expect(unaided, "noticed", "an act that you were told of is one that the other noted, or notes now")
}

/// How it feels to stay, for one partner, once a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DedicationRating {
    /// How much do you want to be in this? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub dedication: u8,
    /// How much do you stay because leaving is too hard? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub feeling_stuck: u8,
    /// What would you like to add?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for DedicationRating {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { dedication: 7, feeling_stuck: 3, note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Dedication.of(self.dedication), Measure::FeelingStuck.of(self.feeling_stuck)]
    }
}

/// Doubts about staying, for the counselor alone. A kind of its own, so that it can never be shown by a slip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Ambivalence {
    /// What makes you doubt?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub doubts: String,
    /// What holds you?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub holds: Option<String>,
}

impl Form for Ambivalence {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::COUNSELOR_ONLY;

    fn example() -> Self {
        Self { doubts: "I am not sure that I want this.".into(), holds: None }
    }
}

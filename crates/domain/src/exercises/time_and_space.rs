//! Exercise 9: healing at its own pace. Nobody is ever late for it, and nothing here reminds anybody.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::{day, evening},
    form::{Form, KindVisibility, Writer, expect, lines, present},
    history::{History, names},
    measure::{Measure, Reading},
    reference::{Reference, Whose},
    rhythm::Rhythm,
};
use crate::{entry::UnknownReference, ids::EntryId, visibility::Visibility, vocabulary::word};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::TimeAndSpace,
    number: 9,
    version: 1,
    title: "Time and room to heal",
    purpose: "To give healing the time it takes, and each of you the room you need.",
    steps: &[
        "When something brings it all back, note it and what helped.",
        "Say when you need it slower, or faster. Both are fine.",
        "If it gets too much, take a time-out and say when you are back.",
        "Agree on room for each of you, and on a day to look at it again.",
        "Setbacks belong to it. Note them without blame.",
    ],
    prompts: &["What helps you to settle?", "How do you notice that you push?"],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: Some("FREQ=WEEKLY"),
        visibility: Visibility::CounselorOnly,
        can_be_overdue: false,
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::Apology],
    },
    rhythms: &[
        Rhythm::of(&[Kind::Trigger, Kind::TimeOut, Kind::Setback], "When it happens"),
        Rhythm::of(&[Kind::PaceWish, Kind::PatienceCheck], "A look at the pace each week").by("FREQ=WEEKLY"),
        Rhythm::of(&[Kind::SpaceAgreement], "When you need room, until the day to look at it again"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::TimeAndSpace),
};

/// A moment that brought the hurt back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// What brought it back?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub cue: String,
    /// How strong was it? 0 barely, 10 overwhelming.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub intensity: u8,
    /// About how many minutes did it take to settle?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10080, nullable = false)]
    #[validate(range(min = 0, max = 10080))]
    pub settled_after_minutes: Option<u16>,
    /// What helped?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub helped: Option<String>,
}

impl Form for Trigger {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { cue: "A letter from the bank".into(), intensity: 6, settled_after_minutes: Some(45), helped: None }
    }

    fn readings(&self) -> Vec<Reading> {
        let settled = self.settled_after_minutes.map(|minutes| Measure::MinutesToSettle.of(minutes));
        [Measure::Triggers.one(), Measure::TriggerIntensity.of(self.intensity)].into_iter().chain(settled).collect()
    }
}

word! {
    /// How fast the work should go.
    Pace {
        /// Slower than now.
        Slower = "slower",
        /// As now.
        Same = "same",
        /// Faster than now.
        Faster = "faster",
    }
}

/// How fast the hurt partner wants to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PaceWish {
    /// Which pace would be right for you?
    pub pace: Pace,
    /// How well was your last wish respected? 0 not at all, 10 completely.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10, nullable = false)]
    #[validate(range(min = 0, max = 10))]
    pub last_wish_respected: Option<u8>,
    /// What would help?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for PaceWish {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { pace: Pace::Slower, last_wish_respected: Some(7), note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        self.last_wish_respected.map(|rating| Measure::PaceRespected.of(rating)).into_iter().collect()
    }
}

/// A look of the partner who broke the trust at their own patience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PatienceCheck {
    /// How patient were you this week? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub patience: u8,
    /// How much did you push the other to be over it? 0 not at all, 10 a lot.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub pressure: u8,
    /// What makes patience hard, or easier?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for PatienceCheck {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { patience: 6, pressure: 2, note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Patience.of(self.patience), Measure::Pressure.of(self.pressure)]
    }
}

/// A pause one partner asked for, with its agreed return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = returns_after_asking))]
pub struct TimeOut {
    /// When was it asked for?
    pub asked_at: DateTime<Utc>,
    /// When did you agree to be back?
    pub return_by: DateTime<Utc>,
    /// When did you come back to it? Correct this entry once you have.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub returned_at: Option<DateTime<Utc>>,
}

impl Form for TimeOut {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { asked_at: evening(19, 10), return_by: evening(20, 10), returned_at: Some(evening(20, 0)) }
    }

    fn readings(&self) -> Vec<Reading> {
        let returned = self.returned_at.map(|at| Measure::TimeOutsKept.share(at <= self.return_by));
        [Measure::TimeOuts.one()].into_iter().chain(returned).collect()
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let has_come = |at: DateTime<Utc>| at <= history.now + CLOCKS_DIFFER;
        names(has_come(self.asked_at), "asked_at", "a time that has come")?;
        let is_back = self.returned_at.is_none_or(has_come);
        names(
            is_back,
            "returned_at",
            "a time that has come; leave it out until you are back, and correct this entry then",
        )
    }
}

/// By how much a phone's clock may be ahead.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(10);

fn returns_after_asking(time_out: &TimeOut) -> Result<(), ValidationError> {
    let TimeOut { asked_at, return_by, returned_at } = time_out;
    expect(return_by > asked_at, "return_by", "the agreed return comes after the asking")?;
    expect(returned_at.is_none_or(|at| at > *asked_at), "returned_at", "the return comes after the asking")
}

/// How much room each has, until the partners look at it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = reviewed_after_start))]
pub struct SpaceAgreement {
    /// What did you agree on? One thing a line.
    #[schema(min_items = 1, max_items = 10, min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 10), custom(function = lines))]
    pub limits: Vec<String>,
    /// From which day?
    pub starts_on: NaiveDate,
    /// When will you look at it again?
    pub review_on: NaiveDate,
    /// Until which day did it hold, if you let go of it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_on: Option<NaiveDate>,
    /// Which earlier agreement does it take the place of?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub replaces_id: Option<EntryId>,
}

impl Form for SpaceAgreement {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            limits: vec!["Thursday evenings apart".into()],
            starts_on: day(3, 2),
            review_on: day(3, 30),
            ended_on: None,
            replaces_id: None,
        }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("replaces_id", self.replaces_id, Kind::SpaceAgreement, Whose::Anyones)
    }
}

fn reviewed_after_start(agreement: &SpaceAgreement) -> Result<(), ValidationError> {
    let SpaceAgreement { starts_on, review_on, ended_on, .. } = agreement;
    expect(review_on > starts_on, "review_on", "the review comes after the start")?;
    expect(ended_on.is_none_or(|on| on >= *starts_on), "ended_on", "it ends on the day it starts, or later")
}

/// A step back, noted without blame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Setback {
    /// What happened?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub happened: String,
    /// What helped, or might have?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub helped: Option<String>,
    /// What is a small next step?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub next_step: Option<String>,
}

impl Form for Setback {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { happened: "We shouted again.".into(), helped: Some("A walk.".into()), next_step: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Setbacks.one()]
    }
}

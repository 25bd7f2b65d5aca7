//! Exercise 4: small promises kept for weeks. Promises live in a ledger of their own; here is what is said around them.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::{day, id},
    form::{Form, KindVisibility, Writer, expect, present},
    measure::{Measure, Reading},
    reference::{Reference, Target},
    rhythm::{Rhythm, Weeks},
};
use crate::{ids::PromiseId, visibility::Visibility};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::Consistency,
    number: 4,
    version: 1,
    title: "Keep small promises",
    purpose: "To let trust grow out of many small promises that are kept.",
    steps: &[
        "Make a few promises that are small, clear and yours to keep.",
        "If one will not work out, say so before it is due.",
        "Each day, tick what was due; the other confirms it.",
        "Notice effort, and say thank you for it.",
        "Once a week, look back together and plan the next.",
    ],
    prompts: &[
        "Which small thing, done each day, would the other notice?",
        "What did the other do this week that you can thank for?",
    ],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: Some("FREQ=DAILY"),
        visibility: Visibility::Shared,
        can_be_overdue: true,
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::Apology],
    },
    rhythms: &[
        Rhythm::of(&[], "A tick each day for what was due").by("FREQ=DAILY"),
        Rhythm::of(&[Kind::ConsistencyReview], "A look back together each week").by("FREQ=WEEKLY"),
        Rhythm::of(&[Kind::Appreciation], "A thank-you whenever you notice an effort"),
    ],
    weeks: Some(Weeks { from: 8, to: 12 }),
    kinds: Kind::of(Slug::Consistency),
};

/// A thank-you for an effort, whether or not it fully worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Appreciation {
    /// What did the other do that you would like to thank for?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub effort: String,
    /// The promise it belongs to, if any.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub promise_id: Option<PromiseId>,
}

impl Form for Appreciation {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { effort: "You called when the train was late.".into(), promise_id: Some(id()) }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Appreciations.one()]
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("promise_id", self.promise_id.map(Target::PromiseOfTheOther))
    }
}

/// A look back at one week of promises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyReview {
    /// Which week? Any day of it.
    pub week_of: NaiveDate,
    /// What went well?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub went_well: String,
    /// What was hard?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub was_hard: Option<String>,
    /// What will you keep, change or drop next week?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub next_week: Option<String>,
}

impl Form for ConsistencyReview {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { week_of: day(3, 2), went_well: "Every call was made.".into(), was_hard: None, next_week: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::WeeksReviewed.one()]
    }

    fn check_on(&self, day: NaiveDate) -> Result<(), ValidationError> {
        let begins = self.week_of.week(Weekday::Mon).first_day();
        expect(begins <= day, "week_of", "look back at the week of this entry, or at an earlier one")
    }
}

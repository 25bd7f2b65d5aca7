//! Exercise 3: talks in which both are heard, boundaries, and an openness that is agreed on and comes to an end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::id,
    form::{Form, KindVisibility, Writer, expect, present},
    measure::{Measure, Reading},
    reference::{Reference, Target, Whose},
    rhythm::{Per, Rhythm},
};
use crate::{
    ids::{EntryId, PartnerId},
    visibility::Visibility,
    vocabulary::word,
};

mod agreement;
mod work;

pub use agreement::*;
pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::TransparentCommunication,
    number: 3,
    version: 1,
    title: "Open talks",
    purpose: "To talk so that both of you are heard, and to agree on how open you want to be.",
    steps: &[
        "Pick one topic and a time. Twenty minutes are enough.",
        "Take turns: one speaks, the other says back what they heard.",
        "Either of you may ask for a time-out, and says when the talk goes on.",
        "Afterwards, each notes alone how it was.",
        "Agree on boundaries, and on openness that ends on a day.",
        "When its day has come, look at the agreement again: keep it, make it less, or end it.",
    ],
    prompts: &[
        "What would you like me to know about your day?",
        "What is hard to bring up with me?",
        "What would help you to believe me?",
    ],
    defaults: Defaults {
        mode: Mode::Joint,
        cadence: Some("FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        visibility: Visibility::Shared,
        can_be_overdue: true,
        needs_safety_in_every_mode: true,
        prerequisites: &[Slug::Apology],
    },
    rhythms: &[
        Rhythm::of(&[Kind::TalkLog, Kind::TalkReflection], "A talk, three times a week")
            .by("FREQ=WEEKLY;BYDAY=MO,WE,FR")
            .times(3, 3, Per::Week),
        Rhythm::of(&[Kind::TransparencyReview], "A look at the agreement, on the day it names"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::TransparentCommunication),
};

word! {
    /// Whether a talk was interrupted, and taken up again.
    TalkPause {
        /// Nobody asked for a time-out.
        None = "none",
        /// One was asked for, and the talk went on.
        Resumed = "resumed",
        /// One was asked for, and the talk did not go on.
        NotResumed = "not_resumed",
    }
}

/// A time-out in a talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TalkTimeOut {
    /// Who asked for it?
    pub asked_by: PartnerId,
    /// For how many minutes?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1440, nullable = false)]
    #[validate(range(min = 1, max = 1440))]
    pub break_minutes: Option<u16>,
    /// Did the talk go on afterwards?
    pub resumed: bool,
}

/// One talk the partners had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = tells_one_story))]
pub struct TalkLog {
    /// What did you talk about?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub topic: String,
    /// How many minutes did you talk?
    #[schema(minimum = 1, maximum = 480)]
    #[validate(range(min = 1, max = 480))]
    pub duration_minutes: u16,
    /// How often did the speaker change?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    #[validate(range(min = 1, max = 100))]
    pub turns: Option<u16>,
    /// Did one of you ask for a time-out, and did you resume?
    pub time_out: TalkPause,
    /// Who asked for a time-out, and did the talk go on? One line for each, in order.
    #[serde(default)]
    #[schema(max_items = 10)]
    #[validate(length(max = 10), nested)]
    pub time_outs: Vec<TalkTimeOut>,
}

impl Form for TalkLog {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self {
            topic: "The weekend at your parents".into(),
            duration_minutes: 20,
            turns: Some(6),
            time_out: TalkPause::Resumed,
            time_outs: vec![TalkTimeOut { asked_by: id(), break_minutes: Some(15), resumed: true }],
        }
    }

    fn readings(&self) -> Vec<Reading> {
        let turns = self.turns.map(|turns| Measure::TalkTurns.of(turns));
        [Measure::TalksHeld.one(), Measure::TalkMinutes.of(self.duration_minutes)].into_iter().chain(turns).collect()
    }

    fn references(&self) -> Vec<Reference> {
        let asker = |(at, time_out): (usize, &TalkTimeOut)| {
            Reference::to(&format!("time_outs/{at}/asked_by"), Some(Target::Partner(time_out.asked_by)))
        };
        self.time_outs.iter().enumerate().flat_map(asker).collect()
    }
}

/// The last of the time-outs decides whether the talk went on.
fn tells_one_story(talk: &TalkLog) -> Result<(), ValidationError> {
    let Some(last) = talk.time_outs.last() else { return Ok(()) };
    let told = if last.resumed { TalkPause::Resumed } else { TalkPause::NotResumed };
    expect(talk.time_out == told, "time_out", "says whether the talk went on after the last time-out")
}

/// How a talk was for one partner. Nobody rates for the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TalkReflection {
    /// The talk this is about.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub talk_id: Option<EntryId>,
    /// How well did you feel heard? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub felt_heard: u8,
    /// How safe did you feel to speak? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub felt_safe: u8,
    /// How well were your boundaries respected? 0 not at all, 10 completely.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10, nullable = false)]
    #[validate(range(min = 0, max = 10))]
    pub boundaries_respected: Option<u8>,
    /// What would you like to keep from it, or change?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for TalkReflection {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::REVEAL_TOGETHER;
    const OF_ITS_RECORD: bool = true;

    fn example() -> Self {
        Self { talk_id: Some(id()), felt_heard: 7, felt_safe: 8, boundaries_respected: None, note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        let boundaries = self.boundaries_respected.map(|rating| Measure::BoundariesRespected.of(rating));
        let felt = [Measure::FeltHeard.of(self.felt_heard), Measure::FeltSafe.of(self.felt_safe)];
        felt.into_iter().chain(boundaries).collect()
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("talk_id", self.talk_id, Kind::TalkLog, Whose::Anyones)
    }
}

/// A limit both agree to keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Boundary {
    /// What is the limit?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub boundary: String,
    /// What does it protect?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub reason: Option<String>,
    /// What do you do when it is crossed?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub when_crossed: Option<String>,
}

impl Form for Boundary {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            boundary: "We do not read each other's messages without asking.".into(),
            reason: None,
            when_crossed: None,
        }
    }
}

word! {
    /// Whether somebody had to ask.
    Prompting {
        /// Told without being asked.
        Unprompted = "unprompted",
        /// Told when asked.
        Asked = "asked",
    }
}

/// Something the partner who broke the trust told the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct VolunteeredInformation {
    /// What did you tell?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub information: String,
    /// Did you tell it unasked?
    pub prompting: Prompting,
}

impl Form for VolunteeredInformation {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;

    fn example() -> Self {
        Self { information: "I ran into her at the station today.".into(), prompting: Prompting::Unprompted }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Disclosures.one(), Measure::UnpromptedDisclosures.share(self.prompting == Prompting::Unprompted)]
    }
}

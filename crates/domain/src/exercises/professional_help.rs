//! Exercise 7: the work with the counselor itself, from what each hopes for to what each says of a session.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    example::{day, id},
    form::{Form, KindVisibility, Writer, expect, lines, present},
    measure::{Measure, Reading},
    reference::{Reference, Target, Whose},
    rhythm::Rhythm,
};
use crate::{
    ids::{EntryId, PartnerId, SessionId},
    visibility::Visibility,
};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::ProfessionalHelp,
    number: 7,
    version: 1,
    title: "Work with your counselor",
    purpose: "To make the sessions yours: know what you want from them, and say whether they help.",
    steps: &[
        "Each writes down goals and worries, the most important first.",
        "Before a session, take a minute for the short check.",
        "Note what you would like to bring up.",
        "After a session, say honestly whether it helped.",
    ],
    prompts: &["How would you notice that this work was worth it?", "What must not happen in a session?"],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: None,
        visibility: Visibility::CounselorOnly,
        can_be_overdue: true,
        needs_safety_in_every_mode: false,
        prerequisites: &[],
    },
    rhythms: &[
        Rhythm::of(&[Kind::Goal, Kind::Concern], "At the start, and when they change"),
        Rhythm::of(&[Kind::Pulse, Kind::BringToSession], "Before each session"),
        Rhythm::of(&[Kind::SessionFeedback], "After each session"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::ProfessionalHelp),
};

/// Something one partner wants from the work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// What do you want to be different?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub goal: String,
    /// How important is it among your goals? 1 is the most important. An earlier goal of the same rank comes after it.
    #[schema(minimum = 1, maximum = 10)]
    #[validate(range(min = 1, max = 10))]
    pub rank: u8,
    /// How would you notice that you got there?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub sign: Option<String>,
}

impl Form for Goal {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { goal: "To speak about money without fighting.".into(), rank: 1, sign: None }
    }
}

/// A worry of one partner, about the couple or about the work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// What worries you?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub concern: String,
    /// How heavy is it? 0 light, 10 hard to bear.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub weight: u8,
    /// How ready do you feel to work on it? 0 not yet, 10 now.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10, nullable = false)]
    #[validate(range(min = 0, max = 10))]
    pub readiness: Option<u8>,
}

impl Form for Concern {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { concern: "That we only come here to part politely.".into(), weight: 6, readiness: Some(7) }
    }

    fn readings(&self) -> Vec<Reading> {
        let readiness = self.readiness.map(|rating| Measure::Readiness.of(rating));
        [Measure::ConcernWeight.of(self.weight)].into_iter().chain(readiness).collect()
    }
}

/// A short check by one partner, before a session or weekly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Pulse {
    /// How much do you trust the other today? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub trust: u8,
    /// How safe do you feel with the other? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub safety: u8,
    /// How close do you feel? 0 not at all, 10 very close.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub closeness: u8,
    /// How hopeful are you for the two of you? 0 not at all, 10 very.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub hope: u8,
    /// What should your counselor know?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for Pulse {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { trust: 5, safety: 8, closeness: 4, hope: 6, note: None }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![
            Measure::Trust.of(self.trust),
            Measure::Safety.of(self.safety),
            Measure::Closeness.of(self.closeness),
            Measure::Hope.of(self.hope),
        ]
    }
}

/// How near one goal has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct GoalProgress {
    /// The goal.
    #[schema(required = true)]
    #[validate(required)]
    pub goal_id: Option<EntryId>,
    /// How near are you to it? 0 not begun, 10 there.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub attainment: u8,
}

/// What one partner says of a session, after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = each_goal_once))]
pub struct SessionFeedback {
    /// The session, once it has begun.
    #[schema(required = true)]
    #[validate(required)]
    pub session_id: Option<SessionId>,
    /// How useful was it? 0 not at all, 10 very.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub usefulness: u8,
    /// How well do you and your counselor work together? 0 not at all, 10 very well.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub alliance: u8,
    /// How near have your goals come?
    #[serde(default)]
    #[schema(max_items = 10)]
    #[validate(length(max = 10), nested)]
    pub goals: Vec<GoalProgress>,
    /// What should be different next time?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for SessionFeedback {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const OF_ITS_RECORD: bool = true;

    fn example() -> Self {
        Self {
            session_id: Some(id()),
            usefulness: 7,
            alliance: 8,
            goals: vec![GoalProgress { goal_id: Some(id()), attainment: 4 }],
            note: None,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        let goals = self.goals.iter().map(|goal| Measure::GoalAttainment.of(goal.attainment));
        [Measure::Usefulness.of(self.usefulness), Measure::Alliance.of(self.alliance)]
            .into_iter()
            .chain(goals)
            .collect()
    }

    fn references(&self) -> Vec<Reference> {
        let goal = |(at, goal): (usize, &GoalProgress)| {
            Reference::entry(&format!("goals/{at}/goal_id"), goal.goal_id, Kind::Goal, Whose::Own)
        };
        let session = Reference::to("session_id", self.session_id.map(Target::BegunSession));
        session.into_iter().chain(self.goals.iter().enumerate().flat_map(goal)).collect()
    }
}

fn each_goal_once(feedback: &SessionFeedback) -> Result<(), ValidationError> {
    let named = |goal: &GoalProgress| feedback.goals.iter().filter(|other| other.goal_id == goal.goal_id).count();
    expect(feedback.goals.iter().all(|goal| named(goal) == 1), "goals", "each goal is rated once")
}

/// Something one partner wants to bring up in the next session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BringToSession {
    /// What do you want to bring up?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub topic: String,
    /// How could your counselor help you to say it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub help_wanted: Option<String>,
}

impl Form for BringToSession {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { topic: "The holidays.".into(), help_wanted: None }
    }
}

/// What the counselor proposes to work on, in words for both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TreatmentPlan {
    /// What is the focus?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub focus: String,
    /// Which steps, in order?
    #[schema(min_items = 1, max_items = 20, min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 20), custom(function = lines))]
    pub steps: Vec<String>,
    /// When will it be looked at again?
    pub review_on: NaiveDate,
}

impl Form for TreatmentPlan {
    const WRITER: Writer = Writer::Counselor;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            focus: "To be able to talk about money.".into(),
            steps: vec!["Each writes an account.".into()],
            review_on: day(4, 1),
        }
    }
}

/// A counselor's pointer to other help, for one partner or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// Whom or where to?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub referred_to: String,
    /// What for?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub purpose: String,
    /// For whom, if it is for one of them alone?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub partner_id: Option<PartnerId>,
    /// When will you ask how it went?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub follow_up_on: Option<NaiveDate>,
}

impl Form for Referral {
    const WRITER: Writer = Writer::Counselor;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            referred_to: "A debt advice center".into(),
            purpose: "A plan to repay the loan.".into(),
            partner_id: Some(id()),
            follow_up_on: None,
        }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("partner_id", self.partner_id.map(Target::Partner))
    }
}

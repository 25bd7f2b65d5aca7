//! Exercise 10: forgiving, if and when it comes. It may go back, it is never a target, and it is not the same as
//! staying.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    condition::{Condition, Ground},
    form::{Form, KindVisibility, Writer, present},
    measure::{Measure, Reading},
    rhythm::Rhythm,
};
use crate::{visibility::Visibility, vocabulary::word};

mod work;

pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::Forgiveness,
    number: 10,
    version: 1,
    title: "Forgive and go on",
    purpose: "To find out what forgiving could mean for you, with every answer open.",
    steps: &[
        "Take it in steps of your own; going back is part of it.",
        "Note what you see the other doing.",
        "The other keeps changing, and waits.",
        "Whether you forgive is yours to say, and may be no or not yet.",
        "Only if both of you ask for it, talk about what it means to you.",
    ],
    prompts: &["What would be lighter if you could put it down?", "What would forgiving not mean?"],
    defaults: Defaults {
        mode: Mode::Separate,
        cadence: Some("FREQ=WEEKLY;INTERVAL=2"),
        visibility: Visibility::CounselorOnly,
        can_be_overdue: false,
        needs_safety_in_every_mode: false,
        prerequisites: &[Slug::RootCause, Slug::Apology, Slug::Consistency],
    },
    rhythms: &[
        Rhythm::of(&[Kind::ForgivenessStep, Kind::ForgivenessPatience], "A look every other week")
            .by("FREQ=WEEKLY;INTERVAL=2"),
        Rhythm::of(&[Kind::ForgivenessDecision, Kind::ForgivenessTalkWish], "If and when you want to"),
    ],
    weeks: None,
    kinds: Kind::of(Slug::Forgiveness),
};

word! {
    /// Where a step went. Each direction is fine.
    StepDirection {
        /// Forward.
        Forward = "forward",
        /// Nowhere yet.
        Still = "still",
        /// Back.
        Back = "back",
    }
}

/// One step of the hurt partner's own way, forward or back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ForgivenessStep {
    /// What did you try, or notice?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub step: String,
    /// Where did it take you?
    pub direction: StepDirection,
    /// How much resentment do you feel? 0 none, 10 very much.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub resentment: u8,
    /// How much goodwill do you feel? 0 none, 10 very much.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub goodwill: u8,
    /// How much effort do you see in the other? 0 none, 10 very much.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10, nullable = false)]
    #[validate(range(min = 0, max = 10))]
    pub efforts_seen: Option<u8>,
    /// What do you see the other doing?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub efforts: Option<String>,
}

impl Form for ForgivenessStep {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self {
            step: "I told my sister about it without crying.".into(),
            direction: StepDirection::Forward,
            resentment: 6,
            goodwill: 4,
            efforts_seen: Some(7),
            efforts: None,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        let efforts = self.efforts_seen.map(|rating| Measure::EffortsSeen.of(rating));
        let felt = [Measure::Resentment.of(self.resentment), Measure::Goodwill.of(self.goodwill)];
        [Measure::StepsTried.one()].into_iter().chain(felt).chain(efforts).collect()
    }
}

word! {
    /// Where the hurt partner stands. Each answer is whole.
    ForgivenessChoice {
        /// I forgive.
        Yes = "yes",
        /// I do not forgive.
        No = "no",
        /// Not yet.
        NotYet = "not_yet",
    }
}

/// What the hurt partner decides for now. It is recorded and never measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ForgivenessDecision {
    /// Where do you stand today?
    pub choice: ForgivenessChoice,
    /// What would you like to say about it?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub words: Option<String>,
}

impl Form for ForgivenessDecision {
    const WRITER: Writer = Writer::Hurt;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { choice: ForgivenessChoice::NotYet, words: None }
    }
}

/// How the partner who broke the trust waits, and goes on changing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ForgivenessPatience {
    /// How patient are you with the waiting? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub patience: u8,
    /// What do you keep doing differently?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub ongoing_change: String,
}

impl Form for ForgivenessPatience {
    const WRITER: Writer = Writer::Caused;
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { patience: 7, ongoing_change: "I still show the accounts each month.".into() }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Patience.of(self.patience)]
    }
}

/// One partner's wish to talk about forgiving together, for the counselors alone: the other learns only that both asked, once
/// both have. What a partner says last counts, so that a wish can be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ForgivenessTalkWish {
    /// Do you take back what you asked for before?
    #[serde(default, skip_serializing_if = "is_not")]
    pub taken_back: bool,
    /// What do you hope for from such a talk?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub hope: Option<String>,
}

impl Form for ForgivenessTalkWish {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::COUNSELOR_ONLY;
    const LASTS: bool = true;

    fn example() -> Self {
        Self { taken_back: false, hope: Some("To say it aloud once.".into()) }
    }
}

/// A bare wish is stored as it always was.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_not(taken_back: &bool) -> bool {
    !*taken_back
}

/// Whether both partners wish to talk, by what each said last.
pub(super) fn asked_by_both(ground: Ground<'_>) -> bool {
    let asks =
        |partner| ground.last_word::<ForgivenessTalkWish>(partner, |_| true).is_some_and(|(_, wish)| !wish.taken_back);
    ground.both().is_some_and(|both| both.into_iter().all(asks))
}

word! {
    /// Where the couple is heading, which is another question than forgiving.
    Outlook {
        /// Staying together.
        Stay = "stay",
        /// Parting.
        Part = "part",
        /// Not decided.
        Undecided = "undecided",
    }
}

/// What forgiving means to both, written together after both asked to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ForgivenessMeaning {
    /// What does forgiving mean to the two of you?
    #[schema(min_length = 1, max_length = 10000)]
    #[validate(length(min = 1, max = 10000))]
    pub meaning: String,
    /// Where are you heading, for now?
    pub outlook: Outlook,
}

impl Form for ForgivenessMeaning {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;
    const FOLLOWS: &'static [Kind] = &[Kind::ForgivenessTalkWish];

    fn example() -> Self {
        Self { meaning: "That we no longer use it in a quarrel.".into(), outlook: Outlook::Undecided }
    }

    fn condition(&self) -> Option<Condition> {
        Some(Condition::AskedByBoth)
    }
}

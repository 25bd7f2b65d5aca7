//! What entries say in numbers.
//!
//! Activity and outcome are kept apart: activity says what was done and adds up over a period, outcome says what the
//! partners felt and is followed over time. Nothing here adds one to the other, and forgiving itself is no measure.

use super::Slug;
use crate::vocabulary::word;

word! {
    /// The two things a progress answer keeps apart.
    Aspect as ("MeasureAspect") {
        /// What was done. Readings of a period add up.
        Activity = "activity",
        /// What the partners say changed. Readings are averaged and followed, never added up.
        Outcome = "outcome",
    }
}

word! {
    /// What a reading is counted in.
    Unit as ("MeasureUnit") {
        /// How many times.
        Count = "count",
        /// Minutes.
        Minutes = "minutes",
        /// A partner's own rating, 0 to 10.
        Rating = "rating",
        /// A step from 1 to 5.
        Level = "level",
        /// Yes or no, as 1 or 0, so that a mean is the share of yes.
        Share = "share",
    }
}

impl Unit {
    /// The smallest and the largest value one reading may have; no largest where nothing bounds it.
    pub const fn range(self) -> (f64, Option<f64>) {
        match self {
            Self::Count | Self::Minutes => (0.0, None),
            Self::Rating => (0.0, Some(10.0)),
            Self::Level => (1.0, Some(5.0)),
            Self::Share => (0.0, Some(1.0)),
        }
    }
}

word! {
    /// Which way of an outcome is the better one.
    Direction as ("MeasureDirection") {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
        /// Neither way is better: it is only told.
        Neither = "neither",
    }
}

/// One number an entry says. It is as visible as its entry, and no more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<M = Measure> {
    /// What it measures.
    pub measure: M,
    /// How much, in the measure's unit.
    pub value: f64,
}

impl Reading {
    /// Whether it says what was done or what changed.
    pub const fn aspect(&self) -> Aspect {
        self.measure.aspect()
    }
}

impl Measure {
    /// What is read from the ledger of promises, and not from entries.
    pub const OF_LEDGER: &'static [Self] = &[Self::PromisesDue, Self::PromisesClaimed, Self::PromisesAnswered];

    /// What both partners do, each for the other, so that how evenly it is spread says something.
    pub const MUTUAL: &'static [Self] =
        &[Self::Shares, Self::ResponsesGiven, Self::CommitmentActs, Self::Appreciations];

    /// Whether an entry may leave it unsaid. Then nobody knows how much there was where nothing is said.
    #[must_use]
    pub const fn may_be_unsaid(self) -> bool {
        matches!(self, Self::TalkTurns | Self::RitualMinutes)
    }

    /// Whether its readings add up over a period: activity does, but for the parts of an apology, since each draft begins anew.
    #[must_use]
    pub const fn adds_up(self) -> bool {
        matches!(self.aspect(), Aspect::Activity) && !matches!(self, Self::ApologyParts)
    }

    /// The smallest and the largest value one reading may have; no largest where nothing bounds it.
    pub const fn range(self) -> (f64, Option<f64>) {
        self.unit().range()
    }

    /// A reading of this measure.
    pub(super) fn of(self, value: impl Into<f64>) -> Reading {
        Reading { measure: self, value: value.into() }
    }

    /// One time more.
    pub(super) fn one(self) -> Reading {
        self.of(1)
    }

    /// A yes or a no.
    pub(super) fn share(self, yes: bool) -> Reading {
        self.of(u8::from(yes))
    }
}

impl Slug {
    /// What the entries of this exercise, and the ledger of promises, say in numbers, activity and outcome. A measure may belong to more than one exercise.
    #[must_use]
    pub const fn measures(self) -> &'static [Measure] {
        match self {
            Self::RootCause => &[
                Measure::AccountsGiven,
                Measure::QuestionsAsked,
                Measure::QuestionsAnswered,
                Measure::QuestionsSatisfied,
                Measure::FeltUnderstood,
                Measure::AccountsAgree,
            ],
            Self::Apology => {
                &[Measure::ApologyDrafts, Measure::ApologyParts, Measure::ApologiesGiven, Measure::Sincerity]
            }
            Self::TransparentCommunication => &[
                Measure::TalksHeld,
                Measure::TalkMinutes,
                Measure::TalkTurns,
                Measure::FeltHeard,
                Measure::FeltSafe,
                Measure::BoundariesRespected,
                Measure::Disclosures,
                Measure::UnpromptedDisclosures,
            ],
            Self::Consistency => &[
                Measure::PromisesDue,
                Measure::PromisesClaimed,
                Measure::PromisesAnswered,
                Measure::Appreciations,
                Measure::WeeksReviewed,
            ],
            Self::Vulnerability => &[
                Measure::Shares,
                Measure::ShareDepth,
                Measure::ResponsesGiven,
                Measure::JournalPages,
                Measure::FeltSafe,
                Measure::FeltUnderstood,
            ],
            Self::SharedRituals => &[
                Measure::RitualsDone,
                Measure::RitualsSkipped,
                Measure::RitualMinutes,
                Measure::Enjoyment,
                Measure::Connection,
            ],
            Self::ProfessionalHelp => &[
                Measure::ConcernWeight,
                Measure::Readiness,
                Measure::Trust,
                Measure::Safety,
                Measure::Closeness,
                Measure::Hope,
                Measure::Usefulness,
                Measure::Alliance,
                Measure::GoalAttainment,
            ],
            Self::ReaffirmCommitment => &[
                Measure::CommitmentActs,
                Measure::ActsNoticed,
                Measure::Meaning,
                Measure::Dedication,
                Measure::FeelingStuck,
            ],
            Self::TimeAndSpace => &[
                Measure::Triggers,
                Measure::TriggerIntensity,
                Measure::MinutesToSettle,
                Measure::PaceRespected,
                Measure::Patience,
                Measure::Pressure,
                Measure::TimeOuts,
                Measure::TimeOutsKept,
                Measure::Setbacks,
            ],
            Self::Forgiveness => {
                &[Measure::StepsTried, Measure::Resentment, Measure::Goodwill, Measure::EffortsSeen, Measure::Patience]
            }
            // What its entries say is the practice's to measure: the scales that it marks in its form.
            Self::Own => &[],
        }
    }
}

macro_rules! measures {
    ($($variant:ident = $word:literal, $aspect:ident, $unit:ident, $direction:ident, $title:literal;)+) => {
        word! {
            /// Something entries say in numbers.
            Measure { $(#[doc = $title] $variant = $word,)+ }
        }

        impl Measure {
            /// Whether it says what was done or what changed.
            pub const fn aspect(self) -> Aspect {
                match self { $(Self::$variant => Aspect::$aspect,)+ }
            }

            /// What it is counted in.
            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)+ }
            }

            /// Which way is better.
            pub const fn direction(self) -> Direction {
                match self { $(Self::$variant => Direction::$direction,)+ }
            }

            /// Its name for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

measures! {
    AccountsGiven = "accounts_given", Activity, Count, Neither, "Accounts given";
    QuestionsAsked = "questions_asked", Activity, Count, Neither, "Questions asked";
    QuestionsAnswered = "questions_answered", Activity, Count, Neither, "Questions answered";
    QuestionsSatisfied = "questions_satisfied", Outcome, Share, Up, "Questions answered to satisfaction";
    FeltUnderstood = "felt_understood", Outcome, Rating, Up, "Feeling understood";
    AccountsAgree = "accounts_agree", Outcome, Rating, Up, "Agreement of the two accounts";
    ApologyDrafts = "apology_drafts", Activity, Count, Neither, "Drafts of an apology";
    ApologyParts = "apology_parts", Activity, Count, Neither, "Parts covered by drafts";
    ApologiesGiven = "apologies_given", Activity, Count, Neither, "Apologies given";
    Sincerity = "sincerity", Outcome, Rating, Up, "Sincerity of an apology";
    TalksHeld = "talks_held", Activity, Count, Neither, "Talks held";
    TalkMinutes = "talk_minutes", Activity, Minutes, Neither, "Minutes of talk";
    TalkTurns = "talk_turns", Activity, Count, Neither, "Turns in talks";
    FeltHeard = "felt_heard", Outcome, Rating, Up, "Feeling heard";
    FeltSafe = "felt_safe", Outcome, Rating, Up, "Feeling safe to speak";
    BoundariesRespected = "boundaries_respected", Outcome, Rating, Up, "Boundaries respected";
    Disclosures = "disclosures", Activity, Count, Neither, "Things told";
    UnpromptedDisclosures = "unprompted_disclosures", Outcome, Share, Up, "Things told unasked";
    PromisesDue = "promises_due", Activity, Count, Neither, "Times a promise was due";
    PromisesClaimed = "promises_claimed", Activity, Count, Neither, "Due times spoken of";
    PromisesAnswered = "promises_answered", Activity, Count, Neither, "Due times answered";
    Appreciations = "appreciations", Activity, Count, Neither, "Thanks given";
    WeeksReviewed = "weeks_reviewed", Activity, Count, Neither, "Weeks looked back at";
    Shares = "shares", Activity, Count, Neither, "Things shared";
    ShareDepth = "share_depth", Outcome, Level, Neither, "Depth of what was shared";
    ResponsesGiven = "responses_given", Activity, Count, Neither, "Shares answered";
    JournalPages = "journal_pages", Activity, Count, Neither, "Journal pages";
    RitualsDone = "rituals_done", Activity, Count, Neither, "Rituals done";
    RitualsSkipped = "rituals_skipped", Activity, Count, Neither, "Rituals skipped";
    RitualMinutes = "ritual_minutes", Activity, Minutes, Neither, "Minutes of rituals";
    Enjoyment = "enjoyment", Outcome, Rating, Up, "Enjoyment";
    Connection = "connection", Outcome, Rating, Up, "Connection";
    ConcernWeight = "concern_weight", Outcome, Rating, Down, "Weight of worries";
    Readiness = "readiness", Outcome, Rating, Up, "Readiness to work on it";
    Trust = "trust", Outcome, Rating, Up, "Trust";
    Safety = "safety", Outcome, Rating, Up, "Safety with the other";
    Closeness = "closeness", Outcome, Rating, Up, "Closeness";
    Hope = "hope", Outcome, Rating, Up, "Hope";
    Usefulness = "usefulness", Outcome, Rating, Up, "Usefulness of sessions";
    Alliance = "alliance", Outcome, Rating, Up, "Working together with the counselor";
    GoalAttainment = "goal_attainment", Outcome, Rating, Up, "Nearness to goals";
    CommitmentActs = "commitment_acts", Activity, Count, Neither, "Acts of commitment";
    ActsNoticed = "acts_noticed", Outcome, Share, Up, "Acts noticed";
    Meaning = "meaning", Outcome, Rating, Up, "Meaning of acts";
    Dedication = "dedication", Outcome, Rating, Up, "Dedication";
    FeelingStuck = "feeling_stuck", Outcome, Rating, Down, "Feeling stuck";
    Triggers = "triggers", Activity, Count, Neither, "Triggers logged";
    TriggerIntensity = "trigger_intensity", Outcome, Rating, Down, "Intensity of triggers";
    MinutesToSettle = "minutes_to_settle", Outcome, Minutes, Down, "Minutes to settle";
    PaceRespected = "pace_respected", Outcome, Rating, Up, "Pace wishes respected";
    Patience = "patience", Outcome, Rating, Up, "Patience";
    Pressure = "pressure", Outcome, Rating, Down, "Pressure put on the other";
    TimeOuts = "time_outs", Activity, Count, Neither, "Time-outs";
    TimeOutsKept = "time_outs_kept", Outcome, Share, Up, "Time-outs returned from in time";
    Setbacks = "setbacks", Activity, Count, Neither, "Setbacks noted";
    StepsTried = "steps_tried", Activity, Count, Neither, "Steps tried";
    Resentment = "resentment", Outcome, Rating, Down, "Resentment";
    Goodwill = "goodwill", Outcome, Rating, Up, "Goodwill";
    EffortsSeen = "efforts_seen", Outcome, Rating, Up, "Efforts seen";
}

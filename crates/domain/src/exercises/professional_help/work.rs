//! Where a couple stands with exercise 7: what each wants from the work, how they come to the sessions and go from them, and what the
//! counselor proposes.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{BringToSession, Concern, Goal, Pulse, Referral, SessionFeedback, TreatmentPlan};
use crate::{
    entry::Entry,
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId},
};

mod attendance;
mod sessions;

pub use attendance::{AttendanceWork, SessionsOf};
pub use sessions::{BringWork, PULSE_DAYS, PulseWork, SessionFeedbackWork, SessionWork};

/// Goals, worries, sessions and plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProfessionalHelpWork {
    /// What each wants from the work: by partner, the most important first.
    #[schema(max_items = 2000)]
    pub goals: Vec<GoalWork>,
    /// What worries them, the first worry first.
    #[schema(max_items = 2000)]
    pub concerns: Vec<ConcernWork>,
    /// How ready each feels to work on it: the last rating of each.
    #[schema(max_items = 10)]
    pub readiness: Vec<ReadinessWork>,
    /// How each is: their last short check until the end of the range.
    #[schema(max_items = 10)]
    pub pulses: Vec<PulseWork>,
    /// The sessions of the range that you may know of, in the order in which they start.
    #[schema(max_items = 500)]
    pub sessions: Vec<SessionWork>,
    /// What is to be brought up: what was noted in the range, and has not had its session since.
    #[schema(max_items = 2000)]
    pub to_bring: Vec<BringWork>,
    /// Who was there, in the sessions of the range that you may know of.
    #[schema(max_items = 20)]
    pub attendance: Vec<AttendanceWork>,
    /// What the counselor proposes now.
    #[schema(required = true)]
    pub plan: Option<PlanWork>,
    /// Where else the counselor pointed to, the first pointer first.
    #[schema(max_items = 2000)]
    pub referrals: Vec<ReferralWork>,
}

/// Something one partner wants from the work, and how near it has come.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GoalWork {
    /// The entry.
    pub goal_id: EntryId,
    /// Who wants it.
    #[schema(required = true)]
    pub wanted_by: Option<PartnerId>,
    /// Since which day.
    pub wanted_since: NaiveDate,
    /// How important it is among theirs, as they ranked it; 1 is the most important. Two may have one rank: then the newer comes first.
    #[schema(value_type = i32, minimum = 1, maximum = 10)]
    pub rank: u8,
    /// What is to be different.
    #[schema(max_length = 500)]
    pub goal: String,
    /// How they would notice that they got there.
    #[schema(required = true, max_length = 10_000)]
    pub sign: Option<String>,
    /// How near it is by the last rating in the range, 0 not begun to 10 there.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub attainment: Option<u8>,
    /// Every rating in the range, in order.
    #[schema(max_items = 2000)]
    pub course: Vec<AttainmentWork>,
}

/// How near a goal was on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttainmentWork {
    /// The day.
    pub rated_on: NaiveDate,
    /// 0 not begun to 10 there.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub attainment: u8,
}

/// A worry.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConcernWork {
    /// The entry.
    pub concern_id: EntryId,
    /// Whose.
    #[schema(required = true)]
    pub raised_by: Option<PartnerId>,
    /// On which day.
    pub raised_on: NaiveDate,
    /// What it is.
    #[schema(max_length = 10_000)]
    pub concern: String,
    /// How heavy it is, 0 light to 10 hard to bear.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub weight: u8,
    /// How ready they felt to work on it, 0 not yet to 10 now, if they say so.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub readiness: Option<u8>,
}

/// How ready one partner feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadinessWork {
    /// Who.
    #[schema(required = true)]
    pub partner_id: Option<PartnerId>,
    /// On which day.
    pub rated_on: NaiveDate,
    /// 0 not yet to 10 now.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub readiness: u8,
}

/// What the counselor proposes to work on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanWork {
    /// The entry.
    pub plan_id: EntryId,
    /// Since which day.
    pub proposed_on: NaiveDate,
    /// The focus.
    #[schema(max_length = 10_000)]
    pub focus: String,
    /// The steps, in order.
    #[schema(max_items = 20, max_length = 500)]
    pub steps: Vec<String>,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// Whether that day has come.
    pub review_due: bool,
}

/// A pointer to other help.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReferralWork {
    /// The entry.
    pub referral_id: EntryId,
    /// On which day.
    pub referred_on: NaiveDate,
    /// For whom, if for one of the partners alone.
    #[schema(required = true)]
    pub partner_id: Option<PartnerId>,
    /// Whom or where to.
    #[schema(max_length = 500)]
    pub referred_to: String,
    /// What for.
    #[schema(max_length = 10_000)]
    pub purpose: String,
    /// When it is asked how it went.
    #[schema(required = true)]
    pub follow_up_on: Option<NaiveDate>,
}

impl ProfessionalHelpWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let mut goals: Vec<_> = input.all().map(|(entry, goal)| GoalWork::of(input, entry, goal)).collect();
        goals.sort_by_key(GoalWork::place);
        Self {
            goals,
            concerns: input.all().map(ConcernWork::of).collect(),
            readiness: ReadinessWork::all(input),
            pulses: input.last_of_each::<Pulse>().into_iter().map(PulseWork::of).collect(),
            sessions: input.sessions.iter().map(|session| SessionWork::of(input, session)).collect(),
            to_bring: input.all().filter(|open| sessions::is_open(input, open)).map(BringWork::of).collect(),
            attendance: AttendanceWork::all(input.couple, input.sessions),
            plan: input.all().next_back().map(|plan| PlanWork::of(input.today, plan)),
            referrals: input.all().map(ReferralWork::of).collect(),
        }
    }
}

impl GoalWork {
    /// Each partner's by importance. A goal that takes the rank of an earlier one comes before it: it was ranked knowing of that one.
    const fn place(&self) -> (Option<PartnerId>, u8, Reverse<(NaiveDate, EntryId)>) {
        (self.wanted_by, self.rank, Reverse((self.wanted_since, self.goal_id)))
    }

    fn of(input: WorkInput<'_>, entry: &Entry, wanted: &Goal) -> Self {
        let feedback = input.all::<SessionFeedback>().filter(|(said, _)| said.recorded_on >= input.from);
        let course: Vec<_> =
            feedback.flat_map(|(said, feedback)| AttainmentWork::all(entry.id, said, feedback)).collect();
        let Goal { goal, rank, sign } = wanted.clone();
        Self {
            goal_id: entry.id,
            wanted_by: entry.by(),
            wanted_since: entry.recorded_on,
            rank,
            goal,
            sign,
            attainment: course.last().map(|last| last.attainment),
            course,
        }
    }
}

impl AttainmentWork {
    fn all(goal: EntryId, said: &Entry, feedback: &SessionFeedback) -> Vec<Self> {
        let of_goal = feedback.goals.iter().filter(|rated| rated.goal_id == Some(goal));
        of_goal.map(|rated| Self { rated_on: said.recorded_on, attainment: rated.attainment }).collect()
    }
}

impl ConcernWork {
    fn of((entry, concern): (&Entry, &Concern)) -> Self {
        let Concern { concern, weight, readiness } = concern.clone();
        Self { concern_id: entry.id, raised_by: entry.by(), raised_on: entry.recorded_on, concern, weight, readiness }
    }
}

impl ReadinessWork {
    fn all(input: WorkInput<'_>) -> Vec<Self> {
        let mut last: Vec<Self> = Vec::new();
        for (entry, concern) in input.all::<Concern>() {
            let Some(readiness) = concern.readiness else { continue };
            last.retain(|known| known.partner_id != entry.by());
            last.push(Self { partner_id: entry.by(), rated_on: entry.recorded_on, readiness });
        }
        last
    }
}

impl PlanWork {
    fn of(today: NaiveDate, (entry, plan): (&Entry, &TreatmentPlan)) -> Self {
        let TreatmentPlan { focus, steps, review_on } = plan.clone();
        let (plan_id, proposed_on) = (entry.id, entry.recorded_on);
        Self { plan_id, proposed_on, focus, steps, review_on, review_due: review_on <= today }
    }
}

impl BringWork {
    fn of((entry, bring): (&Entry, &BringToSession)) -> Self {
        let BringToSession { topic, help_wanted } = bring.clone();
        let (noted_by, noted_on, kept_private) = (entry.by(), entry.recorded_on, entry.is_kept_private());
        Self { bring_id: entry.id, noted_by, noted_on, topic, help_wanted, kept_private }
    }
}

impl ReferralWork {
    fn of((entry, referral): (&Entry, &Referral)) -> Self {
        let Referral { referred_to, purpose, partner_id, follow_up_on } = referral.clone();
        Self { referral_id: entry.id, referred_on: entry.recorded_on, partner_id, referred_to, purpose, follow_up_on }
    }
}

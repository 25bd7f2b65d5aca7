//! Assignments as they are shown: each field is chosen for the one who reads.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    assignment::{Assignment, Ending, Overdue, Override, Paused, ShownStanding, StandingStatus},
    breach::Breach,
    confidential::Confidential,
    couple::Couple,
    exercises::{Kind, Mode, Slug},
    ids::{AssignmentId, BreachId, CoupleId, OwnExerciseId, PartnerId, StaffId},
    safety::Safety,
    visibility::{Reader, Visibility},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{answer::Resource, routes::visibility::VisibilityWord};

/// An exercise given to a couple.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assignment)]
pub(super) struct AssignmentView {
    /// Its id.
    id: AssignmentId,
    /// The couple.
    couple_id: CoupleId,
    /// Which exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// The version of the practice's own exercise it was given in, whose form its entries answer; null for the ten.
    #[schema(value_type = Option<i32>, required = true, minimum = 1, maximum = 10_000)]
    own_exercise_version: Option<u16>,
    /// The version of the exercise's wording and forms.
    #[schema(minimum = 1, maximum = 65_535)]
    exercise_version: u16,
    /// How the partners answer.
    mode: Mode,
    /// The kinds of entries that the caller may record for it, in the order in which they are met: for a partner those that are
    /// theirs, for staff every kind.
    #[schema(max_items = 20)]
    kinds: Vec<Kind>,
    /// How often, as an RFC 5545 recurrence rule in the couple's days; null for once.
    #[schema(required = true, max_length = 200)]
    cadence: Option<String>,
    /// The first day on which something can be recorded.
    starts_on: NaiveDate,
    /// The day by which it is to be done.
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// The last day on which it reminds: from the next day on nothing of it is told as overdue, while it stays open; null if it reminds
    /// as long as it is open.
    #[schema(required = true)]
    reminders_until: Option<NaiveDate>,
    /// What the counselor asks of the participants.
    #[schema(required = true, max_length = 10_000)]
    instructions: Option<String>,
    /// The breach it is about; null for partners.
    #[schema(required = true)]
    breach_id: Option<BreachId>,
    /// Who may read new entries where their kind starts at least as open; null as the kind has it.
    #[schema(required = true)]
    visibility: Option<VisibilityWord>,
    /// The first day on which the other partner may read new entries, if they are embargoed.
    #[schema(required = true)]
    embargoed_until: Option<NaiveDate>,
    /// Why it went out without an acknowledged policy; null for partners.
    #[schema(required = true)]
    policy_override: Option<OverrideView>,
    /// Why it went out although the safety of a partner is not clear; null for partners.
    #[schema(required = true)]
    safety_override: Option<OverrideView>,
    /// Why it went out although something that comes before it in the default order had not begun; null for partners.
    #[schema(required = true)]
    order_override: Option<OverrideView>,
    /// Whether it rests: then nothing is recorded for it, and nothing of it is overdue.
    paused: bool,
    /// That a counselor paused it; null if none did, and for partners.
    #[schema(required = true)]
    pause: Option<PauseView>,
    /// The partners for whose safety it is held, so that it is paused whether a counselor paused it or not; null for partners.
    #[schema(required = true, max_items = 2)]
    held_for: Option<Vec<PartnerId>>,
    /// Who gave it.
    assigned_by: StaffId,
    /// When.
    assigned_at: DateTime<Utc>,
    /// How it ended; null while it is open.
    #[schema(required = true)]
    ended: Option<Ending>,
    /// When it ended.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// Where the participants stand, as far as the caller may know.
    #[schema(max_items = 2)]
    standings: Vec<StandingView>,
    /// Counts the counselors' changes, from 1; not where the participants stand, nor whether it rests.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// A rule that a counselor set aside.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Override)]
struct OverrideView {
    /// Why.
    #[schema(max_length = 10_000)]
    reason: String,
    /// By whom.
    by: StaffId,
    /// When.
    at: DateTime<Utc>,
}

impl From<Override> for OverrideView {
    fn from(given: Override) -> Self {
        Self { reason: given.reason.into_exposed(), by: given.by, at: given.at }
    }
}

/// That a counselor paused an assignment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssignmentPause)]
struct PauseView {
    /// By whom.
    by: StaffId,
    /// When.
    at: DateTime<Utc>,
}

impl From<Paused> for PauseView {
    fn from(Paused { by, at }: Paused) -> Self {
        Self { by, at }
    }
}

/// Where a participant stands: with what comes round again, in the round that runs. Of the other partner one learns only whether the
/// exercise is paused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Standing)]
struct StandingView {
    /// Which participant.
    partner_id: PartnerId,
    /// Whether they are not ready, so that the exercise rests.
    paused: bool,
    /// Where they stand; null if that is not the caller's to know.
    #[schema(required = true)]
    status: Option<StandingStatus>,
    /// Since when; null if that is not the caller's to know.
    #[schema(required = true)]
    changed_at: Option<DateTime<Utc>>,
    /// The day by which what is overdue was due; of what comes round again, the first round that was missed. Null if nothing is overdue,
    /// or if that is not the caller's to know.
    #[schema(required = true)]
    overdue_since: Option<NaiveDate>,
}

impl StandingView {
    fn of(partner_id: PartnerId, shown: ShownStanding) -> Self {
        match shown {
            ShownStanding::Whole(standing, overdue) => Self {
                partner_id,
                paused: standing.status == StandingStatus::NotReady,
                status: Some(standing.status),
                changed_at: Some(standing.changed_at),
                overdue_since: overdue.map(|Overdue { due_on, .. }| due_on),
            },
            ShownStanding::OnlyWhetherPaused(paused) => {
                Self { partner_id, paused, status: None, changed_at: None, overdue_since: None }
            }
        }
    }
}

/// Who sees an assignment, on which day, and what is known of the couple's safety then.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) couple: &'a Couple,
    pub(super) reader: Reader,
    pub(super) safety: &'a [Safety],
    pub(super) today: NaiveDate,
}

impl AssignmentView {
    /// `breach` is the linked one.
    pub(super) fn of(assignment: Assignment, breach: Option<&Breach>, seen: Seen<'_>) -> Self {
        let Seen { couple, reader, safety, today } = seen;
        let for_staff = !matches!(reader, Reader::Partner(_));
        let standing = |partner| {
            let shown = assignment.standing_shown_to(reader, partner, couple, safety, today);
            shown.map(|shown| StandingView::of(partner, shown))
        };
        Self {
            paused: assignment.rests(couple, safety),
            pause: assignment.paused.filter(|_| for_staff).map(Into::into),
            held_for: for_staff.then(|| assignment.held_for(couple, safety)),
            kinds: assignment.kinds_for(reader, couple, breach),
            standings: assignment.participants().into_iter().filter_map(standing).collect(),
            id: assignment.id,
            couple_id: assignment.couple,
            exercise: assignment.exercise,
            own_exercise_id: assignment.own.map(|own| own.id),
            own_exercise_version: assignment.own.map(|_| assignment.exercise_version),
            exercise_version: assignment.exercise_version,
            mode: assignment.mode,
            cadence: assignment.cadence.into_rule().map(Into::into),
            starts_on: assignment.starts_on,
            due_on: assignment.due_on,
            reminders_until: assignment.reminders_until,
            instructions: assignment.instructions.map(Confidential::into_exposed),
            breach_id: assignment.breach.filter(|_| for_staff),
            visibility: assignment.visibility.map(Into::into),
            embargoed_until: assignment.visibility.and_then(Visibility::until),
            policy_override: assignment.policy_override.filter(|_| for_staff).map(Into::into),
            safety_override: assignment.safety_override.filter(|_| for_staff).map(Into::into),
            order_override: assignment.order_override.filter(|_| for_staff).map(Into::into),
            assigned_by: assignment.assigned_by,
            assigned_at: assignment.assigned_at,
            ended: assignment.ended.map(|ended| ended.how),
            ended_at: assignment.ended.map(|ended| ended.at),
            version: assignment.version,
        }
    }
}

impl Resource for AssignmentView {
    fn path(&self) -> String {
        format!("/v1/assignments/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn counts_all_that_is_seen(&self) -> bool {
        false
    }
}

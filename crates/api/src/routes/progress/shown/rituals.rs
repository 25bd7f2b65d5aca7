//! Rituals as they are shown: what was done of the planned, and whether it was kept up.

use chrono::NaiveDate;
use domain::{
    ids::AssignmentId,
    progress::{KEPT_UP_MINIMUM, KeptUp, RitualCount, RitualStretch},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of the days that rituals were planned for by their rules.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressRituals)]
pub(super) struct RitualCountView {
    /// How many times were planned.
    #[schema(value_type = i32, minimum = 1)]
    planned: u32,
    /// Of these, how many were done.
    #[schema(value_type = i32, minimum = 0)]
    done: u32,
    /// Of these, how many were skipped.
    #[schema(value_type = i32, minimum = 0)]
    skipped: u32,
    /// Of these, of how many nothing was recorded, what is planned for today among them: missing, not skipped.
    #[schema(value_type = i32, minimum = 0)]
    not_recorded: u32,
    /// Whether there were more than are counted, which are 20,000.
    cut: bool,
}

/// Whether the rituals of an assignment were kept up after its reminders stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptUp)]
pub(super) struct KeptUpView {
    /// The assignment.
    assignment_id: AssignmentId,
    /// As many days before, up to the last one of reminders.
    before: StretchView,
    /// The days after the last one of reminders that are over, up to eight weeks.
    after: StretchView,
    /// How many times must be planned for a share to be told.
    #[schema(value_type = i32, minimum = 1)]
    minimum: u32,
}

/// The rituals of some days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RitualStretch)]
struct StretchView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// How many times were planned.
    #[schema(value_type = i32, minimum = 0)]
    planned: u32,
    /// Of these, how many were done.
    #[schema(value_type = i32, minimum = 0)]
    done: u32,
    /// The share that was done; null, and so withheld, if too few were planned.
    #[schema(required = true, minimum = 0, maximum = 1)]
    share: Option<f64>,
}

impl From<RitualCount> for RitualCountView {
    fn from(RitualCount { planned, done, skipped, not_recorded, cut }: RitualCount) -> Self {
        Self { planned, done, skipped, not_recorded, cut }
    }
}

impl From<KeptUp> for KeptUpView {
    fn from(KeptUp { assignment, before, after }: KeptUp) -> Self {
        Self { assignment_id: assignment, before: before.into(), after: after.into(), minimum: KEPT_UP_MINIMUM }
    }
}

impl From<RitualStretch> for StretchView {
    fn from(stretch: RitualStretch) -> Self {
        let (share, RitualStretch { from, until, planned, done }) = (stretch.share(), stretch);
        Self { from, until, planned, done, share }
    }
}

//! What stands against an assignment, and the reason for which a counselor goes ahead.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{AssignError, AssignmentContext};
use crate::{
    confidential::{Confidential, TEXT_CHARACTERS},
    exercises::{Mode, Slug, exercise, prerequisites},
    ids::StaffId,
    policy::ConfidentialityPolicy,
    safety::Gate,
};

/// A rule set aside by a counselor, who says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Why, 1 to 10,000 characters.
    pub reason: Confidential,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a counselor goes ahead although something stands against it: a reason, 1 to 10,000 characters, for each rule.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Why it goes out although the policy is not acknowledged by both.
    pub policy: Option<Confidential>,
    /// Why it goes out although the safety of a partner is not clear.
    pub safety: Option<Confidential>,
    /// Why it goes out although something that comes before it in the default order has not begun.
    pub order: Option<Confidential>,
}

/// That a couple was given an exercise, and that it was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Which exercise.
    pub exercise: Slug,
    /// The first day on which something could be recorded for it.
    pub on: NaiveDate,
}

/// Whether an exercise in this mode waits for both partners' safety: what brings them together does, and what asks for openness. It does
/// so when it is given, and for as long as it goes on.
#[must_use]
pub fn waits_for_safety(slug: Slug, mode: Mode) -> bool {
    matches!(mode, Mode::Joint | Mode::Parallel)
        || exercise(slug).is_some_and(|chosen| chosen.defaults.needs_safety_in_every_mode)
}

pub(super) fn of_policy(
    context: &AssignmentContext<'_>,
    reason: Option<Confidential>,
    now: DateTime<Utc>,
) -> Result<Option<Override>, AssignError> {
    let known = |policy: &ConfidentialityPolicy| policy.acknowledged_by_all(context.couple.current_partners());
    set_aside(context.policy.is_some_and(known), reason, AssignError::PolicyNotAcknowledged, context.by, now)
}

pub(super) fn of_safety(
    context: &AssignmentContext<'_>,
    slug: Slug,
    mode: Mode,
    reason: Option<Confidential>,
    now: DateTime<Utc>,
) -> Result<Option<Override>, AssignError> {
    let holds = !waits_for_safety(slug, mode) || context.gate == Gate::Open;
    set_aside(holds, reason, AssignError::SafetyNotClear, context.by, now)
}

/// What comes before an exercise in the default order has begun, by the calendar, on the day on which it starts. Whether anything was
/// recorded does not count: a partner could tell that the other did something in private.
pub(super) fn of_order(
    context: &AssignmentContext<'_>,
    (slug, starts_on): (Slug, NaiveDate),
    reason: Option<Confidential>,
    now: DateTime<Utc>,
) -> Result<Option<Override>, AssignError> {
    let has_begun = |slug: &Slug| context.before.iter().any(|begun| begun.exercise == *slug && begun.on <= starts_on);
    let Some(missing) = prerequisites(slug).iter().copied().find(|slug| !has_begun(slug)) else { return Ok(None) };
    set_aside(false, reason, AssignError::OutOfOrder { missing }, context.by, now)
}

/// A rule that holds needs no reason, and keeps none; one that doesn't is set aside with a reason only.
pub(super) fn set_aside(
    holds: bool,
    reason: Option<Confidential>,
    refusal: AssignError,
    by: StaffId,
    at: DateTime<Utc>,
) -> Result<Option<Override>, AssignError> {
    if holds {
        return Ok(None);
    }
    let reason = reason.ok_or(refusal)?;
    if reason.is_blank() || reason.longer_than(TEXT_CHARACTERS) {
        return Err(AssignError::Reason);
    }
    Ok(Some(Override { reason, by, at }))
}

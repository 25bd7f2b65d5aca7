//! An assignment rests while its counselor has paused it or the safety gate holds it. Neither counts in its version: the partners, who
//! see that, would know one from the other.

use actix_web::{
    put,
    web::{Data, Path},
};
use domain::{access::Action, assignment::Assignment, confidential::Confidential, couple::Couple, ids::AssignmentId};
use serde::Deserialize;
use store::{View, assignments, audit::Event, safety};
use utoipa::ToSchema;
use validator::Validate;

use super::{AssignmentView, keep, shown};
use crate::{
    answer::Found,
    app::App,
    extract::{Asker, Body},
    pen,
    problem::Problem,
};

/// Whether something may be recorded for an assignment now: whoever writes for it asks this first.
pub(crate) fn check_goes_on(view: &mut View<'_>, assignment: &Assignment, couple: &Couple) -> Result<(), Problem> {
    Ok(assignment.check_goes_on(couple, &safety::list(view, couple.id)?)?)
}

/// Whether an assignment rests.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PauseAssignment {
    /// True pauses it, false lets it go on.
    paused: bool,
}

/// Pause an assignment, or let it go on
///
/// While it is paused, nobody records, submits, corrects or opens anything for it or says where they stand, and nothing of it is overdue.
/// When it goes on, what comes round again begins anew with the next day; what is done once keeps its day, which can be set anew.
/// What was recorded stays readable as it was, and drafts are kept. The partners see that it is paused, and neither why nor since when.
/// What the safety gate holds looks the same to them; it goes on by `PUT /v1/assignments/{assignment_id}/safety-override`, or once both
/// are clear. It needs no `If-Match`: doing it twice changes nothing.
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment")), request_body = PauseAssignment,
    responses((status = 200, description = "The assignment as it is now", body = AssignmentView)))]
#[put("/v1/assignments/{assignment_id}/pause")]
pub(super) async fn pause_assignment(
    app: Data<App>,
    caller: Asker,
    id: Path<AssignmentId>,
    body: Body<PauseAssignment>,
) -> Result<Found<AssignmentView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut assignment, couple) = assignments::find(tx, *id)?;
        if !assignment.pause(body.paused, pen::staff(tx)?, tx.now())? {
            return shown(tx, assignment, &couple);
        }
        keep(tx, assignment, &couple, if body.paused { "assignment.paused" } else { "assignment.resumed" })
    })
    .await
    .map(Found)
}

/// Why an assignment goes on although the safety of a partner is not clear.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetSafetyAside {
    /// Why; the partners don't see it.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(min_length = 1, max_length = 10_000)]
    reason: String,
}

/// Let an assignment go on although a partner is not clear
///
/// Joint and parallel work, and the transparency exercise in any mode, is held while a current partner is not clear in safety. A reason
/// lets this one go on, as one given with the assignment does: it covers what is known now. Once a partner's status gets worse, or
/// somebody else becomes a partner, it is held again until there is a new reason. The reason replaces the one before, which stays in
/// the audit trail. A pause stays.
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment")), request_body = SetSafetyAside,
    responses((status = 200, description = "The assignment as it is now", body = AssignmentView)))]
#[put("/v1/assignments/{assignment_id}/safety-override")]
pub(super) async fn set_safety_aside(
    app: Data<App>,
    caller: Asker,
    id: Path<AssignmentId>,
    body: Body<SetSafetyAside>,
) -> Result<Found<AssignmentView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut assignment, couple) = assignments::find(tx, *id)?;
        let (known, reason) = (safety::list(tx, couple.id)?, body.into_inner().reason);
        let event = Event::new("assignment.safety_set_aside", assignment.id).of_couple(couple.id);
        let event = event.because(Some(&reason));
        assignment.set_gate_aside(&couple, &known, Confidential::new(reason), pen::staff(tx)?, tx.now())?;
        assignments::update(tx, &assignment)?;
        tx.record(event);
        shown(tx, assignment, &couple)
    })
    .await
    .map(Found)
}

//! Assignments: exercises given to a couple, and where each participant stands.

mod rest;
mod view;

use actix_web::{
    get, patch, post, put,
    web::{Data, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    assignment::{
        AssignError, Assignment, AssignmentChange, AssignmentContext, AssignmentDraft, Begun, Cadence, Ending,
        Participants, StandingStatus,
    },
    breach::Breach,
    confidential::Confidential,
    couple::Couple,
    exercises::{Mode, Slug, prerequisites},
    ids::{AssignmentId, BreachId, CoupleId, OwnExerciseId, PartnerId, StaffId},
    policy,
    recurrence::Recurrence,
    safety::gate,
};
use serde::Deserialize;
use store::{StoreError, Tx, View, assignments, audit::Event, breaches, couples, policies, safety};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

pub(crate) use self::rest::check_goes_on;
use self::view::{AssignmentView, Seen};
use crate::{
    answer::{Created, Found},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, nullable},
    pen,
    problem::{Problem, named},
    routes::{
        overrides::OverridesRequest,
        own_exercises::{check_named, find_named},
        program_runs,
        visibility::{VisibilityWord, visibility_if_said},
    },
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(assign_exercise)
        .service(list_assignments)
        .service(show_assignment)
        .service(change_assignment)
        .service(end_assignment)
        .service(rest::pause_assignment)
        .service(rest::set_safety_aside)
        .service(change_standing);
}

/// An exercise to give to a couple. What is absent is as the exercise has it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssignExercise {
    /// Which exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own, where `exercise` is `own`; it is given in its latest version.
    #[schema(nullable = false)]
    own_exercise_id: Option<OwnExerciseId>,
    /// How the partners answer.
    #[schema(nullable = false)]
    mode: Option<Mode>,
    /// How often, as an RFC 5545 recurrence rule in the couple's days; null for once.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200, example = "FREQ=WEEKLY;BYDAY=MO,TH")]
    cadence: Option<Option<Recurrence>>,
    /// The first day; today if absent.
    #[schema(nullable = false)]
    starts_on: Option<NaiveDate>,
    /// The day by which it is to be done.
    #[schema(nullable = false)]
    due_on: Option<NaiveDate>,
    /// The last day on which it reminds; from the next day on nothing of it is told as overdue, while it stays open and takes entries.
    #[schema(nullable = false)]
    reminders_until: Option<NaiveDate>,
    /// What the counselor asks of the participants; they read it.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    instructions: Option<String>,
    /// The breach it is about; it decides which partner writes which kind of entry. The partners don't see it.
    #[schema(nullable = false)]
    breach_id: Option<BreachId>,
    /// Who may read new entries where their kind starts at least as open.
    #[schema(nullable = false)]
    visibility: Option<VisibilityWord>,
    /// The first day on which the other partner may read new entries, if they are embargoed.
    #[schema(nullable = false)]
    embargoed_until: Option<NaiveDate>,
    /// The one partner who is to answer, in separate mode; both if absent.
    #[schema(nullable = false)]
    partner_id: Option<PartnerId>,
    /// Why it goes out although something stands against it.
    #[serde(default)]
    #[validate(nested)]
    overrides: OverridesRequest,
}

impl AssignExercise {
    fn draft(self) -> Result<AssignmentDraft, Problem> {
        check_named(self.exercise, self.own_exercise_id, "/own_exercise_id")?;
        Ok(AssignmentDraft {
            exercise: self.exercise,
            own: self.own_exercise_id,
            mode: self.mode,
            cadence: self.cadence.map(Cadence::from),
            starts_on: self.starts_on,
            due_on: self.due_on,
            reminders_until: self.reminders_until,
            instructions: self.instructions.map(Confidential::new),
            breach: self.breach_id,
            visibility: visibility_if_said(self.visibility, self.embargoed_until)?,
            participants: self.partner_id.map_or(Participants::Both, Participants::One),
            overrides: self.overrides.into(),
        })
    }
}

/// What of an assignment is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAssignment {
    /// The day by which it is to be done; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    due_on: Option<Option<NaiveDate>>,
    /// The last day on which it reminds; null removes it, so that it reminds as long as it is open.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    reminders_until: Option<Option<NaiveDate>>,
    /// What the counselor asks of the participants; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    instructions: Option<Option<Confidential>>,
}

fn shown(view: &mut View<'_>, assignment: Assignment, couple: &Couple) -> Result<AssignmentView, Problem> {
    let breach = assignment.breach.map(|id| breaches::find(view, id)).transpose()?;
    let safety = safety::list(view, couple.id)?;
    let seen =
        Seen { couple, reader: couples::reader(view, couple)?, safety: &safety, today: couple.today(view.now()) };
    Ok(AssignmentView::of(assignment, breach.as_ref(), seen))
}

/// Give an exercise to a couple
///
/// It goes out once both partners have acknowledged a confidentiality policy, joint work once both are clear in safety, and each of the
/// ten once its `prerequisites` have begun: an assignment of each that was not cancelled starts on the same day or earlier. A counselor
/// may go ahead before that with a reason. Joint work, and the transparency exercise in any mode, is held again for as long
/// as one of them is not clear: see `PUT /v1/assignments/{assignment_id}/safety-override`.
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = AssignExercise,
    responses((status = 201, description = "The assignment", body = AssignmentView)))]
#[post("/v1/couples/{couple_id}/assignments")]
async fn assign_exercise(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<AssignExercise>,
) -> Result<Created<AssignmentView>, Problem> {
    app.create(&caller, Action::AssignExercises, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let assignment = assign(tx, &couple, wanted.draft()?)?;
        shown(tx, assignment, &couple)
    })
    .await
}

/// Gives an exercise to a couple, as far as policy, safety and order go.
pub(crate) fn assign(tx: &mut Tx<'_>, couple: &Couple, draft: AssignmentDraft) -> Result<Assignment, Problem> {
    let by = pen::staff(tx)?;
    Ok(give(tx, couple, draft, &[], by)??)
}

/// Gives an exercise to a couple in the name of a staff member. What was passed over counts as begun in the default order. What the rule
/// says against it is the caller's to judge.
pub(crate) fn give(
    tx: &mut Tx<'_>,
    couple: &Couple,
    draft: AssignmentDraft,
    passed_over: &[Begun],
    by: StaffId,
) -> Result<Result<Assignment, AssignError>, Problem> {
    let breach = draft.breach.map(|id| breach_of(tx, couple, id)).transpose()?;
    let own = find_named(tx, draft.own.map(|id| ("/own_exercise_id".to_owned(), id)))?;
    let policies = policies::list(tx, couple.id)?;
    let policy = policy::in_force(&policies, couple.today(tx.now()));
    let gate = gate(couple.current_partners(), &safety::list(tx, couple.id)?);
    let mut before = assignments::begun(tx, couple.id, prerequisites(draft.exercise))?;
    before.extend(passed_over);
    let (breach, own) = (breach.as_ref(), own.first());
    let context = AssignmentContext { couple, policy, gate, breach, own, before: &before, by };
    let assignment = match Assignment::new(tx.new_id(), context, draft, tx.now()) {
        Ok(assignment) => assignment,
        Err(refused) => return Ok(Err(refused)),
    };
    assignments::insert(tx, &assignment)?;
    let overrides = [&assignment.policy_override, &assignment.safety_override, &assignment.order_override];
    let reasons: Vec<_> = overrides.into_iter().flatten().map(|given| given.reason.expose()).collect();
    let reason = (!reasons.is_empty()).then(|| reasons.join("\n"));
    tx.record(Event::new("assignment.given", assignment.id).of_couple(couple.id).because(reason.as_deref()));
    Ok(Ok(assignment))
}

/// The breach that is named in a body, if it is one of this couple's.
pub(super) fn breach_of(tx: &mut Tx<'_>, couple: &Couple, id: BreachId) -> Result<Breach, Problem> {
    let unknown = || Problem::unknown("/breach_id", "is no breach of this couple");
    let of_couple = |breach: Breach| if breach.couple == couple.id { Ok(breach) } else { Err(StoreError::NotFound) };
    named(breaches::find(tx, id).and_then(of_couple), unknown)
}

/// List what was assigned to a couple
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters),
    responses((status = 200, description = "Assignments, in the order in which they were given", body = Paged<AssignmentView>)))]
#[get("/v1/couples/{couple_id}/assignments")]
async fn list_assignments(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing,
) -> Result<Paged<AssignmentView>, Problem> {
    app.read_audited(&caller, Action::ReadAssignments, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (safety, reader) = (safety::list(tx, couple.id)?, couples::reader(tx, &couple)?);
        let seen = Seen { couple: &couple, reader, safety: &safety, today: couple.today(tx.now()) };
        let slice = assignments::list(tx, &couple, list.page)?;
        let linked: Vec<_> = slice.items.iter().filter_map(|assignment| assignment.breach).collect();
        let breaches = breaches::find_all(tx, &couple, &linked)?;
        let breach_of = |id| breaches.iter().find(|breach| Some(breach.id) == id);
        tx.record(Event::new("assignments.read", couple.id).of_couple(couple.id));
        let place = |assignment: &Assignment| (assignment.assigned_at, assignment.id.0);
        Ok(Paged::of(slice, place, |assignment| {
            let breach = breach_of(assignment.breach);
            AssignmentView::of(assignment, breach, seen)
        }))
    })
    .await
}

/// Show an assignment
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment")),
    responses((status = 200, description = "The assignment", body = AssignmentView)))]
#[get("/v1/assignments/{assignment_id}")]
async fn show_assignment(
    app: Data<App>,
    caller: Asker,
    id: Path<AssignmentId>,
) -> Result<Found<AssignmentView>, Problem> {
    app.read_audited(&caller, Action::ReadAssignments, move |tx| {
        let (assignment, couple) = assignments::find(tx, *id)?;
        tx.record(Event::new("assignment.read", assignment.id).of_couple(couple.id));
        shown(tx, assignment, &couple)
    })
    .await
    .map(Found)
}

/// Change an assignment's due day, last day of reminders or instructions
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment"), IfMatch), request_body = ChangeAssignment,
    responses((status = 200, description = "The assignment as it is now", body = AssignmentView)))]
#[patch("/v1/assignments/{assignment_id}")]
async fn change_assignment(
    app: Data<App>,
    caller: Asker,
    id: Path<AssignmentId>,
    expected: IfMatch,
    patch: Patch<ChangeAssignment>,
) -> Result<Found<AssignmentView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut assignment, couple) = assignments::find(tx, *id)?;
        expected.check(assignment.version)?;
        let ChangeAssignment { due_on, reminders_until, instructions } = patch.into_inner();
        let change = AssignmentChange { due_on, reminders_until, instructions };
        assignment.change(&couple, change, tx.now())?;
        keep(tx, assignment, &couple, "assignment.changed")
    })
    .await
    .map(Found)
}

fn keep(
    tx: &mut Tx<'_>,
    assignment: Assignment,
    couple: &Couple,
    action: &'static str,
) -> Result<AssignmentView, Problem> {
    assignments::update(tx, &assignment)?;
    tx.record(Event::new(action, assignment.id).of_couple(couple.id));
    shown(tx, assignment, couple)
}

/// How an assignment ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndAssignment {
    /// Whether it is done or taken back. What was recorded stays.
    how: Ending,
}

/// End an assignment
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment"), IfMatch), request_body = EndAssignment,
    responses((status = 200, description = "The assignment as it is now", body = AssignmentView)))]
#[put("/v1/assignments/{assignment_id}/ending")]
async fn end_assignment(
    app: Data<App>,
    caller: Asker,
    id: Path<AssignmentId>,
    expected: IfMatch,
    body: Body<EndAssignment>,
) -> Result<Found<AssignmentView>, Problem> {
    app.write(&caller, Action::AssignExercises, move |tx| {
        let (mut assignment, couple) = assignments::find(tx, *id)?;
        expected.check(assignment.version)?;
        end(tx, &mut assignment, &couple, body.how)?;
        shown(tx, assignment, &couple)
    })
    .await
    .map(Found)
}

/// Ends an assignment. If it came of a program, what comes after it in the program goes out if it is done.
pub(crate) fn end(tx: &mut Tx<'_>, assignment: &mut Assignment, couple: &Couple, how: Ending) -> Result<(), Problem> {
    close(tx, assignment, couple, how)?;
    program_runs::follow(tx, assignment.id)
}

/// Ends an assignment, and leaves the program that it came of to the caller.
pub(super) fn close(tx: &mut Tx<'_>, assignment: &mut Assignment, couple: &Couple, how: Ending) -> Result<(), Problem> {
    assignment.end(how, pen::staff(tx)?, tx.now())?;
    assignments::update(tx, assignment)?;
    tx.record(Event::new("assignment.ended", assignment.id).of_couple(couple.id));
    Ok(())
}

/// Where a participant says they stand.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeStanding {
    /// `opened`, `in_progress`, `not_ready` or `skipped`; the others follow from entries and reviews.
    status: StandingStatus,
}

/// Say where a participant stands
///
/// "Not ready" is a full answer and can be taken back. Partners say it for themselves, counselors on their behalf. It needs no
/// `If-Match`: nobody else says it, and saying it twice changes nothing.
#[utoipa::path(tag = "assignments", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment"), ("partner_id" = PartnerId, Path, description = "The participant")),
    request_body = ChangeStanding, responses((status = 200, description = "The assignment as it is now", body = AssignmentView)))]
#[put("/v1/assignments/{assignment_id}/standings/{partner_id}")]
async fn change_standing(
    app: Data<App>,
    caller: Asker,
    ids: Path<(AssignmentId, PartnerId)>,
    body: Body<ChangeStanding>,
) -> Result<Found<AssignmentView>, Problem> {
    app.write(&caller, Action::WorkOnAssignments, move |tx| {
        let (assignment_id, partner) = *ids;
        let (mut assignment, couple) = assignments::find(tx, assignment_id)?;
        check_goes_on(tx, &assignment, &couple)?;
        let recorded_by = pen::recorded_by(tx, &couple)?;
        assignment.change_standing(partner, body.status, recorded_by, &couple, tx.now())?;
        keep(tx, assignment, &couple, "assignment.standing_changed")
    })
    .await
    .map(Found)
}

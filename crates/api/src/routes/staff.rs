//! The people who work in a practice.

use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Role},
    confidential::Confidential,
    email::EmailAddress,
    ids::StaffId,
    staff::{StaffChange, StaffDraft, StaffError, StaffMember},
};
use serde::{Deserialize, Serialize};
use store::{Tx, audit::Event, staff};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, nullable},
    problem::{Problem, named},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(add_staff).service(list_staff).service(show_staff).service(change_staff).service(end_staff);
}

/// A user of the practice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StaffMember)]
struct StaffView {
    /// Who.
    id: StaffId,
    /// What they are to the practice.
    role: Role,
    /// What they are called.
    #[schema(value_type = String, max_length = 200)]
    name: Confidential,
    /// How they sign in and where messages go.
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: EmailAddress,
    /// Who reads and co-signs their notes.
    #[schema(required = true)]
    supervisor_id: Option<StaffId>,
    /// When their access ended; null while they work here.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// When they joined.
    created_at: DateTime<Utc>,
    /// Counts the changes.
    version: i64,
}

impl From<StaffMember> for StaffView {
    fn from(member: StaffMember) -> Self {
        let StaffMember { id, role, name, email, supervisor, ended_at, created_at, version } = member;
        Self { id, role, name, email, supervisor_id: supervisor, ended_at, created_at, version }
    }
}

impl Resource for StaffView {
    fn path(&self) -> String {
        format!("/v1/staff/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Who joins.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddStaff {
    /// What they are to the practice.
    role: Role,
    /// What they are called.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Confidential,
    /// How they sign in; nobody else of the practice signs in with it.
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: EmailAddress,
}

/// What is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeStaff {
    /// What they are to the practice. It holds from the next request on.
    #[schema(nullable = false)]
    role: Option<Role>,
    /// What they are called.
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 200)]
    name: Option<Confidential>,
    /// How they sign in.
    #[schema(value_type = Option<String>, nullable = false, format = Email, max_length = 254)]
    email: Option<EmailAddress>,
    /// Who reads and co-signs their notes; null for nobody.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<StaffId>)]
    supervisor_id: Option<Option<StaffId>>,
}

/// Add a staff member
///
/// They can sign in after they have accepted an invitation.
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(IdempotencyKey), request_body = AddStaff,
    responses((status = 201, description = "The staff member", body = StaffView)))]
#[post("/v1/staff")]
async fn add_staff(app: Data<App>, caller: Asker, new: New<AddStaff>) -> Result<Created<StaffView>, Problem> {
    app.create(&caller, Action::ManageStaff, new, |tx, AddStaff { role, name, email }| {
        let member = StaffMember::new(tx.new_id(), StaffDraft { role, name, email }, tx.now())?;
        staff::insert(tx, &member)?;
        tx.record(Event::new("staff.added", member.id));
        Ok(member.into())
    })
    .await
}

/// List the staff
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(PageParameters),
    responses((status = 200, description = "The staff, in the order they came, those who left included", body = Paged<StaffView>)))]
#[get("/v1/staff")]
async fn list_staff(app: Data<App>, caller: Asker, list: Listing) -> Result<Paged<StaffView>, Problem> {
    let page = list.page;
    let found = app.read(&caller, Action::ReadStaff, move |view| Ok(staff::list(view, page)?)).await?;
    let place = |member: &StaffMember| (member.created_at, member.id.0);
    Ok(Paged::of(found, place, StaffView::from))
}

/// Show a staff member
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(("staff_id" = StaffId, Path, description = "The staff member")),
    responses((status = 200, description = "The staff member", body = StaffView)))]
#[get("/v1/staff/{staff_id}")]
async fn show_staff(app: Data<App>, caller: Asker, id: Path<StaffId>) -> Result<Found<StaffView>, Problem> {
    app.read(&caller, Action::ReadStaff, move |view| Ok(Found(staff::find(view, *id)?.into()))).await
}

/// Change a staff member
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(("staff_id" = StaffId, Path, description = "The staff member"), IfMatch),
    request_body = ChangeStaff, responses((status = 200, description = "The staff member, changed", body = StaffView)))]
#[patch("/v1/staff/{staff_id}")]
async fn change_staff(
    app: Data<App>,
    caller: Asker,
    id: Path<StaffId>,
    expected: IfMatch,
    patch: Patch<ChangeStaff>,
) -> Result<Found<StaffView>, Problem> {
    app.write(&caller, Action::ManageStaff, move |tx| {
        let mut member = staff::find(tx, *id)?;
        expected.check(member.version)?;
        change(tx, &mut member, patch.into_inner())?;
        staff::update(tx, &member)?;
        tx.record(Event::new("staff.changed", member.id));
        Ok(Found(member.into()))
    })
    .await
}

fn change(tx: &mut Tx<'_>, member: &mut StaffMember, wanted: ChangeStaff) -> Result<(), Problem> {
    let ChangeStaff { role, name, email, supervisor_id } = wanted;
    let other_owners = staff::count_other_owners(tx, member.id)?;
    member.change(StaffChange { role, name, email }, other_owners)?;
    if let Some(supervisor) = supervisor_id {
        let supervisor = supervisor.map(|id| staff::find(tx, id)).transpose();
        let supervisor = named(supervisor, || StaffError::NotASupervisor.into())?;
        member.supervise(supervisor.as_ref())?;
    }
    Ok(())
}

/// End someone's access
///
/// They are signed out everywhere at once, and can't sign in again. What they wrote stays theirs.
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(("staff_id" = StaffId, Path, description = "The staff member"), IfMatch),
    responses((status = 200, description = "The former staff member", body = StaffView), (status = 422, description = "The last owner, or they left before", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE)))]
#[post("/v1/staff/{staff_id}/end")]
async fn end_staff(
    app: Data<App>,
    caller: Asker,
    id: Path<StaffId>,
    expected: IfMatch,
) -> Result<Found<StaffView>, Problem> {
    app.write(&caller, Action::ManageStaff, move |tx| {
        let mut member = staff::find(tx, *id)?;
        expected.check(member.version)?;
        member.end(staff::count_other_owners(tx, member.id)?, tx.now())?;
        staff::update(tx, &member)?;
        tx.record(Event::new("staff.ended", member.id));
        Ok(Found(member.into()))
    })
    .await
}

//! Breaches: the events that broke the trust. For counselors only.

use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    breach::{Breach, BreachDraft, BreachKind, BreachRole, CameToLight, RoleInBreach},
    confidential::Confidential,
    ids::{BreachId, CoupleId, PartnerId},
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, breaches, couples};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(record_breach).service(list_breaches).service(show_breach).service(change_breach);
}

/// An event that broke the trust, as the counselor learned of it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordBreach {
    /// What kind of event it was.
    kind: BreachKind,
    /// The day it happened or began, if known.
    #[schema(nullable = false)]
    happened_on: Option<NaiveDate>,
    /// How it came to light.
    came_to_light: CameToLight,
    /// The day it came to light, if known.
    #[schema(nullable = false)]
    came_to_light_on: Option<NaiveDate>,
    /// Whether it goes on.
    #[serde(default)]
    ongoing: bool,
    /// What happened, for the counselors.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    description: Option<String>,
    /// What each partner was in it.
    #[serde(default)]
    #[validate(length(max = 10))]
    #[schema(max_items = 10)]
    roles: Vec<PartnerRole>,
}

/// What a partner was in a breach.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PartnerRole {
    /// Which partner.
    partner_id: PartnerId,
    /// What they were in it.
    role: BreachRole,
}

impl From<RecordBreach> for BreachDraft {
    fn from(wanted: RecordBreach) -> Self {
        let role = |PartnerRole { partner_id, role }: PartnerRole| RoleInBreach { partner: partner_id, role };
        Self {
            kind: wanted.kind,
            happened_on: wanted.happened_on,
            came_to_light: wanted.came_to_light,
            came_to_light_on: wanted.came_to_light_on,
            ongoing: wanted.ongoing,
            description: wanted.description.map(Confidential::new),
            roles: wanted.roles.into_iter().map(role).collect(),
        }
    }
}

/// An event that broke the trust.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Breach)]
struct BreachView {
    /// Its id.
    id: BreachId,
    /// The couple.
    couple_id: CoupleId,
    /// What kind of event it was.
    kind: BreachKind,
    /// The day it happened or began.
    #[schema(required = true)]
    happened_on: Option<NaiveDate>,
    /// How it came to light.
    came_to_light: CameToLight,
    /// The day it came to light.
    #[schema(required = true)]
    came_to_light_on: Option<NaiveDate>,
    /// Whether it goes on.
    ongoing: bool,
    /// What happened.
    #[schema(required = true, max_length = 10_000)]
    description: Option<String>,
    /// What each partner was in it.
    #[schema(max_items = 10)]
    roles: Vec<PartnerRole>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Breach> for BreachView {
    fn from(breach: Breach) -> Self {
        let role = |RoleInBreach { partner, role }: RoleInBreach| PartnerRole { partner_id: partner, role };
        Self {
            id: breach.id,
            couple_id: breach.couple,
            kind: breach.kind,
            happened_on: breach.happened_on,
            came_to_light: breach.came_to_light,
            came_to_light_on: breach.came_to_light_on,
            ongoing: breach.ongoing,
            description: breach.description.map(Confidential::into_exposed),
            roles: breach.roles.into_iter().map(role).collect(),
            version: breach.version,
        }
    }
}

impl Resource for BreachView {
    fn path(&self) -> String {
        format!("/v1/breaches/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Record a breach
#[utoipa::path(tag = "breaches", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = RecordBreach,
    responses((status = 201, description = "The breach", body = BreachView)))]
#[post("/v1/couples/{couple_id}/breaches")]
async fn record_breach(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<RecordBreach>,
) -> Result<Created<BreachView>, Problem> {
    app.create(&caller, Action::RecordBreaches, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let breach = Breach::new(tx.new_id(), &couple, wanted.into(), tx.now())?;
        breaches::insert(tx, &breach)?;
        tx.record(Event::new("breach.recorded", breach.id).of_couple(couple.id));
        Ok(breach.into())
    })
    .await
}

/// List a couple's breaches
#[utoipa::path(tag = "breaches", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters),
    responses((status = 200, description = "Breaches, in the order in which they were recorded", body = Paged<BreachView>)))]
#[get("/v1/couples/{couple_id}/breaches")]
async fn list_breaches(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing,
) -> Result<Paged<BreachView>, Problem> {
    app.read_audited(&caller, Action::ReadBreaches, move |tx| {
        couples::check_reach(tx, *couple_id)?;
        let slice = breaches::list(tx, *couple_id, list.page)?;
        tx.record(Event::new("breaches.read", *couple_id).of_couple(*couple_id));
        Ok(Paged::of(slice, |breach| (breach.created_at, breach.id.0), BreachView::from))
    })
    .await
}

/// Show a breach
#[utoipa::path(tag = "breaches", security(("bearer" = [])),
    params(("breach_id" = BreachId, Path, description = "The breach")),
    responses((status = 200, description = "The breach", body = BreachView)))]
#[get("/v1/breaches/{breach_id}")]
async fn show_breach(app: Data<App>, caller: Asker, id: Path<BreachId>) -> Result<Found<BreachView>, Problem> {
    app.read_audited(&caller, Action::ReadBreaches, move |tx| {
        let breach = breaches::find(tx, *id)?;
        tx.record(Event::new("breach.read", breach.id).of_couple(breach.couple));
        Ok(breach.into())
    })
    .await
    .map(Found)
}

/// Replace what is recorded of a breach
#[utoipa::path(tag = "breaches", security(("bearer" = [])),
    params(("breach_id" = BreachId, Path, description = "The breach"), IfMatch), request_body = RecordBreach,
    responses((status = 200, description = "The breach as it is now", body = BreachView)))]
#[put("/v1/breaches/{breach_id}")]
async fn change_breach(
    app: Data<App>,
    caller: Asker,
    id: Path<BreachId>,
    expected: IfMatch,
    body: Body<RecordBreach>,
) -> Result<Found<BreachView>, Problem> {
    app.write(&caller, Action::RecordBreaches, move |tx| {
        let mut breach = breaches::find(tx, *id)?;
        expected.check(breach.version)?;
        let couple = couples::find(tx, breach.couple)?;
        breach.change(&couple, body.into_inner().into(), tx.now())?;
        breaches::update(tx, &breach)?;
        tx.record(Event::new("breach.changed", breach.id).of_couple(couple.id));
        Ok(breach.into())
    })
    .await
    .map(Found)
}

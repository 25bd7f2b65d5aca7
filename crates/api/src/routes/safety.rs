//! The safety of each partner. For counselors only; nothing here or elsewhere lets the other partner infer it.

use actix_web::{
    get, put,
    web::{Data, Json, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    ids::{CoupleId, PartnerId, StaffId},
    safety::{Safety, SafetyDraft, SafetyStatus},
};
use serde::{Deserialize, Serialize};
use store::{View, audit::Event, couples, safety};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Found, Resource},
    app::App,
    extract::{Asker, Body, IfMatch},
    pen,
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_safety).service(show_safety).service(screen_partner);
}

/// The outcome of a screening of one partner, alone.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScreenPartner {
    /// What it came to.
    status: SafetyStatus,
    /// The day of it; today if absent.
    #[schema(nullable = false)]
    screened_on: Option<NaiveDate>,
    /// What the counselor noted.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    note: Option<String>,
}

impl From<ScreenPartner> for SafetyDraft {
    fn from(wanted: ScreenPartner) -> Self {
        Self { status: wanted.status, screened_on: wanted.screened_on, note: wanted.note.map(Confidential::new) }
    }
}

/// How safe one partner is, as far as the counselors know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Safety)]
struct SafetyView {
    /// The couple.
    couple_id: CoupleId,
    /// Whose.
    partner_id: PartnerId,
    /// What the last screening came to.
    status: SafetyStatus,
    /// The day of the last screening.
    #[schema(required = true)]
    screened_on: Option<NaiveDate>,
    /// Who screened.
    #[schema(required = true)]
    screened_by: Option<StaffId>,
    /// What the counselor noted.
    #[schema(required = true, max_length = 10_000)]
    note: Option<String>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Safety> for SafetyView {
    fn from(known: Safety) -> Self {
        Self {
            couple_id: known.couple,
            partner_id: known.partner,
            status: known.status,
            screened_on: known.screened_on,
            screened_by: known.screened_by,
            note: known.note.map(Confidential::into_exposed),
            version: known.version,
        }
    }
}

impl Resource for SafetyView {
    fn path(&self) -> String {
        format!("/v1/couples/{}/partners/{}/safety", self.couple_id, self.partner_id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The safety of a couple's current partners.
#[derive(Debug, Serialize, ToSchema)]
struct SafetyOfPartners {
    /// One for each current partner.
    #[schema(max_items = 2)]
    items: Vec<SafetyView>,
}

/// What is known of a partner; who was never screened is known as that.
fn known(view: &mut View<'_>, couple: &Couple, partner: PartnerId) -> Result<Safety, Problem> {
    couple.partner(partner).ok_or_else(Problem::not_found)?;
    let known = safety::list(view, couple.id)?.into_iter().find(|known| known.partner == partner);
    Ok(known.unwrap_or_else(|| Safety::not_screened(couple.id, partner)))
}

/// Show how safe a couple's partners are
#[utoipa::path(tag = "safety", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple")),
    responses((status = 200, description = "One for each current partner", body = SafetyOfPartners)))]
#[get("/v1/couples/{couple_id}/safety")]
async fn list_safety(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
) -> Result<Json<SafetyOfPartners>, Problem> {
    app.read_audited(&caller, Action::ReadSafety, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        tx.record(Event::new("safety.read", couple.id).of_couple(couple.id));
        let partners = couple.current_partners();
        let items = partners.map(|partner| known(tx, &couple, partner.id).map(SafetyView::from));
        Ok(Json(SafetyOfPartners { items: items.collect::<Result<_, _>>()? }))
    })
    .await
}

/// Show how safe a partner is
#[utoipa::path(tag = "safety", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), ("partner_id" = PartnerId, Path, description = "The partner")),
    responses((status = 200, description = "What is known", body = SafetyView)))]
#[get("/v1/couples/{couple_id}/partners/{partner_id}/safety")]
async fn show_safety(
    app: Data<App>,
    caller: Asker,
    ids: Path<(CoupleId, PartnerId)>,
) -> Result<Found<SafetyView>, Problem> {
    app.read_audited(&caller, Action::ReadSafety, move |tx| {
        let (couple_id, partner_id) = *ids;
        let couple = couples::find(tx, couple_id)?;
        let known = known(tx, &couple, partner_id)?;
        tx.record(Event::new("safety.read", partner_id).of_couple(couple.id));
        Ok(known.into())
    })
    .await
    .map(Found)
}

/// Record the outcome of a screening
///
/// Each partner is screened alone. Joint work and the transparency exercise wait until both are clear. What was given already is held
/// from now on if this partner is not: to the partners it is paused. Promises go on being kept and answered.
#[utoipa::path(tag = "safety", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), ("partner_id" = PartnerId, Path, description = "The partner"), IfMatch),
    request_body = ScreenPartner, responses((status = 200, description = "What is known now", body = SafetyView)))]
#[put("/v1/couples/{couple_id}/partners/{partner_id}/safety")]
async fn screen_partner(
    app: Data<App>,
    caller: Asker,
    ids: Path<(CoupleId, PartnerId)>,
    expected: IfMatch,
    body: Body<ScreenPartner>,
) -> Result<Found<SafetyView>, Problem> {
    app.write(&caller, Action::ScreenSafety, move |tx| {
        let (couple_id, partner_id) = *ids;
        let couple = couples::find(tx, couple_id)?;
        let mut known = known(tx, &couple, partner_id)?;
        expected.check(known.version)?;
        known.screen(&couple, body.into_inner().into(), pen::staff(tx)?, tx.now())?;
        safety::keep(tx, &known)?;
        tx.record(Event::new("safety.screened", partner_id).of_couple(couple.id));
        Ok::<_, Problem>(known.into())
    })
    .await
    .map(Found)
}

//! Confidentiality policies: what a counselor may do with what one partner says alone.

use actix_web::{
    get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    ids::{ClientId, CoupleId, PartnerId, PolicyId, StaffId},
    policy::{Acknowledgement, ConfidentialityPolicy, PolicyDraft, PolicyKind},
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, couples, policies};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, New},
    pen::{self, Pen},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(set_policy).service(list_policies).service(acknowledge_policy);
}

/// A policy to put in force. It takes the place of the one before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPolicy {
    /// What the counselor may do with what one partner says alone.
    kind: PolicyKind,
    /// The first day on which it holds; today if absent.
    #[schema(nullable = false)]
    in_force_from: Option<NaiveDate>,
    /// Its wording, if the practice has one of its own.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    text: Option<String>,
}

impl From<SetPolicy> for PolicyDraft {
    fn from(wanted: SetPolicy) -> Self {
        Self { kind: wanted.kind, in_force_from: wanted.in_force_from, text: wanted.text.map(Confidential::new) }
    }
}

/// One version of a couple's confidentiality policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConfidentialityPolicy)]
struct PolicyView {
    /// Its id.
    id: PolicyId,
    /// The couple.
    couple_id: CoupleId,
    /// Its number within the couple, to a partner among those of their time: 1, 2, …; the highest that has begun is in force.
    #[schema(minimum = 1)]
    number: i32,
    /// What the counselor may do with what one partner says alone.
    kind: PolicyKind,
    /// The first day on which it holds.
    in_force_from: NaiveDate,
    /// Its wording.
    #[schema(required = true, max_length = 10_000)]
    text: Option<String>,
    /// Who has acknowledged it.
    #[schema(max_items = 100)]
    acknowledgements: Vec<AcknowledgementView>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// A partner's word that they know the policy and agree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Acknowledgement)]
struct AcknowledgementView {
    /// Whose.
    partner_id: PartnerId,
    /// When.
    at: DateTime<Utc>,
    /// The staff member who recorded it on their behalf; null if they did so themselves.
    #[schema(required = true)]
    recorded_by_staff_id: Option<StaffId>,
}

impl From<Acknowledgement> for AcknowledgementView {
    fn from(given: Acknowledgement) -> Self {
        Self { partner_id: given.partner, at: given.at, recorded_by_staff_id: given.recorded_by.staff() }
    }
}

impl PolicyView {
    /// As the caller knows it: for a client without who acknowledged it before their time, and so the version counts without them.
    fn of(policy: ConfidentialityPolicy, couple: &Couple, client: Option<ClientId>) -> Self {
        let known = |given: &Acknowledgement| {
            couple.partner(given.partner).is_some_and(|member| couple.is_known_to(client, member))
        };
        let (shown, hidden): (Vec<_>, Vec<_>) = policy.acknowledgements.into_iter().partition(known);
        let uncounted = i64::try_from(hidden.len()).unwrap_or_default();
        Self {
            id: policy.id,
            couple_id: policy.couple,
            number: policy.number,
            kind: policy.kind,
            in_force_from: policy.in_force_from,
            text: policy.text.map(Confidential::into_exposed),
            acknowledgements: shown.into_iter().map(Into::into).collect(),
            version: policy.version - uncounted,
        }
    }
}

impl Resource for PolicyView {
    fn path(&self) -> String {
        format!("/v1/couples/{}/policies", self.couple_id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Put a confidentiality policy in force
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = SetPolicy,
    responses((status = 201, description = "The policy; both partners are to acknowledge it", body = PolicyView)))]
#[post("/v1/couples/{couple_id}/policies")]
async fn set_policy(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<SetPolicy>,
) -> Result<Created<PolicyView>, Problem> {
    app.create(&caller, Action::SetPolicies, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let known = policies::list(tx, couple.id)?;
        let policy = ConfidentialityPolicy::new(tx.new_id(), &couple, known.last(), wanted.into(), tx.now())?;
        policies::insert(tx, &policy)?;
        tx.record(Event::new("policy.set", policy.id).of_couple(couple.id));
        Ok(PolicyView::of(policy, &couple, tx.caller().client()))
    })
    .await
}

/// The versions of a couple's confidentiality policy that exist for the caller.
#[derive(Debug, Serialize, ToSchema)]
struct Policies {
    /// The versions, the first one first.
    #[schema(max_items = 1000)]
    items: Vec<PolicyView>,
}

/// List the versions of a couple's confidentiality policy
///
/// A partner sees those that were in force while they were one, that are still to come, or that they acknowledged.
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple")),
    responses((status = 200, description = "The versions, the first one first", body = Policies)))]
#[get("/v1/couples/{couple_id}/policies")]
async fn list_policies(app: Data<App>, caller: Asker, couple_id: Path<CoupleId>) -> Result<Json<Policies>, Problem> {
    app.read(&caller, Action::ReadPolicies, move |view| {
        let couple = couples::find(view, *couple_id)?;
        let (known, client) = (policies::list_known(view, &couple)?, view.caller().client());
        let items = known.into_iter().map(|policy| PolicyView::of(policy, &couple, client)).collect();
        Ok(Json(Policies { items }))
    })
    .await
}

/// Whose acknowledgement is recorded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acknowledge {
    /// The partner; needed from staff, who hold the signed paper. A partner acknowledges for themselves.
    #[schema(nullable = false)]
    partner_id: Option<PartnerId>,
}

/// Acknowledge a confidentiality policy
#[utoipa::path(tag = "policies", security(("bearer" = [])),
    params(("policy_id" = PolicyId, Path, description = "The policy"), IdempotencyKey), request_body = Acknowledge,
    responses((status = 201, description = "The policy with the acknowledgement", body = PolicyView)))]
#[post("/v1/policies/{policy_id}/acknowledgements")]
async fn acknowledge_policy(
    app: Data<App>,
    caller: Asker,
    id: Path<PolicyId>,
    new: New<Acknowledge>,
) -> Result<Created<PolicyView>, Problem> {
    app.create(&caller, Action::AcknowledgePolicies, new, move |tx, wanted| {
        let (mut policy, couple) = policies::find(tx, *id)?;
        let Pen { partner, recorded_by } = pen::of(tx, &couple, wanted.partner_id)?;
        policy.acknowledge(&couple, partner, recorded_by, tx.now())?;
        if let Some(given) = policy.acknowledgements.last() {
            policies::insert_acknowledgement(tx, &policy, given)?;
        }
        tx.record(Event::new("policy.acknowledged", policy.id).of_couple(couple.id));
        Ok(PolicyView::of(policy, &couple, tx.caller().client()))
    })
    .await
}

//! The audit trail: who did what.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    ids::{AuditEventId, CoupleId},
};
use serde::{Deserialize, Serialize};
use store::audit::{self, AuditEvent};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Paged, Query},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_audit_events);
}

/// Which part of the trail.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditFilter {
    /// How many items at most; more than 100 is taken as 100.
    #[param(minimum = 1, maximum = 100, default = 25, value_type = i32, required = false, nullable = false)]
    #[validate(range(min = 1))]
    limit: Option<i64>,
    /// Where to go on: the `next_cursor` of the page before.
    #[param(minimum = 1, value_type = i64, required = false, nullable = false)]
    #[validate(range(min = 1))]
    cursor: Option<i64>,
    /// Only what concerns this couple.
    #[param(value_type = Uuid, required = false, nullable = false)]
    couple_id: Option<CoupleId>,
}

/// Something that was done or read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
struct AuditEventView {
    /// Its place in the trail, from 1, without gaps.
    number: i64,
    /// Its id.
    id: AuditEventId,
    /// When.
    at: DateTime<Utc>,
    /// `staff`, `client` or `system`.
    #[schema(max_length = 20)]
    actor_kind: String,
    /// Who, unless it was Tenfold itself.
    #[schema(required = true)]
    actor_id: Option<Uuid>,
    /// Through which sign-in.
    #[schema(required = true)]
    sign_in_id: Option<Uuid>,
    /// In answer to which request.
    #[schema(required = true)]
    request_id: Option<Uuid>,
    /// What: `noun.verb`.
    #[schema(max_length = 100)]
    action: String,
    /// The id of that noun.
    subject_id: Uuid,
    /// Which couple it concerns.
    #[schema(required = true)]
    couple_id: Option<CoupleId>,
    /// Why a rule was overridden.
    #[schema(required = true, max_length = 10000)]
    reason: Option<String>,
    /// SHA-256 over the row and the hash before it, in base16.
    #[schema(max_length = 64)]
    hash: String,
}

impl From<AuditEvent> for AuditEventView {
    fn from(event: AuditEvent) -> Self {
        Self {
            number: event.number,
            id: event.id,
            at: event.at,
            actor_kind: event.actor_kind,
            actor_id: event.actor,
            sign_in_id: event.sign_in,
            request_id: event.request,
            action: event.action,
            subject_id: event.subject,
            couple_id: event.couple,
            reason: event.reason,
            hash: event.hash,
        }
    }
}

/// List what was done
///
/// Newest first.
#[utoipa::path(tag = "audit", security(("bearer" = [])), params(AuditFilter),
    responses((status = 200, description = "The trail, newest first", body = Paged<AuditEventView>)))]
#[get("/v1/audit-events")]
async fn list_audit_events(
    app: Data<App>,
    caller: Asker,
    query: Query<AuditFilter>,
) -> Result<Paged<AuditEventView>, Problem> {
    let Query(AuditFilter { limit, cursor, couple_id }) = query;
    let limit = limit.unwrap_or(25).min(100);
    let read = app.read(&caller, Action::ReadAudit, move |view| Ok(audit::list(view, couple_id, cursor, limit)?));
    let found = read.await?;
    let next_cursor = found.items.last().filter(|_| found.more).map(|event| event.number.to_string());
    Ok(Paged { items: found.items.into_iter().map(AuditEventView::from).collect(), next_cursor })
}

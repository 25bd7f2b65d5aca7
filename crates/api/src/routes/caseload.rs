//! The caseload: each couple at a glance.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    caseload::{Backlog, CaseSummary},
    confidential::Confidential,
    couple::CoupleStatus,
    ids::{CoupleId, PartnerId},
    safety::Gate,
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, caseload};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Listing, PageParameters, Paged},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_caseload);
}

/// A couple at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseSummary)]
struct CaseSummaryView {
    /// The couple.
    couple_id: CoupleId,
    /// Its short name; null if it has none.
    #[schema(required = true, max_length = 200)]
    label: Option<String>,
    /// Where the case stands.
    status: CoupleStatus,
    /// When the next session begins that is to come.
    #[schema(required = true)]
    next_session_at: Option<DateTime<Utc>>,
    /// When the last session began that was held.
    #[schema(required = true)]
    last_session_at: Option<DateTime<Utc>>,
    /// What waits for review.
    to_review: BacklogView,
    /// How much work is overdue; each assignment counts once for each partner who is late. What is paused or held is not, nor anything of a
    /// case that is paused.
    #[schema(value_type = i64, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    overdue: usize,
    /// How many assignments are held because a partner is not clear in safety.
    #[schema(value_type = i64, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    held: usize,
    /// How many steps of programs wait for a counselor: for their word, or because something holds them.
    #[schema(value_type = i64, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    waiting_steps: usize,
    /// How many flags stand.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    open_flags: i64,
    /// The current partners, and when each was last active.
    #[schema(max_items = 2)]
    partners: Vec<ActivePartner>,
    /// Whether every current partner has acknowledged the policy in force.
    policy_acknowledged: bool,
    /// Whether joint work may go ahead, as far as safety goes: every current partner is clear.
    safety_gate_open: bool,
}

/// Entries that wait for review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewBacklog)]
struct BacklogView {
    /// How many.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    count: i64,
    /// Since when the oldest of them waits; null if none does.
    #[schema(required = true)]
    oldest_at: Option<DateTime<Utc>>,
}

/// A current partner, and when they were last active.
#[derive(Debug, Serialize, ToSchema)]
struct ActivePartner {
    /// The partner.
    partner_id: PartnerId,
    /// The day on which they last submitted an entry, alone or with the other, in the couple's time zone; null if never.
    #[schema(required = true)]
    last_active_on: Option<NaiveDate>,
}

impl From<Backlog> for BacklogView {
    fn from(Backlog { count, oldest_at }: Backlog) -> Self {
        Self { count, oldest_at }
    }
}

impl From<CaseSummary> for CaseSummaryView {
    fn from(summary: CaseSummary) -> Self {
        let partner = |(partner_id, last_active_on)| ActivePartner { partner_id, last_active_on };
        Self {
            couple_id: summary.couple.id,
            label: summary.couple.label.map(Confidential::into_exposed),
            status: summary.couple.status,
            next_session_at: summary.next_session_at,
            last_session_at: summary.last_session_at,
            to_review: summary.to_review.into(),
            overdue: summary.overdue,
            held: summary.held,
            waiting_steps: summary.waiting_steps,
            open_flags: summary.open_flags,
            partners: summary.last_activity.into_iter().map(partner).collect(),
            policy_acknowledged: summary.policy_acknowledged,
            safety_gate_open: summary.gate == Gate::Open,
        }
    }
}

/// Which couples are listed.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CaseloadFilter {
    /// Only cases that stand there.
    #[param(nullable = false, required = false)]
    status: Option<CoupleStatus>,
}

/// List the caseload, each couple at a glance
///
/// The couples within your reach, in the order in which they came: a counselor's own, a supervisor's those of the counselors they
/// supervise.
#[utoipa::path(tag = "caseload", security(("bearer" = [])), params(PageParameters, CaseloadFilter),
    responses((status = 200, description = "Couples, each at a glance", body = Paged<CaseSummaryView>)))]
#[get("/v1/caseload")]
async fn list_caseload(
    app: Data<App>,
    caller: Asker,
    list: Listing<CaseloadFilter>,
) -> Result<Paged<CaseSummaryView>, Problem> {
    app.read_audited(&caller, Action::ReadCaseload, move |tx| {
        let slice = caseload::list(tx, list.filter.status, list.page)?;
        for CaseSummary { couple, .. } in &slice.items {
            tx.record(Event::new("caseload.read", couple.id).of_couple(couple.id));
        }
        let place = |summary: &CaseSummary| (summary.couple.created_at, summary.couple.id.0);
        Ok(Paged::of(slice, place, CaseSummaryView::from))
    })
    .await
}

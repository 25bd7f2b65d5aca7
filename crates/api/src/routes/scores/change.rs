//! Whether a couple's partners changed beyond chance, by one instrument. For clinical staff.

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    ids::{CoupleId, PartnerId, ScoreId},
    instrument::{CoupleChange, Verdict},
    score::{PartnerChange, Score, Withheld, changes},
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, couples, instruments, scores};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Query},
    problem::{Problem, named},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_reliable_change);
}

/// By which instrument.
#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The instrument, by its slug.
    #[validate(length(min = 1, max = 60))]
    #[param(min_length = 1, max_length = 60)]
    instrument: String,
}

/// Whether the partners changed beyond chance, each for themselves, and how that goes together. Nothing is added up across them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReliableChange)]
struct ChangeView {
    /// The couple.
    couple_id: CoupleId,
    /// The instrument, by its slug.
    #[schema(max_length = 60)]
    instrument: String,
    /// Each current partner.
    #[schema(max_items = 2)]
    partners: Vec<PartnerChangeView>,
    /// How the two changes go together; null unless something can be said of both.
    #[schema(required = true)]
    couple: Option<CoupleChange>,
}

/// One of the two scores that are compared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedScore)]
struct ComparedView {
    /// The score.
    score_id: ScoreId,
    /// The day the questionnaire was filled in.
    taken_on: NaiveDate,
    /// What it came to.
    value: f64,
}

/// How one partner changed, from their first comparable score to their latest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnerChange)]
struct PartnerChangeView {
    /// Who.
    partner_id: PartnerId,
    /// The first score that can be compared with the latest; null if there is none.
    #[schema(required = true)]
    earlier: Option<ComparedView>,
    /// The latest score; null if there is none.
    #[schema(required = true)]
    later: Option<ComparedView>,
    /// The version of the instrument whose norms are taken: the one of the latest score.
    #[schema(value_type = Option<i32>, required = true, minimum = 1, maximum = 100)]
    instrument_version: Option<u16>,
    /// How many points better; negative if worse, whichever way of the score is the better one.
    #[schema(required = true)]
    improvement: Option<f64>,
    /// How many points are needed for more than chance.
    #[schema(required = true)]
    needed: Option<f64>,
    /// The reliable change index; null where the norms give points instead.
    #[schema(required = true)]
    index: Option<f64>,
    /// What the change is; null if it is withheld.
    #[schema(required = true)]
    verdict: Option<Verdict>,
    /// Why nothing is said; null if something is.
    #[schema(required = true)]
    withheld: Option<Withheld>,
}

impl From<Score> for ComparedView {
    fn from(Score { id, taken_on, value, .. }: Score) -> Self {
        Self { score_id: id, taken_on, value }
    }
}

impl From<PartnerChange> for PartnerChangeView {
    fn from(PartnerChange { partner, earlier, later, change }: PartnerChange) -> Self {
        let said = change.ok();
        Self {
            partner_id: partner,
            instrument_version: later.as_ref().map(|score| score.instrument_version),
            earlier: earlier.map(Into::into),
            later: later.map(Into::into),
            improvement: said.map(|change| change.improvement),
            needed: said.map(|change| change.needed),
            index: said.and_then(|change| change.index),
            verdict: said.map(|change| change.verdict),
            withheld: change.err(),
        }
    }
}

/// Show whether a couple changed beyond chance
///
/// For each partner the first comparable score is held against the latest (Jacobson & Truax 1991). `openapi/figures.md` says how each figure
/// is computed and when it is withheld.
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), Wanted),
    responses((status = 200, description = "What can be said of each, and of both", body = ChangeView)))]
#[get("/v1/couples/{couple_id}/reliable-change")]
async fn show_reliable_change(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Query<Wanted>,
) -> Result<Json<ChangeView>, Problem> {
    app.read_audited(&caller, Action::ReadReliableChange, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let instrument = named(instruments::find(tx, &wanted.0.instrument), unknown)?;
        let found = scores::list_of_instrument(tx, couple.id, &instrument.slug)?;
        tx.record(Event::new("reliable_change.read", couple.id).of_couple(couple.id));
        let (partners, together) = changes(&couple, &instrument, &found);
        let partners = partners.into_iter().map(Into::into).collect();
        Ok(Json(ChangeView { couple_id: couple.id, instrument: instrument.slug, partners, couple: together }))
    })
    .await
}

fn unknown() -> Problem {
    Problem::parameter("instrument", "unknown", "must be one of the instruments")
}

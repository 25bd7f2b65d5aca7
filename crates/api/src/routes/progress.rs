//! The progress of a couple: what was done and what changed, kept apart, and to each audience only what it may see.

mod chart;
mod shown;

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use chrono::NaiveDate;
use domain::{
    access::Action,
    couple::Couple,
    exercises::Slug,
    ids::{CoupleId, PartnerId},
    progress::{Audience, AudienceError, Interval, Span, Told, tell},
    visibility::Reader,
};
use serde::Deserialize;
use store::{Tx, audit::Event, couples};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Query, look_back},
    problem::{Code, Problem},
};
use shown::{AnswerView, Asked};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_progress).service(chart::show_progress_chart);
}

/// About whom progress is, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ProgressScope)]
#[serde(rename_all = "snake_case")]
enum Scope {
    /// About both partners, and made of what both may see: the same answer for whoever asks.
    Shared,
    /// About one partner: for themselves, or for a counselor.
    Separate,
    /// About each partner, one beside the other: for counselors and supervisors.
    SideBySide,
}

/// What progress is asked for.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `shared`: about both partners, made of what both may see, and the same for whoever asks. `separate`: about one partner.
    /// `side_by_side`: both separate views in one answer, and what lies between the two; not for partners.
    #[param(inline)]
    view: Scope,
    /// The partner that a separate view is about; needed from staff. Partners see their own.
    #[param(nullable = false, required = false)]
    partner_id: Option<PartnerId>,
    /// One exercise, or with `own` those of the practice's own; all if absent. The ledger of promises goes with `consistency`.
    #[param(nullable = false, required = false)]
    exercise: Option<Slug>,
    /// How long each point of a series is; a week if absent. Days are the couple's, weeks begin on Monday, months are the calendar's.
    #[param(nullable = false, required = false)]
    interval: Option<Interval>,
    /// The first day, in the couple's time zone; if absent, the one that makes twelve intervals with the last one.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// The last day, at most three years after the first; today if absent or later than that.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
}

impl Wanted {
    fn audience(self, couple: &Couple, reader: Reader) -> Result<Audience, Problem> {
        let own = match reader {
            Reader::Partner(own) => Some(own),
            Reader::Counselor(_) | Reader::Supervisor(_) => None,
        };
        match (self.view, self.partner_id.or(own)) {
            (Scope::Shared | Scope::SideBySide, _) if self.partner_id.is_some() => {
                Err(Problem::parameter("partner_id", "inconsistent", "only a separate view is about one partner"))
            }
            (Scope::Shared, _) => Ok(Audience::Both),
            (Scope::SideBySide, _) => Ok(Audience::side_by_side(reader)?),
            (Scope::Separate, None) => {
                Err(Problem::parameter("partner_id", "required", "names whom a separate view is about"))
            }
            (Scope::Separate, Some(about)) => Ok(Audience::one(couple, about, reader)?),
        }
    }

    /// What the caller is told of it. That is read, and so leaves its trace.
    fn told(self, tx: &mut Tx<'_>, couple: &Couple) -> Result<(Span, Told), Problem> {
        let audience = self.audience(couple, couples::reader(tx, couple)?)?;
        let interval = self.interval.unwrap_or(Interval::Week);
        let span = look_back(self.from, self.until, interval, couple.today(tx.now()))?;
        let record = store::progress::record(tx, couple, &audience.readers(couple, span.today), self.exercise, &span)?;
        tx.record(Event::new("progress.read", couple.id).of_couple(couple.id));
        Ok((span, tell(couple, audience, &record, &span)))
    }
}

impl From<AudienceError> for Problem {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::NotTheirs | AudienceError::NotForPartners => Self::new(Code::Forbidden, error.to_string()),
            AudienceError::NotAPartner => {
                Problem::parameter("partner_id", "unknown", "is not a partner of this couple")
            }
        }
    }
}

/// Show the progress of a couple
///
/// Activity is what was done, outcome what the partners say changed; the two are never added up, and there is no score. What is missing
/// is shown as missing, and a trend is withheld below four intervals with a value. What an audience may not see is not in its answer, not
/// as a count either: from the day of a separation on a shared view is empty. `openapi/figures.md` says of every figure what it means
/// and how it is computed.
#[utoipa::path(tag = "progress", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), Wanted),
    responses((status = 200, description = "What was done and what changed", body = AnswerView)))]
#[get("/v1/couples/{couple_id}/progress")]
async fn show_progress(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Query<Wanted>,
) -> Result<Json<AnswerView>, Problem> {
    app.read_audited(&caller, Action::ReadProgress, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (span, told) = wanted.0.told(tx, &couple)?;
        Ok(Json(AnswerView::of(Asked { couple_id: couple.id, span, exercise: wanted.0.exercise }, told)))
    })
    .await
}

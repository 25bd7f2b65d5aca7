//! The progress of a couple: what was done and what changed, kept apart, and to each audience only what it may see.

mod shown;

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use chrono::{Days, NaiveDate};
use domain::{
    access::Action,
    couple::Couple,
    ids::{CoupleId, PartnerId},
    progress::{Audience, AudienceError, progress, week_of},
    visibility::Reader,
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, couples};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Query},
    problem::{Code, Problem},
};
use shown::ProgressView;

/// The longest range, in days: three years.
const RANGE_DAYS: u64 = 3 * 366;

/// How many weeks are looked at if nothing else is asked for, the last one included.
const DEFAULT_WEEKS: u64 = 12;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_progress);
}

/// About whom progress is, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProgressScope)]
#[serde(rename_all = "snake_case")]
enum Scope {
    /// About both partners, and made of what both may see: the same answer for whoever asks.
    Shared,
    /// About one partner: for themselves, or for a counselor.
    Separate,
}

/// What progress is asked for.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `shared`: about both partners, made of what both may see, and the same for whoever asks. `separate`: about one partner.
    view: Scope,
    /// The partner that a separate view is about; needed from staff. Partners see their own.
    #[param(nullable = false, required = false)]
    partner_id: Option<PartnerId>,
    /// The first day, in the couple's time zone; if absent, the Monday that makes twelve weeks with the last one.
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
            (Scope::Shared, _) if self.partner_id.is_some() => {
                Err(Problem::parameter("partner_id", "inconsistent", "a shared view is about both partners"))
            }
            (Scope::Shared, _) => Ok(Audience::Both),
            (Scope::Separate, None) => {
                Err(Problem::parameter("partner_id", "required", "names whom a separate view is about"))
            }
            (Scope::Separate, Some(about)) => Ok(Audience::one(couple, about, reader)?),
        }
    }

    /// Progress looks back: its last day is today at the latest.
    fn range(self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Problem> {
        let until = self.until.map_or(today, |until| until.min(today));
        let monday = week_of(until).checked_sub_days(Days::new((DEFAULT_WEEKS - 1) * 7));
        let from = self.from.or(monday).unwrap_or(until);
        let too_long = from.checked_add_days(Days::new(RANGE_DAYS)).is_some_and(|last| last < until);
        if from > until || too_long {
            let words =
                "must be a day from three years before the last day to the last day, which is today at the latest";
            return Err(Problem::parameter("from", "range", words));
        }
        Ok((from, until))
    }
}

impl From<AudienceError> for Problem {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::NotTheirs => Self::new(Code::Forbidden, error.to_string()),
            AudienceError::NotAPartner => {
                Problem::parameter("partner_id", "unknown", "is not a partner of this couple")
            }
        }
    }
}

/// Show the progress of a couple
///
/// Activity is what was done, outcome what the partners say changed; the two are never added up, and there is no score. Missing weeks
/// are shown as missing, and a trend is withheld below four weeks with a value. What an audience may not see is not in its answer, not
/// as a count either.
#[utoipa::path(tag = "progress", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), Wanted),
    responses((status = 200, description = "What was done and what changed", body = ProgressView)))]
#[get("/v1/couples/{couple_id}/progress")]
async fn show_progress(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Query<Wanted>,
) -> Result<Json<ProgressView>, Problem> {
    app.read_audited(&caller, Action::ReadProgress, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let audience = wanted.0.audience(&couple, couples::reader(tx, &couple)?)?;
        let (from, until) = wanted.0.range(couple.today(tx.now()))?;
        let input = store::progress::gather(tx, &couple, audience, from, until)?;
        tx.record(Event::new("progress.read", couple.id).of_couple(couple.id));
        Ok(Json(ProgressView::of(couple.id, audience, progress(&input, from, until))))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: Option<&str>, until: Option<&str>) -> Result<(NaiveDate, NaiveDate), Code> {
        let wanted = Wanted { view: Scope::Shared, partner_id: None, from: from.map(day), until: until.map(day) };
        wanted.range(day("2026-03-05")).map_err(|problem| problem.code())
    }

    #[test]
    fn twelve_weeks_are_looked_back_at_unless_asked_otherwise() {
        assert_eq!(range(None, None), Ok((day("2025-12-15"), day("2026-03-05"))));
        assert_eq!(range(Some("2026-01-01"), Some("2030-01-01")), Ok((day("2026-01-01"), day("2026-03-05"))));
    }

    #[test]
    fn a_range_is_at_most_three_years_and_in_order() {
        assert_eq!(range(Some("2023-03-03"), None), Ok((day("2023-03-03"), day("2026-03-05"))));
        for (from, until) in [("2023-03-02", None), ("2026-03-06", None), ("2026-03-05", Some("2026-03-04"))] {
            assert_eq!(range(Some(from), until), Err(Code::MalformedParameter), "{from}");
        }
    }
}

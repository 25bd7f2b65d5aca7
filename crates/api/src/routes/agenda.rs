//! The agenda of a couple's next session, for the counselors.

mod view;

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    agenda::{Agenda, Company, agenda},
    couple::Couple,
    ids::{CoupleId, PartnerId, SessionId},
};
use serde::Deserialize;
use store::{Tx, audit::Event, couples};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use self::view::AgendaView;
use crate::{
    app::App,
    extract::{Asker, Query},
    problem::Problem,
    routes::sessions::session_of,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_agenda);
}

/// For which session an agenda is.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The session it is for; without one, and without `partner_id`, a joint session from now on.
    #[param(nullable = false, required = false)]
    session_id: Option<SessionId>,
    /// The partner who will be there alone; goes without `session_id`.
    #[param(nullable = false, required = false)]
    partner_id: Option<PartnerId>,
}

impl Wanted {
    /// Who will be in the room, and before which instant what was held counts as before.
    fn room(self, tx: &mut Tx<'_>, couple: &Couple) -> Result<(Company, DateTime<Utc>), Problem> {
        let now = tx.now();
        match (self.session_id, self.partner_id) {
            (Some(_), Some(_)) => Err(Problem::parameter(
                "partner_id",
                "inconsistent",
                "goes without session_id, which says who is there",
            )),
            (Some(id), None) => {
                let unknown = || Problem::parameter("session_id", "unknown", "is no session of this couple");
                let session = session_of(tx, couple.id, id, unknown)?;
                Ok((Company::from(session.kind), session.starts_at))
            }
            (None, Some(partner)) => {
                let unknown =
                    |_| Problem::parameter("partner_id", "unknown", "is not a current partner of this couple");
                couple.current_partner(partner).map(|partner| (Company::One(partner.id), now)).map_err(unknown)
            }
            (None, None) => Ok((Company::Both, now)),
        }
    }
}

/// Show the agenda of a couple's next session
///
/// What reviews flagged, what the partners want to bring up, what changed in their pulses, what is disputed, agreements to look at,
/// what is held for safety, steps of programs that wait for a counselor, what is overdue, what waits for review: each section the first
/// 20, and whether there are more. What the confidentiality policy lets no one bring up with the other is marked with the partner whose
/// confidence it is in a joint session, and is absent from the agenda of a session with the other alone.
#[utoipa::path(tag = "agenda", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), Wanted),
    responses((status = 200, description = "The agenda", body = AgendaView)))]
#[get("/v1/couples/{couple_id}/agenda")]
async fn show_agenda(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    wanted: Query<Wanted>,
) -> Result<Json<AgendaView>, Problem> {
    app.read_audited(&caller, Action::ReadAgenda, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (company, before) = wanted.0.room(tx, &couple)?;
        let found = store::agenda::gather(tx, &couple, company, before)?;
        let agenda = agenda(&couple, company, found, tx.now());
        trace(tx, couple.id, &agenda);
        Ok(Json(AgendaView::of(couple.id, company, agenda)))
    })
    .await
}

/// What was read: the agenda, and each entry and promise whose words are on it.
fn trace(tx: &mut Tx<'_>, couple: CoupleId, agenda: &Agenda) {
    tx.record(Event::new("agenda.read", couple).of_couple(couple));
    for item in &agenda.brought.items {
        tx.record(Event::new("entry.read", item.what.0.id).of_couple(couple));
    }
    for (promise, _) in &agenda.disputes.items {
        tx.record(Event::new("promise.read", promise.id).of_couple(couple));
    }
}

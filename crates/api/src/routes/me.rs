//! The one who is signed in.

use actix_web::{get, web::Json};
use domain::{access::Actor, ids::PracticeId, ids::SignInId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{extract::Asker, problem::Problem};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_me);
}

/// Who is signed in, and as what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
struct MeView {
    /// The practice signed in to.
    practice_id: PracticeId,
    /// The sign-in, to end it by.
    #[schema(required = true)]
    sign_in_id: Option<SignInId>,
    /// Staff or client.
    #[schema(value_type = String, example = "staff", max_length = 20)]
    kind: &'static str,
    /// The id of the staff member or client.
    #[schema(required = true)]
    id: Option<Uuid>,
    /// The role of a staff member.
    #[schema(value_type = Option<String>, required = true, example = "counselor", max_length = 20)]
    role: Option<&'static str>,
}

impl From<Asker> for MeView {
    fn from(Asker { caller, .. }: Asker) -> Self {
        let (kind, id, role) = match caller.actor {
            Actor::Staff { id, role } => ("staff", Some(id.0), Some(role.as_str())),
            Actor::Client(id) => ("client", Some(id.0), None),
            Actor::System => ("system", None, None),
        };
        Self { practice_id: caller.practice, sign_in_id: caller.sign_in, kind, id, role }
    }
}

/// Show who is signed in
#[utoipa::path(tag = "account", security(("bearer" = [])), responses((status = 200, description = "Who is signed in", body = MeView)))]
#[get("/v1/me")]
async fn show_me(caller: Asker) -> Result<Json<MeView>, Problem> {
    Ok(Json(caller.into()))
}

//! Whether the server runs, and whether it can work. Says nothing about versions.

use actix_web::{
    get,
    web::{Data, Json},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{app::App, problem::Problem};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(check_liveness).service(check_readiness);
}

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`; anything else is a problem.
    #[schema(value_type = String, example = "ok", max_length = 20)]
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// Check that the server runs
#[utoipa::path(tag = "server", security(()), responses((status = 200, description = "It runs", body = Health)))]
#[get("/health/live")]
async fn check_liveness() -> Json<Health> {
    OK
}

/// Check that the server can work
///
/// It can if the database answers.
#[utoipa::path(tag = "server", security(()), responses((status = 200, description = "It can work", body = Health)))]
#[get("/health/ready")]
async fn check_readiness(app: Data<App>) -> Result<Json<Health>, Problem> {
    if app.store.is_ready().await? { Ok(OK) } else { Err(Problem::unavailable("the schema is not up to date")) }
}

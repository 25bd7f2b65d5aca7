//! Every route, one line for each noun. The document is collected from the same lines.

mod documents;
mod health;
mod me;

pub(crate) use documents::docs;
use utoipa_actix_web::service_config::ServiceConfig;

/// All routes of the API.
pub(crate) fn all(config: &mut ServiceConfig<'_>) {
    me::routes(config);
    health::routes(config);
    documents::routes(config);
}
